"""Questions that a report is certain to answer: made from its figures, tried on them, and kept until the library changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from retrieval.answers.context import Context, PartOfReport
from retrieval.answers.figure import state_figure
from retrieval.language.indicators import indicators
from retrieval.messages import message, spoken
from retrieval.models import Figure, Kind, Report
from retrieval.question.query import When, part_for

_OF_KIND = 4  # questions for a target, and for a result
_TRIED = 10  # figures
_LOOKED_AT = 50  # reports


@dataclass(frozen=True)
class Askable:
    """A question for a figure, and what it is for."""

    question: str
    indicator: str
    kind: Kind


def askable(context: Context, report: Report) -> tuple[Askable, ...]:
    """Questions for main targets and results of ``report``; none where its place has no name of its own."""

    def make() -> tuple[Askable, ...]:
        return tuple(one for kind in ("target", "actual") for one in _of_kind(context, report, kind))

    # Whether a name means one place is a matter of the other reports, too: it is not kept with this one.
    return context.library.kept_of(report.id, f"askable {spoken()}", make) if names_one_place(context, report) else ()


def example_question(context: Context) -> str:
    """A question that the library answers: for a figure of the first report that states one, else which reports there are."""
    for report in context.library.reports(count=_LOOKED_AT):
        if found := askable(context, report):
            return found[0].question
    return message("examples.holdings")


def names_one_place(context: Context, report: Report) -> bool:
    """Whether the name of a report's place means no other place of the library."""
    return report.place is not None and context.held.is_one(report.place)


def _of_kind(context: Context, report: Report, kind: Kind) -> Iterator[Askable]:
    year = report.plan_year if kind == "target" else report.review_year
    if year is None:
        return
    names: set[str] = set()
    stated = [one for one in context.library.figures(report.id) if _may_be_asked(one, kind, year)]
    stated.sort(key=lambda one: not one.primary)
    for figure in stated[:_TRIED]:
        if figure.indicator is None or figure.indicator in names or not _is_answered(context, report, figure, year):
            continue
        names.add(figure.indicator)
        key = f"examples.{kind}_growth" if figure.measure == "growth" else f"examples.{kind}"
        yield Askable(message(key, place=report.place, year=year, indicator=figure.indicator), figure.indicator, kind)
        if len(names) == _OF_KIND:
            return


def _may_be_asked(figure: Figure, kind: Kind, year: int) -> bool:
    plain = figure.indicator is not None and figure.measure in ("growth", "level") and not figure.direction
    return plain and (figure.kind, figure.year) == (kind, year) and not (figure.blank or figure.stretch or figure.in_words)


def _is_answered(context: Context, report: Report, figure: Figure, year: int) -> bool:
    """Whether the question for a figure is answered, and by its number."""
    measure = "growth" if figure.measure == "growth" else None
    part = part_for(indicators()[figure.indicator or ""], figure.kind, measure, When((year,)))
    told = state_figure(PartOfReport(context, report, part, year, ()))
    return told.status == "answered" and any(one.value == figure.value for one in told.figures)
