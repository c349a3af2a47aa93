"""Hostile texts and questions cost about as much as they are long: four times the text, never sixteen times the work.

Processor time is compared with itself on a text of the same kind, so that a slow or busy machine changes nothing; what
takes less than half a second in all is too quick to be compared, and quick enough.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from retrieval.ingest.understanding import read_reports, understand_report
from retrieval.question.parsing import parse
from retrieval.reading.raw import RawText

_QUICK = 0.5  # seconds of processor time
_MOST = 10  # times the work for four times the text: the square would be 16
HEAD = "某镇2024年政府工作报告\n一、2023年工作回顾\n"
PIECES = [
    *("1", "2023", "2023年", "１", "5%", "、5%", "5亿元", "1.2.", "5.0%—5.5%、", "xx", "a", " ", "\n", "一\n"),
    *("一、", "（", "）", "（一）", "“", "[", "[bookmark: _Toc", "##paid", "来源：", "——", "。", "；", "，", "一是发展"),
    *("一、工作\n", "（一）工作。\n", "某镇2023年政府工作报告\n", "全镇经济发展", "一二三四五六七八九十百千万亿"),
    *(
        "增长",
        "增长5%，",
        "去年5%、",
        "今年5%",
        "2023年5%",
        "从5%，",
        "提出的5%",
        "连续5年5%，",
        "分别增长5%、",
        "力争达到8%以上",
    ),
    *("地区生产总值增长5%左右，", "，增长5%，二、从5%提高到6%"),
]
ASKED = [
    "提到了",
    "以及",
    "和",
    "比",
    "去年",
    "近三年",
    "最高",
    "前三名",
    "超过6%",
    "百分之五",
    "平均",
    "哪些",
    "没有",
    "5%到6%",
    "除了",
]


def work(of: Callable[[str], object], piece: str, characters: int) -> float:
    """Seconds of processor time."""
    text = (piece * (characters // len(piece) + 1))[:characters]
    begun = time.process_time()
    of(text)
    return time.process_time() - begun


def assert_linear(of: Callable[[str], object], piece: str, characters: int) -> None:
    large = work(of, piece, 4 * characters)
    if large > _QUICK:
        large = min(large, work(of, piece, 4 * characters))  # a process beside this one may have held up either
        assert large / min(work(of, piece, characters) for _ in range(2)) < _MOST


def understood(text: str) -> None:
    for cleaned in read_reports(RawText(HEAD + text)):
        made = understand_report(cleaned, {})
        made.embedded_texts()
        made.headings()


@pytest.mark.parametrize("piece", PIECES)
def test_a_text_is_understood_in_time_that_grows_with_its_length(piece: str):
    assert_linear(understood, piece, 2_000)


@pytest.mark.parametrize("piece", [*PIECES, *ASKED])
def test_a_question_is_parsed_in_time_that_grows_with_its_length(piece: str):
    """Questions are refused from 500 characters on; what reads them is held to the 4,096 of Telegram."""
    assert_linear(lambda text: parse(text, 2), piece, 1_024)
