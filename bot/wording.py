"""Words that all front ends put together in the same way: where a quote stands, what a report is called."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.language.hidden import has_hidden, visible
from retrieval.messages import message
from retrieval.models import Figure, Metadata, Report
from retrieval.replies import Quote, Reply

_HEADING_SHOWN = 24
_FIELDS = ("place", "level", "within", "review_year", "plan_year", "delivered_on", "meeting", "speaker", "office", "source")


def shortened(heading: str, limit: int = _HEADING_SHOWN) -> str:
    """A heading as it is shown in a line, or on a button."""
    heading = visible(heading.strip())
    return heading if len(heading) <= limit else f"{heading[:limit]}…"


def title_of(report: Report) -> str:
    """A report's title, with its place where the title does not name it."""
    if report.place and report.place not in report.name:
        return message("console.title_with_place", title=report.name, place=report.place)
    return report.name


def fields_of(said: Report | Metadata) -> list[tuple[str, str]]:
    """The fields of a card with what is known of a report, empty where its text does not state it; its kind only where it is no report."""
    found = [] if said.kind == "report" else [("kind", message(f"document_kinds.{said.kind}"))]
    for field in _FIELDS:
        value = getattr(said, field)
        found.append((field, message("answers.list_glue").join(value) if isinstance(value, tuple) else str(value or "")))
    return found


def told(reply: Reply) -> tuple[str, str]:
    """What stands above the quotes of a reply: its answer, and the heading that they need where they only stand nearest.

    The heading says so in place of the answer's last line.
    """
    if reply.status != "related":
        return reply.answer, ""
    return reply.answer.removesuffix(f"\n{message('answers.nearest')}"), message("console.nearest")


def where(report: Report, section: Sequence[str]) -> str:
    """Report and section: 《title》 › section › subsection."""
    return message("console.path_glue").join([f"《{title_of(report)}》", *map(shortened, section)])


def where_quoted(quote: Quote) -> str:
    """Report, section and page of a quote; said is, too, that its letters were recognised on a scan, or that some are unseen."""
    key = "scanned" if quote.recognised else "page"
    page = [] if quote.page is None else [message(f"console.{key}", page=quote.page)]
    said = where(quote.report, quote.section)
    hidden = [message("console.hidden")] if has_hidden(quote.text) or has_hidden(said) else []
    return message("console.path_glue").join([said, *page, *hidden])


def numbers(pages: Sequence[int]) -> str:
    """Page numbers in a row: 3、5、8."""
    return message("answers.list_glue").join(map(str, pages))


def value_of(figure: Figure) -> str:
    """A figure as a table shows it: as the report writes it, with its direction, 力争 and 预计."""
    value = f"{figure.direction}{figure.value}"
    if figure.stretch:
        value = message("answers.stretch", value=value)
    return f"{value}{message('answers.estimated')}" if figure.estimated else value
