"""Questions about several years at once, and about one year of a report that speaks of several."""

from __future__ import annotations

from collections.abc import Iterator

import invented
import pytest

from retrieval.answers.answerer import Answerer
from retrieval.question.periods import Several, read_several

REPORT = """2026年松岭市政府工作报告
2026年1月20日在松岭市第八届人民代表大会第五次会议上

各位代表：
一、“十四五”时期和2025年工作回顾
“十四五”时期是松岭发展极不平凡的五年。地区生产总值由2020年的210亿元增加到2025年的300亿元，年均增长7.4%。
城镇新增就业累计9万人。固定资产投资年均增长8%。粮食产量年均增长1.5%。民生支出累计248亿元。
2025年是“十四五”规划收官之年。地区生产总值增长6.1%，高于年初确定的6%的目标。城镇新增就业2.1万人。常住人口城镇化率达到61%。
二、“十五五”时期发展的主要目标
“十五五”时期，地区生产总值年均增长6.5%左右，到2030年常住人口城镇化率达到66%。
三、2026年工作安排
今年主要预期目标是：地区生产总值增长6%，固定资产投资增长7%，城镇新增就业2万人。
"""


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    library = invented.library_of(tmp_path_factory.mktemp("periods"), REPORT)
    yield Answerer(library)
    library.close()


ANSWERS = [
    ("松岭市今后五年GDP年均增长目标", "年均6.5%左右，松岭市地区生产总值增长目标。"),
    ("松岭市未来五年GDP目标", "年均6.5%左右，松岭市地区生产总值增长目标。"),
    ("松岭市“十五五”时期GDP年均增长目标是多少", "年均6.5%左右，松岭市地区生产总值增长目标。"),
    ("松岭市“十四五”期间GDP年均增速", "年均7.4%，松岭市地区生产总值增速。"),
    ("松岭市GDP年均增长多少", "年均7.4%，松岭市地区生产总值增速。"),
    ("松岭市五年民生支出累计多少", "248亿元，松岭市民生支出。"),
    ("松岭市“十四五”期间城镇新增就业多少人", "9万人，松岭市城镇新增就业。"),
    ("松岭市十五五末常住人口城镇化率目标", "66%，松岭市2030年常住人口城镇化率目标。"),
    ("松岭市2030年常住人口城镇化率要达到多少", "66%，松岭市2030年常住人口城镇化率目标。"),
    ("松岭市今后五年城镇化率目标", "66%，松岭市2030年常住人口城镇化率目标。"),
    ("松岭市十四五末城镇化率是多少", "61%，松岭市2025年常住人口城镇化率。"),
    ("松岭市2025年GDP增长多少", "6.1%，松岭市2025年地区生产总值增速。"),
    ("松岭市GDP增长多少", "6.1%，松岭市2025年地区生产总值增速。"),
    ("松岭市2025年地区生产总值是多少亿元", "300亿元，松岭市2025年地区生产总值。"),
    ("松岭市2020年GDP是多少", "210亿元，松岭市2020年地区生产总值。"),
    ("松岭市2025年城镇新增就业多少人", "2.1万人，松岭市2025年城镇新增就业。"),
    ("松岭市2026年GDP目标", "6%，松岭市2026年地区生产总值增长目标。"),
]


@pytest.mark.parametrize("question, answer", ANSWERS)
def test_the_figure_of_the_years_asked_about(answerer: Answerer, question: str, answer: str):
    assert answerer.ask([question]).answer.split("\n")[0] == answer


ABSENT = [
    ("松岭市“十三五”时期GDP年均增长多少", "松岭市的报告没有说明所问时期的“地区生产总值”。"),
    ("松岭市“十五五”时期固定资产投资年均增长目标", "松岭市的报告没有说明所问时期的“固定资产投资”。"),
    ("松岭市2025年固定资产投资增长多少", "松岭市的报告没有写明哪个是2025年的“固定资产投资”。"),
]


@pytest.mark.parametrize("question, answer", ABSENT)
def test_what_is_told_of_other_years_only(answerer: Answerer, question: str, answer: str):
    reply = answerer.ask([question])
    assert invented.refusal(reply)
    assert reply.answer.split("\n")[0] == answer


def test_a_rate_aimed_at_is_set_beside_the_rate(answerer: Answerer):
    reply = answerer.ask(["松岭市2025年GDP目标完成了吗"])
    assert reply.answer.startswith("松岭市2025年地区生产总值增速：目标6%，结果6.1%，")


def test_a_follow_up_about_the_yearly_mean(answerer: Answerer):
    assert answerer.ask(["松岭市2026年GDP目标", "今后五年年均呢"]).answer.startswith("年均6.5%左右，")


SEVERAL = [
    ("未来三年接待游客", Several(ahead=True, count=3)),
    ("过去五年GDP", Several(behind=True)),
    ("“十五五”末城镇化率", Several(plan_end=2030, at_end=True)),
    ("十四五期间GDP年均增速", Several(plan_end=2025, mean=True)),
    ("五年民生支出", Several()),
    ("GDP年均增速", Several(mean=True)),
    ("三年级学生人数", None),
    ("国企改革三年行动", None),
    ("五年前的产值", None),
    ("PM2.5年均浓度", None),
    ("第五年的产值", None),
]


@pytest.mark.parametrize("text, several", SEVERAL)
def test_several_years_in_a_question(text: str, several: Several | None):
    assert read_several(text, ())[0] == several


def test_a_year_beside_it_is_no_question_about_several():
    assert read_several("十四五期间2024年的GDP", (2024,))[0] is None
