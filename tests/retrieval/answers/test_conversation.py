"""A turn takes from the one before only what it leaves out, says so, and may refer to its answer or put it right."""

from __future__ import annotations

import pytest

from retrieval.answers.answerer import Answerer
from retrieval.library import Library

BEFORE = [
    ["你好"],
    ["云溪镇2024年GDP是多少"],
    ["麦泉镇2024年GDP是多少"],
    ["云溪镇2031年GDP目标"],
    ["各镇2024年粮食产量"],
    ["哪些报告提到白茶"],
    ["石渡镇的镇长是谁"],
    ["云溪镇近三年GDP走势"],
    ["总结一下云溪镇的报告"],
    ["云溪镇2024年GDP是多少", "你答错了"],
    ["云溪镇2024年GDP增长6.1%，对吗"],
    ["What was 云溪镇's GDP in 2024?"],
]
COMPLETE = [
    "石渡镇有哪些主要目标",
    "各镇GDP增长目标",
    "哪些报告提到了白茶",
    "没有提到白茶的有哪些报告",
    "松岭区存在哪些困难和问题",
    "总结一下石渡镇",
    "云溪镇粮食产量是多少",
    "哪个镇的GDP最高",
]


@pytest.fixture(scope="module")
def answerer(small_library: Library) -> Answerer:
    return Answerer(small_library)


@pytest.mark.parametrize("question", COMPLETE)
@pytest.mark.parametrize("before", BEFORE, ids="/".join)
def test_a_complete_question_is_answered_as_if_asked_alone(answerer: Answerer, before: list[str], question: str):
    alone, after = answerer.ask([question]), answerer.ask([*before, question])
    assert (after.status, after.answer) == (alone.status, alone.answer)


@pytest.mark.parametrize(
    "turns, said, taken",
    [
        (["云溪镇2024年GDP增速", "那固定资产投资呢"], "8.2%", "（按上一问的“2024年”）"),
        (["云溪镇2025年GDP目标", "不对，我问的是去年"], "6.1%", ""),
        (["云溪镇2024年GDP增速", "不是增速，是总量"], "18.2亿元", "（按上一问的“2024年”）"),
        (["云溪镇2025年GDP目标", "再往前一年呢"], "2024年", ""),
        (["云溪镇2025年GDP目标", "再说一遍"], "6%左右", ""),
        (["云溪镇2025年GDP目标", "跟石渡镇比呢"], "石渡镇2025年地区生产总值增长目标", "（按上一问的“2025年”）"),
        (["松岭区2025年GDP目标", "换成镇里的"], "云溪镇2025年地区生产总值增长目标：6%左右", "（按上一问的“2025年”）"),
        (["云溪镇2025年GDP目标", "谢谢", "那石渡镇呢"], "石渡镇2025年", "（按上一问的“2025年”）"),
    ],
)
def test_a_follow_up(answerer: Answerer, turns: list[str], said: str, taken: str):
    reply = answerer.ask(turns)
    assert said in reply.answer
    assert taken in reply.answer
    assert taken or "按上一问" not in reply.answer


def test_nothing_is_taken_from_a_place_that_is_not_held(answerer: Answerer):
    assert "麦泉镇" not in answerer.ask(["麦泉镇2024年GDP是多少", "粮食产量呢"]).answer


def test_a_year_that_no_report_covers_is_not_taken(answerer: Answerer):
    assert "6%左右" in answerer.ask(["石渡镇2031年GDP目标", "那云溪镇呢"]).answer


@pytest.mark.parametrize("turn", ["原文呢", "详细一点", "为什么定这么低"])
def test_more_of_an_answer_is_what_stands_around_it(answerer: Answerer, turn: str):
    before, after = answerer.ask(["云溪镇2025年GDP目标"]), answerer.ask(["云溪镇2025年GDP目标", turn])
    assert before.answer.rstrip("。") in after.answer
    assert before.quotes[0].text in after.quotes[0].text


def test_one_thing_of_a_list(answerer: Answerer):
    listed = answerer.ask(["各镇2025年GDP增长目标"]).answer.split("\n")
    assert answerer.ask(["各镇2025年GDP增长目标", "第二个呢"]).answer == listed[1]
    assert answerer.ask(["各镇2025年GDP增长目标", "第9个呢"]).status == "not_found"
