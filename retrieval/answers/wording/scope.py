"""Saying which places and years a library holds, where others were asked about."""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.messages import message
from retrieval.models import Report
from retrieval.ports import LibraryView
from retrieval.question.query import Query
from retrieval.question.scope import Scope

_LISTED = 8


def no_place(library: LibraryView, scope: Scope) -> str:
    """That no report is of the places asked about, and which places are near."""
    lines = [message("answers.no_place", place=message("answers.list_glue").join(scope.missing))]
    if scope.inside:
        lines.append(message("answers.inside", places=_listed(scope.inside)))
    if scope.above:
        lines.append(message("answers.above", places=_listed(scope.above)))
    if scope.suggested:
        lines.append(message("answers.suggested", places=_listed(scope.suggested)))
    if not (scope.inside or scope.above or scope.suggested):
        places = tuple(dict.fromkeys(report.place or "" for report in library.reports() if report.place))
        lines.append(message("answers.held", places=_listed(places)))
    return "\n".join(lines)


def no_year(query: Query, reports: Sequence[Report]) -> str:
    """That ``reports`` don't cover the years asked about, and which they do."""
    years = sorted({year for r in reports for year in (r.review_year, r.plan_year) if year is not None})
    return message(
        "answers.no_year",
        place=message("answers.list_glue").join(query.scope.places) or message("answers.library"),
        year=message("answers.list_glue").join(map(str, query.years)),
        held=message("answers.list_glue").join(map(str, years)),
    )


def with_notes(answer: str, scope: Scope) -> str:
    """``answer`` with what a place's name was taken for, where it was written otherwise."""
    if scope.heard_as and scope.heard_as[0] != scope.heard_as[1] and re.search(r"[\u4e00-\u9fff]", scope.heard_as[0]):
        return f"{answer}\n{message('answers.heard_as', written=scope.heard_as[0], place=scope.heard_as[1])}"
    return answer


def example(library: LibraryView) -> str:
    """A question that the library answers."""
    report = next((r for r in library.reports() if r.place and r.plan_year), None)
    if report is None:
        return message("answers.example_any")
    return message("answers.example", place=report.place, year=report.plan_year)


def _listed(places: Sequence[str]) -> str:
    text = message("answers.list_glue").join(places[:_LISTED])
    return text + (message("answers.and_others") if len(places) > _LISTED else "")
