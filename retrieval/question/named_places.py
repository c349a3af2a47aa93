"""The places that a question names, as they stand in it: what is a name, and what only says where the next one lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.language.indicators import named as indicators_named
from retrieval.language.patterns import pattern
from retrieval.language.places import NATION, Division, colloquial_names, gazetteer, has_suffix, level_of, short_name
from retrieval.reach import Place

# 区域 and 市场 begin with what could end a place's name: 荆门市场主体 is of 荆门, 荆门市民生支出 of 荆门市.
_WORD_OF_SUFFIX = pattern("places.name.word_of_suffix")
_GOES_ON = pattern("places.name.goes_on")
_SHORT_GOES_ON = pattern("places.name.short_goes_on")


@dataclass(frozen=True)
class NamedPlace:
    """A place named at ``[start, end)`` of a question: what the library holds of that name, or the divisions of the gazetteer.

    ``inside`` is where it lies as the question says, and no report of it does.
    """

    start: int
    end: int
    name: str
    held: tuple[Place, ...]
    divisions: tuple[Division, ...] = ()
    by_letter: bool = False
    inside: str = ""


def ends_in_a_word(question: str, end: int, name: str) -> bool:
    """Whether the last character of a place's name begins another word where it stands: 荆门市 in 荆门市场主体."""
    return has_suffix(name) and short_name(name) != name and bool(_WORD_OF_SUFFIX.match(question, end - 1))


def names_of(held: Place) -> set[str]:
    """What people call a place, alone and with what it lies in before it."""
    place = held.name or ""
    if place == NATION:
        return {NATION}
    names = {place, short_name(place), *colloquial_names().get(place, ())}
    for outer in held.within:
        for before in (outer, short_name(outer)):
            names |= {before + place, before + short_name(place)}
    if len(held.within) > 1:
        names.add("".join(held.within) + place)
    return {name for name in names if len(name) >= 2}


def places_around(held: Place) -> set[str]:
    """The places that a place lies in, by what its reports say and by the gazetteer."""
    around = set(held.within)
    for name in (*held.within, held.name or ""):
        divisions = gazetteer().get(name, ())
        around |= set(divisions[0].within) if len(divisions) == 1 else set()
    return around


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
        if after and after.start == named.end and may_contain(named, after) and not (named.held and in_a_name(question, after)):
            continue
        kept.append(_agreeing(named, found[:position]))
    return kept


def _agreeing(named: NamedPlace, before: Sequence[NamedPlace]) -> NamedPlace:
    """The place, with what is held of it that does not lie elsewhere than the containers written right before it say."""
    held, unsaid, written = named.held, "", named.name
    end = named.start
    for outer in reversed(before):
        if outer.end != end or not may_contain(outer, named):
            break
        names = {outer.name} | {d.name for d in outer.divisions} | {place.name or "" for place in outer.held}
        level = level_of(outer.name) or (outer.divisions[0].level if outer.divisions else None)
        held = tuple(
            place for place in held if names & set(place.within) or not any(level_of(name) == level for name in place.within)
        )
        if not any(names & places_around(place) for place in held):
            unsaid = outer.name
        end, written = outer.start, outer.name + written
    if named.held and not held:
        return replace(named, start=end, name=written, held=())
    return replace(named, start=end, held=held, inside=unsaid)


def in_a_name(question: str, named: NamedPlace) -> bool:
    """Whether what follows a place that the library lacks goes on with a name, and not with what is asked of it."""
    rest = question[named.end :]
    asked = _GOES_ON.match(rest)
    return not named.held and not asked and not any(mention.start == 0 for mention in indicators_named(rest))


_RANK = {"省": 0, "市": 1, "区县": 2, "乡镇": 3, "街道": 3}


def may_contain(outer: NamedPlace, inner: NamedPlace) -> bool:
    return _rank(outer) < _rank(inner)


def _rank(named: NamedPlace) -> int:
    levels = [place.level for place in named.held] + [division.level for division in named.divisions]
    level = levels[0] if levels else level_of(named.name)
    return _RANK.get(level or "", 3)
