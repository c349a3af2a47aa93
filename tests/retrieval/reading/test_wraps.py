"""Lines as they were broken: those that end in the middle of a sentence are joined, all others stay."""

from __future__ import annotations

import textwrap

import invented
import pytest
from made import kinds, seen

from retrieval.reading.loading import read_file
from retrieval.reading.wraps import without_wraps
from retrieval.report.cleaning import clean

PARAGRAPHS = [
    "云溪镇2025年政府工作报告",
    "一、2024年工作回顾",
    "2024年，全镇上下凝心聚力，较好完成了年度任务。全年实现地区生产总值31.7亿元，增长6.3%；固定资产投资12.4亿元，增长5.8%，建成项目12个。",
    "二、2025年工作安排",
    "全镇经济社会发展的主要预期目标是：地区生产总值增长6.5%左右，固定资产投资增长7%，社会消费品零售总额增长8%以上，城镇新增就业400人。",
    "各位代表！让我们携手并进。",
]


def broken(width: int, indent: str = "") -> list[str]:
    return [indent + line for paragraph in PARAGRAPHS for line in textwrap.wrap(paragraph, width, break_long_words=True)]


@pytest.mark.parametrize("width", [30, 36, 38, 40, 45])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_of_a_fixed_width_are_joined(width: int, end: str):
    assert without_wraps(end.join(broken(width))).split("\n") == PARAGRAPHS


def test_lines_that_are_as_wide_on_paper_are_joined():
    def columns(text: str) -> list[str]:
        lines, line, width = [], "", 0
        for char in text:
            wide = 1 if char.isascii() else 2
            if width + wide > 72:
                lines, line, width = [*lines, line], "", 0
            line, width = line + char, width + wide
        return [*lines, line]

    assert without_wraps("\n".join(one for text in PARAGRAPHS for one in columns(text))).split("\n") == PARAGRAPHS


def test_a_page_number_between_the_halves_of_a_sentence_is_left_out():
    lines = broken(38)
    at = next(n for n, line in enumerate(lines) if line.startswith("全镇经济"))
    lines[at + 1 : at + 1] = ["", "— 3 —", ""]
    cleaned = seen("\n".join(lines).encode(), "a.txt")
    assert [line for line in cleaned.text.split("\n") if line] == PARAGRAPHS
    assert kinds(cleaned) == {"page_number": "— 3 —"}


@pytest.mark.parametrize(
    "text", [invented.YUNXI, invented.SHIDU, invented.SONGLING, invented.TWO_IN_ONE, "", "\n\n", "一行\n二行"]
)
def test_a_text_that_was_not_broken_stays_as_it_is(text: str):
    assert without_wraps(text) == text


def test_a_list_of_lines_that_are_as_long_stays_as_it_is():
    text = "\n".join(f"（{n}）全镇新建高标准农田{n}00亩，改造农村公路{n}公里，新增企业{n}家" for n in "一二三四五六")
    assert without_wraps(text) == text


def test_what_markdown_strikes_out_and_comments_is_left_out():
    text = "增长~~9.9%~~6.5%左右[^1]。<!-- 9.8% -->\n\n![图](a.png)\n\n[^1]: 按可比价格计算。"
    cleaned = seen(text.encode(), "a.md")
    assert [line for line in cleaned.text.split("\n") if line] == ["增长6.5%左右。", "注1：按可比价格计算。"]
    assert kinds(cleaned) == {"struck_out": "9.9%", "note_mark": "注1", "hidden": "9.8%", "picture": "图"}


def test_the_signs_of_markdown_are_no_text():
    text = "# 云溪镇2025年工作报告\n\n> 镇长：**秦若川**\n\n## 2024年回顾\n- 税收：*4.1亿元*\n+ 就业300人\n2*3*4"
    assert clean(read_file(text.encode(), "a.md")).text.split("\n") == [
        "云溪镇2025年工作报告",
        "",
        "镇长：秦若川",
        "",
        "2024年回顾",
        "税收：4.1亿元",
        "就业300人",
        "2*3*4",
    ]
    assert clean(read_file(text.encode(), "a.txt")).text.startswith("# 云溪镇")
