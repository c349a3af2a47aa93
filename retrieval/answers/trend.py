"""Answering how a figure of a place went on over years, and how two years differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from retrieval.answers.claims import Answer, Claim, Computed, Listed, Values, Word, claim, merged
from retrieval.answers.comparing import difference_of, prevailing
from retrieval.answers.composition import said_in_tables
from retrieval.answers.context import Context
from retrieval.answers.missing_scope import lacking
from retrieval.answers.place_years import PlaceYears, Told, quotes_of, status_of, subject_told
from retrieval.answers.table import Table
from retrieval.answers.wording.renderer import words_of
from retrieval.models import Kind
from retrieval.question.query import Course, Part

_SHOWN_PASSAGES = 10
_LONGEST = 30  # years


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
    years = _years(place, course)
    tables = [table for part in course.parts if (table := _trend_of(place, part, years)) is not None]
    if not tables and course.against:  # no amounts: then how the rates differ
        rates = (replace(part, measure=None) for part in course.parts)
        tables = [table for part in rates if (table := _trend_of(place, part, years)) is not None]
    return _joined(tables)


def _years(place: PlaceYears, course: Course) -> list[int]:
    if course.first is not None and course.last is not None:
        if course.against:
            return [course.first, course.last]
        return list(range(course.first, min(course.last, course.first + _LONGEST - 1) + 1))
    if course.count is not None:
        # 近三年 ends with the last year that was reviewed; what is planned after it is shown, too.
        last = place.last_reviewed or max(place.years)
        return [year for year in place.years if year > last - course.count]
    return place.years


def _trend_of(place: PlaceYears, part: Part, years: Sequence[int]) -> Table | None:
    kinds: tuple[Kind, ...] = (part.aim,) if part.aim else ("target", "actual")
    told = [place.told(part, kind, year) for year in years for kind in kinds]
    standard = prevailing([[one.figure] for one in told if one.figure])
    if part.measure is None and standard and standard[0] in ("growth", "level"):
        measured = replace(part, measure="growth" if standard[0] == "growth" else "level")
        told = [place.told(measured, kind, year) for year in years for kind in kinds]
    stated = [one for one in told if one.state != "absent"]
    if not stated:
        return None
    subject = Listed(subject_told(part, stated), glue="")
    claims = [claim("trend_title", place=place.name, subject=subject)]
    for year in years:
        of_year = [one for one in stated if one.year == year]
        if not of_year:
            claims.append(claim("trend_absent" if year in place.years else "trend_no_report", year=year))
        claims += map(_of_year, of_year)
    claims += _change(told)
    title = words_of(Listed((place.name, subject), glue=""))
    return Table(status_of(stated), tuple(claims), quotes_of(stated), place.comparison(title, told))


def _of_year(one: Told) -> Claim:
    kind = claim(f"kinds.{one.kind}")
    if one.state == "blank":
        return claim("trend_blank", year=one.year, kind=kind)
    words: dict[str, Word] = {"year": one.year, "kind": kind, "value": Values(one.claim.figures)}
    return Claim("trend_line", "answered", one.claim.report, words, one.claim.figures, one.claim.quotes, one.claim.notes)


def _change(told: Sequence[Told]) -> list[Claim]:
    """How far the last result is from the first, where they can be compared."""
    results = [one for one in told if one.kind == "actual" and one.figure]
    if len(results) < 2:
        stated = [one for one in told if one.figure]
        return _apart(*stated) if len(stated) == 2 and stated[0].year != stated[1].year else []
    first, last = results[0], results[-1]
    apart = difference_of(first.figure, last.figure)
    if apart is None:
        return []
    kind = "trend_rose" if apart > 0 else "trend_fell" if apart < 0 else "trend_same"
    value = Computed(abs(apart), last.figure.unit if last.figure else "", difference=True)
    return [claim(kind, first=first.year, last=last.year, value=value)]


def _apart(first: Told, last: Told) -> list[Claim]:
    """How far two figures of different kinds are apart: next year's target from this year's result."""
    apart = difference_of(first.figure, last.figure)
    if apart is None or first.figure is None:
        return []
    return [claim("trend_apart", value=Computed(abs(apart), first.figure.unit, difference=True))]


def _joined(tables: Sequence[Table]) -> Table | None:
    """Several tables as one; the first's chart."""
    if not tables:
        return None
    return Table(
        "answered" if any(table.status == "answered" for table in tables) else "blank",
        tuple(one for table in tables for one in table.claims),
        merged(quote for table in tables for quote in table.quotes),
        tables[0].comparison,
    )
