"""A word that is another indicator in each report: nothing is ranked or computed across them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import invented
import pytest

from retrieval.answers.answerer import Answerer
from retrieval.library import Library
from retrieval.replies import Reply

REVENUES = {
    "柏林镇": "税收收入完成3.8亿元，增长4%。",
    "枫溪镇": "一般公共预算收入完成4700万元，增长5%。",
    "榆关镇": "财政收入完成3900万元，增长6%。",
}
BUDGETS = {"桂湾镇": "一般公共预算收入完成5100万元。", "桐岭镇": "一般公共预算收入完成6200万元。"}


def report(place: str, sentence: str) -> str:
    return f"""{place}2024年政府工作报告
2025年1月8日在{place}第七届人民代表大会第二次会议上
{place}人民政府镇长  方知远

各位代表：
我代表{place}人民政府，向大会报告工作，请予审议。
一、2024年工作回顾
2024年，全镇{sentence}
二、2025年工作安排
继续修缮水渠。
"""


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Callable[[dict[str, str], str], Reply]]:
    opened: list[Library] = []

    def ask(reports: dict[str, str], question: str) -> Reply:
        library = Library.open(tmp_path / "library", invented.CountingEmbedder())
        opened.append(library)
        for place, sentence in reports.items():
            path = tmp_path / f"{place}.txt"
            path.write_text(report(place, sentence), encoding="utf-8")
            list(library.add([path]))
        return Answerer(library).ask([question])

    yield ask
    for library in opened:
        library.close()


@pytest.mark.parametrize("question", ["哪个镇收入最高", "各镇收入排名", "各镇收入平均是多少", "各镇收入超过4000万元的有哪些"])
def test_different_indicators_are_listed_by_their_names_and_not_compared(asked, question):
    reply = asked(REVENUES, question)
    first, *lines = reply.answer.splitlines()
    assert "不是同一个指标" in first
    assert {line.split("：")[0] for line in lines} == {
        "柏林镇2024年税收收入",
        "枫溪镇2024年一般公共预算收入",
        "榆关镇2024年财政收入",
    }
    assert all("不参与比较" in line for line in lines)
    assert "最高" not in reply.answer


def test_the_indicator_of_most_reports_is_compared_and_the_other_named(asked):
    reply = asked({**BUDGETS, "柏林镇": REVENUES["柏林镇"]}, "哪个镇收入最高")
    assert reply.answer.splitlines()[0] == "最高：桐岭镇（6200万元）"
    assert "柏林镇2024年税收收入：3.8亿元（口径不同，不参与比较）" in reply.answer


def test_one_indicator_is_compared_as_before(asked):
    assert asked(BUDGETS, "哪个镇收入最高").answer.splitlines()[0] == "最高：桐岭镇（6200万元）"


def test_dwellings_are_not_compared_with_quarters(asked):
    reports = {"柏林镇": "改造老旧小区36个。", "枫溪镇": "改造老旧小区1200户。", "榆关镇": "改造老旧小区42个。"}
    answer = asked(reports, "哪个镇改造老旧小区最多").answer
    assert answer.splitlines()[0] == "最高：榆关镇（42个）"
    assert "枫溪镇" in answer
    assert "1200户（口径不同，不参与比较）" in answer


def test_households_of_business_are_counted_with_enterprises(asked):
    reports = {"柏林镇": "新增市场主体360户。", "枫溪镇": "新增市场主体510家。"}
    assert asked(reports, "哪个镇新增市场主体最多").answer.splitlines()[0] == "最高：枫溪镇（510家）"
