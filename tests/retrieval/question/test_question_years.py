"""Questions over several years of one place."""

from __future__ import annotations

from collections.abc import Iterator

import invented
import pytest

from retrieval.answers.answerer import Answerer
from retrieval.question.years import read_course


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    """云溪镇 of three years, 石渡镇 of one."""
    texts = (invented.YUNXI, invented.YUNXI_BEFORE, invented.YUNXI_LONG_BEFORE, invented.SHIDU)
    library = invented.library_of(tmp_path_factory.mktemp("years"), *texts)
    yield Answerer(library)
    library.close()


@pytest.mark.parametrize(
    "text, kind",
    [
        ("近三年GDP增速", "trend"),
        ("历年固定资产投资", "trend"),
        ("GDP增速的变化趋势", "trend"),
        ("2022到2024年GDP增速", "trend"),
        ("去年的GDP目标完成了吗", "met"),
        ("2023年固定资产投资目标达到了没有", "met"),
        ("GDP增速达标了吗", "met"),
    ],
)
def test_what_is_asked_over_years(text, kind):
    course = read_course(text)
    assert course is not None
    assert course.kind == kind
    assert all(ask.indicators for ask in course.asks)


@pytest.mark.parametrize(
    "text", ["2024年GDP目标是多少", "规模工业总产值完成了多少", "目标是多少", "未来三年接待游客多少", "怎么发展产业"]
)
def test_what_is_not(text):
    assert read_course(text) is None


def test_targets_and_results_year_by_year(answerer: Answerer):
    reply = answerer.ask(["云溪镇近三年GDP增速"])
    assert reply.answer.split("\n") == [
        "云溪镇地区生产总值增速，逐年：",
        "2022年结果：4.9%",
        "2023年目标：5.5%以上",
        "2023年结果：5.8%",
        "2024年目标：6.5%左右",
        "2024年结果：6.1%",
        "2025年目标：6%左右",
        "从2022年到2024年的结果：上升1.2个百分点（计算值）",
    ]
    assert [quote.report.year for quote in reply.quotes] == [2023, 2023, 2024, 2024, 2025, 2025]
    (comparison,) = reply.comparisons
    assert (comparison.axis, comparison.unit) == ("years", "%")


def test_only_targets(answerer: Answerer):
    lines = answerer.ask(["云溪镇2023到2025年GDP目标"]).answer.split("\n")
    assert lines[1:] == ["2023年目标：5.5%以上", "2024年目标：6.5%左右", "2025年目标：6%左右"]


def test_a_target_beside_its_result_with_the_difference(answerer: Answerer):
    reply = answerer.ask(["云溪镇2023年GDP目标完成了吗"])
    assert "目标5.5%以上" in reply.answer
    assert "5.8%" in reply.answer
    assert "达到目标，高出0.3个百分点（计算值）" in reply.answer
    assert {quote.report.year for quote in reply.quotes} == {2023, 2024}


def test_all_main_targets_of_a_year(answerer: Answerer):
    answer = answerer.ask(["云溪镇去年的目标完成了吗"]).answer
    assert "地区生产总值增速：目标6.5%左右" in answer
    assert "比目标数低0.4个百分点（计算值；目标写的是“左右”）" in answer
    assert "固定资产投资增速：目标8%以上" in answer
    assert "城镇调查失业率：目标5.5%以内，结果未提出" in answer


@pytest.mark.parametrize("before", ["云溪镇的社会消费品零售总额", "各镇固定资产投资增长目标"])
def test_all_targets_of_a_named_place_and_year_are_complete_whatever_came_before(answerer: Answerer, before: str):
    alone = answerer.ask(["云溪镇去年的目标完成了吗"]).answer
    assert answerer.ask([before, "云溪镇去年的目标完成了吗"]).answer == alone


def test_the_report_of_the_year_before_is_missing(answerer: Answerer):
    reply = answerer.ask(["石渡镇去年的目标完成了吗"])
    assert reply.status == "not_found"
    assert not reply.quotes
    assert "库中没有石渡镇上一年的报告" in reply.answer
    reply = answerer.ask(["石渡镇去年GDP目标完成了吗"])
    assert "目标未提出，结果11.6亿元，增长5.3％" in reply.answer


def test_a_blank_year_is_told(answerer: Answerer):
    assert "2022年结果：原文留空" in answerer.ask(["云溪镇历年固定资产投资额多少亿元"]).answer


def test_a_follow_up_asks_the_same_of_another_indicator(answerer: Answerer):
    answer = answerer.ask(["云溪镇近三年GDP增速", "固定资产投资呢"]).answer
    assert answer.startswith("云溪镇固定资产投资增速，逐年：")
    answer = answerer.ask(["云溪镇去年GDP目标完成了吗", "一般公共预算收入呢"]).answer
    assert "一般公共预算收入增速：目标4%" in answer


def test_the_years_to_come_are_no_trend(answerer: Answerer):
    assert "50万人次" in answerer.ask(["石渡镇未来三年接待游客多少"]).answer
    assert "50万人次" not in answerer.ask(["石渡镇近三年接待游客多少"]).answer
