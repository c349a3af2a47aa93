"""No answer holds a figure that its quotes do not hold: the development questions, and a thousand generated ones."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from invented import CountingEmbedder, refusal

from retrieval.answers.answerer import Answerer
from retrieval.answers.proof import unquoted
from retrieval.language.indicators import indicators
from retrieval.library import Library
from retrieval.models import Report
from retrieval.replies import Quote, Reply

GENERATED = 1000


@pytest.fixture(scope="module")
def answerer(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    """All shared reports; what is checked does not depend on the embedding model."""
    library = Library.open(tmp_path_factory.mktemp("shared") / "library", CountingEmbedder())
    assert {one.outcome for one in library.add([shared / "reports"])} == {"added"}
    yield Answerer(library)
    library.close()


def check(answerer: Answerer, turns: list[str]) -> Reply:
    reply = answerer.ask(turns)
    assert unquoted(reply) == [], (turns, reply.answer)
    for quote in reply.quotes:
        assert answerer.library.text(quote.report.id)[quote.start : quote.end] == quote.text, turns
    if reply.status == "not_found":
        assert not reply.quotes, turns
    if reply.status == "related":
        assert refusal(reply), (turns, reply.answer)
    return reply


def test_the_check_finds_what_is_not_quoted():
    report = Report(1, "t", "甲镇", None, (), 2024, 2025, None, None, None, None, None, "f", 0, 0)
    quote = Quote(report, (), "地区生产总值增长6%左右，投资12亿元。", 0, 20)
    assert unquoted(Reply("answered", "6%左右，甲镇2025年目标。", (quote,))) == []
    assert unquoted(Reply("answered", "7%左右，甲镇2025年目标。", (quote,))) == ["7%左右"]
    assert unquoted(Reply("answered", "6%左右，15亿元", (quote,))) == ["15亿元"]
    assert (
        unquoted(Reply("answered", "平均：6.5%（计算值，由3份报告的数字算出）\n1. 甲镇：6%左右（换算为7亿元，计算值）", (quote,)))
        == []
    )
    assert unquoted(Reply("not_found", "甲镇没有说明，上一年是5.5%", ())) == ["5.5%"]


@pytest.mark.parametrize("name", ["seeds-dev.jsonl", "provinces-dev.jsonl"])
def test_the_development_questions(answerer: Answerer, shared: Path, name: str):
    lines = (shared / "eval" / name).read_text(encoding="utf-8").splitlines()
    for item in map(json.loads, lines):
        check(answerer, item["turns"] or [item["question"]])


def of_figures(library: Library, rng: random.Random) -> Iterator[str]:
    """Questions that the figure store could answer, and the same of another year or kind."""
    every = [(report, figure) for report in library.reports() for figure in library.figures(report.id) if figure.subject]
    while True:
        report, figure = rng.choice(every)
        name = figure.indicator or figure.subject
        aim = "目标" if figure.kind == "target" else ""
        yield rng.choice(
            [
                f"{report.place}{figure.year or ''}{'年' if figure.year else ''}{name}{aim}是多少",
                f"{report.place}{name}有多少",
                f"{report.place}{rng.choice([2019, 2023, 2024, 2025, 2030])}年{name}{rng.choice(['目标', ''])}是多少",
                f"{report.place}去年{name}完成了多少，增长多少",
                f"{report.place}今年{name}要达到多少",
            ]
        )


def of_what_is_not_there(library: Library, rng: random.Random) -> Iterator[str]:
    """Questions for indicators and things that a report may lack, and for places that the library lacks."""
    things = ["地铁里程", "航天发射次数", "海水淡化产能", "熊猫数量", "核电装机容量", "高铁站数量", "邮轮旅客人次"]
    while True:
        place = rng.choice([*(report.place for report in library.reports()), "星河镇", "云州省"])
        thing = rng.choice([*things, *indicators()])
        yield f"{place}{rng.choice(['2024年', '2025年', ''])}{thing}{rng.choice(['目标是多少', '是多少', '增长了多少', '排名第几'])}"


def of_tables(rng: random.Random) -> Iterator[str]:
    """Questions over several places."""
    names = list(indicators())
    while True:
        name = rng.choice(names)
        asked = rng.choice(["2025年", "2024年", "今年", "去年", ""])
        yield rng.choice(
            [
                f"各省{asked}{name}分别是多少",
                f"哪个省{asked}{name}目标最高",
                f"{asked}{name}前三名",
                f"{asked}{name}增长超过6%的有哪些",
                f"各省{asked}{name}平均是多少",
                f"对比广东、江苏和河南{asked}的{name}",
                f"西藏{asked}{name}比新疆高多少",
                f"{asked}{name}最低的是谁",
            ]
        )


def test_a_thousand_generated_questions(answerer: Answerer):
    rng = random.Random(20261124)
    sources = [of_figures(answerer.library, rng), of_what_is_not_there(answerer.library, rng), of_tables(rng)]
    statuses = [check(answerer, [next(sources[number % 3 if number % 4 else 0])]).status for number in range(GENERATED)]
    assert statuses.count("answered") > GENERATED / 4, "most of what is checked says nothing"
    assert statuses.count("not_found") + statuses.count("related") > GENERATED / 10
    assert statuses.count("related") > GENERATED / 50
