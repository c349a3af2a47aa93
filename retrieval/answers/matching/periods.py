"""Which figures of a report are of the several years that a question asks about: a period's sums and means, never a year's own."""

from __future__ import annotations

import re

from retrieval.language.folding import fold
from retrieval.language.measures import traits_of
from retrieval.language.periods import period_end
from retrieval.models import Figure, Kind, Report
from retrieval.ports import LibraryView
from retrieval.question.periods import Several
from retrieval.report.outline import section_path

_PLAN = re.compile(r"(?<![比较])“?十[一二三四五六]五”?(?!规划|开局|收官)")
_PLAN_YEARS = 5


def choices_over_years(report: Report, several: Several, aim: Kind | None) -> tuple[tuple[Kind, int | None], ...]:
    """The kinds and years of figures that answer for several years, in the order of preference; None is no single year.

    What is to be reached in their last year is told of that year: 到2030年…达到70%.
    """
    kinds: tuple[Kind, ...] = (aim,) if aim else _kinds(report, several)
    choices: list[tuple[Kind, int | None]] = [] if several.at_end else [(kind, None) for kind in kinds]
    end = several.plan_end
    if several.ahead and several.count and report.plan_year:
        end = report.plan_year + several.count - 1
    if end is not None and not several.mean:
        later = report.plan_year is not None and end > report.plan_year
        choices += [(kind, end) for kind in kinds if several.at_end or (kind == "target" and later)]
    return tuple(choices)


def _kinds(report: Report, several: Several) -> tuple[Kind, ...]:
    if several.ahead:
        return ("target",)
    if several.behind:
        return ("actual",)
    if several.plan_end is None or report.review_year is None:
        return ("actual", "target")
    if several.plan_end <= report.review_year:
        return ("actual",)
    return ("target",) if several.plan_end - _PLAN_YEARS >= report.review_year else ("target", "actual")


def is_of_several(library: LibraryView, report: Report, several: Several, figure: Figure) -> bool:
    """Whether a figure can be that of the several years asked about."""
    if figure.earlier or (several.mean and not figure.mean):
        return False
    if figure.year is not None:
        return traits_of(figure.measure).stands
    return several.plan_end is None or _is_of_plan(library, report, several.plan_end, figure)


def _is_of_plan(library: LibraryView, report: Report, end: int, figure: Figure) -> bool:
    """Whether the five-year plan named last before a figure, or in its headings, is the one that ends in ``end``."""
    text = library.text(report.id)
    paragraph = text[text.rfind("\n", 0, figure.start) + 1 : figure.start]
    for said in (paragraph, *reversed(section_path(library.outline(report.id), figure.section))):
        plans = _PLAN.findall(fold(said))
        if plans:
            return period_end(plans[-1]) == end
    if figure.kind == "target":
        return report.plan_year is not None and end == report.plan_year + _PLAN_YEARS - 1
    return end == report.review_year
