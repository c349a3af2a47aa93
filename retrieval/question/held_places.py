"""The places of which a library has reports, and the names by which people call them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

from retrieval.language.pinyin import pinyin
from retrieval.models import Report
from retrieval.question.named_places import names_of, places_around


class HeldPlaces:
    """The reports of a library that have a place, by the names of their places; ``longest`` is the length of the longest name."""

    def __init__(self, reports: Iterable[Report]) -> None:
        self.reports = [report for report in reports if report.place]
        self.names: dict[str, list[Report]] = defaultdict(list)
        for report in self.reports:
            for name in names_of(report):
                self.names[name].append(report)
        self.longest = max((len(name) for name in self.names), default=0)

    @cached_property
    def pinyin_names(self) -> dict[str, set[str]]:
        """The names by their pinyin; read only once a question names no place, for the dictionary behind it is large."""
        names: dict[str, set[str]] = defaultdict(set)
        for name in self.names:
            names[pinyin(name)].add(name)
        return names

    def of_each(self) -> list[list[Report]]:
        """The reports of each place."""
        keys = place_keys(self.reports)
        found: dict[object, list[Report]] = defaultdict(list)
        for report in self.reports:
            found[keys[report.id]].append(report)
        return list(found.values())

    def lying_in(self, names: set[str], levels: Sequence[str]) -> list[tuple[Report, ...]]:
        """The reports of the places of ``levels`` that lie in one of ``names``, place by place."""
        of_level = [[report for report in reports if report.level in levels] for reports in self.of_each()]
        return [tuple(reports) for reports in of_level if any(names & places_around(report) for report in reports)]


def place_keys(reports: Iterable[Report]) -> dict[int, object]:
    """What tells the places of reports apart, by report id: the same for the reports of one place.

    Places of one name are one place unless they are said to lie in different ones; a report without a place is its own.
    """
    reports = list(reports)
    within: dict[str | None, set[tuple[str, ...]]] = defaultdict(set)
    for report in reports:
        if report.within:
            within[report.place].add(report.within)
    keys: dict[int, object] = {}
    for report in reports:
        known = sorted(within[report.place], key=len, reverse=True)
        longest = [one for one in known if not any(one != other and other[-len(one) :] == one for other in known)]
        if report.place is None:
            keys[report.id] = report.id
        elif len(longest) <= 1:
            keys[report.id] = report.place
        else:
            home = next((one for one in longest if report.within and one[-len(report.within) :] == report.within), ())
            keys[report.id] = (report.place, home)
    return keys
