"""Figures that share no word with the question: what speaks for them is weighed, and what they are counted by must fit."""

from __future__ import annotations

import pytest
from invented import learned_library, two_chapters

from retrieval.answers.answerer import Answerer
from retrieval.answers.meaning import Evidence, fitted_weights

TEXT = two_chapters(
    "全市地区生产总值增长5.6%，达到412亿元。新建改建农村公路17.6公里。完成农村改厕310户。拆除违法建设2.1万平方米。"
    "城市低保标准提高到每人每月640元，全年发放低保金512万元。为独居老人安装烟感设备880套。规模以上工业总产值上半年增长4.2%。"
    "完成植树造林900亩，栽植各类苗木2.6万株。12个行政村集体经济总收入456万元，村均38万元。高新技术企业净增9家，总数达到61家。生活垃圾无害化处理率达到97.5%。",
    "今年的主要预期目标是：地区生产总值增长6%。改造老旧小区14个。",
)


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory):
    library = learned_library(tmp_path_factory.mktemp("meaning"), TEXT)
    yield Answerer(library)
    library.close()


@pytest.mark.parametrize(
    "question, figure",
    [
        ("松岭市去年修了多长的路", "17.6公里"),
        ("松岭市去年村里修了多少公里路", "17.6公里"),
        ("松岭市低保一个月发多少钱", "640元"),
        ("松岭市去年种了多少颗树", "2.6万株"),
        ("松岭市头六个月规上工业总产值涨了多少", "4.2%"),
        ("我们在松岭市住，去年修了多长的路", "17.6公里"),
        ("开车去松岭市，那边去年修了多长的路", "17.6公里"),
        ("松岭市去年经济到底涨了多少啊", "5.6%"),
    ],
)
def test_what_is_meant_is_told(answerer: Answerer, question: str, figure: str):
    reply = answerer.ask([question])
    assert (reply.status, figure in reply.answer) == ("answered", True), reply.answer


@pytest.mark.parametrize(
    "question, figure",
    [
        ("松岭市低保每人每年发多少", "512万元"),
        ("松岭市低保一个月发多少", "512万元"),
        ("松岭市独居老人有多少个", "880套"),
        ("松岭市去年种了多少颗树", "900亩"),
        ("松岭市平均一个村集体能进账多少", "456万元"),
        ("松岭市高新技术企业多了几家", "61家"),
        ("松岭市拆了百分之几的违章房", "2.1万平方米"),
        ("松岭市去年彩礼一般给多少", "640元"),
    ],
)
def test_what_is_counted_otherwise_is_not_told(answerer: Answerer, question: str, figure: str):
    assert figure not in answerer.ask([question]).answer


def test_each_kind_of_evidence_has_a_weight():
    none = Evidence(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    assert none.log_odds(fitted_weights()) == fitted_weights()["constant"] < 0
    assert Evidence(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0).log_odds(fitted_weights()) > none.log_odds(fitted_weights())
