"""Questions over several years of one place: how a figure went on, which year is the highest, and whether a target was met."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from retrieval.language.folding import chinese_number
from retrieval.language.patterns import pattern
from retrieval.question.aims import aim_of
from retrieval.question.asks import Ask, as_figure, read_asks
from retrieval.question.facts import facts_asked
from retrieval.question.query import ALL_YEARS, Point, Years
from retrieval.question.selections import NO_SELECTION, Selection, read_edge, read_selection
from retrieval.question.times import read_when

_RECENT = pattern("comparisons.years.recent")
_RANGE = pattern("comparisons.years.range")
_SINCE = pattern("comparisons.years.since")
_WHICH = pattern("comparisons.years.which")
_COURSE = pattern("comparisons.years.course")
_COMPARING = pattern("comparisons.years.comparing")
_AGAINST = pattern("comparisons.years.against")
_BY_HOW_MUCH = pattern("comparisons.years.by_how_much")
_TOGETHER = pattern("comparisons.years.together")
_OF_RATES = pattern("comparisons.years.of_rates")
_CHANGED = pattern("comparisons.years.changed")
_RESULT = pattern("comparisons.years.result")
_MET = pattern("comparisons.years.met")
_MET_WORDS = pattern("comparisons.years.met_words")


@dataclass(frozen=True)
class CourseOfAsks:
    """What is asked over years: the ``trend`` of figures, or whether targets were ``met``; ``asks`` are for which.

    Without ``asks`` it only goes on from the question before (哪一年最低, 完成了吗). The rest is as in
    :class:`retrieval.question.query.Course`.
    """

    kind: Literal["trend", "met"]
    asks: tuple[Ask, ...]
    years: Years = ALL_YEARS
    selection: Selection = NO_SELECTION
    together: bool = False
    against: tuple[Point, Point] | None = None
    changed: bool = False

    @property
    def whole(self) -> bool:
        """Whether it names what it asks for: the main targets, where a ``met`` names none."""
        return bool(self.asks) or self.kind == "met"


def read_course(text: str) -> CourseOfAsks | None:
    """What ``text`` (folded, without places) asks over years, or None."""
    if _MET.search(text):
        bare = _MET_WORDS.sub(" ", text)
        return CourseOfAsks("met", tuple(as_figure(ask) for ask in read_asks(bare) if not ask.empty))
    return _against(text) or _over_years(text)


def _over_years(text: str) -> CourseOfAsks | None:
    """A range of years, or which of them is asked for, with what is selected of them."""
    years, bare = _years(text)
    which = _WHICH.search(bare)
    if which and facts_asked(text):
        return None  # 这是哪一年的报告
    edge, bare = read_edge(_WHICH.sub(" 哪个", bare)) if which else (None, bare)
    selection, bare = read_selection(bare, bool(which))
    selection, bare = replace(selection, edge=edge), bare.replace("哪个", " ") if which else bare
    changed = years is not None and (years.first is not None or bool(years.named)) and _BY_HOW_MUCH.search(bare)
    if changed:
        selection, bare = NO_SELECTION, _BY_HOW_MUCH.sub(" ", bare)
    goes_on = _COURSE.search(bare)
    only_selects = bool(selection) and bool(which or selection.computed in ("average", "median", "sum"))
    if years is None and not goes_on and not only_selects:
        return None
    if years is not None and years.named and not (selection or changed or _COMPARING.search(text)):
        return None
    bare = _CHANGED.sub(" ", _COURSE.sub(" ", bare))
    asks = tuple(as_figure(ask) for ask in read_asks(bare) if not ask.empty)
    if "目标" in text and _RESULT.search(text):
        asks = _without_aim(asks)
    if not all(ask.kind == "figure" for ask in asks) or not (asks or only_selects or years is not None):
        return None
    if asks and years is None and not (which or goes_on):
        return None  # an average of places
    if _OF_RATES.search(text):
        asks = tuple(replace(ask, measure=ask.measure or "growth") for ask in asks)
    if changed and not any(ask.aim == "target" for ask in asks):
        asks = tuple(replace(ask, measure=ask.measure or "level") for ask in asks)
    together = bool(_TOGETHER.search(text)) and not (years and years.first)
    return CourseOfAsks("trend", asks, years or ALL_YEARS, selection, together, changed=bool(changed))


def _years(text: str) -> tuple[Years | None, str]:
    """The years that ``text`` ranges over, and ``text`` without them."""
    if spoken := _RANGE.search(text):
        first, last = sorted((int(spoken.group("first")), int(spoken.group("last"))))
        return Years(first, last), _cut(text, spoken)
    if since := _SINCE.search(text):
        return Years(int(since.group("first"))), _cut(text, since)
    if recent := _RECENT.search(text):
        counted = recent.group("count")
        count = None if counted is None else int(counted) if counted.isdigit() else chinese_number(counted)
        return Years(count=count), _cut(text, recent)
    named = read_when(text)[0].years
    if len(named) > 1:
        return Years(named=named), read_when(text)[1]
    return None, text


def _against(text: str) -> CourseOfAsks | None:
    """How two years differ (2024年粮食产量比2023年增加多少), or a target and a result (收入目标比已经完成的多多少)."""
    said = _AGAINST.search(text)
    if said is None:
        return None
    left, when, result = said.group("left"), said.group("when") or "", bool(said.group("result"))
    asked = f"{left} {_BY_HOW_MUCH.sub(' ', said.group('rest'))}"
    of_left = Point(read_when(left)[0], aim_of(asked)[0])
    of_right = Point(read_when(when)[0], "actual" if result else "target" if said.group("goal") else of_left.aim)
    named = bool(of_left.when.years and of_right.when.years)
    if not named and of_left.aim != "target":
        return None  # 今年比去年增长多少: a rate that the report states
    if not named and not result and not of_right.when.said:
        return None
    asks = tuple(replace(as_figure(ask), aim=None) for ask in read_asks(read_when(asked)[1]) if not ask.empty)
    if not asks:
        return None
    if of_left.aim is None and not _OF_RATES.search(text):
        asks = tuple(replace(ask, measure="level") if ask.measure is None else ask for ask in asks)
    return CourseOfAsks("trend", asks, against=(of_left, of_right), changed=True)


def _without_aim(asks: Sequence[Ask]) -> tuple[Ask, ...]:
    return tuple(replace(as_figure(ask), aim=None) for ask in asks if not ask.empty)


def _cut(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"
