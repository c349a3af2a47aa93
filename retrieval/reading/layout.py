"""From lines on printed pages to running text: running heads, notes, tables, and line breaks that mean nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from statistics import median

from retrieval.language.folding import HAN
from retrieval.models import Page
from retrieval.reading.printed import WESTERN, WESTERN_START, Line, Piece, PrintedPage, Row, rows_of
from retrieval.reading.raw import HEAD_END, HEAD_START, RawText, left_out
from retrieval.reading.tables import Cell, lines_of, spread

_SENTENCE_ENDS = "。！？；：!?;:…”』」）)"
_HEADING = re.compile(
    r"[ \u3000]*(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[)）]|第[一二三四五六七八九十]{1,3}[章节部])"
)
_PAGE_NUMBER = re.compile(r"[-—–－·•\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/／共]\s*(?:共\s*)?\d{1,4}(?:\s*页)?)?[-—–－·•\s]*")
_FOOT_NOTE = re.compile(
    rf"\s*(?:[①-⑳➀-➓❶-❿]|\[\d{{1,2}}\]|［\d{{1,2}}］|〔\d{{1,2}}〕|[*※]|注\s*\d{{0,2}}\s*[:：]|\d{{1,2}}\s*(?![\d.、．,，]|[年月日%％]|个|[万亿])(?=[“{HAN}]{{2,30}}[:：]))"
)
_DIGITS = re.compile(r"\d+")

_EDGE_LINES = 2  # heads and feet are among the first and the last lines of a page
_REPEATED = 0.4  # of the pages: even and odd pages may bear different heads
_INDENT = 1.2  # all of these in widths of a character: a Chinese paragraph is indented by two
_SHORT = 3.0
_WIDER = 1.35  # than from line to line: what stands apart begins anew
_MARGIN = 0.08  # of a column's width
_STOPS = 0.25  # of a column's width: a line that is as much shorter stops, with or without a full stop


def running_text(pages: Sequence[PrintedPage]) -> RawText:
    """The text of printed pages as one, its running heads and page numbers marked, and where each page begins in it."""
    rows = [rows_of(page, index) for index, page in enumerate(pages)]
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
    before: Row | None = None
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


def _glue(before: Row, after: Row, indented: bool) -> str:
    """What stands between two lines: a line break where a paragraph ends, else nothing or the blank of western words."""
    if _ends_paragraph(before, after, indented):
        return "\n"
    if WESTERN.search(before.line.text) and WESTERN_START.match(after.line.text) and not _split_number(before, after):
        return " "
    return ""


def _split_number(before: Row, after: Row) -> bool:
    """A number that was broken at the end of a line: 1,234 over 567."""
    return before.line.text[-1:].isdigit() and after.line.text[:1].isdigit()


def _ends_paragraph(before: Row, after: Row, indented: bool) -> bool:
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


def _is_centred(row: Row) -> bool:
    before, after = row.line.left - row.left, row.right - row.line.right
    margin = max(0.8 * row.line.size, _MARGIN * (row.right - row.left))  # wider than the indent of a paragraph
    return before > margin and abs(before - after) < row.line.size


def _is_indented(rows: Sequence[Row]) -> bool:
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


def _foot_notes(rows: Sequence[Row], after: Sequence[Row]) -> list[Row]:
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


def _is_foot(rows: Sequence[Row], index: int) -> bool:
    """Whether what begins at a row is the foot of its page: the lower third, or all that is left of it."""
    top, bottom = rows[0].line.top, rows[-1].line.bottom
    return rows[index].line.top > top + 0.5 * (bottom - top) and all(row.line.top > rows[0].line.top for row in rows[index:])


def _joined_notes(rows: Sequence[Row]) -> list[str]:
    notes: list[str] = []
    for row in rows:
        if not notes or _FOOT_NOTE.match(row.line.text):
            notes.append(row.line.text)
        else:
            notes[-1] += row.line.text
    return notes


def _with_tables(rows: Sequence[Row]) -> list[Row]:
    """The rows of a page, those of tables as the lines that tables are told in."""
    done: list[Row] = []
    for in_table, run in groupby(_with_names_of_two_lines(rows), key=lambda row: bool(row.line.cells)):
        of_table = list(run)
        if in_table and len(of_table) > 1:
            before = done[-1].line.text if done else ""
            lines = lines_of(spread(_grid([row.line.cells for row in of_table])), before)
            shown = [of_table[min(number, len(of_table) - 1)] for number in range(len(lines))]
            done += [replace(row, line=replace(row.line, text=line)) for row, line in zip(shown, lines, strict=True)]
        else:
            done += of_table
    return done


def _with_names_of_two_lines(rows: Sequence[Row]) -> list[Row]:
    """``rows`` in which a table's values that stand between the two lines of their name are one row with it."""
    done: list[Row] = []
    at = 0
    while at < len(rows):
        three = [row.line for row in rows[at : at + 3]]
        if len(three) == 3 and _names_around(*three):
            above, values, below = three
            name = Piece(above.text + below.text, min(above.left, below.left), max(above.right, below.right))
            whole = replace(values, text=f"{name.text}\t{values.text}", left=name.left, cells=(name, *values.cells))
            done.append(replace(rows[at + 1], line=whole))
            at += 3
        else:
            done.append(rows[at])
            at += 1
    return done


def _names_around(above: Line, values: Line, below: Line) -> bool:
    """Whether two lines stand half a line above and below values, and to their left, where nothing else does."""
    up, down = values.middle - above.middle, below.middle - values.middle
    near = 0 < up < values.size and 0 < down < values.size and abs(up - down) < 0.2 * values.size
    alone = not above.cells and not below.cells and max(above.right, below.right) < values.left
    return bool(near and alone and values.cells)


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


def _running_heads(rows: Sequence[Sequence[Row]]) -> set[tuple[int, Line]]:
    """The lines at the edges of the pages that are page numbers, or the same on many pages, digits aside."""
    edges = [(index, row.line) for index, of_page in enumerate(rows) for row in _edge_rows(of_page)]
    printed = sum(bool(of_page) for of_page in rows)
    counts = Counter(key for key in {(index, _shape(line.text)) for index, line in edges})
    by_shape = Counter(shape for _, shape in counts)
    least = max(2, _REPEATED * printed) if printed > 2 else 2
    return {(index, line) for index, line in edges if _PAGE_NUMBER.fullmatch(line.text) or by_shape[_shape(line.text)] >= least}


def _edge_rows(rows: Sequence[Row]) -> list[Row]:
    ordered = sorted(rows, key=lambda row: row.line.top)
    return [*ordered[:_EDGE_LINES], *ordered[_EDGE_LINES:][-_EDGE_LINES:]]


def _shape(text: str) -> str:
    return _DIGITS.sub("#", re.sub(r"\s+", "", text))
