"""What a handler answers from: the library, the question, and the reports that it is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from retrieval.answers.claims import Answer, Claim
from retrieval.answers.matching.choice import Choice
from retrieval.answers.quoting import shown
from retrieval.language.spoken import Spoken
from retrieval.models import Figure, Period, Report
from retrieval.ports import LibraryView, StatedFigure
from retrieval.question.held_places import HeldPlaces, PlaceKeys, place_keys
from retrieval.question.query import Intent, Part, Query
from retrieval.reach import Place, Reach, of_ids
from retrieval.replies import RankedPassage
from retrieval.search.ranking import search

RANKED = 40
_AHEAD: tuple[Period, ...] = ("plan", "governance")
_BEHIND: tuple[Period, ...] = ("review", "problems")


@dataclass(frozen=True)
class Considered:
    """The figures of a report that were looked at for a part, and the choice: by ``indicator``, ``share``, ``topic``,
    ``rank`` or ``meaning``, by the name of another ``place``, or by the ``spoken`` name that its words were taken for."""

    report: Report
    part: Part
    by: str
    choice: Choice


@dataclass(frozen=True)
class Context:
    """A question and the reports that it is about, as far as it ``reach``es; ``held`` are the places of the library.

    ``considered`` is what was looked at on the way, in that order; ``spoken`` the names nearest to each part put in people's words; ``stated``
    what was asked of the library at once for very many reports.
    """

    library: LibraryView
    query: Query
    reach: Reach
    held: HeldPlaces
    considered: list[Considered] = field(default_factory=list, compare=False)
    spoken: dict[Part, Spoken] = field(default_factory=dict, compare=False)
    stated: dict[object, Mapping[int, list[StatedFigure] | None]] = field(default_factory=dict, compare=False)

    @property
    def complete(self) -> bool:
        """Whether it is asked of every report in scope, so that those that state nothing are told, too.

        Where the library has but one place, no question has to name it.
        """
        return self.query.scope.named or self.query.everywhere or self.held.single

    @cached_property
    def reports(self) -> tuple[Report, ...]:
        """The reports in scope: each of them, which where many are is seldom needed."""
        return tuple(self.library.reports(self.reach))

    @property
    def count(self) -> int:
        """How many reports are in scope."""
        return self.library.counted(self.reach)[0]

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """What is said of the places of the reports in scope."""
        reach = self.reach
        if reach.ids:
            return tuple(Place(r.place, r.level, r.within, r.id, r.id, r.year) for r in self.reports)
        meant = dict.fromkeys(place for group in reach.places for place in group) if reach.places else self.held.every
        return tuple(one for one in meant if reach.level in (None, one.level) and one not in reach.without)

    @cached_property
    def _keys(self) -> PlaceKeys:
        if self.reach.all:
            return self.held.keys
        return PlaceKeys((place.name, place.within) for place in self.places)

    def by_place(self, reports: Sequence[Report]) -> list[list[Report]]:
        """``reports``, those of one place together."""
        keys = place_keys(reports)
        places: dict[object, list[Report]] = {}
        for report in reports:
            places.setdefault(keys[report.id], []).append(report)
        return list(places.values())

    def covering(self, year: int | None) -> list[Report]:
        """Of each place in scope the reports that cover ``year``, or its latest report where no year is asked for."""
        if year is None:
            return self._latest()
        if called := self.called_by((year,)):
            return called
        covering = self.library.reports(replace(self.reach, years=(year,)))
        told = self.library.telling_of(year, self.reach)
        if not told:
            return covering
        held = {self._keys.of_report(report) for report in covering}
        return self.reach.in_order([*covering, *(report for report in told if self._keys.of_report(report) not in held)])

    def _latest(self) -> list[Report]:
        """Of each place its latest report, in the order of their first ones."""
        latest: dict[object, Place] = {}
        for place in self.places:
            key = self._keys.of(place.name, place.within, place.first)
            known = latest.get(key)
            if known is None or ((place.year or 0), -place.latest) > ((known.year or 0), -known.latest):
                latest[key] = place
        found = {report.id: report for report in self.library.reports(of_ids(tuple(place.latest for place in latest.values())))}
        return [found[place.latest] for place in latest.values()]

    def called_by(self, years: Sequence[int]) -> list[Report]:
        """The reports in scope that a question calls by ``years``, or asks of themselves: of each place those of the year, else those
        that cover it; none where it asks of the years."""
        if not any(part.when.of_report or part.intent is Intent.FACT for part in self.query.parts):
            return []
        of_places = self.by_place(self.library.reports(replace(self.reach, years=tuple(years))))
        return [r for of_place in of_places for r in [one for one in of_place if one.year in years] or of_place]

    def ranked(self, reports: Sequence[Report], years: Sequence[int] = ()) -> list[RankedPassage]:
        """The passages of ``reports`` that come nearest to the question, best first; of ``years``, where they were found by these."""
        query = self.query
        place = shown(reports[0]) if len(reports) == 1 else ""
        year = "".join(f"{year}年" for year in query.years)
        reach = self.reach_of(reports, years)
        return search(self.library, query.wording, reach, RANKED, self._periods(reports), f"{place}{year}")

    def reach_of(self, reports: Sequence[Report], years: Sequence[int] = ()) -> Reach:
        """What means ``reports``, which are in scope: not one by one, where they are all that cover ``years``, or all."""
        whole = replace(self.reach, years=tuple(years))
        return whole if len(reports) == self.library.counted(whole)[0] else of_ids(tuple(report.id for report in reports))

    @property
    def of_one_place(self) -> bool:
        """Whether all reports in scope are of one place."""
        return len({self._keys.of(place.name, place.within, place.first) for place in self.places}) == 1

    def _periods(self, reports: Sequence[Report]) -> tuple[Period, ...]:
        """The parts of reports that a question is about, as far as it says so."""
        aims = {part.aim for part in self.query.parts}
        if aims == {"target"}:
            return _AHEAD
        if aims == {"actual"}:
            return _BEHIND
        if len(reports) == 1 and (planned := asks_of_plan(self.query, reports[0])) is not None:
            return _AHEAD if planned else _BEHIND
        return _BEHIND if any(part.ahead is False for part in self.query.parts) else ()


@dataclass(frozen=True)
class PartOfReport:
    """A part of a question, put to one report; of ``year``, where one is asked for.

    ``before`` is the figure that answered the part before, of which this one may want to know more.
    """

    context: Context
    report: Report
    part: Part
    year: int | None
    ranked: Sequence[RankedPassage]
    before: Figure | None = None

    @property
    def library(self) -> LibraryView:
        return self.context.library

    def consider(self, by: str, choice: Choice) -> tuple[Figure, ...]:
        """The figures of ``choice``, which is remembered as one step on the way."""
        self.context.considered.append(Considered(self.report, self.part, by, choice))
        return choice.figures


@dataclass(frozen=True)
class Whole:
    """A kind of question that is answered at once; None where it can't be in this library, and its parts are answered."""

    answer: Callable[[Context], Answer | None]


@dataclass(frozen=True)
class OfReport:
    """A kind of question that is put to each report in scope, part by part."""

    claim: Callable[[PartOfReport], Claim]


def in_scope(query: Query, library: LibraryView, held: HeldPlaces) -> Reach:
    """The reports that a question is put to: those of its places, else all, or all of its level; without those it leaves out."""
    level = query.level if query.scope.reach is None and any(place.level == query.level for place in held.every) else None
    reach = query.scope.reach or Reach(level=level)
    without = replace(reach, without=query.without)
    return without if query.without and library.counted(without)[0] else reach


def asks_of_plan(query: Query, report: Report) -> bool | None:
    """Whether a question is about the year planned for, or about the one reviewed; None where it doesn't say."""
    if query.relative in ("this", "last"):
        return query.relative == "this"
    if len(query.years) == 1 and report.plan_year != report.review_year:
        return query.years[0] == report.plan_year
    return None
