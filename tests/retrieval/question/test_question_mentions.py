"""Mentions: what is asked for, and the complete scan that answers it."""

from __future__ import annotations

import pytest

from retrieval.answers.answerer import Answerer
from retrieval.library import Library
from retrieval.question.parsing import parse

THEMES = [
    ("哪些省份提到了生物制造", [("生物制造", False)]),
    ("海洋经济被哪几个省写进了报告", [("海洋经济", False)]),
    ("提到以旧换新的省份有哪些", [("以旧换新", False)]),
    ("列出提到量子科技的省份", [("量子科技", False)]),
    ("林长制出现在哪些报告里", [("林长制", False)]),
    ("没提低空经济的有哪些省", [("低空经济", True)]),
    ("报告中不含“银发经济”的是哪个省", [("银发经济", True)]),
    ("既提到人形机器人又提到耐心资本的省有哪些", [("人形机器人", False), ("耐心资本", False)]),
    ("提到了人形机器人但没提脑机接口的是哪些省", [("人形机器人", False), ("脑机接口", True)]),
    ("冰雪经济、首发经济一个都没提的有谁", [("冰雪经济", True), ("首发经济", True)]),
    ("报告里有马拉松、没有足球的是哪些地方", [("马拉松", False), ("足球", True)]),
]


@pytest.mark.parametrize("text, themes", THEMES)
def test_themes(text, themes):
    (ask,) = parse(text).asks
    assert [(theme.terms[0], theme.negated) for theme in ask.themes] == themes


def test_either_of_two():
    (ask,) = parse("报告里提到人形机器人或者具身智能的省").asks
    assert [theme.terms for theme in ask.themes] == [("人形机器人", "具身智能")]


@pytest.mark.parametrize(
    "text", ["怎么提高收入", "提升了多少", "提出了哪些措施", "有多少个项目纳入国家重点", "哪些省没有提出GDP目标"]
)
def test_what_asks_for_no_mention(text):
    assert all(ask.kind != "mention" for ask in parse(text).asks)


def lines(library: Library, *turns: str) -> list[str]:
    return Answerer(library).ask(turns).answer.split("\n")


def test_counts_and_the_number_of_the_others(small_library: Library):
    assert lines(small_library, "哪些报告提到了高标准农田") == [
        "1份报告提到“高标准农田”（共查3份，其余2份没有提到）：",
        "云溪镇2025年：2次",
    ]
    reply = Answerer(small_library).ask(["哪些报告提到了高标准农田"])
    assert ["高标准农田" in quote.text for quote in reply.quotes] == [True]


def test_those_that_lack_it_are_not_quoted(small_library: Library):
    reply = Answerer(small_library).ask(["没有提到高标准农田的有哪些"])
    assert reply.answer.split("\n")[1:] == ["石渡镇2025年", "松岭区2025年"]
    assert reply.quotes == ()


def test_two_themes(small_library: Library):
    assert lines(small_library, "提到地区生产总值但没提到高标准农田的有哪些报告") == [
        "2份报告提到“地区生产总值”，但没有提到“高标准农田”（共查3份，其余1份不符合）：",
        "石渡镇2025年：2次",
        "松岭区2025年：2次",
    ]


def test_nothing_mentions_it(small_library: Library):
    reply = Answerer(small_library).ask(["哪些报告提到了脑机接口"])
    assert (reply.status, reply.quotes) == ("not_found", ())
    assert reply.answer == "查了3份报告，都没有提到“脑机接口”。"


def test_a_term_is_found_with_quotation_marks_and_without_its_verb(small_library: Library):
    assert lines(small_library, "哪些报告提到了“高标准”农田")[1:] == ["云溪镇2025年：2次"]
    assert lines(small_library, "哪些报告提到要建设高标准农田")[0].startswith("1份报告提到“")


def test_follow_ups(small_library: Library):
    assert lines(small_library, "哪些报告提到了高标准农田", "那低空经济呢")[1:] == ["松岭区2025年：1次"]
    assert lines(small_library, "哪些报告提到了高标准农田", "没提的呢")[1:] == ["石渡镇2025年", "松岭区2025年"]
