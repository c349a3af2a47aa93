"""Answering about the library itself: of which places it has reports, how many, and which were given on a day."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.answers.findings import merged, quote, shown
from retrieval.messages import message
from retrieval.models import Report
from retrieval.ports import LibraryView
from retrieval.replies import Quote, Reply

_LISTED = 100  # reports; more lines than that nobody reads


def answer_about_library(library: LibraryView, reports: Sequence[Report], day: tuple[int, int] | None) -> Reply:
    """The reports that are meant, a line each, with the line that tells their title or day; not found where none is."""
    if day is None:
        held, title = list(reports), message("answers.library_holds", count=len(reports))
    else:
        month, of_month = day
        held = [report for report in reports if (report.delivered_on or "")[5:] == f"{month:02}-{of_month:02}"]
        if not held:
            return Reply("not_found", message("answers.library_none_on", count=len(reports), month=month, day=of_month))
        title = message("answers.library_given_on", count=len(held), month=month, day=of_month, scanned=len(reports))
    lines = [message("answers.mentioned_line", place=shown(report), year=report.year or "") for report in held[:_LISTED]]
    if len(held) > _LISTED:
        lines.append(message("answers.library_more", count=len(held) - _LISTED))
    field = "title" if day is None else "delivered_on"
    quotes = merged(found for report in held[:_LISTED] for found in _line(library, report, field))
    return Reply("answered", "\n".join([title, *lines]), quotes)


def _line(library: LibraryView, report: Report, field: str) -> list[Quote]:
    span = library.evidence(report.id).get(field)
    return [quote(library, report, span)] if span else []
