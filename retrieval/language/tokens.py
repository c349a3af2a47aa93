"""Cutting Chinese text into tokens for the lexical index, the same way for reports and for questions.

The cutter is jieba's algorithm over jieba's dictionary, in Rust (``rjieba``): it is loaded in a seventh of the time and cuts
several times as fast (``python -m benchmarks lexical``). Where no wheel of it installs, jieba itself cuts; the two part some
runs of Latin letters and digits differently, so that each has dictionary versions of its own.
"""

from __future__ import annotations

import hashlib
import logging
import re
from functools import lru_cache
from typing import Any, Protocol

from retrieval.language.data import lines_of
from retrieval.language.folding import fold
from retrieval.language.indicators import indicators

_COMMON = 300  # 公园 2,000 times and more, 社零 and 违建 a few times at most
_TOKEN = re.compile(r"[%.+&-]*\w[\w%.+&-]*")


class Cutter(Protocol):
    """What cuts text: into words, or into words with the shorter words inside them."""

    name: str

    def words(self, text: str) -> list[str]: ...

    def search(self, text: str) -> list[str]: ...

    def frequency(self, word: str) -> int:
        """How often the dictionary has seen ``word``; 0 for what is no word of it."""


class RustCutter:
    """jieba in Rust, with ``terms`` as words of their own. Raises ImportError where ``rjieba`` is not installed."""

    name = "rjieba"

    def __init__(self, terms: tuple[str, ...]) -> None:
        import rjieba

        self._jieba: Any = rjieba  # the module is a cutter itself; another one would load the dictionary again
        for term in terms:
            self._jieba.add_word(term, None, None)
        self.words = self._jieba.cut
        self.search = self._jieba.cut_for_search

    def frequency(self, word: str) -> int:
        # Its suggestion for a word that it has is that word's frequency, rounded up.
        return self._jieba.suggest_freq(word) - 1 if self._jieba.has_word(word) else 0


class PythonCutter:
    """jieba itself, with ``terms`` as words of their own."""

    name = "jieba"

    def __init__(self, terms: tuple[str, ...]) -> None:
        import jieba

        jieba.setLogLevel(logging.WARNING)
        self._jieba: Any = jieba.Tokenizer()
        for term in terms:
            self._jieba.add_word(term)
        self.words = self._jieba.lcut
        self.search = self._jieba.lcut_for_search

    def frequency(self, word: str) -> int:
        return int(self._jieba.FREQ.get(word, 0))


@lru_cache(maxsize=1)
def user_terms() -> tuple[str, ...]:
    """The words of the genre that jieba's dictionary lacks or cuts up."""
    names = [alias for indicator in indicators().values() for alias in indicator.aliases if not alias.isascii()]
    return tuple(dict.fromkeys([*lines_of("terms.txt"), *names]))


@lru_cache(maxsize=1)
def _cutter() -> Cutter:
    try:
        return RustCutter(user_terms())
    except ImportError:
        return PythonCutter(user_terms())


@lru_cache(maxsize=1)
def dictionary_version() -> str:
    """A short hash of the cutter and the user dictionary: tokens cut with others don't match these."""
    return hashlib.sha256("\n".join((_cutter().name, *user_terms())).encode()).hexdigest()[:12]


def is_common(word: str) -> bool:
    """Whether jieba's dictionary has seen ``word`` so often that it is a word of its own and no abbreviation."""
    return _cutter().frequency(word) > _COMMON


def cut(text: str) -> list[str]:
    """The tokens of ``text`` in order, long words with the words inside them; without punctuation."""
    return [piece for piece in _cutter().search(fold(text).lower()) if _TOKEN.fullmatch(piece)]


def words(text: str) -> list[str]:
    """The words of ``text`` in order, none inside another; without punctuation."""
    return [piece for piece in _cutter().words(fold(text).lower()) if _TOKEN.fullmatch(piece)]
