"""Talk is told from questions, by wordings that were invented for it; what stands around a question is left out."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from retrieval.language.indicators import named
from retrieval.question.query import Talk
from retrieval.question.talk import read_talk
from retrieval.question.times import read_when

LABELS = tomllib.loads((Path(__file__).parents[2] / "labels" / "talk.toml").read_text(encoding="utf-8"))
TALK = [(kind, text) for kind, texts in LABELS.items() if kind != "questions" for text in texts]


def names_something(text: str) -> bool:
    return bool(named(text, question=True) or read_when(text)[0].said or "镇" in text or "区" in text or "报告" in text)


@pytest.mark.parametrize("kind, text", TALK)
def test_talk_is_read_as_its_kind(kind: str, text: str):
    assert read_talk(text, names_something).talk == Talk(kind)


@pytest.mark.parametrize("text", LABELS["questions"])
def test_a_question_is_no_talk(text: str):
    assert read_talk(text, names_something).talk is None


@pytest.mark.parametrize(
    "text, rest",
    [
        ("谢谢！再问一下，云溪镇的粮食产量", "再问一下，云溪镇的粮食产量"),
        ("你好棒！那松岭区的投资呢", "那松岭区的投资呢"),
        ("我在写论文，云溪镇去年修了几条路", "云溪镇去年修了几条路"),
        ("云溪镇的粮食产量，谢谢你", "云溪镇的粮食产量"),
        ("关于白茶，云溪镇做了什么", "关于白茶，云溪镇做了什么"),
        ("我问的是去年", "我问的是去年"),
    ],
)
def test_what_is_left_of_a_turn(text: str, rest: str):
    assert read_talk(text, names_something).rest == rest
