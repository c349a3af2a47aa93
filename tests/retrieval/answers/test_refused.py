"""What is not stated names the figure that came nearest and why it is not what was asked, and quotes its sentence."""

from __future__ import annotations

import pytest
from invented import library_of, two_chapters

from retrieval.answers.answerer import Answerer
from retrieval.explain import explain

TEXT = two_chapters(
    "新增养老床位320张。改造危旧房屋46处、安置小区12个。财政总收入增长7.4%（同口径）。外贸企业进出口额占全市进出口总额的31%。商品房销售面积居全省第三。",
    "今年的主要预期目标是：固定资产投资增长7%，粮食产量达到30万吨。",
)


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory):
    library = library_of(tmp_path_factory.mktemp("refused"), TEXT)
    yield Answerer(library)
    library.close()


@pytest.mark.parametrize(
    "question, why, near",
    [
        ("松岭市去年养老床位总数多少张", "那是新增的，不是总数", "320张"),
        ("松岭市去年改造危旧房屋多少户", "单位与所问的不同", "46处"),
        ("松岭市去年改造安置小区多少户", "单位与所问的不同", "12个"),
    ],
)
def test_the_facet_that_refused_it_is_named(answerer: Answerer, question: str, why: str, near: str):
    reply = answerer.ask([question])
    assert reply.status == "related"
    assert why in reply.answer
    assert near not in reply.answer
    assert near in reply.quotes[0].text


def test_what_is_told_of_another_kind_is_quoted_first(answerer: Answerer):
    reply = answerer.ask(["松岭市今年财政总收入目标"])
    assert reply.status != "answered"
    assert "7.4%" not in reply.answer
    assert "7.4%" in reply.quotes[0].text


def test_a_year_that_no_report_covers_has_nothing_near(answerer: Answerer):
    assert answerer.ask(["松岭市2019年养老床位总数多少张"]).quotes == ()


def test_ranks_that_were_looked_at_are_explained(answerer: Answerer):
    considered = explain(answerer, ["松岭市去年商品房销售面积排第几"]).as_json()["considered"]
    assert [one["by"] for one in considered] == ["rank"]
    assert considered[0]["candidates"][0]["chosen"]


def test_what_was_added_up_over_a_year_is_what_was_added(answerer: Answerer):
    assert "320张" in answerer.ask(["松岭市去年累计新增养老床位多少张"]).answer
