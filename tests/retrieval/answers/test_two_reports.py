"""Two reports of a place beside each other: targets and results, what is new and what is gone, and nothing denied that is there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from invented import library_of

from retrieval.answers.answerer import Answerer
from retrieval.answers.proof import unquoted

HEAD = "砚口县{0}年政府工作报告\n\n各位代表：\n我代表砚口县人民政府，向大会报告工作，请予审议。\n"
EARLIER = HEAD.format(2024) + (
    "一、2023年工作回顾\n2023年，全县地区生产总值增长6.1%，粮食产量达到31.5万吨。\n"
    "二、2024年工作安排\n2024年全县经济社会发展的主要预期目标是：地区生产总值增长6%左右，固定资产投资增长8%，实际使用外资增长4%，粮食产量31万吨以上。\n"
    "（一）做强茶叶产业。新建茶园1200亩，扶持加工企业8家。\n（二）改善办学条件。新建小学2所，改造操场6处。\n（三）整治乡村环境。清理河道35公里，改造厕所900户。\n"
)
LATER = HEAD.format(2025) + (
    "一、2024年工作回顾\n2024年，全县地区生产总值增长6.4%，固定资产投资增长7.2%，粮食产量达到31.8万吨。\n"
    "二、2025年工作安排\n2025年全县经济社会发展的主要预期目标是：地区生产总值增长6.5%左右，固定资产投资增长7%，城镇新增就业2600人，粮食产量31.6万吨以上。\n"
    "（一）做强茶叶产业。新建茶园900亩，扶持加工企业11家。\n（二）发展低空物流。开通航线3条，建设起降点14个。\n（三）整治乡村环境。清理河道28公里，改造厕所700户。\n"
)
BODY = "一、2022年工作回顾\n全县地区生产总值增长5.2%。\n二、2023年工作安排\n2023年主要预期目标是：地区生产总值增长5%。\n"
OTHER = (
    HEAD.format(2025).replace("砚口", "栗坪")
    + "一、2024年工作回顾\n2024年，全县地区生产总值增长5.2%。\n二、2025年工作安排\n2025年地区生产总值增长5%。\n"
)


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    library = library_of(tmp_path_factory.mktemp("two"), EARLIER, LATER, OTHER)
    yield Answerer(library)
    library.close()


@pytest.mark.parametrize(
    "question",
    [
        "砚口县2024年和2025年的报告有什么不同",
        "砚口县2024年和2025年对比一下",
        "砚口县今年的报告和去年比新在哪",
        "砚口县2025年比2024年新提了什么",
        "砚口县两年的报告有什么变化",
        "砚口县2025年的报告有哪些新内容",
    ],
)
def test_targets_with_results_what_is_new_and_what_is_gone(answerer: Answerer, question: str):
    reply = answerer.ask([question])
    assert (reply.status, reply.intent) == ("answered", "overview")
    lines = reply.answer.split("\n")
    assert lines[0].startswith("砚口县2024年与2025年两份政府工作报告对照")
    assert "地区生产总值增速：目标6%左右，结果6.4%，达到目标，高出0.4个百分点（计算值）" in lines
    assert "固定资产投资增速：目标8%，结果7.2%，未达到目标，低0.8个百分点（计算值）" in lines
    assert "地区生产总值增速目标：2024年6%左右，2025年6.5%左右" in lines
    assert "2025年新列的目标：城镇新增就业2600人" in lines
    assert [line for line in lines if "没有再写的目标" in line and "实际使用外资增长4%" in line]
    assert "2025年安排里新出现的标题：发展低空物流" in lines
    assert "2025年安排的标题里没有的：改善办学条件" in lines
    assert unquoted(reply) == []
    assert {quote.report.year for quote in reply.quotes} == {2024, 2025}


def test_what_the_other_report_speaks_of_is_neither_new_nor_gone(answerer: Answerer):
    lines = answerer.ask(["砚口县2024年和2025年的报告有什么不同"]).answer.split("\n")
    assert not any("粮食" in line for line in lines if "新列" in line or "没有再写" in line)
    assert not any("茶叶" in line for line in lines)


@pytest.mark.parametrize(
    "turns",
    [
        ["总结一下砚口县2025年的报告", "跟2024年比呢"],
        ["总结一下砚口县2025年的报告", "比2024年多了什么"],
        ["总结一下砚口县2025年的报告", "两年的报告有什么不同"],
    ],
)
def test_after_an_overview(answerer: Answerer, turns: list[str]):
    assert answerer.ask(turns).answer.startswith("砚口县2024年与2025年两份")


def test_what_is_new_after_the_overview_of_a_year_that_is_not_the_latest(tmp_path):
    with closing(library_of(tmp_path, HEAD.format(2023) + BODY, EARLIER, LATER)) as library:
        turns = ["总结一下砚口县2024年的报告", "比2023年多了什么"]
        assert Answerer(library).ask(turns).answer.startswith("砚口县2023年与2024年两份")


def test_a_year_after_an_overview_is_that_years_overview(answerer: Answerer):
    assert answerer.ask(["总结一下砚口县2025年的报告", "2024年呢"]).answer.startswith("砚口县2024年政府工作报告要点")


@pytest.mark.parametrize("turns", [["砚口县2025年GDP目标", "跟2024年比呢"], ["砚口县2025年GDP目标", "2024年和2025年对比呢"]])
def test_after_a_figure_the_figure_is_compared(answerer: Answerer, turns: list[str]):
    reply = answerer.ask(turns)
    assert reply.intent != "overview"
    assert "6%左右" in reply.answer


@pytest.mark.parametrize("question", ["栗坪县2025年的报告有哪些新内容", "栗坪县今年的报告和去年比有什么变化"])
def test_one_report_alone_can_not_be_set_beside_another(answerer: Answerer, question: str):
    reply = answerer.ask([question])
    assert (reply.status, reply.quotes) == ("not_found", ())
    assert "只有2025年这一份报告" in reply.answer


def test_a_year_that_is_not_held_is_named(answerer: Answerer):
    reply = answerer.ask(["砚口县2019年和2025年的报告有什么不同"])
    assert (reply.status, reply.quotes) == ("not_found", ())
    assert "2019年" in reply.answer


@pytest.mark.parametrize(
    "question", ["砚口县2025年GDP比2024年增长多少", "砚口县新增就业多少人", "砚口县去年有什么变化", "砚口县2025年新建茶园多少亩"]
)
def test_what_asks_for_something_else(answerer: Answerer, question: str):
    assert "两份政府工作报告对照" not in answerer.ask([question]).answer


def test_the_years_that_one_report_reviews_and_plans_are_its_card(answerer: Answerer):
    answer = answerer.ask(["栗坪县2024年和2025年对比"]).answer
    assert "2025年目标：地区生产总值增长5%" in answer
    assert "2024年结果：地区生产总值增长5.2%" in answer
