"""Claims are checked against what the report states, and two sides of a figure set against each other."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from invented import library_of, two_chapters

from retrieval.answers.answerer import Answerer
from retrieval.answers.proof import unquoted
from retrieval.library import Library

CLAIMS = [
    ("云溪镇2024年GDP增长6.1%，对吗", "对"),
    ("云溪镇2024年GDP增速7%，对不对", "不对"),
    ("有人说云溪镇去年城镇新增就业只有300人，是真的吗", "不对"),
    ("听说云溪镇去年城镇新增就业412人", "对"),
    ("云溪镇2024年GDP超过18亿元了吗", "对"),
    ("云溪镇2024年GDP超过20亿了吗", "不对"),
    ("云溪镇2025年GDP增长目标是6%左右吗", "对"),
    ("云溪镇去年GDP是不是18.2亿元", "对"),
]


@pytest.fixture
def answerer(small_library: Library) -> Answerer:
    return Answerer(small_library)


@pytest.mark.parametrize("question, verdict", CLAIMS)
def test_the_verdict_comes_first_and_then_the_figure(answerer: Answerer, question: str, verdict: str):
    reply = answerer.ask([question])
    assert (reply.status, reply.intent) == ("answered", "claim")
    assert reply.answer.split("，")[0] == verdict
    assert reply.quotes
    assert unquoted(reply) == []


def test_what_no_report_states_is_neither_right_nor_wrong(answerer: Answerer):
    told = answerer.ask(["云溪镇2024年GDP增长6.1%，石油产量300万吨，对吗"]).answer.split("\n")
    assert [line[:1] for line in told] == ["对", "“"]
    assert answerer.ask(["云溪镇2024年石油产量300万吨，对吗"]).status in ("not_found", "related")


@pytest.mark.parametrize(
    "question, verdicts",
    [
        ("云溪镇2024年GDP18.2亿元，增长6.3%，城镇新增就业412人，对吗", ["对", "不对", "对"]),
        ("据报道，云溪镇2024年地区生产总值增长6.1%。粮食总产量1.5万吨。是真的吗", ["对", "不对"]),
        ("云溪镇2025年GDP增长目标6%，固定资产投资增长目标9%，没错吧", ["对", "不对"]),
    ],
)
def test_each_of_several_claims_has_its_verdict(answerer: Answerer, question: str, verdicts: list[str]):
    reply = answerer.ask([question])
    assert [line.split("，")[0] for line in reply.answer.split("\n")] == verdicts
    assert unquoted(reply) == []


@pytest.mark.parametrize("asks", ["这个对吗", "真的吗？", "帮我核实一下", "这个数字准不准", "Is this true?"])
@pytest.mark.parametrize("said, verdict", [("云溪镇2024年GDP增长6.1%。", "对"), ("云溪镇2024年GDP增长8%", "不对")])
def test_what_was_said_before_is_checked(answerer: Answerer, said: str, asks: str, verdict: str):
    reply = answerer.ask([said, asks])
    assert (reply.intent, reply.answer.split("，")[0]) == ("claim", verdict)


@pytest.mark.parametrize("before", ["云溪镇2024年GDP是多少", "GDP增速超过6%的有哪些镇"])
def test_a_question_says_nothing_that_could_be_checked(answerer: Answerer, before: str):
    assert answerer.ask([before, "这个对吗"]).intent != "claim"


@pytest.mark.parametrize("said, verdict", [("143万人", "对"), ("144万人", "不对"), ("142万人", "不对")])
def test_a_long_round_number_may_be_rounded(tmp_path: Path, said: str, verdict: str):
    with closing(library_of(tmp_path, two_chapters("全市城镇新增就业143.02万人。"))) as library:
        assert Answerer(library).ask([f"松岭市2024年城镇新增就业{said}，对吗"]).answer.split("，")[0] == verdict


@pytest.mark.parametrize("question", ["云溪镇提到白茶了吗", "云溪镇GDP增长多少", "云溪镇2025年打算做什么呢"])
def test_what_says_no_number_is_no_claim(answerer: Answerer, question: str):
    assert answerer.ask([question]).intent != "claim"


@pytest.mark.parametrize(
    "turns, first",
    [
        (["云溪镇城镇新增就业目标比去年实际少多少"], "云溪镇2025年城镇新增就业目标"),
        (["云溪镇2025年城镇新增就业目标是多少", "比去年实际少了多少"], "云溪镇2025年城镇新增就业目标"),
        (["云溪镇2024年城镇新增就业多少", "今年目标比这个少了是吧"], "对"),
        (["云溪镇2024年城镇新增就业多少", "今年目标比这个多吗"], "不对"),
        (["云溪镇2024年城镇新增就业多少", "和2025年目标对比一下"], "云溪镇2024年城镇新增就业"),
    ],
)
def test_two_sides_of_a_figure(answerer: Answerer, turns: list[str], first: str):
    reply = answerer.ask(turns)
    assert (reply.status, reply.intent) == ("answered", "difference")
    assert reply.answer.split("：")[0] == first
    assert "400人" in reply.answer
    assert "412人" in reply.answer
    assert "相差12人（计算值）" in reply.answer
