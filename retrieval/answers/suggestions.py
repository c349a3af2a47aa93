"""What may be asked next: up to four questions, each certain to be answered, made from the figures that the library has."""

from __future__ import annotations

from collections.abc import Iterator

from retrieval.answers.askable import Askable, askable, names_one_place
from retrieval.answers.claims import Answer
from retrieval.answers.context import Context
from retrieval.messages import message
from retrieval.models import Report
from retrieval.question.query import Intent

_SUGGESTED, _INSTEAD = 3, 4  # after an answer, and where nothing states it
_REPORTS = 3  # whose figures are looked at
_OF_FIGURES = 2  # questions for other figures of the report


def suggestions(context: Context, answer: Answer) -> tuple[str, ...]:
    """Questions that go on from an answer, or that are near to one that could not be given."""
    most = _SUGGESTED if answer.states else _INSTEAD
    found: dict[str, None] = {}
    for report in _near(context, answer):
        for question in _of_report(context, report):
            found.setdefault(question)
            if len(found) == most:
                return tuple(found)
    if not found and context.held.of_name and context.query.intent is not Intent.HOLDINGS:
        found.setdefault(message("examples.holdings"))
    return tuple(found)


def _near(context: Context, answer: Answer) -> list[Report]:
    """The reports that an answer is from, or that a question is about, the latest first; else the first ones of the library."""
    library, reach = context.library, context.query.scope.reach
    if quoted := list(dict.fromkeys(quote.report for quote in answer.quotes)):
        return quoted[:_REPORTS]
    if reach is None:
        return library.reports(count=_REPORTS)
    return sorted(library.reports(reach), key=lambda report: -(report.year or 0))[:_REPORTS]


def _of_report(context: Context, report: Report) -> Iterator[str]:
    """The same indicator's other kind first, then other main figures of the report, then all of it."""
    of_report = askable(context, report)
    asked = {indicator.name: part.aim for part in context.query.parts for indicator in part.indicators}
    same = [one for one in of_report if one.indicator in asked and one.kind != (asked[one.indicator] or "actual")]
    others = [one for one in of_report if one.indicator not in asked]
    yield from (one.question for one in same)
    yield from (one.question for one in _of_both_kinds(others))
    if of_report and names_one_place(context, report) and context.query.intent is not Intent.OVERVIEW:
        yield message("examples.overview", place=report.place)


def _of_both_kinds(of_report: list[Askable]) -> list[Askable]:
    """The first for a target and the first for a result, so that neither crowds out the other."""
    firsts = [next((one for one in of_report if one.kind == kind), None) for kind in ("target", "actual")]
    return [one for one in firsts if one is not None][:_OF_FIGURES]
