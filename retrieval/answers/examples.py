"""Questions to begin with, made from what a library holds and tried before they are shown."""

from __future__ import annotations

from collections.abc import Iterator

from retrieval.answers.answerer import Answerer
from retrieval.messages import message
from retrieval.models import Figure, Report
from retrieval.ports import LibraryView

_WANTED = 3
_TRIED = 12


def example_questions(answerer: Answerer) -> tuple[str, ...]:
    """Up to three questions of different kinds that this library answers; none where it is empty."""

    def choose() -> tuple[str, ...]:
        chosen: list[str] = []
        for kind in (_targets, _results, _problems, _targets, _results):
            if len(chosen) == _WANTED:
                break
            for _, question in zip(range(_TRIED), kind(answerer.library), strict=False):
                if question not in chosen and answerer.ask([question]).status == "answered":
                    chosen.append(question)
                    break
        return tuple(chosen)

    with answerer.library.snapshot():
        questions: tuple[str, ...] = answerer.library.kept("example questions", choose)
    return questions


def _targets(library: LibraryView) -> Iterator[str]:
    for report in _with_years(library):
        for figure in _first(library, report, "target"):
            key = "examples.target_growth" if figure.measure == "growth" else "examples.target"
            yield message(key, place=report.place, year=figure.year, indicator=figure.indicator)


def _results(library: LibraryView) -> Iterator[str]:
    for report in reversed(_with_years(library)):
        for figure in _first(library, report, "actual"):
            key = "examples.actual_growth" if figure.measure == "growth" else "examples.actual"
            yield message(key, place=report.place, year=figure.year, indicator=figure.indicator)


def _problems(library: LibraryView) -> Iterator[str]:
    for report in _with_years(library):
        if any(section.period == "problems" for section in library.outline(report.id)):
            yield message("examples.problems", place=report.place, year=report.review_year)


def _with_years(library: LibraryView) -> list[Report]:
    return [report for report in library.reports() if report.place and report.plan_year and report.review_year]


def _first(library: LibraryView, report: Report, kind: str) -> list[Figure]:
    year = report.plan_year if kind == "target" else report.review_year
    return [
        figure
        for figure in library.figures(report.id)
        if figure.kind == kind
        and figure.indicator
        and figure.year == year
        and figure.measure in ("growth", "level")
        and not figure.blank
        and not figure.stretch
    ][:3]
