"""How well the words of a question are met by a piece of a report, allowing for synonyms and abbreviations."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from retrieval.language.folding import HAN, bare
from retrieval.language.tokens import is_common
from retrieval.language.vocabulary import synonyms, weak_words
from retrieval.models import Report
from retrieval.ports import LibraryView

_SYNONYM, _ABBREVIATED, _PARTLY = 0.95, 0.85, 0.6
_WEAK_SHARE = 0.25


@lru_cache(maxsize=4096)
def _abbreviation(term: str) -> re.Pattern[str] | None:
    """A pattern for the long form of an abbreviation: its characters in order, few others between (违建: 违法建筑)."""
    if not 2 <= len(term) <= 4 or not re.fullmatch(rf"[{HAN}]+", term) or is_common(term):
        return None
    return re.compile(rf"[{HAN}]{{0,2}}".join(map(re.escape, term)))


@lru_cache(maxsize=65536)
def match(term: str, text: str) -> float:
    """How well ``text`` (:func:`bare`) meets ``term``: 1 word for word, less by a synonym, its long form, or parts of it."""
    if term in text:
        return 1.0 if _said(term, text) else 0.0
    if any(_stands_in(other, text) for other in synonyms(term)):
        return _SYNONYM
    pattern = _abbreviation(term)
    if pattern and pattern.search(text):
        return _ABBREVIATED
    pairs = [term[i : i + 2] for i in range(len(term) - 1)]
    if len(pairs) > 1:
        return _PARTLY * sum(pair in text for pair in pairs) / len(pairs)
    return 0.0


def _said(term: str, text: str) -> bool:
    """Whether ``term`` is in ``text`` without a word that turns it round: 非安全生产 is not 安全生产.

    No pattern: one for each word of each question would have to be compiled, which takes longer than the looking.
    """
    at = text.find(term)
    while at > 0 and text[at - 1] in "非不未无":
        at = text.find(term, at + 1)
    return at >= 0


def _stands_in(word: str, text: str) -> bool:
    """Whether ``word`` is in ``text``, and not as the beginning of 产值: 总产 is an output, 总产值 its worth."""
    return bool(re.search(rf"{re.escape(word)}(?!值)", text)) if word.endswith("产") else word in text


def word_weights(library: LibraryView, report: Report) -> Weights:
    """The weights of words among the passages of a report, kept until the library changes."""
    text = library.text(report.id)
    return library.kept_of(
        report.id, "weights", lambda: Weights(text[one.start : one.end] for one in library.passages(report.id))
    )


class Weights:
    """How telling each word is: rare ones among the given pieces of text weigh more (inverse document frequency)."""

    def __init__(self, pieces: Iterable[str]) -> None:
        self._pieces = [bare(piece) for piece in pieces]
        self._known: dict[str, float] = {}

    def of(self, term: str) -> float:
        """log(1 + N / (1 + n)), n of N pieces holding the term; a quarter for verbs and single characters."""
        if term not in self._known:
            holding = sum(term in piece for piece in self._pieces)
            weight = math.log(1 + len(self._pieces) / (1 + holding))
            self._known[term] = weight * _WEAK_SHARE if len(term) == 1 or term in weak_words() else weight
        return self._known[term]

    def coverage(self, terms: Sequence[str], text: str) -> float:
        """The weighted share of ``terms`` that ``text`` (:func:`bare`) meets, from 0 to 1; 1 when there are none."""
        if not terms:
            return 1.0
        total = sum(self.of(term) for term in terms)
        return sum(self.of(term) * match(term, text) for term in terms) / total if total else 1.0
