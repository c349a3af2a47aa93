"""Several things and several values in one sentence: which value is whose, and which is nobody's for certain."""

from __future__ import annotations

import invented
import pytest

from retrieval.ingest.understanding import understand_report
from retrieval.report.cleaning import clean

GDP, BUDGET, TAX, GRAIN = "地区生产总值", "一般公共预算收入", "税收收入", "粮食产量"
URBAN, RURAL = "城镇居民人均可支配收入", "农村居民人均可支配收入"
OUTPUT, ADDED = "规模以上工业总产值", "规模以上工业增加值"


def told(review: str) -> list[tuple[str | None, str, str]]:
    found = understand_report(clean(invented.two_chapters(review=review)), {}).figures
    return [(one.indicator, one.measure, one.value) for one in found if one.kind == "actual"]


DEALT = [
    (
        "地区生产总值61.2亿元、税收收入2.4亿元,同比分别-4.3%、-11.5%。",
        [(GDP, "level", "61.2亿元"), (TAX, "level", "2.4亿元"), (GDP, "growth", "-4.3%"), (TAX, "growth", "-11.5%")],
    ),
    (
        "城乡居民收入达到31520元和12660元、分别增长7%和8.2%。",
        [(URBAN, "level", "31520元"), (RURAL, "level", "12660元"), (URBAN, "growth", "7%"), (RURAL, "growth", "8.2%")],
    ),
    (
        "城镇和农村居民人均可支配收入41,310元和19,260元,增长6%、7%。",
        [(URBAN, "level", "41,310元"), (RURAL, "level", "19,260元"), (URBAN, "growth", "6%"), (RURAL, "growth", "7%")],
    ),
    (
        "城乡居民人均可支配收入分别达到30120元和15210元、增长5%和6%。",
        [(URBAN, "level", "30120元"), (RURAL, "level", "15210元"), (URBAN, "growth", "5%"), (RURAL, "growth", "6%")],
    ),
    (
        "金融机构年末存款余额320亿元、贷款余额210亿元,比上年末增加31亿元和18亿元。",
        [
            ("存款余额", "level", "320亿元"),
            ("贷款余额", "level", "210亿元"),
            ("存款余额", "change", "31亿元"),
            ("贷款余额", "change", "18亿元"),
        ],
    ),
    (
        "第一、二、三产业增加值分别增长3%、5%、6%。",
        [(f"第{number}产业增加值", "growth", value) for number, value in (("一", "3%"), ("二", "5%"), ("三", "6%"))],
    ),
]
SHARED = [
    ("规模以上工业实现总产值52亿元、增加值13亿元。", [(OUTPUT, "level", "52亿元"), (ADDED, "level", "13亿元")]),
    ("实际使用内资19亿元、外资230万美元。", [("招商引资到位资金", "level", "19亿元"), ("实际使用外资", "level", "230万美元")]),
    ("一般预算收入5120万元,支出40900万元。", [(BUDGET, "level", "5120万元"), ("一般公共预算支出", "level", "40900万元")]),
    (
        "财政总收入9亿元,增长4%,其中地方收入4.2亿元。",
        [("财政收入", "level", "9亿元"), ("财政收入", "growth", "4%"), ("地方财政收入", "level", "4.2亿元")],
    ),
    ("约8万实际管理人口、4300多家市场主体保持稳定。", [(None, "level", "约8万"), ("经营主体", "level", "4300多家")]),
]
NOBODYS = [
    ("一般公共预算收入3亿元,增速为5%和6%。", [(BUDGET, "level", "3亿元"), (None, "growth", "5%"), (None, "growth", "6%")]),
    ("财政收入3700万元;茶叶产值万元,同比增长17%。", [("财政收入", "level", "3700万元"), (None, "growth", "17%")]),
]
CAME_TO = [
    ("生产总值接连迈过一百亿元、二百亿元台阶,预计达到231亿元。", [(GDP, "level", "231亿元")]),
    ("财政总收入冲破亿元,实现10380万元,增长31.6℅。", [("财政收入", "level", "10380万元"), ("财政收入", "growth", "31.6℅")]),
    ("规上工业产值万元,同比增长17%。", [(OUTPUT, "growth", "17%")]),
    ("港口吞吐量两次跨过九百万吨,去年达930万吨。", [(None, "level", "930万吨")]),
    ("三次产业结构比由10:40:50调整为8:42:50。", [("三次产业结构", "level", "8:42:50")]),
    ("规上工业产值再上台阶、冲过65亿元,达到68.2亿元。", [(OUTPUT, "level", "冲过65亿元"), (OUTPUT, "level", "68.2亿元")]),
]


@pytest.mark.parametrize("sentence, expected", [*DEALT, *SHARED, *NOBODYS])
def test_each_value_is_of_its_own_thing(sentence, expected):
    assert told(sentence) == expected


@pytest.mark.parametrize("sentence, expected", CAME_TO)
def test_what_something_came_to_is_of_what_the_clause_before_names(sentence, expected):
    assert [one for one in told(sentence) if one in expected] == expected


def test_what_money_went_into_names_its_amount():
    found = understand_report(clean(invented.two_chapters(review="投入1.6亿元,办好35件民生实事。")), {}).figures
    assert [one.subject for one in found if one.value == "1.6亿元"] == ["投入办好民生实事"]


def test_whose_books_count_an_amount_goes_with_it_and_its_rate():
    text = invented.two_chapters(review="财政总收入(市口径)完成61亿元,增长12%,财政总收入(省口径)完成48亿元,增长15%。")
    found = understand_report(clean(text), {}).figures
    assert [(one.value, one.basis) for one in found] == [
        ("61亿元", "市口径"),
        ("12%", "市口径"),
        ("48亿元", "省口径"),
        ("15%", "省口径"),
    ]
