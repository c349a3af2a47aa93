"""The indicators of the genre and their names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.language.folding import fold
from retrieval.language.indicators import function_words_only, indicators, named, own_names, part_spoken_of, subject_of

OWN = own_names("云溪镇", ("松岭区",), "乡镇")

ALIASES = [
    ("GDP", "地区生产总值"),
    ("gdp", "地区生产总值"),
    ("国内生产总值", "地区生产总值"),
    ("生产总值", "地区生产总值"),
    ("人均GDP", "人均地区生产总值"),
    ("社零", "社会消费品零售总额"),
    ("固投", "固定资产投资"),
    ("规上工业增加值", "规模以上工业增加值"),
    ("规上工业总产值", "规模以上工业总产值"),
    ("财政收入", "财政收入"),
    ("一般预算收入", "一般公共预算收入"),
    ("CPI", "居民消费价格涨幅"),
    ("失业率", "城镇调查失业率"),
    ("登记失业率", "城镇登记失业率"),
    ("新增就业", "城镇新增就业"),
    ("进出口", "进出口总额"),
    ("农民人均纯收入", "农民人均纯收入"),
    ("粮食总产量", "粮食产量"),
    ("城镇化率", "常住人口城镇化率"),
    ("空气质量优良天数", "空气质量优良天数"),
]


@pytest.mark.parametrize("alias, name", ALIASES)
def test_aliases(alias, name):
    assert [one.indicator.name for one in named(fold(alias), question=True)] == [name]


def test_there_are_at_least_thirty():
    assert len(indicators()) >= 30


def test_no_name_stands_for_two_indicators():
    homes: dict[str, set[str]] = {}
    for one in indicators().values():
        for name in (*one.aliases, *one.asked):
            homes.setdefault(name.lower(), set()).add(one.name)
    assert {name: found for name, found in homes.items() if len(found) > 1} == {}


@pytest.mark.parametrize("one", indicators().values(), ids=lambda one: one.name)
def test_every_alias_alone_is_its_indicator(one):
    for alias in one.aliases:
        assert [mention.indicator.name for mention in named(alias)] == [one.name], alias


def test_the_longest_name_wins_and_its_place_is_told():
    (mention,) = named("云溪镇的人均地区生产总值是多少")
    assert (mention.indicator.name, mention.start, mention.end) == ("人均地区生产总值", 4, 12)


SUBJECTS = [
    ("地区生产总值增长", "地区生产总值"),
    ("全镇地区生产总值同比增长", "地区生产总值"),
    ("预计云溪镇地区生产总值增长", "地区生产总值"),
    ("力争固定资产投资完成", "固定资产投资"),
    ("实现社会消费品零售总额", "社会消费品零售总额"),
    ("海洋生产总值增长", None),
    ("固定资产投资项目增长", None),
    ("滨海新区地区生产总值增长", None),
    ("税收占一般公共预算收入比重达到", None),
    ("高于地区生产总值增速", None),
    ("停车位", None),
]


@pytest.mark.parametrize("phrase, name", SUBJECTS)
def test_what_a_phrase_before_a_value_is_about(phrase, name):
    mention = subject_of(phrase, OWN)
    assert (mention.indicator.name if mention else None) == name


@pytest.mark.parametrize(
    "phrase, part",
    [("滨海新区地区生产总值增长", "滨海新区"), ("云溪镇完成工业总产值", "云溪镇"), ("地区生产总值增长", ""), ("停车位", "")],
)
def test_parts_of_a_place(phrase, part):
    assert part_spoken_of(phrase) == part


@pytest.mark.parametrize(
    "phrase, only", [("同比增长", True), ("、", True), ("", True), ("工业增长", False), ("新增停车位", False)]
)
def test_function_words(phrase, only):
    assert function_words_only(phrase) is only


def test_a_report_calls_its_own_place_by_name_and_as_a_whole():
    assert {"云溪镇", "云溪", "全镇", "我镇", "松岭区"} <= set(OWN)


@pytest.mark.parametrize(
    "name, unit, counts", [("地区生产总值", "元", True), ("地区生产总值", "亩", False), ("地区生产总值", "", True)]
)
def test_units_of_an_amount(name, unit, counts):
    assert indicators()[name].counts(unit) is counts


@given(st.lists(st.sampled_from([*(one.name for one in indicators().values()), "的", "和", "增长", "GDP", "、"]), max_size=8))
def test_mentions_do_not_overlap_and_are_in_order(words):
    phrase, at = "".join(words), 0
    for mention in named(phrase, question=True):
        assert at <= mention.start < mention.end <= len(phrase)
        at = mention.end
