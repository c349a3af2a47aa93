"""Politeness, particles and words of asking change no answer, wherever they stand."""

from __future__ import annotations

import pytest

from retrieval.answers.answerer import Answerer
from retrieval.library import Library
from retrieval.question.fillers import without_fillers

QUESTIONS = [
    "云溪镇2025年GDP目标是多少",
    "石渡镇2024年财政收入是多少",
    "云溪镇2025年固定资产投资目标",
    "云溪镇2024年存在哪些困难和问题",
    "云溪镇的报告是谁作的",
    "各地2024年GDP增速排名",
    "云溪镇近三年GDP增速",
    "云溪镇2025年航天发射目标是多少",
]
PADDINGS = [
    "请问{}",
    "您好，麻烦帮我查一下{}呀",
    "想问下{}，谢谢",
    "我想问下{}",
    "咱就想打听一下{}",
    "再请教下，{}",
    "还想查一查{}",
    "能不能帮我看看{}呢",
    "不好意思打扰一下，我想了解一下{}，麻烦了",
    "{}啊？谢谢啦",
    "嗯，那个，{}，急",
    "顺便问一下，{}，在线等！",
]


@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize("question", QUESTIONS)
def test_padding_changes_no_answer(small_library: Library, question: str, padding: str):
    answerer = Answerer(small_library)
    plain, padded = answerer.ask([question]), answerer.ask([padding.format(question)])
    assert (padded.status, padded.answer, padded.quotes) == (plain.status, plain.answer, plain.quotes)


@pytest.mark.parametrize(
    "text, left",
    [
        ("谢谢", "谢谢"),
        ("你好", "你好"),
        ("看看", "看看"),
        ("那大足区呢", "那大足区呢"),
        ("说说下一步打算", "下一步打算"),
        ("看下一步打算", "看下一步打算"),
        ("还查处了多少案件", "还查处了多少案件"),
        ("大足那边今年GDP目标", "大足今年GDP目标"),
        ("大足那边远山区怎么样", "大足那边远山区怎么样"),
        ("重庆市怎么抓应急", "重庆市怎么抓应急"),
        ("那曲市2025年GDP目标", "那曲市2025年GDP目标"),
        ("完成了吗？谢谢", "完成了吗"),
    ],
)
def test_what_is_left(text: str, left: str):
    assert without_fillers(text).rstrip("？") == left
