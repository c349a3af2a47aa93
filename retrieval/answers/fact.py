"""Answering for facts about a report itself: who gave it, when, at which meeting, where it was published."""

from __future__ import annotations

from retrieval.answers.findings import Finding, not_found, quote, shown
from retrieval.messages import message
from retrieval.models import Report
from retrieval.ports import LibraryView
from retrieval.question.query import Part
from retrieval.replies import Quote

_STATED = {"speaker": "speaker", "delivered_on": "delivered_on", "meeting": "meeting", "source": "source", "title": "title"}


def answer_fact(library: LibraryView, report: Report, ask: Part) -> Finding:
    """The fact as the report states it; the quote is the line it was read from."""
    assert ask.fact is not None
    place, year = shown(report), report.year or ""
    if ask.fact == "years":
        text = _years(report)
        return Finding("answered", text, text, _line(library, report, "title"), report)
    value = getattr(report, _STATED[ask.fact])
    if value is None or (ask.office and not _holds(report, ask.office)):
        what = ask.office or message(f"fields.{ask.fact}")
        return not_found(message("answers.no_fact", place=place, year=year, what=what), report)
    if ask.fact == "delivered_on":
        year_, month, day = map(int, value.split("-"))
        value = message("answers.date", year=year_, month=month, day=day)
    text = message(f"answers.fact_{ask.fact}", value=value, place=place, year=year, office=report.office or "")
    return Finding("answered", text, text, _line(library, report, ask.fact), report, (value,))


def _holds(report: Report, office: str) -> bool:
    """Whether the speaker holds the office asked for: 代省长 is 省长, but 副镇长 is not 镇长."""
    return bool(report.office) and (report.office or "").endswith(office) and not office.startswith("副")


def _line(library: LibraryView, report: Report, field: str) -> tuple[Quote, ...]:
    span = library.evidence(report.id).get(field)
    return (quote(library, report, span),) if span else ()


def _years(report: Report) -> str:
    place = shown(report)
    if report.plan_year is None:
        return message("answers.years_review", place=place, review=report.review_year or "")
    return message("answers.years_both", place=place, review=report.review_year or "", plan=report.plan_year)
