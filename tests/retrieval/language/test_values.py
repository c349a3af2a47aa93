"""The grammar of a value: number, scale, unit, qualifiers, ranges, blanks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.language.folding import fold
from retrieval.language.values import find_values

# (text, value as written, low, high, unit, qualifier)
SINGLE = [
    ("增长6%左右", "6%左右", 6, 6, "%", "左右"),
    ("增长６．５％", "６．５％", 6.5, 6.5, "%", ""),
    ("增长7.5%以上", "7.5%以上", 7.5, 7.5, "%", "以上"),
    ("控制在3%以内", "3%以内", 3, 3, "%", "以内"),
    ("增长5.0%—5.5%", "5.0%—5.5%", 5, 5.5, "%", ""),
    ("增长5%-6%", "5%-6%", 5, 6, "%", ""),
    ("增长5%至6%左右", "5%至6%左右", 5, 6, "%", "左右"),
    ("总量23.7亿元", "23.7亿元", 23.7e8, 23.7e8, "元", ""),
    ("总量1.2万亿元", "1.2万亿元", 1.2e12, 1.2e12, "元", ""),
    ("新增就业不少于26万人", "不少于26万人", 260_000, 260_000, "人", "不少于"),
    ("新增就业超过1200人", "超过1200人", 1200, 1200, "人", "超过"),
    ("新增就业约3.5万人", "约3.5万人", 35_000, 35_000, "人", "约"),
    ("服务群众1200余人", "1200余人", 1200, 1200, "人", "余"),
    ("接待游客512万人次", "512万人次", 5_120_000, 5_120_000, "人次", ""),
    ("增加1,250亩", "1,250亩", 1250, 1250, "亩", ""),
    ("下降0.3个百分点", "0.3个百分点", 0.3, 0.3, "个百分点", ""),
    ("厂房4.2万平方米", "4.2万平方米", 42_000, 42_000, "平方米", ""),
    ("面积120㎡", "120㎡", 120, 120, "㎡", ""),
    ("亩产700公斤以上", "700公斤以上", 700, 700, "公斤", "以上"),
    ("浓度31微克/立方米", "31微克/立方米", 31, 31, "微克/立方米", ""),
    ("突破50万人次", "突破50万人次", 500_000, 500_000, "人次", "突破"),
    ("收入xx万元", "xx万元", None, None, "元", ""),
    ("增长×％", "×％", None, None, "%", ""),
    ("投资×亿", "×亿", None, None, "", ""),
]


@pytest.mark.parametrize("text, written, low, high, unit, comparator", SINGLE)
def test_a_single_value(text, written, low, high, unit, comparator):
    values = find_values(fold(text))
    assert [text[one.start : one.end] for one in values] == [written]
    (value,) = values
    assert (value.low, value.high) == (pytest.approx(low) if low is not None else None, high and pytest.approx(high))
    assert (value.unit, value.comparator, value.blank) == (unit, comparator, low is None)


NOT_FIGURES = [
    "2024年工作回顾",
    "2025年1月8日",
    "第12届人民代表大会",
    "G65国道",
    "“6·19”强降雨",
    "“十四五”规划",
    "5G网络",
    "20世纪90年代",
]


@pytest.mark.parametrize("text", NOT_FIGURES)
def test_years_dates_ranks_and_names_are_no_values(text):
    assert find_values(fold(text)) == []


LISTS = [
    ("分别增长5%、6.5%左右", ["5%", "6.5%左右"]),
    ("分别控制在5%和3%以内", ["5%", "3%以内"]),
    ("增长7%以上、力争达到8%", ["7%以上", "8%"]),
    ("分别提高0.4、7.8、2.4个百分点", ["0.4", "7.8", "2.4个百分点"]),
    ("分别达到45380元、26940元", ["45380元", "26940元"]),
    ("23.7亿元、增长5.4%", ["23.7亿元", "5.4%"]),
    ("486户731名低保对象", ["486户", "731名"]),
]


@pytest.mark.parametrize("text, written", LISTS)
def test_lists_of_values(text, written):
    assert [text[one.start : one.end] for one in find_values(fold(text))] == written


def test_the_numbers_of_a_list_share_the_unit_at_its_end():
    assert [(one.low, one.unit) for one in find_values("分别提高0.4、7.8、2.4个百分点")] == [
        (0.4, "个百分点"),
        (7.8, "个百分点"),
        (2.4, "个百分点"),
    ]


@given(st.text("0123456789.,万亿元%人xX×-—左右以上约超过、和年月第 ", max_size=60))
def test_values_of_any_text_are_pieces_of_it_in_order(text):
    at = 0
    for value in find_values(fold(text)):
        assert at <= value.start < value.end <= len(text)
        assert value.blank == (value.low is None) == (value.high is None)
        at = value.end
