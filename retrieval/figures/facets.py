"""What the words around a number make of it, beside its measure: added or a total, on which basis, of what, against what.

Read once, with the figure. Positions are those of the sentence; ``folded`` is the sentence folded, of the same length.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Any

from retrieval.figures.times import is_mean
from retrieval.language.flow import ADDED_WORDS, TOTAL_WORDS
from retrieval.language.folding import HAN, squeeze
from retrieval.language.measures import traits_of
from retrieval.language.patterns import pattern
from retrieval.language.proper_names import things_named
from retrieval.language.values import Value
from retrieval.models import Basis, Flow, Measure

# 达, 突破 and the like say of a whole clause that it tells what it came to, but name no total themselves.
_TOTAL = pattern("figures.facet.total")
_ADDED = re.compile("|".join(ADDED_WORDS))
_FLOW_WORDS = re.compile("|".join((*ADDED_WORDS, *TOTAL_WORDS)))
_BASIS = pattern("figures.facet.basis")
_BOOKS = pattern("figures.facet.books")
_BOUNDARY = re.compile(r"[,;。:!?\n]")
_ITEM = re.compile(r"[,;。:!?、\n]")
_PHRASE = re.compile(r"[,;。]")
_WORD = re.compile(rf"[{HAN}]")
_WHOLE = pattern("figures.facet.whole")
_WHOLE_ENDS = pattern("figures.facet.whole_ends")
_COMPARES = pattern("figures.facet.compares")
_MULTIPLE_OF = pattern("figures.facet.multiple_of")
_SHARES = pattern("figures.facet.shares")
_LONGEST_LEAD = 24  # characters; a longer one says more than a value needs before it
_BY_ALL = pattern("figures.facet.by_all")
_SHARED_BY_ALL = pattern("figures.facet.shared_by_all")


class Facets:
    """The facets of the figures of one sentence that has any."""

    def __init__(self, sentence: str, folded: str) -> None:
        self._sentence = sentence
        self._folded = folded
        self._boundaries = [match.end() for match in _BOUNDARY.finditer(folded)]
        self._items = [match.end() for match in _ITEM.finditer(folded)]
        self._has_basis, self._has_mean = "口径" in folded, "年均" in folded
        self._books: tuple[str, Basis] = ("", "")  # whose books counted the last amount that said so, and what it is of
        self._named = things_named(folded)
        # The clauses whose value all that they list have.
        listing = re.split(r"[,;。:]", folded) if "、" in folded and _BY_ALL.search(folded) else []
        self._listing = [squeeze(clause) for clause in listing if _SHARED_BY_ALL.search(clause)]

    def of(self, value: Value, subject: str, measure: Measure, previous: int) -> dict[str, Any]:
        """The fields of a figure that are not empty, by name. ``previous`` is where the figure before ends."""
        clause = self._folded[_last(self._boundaries, value.start) : value.start]
        found: dict[str, Any] = {"flow": _flow(clause), "flow_words": self._flow_words(value, subject)}
        traits = traits_of(measure)
        if traits.lead:
            found["lead"], other_side = self._led_by(_SHARES, value) if traits.lead == "share" else self._comparison(value)
            found["compared_with"] = other_side if traits.compared else ""
        if traits.whole:
            found["whole"] = self._whole(value)
        if self._has_basis:
            found["basis"] = self._basis(previous, value.start, subject, measure)
        if self._has_mean:
            found["mean"] = is_mean(self._folded[: value.start])
        if self._listing:
            found["shared"] = any(squeeze(subject) in clause for clause in self._listing)
        if self._named:
            found["proper_names"] = " ".join(self._standing_for(value.end))
        return found

    def _flow_words(self, value: Value, subject: str) -> str:
        """The words of a figure's own item; of its subject, where several of a list are dealt out or the item has none."""
        own = self._folded[_last(self._items, value.start) : value.start]
        said = subject if "分别" in own or not _WORD.search(own) else own
        return " ".join(dict.fromkeys(_FLOW_WORDS.findall(said)))

    def _basis(self, previous: int, at: int, subject: str, measure: Measure) -> Basis:
        """On which basis a rate was computed, or whose books count an amount: 财政总收入(省口径); its rate is of the same."""
        said = re.split("[;。]", self._folded[previous:at])[-1]
        books = _BOOKS.findall(said)
        if books:
            self._books = (subject, books[-1])
            return self._books[1]
        found: list[Basis] = _BASIS.findall(said) if traits_of(measure).moves else []
        if found or self._books[0] != subject or measure == "level":
            return found[-1] if found else ""
        return self._books[1]

    def _whole(self, value: Value) -> str:
        """What a share is of, by the words before it: 全省, of 占全省比重达. Empty where that is what the sentence spoke of."""
        found = _WHOLE.search(self._folded, 0, value.start)
        return _WHOLE_ENDS.split(found["whole"], maxsplit=1)[0].strip() if found else ""

    def _comparison(self, value: Value) -> tuple[str, str]:
        """The words before a comparison or a multiple, and its other side."""
        if value.unit != "倍":
            return self._led_by(_COMPARES, value)
        found = _MULTIPLE_OF.search(self._folded, 0, value.start)
        return (self._sentence[found.start() : value.start], found["base"]) if found else ("", "")

    def _led_by(self, verbs: re.Pattern[str], value: Value) -> tuple[str, str]:
        """What stands from the last of ``verbs`` of a value's clause up to its first number, and the same without the verb."""
        start = max((match.end() for match in _PHRASE.finditer(self._folded, 0, value.start)), default=0)
        found = [*verbs.finditer(self._folded, start, value.start)]
        if not found:
            return "", ""
        lead = re.split(r"\d", self._sentence[found[-1].start() : value.start])[0].replace("分别", "")
        return lead if len(lead) <= _LONGEST_LEAD else "", lead[len(found[-1].group()) :]

    def _standing_for(self, end: int) -> list[str]:
        """The named things that a figure can be said of: of those before its ``end`` the last of each kind, and those after it."""
        last = {one.kind: one.name for one in self._named if one.end <= end}
        before = {one.name for one in self._named if one.end <= end}
        after = [one.name for one in self._named if one.end > end and one.name not in before]
        return list(dict.fromkeys([*last.values(), *after]))


def _last(marks: list[int], at: int) -> int:
    """Where the last of ``marks`` up to a place ends."""
    found = bisect_right(marks, at)
    return marks[found - 1] if found else 0


def _flow(clause: str) -> Flow:
    added, total = bool(_ADDED.search(clause)), bool(_TOTAL.search(clause))
    if added and total:
        return "either"
    return "added" if added else "total" if total else ""
