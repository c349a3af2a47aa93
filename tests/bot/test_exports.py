"""The figures of a library as records, CSV and XLSX."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest

from bot.exports import csv_table, xlsx_table
from retrieval.library import Library
from retrieval.search.figure_lookup import FigureQuery, StoredFigure, select_figures


def found(library: Library, **wanted) -> list[StoredFigure]:
    return select_figures(library, library.reports(), FigureQuery(**wanted))


def test_a_query_narrows(small_library: Library):
    everything = found(small_library)
    assert len(everything) == sum(report.figures for report in small_library.reports())
    targets = found(small_library, indicator="GDP", kind="target", year=2025)
    assert [(one.report.place, one.figure.value) for one in targets] == [
        ("云溪镇", "6%左右"),
        ("石渡镇", "5.5％左右"),
        ("松岭区", "6%以上"),
        ("松岭区", "7%"),
    ]
    assert [one.figure.value for one in found(small_library, indicator="民宿")] == ["12家"]


def test_a_record_holds_numbers_in_the_unit_as_written(small_library: Library):
    (grain,) = (one.as_json() for one in found(small_library, indicator="粮食产量"))
    assert (grain["value"], grain["low"], grain["unit"], grain["kind"], grain["year"]) == (
        "1.25万吨",
        1.25,
        "万吨",
        "actual",
        2024,
    )
    assert small_library.text(grain["report_id"])[grain["start"] : grain["end"]] == "1.25万吨"
    assert grain["sentence"].startswith("粮食总产量1.25万吨")
    assert grain["section"] == ["一、2024年工作回顾", "（二）农业基础不断巩固"]


def test_blanks_have_no_number(small_library: Library):
    (blank,) = (one.as_json() for one in found(small_library, indicator="财政收入"))
    assert (blank["value"], blank["blank"], blank["low"], blank["unit"]) == ("xx万元", True, None, "万元")


def test_csv_opens_in_a_spreadsheet(small_library: Library):
    content = csv_table(found(small_library))
    assert content.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert head[:6] == ["报告编号", "地名", "标题", "指标", "项目", "类别"]
    assert len(rows) == len(found(small_library))
    assert {len(row) for row in rows} == {len(head)}


@pytest.mark.parametrize("opening", ["=", "+", "-", "@"])
def test_a_text_is_never_a_formula(small_library: Library, opening: str):
    one = found(small_library)[0]
    hostile = StoredFigure(one.report, one.figure, one.section, f'{opening}HYPERLINK("http://x")')
    (_, row) = csv.reader(io.StringIO(csv_table([hostile]).decode("utf-8-sig")))
    assert f"'{opening}HYPERLINK" in "".join(row)
    with zipfile.ZipFile(io.BytesIO(xlsx_table([hostile]))) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_xlsx_is_a_workbook_with_every_figure(small_library: Library):
    figures = found(small_library)
    with zipfile.ZipFile(io.BytesIO(xlsx_table(figures))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == len(figures) + 1
    assert "<autoFilter" in sheet
