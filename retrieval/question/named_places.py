"""The places that a question names, as they stand in it: what is a name, and what only says where the next one lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.language.indicators import named as indicators_named
from retrieval.language.patterns import pattern
from retrieval.language.places import NATION, Division, colloquial_names, gazetteer, has_suffix, level_of, short_name
from retrieval.models import Report

# 区域 and 市场 begin with what could end a place's name: 荆门市场主体 is of 荆门, 荆门市民生支出 of 荆门市.
_WORD_OF_SUFFIX = pattern("places.name.word_of_suffix")
_GOES_ON = pattern("places.name.goes_on")
_SHORT_GOES_ON = pattern("places.name.short_goes_on")


@dataclass(frozen=True)
class NamedPlace:
    """A place named at ``[start, end)`` of a question: the reports of it that the library has, or the divisions of the gazetteer.

    ``inside`` is where it lies as the question says, and no report of it does.
    """

    start: int
    end: int
    name: str
    reports: tuple[Report, ...]
    divisions: tuple[Division, ...] = ()
    by_letter: bool = False
    inside: str = ""


def ends_in_a_word(question: str, end: int, name: str) -> bool:
    """Whether the last character of a place's name begins another word where it stands: 荆门市 in 荆门市场主体."""
    return has_suffix(name) and short_name(name) != name and bool(_WORD_OF_SUFFIX.match(question, end - 1))


def names_of(report: Report) -> set[str]:
    place = report.place or ""
    if place == NATION:
        return {NATION}
    names = {place, short_name(place), *colloquial_names().get(place, ())}
    for outer in report.within:
        for before in (outer, short_name(outer)):
            names |= {before + place, before + short_name(place)}
    if len(report.within) > 1:
        names.add("".join(report.within) + place)
    return {name for name in names if len(name) >= 2}


def places_around(report: Report) -> set[str]:
    """The places that a report's place lies in, by what it says and by the gazetteer."""
    held = set(report.within)
    for name in (*report.within, report.place or ""):
        divisions = gazetteer().get(name, ())
        held |= set(divisions[0].within) if len(divisions) == 1 else set()
    return held


def known_division(question: str, at: int, fresh: bool) -> NamedPlace | None:
    """The division of the gazetteer named at ``at``: by official name; by short name where a place can start."""
    for length in range(min(15, len(question) - at), 1, -1):
        name = question[at : at + length]
        divisions = gazetteer().get(name)
        if not divisions or ends_in_a_word(question, at + length, name):
            continue
        official = tuple(division for division in divisions if division.name == name)
        if official and (len(name) > 2 or fresh):
            return NamedPlace(at, at + length, name, (), official)
        high = tuple(division for division in divisions if division.level in ("省", "市"))
        if high and (fresh or high[0].level == "省"):
            return NamedPlace(at, at + length, name, (), high)
        if fresh and _SHORT_GOES_ON.match(question[at + length :]):
            return NamedPlace(at, at + length, name, (), divisions)
    return None


def without_containers(question: str, found: list[NamedPlace]) -> list[NamedPlace]:
    """``found`` without the places that only say where the next one lies: 重庆市沙坪坝区回龙坝镇 is one place.

    A place inside a held one is no place of the question where it is only part of a name (湖北省鄂州花湖机场).
    """
    kept: list[NamedPlace] = []
    for position, named in enumerate(found):
        after = found[position + 1] if position + 1 < len(found) else None
        if (
            after
            and after.start == named.end
            and may_contain(named, after)
            and not (named.reports and in_a_name(question, after))
        ):
            continue
        kept.append(_agreeing(named, found[:position]))
    return kept


def _agreeing(named: NamedPlace, before: Sequence[NamedPlace]) -> NamedPlace:
    """The place with those of its reports that do not lie elsewhere than the containers written right before it say."""
    reports, unsaid, written = named.reports, "", named.name
    end = named.start
    for outer in reversed(before):
        if outer.end != end or not may_contain(outer, named):
            break
        names = {outer.name} | {d.name for d in outer.divisions} | {r.place or "" for r in outer.reports}
        level = level_of(outer.name) or (outer.divisions[0].level if outer.divisions else None)
        reports = tuple(
            report
            for report in reports
            if names & set(report.within) or not any(level_of(name) == level for name in report.within)
        )
        if not any(names & places_around(report) for report in reports):
            unsaid = outer.name
        end, written = outer.start, outer.name + written
    if named.reports and not reports:
        return replace(named, start=end, name=written, reports=())
    return replace(named, start=end, reports=reports, inside=unsaid)


def in_a_name(question: str, named: NamedPlace) -> bool:
    """Whether what follows a place that the library lacks goes on with a name, and not with what is asked of it."""
    rest = question[named.end :]
    asked = _GOES_ON.match(rest)
    return not named.reports and not asked and not any(mention.start == 0 for mention in indicators_named(rest))


_RANK = {"省": 0, "市": 1, "区县": 2, "乡镇": 3, "街道": 3}


def may_contain(outer: NamedPlace, inner: NamedPlace) -> bool:
    return _rank(outer) < _rank(inner)


def _rank(named: NamedPlace) -> int:
    levels = [report.level for report in named.reports] + [division.level for division in named.divisions]
    level = levels[0] if levels else level_of(named.name)
    return _RANK.get(level or "", 3)
