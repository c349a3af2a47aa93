"""What is suggested, and whatever else is printed as an example, is answered when it is asked."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from retrieval.answers.answerer import Answerer
from retrieval.answers.examples import example_questions
from retrieval.library import Library
from retrieval.messages import message

ROOT = Path(__file__).parents[3]
ASKED = [
    ["云溪镇2025年GDP目标"],
    ["云溪镇2024年石油产量"],
    ["麦泉镇2024年GDP"],
    ["云溪镇2031年GDP"],
    ["总结一下松岭区"],
    ["各镇GDP增长目标"],
    ["哪些报告提到白茶"],
    ["云溪镇2024年GDP增长6.1%，对吗"],
    ["你好"],
    ["什么"],
    ["火星移民怎么安排"],
]


@pytest.mark.parametrize("turns", ASKED, ids="/".join)
@pytest.mark.parametrize("which", ["small_library", "sample_library"])
def test_each_suggestion_is_answered(request: pytest.FixtureRequest, which: str, turns: list[str]):
    library: Library = request.getfixturevalue(which)
    answerer = Answerer(library)
    reply = answerer.ask(turns)
    assert 1 <= len(reply.suggestions) <= (3 if reply.status in ("answered", "blank") else 4)
    assert turns[-1] not in reply.suggestions
    assert [one for one in reply.suggestions if answerer.ask([one]).status != "answered"] == []
    assert [one for one in reply.suggestions if answerer.ask([*turns, one]).answer != answerer.ask([one]).answer] == []


def test_the_other_kind_of_what_was_asked_comes_first(small_library: Library):
    assert Answerer(small_library).ask(["云溪镇2025年GDP目标"]).suggestions[0] == "云溪镇2024年地区生产总值是多少"


def test_an_empty_library_suggests_nothing(empty_library: Library):
    assert Answerer(empty_library).ask(["你好"]).suggestions == ()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("package", ["retrieval", "bot"])
def test_no_text_names_a_place_as_an_example(package: str, language: str):
    texts = (ROOT / package / "locale" / f"{language}.toml").read_text(encoding="utf-8")
    assert [place for place in ("回龙坝", "大足", "九龙岗", "孙岗") if place in texts] == []
    assert tomllib.loads(texts)


def test_the_example_of_the_texts_is_answered(small_library: Library):
    assert Answerer(small_library).ask([message("examples.holdings")]).status == "answered"


def test_questions_to_begin_with_are_of_three_kinds_and_answered(sample_library: Library):
    answerer = Answerer(sample_library)
    questions = example_questions(answerer)
    assert len(set(questions)) == 3
    assert {answerer.ask([question]).status for question in questions} == {"answered"}
    assert len({answerer.ask([question]).intent for question in questions}) > 1
    assert example_questions(answerer) is questions  # kept until the library changes


def test_an_empty_library_has_no_questions_to_begin_with(empty_library: Library):
    assert example_questions(Answerer(empty_library)) == ()
