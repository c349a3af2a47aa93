"""Questions to begin with, made from what a library holds and tried before they are shown."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from retrieval.answers.answerer import Answerer
from retrieval.answers.askable import askable
from retrieval.messages import message
from retrieval.models import Kind

_WANTED = 3
_TRIED = 12
_LOOKED_AT = 50  # reports


def example_questions(answerer: Answerer) -> tuple[str, ...]:
    """Up to three questions of different kinds that this library answers; none where it is empty."""

    def choose() -> tuple[str, ...]:
        targets, results = _for_figures(answerer, "target"), _for_figures(answerer, "actual")
        kinds = (targets, results, _for_problems(answerer), targets, results)
        return tuple(islice((one for kind in kinds for one in islice(kind, 1)), _WANTED))

    with answerer.library.snapshot():
        return answerer.library.kept("example questions", choose)


def _for_figures(answerer: Answerer, kind: Kind) -> Iterator[str]:
    """Questions for targets, of the first reports, or for results, of the last ones."""
    context = answerer.context(answerer.read([message("examples.holdings")]))
    reports = answerer.library.reports(count=_LOOKED_AT if kind == "target" else -_LOOKED_AT)
    for report in (one for one in reports if one.plan_year and one.review_year):
        yield from (one.question for one in askable(context, report) if one.kind == kind)


def _for_problems(answerer: Answerer) -> Iterator[str]:
    library = answerer.library
    dated = (report for report in library.reports(count=_LOOKED_AT) if report.place and report.review_year)
    tellers = (report for report in dated if any(section.period == "problems" for section in library.outline(report.id)))
    questions = (message("examples.problems", place=report.place, year=report.review_year) for report in tellers)
    return (question for question in islice(questions, _TRIED) if answerer.ask([question]).status == "answered")
