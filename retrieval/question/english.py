"""English words of questions, in Chinese."""

from __future__ import annotations

import re
from functools import lru_cache

from retrieval.language.data import tables_of

_POSSESSIVE = re.compile(r"(?<=[A-Za-z])['’]s(?![A-Za-z])")  # Shanghai's


@lru_cache(maxsize=1)
def _english() -> dict[str, dict[str, str]]:
    return tables_of("english.toml")


def with_chinese_names(question: str) -> str:
    """``question`` with the English names of places that pinyin does not give in Chinese."""
    question = _POSSESSIVE.sub(" ", question)
    for name, chinese in _english()["places"].items():
        question = re.sub(rf"(?<![a-z]){name}(?![a-z])", chinese, question, flags=re.I)
    return question


def with_chinese_words(question: str) -> str:
    """``question`` with the English words that questions use in Chinese."""
    for word, chinese in _english()["words"].items():
        question = re.sub(rf"(?<![A-Za-z]){word}s?(?![A-Za-z])", chinese, question, flags=re.I)
    return question
