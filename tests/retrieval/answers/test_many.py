"""A figure of very many reports: what is asked of the library at once is what each report, read in full, answers."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from invented import CountingEmbedder

from retrieval.answers import many, table
from retrieval.answers.answerer import Answerer
from retrieval.answers.context import PartOfReport
from retrieval.answers.figure import state_figure
from retrieval.answers.many import stated_by_each
from retrieval.language.indicators import indicators
from retrieval.library import Library
from retrieval.question.query import When, part_for

NAMES = ("青坡镇", "松口镇", "柳湾镇", "石滩镇", "云岭镇", "泉沟镇", "竹林镇")


def text_of(number: int, name: str, year: int) -> str:
    """A report with targets and results, of which some are blank, stretched, of half a year, of several years, in words or twice."""
    lines = [
        f"{name}{year}年政府工作报告",
        f"一、{year - 1}年工作回顾",
        f"{year - 1}年，全镇实现地区生产总值{20 + number}.5亿元，增长{5 + number % 3}.2%。",
        f"上半年财政收入完成{300 + number}万元。" if number % 2 else f"财政收入完成{900 + number}万元，增长3.1%。",
        "粮食产量xx吨。" if number % 3 == 0 else f"粮食产量{4000 + 100 * number}吨，其中夏粮900吨。",
        f"过去三年，粮食产量由{3000 + number}吨增加到{5000 + number}吨。" if number % 4 == 1 else "群众满意度进一步提高。",
        f"固定资产投资下降{number % 5 + 1}.5%。",
        f"二、{year}年工作安排",
        f"{year}年主要预期目标是：地区生产总值增长{6 + number % 2}%左右，力争增长8%；财政收入增长{4 + number % 3}%以上。",
        "城镇新增就业" + (f"{120 + number}人。" if number % 2 else "稳中有增。"),
        f"到{year + 1}年，粮食产量达到{6000 + number}吨。",
    ]
    return "\n".join(lines)


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("towns")
    for number, name in enumerate(NAMES):
        for year in (2023, 2024):
            text = text_of(number + year % 2, name, year)
            (folder / f"{name}{year}.txt").write_text(text, encoding="utf-8")
    library = Library.open(folder / "library", CountingEmbedder())
    assert {one.outcome for one in library.add(sorted(folder.glob("*.txt")))} == {"added"}
    yield library
    library.close()


@pytest.mark.parametrize("indicator", ["地区生产总值", "财政收入", "粮食产量", "固定资产投资", "城镇新增就业"])
@pytest.mark.parametrize("year", [None, 2022, 2023, 2024, 2025])
@pytest.mark.parametrize("aim", ["actual", "target", None])
@pytest.mark.parametrize("measure", ["level", "growth", None])
def test_it_is_what_each_report_states(towns: Library, indicator: str, year: int | None, aim, measure):
    answerer = Answerer(towns)
    context = answerer.context(answerer.read([f"各镇{indicator}"]))
    part = part_for(indicators()[indicator], aim, measure, When((year,) if year else ()))
    asked = [PartOfReport(context, report, part, year, ()) for report in towns.reports()]
    with patch.object(many, "MANY", 0):
        found = stated_by_each(asked)
    expected = [state_figure(one) for one in asked]
    assert [(one.status, one.figures) for one in found] == [(one.status, one.figures) for one in expected]
    assert not any(one.quotes for one in found)


QUESTIONS = [
    "2023年各镇粮食产量是多少",
    "各镇的财政收入",
    "2024年哪个镇的财政收入增长目标最高",
    "2023年哪三个镇的粮食产量最多",
    "2023年各镇粮食产量平均是多少",
    "2023年粮食产量超过4300吨的镇有哪些",
    "哪些镇没有提出城镇新增就业目标",
    "各镇固定资产投资增速",
    "2023年各镇粮食产量最高和最低的相差多少",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_table_of_many_is_the_table_of_few(towns: Library, question: str):
    few = Answerer(towns).ask([question])
    with patch.object(many, "MANY", 2):
        of_many = Answerer(towns).ask([question])
    assert (of_many.status, of_many.answer) == (few.status, few.answer)
    assert set(of_many.quotes) == set(few.quotes)


def test_no_more_are_listed_than_anybody_reads(towns: Library):
    with patch.object(many, "MANY", 3), patch.object(table, "MANY", 3):
        reply = Answerer(towns).ask(["2023年各镇粮食产量是多少"])
    assert reply.status == "answered"
    assert "没有列出" in reply.answer
    assert len(reply.comparisons[0].lines) == 3
