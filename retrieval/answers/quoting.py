"""Pieces of a report as an answer quotes them, each with its section and its page."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from retrieval.models import Report, Span
from retrieval.ports import Reports
from retrieval.replies import Quote
from retrieval.report.outline import section_path
from retrieval.report.passages import sentences

_QUOTE_LIMIT = 420


def shown(report: Report) -> str:
    """What an answer calls a report's place: its name, or the title or file of a report whose place is not known."""
    return report.place or report.name


def section_at(library: Reports, report: Report, offset: int) -> int:
    """The index of the deepest section that holds ``offset``."""
    outline = library.outline(report.id)
    holding = [n for n, section in enumerate(outline) if section.start <= offset < section.end]
    return max(holding, key=lambda n: outline[n].depth, default=0)


def quote(library: Reports, report: Report, span: Span, emphasis: Sequence[Span] = ()) -> Quote:
    """The piece of a report at ``span``, with the path of the section it begins in."""
    text = library.text(report.id)
    path = section_path(library.outline(report.id), section_at(library, report, span.start))
    page, recognised = page_of(library, report, span)
    return Quote(report, path, text[span.start : span.end], span.start, span.end, tuple(emphasis), page, recognised)


def page_of(library: Reports, report: Report, span: Span) -> tuple[int | None, bool]:
    """The page of the file that a piece of a report begins on (None without pages), and whether any of it was recognised."""
    pages = library.pages(report.id)
    if not pages:
        return None, False
    first = max(bisect_right(pages, span.start, key=lambda page: page.start) - 1, 0)
    touched = [page for page in pages[first:] if page is pages[first] or page.start < span.end]
    return pages[first].number, any(page.confidence is not None for page in touched)


def sentence_around(library: Reports, report: Report, start: int, end: int) -> Span:
    """The sentence that holds a piece of the text; of a very long one the part between semicolons, or commas."""
    text = library.text(report.id)
    first = max((text.rfind(mark, 0, start) for mark in "。！!？?\n"), default=-1) + 1
    stops = [at for at in (text.find(mark, end) for mark in "。！!？?\n") if at >= 0]
    last = min(stops) if stops else len(text)
    for span in sentences(text, first, min(last + 2, len(text))):
        if span.start <= start and end <= span.end:
            return _shortened(text, span, start, end)
    return Span(start, end)


def _shortened(text: str, span: Span, start: int, end: int) -> Span:
    for marks in ("；;", "，,"):
        if span.end - span.start <= _QUOTE_LIMIT:
            break
        cuts = [span.start, *(span.start + m.end() for m in re.finditer(f"[{marks}]", text[span.start : span.end])), span.end]
        first = max(cut for cut in cuts if cut <= start)
        last = min(cut for cut in cuts if cut >= end)
        if marks == "，,":
            first = max((cut for cut in cuts if cut <= start and last - cut <= _QUOTE_LIMIT), default=first, key=lambda c: -c)
        span = Span(first, last)
    return span


def evidence(library: Reports, report: Report, field: str) -> tuple[Quote, ...]:
    """The line of a report that one of its facts (title, speaker, ...) was read from; empty where it was corrected by hand."""
    span = library.evidence(report.id).get(field)
    return (quote(library, report, span),) if span else ()
