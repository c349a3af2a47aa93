"""How figures fit what is wanted: what is read of a part, and which facet refuses which figure."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from pathlib import Path

import pytest
from invented import two_chapters

from retrieval.answers.matching.choice import Choice, by_indicator, by_share, by_topic
from retrieval.answers.matching.facets import BY_INDICATOR, BY_SHARE, BY_TOPIC, FACETS
from retrieval.answers.matching.surroundings import Around
from retrieval.answers.matching.wanted import Wanted, wanted_of
from retrieval.library import Library
from retrieval.question.query import Part
from retrieval.question.reading import QuestionReader

REVIEW = (
    "高新技术企业总数达到120家。新增高新技术企业15家。一般公共预算收入20亿元，自然口径增长3%。"
    "战略性新兴产业增加值占规上工业增加值的比重达到34.6%。地区生产总值增长6%，高于全国平均水平1.2个百分点。"
    "上河村流转土地60亩；下河村流转土地42亩。改造老旧小区30个。全年接待游客120万人次、增长9%。"
)


@pytest.fixture
def library(empty_library: Library, tmp_path: Path) -> Library:
    path = tmp_path / "report.txt"
    path.write_text(two_chapters(REVIEW), encoding="utf-8")
    assert [one.outcome for one in empty_library.add([path])] == ["added"]
    return empty_library


@pytest.fixture
def read(library: Library) -> Callable[[str], Part]:
    reader = QuestionReader(library)
    return lambda question: reader.read([question], None).parts[0]


WANTED = [
    ("高新技术企业累计多少家", {"flow": "total", "part.said.total": True, "part.said.added": False}),
    ("有多少家高新技术企业", {"flow": "total", "part.said.total": False}),
    ("新增高新技术企业多少家", {"flow": "added", "part.said.added": True}),
    ("新建停车位多少个", {"flow": "made", "part.said.added": True}),
    ("高新技术企业是多少", {"flow": ""}),
    ("一般公共预算收入同口径增长多少", {"part.said.bases": ("同口径", "可比口径")}),
    ("汽车产量占全省的比重是多少", {"part.said.whole": "全省"}),
    ("松岭市地区生产总值增速比全国高多少", {"compared_with": "全国"}),
    ("全国财政收入是2017年的多少倍", {"compared_with": "", "multiple": True}),
    ("三峡机场旅客吞吐量是多少", {"part.proper_names": ("三峡机场",)}),
    ("学位增加多少", {"by_amount": True}),
    ("有多少困难群众", {"part.said.counts": True, "counts_noun": True}),
    ("城乡低保标准是多少", {"part.said.town_and_country": True}),
]


@pytest.mark.parametrize("question, expected", WANTED)
def test_what_is_wanted(read, question, expected):
    found = wanted_of(read(question))
    assert {name: attrgetter(name)(found) for name in expected} == expected


def test_the_amount_comes_before_its_rate(read):
    amount = wanted_of(read("锂电池产值和增速是多少")).amount
    assert isinstance(amount, Wanted)
    assert (amount.part.measure, amount.part.wording) == ("level", "锂电池产值")


def chosen(library: Library, part: Part) -> Choice:
    report = library.report(1)
    figures = [one for one in library.figures(1) if one.kind == "actual" and one.year == 2024]
    if part.indicators and part.measure == "share":
        return by_share(part, figures, Around.of(library, report))
    if part.indicators:
        return by_indicator(part, figures, Around.of(library, report))
    return by_topic(library, report, part, figures, [])


REFUSED = [
    ("高新技术企业累计多少家", "120家", "15家", "flow"),
    ("新增高新技术企业多少家", "15家", "120家", "flow"),
    ("一般公共预算收入同口径增长多少", None, "3%", "basis"),
    ("松岭市地区生产总值增速比全省高多少", None, "1.2个百分点", "compared_with"),
    ("松岭市地区生产总值增速比全国高多少", "1.2个百分点", "6%", "measure"),
    ("上河村流转土地多少亩", "60亩", "42亩", "proper_names"),
    ("改造老旧小区多少平方米", None, "30个", "unit"),
    ("拆除老旧小区多少个", None, "30个", "doing"),
    ("战略性新兴产业增加值占规上工业增加值的比重是多少", "34.6%", None, None),
    ("战略性新兴产业增加值占地区生产总值的比重是多少", None, "34.6%", "whole"),
]


@pytest.mark.parametrize("question, answer, refused, facet", REFUSED)
def test_the_facet_that_refuses_a_figure_is_kept(library, read, question, answer, refused, facet):
    found = chosen(library, read(question))
    assert [one.value for one in found.figures[:1]] == ([answer] if answer else [])
    if refused:
        verdict = next(one for one in found.verdicts if one.figure.value == refused)
        assert verdict.vetoed_by == facet


def test_every_facet_decides_somewhere():
    assert set(FACETS) == {*BY_INDICATOR, *BY_SHARE, *BY_TOPIC}


def test_a_verdict_keeps_what_each_facet_said(library, read):
    found = chosen(library, read("高新技术企业累计多少家"))
    best = max((one for one in found.verdicts if not one.vetoed_by), key=lambda one: one.score)
    assert best.score == pytest.approx(sum(score for score in best.facets.values() if score))
    assert best.score > 1
