"""Tables become lines in which each value stands beside what it is of; cells never run together."""

from __future__ import annotations

import io

import openpyxl
import pytest
from made import Printed, page, paragraph, pdf, seen, word

from retrieval.ingest.understanding import read_reports, understand_report
from retrieval.reading.loading import read_file
from retrieval.reading.raw import RawText
from retrieval.reading.tables import Cell, lines_of, spread

HEAD = """松岭区云溪镇2025年政府工作报告
各位代表：
一、2024年工作回顾
2024年，全镇工作平稳有序。
二、2025年工作安排
"""

TABLES = {
    "one value a row": (
        [["指标", "2025年目标"], ["地区生产总值增长", "6.5%左右"]],
        "",
        ["指标 | 2025年目标", "2025年目标：地区生产总值增长6.5%左右。"],
    ),
    "actual and target": (
        [["指标", "2024年实际", "2025年目标"], ["工业总产值", "71.2亿元", "80亿元"], ["居民收入", "—", "与经济增长同步"]],
        "",
        [
            "指标 | 2024年实际 | 2025年目标",
            "2024年实际：工业总产值71.2亿元；2025年目标：工业总产值80亿元。",
            "2025年目标：居民收入与经济增长同步。",
        ],
    ),
    "units in a column, heads of two rows": (
        [
            ["序号", "指标", "计量单位", "2024年", "2024年"],
            ["序号", "指标", "计量单位", "绝对值", "增长（%）"],
            ["1", "地区生产总值", "亿元", "31.7", "6.3"],
        ],
        "",
        [
            "序号 | 指标 | 计量单位 | 2024年绝对值 | 2024年增长（%）",
            "1、2024年绝对值：地区生产总值31.7亿元；2024年：地区生产总值增长6.3%。",
        ],
    ),
    "units beside the names": (
        [["指标", "2023", "2024"], ["粮食产量（万吨）", "1.8", "1.9"]],
        "",
        ["指标 | 2023 | 2024", "2023年：粮食产量1.8万吨；2024年：粮食产量1.9万吨。"],
    ),
    "one unit for all, years in the rows": (
        [["年份", "一般公共预算收入", "增速（%）"], ["2023年", "2.1", "4"], ["2024年", "2.2", "5.2"]],
        "单位：亿元",
        [
            "年份 | 一般公共预算收入 | 增速（%）",
            "2023年：一般公共预算收入2.1亿元；2023年：一般公共预算收入增速4%。",
            "2024年：一般公共预算收入2.2亿元；2024年：一般公共预算收入增速5.2%。",
        ],
    ),
    "the year in the title": (
        [["项目", "计划", "完成"], ["固定资产投资", "12亿元", "12.4亿元"]],
        "2024年主要指标完成情况",
        ["项目 | 计划 | 完成", "2024年计划：固定资产投资12亿元；2024年完成：固定资产投资12.4亿元。"],
    ),
    "groups and notes": (
        [
            ["指标", "2025年目标"],
            ["一、经济发展", "一、经济发展"],
            ["固定资产投资", "增长7%"],
            ["注：按可比价格", "注：按可比价格"],
        ],
        "",
        ["指标 | 2025年目标", "一、经济发展", "2025年目标：固定资产投资增长7%。", "注：按可比价格"],
    ),
    "what is counted in the head": (
        [["项目", "公里", "投资"], ["新建污水管网", "3", "800万元。"]],
        "",
        ["项目 | 公里 | 投资", "新建污水管网3公里；新建污水管网投资800万元。"],
    ),
    "words": (
        [["任务", "责任单位"], ["修建环镇公路", "经发办"]],
        "",
        ["任务 | 责任单位", "任务：修建环镇公路；责任单位：经发办"],
    ),
    "no heads": ([["甲格", "乙格"], ["", ""]], "", ["甲格：乙格"]),
    "three cells": ([["甲格。", "乙格。", "丙格。"]], "", ["甲格。 | 乙格。 | 丙格。"]),
}


@pytest.mark.parametrize("rows, before, lines", TABLES.values(), ids=TABLES)
def test_tables_in_words(rows: list[list[str]], before: str, lines: list[str]):
    assert lines_of(rows, before) == lines


def test_what_goes_over_several_columns_and_rows_stands_in_each():
    rows = [
        [Cell("指标", rows=2), Cell("2024年", columns=2)],
        [Cell("产值"), Cell("增长")],
        [Cell("工业"), Cell("3"), Cell("4%")],
    ]
    assert spread(rows) == [["指标", "2024年", "2024年"], ["指标", "产值", "增长"], ["工业", "3", "4%"]]


def figures(*lines: str) -> list[tuple[str | None, str, int | None, str, str]]:
    (cleaned,) = read_reports(RawText(HEAD + "\n".join(lines)))
    found = understand_report(cleaned, {}).figures
    return [(one.indicator, one.kind, one.year, one.measure, one.value) for one in found]


def test_figures_of_a_table_have_their_indicator_kind_year_and_unit():
    rows = [["指标", "2024年计划", "2024年完成", "2025年目标"], ["固定资产投资", "12亿元", "12.4亿元", "增长7%以上"]]
    assert figures(*lines_of(rows)) == [
        ("固定资产投资", "target", 2024, "level", "12亿元"),
        ("固定资产投资", "actual", 2024, "level", "12.4亿元"),
        ("固定资产投资", "target", 2025, "growth", "7%以上"),
    ]


@pytest.mark.parametrize("mark", ["——", "1.", "（1）", "", "· "])
def test_lines_of_names_and_figures(mark: str):
    lines = [f"{mark}地区生产总值增长：6.5%左右", f"{mark}城镇新增就业:400人", f"{mark}粮食产量：1.2万吨"]
    assert figures("2025年主要预期目标如下：", *lines) == [
        ("地区生产总值", "target", 2025, "growth", "6.5%左右"),
        ("城镇新增就业", "target", 2025, "level", "400人"),
        ("粮食产量", "target", 2025, "level", "1.2万吨"),
    ]


def test_figures_of_a_glossary_are_nobodys():
    glossary = ["名词解释", "1.规模以上工业企业：指年主营业务收入2000万元以上的工业企业。", "2.固定资产投资：2025年全国增长4%。"]
    assert figures("固定资产投资增长7%。", *glossary) == [("固定资产投资", "target", 2025, "growth", "7%")]


def test_tables_after_a_glossary_count_again():
    text = ["名词解释", "1.三保：指保工资等3项支出。", "附表：2025年主要预期目标", "2025年目标：固定资产投资增长7%。"]
    assert figures(*text) == [("固定资产投资", "target", 2025, "growth", "7%")]


LINES = ["指标 | 2024年实际 | 2025年目标", "2024年实际：工业总产值71.2亿元；2025年目标：工业总产值80亿元。"]
ROWS = [["指标", "2024年实际", "2025年目标"], ["工业总产值", "71.2亿元", "80亿元"]]


def of_word(rows: list[list[str]]) -> bytes:
    cells = [[f"<w:tc><w:tcPr/>{paragraph(cell)}</w:tc>" for cell in row] for row in rows]
    cells[1][0] = f"<w:sdt><w:sdtPr/><w:sdtContent>{cells[1][0]}</w:sdtContent></w:sdt>"
    return word(paragraph("一、目标") + "<w:tbl>" + "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in cells) + "</w:tbl>")


def of_page(rows: list[list[str]]) -> bytes:
    table = "".join("<tr>" + "".join(f"<td><p>{cell}</p></td>" for cell in row) + "</tr>" for row in rows)
    return page(f"<h1>云溪镇</h1><p>一、目标</p><table>{table}</table>")


def of_pdf(rows: list[list[str]]) -> bytes:
    lines = [Printed("一、目标", 70, 80)]
    lines += [Printed(cell, 70 + 160 * x, 110 + 20 * y) for y, row in enumerate(rows) for x, cell in enumerate(row)]
    return pdf(lines)


def of_markdown(rows: list[list[str]]) -> bytes:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(["一、目标", "", lines[0], "|---|:--:|---|", *lines[1:]]).encode()


def of_sheet(rows: list[list[str]]) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["一、目标"])
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def of_csv(rows: list[list[str]]) -> bytes:
    return "\r\n".join(["一、目标,,", *(",".join(f'"{cell}"' for cell in row) for row in rows)]).encode("gb18030")


FORMATS = {"docx": of_word, "html": of_page, "pdf": of_pdf, "md": of_markdown, "xlsx": of_sheet, "csv": of_csv}


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_tells_its_tables_alike(suffix: str):
    text = seen(FORMATS[suffix](ROWS), f"a.{suffix}").text
    assert [line for line in text.split("\n") if line.strip() and line != "云溪镇"] == ["一、目标", *LINES]


def test_a_merged_head_in_a_page():
    table = (
        "<table><tr><td rowspan=2>指标</td><td colspan=2>2024年</td></tr><tr><td>绝对值（亿元）</td><td>增长（%）</td></tr>"
        "<tr><td>工业总产值</td><td>71.2</td><td>6.1</td></tr></table>"
    )
    assert seen(page(f"<p>附表</p>{table}"), "a.html").text.split("\n")[-1] == (
        "2024年绝对值：工业总产值71.2亿元；2024年：工业总产值增长6.1%。"
    )


def test_values_of_a_sheet_are_those_that_are_shown():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"], sheet["B1"], sheet["A2"], sheet["B2"] = "指标", "2025年目标", "固定资产投资增长", 0.065
    sheet["B2"].number_format = "0.0%"
    sheet["A3"], sheet["B3"] = "地区生产总值增长", "9.9%"
    sheet.row_dimensions[3].hidden = True
    drafts = book.create_sheet("草稿")
    drafts["A1"], drafts.sheet_state = "增长9.9%", "hidden"
    stream = io.BytesIO()
    book.save(stream)
    cleaned = seen(stream.getvalue(), "a.xlsx")
    assert cleaned.text == "指标 | 2025年目标\n2025年目标：固定资产投资增长6.5%。"
    assert [removal.kind for removal in cleaned.removals] == ["hidden"]


@pytest.mark.parametrize("gap", ["\t", "    ", "　　"])
def test_a_pasted_table_is_a_table(gap: str):
    rows = ["指标名称 单位 2024年完成 增长（%） 2025年目标", "工业总产值 亿元 71.2 6.1 80", "财政收入 万元 5380 4.5 5600"]
    text = "\n".join(["云溪镇2025年工作报告", "主要指标表", *(row.replace(" ", gap) for row in rows), "一、工作回顾"])
    assert seen(text.encode(), "a.txt").text.split("\n")[3:] == [
        "2024年完成：工业总产值71.2亿元；工业总产值增长6.1%；2025年目标：工业总产值80亿元。",
        "2024年完成：财政收入5380万元；财政收入增长4.5%；2025年目标：财政收入5600万元。",
        "一、工作回顾",
    ]


def test_lines_whose_pieces_lie_apart_are_no_table():
    text = "政  府  工  作  报  告\n镇  长  张  帆\n一  二  三  四"
    assert seen(text.encode(), "a.txt").text == text


SEVERAL = [
    ["指标", "2024年完成情况", "2025年目标"],
    ["地区生产总值", "132.6亿元，增长5.3%", "增长5.5%"],
    ["粮食产量", "12,300吨", "1.3万吨"],
]


def test_several_values_in_a_cell_are_of_its_row():
    assert figures(*lines_of(SEVERAL)) == [
        ("地区生产总值", "actual", 2024, "level", "132.6亿元"),
        ("地区生产总值", "actual", 2024, "growth", "5.3%"),
        ("地区生产总值", "target", 2025, "growth", "5.5%"),
        ("粮食产量", "actual", 2024, "level", "12,300吨"),
        ("粮食产量", "target", 2025, "level", "1.3万吨"),
    ]


@pytest.mark.parametrize("between", ["\t", "    "])
def test_a_pasted_table_whose_cells_have_words(between: str):
    text = HEAD + "\n".join(between.join(row) for row in SEVERAL)
    (cleaned,) = read_reports(read_file(text.encode(), "a.txt"))
    assert "2024年完成情况：地区生产总值132.6亿元，增长5.3%；2025年目标：地区生产总值增长5.5%。" in cleaned.text


def test_of_two_units_of_a_table_each_value_has_its_own_or_none():
    rows = [
        ["指标", "2024年绝对值", "2024年增速"],
        ["地区生产总值", "520.4", "5.9"],
        ["城镇登记失业率", "3.4", "—"],
        ["万元", "", ""],
    ]
    assert lines_of(rows, "单位：亿元、%")[1:3] == [
        "2024年绝对值：地区生产总值520.4亿元；2024年：地区生产总值增速5.9%。",
        "2024年绝对值：城镇登记失业率3.4。",
    ]


def test_a_table_of_any_width_is_read_in_time():
    wide = [[f"{n}%" for n in range(40_000)]] * 3
    (cleaned,) = read_reports(read_file("\n".join("\t".join(row) for row in wide).encode(), "a.txt"))
    assert cleaned.text.count("39999%") == 3  # nothing of it is lost


def test_a_row_for_each_value_tells_its_year_kind_and_unit():
    rows = [
        ["地区", "指标", "年份", "类型", "数值", "单位"],
        ["云溪镇", "粮食产量", "2024", "完成", "1.9", "万吨"],
        ["云溪镇", "粮食产量", "2025", "目标", "2", "万吨"],
        ["云溪镇", "固定资产投资", "2024", "完成", "3.1", "亿元"],
    ]
    assert figures(*lines_of(rows)) == [
        ("粮食产量", "actual", 2024, "level", "1.9万吨"),
        ("粮食产量", "target", 2025, "level", "2万吨"),
        ("固定资产投资", "actual", 2024, "level", "3.1亿元"),
    ]


def test_values_of_a_printed_table_between_the_two_lines_of_their_name():
    lines = [Printed("一、目标", 70, 80)]
    lines += [Printed(cell, 70 + 160 * x, 120, 11) for x, cell in enumerate(ROWS[0])]
    lines += [Printed("规模以上", 70, 150, 11), Printed("工业增加值", 70, 164, 11)]
    lines += [Printed(cell, 230 + 160 * x, 157, 11) for x, cell in enumerate(["71.2亿元", "80亿元"])]
    lines += [Printed(cell, 70 + 160 * x, 190, 11) for x, cell in enumerate(["工业投资", "9亿元", "10亿元"])]
    assert seen(pdf(lines), "a.pdf").text.split("\n")[-2:] == [
        "2024年实际：规模以上工业增加值71.2亿元；2025年目标：规模以上工业增加值80亿元。",
        "2024年实际：工业投资9亿元；2025年目标：工业投资10亿元。",
    ]


def test_a_cell_that_tracked_changes_delete_moves_no_other():
    cells = [[f"<w:tc><w:tcPr/>{paragraph(cell)}</w:tc>" for cell in row] for row in ROWS]
    cells[1].insert(1, f'<w:tc><w:tcPr><w:cellDel w:id="3"/></w:tcPr>{paragraph("99亿元")}</w:tc>')
    cells[1][2] = cells[1][2].replace("<w:tcPr/>", '<w:tcPr><w:cellIns w:id="4"/></w:tcPr>')
    rows = "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in cells)
    cleaned = seen(word(paragraph("一、目标") + f"<w:tbl>{rows}</w:tbl>"), "a.docx")
    assert [line for line in cleaned.text.split("\n") if line.strip()] == ["一、目标", *LINES]
    assert [(one.kind, one.text) for one in cleaned.removals if one.kind == "deleted"] == [("deleted", "99亿元")]
