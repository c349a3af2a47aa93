"""Tables of figures for spreadsheets: CSV and XLSX, the same columns in both."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from retrieval.language.hidden import MARK, visible
from retrieval.messages import message
from retrieval.search.figure_lookup import StoredFigure

_COLUMNS = (
    "report_id",
    "place",
    "title",
    "indicator",
    "subject",
    "kind",
    "year",
    "measure",
    "value",
    "low",
    "high",
    "unit",
    "comparator",
    "estimated",
    "stretch",
    "blank",
    "section",
    "sentence",
    "start",
    "end",
)
_WIDTHS = {"title": 30, "indicator": 22, "subject": 28, "value": 14, "section": 40, "sentence": 80}
_FORMULA = tuple("=+-@＝＋－＠\t\r\n|")
_UNSEEN = f" \u3000\xa0\"'{MARK}"  # before a formula, which some programs take away


def csv_table(figures: Sequence[StoredFigure]) -> bytes:
    """The figures as CSV in UTF-8, with the mark that Excel needs to read Chinese."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_headings())
    writer.writerows([_guarded(cell) for cell in _cells(one)] for one in figures)
    return out.getvalue().encode("utf-8-sig")


def xlsx_table(figures: Sequence[StoredFigure]) -> bytes:
    """The figures as an Excel workbook of one sheet, with a filter over its headings."""
    import xlsxwriter

    out = io.BytesIO()
    # Texts of reports are cells of text, whatever they begin with.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(message("console.figures_sheet"))
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        sheet.write_row(0, 0, _headings(), bold)
        for row, one in enumerate(figures, 1):
            sheet.write_row(row, 0, [visible(cell) if isinstance(cell, str) else cell for cell in _cells(one)])
        for column, key in enumerate(_COLUMNS):
            sheet.set_column(column, column, _WIDTHS.get(key, 10), wrapped if key == "sentence" else None)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(figures), 1), len(_COLUMNS) - 1)
    return out.getvalue()


def _headings() -> list[str]:
    return [message(f"columns.{key}") for key in _COLUMNS]


def shown_cells(one: StoredFigure) -> dict[str, Any]:
    """The cells of a figure by their columns, in the words of the language spoken; None where there is nothing."""
    record = one.as_json()
    record["kind"] = message(f"kinds.{one.figure.kind}")
    record["measure"] = message(f"measures.{one.figure.measure}")
    record["section"] = message("console.path_glue").join(one.section)
    for flag in ("estimated", "stretch", "blank"):
        record[flag] = message("columns.yes") if record[flag] else ""
    return record


def _cells(one: StoredFigure) -> list[Any]:
    record = shown_cells(one)
    return ["" if record[key] is None else record[key] for key in _COLUMNS]


def _guarded(cell: Any) -> Any:
    """A text that a spreadsheet would take for a formula, with an apostrophe before it (CWE-1236)."""
    if not isinstance(cell, str):
        return cell
    shown = visible(cell)
    return f"'{shown}" if shown.startswith(_FORMULA) or shown.lstrip(_UNSEEN).startswith(_FORMULA) else shown
