"""Words that all front ends put together in the same way: where a quote stands, what a report is called."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.messages import message
from retrieval.models import Report

_HEADING_SHOWN = 24


def shortened(heading: str, limit: int = _HEADING_SHOWN) -> str:
    """A heading as it is shown in a line."""
    heading = heading.strip()
    return heading if len(heading) <= limit else f"{heading[:limit]}…"


def title_of(report: Report) -> str:
    """A report's title, with its place where the title does not name it."""
    if report.place and report.place not in report.name:
        return message("console.title_with_place", title=report.name, place=report.place)
    return report.name


def where(report: Report, section: Sequence[str]) -> str:
    """Report and section: 《title》 › section › subsection."""
    return message("console.path_glue").join([f"《{title_of(report)}》", *map(shortened, section)])
