"""Answering about the library itself: of which places it has reports, how many, and which were given on a day."""

from __future__ import annotations

from dataclasses import replace

from retrieval.answers.claims import Answer, Claim, Line, absent, claim, merged, said
from retrieval.answers.context import Context
from retrieval.answers.missing_scope import no_year
from retrieval.answers.quoting import evidence, shown
from retrieval.models import Report
from retrieval.reach import ALL

_LISTED = 100  # reports; more lines than that nobody reads


def answer_holdings(context: Context) -> Answer:
    """The reports that are meant, a line each, with the line that tells their title or day; not found where none is."""
    years = context.query.years
    reports = [one for one in context.library.reports(replace(context.reach, years=years)) if not years or one.year in years]
    if not reports:
        return said(no_year(context, ALL))
    if context.query.day is None:
        return _listed(context, claim("library_holds", count=len(reports)), reports, "title")
    month, day = context.query.day
    given = [report for report in reports if (report.delivered_on or "")[5:] == f"{month:02}-{day:02}"]
    if not given:
        return said(absent("library_none_on", count=len(reports), month=month, day=day))
    title = claim("library_given_on", count=len(given), month=month, day=day, scanned=len(reports))
    return _listed(context, title, given, "delivered_on")


def _listed(context: Context, title: Claim, reports: list[Report], field: str) -> Answer:
    """``reports`` under a title, each proved by the line that its ``field`` was read from."""
    lines = [_line_of(report) for report in reports[:_LISTED]]
    if len(reports) > _LISTED:
        lines.append(claim("library_more", count=len(reports) - _LISTED))
    quotes = merged(found for report in reports[:_LISTED] for found in evidence(context.library, report, field))
    return Answer("answered", tuple(Line((one,)) for one in (title, *lines)), quotes)


def _line_of(report: Report) -> Claim:
    """A report by its place and year; what is about one is called what it is."""
    line = "mentioned_line" if report.kind in ("report", "other") else f"library_{report.kind}"
    return claim(line, place=shown(report), year=report.year or "")
