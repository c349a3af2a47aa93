"""Cutting a report into sentences and passages."""

from __future__ import annotations

import re

from retrieval.language.folding import fold, with_full_stops
from retrieval.models import Passage, Section, Span

_SENTENCE = re.compile(r"[^。!?\n]+(?:[。!?]+[”\"’』」)]*)?|[。!?]+[”\"’』」)]*")
_LONG = 120
_LEAD_LIMIT = 16


def sentences(text: str, start: int, end: int) -> list[Span]:
    """The sentences of ``text[start:end]``, without the blanks around them; a line end ends a sentence."""
    found = []
    folded = with_full_stops(fold(text[start:end]))
    for match in _SENTENCE.finditer(folded):
        piece = match.group()
        begin = match.start() + len(piece) - len(piece.lstrip())
        stop = match.start() + len(piece.rstrip())
        if stop > begin:
            found.append(Span(start + begin, start + stop))
    return found


def runs(outline: tuple[Section, ...]) -> list[tuple[int, Span]]:
    """Where each section's own text stands: the piece from its start to its first child or end, and between children.

    The runs cover the text without gap or overlap, in order.
    """
    found: list[tuple[int, Span]] = []
    open_: list[int] = []
    at = 0

    def close_until(position: int) -> None:
        nonlocal at
        while open_ and outline[open_[-1]].end <= position:
            index = open_.pop()
            if outline[index].end > at:
                found.append((index, Span(at, outline[index].end)))
                at = outline[index].end

    for index, section in enumerate(outline):
        close_until(section.start)
        if open_ and section.start > at:
            found.append((open_[-1], Span(at, section.start)))
        at = max(at, section.start)
        open_.append(index)
    close_until(max((section.end for section in outline), default=0))
    return found


def body_of(text: str, outline: tuple[Section, ...], index: int, run: Span) -> Span:
    """``run`` without the heading of section ``index``, unless that heading is a sentence itself or the beginning of one."""
    section = outline[index]
    if run.start != section.start or not section.heading or section.heading[-1] in "。！!？?；;":
        return run
    end = min(_heading_end(text, section), run.end)
    return run if text[end : end + 1] in ("，", ",", "、") else Span(end, run.end)


def _heading_end(text: str, section: Section) -> int:
    """Where a section's heading ends in ``text``, which may break its line where ``section.heading`` does not."""
    at = section.start
    for character in section.heading:
        while text[at : at + 1].isspace() and not character.isspace():
            at += 1
        at += 1
    return at


def cut_passages(text: str, outline: tuple[Section, ...]) -> tuple[Passage, ...]:
    """The passages of a report: sentences; long ones split at semicolons; a lead phrase goes with what it leads.

    Front matter and headings that are no sentences are no passages. Every passage lies in one section.
    """
    passages: list[Passage] = []
    for index, run in runs(outline):
        section = outline[index]
        if section.depth == 0:
            continue
        body = body_of(text, outline, index, run)
        spans = _with_leads_joined(text, sentences(text, body.start, body.end), section)
        for span in spans:
            passages += [Passage(index, piece.start, piece.end) for piece in _split_long(text, span)]
    return tuple(passages)


def _with_leads_joined(text: str, spans: list[Span], section: Section) -> list[Span]:
    if len(spans) < 2 or not section.heading or spans[0].start != section.start:
        return spans
    first, second = spans[0], spans[1]
    if first.end - first.start <= _LEAD_LIMIT and "\n" not in text[first.start : second.end]:
        return [Span(first.start, second.end), *spans[2:]]
    return spans


def _split_long(text: str, span: Span) -> list[Span]:
    if span.end - span.start <= _LONG:
        return [span]
    pieces, start = [], span.start
    for match in re.finditer(r"[；;]", text[span.start : span.end]):
        stop = span.start + match.end()
        pieces.append(Span(start, stop))
        start = stop
    if start < span.end:
        pieces.append(Span(start, span.end))
    return [_trimmed(text, piece) for piece in pieces if text[piece.start : piece.end].strip()]


def _trimmed(text: str, span: Span) -> Span:
    piece = text[span.start : span.end]
    return Span(span.start + len(piece) - len(piece.lstrip()), span.end - (len(piece) - len(piece.rstrip())))
