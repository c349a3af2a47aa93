"""From lines on printed pages to running text: order of columns, running heads, and line breaks that mean nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median

from retrieval.models import Page
from retrieval.reading.raw import HEAD_END, HEAD_START, RawText, left_out
from retrieval.reading.tables import Cell, lines_of, spread

_SENTENCE_ENDS = "。！？；：!?;:…”』」）)"
_HEADING = re.compile(
    r"[ \u3000]*(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[)）]|第[一二三四五六七八九十]{1,3}[章节部])"
)
_PAGE_NUMBER = re.compile(r"[-—–－·•\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/／共]\s*(?:共\s*)?\d{1,4}(?:\s*页)?)?[-—–－·•\s]*")
_WESTERN = re.compile(r"[A-Za-z0-9.,%)\]]$")
_WESTERN_START = re.compile(r"[A-Za-z0-9(\[]")
_FOOT_NOTE = re.compile(
    r"\s*(?:[①-⑳➀-➓❶-❿]|\[\d{1,2}\]|［\d{1,2}］|〔\d{1,2}〕|[*※]|注\s*\d{0,2}\s*[:：]|\d{1,2}\s*(?![\d.、．,，]|[年月日%％]|个|[万亿])(?=[“\u4e00-\u9fff]{2,30}[:：]))"
)
_DIGITS = re.compile(r"\d+")

_EDGE_LINES = 2  # heads and feet are among the first and the last lines of a page
_REPEATED = 0.4  # of the pages: even and odd pages may bear different heads
_INDENT = 1.2  # all of these in widths of a character: a Chinese paragraph is indented by two
_SHORT = 3.0
_WIDER = 1.35  # than from line to line: what stands apart begins anew
_GUTTER = 0.8
_CELL_GAP = 2.0
_MARGIN = 0.08  # of a column's width
_STOPS = 0.25  # of a column's width: a line that is as much shorter stops, with or without a full stop
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
class _Row:
    """A whole line of a column, with the bounds of the text of its column; ``pitch`` is from line to line of its page."""

    line: Line
    left: float
    right: float
    page: int
    column: int
    pitch: float


def running_text(pages: Sequence[PrintedPage]) -> RawText:
    """The text of printed pages as one, its running heads and page numbers marked, and where each page begins in it."""
    rows = [_rows(page, index) for index, page in enumerate(pages)]
    heads = _running_heads(rows)
    notes: list[str] = []
    for index, of_page in enumerate(rows):
        kept = [row for row in of_page if (index, row.line) not in heads]
        noted = _foot_notes(
            kept, [row for row in rows[index + 1] if (index + 1, row.line) not in heads] if index + 1 < len(rows) else []
        )
        notes += _joined_notes(noted)
        rows[index] = _with_tables([row for row in of_page if row not in noted])
    indented = _is_indented([row for of_page in rows for row in of_page])
    pieces: list[str] = []
    starts: list[Page] = []
    length = 0
    before: _Row | None = None
    for index, (page, of_page) in enumerate(zip(pages, rows, strict=True)):
        body = [row for row in of_page if (index, row.line) not in heads]
        marked = "".join(left_out(kind, text) for kind, text in page.left_out)
        marked += "".join(f"{HEAD_START}{row.line.text}{HEAD_END}" for row in of_page if (index, row.line) in heads)
        glue = _glue(before, body[0], indented) if before and body else "\n" if before else ""
        start = length + len(glue) + len(marked)
        starts.append(Page(page.number, start, page.confidence))
        said = [glue, marked]
        for row in body:
            if row is not body[0]:
                said.append(_glue(before, row, indented) if before else "")
            said.append(row.line.text)
            before = row
        pieces += said
        length += sum(map(len, said))
    if notes:
        pieces += ["\n注释：\n", "\n".join(notes)]
    return RawText("".join(pieces), tuple(starts), marked=True, kept=any(page.recognised for page in pages))


def _glue(before: _Row, after: _Row, indented: bool) -> str:
    """What stands between two lines: a line break where a paragraph ends, else nothing or the blank of western words."""
    if _ends_paragraph(before, after, indented):
        return "\n"
    if _WESTERN.search(before.line.text) and _WESTERN_START.match(after.line.text) and not _split_number(before, after):
        return " "
    return ""


def _split_number(before: _Row, after: _Row) -> bool:
    """A number that was broken at the end of a line: 1,234 over 567."""
    return before.line.text[-1:].isdigit() and after.line.text[:1].isdigit()


def _ends_paragraph(before: _Row, after: _Row, indented: bool) -> bool:
    size = max(min(before.line.size, after.line.size), 1e-6)
    if max(before.line.size, after.line.size) > 1.2 * size:
        return True
    same_column = (before.page, before.column) == (after.page, after.column)
    if same_column and after.line.middle - before.line.middle > _WIDER * after.pitch:
        return True
    if before.line.cells or after.line.cells:
        return True
    ends_sentence = before.line.text.rstrip()[-1:] in _SENTENCE_ENDS
    short = before.right - before.line.right > _SHORT * size
    if _is_centred(before):
        return True
    if _is_centred(after) and not short and not ends_sentence:  # the second line of a title
        return False
    if after.line.left - after.left > _INDENT * size:
        return ends_sentence or short or indented
    if _HEADING.match(after.line.text) and (ends_sentence or short):
        return True
    if not indented:
        return short and (ends_sentence or before.right - before.line.right > _STOPS * (before.right - before.left))
    return short and before.right - before.line.right > 0.4 * (before.right - before.left)


def _is_centred(row: _Row) -> bool:
    before, after = row.line.left - row.left, row.right - row.line.right
    margin = max(0.8 * row.line.size, _MARGIN * (row.right - row.left))  # wider than the indent of a paragraph
    return before > margin and abs(before - after) < row.line.size


def _is_indented(rows: Sequence[_Row]) -> bool:
    """Whether paragraphs are told by their first line: after most full stops at the end of a short line."""
    ends = [
        after.line.left - after.left > _INDENT * after.line.size
        for before, after in pairwise(rows)
        if (before.page, before.column) == (after.page, after.column)
        and before.line.text.rstrip()[-1:] == "。"
        and before.right - before.line.right > _SHORT * before.line.size
    ]
    return bool(ends) and sum(ends) > len(ends) / 2


# -- notes and tables ---------------------------------------------------------------------------------------------------


def _foot_notes(rows: Sequence[_Row], after: Sequence[_Row]) -> list[_Row]:
    """The notes at the foot of a page: from a line that begins with a mark, where that stands in smaller letters, or cuts a
    sentence that goes on on the next page."""
    if len(rows) < 3:
        return []
    size = median(row.line.size for row in rows)
    first = next(
        (index for index, row in enumerate(rows) if index and _FOOT_NOTE.match(row.line.text) and _is_foot(rows, index)), None
    )
    if first is None:
        return []
    smaller = all(row.line.size < 0.93 * size for row in rows[first:])
    before = rows[first - 1].line.text.rstrip()[-1:]
    cuts = bool(after) and before not in _SENTENCE_ENDS and not _HEADING.match(after[0].line.text) and len(rows) - first <= 6
    return list(rows[first:]) if smaller or cuts else []


def _is_foot(rows: Sequence[_Row], index: int) -> bool:
    """Whether what begins at a row is the foot of its page: the lower third, or all that is left of it."""
    top, bottom = rows[0].line.top, rows[-1].line.bottom
    return rows[index].line.top > top + 0.5 * (bottom - top) and all(row.line.top > rows[0].line.top for row in rows[index:])


def _joined_notes(rows: Sequence[_Row]) -> list[str]:
    notes: list[str] = []
    for row in rows:
        if not notes or _FOOT_NOTE.match(row.line.text):
            notes.append(row.line.text)
        else:
            notes[-1] += row.line.text
    return notes


def _with_tables(rows: Sequence[_Row]) -> list[_Row]:
    """The rows of a page, those of tables as the lines that tables are told in."""
    done: list[_Row] = []
    for in_table, run in groupby(rows, key=lambda row: bool(row.line.cells)):
        of_table = list(run)
        if in_table and len(of_table) > 1:
            before = done[-1].line.text if done else ""
            lines = lines_of(spread(_grid([row.line.cells for row in of_table])), before)
            shown = [of_table[min(number, len(of_table) - 1)] for number in range(len(lines))]
            done += [replace(row, line=replace(row.line, text=line)) for row, line in zip(shown, lines, strict=True)]
        else:
            done += of_table
    return done


def _grid(rows: Sequence[tuple[Piece, ...]]) -> list[list[Cell]]:
    """Pieces of lines in the columns that the fullest row has; a piece over several columns stands in all of them."""
    columns = max(rows, key=len)
    grid = []
    for row in rows:
        cells: list[Cell] = []
        for piece in row:
            over = [n for n, column in enumerate(columns) if min(piece.right, column.right) > max(piece.left, column.left)]
            middle = (piece.left + piece.right) / 2
            nearest = min(range(len(columns)), key=lambda n: abs((columns[n].left + columns[n].right) / 2 - middle))
            first, last = (over[0], over[-1]) if over else (nearest, nearest)
            at = sum(cell.columns for cell in cells)
            cells += [Cell("")] * max(first - at, 0)
            cells.append(Cell(piece.text, max(last - max(first, at) + 1, 1)))
        grid.append(cells)
    return grid


# -- heads and feet -----------------------------------------------------------------------------------------------------


def _running_heads(rows: Sequence[Sequence[_Row]]) -> set[tuple[int, Line]]:
    """The lines at the edges of the pages that are page numbers, or the same on many pages, digits aside."""
    edges = [(index, row.line) for index, of_page in enumerate(rows) for row in _edge_rows(of_page)]
    printed = sum(bool(of_page) for of_page in rows)
    counts = Counter(key for key in {(index, _shape(line.text)) for index, line in edges})
    by_shape = Counter(shape for _, shape in counts)
    least = max(2, _REPEATED * printed) if printed > 2 else 2
    return {(index, line) for index, line in edges if _PAGE_NUMBER.fullmatch(line.text) or by_shape[_shape(line.text)] >= least}


def _edge_rows(rows: Sequence[_Row]) -> list[_Row]:
    ordered = sorted(rows, key=lambda row: row.line.top)
    return [*ordered[:_EDGE_LINES], *ordered[_EDGE_LINES:][-_EDGE_LINES:]]


def _shape(text: str) -> str:
    return _DIGITS.sub("#", re.sub(r"\s+", "", text))


# -- lines and columns --------------------------------------------------------------------------------------------------


def _rows(page: PrintedPage, index: int) -> list[_Row]:
    """The lines of a page in the order they are read in."""
    lines = [line for line in page.lines if line.text.strip()]
    if not lines:
        return []
    size = median(line.size for line in lines)
    columns = [(left, right, list(_joined(of_column))) for left, right, of_column in _columns(lines, size)]
    steps = [after.middle - before.middle for _, _, of_column in columns for before, after in pairwise(of_column)]
    pitch = median(steps) if steps else 2 * size
    return [
        _Row(line, left, right, index, number, pitch)
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
        elif gap > 0.25 * size and _WESTERN.search(text) and _WESTERN_START.match(after.text):
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
