"""What is chosen from lists instead of asked in words: the same figures, tables and proofs, without a question to be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.answers.answerer import Answerer
from retrieval.answers.claims import absent, said
from retrieval.answers.comparison import rows_of
from retrieval.answers.composition import said_in_tables
from retrieval.answers.context import Context, PartOfReport
from retrieval.answers.place_years import PlaceYears, Told
from retrieval.answers.table import Composer
from retrieval.answers.trend import answer_over_years
from retrieval.language.indicators import Indicator, indicators
from retrieval.models import Kind, Measure, Report
from retrieval.question.query import Course, Intent, Part, Query, When, part_for
from retrieval.question.scope import Scope
from retrieval.question.selections import Order, Selection
from retrieval.reach import of_ids
from retrieval.replies import Reply
from retrieval.search.figure_lookup import StoredFigure, stored

_MOST_INDICATORS = 16


@dataclass(frozen=True)
class Chosen:
    """A figure that is chosen: an indicator, and as far as it is said its kind, year and measure."""

    indicator: Indicator
    kind: Kind | None = None
    year: int | None = None
    measure: Measure | None = None

    @property
    def part(self) -> Part:
        return part_for(self.indicator, self.kind, self.measure, When((self.year,)) if self.year is not None else When())


@dataclass(frozen=True)
class OverYears:
    """An indicator of a place over the years: what its reports tell of each year, and of each kind, that is stated."""

    indicator: str
    told: tuple[Told, ...]

    def of(self, kind: Kind, year: int) -> Told | None:
        return next((one for one in self.told if (one.kind, one.year) == (kind, year)), None)


def compared(answerer: Answerer, reports: Sequence[Report], chosen: Chosen, order: Order) -> tuple[Reply, list[StoredFigure]]:
    """The table of a figure over places, each by its report of the year or by its latest, and the figures in it."""
    with answerer.library.snapshot():
        context = _context(answerer, reports, chosen)
        covering = context.covering(chosen.year) if reports else []  # of none, not of all
        asked = [PartOfReport(context, report, chosen.part, chosen.year, ()) for report in covering]
        selection = Selection(order=order)
        rows = rows_of(asked, selection) if asked else []
        if all(row.state == "absent" for row in rows):
            answer = said(absent("nothing_compared", subject=chosen.indicator.name))
            return answerer.worded(context, answer), []
        table = Composer(chosen.part, selection, rows, complete=True).table()
        answer = said_in_tables(context, [table], [])
        told = [line.figures for line in (table.chart.lines if table.chart else ())]
        by_figures = {row.claim.figures: row.report for row in rows if row.report}
        figures = [
            stored(answerer.library, by_figures[of_line], one) for of_line in told if of_line in by_figures for one in of_line
        ]
        return answerer.proved(context, answer, answerer.worded(context, answer)), figures


def over_years(answerer: Answerer, reports: Sequence[Report], chosen: Chosen) -> Reply | None:
    """How a figure of a place went on over the years that its reports review and plan; None where none states it."""
    with answerer.library.snapshot():
        context = _context(answerer, reports, chosen, Course((chosen.part,)))
        answer = answer_over_years(context)
        return answerer.proved(context, answer, answerer.worded(context, answer)) if answer is not None else None


def courses(answerer: Answerer, reports: Sequence[Report]) -> tuple[list[int], list[OverYears]]:
    """The years of a place's reports, and its main indicators over them, those first that most is told of."""
    with answerer.library.snapshot():
        figures = [one for report in reports for one in answerer.library.figures(report.id)]
        plain = [one for one in figures if one.indicator in indicators() and not (one.stretch or one.earlier or one.in_words)]
        counts: Counter[str] = Counter()
        for one in plain:
            counts[one.indicator or ""] += 3 if one.primary else 1
        found = []
        years: list[int] = []
        for name, _ in counts.most_common(_MOST_INDICATORS):
            chosen = Chosen(indicators()[name])
            place = PlaceYears(_context(answerer, reports, chosen), reports, ())
            years = place.years
            kinds: tuple[Kind, ...] = ("target", "actual")
            of_years = [place.told(chosen.part, kind, year) for year in years for kind in kinds]
            told = tuple(of_year for of_year in of_years if of_year.claim.states)
            if told:
                found.append(OverYears(name, told))
        return years, sorted(found, key=lambda one: -len(one.told))


def indicators_of(answerer: Answerer, reports: Sequence[Report]) -> list[str]:
    """The indicators that reports give figures of, those first that most of them do."""
    counts: Counter[str] = Counter()
    for report in reports:
        names = {one.indicator for one in answerer.library.figures(report.id) if one.indicator in indicators()}
        counts.update(name for name in names if name)
    order = list(indicators())
    return sorted(counts, key=lambda name: (-counts[name], order.index(name)))


def _context(answerer: Answerer, reports: Sequence[Report], chosen: Chosen, course: Course | None = None) -> Context:
    """As of a question for ``chosen`` that names the places of ``reports``."""
    places = tuple(dict.fromkeys(report.place or report.name for report in reports))
    years = (chosen.year,) if chosen.year is not None else ()
    intent = Intent.TREND if course is not None else Intent.FIGURE
    scope = Scope(places, of_ids(tuple(report.id for report in reports)), named=True)
    query = Query(chosen.indicator.name, intent, (chosen.part,), scope, years, course=course)
    return answerer.context(query)
