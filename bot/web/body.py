"""A report's text as a page shows it: headings and passages that addresses name, figures that lead to what was read from them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from markupsafe import Markup, escape

from bot.addresses import anchor
from retrieval.language.hidden import visible
from retrieval.messages import message
from retrieval.models import Figure, Removal, Section, Span, StoredPassage

Piece = TypeVar("Piece", bound=Span)
_LINE = re.compile(r"[^\n]*\S[^\n]*")
_DEEPEST = 6  # of HTML's headings
_PARTED = 2  # depth of headings that begin a block of their own
_UNSHOWN = frozenset("\n\r\t")


@dataclass(frozen=True)
class Report:
    """A text with what is known of it; ``marked`` are the pieces that an address names, ``removed`` what is shown of what was
    removed."""

    id: int
    text: str
    outline: Sequence[Section]
    passages: Sequence[StoredPassage]
    figures: Sequence[Figure]
    marked: Sequence[Span] = ()
    removed: Sequence[Removal] = ()


def body(report: Report) -> Markup:
    """The whole text, a block a line."""
    return Markup(_Body(report).written())


class _Body:
    """One writing of a text."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._text = visible(report.text)
        self._marked = sorted(report.marked, key=lambda one: one.start)
        own = {(one.start, one.end) for one in self._marked}
        self._passages = [Span(one.start, one.end) for one in report.passages if (one.start, one.end) not in own]
        self._figures = _apart(Span(one.start, one.end) for one in report.figures if one.start < one.end)
        self._headings = _headings(report.text, report.outline)
        self._leads = sorted(self._headings.values(), key=lambda one: one.start)
        self._removed = sorted(report.removed, key=lambda one: one.position)
        self._named: set[str] = set()  # ids that were given: each once

    def written(self) -> str:
        lines = [part for found in _LINE.finditer(self._report.text) for part in self._blocks(Span(*found.span()))]
        parts: list[str] = []
        at = 0
        for number, line in enumerate(lines):
            last = number + 1 == len(lines)
            until = len(self._text) + 1 if last else lines[number + 1].start
            parts.append(self._line(line, list(self._between(at, until))))
            at = until
        return "\n".join(parts)

    def _blocks(self, line: Span) -> Iterator[Span]:
        """A line, parted before and after headings where a text has lost its line breaks."""
        cuts = {line.start, line.end}
        for one in _touching(self._leads, line):
            cuts |= {one.start} if one.depth <= _PARTED else set()
            cuts |= {one.end} if one.depth == 1 else set()
        ordered = sorted(at for at in cuts if line.start <= at <= line.end)
        for first, last in pairwise(ordered):
            if self._report.text[first:last].strip():
                yield Span(first, last)

    def _between(self, start: int, end: int) -> Iterator[Removal]:
        """What was removed from a piece of the text."""
        first = bisect_right(self._removed, start - 1, key=lambda one: one.position)
        for one in self._removed[first:]:
            if one.position >= end:
                return
            yield one

    def _line(self, line: Span, removed: Sequence[Removal]) -> str:
        heading = self._headings.get(line.start + _leading(self._report.text[line.start : line.end]))
        whole = heading is not None and heading.end >= line.start + len(self._report.text[line.start : line.end].rstrip())
        inner = self._inner(line, removed, bold=not whole)
        if heading is not None and whole:
            level = min(heading.depth + 1, _DEEPEST)
            return f'<h{level} id="s{heading.number}">{inner}</h{level}>'
        return f"<p>{inner}</p>"

    def _inner(self, line: Span, removed: Sequence[Removal], *, bold: bool) -> str:
        leads: Sequence[Span] = _touching(self._leads, line) if bold else []
        marks = [one for one in self._marked if one.start < line.end and line.start < one.end]
        passages, figures = _touching(self._passages, line), _touching(self._figures, line)
        at_ends = (at for spans in (passages, marks, figures, leads) for one in spans for at in (one.start, one.end))
        places = (max(min(one.position, line.end), line.start) for one in removed)
        ordered = sorted({line.start, line.end, *places, *(at for at in at_ends if line.start < at < line.end)})
        parts: list[str] = []
        passage: Span | None = None
        mark: Span | None = None
        for first, last in zip(ordered, [*ordered[1:], line.end], strict=True):
            parts += [_removal(one) for one in removed if max(min(one.position, line.end), line.start) == first]
            if first == last:
                break
            now_passage, now_mark = _holding(passages, first), _holding(marks, first)
            if (now_passage, now_mark) != (passage, mark):
                parts.append("</mark>" if mark else "")
                if now_passage != passage:
                    parts.append("</span>" if passage else "")
                    parts.append(self._opened("span", anchor(now_passage)) if now_passage else "")
                parts.append(self._opened("mark", anchor(now_mark)) if now_mark else "")
                passage, mark = now_passage, now_mark
            parts.append(self._piece(first, last, _holding(figures, first), _holding(leads, first)))
        parts += ["</mark>" if mark else "", "</span>" if passage else ""]
        return "".join(parts)

    def _piece(self, first: int, last: int, figure: Span | None, lead: Span | None) -> str:
        piece = str(escape(self._text[first:last]))
        if figure is not None:
            piece = f'<a class="f" href="{self._report.id}/figures/{figure.start}">{piece}</a>'
        if isinstance(lead, _Heading):
            piece = f"{self._opened('b', f's{lead.number}')}{piece}</b>"
        return piece

    def _opened(self, tag: str, name: str) -> str:
        """An opening tag, which bears its name where that is not given yet."""
        if name in self._named:
            return f"<{tag}>"
        self._named.add(name)
        return f'<{tag} id="{name}">'


@dataclass(frozen=True)
class _Heading(Span):
    """A heading as it stands in the text, of section ``number`` at ``depth``."""

    number: int = 0
    depth: int = 0


def _headings(text: str, outline: Sequence[Section]) -> dict[int, _Heading]:
    """The headings that stand in the text word for word, by where they begin."""
    found: dict[int, _Heading] = {}
    for number, section in enumerate(outline):
        heading = section.heading.strip()
        at = section.start + _leading(text[section.start : section.end])
        if heading and text.startswith(heading, at):
            found.setdefault(at, _Heading(at, at + len(heading), number, section.depth))
    return found


def _leading(text: str) -> int:
    return len(text) - len(text.lstrip())


def _apart(spans: Iterator[Span]) -> list[Span]:
    """Spans one after the other: of those that overlap the first."""
    kept: list[Span] = []
    for one in sorted(spans, key=lambda span: (span.start, span.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _touching(spans: Sequence[Piece], line: Span) -> list[Piece]:
    """Those of ``spans``, which stand one after the other, that have a part in a line."""
    last = bisect_left(spans, line.end, key=lambda one: one.start)
    first = last
    while first > 0 and spans[first - 1].end > line.start:
        first -= 1
    return list(spans[first:last])


def _holding(spans: Sequence[Span], at: int) -> Span | None:
    return next((one for one in spans if one.start <= at < one.end), None)


def _removal(one: Removal) -> str:
    shown = "".join("·" if char not in _UNSHOWN and not char.isprintable() else char for char in one.text.strip())
    kind = message(f"removals.{one.kind}")
    return str(Markup('<del title="{}"><span class="unseen">{}: </span>{}</del>').format(kind, kind, visible(shown)))
