"""Cutting Chinese text into tokens for the lexical index, the same way for reports and for questions."""

from __future__ import annotations

import hashlib
import logging
import re
from functools import lru_cache
from importlib import resources
from typing import Any

from retrieval.folding import fold
from retrieval.indicators import indicators

_COMMON = 300  # 公园 2,000 times and more, 社零 and 违建 a few times at most
_TOKEN = re.compile(r"[\w%.+&-]*\w[\w%.+&-]*")


@lru_cache(maxsize=1)
def _terms() -> tuple[str, ...]:
    lines = (resources.files("retrieval") / "lexicon" / "terms.txt").read_text(encoding="utf-8").splitlines()
    listed = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    names = [alias for indicator in indicators().values() for alias in indicator.aliases if not alias.isascii()]
    return tuple(dict.fromkeys([*listed, *names]))


def dictionary_version() -> str:
    """A short hash of the user dictionary: tokens cut with another one don't match these."""
    return hashlib.sha256("\n".join(_terms()).encode()).hexdigest()[:12]


@lru_cache(maxsize=1)
def _tokenizer() -> Any:
    import jieba

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    for term in _terms():
        tokenizer.add_word(term)
    return tokenizer


def is_common(word: str) -> bool:
    """Whether jieba's dictionary has seen ``word`` so often that it is a word of its own and no abbreviation."""
    return int(_tokenizer().FREQ.get(word, 0)) > _COMMON


def cut(text: str) -> list[str]:
    """The tokens of ``text`` in order, long words with the words inside them; without punctuation."""
    pieces = _tokenizer().lcut_for_search(fold(text).lower())
    return [piece for piece in pieces if _TOKEN.fullmatch(piece)]


def words(text: str) -> list[str]:
    """The words of ``text`` in order, none inside another; without punctuation."""
    return [piece for piece in _tokenizer().lcut(fold(text).lower()) if _TOKEN.fullmatch(piece)]
