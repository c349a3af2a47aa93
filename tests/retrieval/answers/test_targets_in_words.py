"""Main targets as a list, targets that are words alone, and what people call their income."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import invented
import pytest

from retrieval.answers.answerer import Answerer
from retrieval.library import Library
from retrieval.replies import Reply

PLAN = (
    "主要预期目标是：地区生产总值增长6%左右、力争达到7%，进出口促稳提质，粮食产量稳定在120万吨，"
    "城镇居民人均可支配收入增长5%，农村居民人均可支配收入增长6.5%，全体居民人均可支配收入增长5.5%，一般公共预算收入增长3%。"
    "算力总规模突破90Eflops。"
)


@pytest.fixture
def ask(tmp_path: Path) -> Iterator[Callable[[str], Reply]]:
    library = Library.open(tmp_path / "library", invented.CountingEmbedder())
    path = tmp_path / "报告.txt"
    path.write_text(invented.two_chapters(plan=PLAN), encoding="utf-8")
    assert [one.outcome for one in library.add([path])] == ["added"]
    yield lambda question: Answerer(library).ask([question])
    library.close()


def test_the_main_targets_are_listed_with_their_sentence(ask):
    reply = ask("松岭市主要预期目标有哪些")
    assert "地区生产总值增长6%左右，力争7%，进出口总额促稳提质，粮食产量120万吨" in reply.answer.replace("达到", "")
    assert reply.quotes[0].text.startswith("主要预期目标是")
    assert "算力" not in reply.answer


@pytest.mark.parametrize(
    "question, year",
    [("松岭市明年的主要目标有哪些", 2026), ("松岭市后年的主要目标有哪些", 2027), ("松岭市2023年的主要目标", 2023)],
)
def test_main_targets_of_another_year_are_not_those_of_this_one(ask, question, year):
    reply = ask(question)
    assert reply.status == "not_found"
    assert str(year) in reply.answer
    assert "6%" not in reply.answer


@pytest.mark.parametrize("question", ["松岭市今年进出口的目标是什么", "松岭市2025年进出口目标"])
def test_a_target_in_words_is_told(ask, question):
    reply = ask(question)
    assert reply.status == "answered"
    assert reply.answer == "促稳提质，松岭市2025年进出口总额目标。"


@pytest.mark.parametrize(
    "question", ["松岭市2025年进出口增长目标是百分之几", "松岭市今年进出口增长目标", "松岭市今年进出口目标是多少亿元"]
)
def test_words_are_no_number(ask, question):
    reply = ask(question)
    assert invented.refusal(reply)
    assert "只写了“促稳提质”" in reply.answer


@pytest.mark.parametrize(
    "question, value",
    [
        ("松岭市今年老百姓收入预计增长多少", "5.5%"),
        ("松岭市2025年城里人收入预期增长多少", "5%"),
        ("松岭市今年农户收入要增长多少", "6.5%"),
        ("松岭市2025年算力总规模要达到多少", "突破90Eflops"),
    ],
)
def test_spoken_names_and_units(ask, question, value):
    reply = ask(question)
    assert reply.status == "answered"
    assert reply.answer.startswith(f"{value}，")
