"""Finding the places that a question names: those of a library and of the gazetteer, and what but looks like a place's name."""

from __future__ import annotations

from retrieval.language.patterns import pattern
from retrieval.language.places import NATION, gazetteer, has_suffix, level_of
from retrieval.question.collectives import Collective, is_theme, letters_at, levels_inside, nation_at, region_at
from retrieval.question.held_places import HeldPlaces
from retrieval.question.named_places import NamedPlace, ends_in_a_word, known_division

_SUFFIXED = pattern("places.name.suffixed")
_COMMON = pattern("places.name.common")
_SEPARATOR = pattern("places.name.separator")
# 区域 and 市场 begin with what could end a place's name: 荆门市场主体 is of 荆门, 荆门市民生支出 of 荆门市.
_WORD_OF_SUFFIX = pattern("places.name.word_of_suffix")
_SUFFIX = pattern("places.name.suffix")
LEAD_IN = pattern("places.name.lead_in")


class PlaceFinder:
    """Finds the names of places in questions, those of the library ``held`` among them."""

    def __init__(self, held: HeldPlaces) -> None:
        self._held = held
        self._names = held.names

    def named(self, question: str) -> list[NamedPlace]:
        """The places that ``question`` names, in its order."""
        found: list[NamedPlace] = []
        fresh = True  # where a place can start: at the beginning, after a separator or after another place
        at = self._after_lead(question)
        while at < len(question):
            separator = _SEPARATOR.match(question, at)
            together = self._together_at(question, at) if fresh else []
            if together:
                found += together
                at = together[-1].end
                continue
            named = self._known_at(question, at, fresh)
            if fresh and separator is None:
                named = self._unknown_at(question, at, named)
            if named and (named.held or not is_theme(question[named.end :])):
                members = self._with_members(question, named)
                found += members
                at, fresh = members[-1].end, True
                continue
            fresh = separator is not None
            at = separator.end() if separator else at + 1
        return found

    def _together_at(self, question: str, at: int) -> list[NamedPlace]:
        """The places that are named at ``at`` otherwise than each by its name."""
        if (end := nation_at(question, at)) is not None and NATION in self._names:
            return [NamedPlace(at, end, NATION, tuple(self._names[NATION]))]
        if (region := region_at(question, at)) is not None:
            return self._of_region(region)
        if self._known_at(question, at, True) is not None:
            return []
        return [
            NamedPlace(start, end, division.name, tuple(self._names.get(division.name, ())), (division,), True)
            for start, end, division in letters_at(question, at)
        ]

    def _of_region(self, region: Collective) -> list[NamedPlace]:
        """The members of a region, or the places of a level that lie in them and are held."""
        if region.levels:
            inside = self._held.lying_in({member.name for member in region.members}, region.levels)
            return [NamedPlace(region.start, region.end, places[0].name or "", places) for places in inside] or [
                NamedPlace(region.start, region.end, member.name, (), (member,), True) for member in region.members
            ]
        return [
            NamedPlace(region.start, region.end, member.name, tuple(self._names.get(member.name, ())), (member,), True)
            for member in region.members
        ]

    def _with_members(self, question: str, named: NamedPlace) -> list[NamedPlace]:
        """A place, or those inside it that are asked for (重庆各区县) and are held."""
        levels, end = levels_inside(question, named.end)
        official = {named.name, *(d.name for d in named.divisions), *(place.name or "" for place in named.held)}
        inside = self._held.lying_in(official, levels) if levels else []
        return [NamedPlace(named.start, end, places[0].name or "", places) for places in inside] or [named]

    def _after_lead(self, question: str) -> int:
        """Where the words end that lead in to a question; not inside a place's name that begins as they do (那曲, 和田)."""
        lead = LEAD_IN.match(question)
        end = lead.end() if lead else 0
        if self._known_at(question, end, True) is None:
            for at in range(end):
                named = self._known_at(question, at, True)
                if named and named.end > end:
                    return at
        return end

    def _known_at(self, question: str, at: int, fresh: bool) -> NamedPlace | None:
        """The place named at ``at``: the longest of the library's names and the gazetteer's."""
        best: NamedPlace | None = None
        for length in range(min(self._held.longest, len(question) - at), 1, -1):
            name = question[at : at + length]
            if name == NATION and nation_at(question, at) is None:
                continue
            if name in self._names and not ends_in_a_word(question, at + length, name):
                best = NamedPlace(at, at + length, name, tuple(self._names[name]))
                break
        known = known_division(question, at, fresh)
        if known and (best is None or known.end > best.end):
            best = known
        if best and best.held and not has_suffix(best.name):
            best = self._with_suffix(question, best)
        return best

    def _unknown_at(self, question: str, at: int, known: NamedPlace | None) -> NamedPlace | None:
        """What looks like the name of a place at ``at`` and is longer than the place that is known there."""
        looks = None if known and known.held else _SUFFIXED.match(question, at)
        if looks is None or len(looks.group()) < 3 or _COMMON.search(looks.group()):
            return known
        if known and question[known.end : looks.end()] in self._names:
            return known  # 山东留庄镇, where no report of 留庄镇 says that it lies in 山东
        return known if known and known.end >= looks.end() else NamedPlace(at, looks.end(), looks.group(), ())

    def _with_suffix(self, question: str, named: NamedPlace) -> NamedPlace | None:
        """A short name with what follows it: 大足县 is 大足区, but 大足镇 is another place."""
        after = _SUFFIX.match(question[named.end :])
        if after is None or _WORD_OF_SUFFIX.match(question, named.end):
            return named
        written = named.name + after.group()
        end = named.end + after.end()
        same = tuple(place for place in named.held if level_of(written) == place.level or place.name == written)
        if same:
            return NamedPlace(named.start, end, named.name, same)
        other = gazetteer().get(written, ())
        return NamedPlace(named.start, end, written, (), other)
