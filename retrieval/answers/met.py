"""Answering whether targets were met: each target of a year beside its result, with the difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from retrieval.answers.claims import Answer, Claim, Computed, Listed, Values, Word, absent, claim, said
from retrieval.answers.comparing import quantity
from retrieval.answers.composition import said_in_tables
from retrieval.answers.context import Context
from retrieval.answers.missing_scope import lacking
from retrieval.answers.place_years import PlaceYears, Told, quotes_of, status_of, subject_told
from retrieval.answers.quoting import shown
from retrieval.answers.table import Table
from retrieval.language.indicators import indicators
from retrieval.models import Report
from retrieval.question.query import Course, Part, part_for

_SHOWN_PASSAGES = 10
_CEILINGS = ("以内", "以下", "之内", "不超过", "不高于", "不多于")
_MOST_TARGETS = 12


def answer_met(context: Context) -> Answer | None:
    """The targets asked about, each with its result, place by place; None where no result is stated."""
    course = context.query.course
    if course is None or not context.complete:
        return None
    ranked = context.ranked(context.reports)
    places = context.by_place(context.reports)
    tables = [_met(PlaceYears(context, reports, ranked), course, _year_of(context, reports)) for reports in places]
    found = [table for table in tables if table is not None]
    if not found:
        unknown = len(places) == 1 and not course.parts
        return said(absent("met_unknown", place=shown(places[0][0]))) if unknown else None
    answer = said_in_tables(context, found, lacking(context.query, []))
    return replace(answer, passages=tuple(ranked[:_SHOWN_PASSAGES]))


def _year_of(context: Context, reports: Sequence[Report]) -> int | None:
    """The year whose targets are asked about; 去年 is the one that the latest report reviews."""
    latest = max(reports, key=lambda report: report.year or 0)
    if context.query.years:
        return context.query.years[0]
    return {"this": latest.plan_year, "last": latest.review_year}.get(context.query.relative or "", latest.review_year)


def _met(place: PlaceYears, course: Course, year: int | None) -> Table | None:
    """Each target of ``year`` (the last year reviewed where None) beside its result.

    Without a subject, all main targets that the report of the year before set. None where no result is stated.
    """
    year = year if year is not None else place.last_reviewed
    if year is None:
        return None
    pairs = []
    for part in course.parts or _main_targets(place, year):
        target = place.told(part, "target", year, set_before=True)
        pairs.append((part, target, _result_beside(place, part, target)))
    told = [one for _, target, result in pairs for one in (target, result) if one.state != "absent"]
    if not told or (course.parts and all(result.state == "absent" for _, _, result in pairs)):
        return None
    claims: list[Claim] = []
    if all(target.state == "absent" for _, target, _ in pairs):
        claims.append(claim("met_no_target", place=place.name, year=year))
    elif len(pairs) > 1:
        claims.append(claim("met_title", place=place.name, year=year))
    for part, target, result in pairs:
        if target.state != "absent" or result.state != "absent":
            claims.append(_pair(part, target, result, place.name if len(pairs) == 1 else ""))
    chart = None
    if len(pairs) == 1:
        part, target, result = pairs[0]
        chart = place.chart(Listed((place.name, *subject_told(part, told)), glue=""), [target, result])
    return Table(status_of(told), tuple(claims), quotes_of(told), chart)


def _result_beside(place: PlaceYears, part: Part, target: Told) -> Told:
    """The result of a target's year, of the target's measure where there is one: a rate beside a rate."""
    told = place.told(part, "actual", target.year).like(target.figure)
    aimed, reached = target.figure, told.figure
    if aimed is None or reached is None or aimed.measure == reached.measure or aimed.measure not in ("growth", "level"):
        return told
    again = place.told(replace(part, measure=aimed.measure), "actual", target.year)
    return again if again.figure and again.figure.measure == aimed.measure else told


def _main_targets(place: PlaceYears, year: int) -> tuple[Part, ...]:
    """The indicators that a report set main targets for, in its order."""
    names: dict[str, None] = {}
    for report in place.reports:
        for figure in place.context.library.figures(report.id):
            main = figure.primary and figure.kind == "target" and not figure.stretch
            if main and figure.indicator and figure.year == year != report.review_year:
                names.setdefault(figure.indicator)
    known = indicators()
    return tuple(part_for(known[name]) for name in list(names)[:_MOST_TARGETS])


def _pair(part: Part, target: Told, result: Told, place: str) -> Claim:
    """A target and its result; ``place`` is named where they stand alone."""
    of: tuple[Word, ...] = (place, claim("year", year=result.year)) if place else ()
    told = [one for one in (target, result) if one.state == "stated"]
    return Claim(
        "met_line",
        status_of([target, result]),
        result.claim.report or target.claim.report,
        {
            "subject": Listed((*of, *subject_told(part, [target, result])), glue=""),
            "target": _value(target),
            "result": _value(result),
            "verdict": _verdict(target, result) or "",
        },
        tuple(figure for one in told for figure in one.claim.figures),
        quotes_of(told),
    )


def _value(told: Told) -> Word:
    return Values(told.claim.figures) if told.state == "stated" else claim(f"met_{told.state}")


def _verdict(target: Told, result: Told) -> Claim | None:
    """Whether the result reaches the target, with the difference; None where that can't be told."""
    if target.figure is None or result.figure is None:
        return None
    aimed, reached = quantity(target.figure), quantity(result.figure)
    same = aimed and reached and aimed.dimension == reached.dimension and target.figure.measure == result.figure.measure
    if aimed is None or reached is None or not same:
        return claim("met_other")
    indicator = indicators().get(target.figure.indicator or "")
    ceiling = target.figure.comparator in _CEILINGS or (indicator is not None and indicator.lower)
    apart = (aimed.high - reached.high) if ceiling else (reached.low - aimed.low)
    if abs(apart) < 1e-9 * max(abs(aimed.low), 1.0):
        return claim("met_even")
    value = Computed(abs(apart), target.figure.unit, difference=True)
    if apart > 0:
        return claim("met_below_ceiling" if ceiling else "met", value=value)
    if target.figure.comparator == "左右":
        return claim("met_about_ceiling" if ceiling else "met_about", value=value)
    return claim("not_met_ceiling" if ceiling else "not_met", value=value)
