"""Questions over several years of one place: how a figure went on, and whether a target was met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from retrieval.language.folding import chinese_number
from retrieval.language.patterns import pattern
from retrieval.question.asks import Ask, as_figure, read_asks

_RECENT = pattern("comparisons.course.recent")
_RANGE = pattern("comparisons.course.range")
_COURSE = pattern("comparisons.course.trend")
_AGAINST = pattern("comparisons.course.against")
_BY_HOW_MUCH = pattern("comparisons.course.by_how_much")
_TOGETHER = pattern("comparisons.course.together")
_OF_RATES = pattern("comparisons.course.of_rates")
_CHANGED = pattern("comparisons.course.changed")
_RESULT = pattern("comparisons.course.result")
_MET = pattern("comparisons.course.met")
_MET_WORDS = pattern("comparisons.course.met_words")


@dataclass(frozen=True)
class CourseOfAsks:
    """What is asked over years: the ``trend`` of figures, or whether targets were ``met``; ``asks`` are for which.

    ``first`` and ``last`` are years, ``count`` how many of the latest; all None for all that are there. ``together``
    asks for one figure over them all (五年累计), ``against`` how two years differ.
    """

    kind: Literal["trend", "met"]
    asks: tuple[Ask, ...]
    first: int | None = None
    last: int | None = None
    count: int | None = None
    together: bool = False
    against: bool = False


def _without_aim(asks: Sequence[Ask]) -> tuple[Ask, ...]:
    return tuple(replace(as_figure(ask), aim=None) for ask in asks if not ask.empty)


def read_course(text: str) -> CourseOfAsks | None:
    """What ``text`` (folded, without places) asks over years, or None."""
    if _MET.search(text):
        bare = _MET_WORDS.sub(" ", text)
        return CourseOfAsks("met", tuple(as_figure(ask) for ask in read_asks(bare) if not ask.empty))
    against = _AGAINST.search(text)
    if against:
        bare = _BY_HOW_MUCH.sub(" ", f"{text[: against.start()]}{against.group('between')} {text[against.end() :]}")
        asks = _without_aim(read_asks(bare))
        if not _OF_RATES.search(text):
            asks = tuple(replace(ask, measure="level") if ask.measure is None else ask for ask in asks)
        years = sorted((int(against.group("first")), int(against.group("last"))))
        return CourseOfAsks("trend", asks, years[0], years[1], against=True) if asks else None
    spoken_range, recent, course = _RANGE.search(text), _RECENT.search(text), _COURSE.search(text)
    if not (spoken_range or recent or course):
        return None
    bare = _CHANGED.sub(" ", _COURSE.sub(" ", _RECENT.sub(" ", _RANGE.sub(" ", text))))
    asks = tuple(as_figure(ask) for ask in read_asks(bare) if not ask.empty)
    if "目标" in text and _RESULT.search(text):
        asks = _without_aim(asks)
    if not asks or not all(ask.kind == "figure" for ask in asks):
        return None
    first, last = (int(spoken_range.group("first")), int(spoken_range.group("last"))) if spoken_range else (None, None)
    counted = recent.group("count") if recent and not spoken_range else None
    count = None if counted is None else int(counted) if counted.isdigit() else chinese_number(counted)
    return CourseOfAsks("trend", asks, first, last, count, bool(_TOGETHER.search(text)))
