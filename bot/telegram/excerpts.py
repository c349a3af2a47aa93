"""What an answer shows on a phone before anybody asks for more: quotes cut around their figures, tables of a dozen rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.telegram.markup import emphasised, escaped, length, pieces
from retrieval.messages import message
from retrieval.models import Span
from retrieval.replies import Reply

_WHOLE = 64  # characters of a quote that is never cut
_BEFORE, _AFTER = 30, 16  # characters around a figure, in which a clause begins or ends
_NAMES = 6  # characters before a figure that may be too few to say of what it is: 增长, 同比增长
_LEAST = 8  # characters; what is left out between two figures is longer
_READ = 110  # characters of what is cut, from which on it opens by a tap
_CLAUSE = "，,；;。！？：:\n"
_ROWS, _LINES, _WIDE = 12, 18, 40  # of an answer before the rest opens by a tap; half-width characters of a line of a phone
_PIECE = 3200
_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True)
class _Line:
    """A line of an answer, as HTML, and how many lines of a phone it takes."""

    written: str
    lines: int


def quoted(text: str, spans: Sequence[Span], start: int) -> list[str]:
    """A quote as blockquotes: cut around ``spans`` (counted from ``start``) with … for what is left out."""
    kept = windows(text, [Span(one.start - start, one.end - start) for one in spans])
    shown = [emphasised(text[first:last].strip(), spans, start + first + _leading(text[first:last])) for first, last in kept]
    cut = "…".join(shown)
    cut = f"{'…' if kept[0][0] > 0 else ''}{cut}{'…' if kept[-1][1] < len(text) else ''}"
    if sum(last - first for first, last in kept) <= _READ:
        return [f"<blockquote>{cut}</blockquote>"]
    if length(cut) <= _PIECE:
        return [f"<blockquote expandable>{cut}</blockquote>"]
    return [f"<blockquote expandable>{piece.strip()}</blockquote>" for piece in pieces(text, spans, start)]


def _leading(text: str) -> int:
    return len(text) - len(text.lstrip())


def windows(text: str, spans: Sequence[Span]) -> list[tuple[int, int]]:
    """The pieces of a quote that are shown: the clauses that its figures stand in; all of it where it is short, or has none."""
    inside = sorted((one for one in spans if 0 <= one.start < one.end <= len(text)), key=lambda one: one.start)
    if not inside or len(text) <= _WHOLE:
        return [(0, len(text))]
    found: list[tuple[int, int]] = []
    for one in inside:
        first, last = _begin(text, one.start), _end(text, one.end)
        if found and first - found[-1][1] < _LEAST:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    if found[0][0] < _LEAST:
        found[0] = (0, found[0][1])
    if len(text) - found[-1][1] < _LEAST:
        found[-1] = (found[-1][0], len(text))
    return found


def _begin(text: str, at: int) -> int:
    """Where the clause before a figure begins, if that is near."""
    first = max(at - _BEFORE, 0)
    mark = max(text.rfind(sign, first, max(at - _NAMES, first)) for sign in _CLAUSE)
    return mark + 1 if mark >= 0 else first


def _end(text: str, at: int) -> int:
    last = min(at + _AFTER, len(text))
    marks = [found for sign in _CLAUSE if (found := text.find(sign, at, last)) >= 0]
    return min(marks) if marks else last


def told(reply: Reply, text: str, spans: Sequence[Span]) -> list[str]:
    """An answer as blocks: what fits a screen, then what opens by a tap; rows that state nothing are one line."""
    lines = list(_lines(reply, text, spans))
    shown, used = 0, 0
    while shown < len(lines) and (not shown or (shown < _ROWS + 1 and used + lines[shown].lines <= _LINES)):
        used += lines[shown].lines
        shown += 1
    if sum(one.lines for one in lines[shown:]) <= 2:
        shown = len(lines)
    rest = [f"<blockquote expandable>{block}</blockquote>" for block in _joined(lines[shown:])]
    if rest:
        rest[0] = f"{escaped(message('telegram.more_lines', count=len(lines) - shown))}\n{rest[0]}"
    return [*_joined(lines[:shown]), *rest]


def _lines(reply: Reply, text: str, spans: Sequence[Span]) -> Iterator[_Line]:
    absent = _absent(reply, text.split("\n"))
    folded = False
    at = 0
    for line in text.split("\n"):
        if line not in absent:
            for piece in pieces(line, [Span(one.start - at, one.end - at) for one in spans]):
                yield _Line(piece, max(-(-_width(line) // _WIDE), 1))
        elif not folded:
            folded = True
            labels = message("answers.list_glue").join(_ranges(list(absent.values())))
            said = message("chart.absent_places", places=labels)
            yield _Line(escaped(said), -(-_width(said) // _WIDE))
        at += len(line) + 1


def _absent(reply: Reply, lines: Sequence[str]) -> dict[str, str]:
    """The lines of tables that say of a place or a year that nothing is stated, and its name; none where there is but one."""
    labels = [line.label for table in reply.comparisons for line in table.lines if line.state == "absent"]
    said = {message("answers.table_absent", place=label): label for label in labels}
    found = {line: said[line] for line in lines if line in said}
    return found if len(found) > 1 and len(reply.comparisons) == 1 else {}


def _ranges(labels: list[str]) -> list[str]:
    """Years one after the other as a range."""
    years = [int(found.group()) for label in labels if (found := _YEAR.match(label))]
    if len(years) < len(labels):
        return labels
    runs: list[list[int]] = []
    for year in sorted(years):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return [f"{run[0]}" if len(run) == 1 else f"{run[0]}—{run[-1]}" for run in runs]


def _joined(lines: Sequence[_Line]) -> list[str]:
    """Lines as blocks that fit a message."""
    blocks: list[str] = []
    for one in lines:
        if blocks and length(blocks[-1]) + length(one.written) <= _PIECE:
            blocks[-1] += f"\n{one.written}"
        else:
            blocks.append(one.written)
    return blocks


def _width(text: str) -> int:
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)
