"""The places of which a library has reports, and the names by which people call them: kept up with what changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence, Set
from functools import lru_cache

from retrieval.language.pinyin import pinyin
from retrieval.language.places import level_of, short_name
from retrieval.models import Report
from retrieval.ports import Reports
from retrieval.question.named_places import names_of, places_around
from retrieval.reach import Place


class HeldPlaces:
    """The places of ``library`` by their names, as of its ``generation``; ``longest`` is the length of the longest name.

    Nothing here grows with the number of reports, and after a change nothing is read anew but the places that changed.
    """

    def __init__(self, library: Reports) -> None:
        self._library = library
        self._generation = -1
        self.of_name: dict[str | None, tuple[Place, ...]] = {}
        self.names: dict[str, list[Place]] = {}
        self.longest = 0
        self._around: dict[str, set[str]] = {}  # the names of the places that lie in one of a name
        self._pinyin: dict[str, set[str]] | None = None
        self._by_level: dict[str | None, list[str]] | None = None
        self._keys: PlaceKeys | None = None

    def keep_up(self) -> None:
        """Brings the places to what the library holds now."""
        generation = self._library.generation
        if generation == self._generation:
            return
        names = self._library.changed_places(self._generation) if 0 <= self._generation < generation else None
        found: dict[str | None, list[Place]] = defaultdict(list)
        for place in self._library.places(names):
            found[place.name].append(place)
        for name in [*self.of_name, *found] if names is None else names:
            self._put(name, tuple(found.get(name, ())))
        self._generation = generation

    def _put(self, name: str | None, places: tuple[Place, ...]) -> None:
        """Puts what is held of a name in place of what was."""
        before = self.of_name.pop(name, ())
        if places == before:
            self.of_name |= {name: before} if before else {}
            return
        if bool(places) != bool(before):
            self._by_level = None
        self._keys = None
        if places:
            self.of_name[name] = places
        if name is None:
            return
        for place in before:
            for called in names_of(place):
                self._take_away(called, place)
            for outer in places_around(place):
                self._around.get(outer, set()).discard(name)
        for place in places:
            for called in names_of(place):
                self._call(called, place)
            for outer in places_around(place):
                self._around.setdefault(outer, set()).add(name)

    def _call(self, called: str, place: Place) -> None:
        if called not in self.names:
            self.names[called] = []
            self.longest = max(self.longest, len(called))
            if self._pinyin is not None:
                self._pinyin[pinyin(called)].add(called)
        self.names[called] = sorted((*self.names[called], place), key=lambda one: one.first)

    def _take_away(self, called: str, place: Place) -> None:
        left = [one for one in self.names.get(called, ()) if one != place]
        if left:
            self.names[called] = left
        elif self.names.pop(called, None) is not None and self._pinyin is not None:
            self._pinyin[pinyin(called)].discard(called)

    @property
    def pinyin_names(self) -> dict[str, set[str]]:
        """The names by their pinyin; read only once a question names no place, for the dictionary behind it is large."""
        if self._pinyin is None:
            self._pinyin = defaultdict(set)
            for name in self.names:
                self._pinyin[pinyin(name)].add(name)
        return self._pinyin

    def of_levels(self, levels: Set[str | None]) -> tuple[list[str], list[str]]:
        """The names of the places that by their names are of some levels, in their order, with their short names; all where the
        one level is not known."""
        if self._by_level is None:
            self._by_level = defaultdict(list)
            for name in sorted(filter(None, self.of_name)):
                self._by_level[_level(name)].append(name)
        chosen = self._by_level if levels == {None} else levels
        names = [name for level in chosen for name in self._by_level.get(level, ())]
        names = sorted(names) if len(chosen) > 1 else names
        return names, [*map(_short, names)]

    @property
    def single(self) -> bool:
        """Whether all reports are of one place."""
        keys = {
            self.keys.of(place.name, place.within, place.first) for places in [*self.of_name.values()][:2] for place in places
        }
        return len(keys) == 1

    @property
    def every(self) -> list[Place]:
        """All places, those without a name, too, in the order of their first reports."""
        return sorted((place for places in self.of_name.values() for place in places), key=lambda place: place.first)

    def is_one(self, name: str | None) -> bool:
        """Whether a name means but one place."""
        return len({self.keys.of(place.name, place.within, place.first) for place in self.of_name.get(name, ())}) == 1

    @property
    def all(self) -> list[Place]:
        """All places that have a name, in the order of their first reports."""
        return sorted((place for name, places in self.of_name.items() if name for place in places), key=lambda place: place.first)

    @property
    def keys(self) -> PlaceKeys:
        """What tells the places apart."""
        if self._keys is None:
            self._keys = PlaceKeys((place.name, place.within) for places in self.of_name.values() for place in places)
        return self._keys

    def of_each(self) -> list[list[Place]]:
        """What is said of each place, as there is one, in the order of their first reports."""
        return self._each(self.all)

    def inside(self, outer: Collection[str]) -> list[Place]:
        """The places that lie in one of ``outer``, in the order of their first reports."""
        names = {name for one in outer for name in self._around.get(one, ())}
        found = [place for name in names for place in self.of_name[name] if not places_around(place).isdisjoint(outer)]
        return sorted(found, key=lambda place: place.first)

    def lying_in(self, names: set[str], levels: Sequence[str]) -> list[tuple[Place, ...]]:
        """What is said of the places of ``levels`` that lie in one of ``names``, place by place."""
        inside = {place for place in self.inside(names) if place.level in levels}
        alike = sorted({place for one in inside for place in self.of_name[one.name]}, key=lambda place: place.first)
        return [tuple(one for one in each if one.level in levels) for each in self._each(alike) if not inside.isdisjoint(each)]

    def _each(self, places: Iterable[Place]) -> list[list[Place]]:
        found: dict[object, list[Place]] = defaultdict(list)
        for place in places:
            found[self.keys.of(place.name, place.within, place.first)].append(place)
        return list(found.values())


_short = lru_cache(maxsize=100_000)(short_name)
_level = lru_cache(maxsize=100_000)(level_of)


class PlaceKeys:
    """What tells places apart, by what reports say: their names, and what they lie in.

    Places of one name are one place unless they are said to lie in different ones; a report without a place is its own.
    """

    def __init__(self, said: Iterable[tuple[str | None, tuple[str, ...]]]) -> None:
        self._within: dict[str | None, set[tuple[str, ...]]] = defaultdict(set)
        for name, within in said:
            if within:
                self._within[name].add(within)
        self._longest: dict[str | None, list[tuple[str, ...]]] = {}

    def of(self, name: str | None, within: tuple[str, ...], own: int) -> object:
        """The same for what is said of one place; ``own`` is the id of the report that says it."""
        if name is None:
            return own
        longest = self._longest_of(name)
        if len(longest) <= 1:
            return name
        return name, next((one for one in longest if within and one[-len(within) :] == within), ())

    def of_report(self, report: Report) -> object:
        return self.of(report.place, report.within, report.id)

    def _longest_of(self, name: str) -> list[tuple[str, ...]]:
        if name not in self._longest:
            known = sorted(self._within.get(name, ()), key=lambda one: (-len(one), one))
            self._longest[name] = [one for one in known if not any(one != other and other[-len(one) :] == one for other in known)]
        return self._longest[name]


def place_keys(reports: Iterable[Report]) -> dict[int, object]:
    """What tells the places of reports apart, by report id: the same for the reports of one place."""
    reports = list(reports)
    keys = PlaceKeys((report.place, report.within) for report in reports)
    return {report.id: keys.of_report(report) for report in reports}
