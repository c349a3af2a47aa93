"""The reports of one place by the years that they review and plan, and what they tell of a year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from retrieval.answers.claims import Chart, ChartLine, Claim, Word, absent, claim, merged
from retrieval.answers.comparing import quantity
from retrieval.answers.context import Context, PartOfReport
from retrieval.answers.figure import state_figure
from retrieval.answers.matching.subjects import called
from retrieval.answers.quoting import shown
from retrieval.models import Figure, Kind, Report
from retrieval.question.query import Part, When
from retrieval.replies import LineState, Quote, RankedPassage, Status


@dataclass(frozen=True)
class Told:
    """What the reports of a place say of one year: a target or a result. ``figures`` are its numbers, the main one first."""

    year: int
    kind: Kind
    claim: Claim
    figures: tuple[Figure, ...] = ()

    @property
    def figure(self) -> Figure | None:
        return self.figures[0] if self.figures else None

    def like(self, other: Figure | None) -> Told:
        """The same, with the figure first that is of the measure of ``other``: 17.1亿元，增长5.8% beside 增长6%."""
        if other is None:
            return self
        return replace(self, figures=tuple(sorted(self.figures, key=lambda one: one.measure != other.measure)))

    @property
    def state(self) -> LineState:
        if self.claim.status == "blank":
            return "blank"
        return "stated" if self.figure else "absent"


class PlaceYears:
    """The reports of one place, the latest first, and the years that they review and plan."""

    def __init__(self, context: Context, reports: Sequence[Report], ranked: Sequence[RankedPassage]) -> None:
        self.context = context
        self.reports = sorted(reports, key=lambda report: -(report.year or 0))
        self.ranked = ranked
        self.years = sorted({year for one in reports for year in (one.review_year, one.plan_year) if year is not None})
        self._figures_of = {one.id: {figure.year for figure in context.library.figures(one.id)} for one in reports}

    @property
    def name(self) -> str:
        """What an answer calls the place."""
        return shown(self.reports[0])

    @property
    def last_reviewed(self) -> int | None:
        return max((year for one in self.reports if (year := one.review_year) is not None), default=None)

    def told(self, part: Part, kind: Kind, year: int, *, set_before: bool = False) -> Told:
        """The figure of a year: from the report that reviews (or plans) it, else from whichever states it.

        With ``set_before`` not from a report that reviews and plans the same year: its targets are for what comes after.
        """
        of_year = replace(part, aim=kind, when=When((year,)))
        first: Claim | None = None
        for report in sorted(self.reports, key=lambda report: not _is_of(report, kind, year)):
            if set_before and report.review_year == report.plan_year == year:
                continue
            if first and year not in self._figures_of[report.id]:
                continue
            told = state_figure(PartOfReport(self.context, report, of_year, year, self.ranked))
            if told.states:
                return Told(year, kind, told, tuple(one for one in told.figures if not one.stretch and not one.blank))
            first = first or told
        return Told(year, kind, first or absent("it"))

    def holds(self, years: Iterable[int]) -> bool:
        """Whether a report is held that reviews or plans any of ``years``."""
        return any(year in self.years for year in years)

    def years_of(self, kind: Kind | None) -> list[int]:
        """The years that the reports plan, or review; all where no kind is asked for, or of that kind there is none."""
        of_kind = {r.plan_year if kind == "target" else r.review_year for r in self.reports} if kind else set()
        return sorted(year for year in of_kind if year is not None) or self.years

    def report_of(self, kind: Kind, year: int) -> Report | None:
        """The report that plans a year, or reviews it; None where it is not held."""
        return next((report for report in self.reports if _is_of(report, kind, year)), None)

    def chart(self, title: Word, told: Sequence[Told]) -> Chart | None:
        """What a chart of ``told`` shows; None where none of it has a number."""
        counted = [(one, quantity(one.figure) if one.figure else None) for one in told]
        unit = next((number.dimension for _, number in counted if number), None)
        if unit is None:
            return None
        lines = []
        for one, number in counted:
            number = number if number and number.dimension == unit else None
            state: LineState = one.state if number or one.state != "stated" else "other"
            shown_of_it = one.claim.figures if one.state == "stated" else ()
            low, high = (number.low, number.high) if number else (None, None)
            lines.append(ChartLine(claim("year", year=one.year), one.kind, state, shown_of_it, low, high))
        cited = {quote.report.id for one in told for quote in one.claim.quotes}
        return Chart(title, "years", unit, tuple(lines), tuple(one for one in self.reports if one.id in cited))


def subject_told(part: Part, told: Sequence[Told]) -> tuple[Word, ...]:
    """What ``told`` is of: the subject of the question, and that rates are told of it."""
    figure = next((one.figure for one in told if one.figure), None)
    rates = figure is not None and figure.measure == "growth"
    return (called(part), claim("trend_growth")) if rates else (called(part),)


def status_of(told: Sequence[Told]) -> Status:
    return "answered" if any(one.state == "stated" for one in told) else "blank"


def quotes_of(told: Sequence[Told]) -> tuple[Quote, ...]:
    return merged(quote for one in told for quote in one.claim.quotes)


def _is_of(report: Report, kind: Kind, year: int) -> bool:
    return (report.plan_year if kind == "target" else report.review_year) == year
