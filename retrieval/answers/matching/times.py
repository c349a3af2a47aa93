"""Which kinds and years of figures a part of a question may be answered with."""

from __future__ import annotations

from dataclasses import dataclass

from retrieval.answers.matching.periods import choices_over_years
from retrieval.models import Kind, Report
from retrieval.question.query import Part, Relative


@dataclass(frozen=True)
class Choices:
    """The kinds and years of figures that a part may be answered with, in the order of preference."""

    pairs: tuple[tuple[Kind, int | None], ...]
    asked_year: int | None
    aim: Kind | None


def choices(report: Report, part: Part, year: int | None) -> Choices:
    """Target or result, and of which year, a part asks of this report. 今年 is the year planned for."""
    if part.when.several is not None:
        return Choices(choices_over_years(report, part.when.several, part.aim), None, part.aim)
    if part.when.relative is not None and year is None:
        year = relative_year(report, part.when.relative)
        if year is None:
            return Choices((), None, part.aim)
    if year is None:
        pairs: list[tuple[Kind, int | None]] = [("actual", report.review_year), ("target", report.plan_year)]
    elif year == report.plan_year != report.review_year:
        pairs = [("target", year)]
    elif year == report.review_year != report.plan_year:
        pairs = [("actual", year)]
    else:
        pairs = [("actual", year), ("target", year)]
    if part.aim is not None:
        pairs = [(part.aim, asked) for kind, asked in pairs if kind == part.aim] or [(part.aim, year)]
    yearless = report.year is None  # a report that names no year: what it tells is of its own
    return Choices(tuple((kind, asked) for kind, asked in pairs if asked is not None or yearless), year, part.aim)


def over_several_years(part: Part, chosen: Choices) -> tuple[tuple[Kind, None], ...]:
    """Results over several years, where no year is asked for and what is counted is no indicator: 2018年以来累计关闭企业73家."""
    plain = part.when.said or part.indicators or chosen.aim == "target" or chosen.asked_year is not None
    return () if plain else (("actual", None),)


def relative_year(report: Report, relative: Relative) -> int | None:
    """The year that 今年, 去年, ... stand for in a question about ``report``; None where it can't be told."""
    years = {
        "this": report.plan_year,
        "last": report.review_year,
        "before_last": report.review_year - 1 if report.review_year else None,
        "next": report.year_said_now + 1 if report.year_said_now else None,
        "after_next": report.year_said_now + 2 if report.year_said_now else None,
    }
    return years[relative]
