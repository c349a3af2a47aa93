"""Parsed questions: years, kind, indicators, aim, measure; follow-ups; refusals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.errors import EmptyQuestion, QuestionTooLong
from retrieval.question.following import merge
from retrieval.question.parsing import normalise, parse
from retrieval.question.query import Theme

YEARS = [
    ("2024年GDP目标", (2024,), None),
    ("２０２４年GDP目标", (2024,), None),
    ("二〇二四年GDP目标", (2024,), None),
    ("二零二四年GDP目标", (2024,), None),
    ("24年GDP目标", (2024,), None),
    ("2023年和2024年的GDP", (2023, 2024), None),
    ("今年GDP目标", (), "this"),
    ("去年GDP增长多少", (), "last"),
    ("上年GDP增长多少", (), "last"),
    ("明年GDP目标", (), "next"),
    ("下一年GDP目标", (), "next"),
    ("前年GDP增长多少", (), "before_last"),
    ("GDP目标", (), None),
    ("GDP 2025 target", (2025,), None),
    ("未来三年的目标", (), None),
    ("投资2024万元的项目", (), None),
]


@pytest.mark.parametrize("text, years, relative", YEARS)
def test_years(text, years, relative):
    question = parse(normalise(text))
    assert (question.years, question.relative) == (years, relative)


# (question without its place, indicators, aim, measure)
FIGURES = [
    ("2024年GDP目标是多少", ["地区生产总值"], "target", None),
    ("2024年地区生产总值预期增长多少", ["地区生产总值"], "target", "growth"),
    ("2024年国内生产总值完成了多少", ["地区生产总值"], "actual", None),
    ("经济增长目标", ["地区生产总值"], "target", None),
    ("社零增长了多少", ["社会消费品零售总额"], "actual", "growth"),
    ("固投增速", ["固定资产投资"], None, "growth"),
    ("规上工业增加值增速是多少", ["规模以上工业增加值"], None, "growth"),
    ("CPI控制在多少", ["居民消费价格涨幅"], "target", None),
    ("失业率是多少", ["城镇调查失业率"], None, None),
    ("一般公共预算收入是多少亿元", ["一般公共预算收入"], None, "level"),
    ("新增了多少人就业", ["城镇新增就业"], "actual", "level"),
    ("粮食产量力争达到多少", ["粮食产量"], "target", None),
    ("城镇居民人均可支配收入实际增长多少", ["城镇居民人均可支配收入"], "actual", "growth"),
    ("打算新增就业多少人", ["城镇新增就业"], "target", "level"),
]


@pytest.mark.parametrize("text, names, aim, measure", FIGURES)
def test_questions_for_figures(text, names, aim, measure):
    asks = parse(normalise(text)).asks
    assert [ask.kind for ask in asks] == ["figure"]
    assert [one.name for one in asks[0].indicators] == names
    assert (asks[0].aim, asks[0].measure) == (aim, measure)


TWO_PARTS = [
    ("固定资产投资完成了多少，增长了多少", [("固定资产投资", "level"), ("固定资产投资", "growth")]),
    ("GDP是多少？社零是多少？", [("地区生产总值", None), ("社会消费品零售总额", None)]),
    ("GDP和固定资产投资的目标是多少", [("地区生产总值", None), ("固定资产投资", None)]),
]


@pytest.mark.parametrize("text, expected", TWO_PARTS)
def test_questions_with_two_parts(text, expected):
    asks = parse(normalise(text)).asks
    assert [(ask.indicators[0].name, ask.measure) for ask in asks] == expected


def test_the_second_part_says_that_it_goes_on():
    assert [ask.continues for ask in parse("固定资产投资完成了多少，增长了多少").asks] == [False, True]


FACTS = [
    ("报告是谁作的", "speaker"),
    ("镇长是谁", "speaker"),
    ("报告人是谁", "speaker"),
    ("政府工作报告是哪天作的", "delivered_on"),
    ("报告是什么时候作的", "delivered_on"),
    ("在哪次会议上作的报告", "meeting"),
    ("报告是在第几次人代会上作的", "meeting"),
    ("报告的来源", "source"),
    ("报告的标题是什么", "title"),
    ("这份报告回顾的是哪一年", "years"),
]


@pytest.mark.parametrize("text, fact", FACTS)
def test_questions_for_facts_of_the_report(text, fact):
    (ask,) = parse(normalise(text)).asks
    assert (ask.kind, ask.fact) == ("fact", fact)


@pytest.mark.parametrize("text", ["什么时候建成污水处理厂", "谁负责河长制", "产业园二期哪天开工"])
def test_when_and_who_of_something_else_is_no_fact_of_the_report(text):
    assert [ask.fact for ask in parse(text).asks] == [None]


MENTIONS = [
    ("有没有提到低空经济", "低空经济"),
    ("是否提到数字经济", "数字经济"),
    ("提到人工智能了吗", "人工智能"),
    ("哪些报告提到了低空经济", "低空经济"),
    ("哪些地方提到了“千万工程”", "千万工程"),
    ("提到新能源汽车的有哪些", "新能源汽车"),
]


@pytest.mark.parametrize("text, term", MENTIONS)
def test_questions_for_mentions(text, term):
    (ask,) = parse(normalise(text)).asks
    assert (ask.kind, ask.themes) == ("mention", (Theme((term,)),))


@pytest.mark.parametrize("text", ["怎么发展白茶产业", "乡村振兴有哪些举措", "存在哪些困难和问题", "为什么说形势复杂"])
def test_questions_for_passages(text):
    (ask,) = parse(normalise(text)).asks
    assert ask.kind == "passage"
    assert ask.topic


@pytest.mark.parametrize("text, level", [("各省的GDP目标", "省"), ("各镇GDP目标是多少", "乡镇"), ("所有区县的GDP", "区县")])
def test_all_places_of_a_level(text, level):
    question = parse(text)
    assert (question.everywhere, question.level) == (True, level)


def test_units_that_are_asked_for():
    assert parse("白茶产业综合产值多少亿元").asks[0].units == ("元",)
    assert parse("接待游客多少人次").asks[0].units == ("人次",)


def test_the_topic_is_the_words_that_name_something():
    assert "停车位" in parse("新增了多少停车位").asks[0].topic


# -- follow-ups -------------------------------------------------------------------------------------------------------


def follow(first: str, then: str):
    return merge(parse(normalise(first)), parse(normalise(then)))


def test_a_follow_up_by_indicator_keeps_year_and_aim():
    question = follow("2024年GDP目标是多少", "固定资产投资呢")
    assert (question.years, question.asks[0].indicators[0].name, question.asks[0].aim) == ((2024,), "固定资产投资", "target")


def test_a_follow_up_by_year_keeps_the_indicator():
    question = follow("2024年GDP目标是多少", "去年呢")
    assert (question.years, question.relative, question.asks[0].indicators[0].name) == ((), "last", "地区生产总值")


def test_a_follow_up_by_place_keeps_everything():
    question = follow("2024年GDP目标是多少", "那呢")  # as 那大足区呢 is without its place
    assert (question.years, question.asks[0].indicators[0].name, question.asks[0].aim) == ((2024,), "地区生产总值", "target")


# -- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "？？？", "\x00\x1f", "\u200b", "。，！"])
def test_nothing_asked(text):
    with pytest.raises(EmptyQuestion):
        normalise(text)


def test_too_long():
    with pytest.raises(QuestionTooLong, match="10000"):
        normalise("问" * 10_000)


def test_control_characters_go():
    assert normalise("GD\x00P目\u200b标\x1b是多少\r\n") == "GDP目标是多少"


@given(st.text(max_size=80))
def test_any_text_is_refused_or_parsed(text):
    try:
        plain = normalise(text)
    except EmptyQuestion:
        return
    assert parse(plain).asks is not None


@pytest.mark.parametrize(
    "text, name",
    [
        ("2025年能耗下降目标", "单位地区生产总值能耗"),
        ("2025年GDP增速目标是几个点", "地区生产总值"),
        ("三个直辖市今年GDP目标", "地区生产总值"),
        ("今年粮食目标", "粮食产量"),
    ],
)
def test_short_and_spoken_names_of_indicators(text, name):
    assert [one.name for ask in parse(normalise(text)).asks for one in ask.indicators] == [name]


@pytest.mark.parametrize(
    "text, aim", [("新认定多少家专精特新企业", None), ("GDP目标定了多少", "target"), ("安排三农资金多少", None)]
)
def test_what_sounds_like_a_target_is_one_only_where_it_is_set(text, aim):
    assert [ask.aim for ask in parse(text).asks] == [aim]


@pytest.mark.parametrize("text", ["粮食产了多少", "粮食生产了多少吨", "粮食收了多少", "产了多少粮食", "粮食产出了多少"])
def test_what_was_produced_is_the_output(text):
    (ask,) = parse(text).asks
    assert [one.name for one in ask.indicators] == ["粮食产量"]


@pytest.mark.parametrize("text", ["投产了多少个项目", "粮食增产了多少"])
def test_what_only_sounds_like_it_is_not(text):
    assert "产量" not in parse(text).text


@pytest.mark.parametrize("text, level", [("两个镇哪个收入高", "乡镇"), ("GDP最高的3个区", "区县"), ("十个省的GDP", "省")])
def test_counted_places_have_a_level(text, level):
    assert parse(text).level == level
