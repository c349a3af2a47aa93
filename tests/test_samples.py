"""The sample reports: what they are, and ten questions with the answers that a reader finds in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.answers.answerer import Answerer
from retrieval.library import Library

KNOWN = [
    ("望岚区", "区县", 2024, 2025, "陆知衡", "2025-01-16"),
    ("柳浦镇", "乡镇", 2024, 2025, "蒋映荷", "2025-01-10"),
    ("青砚镇", "乡镇", 2024, 2025, "沈禾川", "2025-01-08"),
]


def test_two_towns_and_a_district(sample_library: Library):
    assert [
        (one.place, one.level, one.review_year, one.plan_year, one.speaker, one.delivered_on) for one in sample_library.reports()
    ] == KNOWN
    assert sample_library.verify() == []


def test_each_is_as_long_as_a_town_report_and_says_that_it_is_invented(sample_library: Library, samples: Path):
    assert len(list(samples.iterdir())) == 3
    for one in sample_library.reports():
        text = sample_library.text(one.id)
        assert 4000 <= len(text) <= 8000
        assert text.endswith("（本文为虚构示例，地名、人名与数字均为编造。）")
        assert "虚构" in (one.source or "")


def test_they_hold_a_blank_a_range_a_stretch_and_several_years(sample_library: Library):
    figures = [figure for one in sample_library.reports() for figure in sample_library.figures(one.id)]
    assert {figure.kind for figure in figures} == {"target", "actual"}
    assert any(figure.blank for figure in figures)
    assert any(figure.low != figure.high for figure in figures)
    assert any(figure.stretch for figure in figures)
    assert any(figure.year is None for figure in figures)


QUESTIONS = [
    ("青砚镇2025年地区生产总值目标是多少", "answered", "6%左右，青砚镇2025年地区生产总值增长目标。", "地区生产总值增长6%左右"),
    ("望岚区2025年GDP目标是多少", "answered", "6%以上，力争7%，望岚区2025年地区生产总值增长目标。", "力争达到7%"),
    ("望岚区2024年GDP增长多少", "answered", "6.3%左右，望岚区2024年地区生产总值增速（预计数）。", "预计地区生产总值增长6.3%左右"),
    ("望岚区2025年固定资产投资增长目标是多少", "answered", "5.5%—6%，望岚区2025年固定资产投资增长目标。", "5.5%—6%"),
    (
        "望岚区2025年农村居民人均可支配收入增长目标是多少",
        "answered",
        "7%左右，望岚区2025年农村居民人均可支配收入增长目标。",
        "分别增长5.5%、7%左右",
    ),
    ("青砚镇2024年新增停车位多少个", "answered", "165个，青砚镇2024年新增停车位。", "新增停车位165个"),
    (
        "柳浦镇2025年白莲全产业链产值目标是多少",
        "answered",
        "1.5亿元以上，柳浦镇2025年白莲全产业链产值目标。",
        "白莲全产业链产值达到1.5亿元以上",
    ),
    ("柳浦镇2024年旅游综合收入是多少", "blank", "报告原文此处留空：柳浦镇2024年旅游综合收入没有写出数字。", "xx万元"),
    (
        "柳浦镇2025年GDP目标是多少",
        "related",
        "柳浦镇的报告没有提出2025年的“地区生产总值”目标，只写了2024年的完成情况。\n最接近的原文见引文。",
        "地区生产总值",
    ),
    ("柳浦镇的报告是哪天作的", "answered", "2025年1月10日，柳浦镇2025年政府工作报告在这一天作出。", "2025年1月10日"),
]


@pytest.mark.parametrize("question, status, answer, quoted", QUESTIONS)
def test_ten_questions(sample_library: Library, question, status, answer, quoted):
    reply = Answerer(sample_library).ask([question])
    assert (reply.status, reply.answer) == (status, answer)
    if quoted is None:
        assert reply.quotes == ()
    else:
        assert quoted in reply.quotes[0].text
        assert question.startswith(reply.quotes[0].report.place)


def test_last_years_target_that_the_review_recalls_is_told_as_a_target(sample_library: Library):
    """区六届人大四次会议提出的地区生产总值增长6%左右…年度预期目标如期实现."""
    reply = Answerer(sample_library).ask(["望岚区2024年GDP目标是多少"])
    assert (reply.status, reply.answer) == ("answered", "6%左右，望岚区2024年地区生产总值增长目标。")


def test_a_goal_for_several_years(sample_library: Library):
    """未来三年，力争白莲全产业链产值突破2亿元."""
    reply = Answerer(sample_library).ask(["柳浦镇未来三年白莲全产业链产值要达到多少"])
    assert reply.status == "answered"
    assert "2亿元" in reply.answer
    assert any("未来三年" in quote.text for quote in reply.quotes)
