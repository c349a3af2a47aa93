"""Spreadsheets (.xlsx, by ``openpyxl``; .csv): each sheet as the lines of a table, its values as they are shown."""

from __future__ import annotations

import csv
import datetime
import io
import mimetypes
import re
import warnings
from typing import Any

from retrieval.errors import DamagedFile
from retrieval.reading.packages import DAMAGE, check_package
from retrieval.reading.plain import decode
from retrieval.reading.raw import Progress, RawText, left_out, unmarked
from retrieval.reading.tables import COLUMNS, ROWS, lines_of

_DECIMALS = re.compile(r"0\.(0{1,6})")


def read(content: bytes, name: str, progress: Progress) -> RawText:
    """Raises DamagedFile, UnpacksTooLarge or EncryptedFile."""
    check_package(content, name)
    mimetypes.knownfiles.clear()  # openpyxl would look them up; the walls around this process let it open none
    import openpyxl

    warnings.simplefilter("ignore")
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True, keep_links=False)
        lines = [line for sheet in book.worksheets for line in _lines(sheet)]
        lines += [left_out("chart", sheet.title) for sheet in book.chartsheets]
    except (*DAMAGE, AttributeError, TypeError, SyntaxError) as error:
        raise DamagedFile(file=name) from error
    return RawText("\n".join(lines), marked=True)


def read_csv(content: bytes, name: str) -> RawText:
    """A table in plain text, whatever parts its columns. Raises UnreadableFile."""
    text = unmarked(decode(content, name))
    first = text.split("\n", 1)[0]
    mark = max("\t,;，", key=first.count)
    rows = list(csv.reader(io.StringIO(text), delimiter=mark, strict=False))[:ROWS]
    return RawText("\n".join(_with_title(rows)), marked=True)


def _lines(sheet: Any) -> list[str]:
    """A sheet's name and its rows. Hidden sheets, rows and columns are left out."""
    rows = _rows(sheet)
    if sheet.sheet_state != "visible":
        return [left_out("hidden", " ".join(cell for row in rows for cell in row if cell))] if rows else []
    pictures = [left_out("picture", "") for _ in getattr(sheet, "_images", [])]
    charts = [left_out("chart", "") for _ in getattr(sheet, "_charts", [])]
    return [*_with_title(rows), *pictures, *charts]


def _rows(sheet: Any) -> list[list[str]]:
    merged = {}
    for area in sheet.merged_cells.ranges:
        first = sheet.cell(area.min_row, area.min_col)
        for row in range(area.min_row, min(area.max_row, area.min_row + ROWS) + 1):
            for column in range(area.min_col, min(area.max_col, COLUMNS) + 1):
                merged[row, column] = first
    unseen_columns = {
        index
        for letter, dimension in sheet.column_dimensions.items()
        if dimension.hidden and dimension.min and dimension.max
        for index in range(dimension.min, min(dimension.max, COLUMNS) + 1)
    }
    found = []
    for number in sorted({row for row, _ in sheet._cells if row <= ROWS}):  # one at the end of a million rows makes no others
        if sheet.row_dimensions[number].hidden:
            continue
        (row,) = sheet.iter_rows(number, number, max_col=min(sheet.max_column or 0, COLUMNS))
        cells = [_shown(merged.get((cell.row, cell.column), cell)) for cell in row if cell.column not in unseen_columns]
        if any(cells):
            found.append(cells)
    return found


def _with_title(rows: list[list[str]]) -> list[str]:
    """The lines of a table; rows of one cell before it are its title and what stands under that."""
    titles = []
    while rows and len({cell for cell in rows[0] if cell.strip()}) <= 1:
        titles += [next((cell for cell in rows[0] if cell.strip()), "")]
        rows = rows[1:]
    return [*filter(None, titles), *lines_of(rows, " ".join(titles))]


def _shown(cell: Any) -> str:
    """A cell's value as its format shows it: 0.065 may be 6.5%."""
    value, form = cell.value, str(cell.number_format or "")
    font = cell.font
    if font is not None and font.strike:
        return ""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, datetime.datetime | datetime.date):
        return f"{value.year}年{value.month}月{value.day}日" if "d" in form.lower() else f"{value.year}年{value.month}月"
    if not isinstance(value, int | float):
        return unmarked(str(value)).strip()
    decimals = _DECIMALS.search(form)
    if "%" in form:
        return f"{value * 100:.{len(decimals.group(1)) if decimals else 0}f}%"
    if decimals:
        return f"{value:.{len(decimals.group(1))}f}"
    if form in ("0", "#,##0"):
        return f"{value:.0f}"
    return f"{value:.10g}"
