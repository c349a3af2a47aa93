"""What brackets tell of another time, and what a sentence tells of a larger place, is that's alone."""

from __future__ import annotations

import invented
import pytest

from retrieval.ingest.understanding import understand_report
from retrieval.models import Figure
from retrieval.report.cleaning import clean

GDP, FAI, RETAIL = "地区生产总值", "固定资产投资", "社会消费品零售总额"


def figures(**chapters: str) -> list[Figure]:
    return list(understand_report(clean(invented.two_chapters(**chapters)), {}).figures)


ASIDES = [
    (
        "2025年主要目标是：地区生产总值增长6.5%（2024年为6.3%），固定资产投资增长7%。",
        [(GDP, "target", 2025, "6.5%"), (GDP, "actual", 2024, "6.3%"), (FAI, "target", 2025, "7%")],
    ),
    (
        "地区生产总值增长6.5%（去年增长6.3%），固定资产投资（不含农户）增长7%。",
        [(GDP, "target", 2025, "6.5%"), (GDP, "actual", 2024, "6.3%"), (FAI, "target", 2025, "7%")],
    ),
    (
        "固定资产投资（2024年完成12亿元）达到14亿元，社会消费品零售总额增长8%。",
        [(FAI, "actual", 2024, "12亿元"), (FAI, "target", 2025, "14亿元"), (RETAIL, "target", 2025, "8%")],
    ),
]


@pytest.mark.parametrize("sentence, expected", ASIDES)
def test_the_time_of_an_aside_is_its_own(sentence: str, expected: list[tuple]):
    assert [(one.indicator, one.kind, one.year, one.value) for one in figures(plan=sentence)] == expected


def test_an_amount_goes_on_behind_an_aside():
    found = figures(
        review="地区生产总值31.7亿元（2023年为29亿元），增长6.3%，社会消费品零售总额（2020年以来年均增长5%）增长7.2%。"
    )
    assert [(one.indicator, one.year, one.value) for one in found] == [
        (GDP, 2024, "31.7亿元"),
        (GDP, 2023, "29亿元"),
        (GDP, 2024, "6.3%"),
        (RETAIL, None, "5%"),
        (RETAIL, 2024, "7.2%"),
    ]


AREAS = [
    (
        "从国家层面看，2025年全国出口平稳。从全国看，地区生产总值预期增长5%，固定资产投资增长4%。",
        [(None, "5%", "全国"), (None, "4%", "全国")],
    ),
    ("从全国看，地区生产总值增长5%；从全省看，地区生产总值增长5.5%。", [(None, "5%", "全国"), (None, "5.5%", "全省")]),
    (
        "从全国看，地区生产总值增长5%；我市地区生产总值增长6%，固定资产投资增长7%。",
        [(None, "5%", "全国"), (GDP, "6%", ""), (FAI, "7%", "")],
    ),
    ("省政府提出的目标是地区生产总值增长5.5%，我们建议固定资产投资增长6%。", [(None, "5.5%", "全省"), (FAI, "6%", "")]),
    ("全国经济回升向好，地区生产总值增长5.2%。全市地区生产总值增长6.1%。", [(None, "5.2%", "全国"), (GDP, "6.1%", "")]),
]


@pytest.mark.parametrize("sentence, expected", AREAS)
def test_what_is_told_of_a_larger_place_is_not_the_own(sentence: str, expected: list[tuple]):
    assert [(one.indicator, one.value, one.of_place) for one in figures(plan=sentence)] == expected


def test_measured_amounts_in_numerals_are_read_from_eleven_on():
    found = figures(review="新修水渠四十三公里，新建学校三所，开展了二十二次活动。")
    assert [(one.value, one.low) for one in found] == [("四十三公里", 43)]


def test_a_rank_that_something_rose_to_is_the_one_of_the_year():
    found = figures(review="粮食产量增长3%，由上年居全省第四位上升为第三位；财政收入从去年的3亿元增加到5亿元。")
    assert [(one.indicator or one.subject, one.year, one.value, one.earlier) for one in found] == [
        ("粮食产量", 2024, "3%", False),
        ("粮食产量", 2023, "全省第四位", True),
        ("粮食产量", 2024, "上升为第三位", False),
        ("财政收入", 2023, "3亿元", True),
        ("财政收入", 2024, "5亿元", False),
    ]


MOVED = [
    ("城镇化率由2016年的48.2%提高到2020年的56.7%。", [(2016, "48.2%"), (2020, "56.7%")]),
    ("从2015年到2020年，居民的平均消费水平，由1.7万元提高到2.8万元。", [(None, "1.7万元"), (2020, "2.8万元")]),
    ("粮食产量12万吨，在2019到2021年平均每年增长3%的基础上，比上年增长5%。", [(2024, "12万吨"), (None, "3%"), (2024, "5%")]),
    ("工业增加值是2016年的3.4倍。", [(2024, "3.4倍")]),
]


@pytest.mark.parametrize("sentence, expected", MOVED)
def test_the_years_of_what_moved(sentence: str, expected: list[tuple]):
    assert [(one.year, one.value) for one in figures(review=sentence)] == expected


def test_what_had_been_before_is_of_the_same_thing():
    found = figures(review="粮食产量12万吨，在2019到2021年平均每年增长3%的基础上，比上年增长5%。")
    assert {one.indicator for one in found} == {"粮食产量"}


def test_per_mille_and_scales_behind_more_in_numerals():
    found = figures(plan="人口自然增长率控制在千分之十以内，原煤产量达到七亿七千多万吨，我县有十万人口。")
    assert [(one.value, one.low, one.unit) for one in found] == [("千分之十以内", 10, "‰"), ("七亿七千多万吨", 7.7e8, "吨")]
