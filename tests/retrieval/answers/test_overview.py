"""Overviews: a card of a report in its own words, of one side of it, of a theme; places side by side."""

from __future__ import annotations

import pytest

from retrieval.answers.answerer import Answerer
from retrieval.answers.passage import lead_of
from retrieval.answers.proof import unquoted
from retrieval.library import Library

WHOLE = [
    "云溪镇",
    "总结一下云溪镇的报告",
    "云溪镇的政府工作报告讲了什么",
    "介绍一下云溪镇",
    "云溪镇怎么样",
    "麻烦概括云溪镇报告的主要内容",
    "Summarize 云溪镇's report",
]


@pytest.fixture
def answerer(small_library: Library) -> Answerer:
    return Answerer(small_library)


@pytest.mark.parametrize("question", WHOLE)
def test_a_card_of_a_report(answerer: Answerer, question: str):
    reply = answerer.ask([question])
    assert (reply.status, reply.intent) == ("answered", "overview")
    assert "2025年目标：地区生产总值增长6%左右" in reply.answer
    assert "2024年结果：地区生产总值18.2亿元，增长6.1%" in reply.answer
    assert "困难和问题：龙头企业不多" in reply.answer
    assert unquoted(reply) == []
    assert {quote.report.place for quote in reply.quotes} == {"云溪镇"}


@pytest.mark.parametrize(
    "question", ["云溪镇去年干了啥", "云溪镇2024年干得怎么样", "云溪镇去年取得了哪些成绩", "云溪镇去年怎么样"]
)
def test_what_was_done_tells_no_target(answerer: Answerer, question: str):
    reply = answerer.ask([question])
    assert "18.2亿元，增长6.1%" in reply.answer
    assert "目标" not in reply.answer


def test_places_side_by_side(answerer: Answerer):
    lines = answerer.ask(["对比一下云溪镇和石渡镇"]).answer.split("\n")
    assert [line.split("：")[0] for line in lines] == ["云溪镇", "石渡镇"]
    assert "6%左右" in lines[0]


def test_a_year_of_which_there_is_no_report(answerer: Answerer):
    reply = answerer.ask(["云溪镇2019年怎么样"])
    assert (reply.status, reply.quotes) == ("not_found", ())


@pytest.mark.parametrize("turns", [["云溪镇2025年GDP目标", "石渡镇怎么样"], ["云溪镇2025年GDP目标", "石渡镇"]])
def test_a_place_alone_goes_on_with_what_was_asked(answerer: Answerer, turns: list[str]):
    assert answerer.ask(turns).intent == "figure"


@pytest.mark.parametrize(
    "question",
    ["云溪镇2025年主要目标有哪些", "云溪镇粮食产量怎么样", "云溪镇存在哪些困难和问题", "云溪镇的镇长是谁", "怎么发展白茶产业"],
)
def test_what_asks_for_something_else_is_no_overview(answerer: Answerer, question: str):
    assert answerer.ask([question]).intent != "overview"


def test_which_place_is_asked_where_none_is_named(answerer: Answerer):
    reply = answerer.ask(["总结一下"])
    assert (reply.status, reply.quotes) == ("not_found", ())


@pytest.mark.parametrize(
    "text, length, lead",
    [
        ("全年累计培育省级龙头企业122家培育合作社", 13, "全年累计培育省级龙头企业……"),
        ("全年累计培育省级龙头企业122家培育合作社", 16, "全年累计培育省级龙头企业122家……"),
        ("完成全社会固定资产投资12.5亿元和其他", 14, "完成全社会固定资产投资……"),
        ("全镇共有各类经营主体1,250户正常经营", 14, "全镇共有各类经营主体……"),
        ("扎实推进各项工作，全年累计培育龙头企业", 12, "扎实推进各项工作……"),
    ],
)
def test_the_beginning_of_a_passage_cuts_no_number(text: str, length: int, lead: str):
    assert lead_of(text, length) == lead
