"""What is printed on a page: its lines, and the order of columns that they are read in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

WESTERN = re.compile(r"[A-Za-z0-9.,%)\]]$")
WESTERN_START = re.compile(r"[A-Za-z0-9(\[]")
_GUTTER = 0.8  # this and the next in widths of a character
_CELL_GAP = 2.0
_FULL = 0.6  # of a column's width: lines of text fill it, cells of a table don't


@dataclass(frozen=True)
class Piece:
    """What stands in one place of a line."""

    text: str
    left: float
    right: float


@dataclass(frozen=True)
class Line:
    """A piece of a line as it is printed: y grows downwards; ``size`` is the height of its letters.

    ``confidence`` (0 to 1) is None where the letters were not recognised but are those of the file.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    confidence: float | None = None
    pale: bool = False  # printed in a colour that hardly stands out
    cells: tuple[Piece, ...] = ()  # of a row of a table: more than one, with wide gaps between

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(frozen=True)
class PrintedPage:
    """A page with its lines in any order. ``left_out`` is what its reader left out of them: kinds with texts."""

    number: int
    lines: tuple[Line, ...]
    recognised: bool = False
    left_out: tuple[tuple[str, str], ...] = ()

    @property
    def confidence(self) -> float | None:
        """The mean confidence of the page's letters; 0 for a scan without any."""
        if not self.recognised:
            return None
        weights = [len(line.text) for line in self.lines]
        total = sum(weights)
        return sum(w * (line.confidence or 0.0) for w, line in zip(weights, self.lines, strict=True)) / total if total else 0.0


@dataclass(frozen=True)
class Row:
    """A whole line of a column, with the bounds of the text of its column; ``pitch`` is from line to line of its page."""

    line: Line
    left: float
    right: float
    page: int
    column: int
    pitch: float


def rows_of(page: PrintedPage, index: int) -> list[Row]:
    """The lines of a page in the order they are read in."""
    lines = [line for line in page.lines if line.text.strip()]
    if not lines:
        return []
    size = median(line.size for line in lines)
    columns = [(left, right, list(_joined(of_column))) for left, right, of_column in _columns(lines, size)]
    steps = [after.middle - before.middle for _, _, of_column in columns for before, after in pairwise(of_column)]
    pitch = median(steps) if steps else 2 * size
    return [
        Row(line, left, right, index, number, pitch)
        for number, (left, right, of_column) in enumerate(columns)
        for line in of_column
    ]


def _columns(lines: list[Line], size: float) -> Iterator[tuple[float, float, list[Line]]]:
    """The columns of a page in their order; what runs across both of two columns parts them."""
    gutter = _gutter(lines, size)
    if gutter is None:
        yield _bounds(lines), _right(lines), lines
        return
    across = sorted((line for line in lines if line.left < gutter < line.right), key=lambda line: line.top)
    bands = [float("-inf"), *(line.middle for line in across), float("inf")]
    for number, (top, bottom) in enumerate(pairwise(bands)):
        inside = [line for line in lines if line not in across and top < line.middle <= bottom]
        for side in (
            [line for line in inside if line.right <= gutter],
            [line for line in inside if line.left >= gutter],
        ):
            if side:
                yield _bounds(side), _right(side), side
        if number < len(across):
            yield _bounds(lines), _right(lines), [across[number]]


def _gutter(lines: Sequence[Line], size: float) -> float | None:
    """Where a page of two columns is parted: an empty strip with lines of running text on both sides; None without one."""
    left, right = _bounds(lines), _right(lines)
    best: tuple[int, float] | None = None
    for step in range(35, 66):
        at = left + (right - left) * step / 100
        crossing = sum(line.left < at + _GUTTER * size / 2 and line.right > at - _GUTTER * size / 2 for line in lines)
        before = [line for line in lines if line.right <= at]
        after = [line for line in lines if line.left >= at]
        if crossing <= 0.2 * len(lines) and _is_text(before, left, at) and _is_text(after, at, right):
            best = min(best or (crossing, at), (crossing, at))
    return best[1] if best else None


def _is_text(lines: Sequence[Line], left: float, right: float) -> bool:
    return len(lines) >= 4 and median(line.right - line.left for line in lines) >= _FULL * (right - left)


def _bounds(lines: Sequence[Line]) -> float:
    """The left edge of a column: that of most of its lines, not that of a stray mark."""
    lefts = sorted(line.left for line in lines)
    return lefts[len(lefts) // 20]


def _right(lines: Sequence[Line]) -> float:
    rights = sorted(line.right for line in lines)
    return rights[-1 - len(rights) // 20]


def _joined(lines: Sequence[Line]) -> Iterator[Line]:
    """Pieces that stand beside each other as one line; wide gaps, those of a table, become tabs."""
    beside: list[Line] = []
    for line in sorted(lines, key=lambda line: line.middle):
        if beside and line.middle - beside[0].middle > 0.5 * max(beside[0].size, line.size):
            yield _one(beside)
            beside = []
        beside.append(line)
    if beside:
        yield _one(beside)


def _one(beside: list[Line]) -> Line:
    ordered = sorted(beside, key=lambda line: line.left)
    text = ordered[0].text.replace("\t", " ")
    cells = [Piece("", ordered[0].left, ordered[0].right)]
    for before, after in pairwise(ordered):
        size = max(before.size, after.size)
        gap = after.left - before.right
        if gap > _CELL_GAP * size:
            text = f"{text.rstrip()}\t"
            cells.append(Piece("", after.left, after.right))
        elif gap > 0.25 * size and WESTERN.search(text) and WESTERN_START.match(after.text):
            text += " "
        text += after.text.replace("\t", " ")
        cells[-1] = Piece("", cells[-1].left, max(cells[-1].right, after.right))
    parted = text.split("\t") if len(cells) > 1 else []
    pieces = tuple(Piece(part.strip(), cell.left, cell.right) for part, cell in zip(parted, cells, strict=False))
    weights = [len(line.text) for line in ordered]
    known = [line.confidence for line in ordered if line.confidence is not None]
    confidence = (
        sum(w * (line.confidence or 0) for w, line in zip(weights, ordered, strict=True)) / sum(weights) if known else None
    )
    return Line(
        text.strip(),
        ordered[0].left,
        min(line.top for line in ordered),
        max(line.right for line in ordered),
        max(line.bottom for line in ordered),
        median(line.size for line in ordered),
        confidence,
        cells=pieces if len(pieces) > 1 else (),
    )
