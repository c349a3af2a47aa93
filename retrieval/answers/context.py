"""What a handler answers from: the library, the question, and the reports that it is about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from retrieval.answers.claims import Answer, Claim
from retrieval.answers.matching.choice import Choice
from retrieval.answers.quoting import shown
from retrieval.language.spoken import Spoken
from retrieval.models import Figure, Period, Report
from retrieval.ports import LibraryView
from retrieval.question.held_places import place_keys
from retrieval.question.query import Intent, Part, Query
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
    """A question and the ``reports`` in its scope, ``held`` being all of the library.

    ``considered`` is what was looked at on the way, in that order; ``spoken`` the names nearest to each part put in people's words.
    """

    library: LibraryView
    query: Query
    reports: tuple[Report, ...]
    held: tuple[Report, ...]
    considered: list[Considered] = field(default_factory=list, compare=False)
    spoken: dict[Part, Spoken] = field(default_factory=dict, compare=False)

    @property
    def complete(self) -> bool:
        """Whether it is asked of every report in scope, so that those that state nothing are told, too.

        Where the library has but one place, no question has to name it.
        """
        return self.query.scope.named or self.query.everywhere or len(set(place_keys(self.held).values())) == 1

    def by_place(self, reports: Sequence[Report]) -> list[list[Report]]:
        """``reports``, those of one place together."""
        keys = place_keys(reports)
        places: dict[object, list[Report]] = {}
        for report in reports:
            places.setdefault(keys[report.id], []).append(report)
        return list(places.values())

    def covering(self, reports: Sequence[Report], year: int | None) -> list[Report]:
        """Of each place the reports that cover ``year``, or its latest report where no year is asked for."""
        keys = place_keys(reports)
        if year is not None and (called := self.called_by(reports, (year,))):
            return called
        if year is not None:
            covering = [r for r in reports if year in (r.plan_year, r.review_year)]
            held = {keys[r.id] for r in covering}
            told = [r for r in reports if keys[r.id] not in held and any(f.year == year for f in self.library.figures(r.id))]
            return [r for r in reports if r in covering or r in told]
        latest: dict[object, Report] = {}
        for report in reports:
            key = keys[report.id]
            if key not in latest or (report.year or 0) > (latest[key].year or 0):
                latest[key] = report
        return list(latest.values())

    def called_by(self, reports: Sequence[Report], years: Sequence[int]) -> list[Report]:
        """The reports that a question calls by ``years``, or asks of themselves: of each place those of the year, else those that cover
        it; none where it asks of the years."""
        if not any(part.when.of_report or part.intent is Intent.FACT for part in self.query.parts):
            return []
        of_places = self.by_place([r for r in reports if {r.year, r.plan_year, r.review_year} & set(years)])
        return [r for of_place in of_places for r in [one for one in of_place if one.year in years] or of_place]

    def ranked(self, reports: Sequence[Report]) -> list[RankedPassage]:
        """The passages of ``reports`` that come nearest to the question, best first."""
        query = self.query
        place = shown(reports[0]) if len(reports) == 1 else ""
        year = "".join(f"{year}年" for year in query.years)
        return search(self.library, query.wording, reports, RANKED, self._periods(reports), f"{place}{year}")

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


def asks_of_plan(query: Query, report: Report) -> bool | None:
    """Whether a question is about the year planned for, or about the one reviewed; None where it doesn't say."""
    if query.relative in ("this", "last"):
        return query.relative == "this"
    if len(query.years) == 1 and report.plan_year != report.review_year:
        return query.years[0] == report.plan_year
    return None
