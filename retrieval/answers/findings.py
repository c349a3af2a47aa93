"""What answering one part of a question from one report comes to, and the helpers that all kinds of answers share."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from retrieval.messages import message
from retrieval.models import Report, Span
from retrieval.ports import LibraryView
from retrieval.replies import Quote, Status
from retrieval.report.outline import section_path
from retrieval.report.passages import sentences

_QUOTE_LIMIT = 420


@dataclass(frozen=True)
class Finding:
    """One line of an answer. ``text`` is the line as the only one, ``short`` as one of several (or as a part).

    ``values`` are the pieces of the line that were asked for, in order; ``note`` is what follows them (预计数).
    """

    status: Status
    text: str
    short: str
    quotes: tuple[Quote, ...] = ()
    report: Report | None = None
    values: tuple[str, ...] = ()
    note: str = ""


def not_found(text: str, report: Report | None = None, short: str | None = None) -> Finding:
    """A finding that nothing states it."""
    return Finding("not_found", text, short if short is not None else text, (), report)


def shown(report: Report) -> str:
    """What an answer calls a report's place: its name, or the title or file of a report whose place is not known."""
    return report.place or report.name


def section_at(library: LibraryView, report: Report, offset: int) -> int:
    """The index of the deepest section that holds ``offset``."""
    outline = library.outline(report.id)
    holding = [n for n, section in enumerate(outline) if section.start <= offset < section.end]
    return max(holding, key=lambda n: outline[n].depth, default=0)


def quote(library: LibraryView, report: Report, span: Span, emphasis: Sequence[Span] = ()) -> Quote:
    """The piece of a report at ``span``, with the path of the section it begins in."""
    text = library.text(report.id)
    path = section_path(library.outline(report.id), section_at(library, report, span.start))
    page, recognised = page_of(library, report, span)
    return Quote(report, path, text[span.start : span.end], span.start, span.end, tuple(emphasis), page, recognised)


def page_of(library: LibraryView, report: Report, span: Span) -> tuple[int | None, bool]:
    """The page of the file that a piece of a report begins on (None without pages), and whether any of it was recognised."""
    pages = library.pages(report.id)
    if not pages:
        return None, False
    first = max(bisect_right(pages, span.start, key=lambda page: page.start) - 1, 0)
    touched = [page for page in pages[first:] if page is pages[first] or page.start < span.end]
    return pages[first].number, any(page.confidence is not None for page in touched)


def sentence_around(library: LibraryView, report: Report, start: int, end: int) -> Span:
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


def merged(quotes: Iterable[Quote]) -> tuple[Quote, ...]:
    """``quotes`` in order, each piece of a text once, with all that is emphasised in it."""
    found: dict[tuple[int, int, int], Quote] = {}
    for one in quotes:
        key = (one.report.id, one.start, one.end)
        emphasis = (*found[key].emphasis, *one.emphasis) if key in found else one.emphasis
        found[key] = replace(one, emphasis=tuple(dict.fromkeys(emphasis)))
    return tuple(found.values())


def join(findings: Sequence[Finding]) -> Finding:
    """Several parts asked of one report as one finding: answered when any part is; what is missing is said."""
    if len(findings) == 1:
        return findings[0]
    if len({finding.text for finding in findings}) == 1:
        return findings[0]
    statuses = {finding.status for finding in findings}
    status: Status = "answered" if "answered" in statuses else "blank" if "blank" in statuses else "not_found"
    quotes = merged(quote for finding in findings for quote in finding.quotes)
    told = [finding for finding in findings if finding.status != "not_found"]
    untold = [finding for finding in findings if finding.status == "not_found"]
    glue = message("answers.glue")
    text = glue.join(finding.text for finding in (*told, *untold))
    short = glue.join(finding.short for finding in (*told, *untold))
    values = tuple(value for finding in told for value in finding.values)
    return Finding(status, text, short, quotes, findings[0].report, values)


def located(answer: str, lines: Sequence[Sequence[str]]) -> tuple[Span, ...]:
    """Where the values of each line of an answer stand in it, one after the other."""
    spans: list[Span] = []
    start = 0
    for line, values in zip(answer.split("\n"), lines, strict=False):
        at = start
        for value in values:
            found = answer.find(value, at, start + len(line))
            if found >= 0:
                at = found + len(value)
                spans.append(Span(found, at))
        start += len(line) + 1
    return tuple(spans)
