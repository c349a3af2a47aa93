"""Answering over years: how a figure of a place went on, which year is the highest, how two years differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.answers.claims import Answer, Listed, Word, absent, claim, merged
from retrieval.answers.comparing import all_fall, prevailing, quantity
from retrieval.answers.comparison import Row, by_fall, of_standard
from retrieval.answers.composition import said_in_tables
from retrieval.answers.context import Context
from retrieval.answers.matching.times import relative_year
from retrieval.answers.missing_scope import lacking
from retrieval.answers.place_years import PlaceYears, Told, subject_told
from retrieval.answers.table import Table
from retrieval.answers.year_table import YearTable
from retrieval.models import Kind
from retrieval.question.query import Course, Part, Point

_SHOWN_PASSAGES = 10
_LONGEST = 100  # years


@dataclass(frozen=True)
class _Cell:
    """A year of the grid, and the kinds of which the first that is stated is told; all that are, where ``each``."""

    year: int
    kinds: tuple[Kind, ...]
    each: bool = False


def answer_trend(context: Context) -> Answer | None:
    """The years asked for, each with its target and its result; None where the library has but one year of each place."""
    course = context.query.course
    places = context.by_place(context.reports)
    several = any(len({one.year for one in reports}) > 1 for reports in places)
    if course is None or not (course.against or (several and not course.together)):
        return None
    return answer_over_years(context)


def answer_over_years(context: Context) -> Answer | None:
    """As :func:`answer_trend`, if it is of one year only; None where no report states any."""
    course = context.query.course
    if course is None or not context.complete:
        return None
    ranked = context.ranked(context.reports)
    places = [PlaceYears(context, reports, ranked) for reports in context.by_place(context.reports)]
    tables = [table for place in places if (table := _trend(place, course)) is not None]
    if not tables:
        return None
    answer = said_in_tables(context, tables, lacking(context.query, []))
    return replace(answer, passages=tuple(ranked[:_SHOWN_PASSAGES]))


def _trend(place: PlaceYears, course: Course) -> Table | None:
    if not place.years:
        return None
    tables = [table for part in course.parts if (table := _trend_of(place, part, course)) is not None]
    if not tables and course.changed:  # no amounts: then how the rates differ
        rates = (replace(part, measure=None) for part in course.parts)
        tables = [table for part in rates if (table := _trend_of(place, part, course)) is not None]
    return _joined(tables)


def _trend_of(place: PlaceYears, part: Part, course: Course) -> Table | None:
    """The table of one thing over the years asked for; None where no report states it of any."""
    if course.against:
        rows, told = _rows(place, part, _points(place, course.against))
    elif course.selection and part.aim is None:
        part, rows, told = _of_one_kind(place, part, course)
    else:
        rows, told = _rows(place, part, _cells(place, part, course))
    stated = [one for one in told if one.state != "absent"]
    if not stated:
        return None
    subject = Listed(subject_told(part, stated), glue="")
    return YearTable(place, part, subject, course.selection, rows, changed=course.changed).table()


def _of_one_kind(place: PlaceYears, part: Part, course: Course) -> tuple[Part, list[Row], list[Told]]:
    """Results where lines are to be compared, unless targets are what the reports state."""
    of_results, of_targets = (replace(part, aim="actual"), replace(part, aim="target"))
    results = _rows(place, of_results, _cells(place, of_results, course))
    targets = _rows(place, of_targets, _cells(place, of_targets, course))
    counts = [sum(row.quantity is not None for row in rows) for rows, _ in (results, targets)]
    return (of_targets, *targets) if counts[1] > 2 * counts[0] else (of_results, *results)


def _cells(place: PlaceYears, part: Part, course: Course) -> list[_Cell]:
    kinds: tuple[Kind, ...] = (part.aim,) if part.aim else ("target", "actual")
    return [_Cell(year, kinds, each=True) for year in _years(place, part, course)]


def _years(place: PlaceYears, part: Part, course: Course) -> list[int]:
    asked, held = course.years, place.years_of(part.aim)
    if asked.named:
        return sorted(asked.named)
    if asked.first is not None:
        last = asked.last if asked.last is not None else max(held)
        return list(range(asked.first, min(last, asked.first + _LONGEST - 1) + 1))
    first = min(held)
    if asked.count is not None:
        # 近三年 ends with the last year that was reviewed; what is planned after it is shown, too.
        newest = (place.last_reviewed if part.aim is None else None) or max(held)
        first = max(first, newest - asked.count + 1)
    return list(range(first, max(held) + 1))


def _points(place: PlaceYears, against: tuple[Point, Point]) -> list[_Cell]:
    """The two sides of a difference, the earlier year first; of a year that has no target, its result."""
    cells = []
    for point, other in (against, against[::-1]):
        kinds: tuple[Kind, ...] = (point.aim,) if point.aim else ("target", "actual")
        if point.aim == "target" == other.aim and point is against[1]:
            kinds = ("target", "actual")
        if (year := _year_of(place, point)) is not None:
            cells.append(_Cell(year, kinds, point.aim is None))
    return sorted(cells, key=lambda cell: cell.year)


def _year_of(place: PlaceYears, point: Point) -> int | None:
    latest = place.reports[0]
    if point.when.year is not None:
        return point.when.year
    if point.when.relative is not None:
        return relative_year(latest, point.when.relative)
    return latest.plan_year if point.aim == "target" else latest.review_year


def _rows(place: PlaceYears, part: Part, cells: Sequence[_Cell]) -> tuple[list[Row], list[Told]]:
    """A row for each year and kind that is stated, one for a year of which nothing is, all of one measure where that can be."""
    told = [_told(place, part, cell) for cell in cells]
    standard = prevailing([[one.figure] for of_cell in told for one in of_cell if one.figure])
    if part.measure is None and standard and standard[0] in ("growth", "level"):
        measured = replace(part, measure=standard[0])
        told = [_told(place, measured, cell) for cell in cells]
        standard = prevailing([[one.figure] for of_cell in told for one in of_cell if one.figure])
    rows: list[Row] = []
    for cell, of_cell in zip(cells, told, strict=True):
        stated = [one for one in of_cell if one.state != "absent"]
        rows += [_row(one, standard) for one in stated]
        if not stated:
            report = next((found for kind in cell.kinds if (found := place.report_of(kind, cell.year))), None)
            rows.append(Row(claim("year", year=cell.year), report, absent("it", report), None, None, cell.year))
    figures = [row.figure for row in rows if row.figure and row.quantity]
    return ([by_fall(row) for row in rows] if all_fall(figures) else rows), [one for of_cell in told for one in of_cell]


def _told(place: PlaceYears, part: Part, cell: _Cell) -> list[Told]:
    told = [place.told(part, kind, cell.year) for kind in cell.kinds]
    return told if cell.each else [next((one for one in told if one.state != "absent"), told[0])]


def _row(one: Told, standard: tuple[str, str] | None) -> Row:
    name: Word = claim("year_of_kind", year=one.year, kind=claim(f"kinds.{one.kind}"))
    figure = of_standard(standard, one.figures)
    told = figure or one.figure or next(iter(one.claim.figures), None)
    return Row(name, one.claim.report, one.claim, told, quantity(figure) if figure else None, one.year)


def _joined(tables: Sequence[Table]) -> Table | None:
    """Several tables as one; the first's chart."""
    if not tables:
        return None
    return Table(
        "answered" if any(table.status == "answered" for table in tables) else "blank",
        tuple(one for table in tables for one in table.claims),
        merged(quote for table in tables for quote in table.quotes),
        tables[0].chart,
    )
