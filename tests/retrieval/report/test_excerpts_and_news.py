"""What was pasted from the middle of a report, and what a news story tells of one: place, years, speaker, kind."""

from __future__ import annotations

import pytest

from retrieval.ingest.understanding import understand_report
from retrieval.models import Metadata
from retrieval.report.cleaning import clean


def understood(text: str) -> Metadata:
    return understand_report(clean(text), {}).metadata


PLACES = [
    ("2024年，云溪镇将重点做好以下工作。", "云溪镇"),
    ("2021年，是开局之年，做好松岭县政府工作意义重大。", "松岭县"),
    ("过去的五年，是临泽市砥砺奋进的五年。全市粮食产量达到32万吨。", "临泽市"),
    ("一年来，云溪乡党委、政府较好完成了乡十届人大二次会议确定的任务。", "云溪乡"),
    ("（2025年1月20日滨湖新区第三届人民代表大会第五次会议通过）", "滨湖新区"),
    ("去年，我县地区生产总值增长6.3%。县经济开发区完成收入97亿元。", None),
    ("全区经济总量偏小，地区生产总值仅占全市的4.6%。各镇街政府要抓好落实，社区完成改造。", None),
]


@pytest.mark.parametrize("text, place", PLACES)
def test_the_place_of_an_excerpt(text: str, place: str | None):
    assert understood(text).place == place


SPEAKERS = [
    ("街道办事处主任范知秋作街道工作报告。", "范知秋"),
    ("今天上午，代区长黎向晚代表区人民政府作政府工作报告，对过去五年工作进行回顾。", "黎向晚"),
    ("大会开幕 国务院总理作政府工作报告\n国务院总理李明远代表国务院向大会作政府工作报告。", "李明远"),
    ("政府工作报告\n（在州第十七届人民代表大会第六次会议上）\n州　长　　扎西达瓦\n各位代表：", "扎西达瓦"),
    ("镇长热线办理情况的报告。", None),
]


@pytest.mark.parametrize("text, speaker", SPEAKERS)
def test_the_speaker_of_a_story(text: str, speaker: str | None):
    assert understood(text).speaker == speaker


STORY = "云溪县第十八届人民代表大会第三次会议开幕\n2025年1月9日上午，云溪县第十八届人民代表大会第三次会议隆重开幕。县长尹振东向大会报告工作。\n"
YEARS = [
    (STORY + "2024年，全县粮食产量32万吨。\n尹振东指出，2025年要抓好七个方面的工作，力争固定资产投资增长8%。", 2024, 2025),
    (STORY + "报告指出，2024年全县牲畜存栏达到18万头。\n今年全县计划完成营造林21万亩。", 2024, 2025),
    ("代区长黎向晚作报告，对过去五年工作进行回顾，对2022年工作作出安排。\n五年来，粮食产量达到32万吨。", 2021, 2022),
    (
        "政府工作报告\n一九八六年四月二日\n各位代表：\n一、一九八五年的工作\n粮食增产。\n二、一九八六年的任务\n努力增产。",
        1985,
        1986,
    ),
    ("云溪乡政府工作报告\n各位代表：\n第一部分 二00七年工作回顾\n粮食增产。\n第二部分 二OO八年工作安排\n努力增产。", 2007, 2008),
]


@pytest.mark.parametrize("text, reviewed, planned", YEARS)
def test_the_years_of_a_story_and_of_old_reports(text: str, reviewed: int, planned: int):
    found = understood(text)
    assert (found.review_year, found.plan_year) == (reviewed, planned)


def test_the_day_of_a_story_is_that_of_its_meeting():
    assert understood(STORY).delivered_on == "2025-01-09"


def test_what_is_to_be_done_is_told_by_how_an_excerpt_opens():
    found = understand_report(clean("今年，要抓好以下民生实事：\n1.新建幼儿园6所；\n2.新建充电桩800个。"), {}).figures
    assert [(one.value, one.kind) for one in found] == [("6所", "target"), ("800个", "target")]


def test_an_excerpt_that_opens_with_targets_is_of_the_plan():
    found = understand_report(
        clean("2013年云溪政府工作目标\n报告回顾了2012年的工作\n全市的主要预期目标是:粮食产量增长11%。"), {}
    ).figures
    assert [(one.value, one.kind, one.year) for one in found] == [("11%", "target", 2013)]


def test_text_behind_a_source_in_brackets_is_kept():
    text = "（来源：云溪发布）今天上午，云溪区第九届人民代表大会第一次会议开幕。"
    assert clean(text).text == "今天上午，云溪区第九届人民代表大会第一次会议开幕。"
    assert clean("来源：云溪日报，6日上午大会开幕。").text == "来源：云溪日报，6日上午大会开幕。"


RUN_ON = (
    "2022年云溪区人民政府工作报告\n一、2021年工作回顾 过去一年，全区粮食产量32万吨。（一）产业发展提质增效。新增企业30家。"
    "（二）城市品质不断提升。新增绿地42公顷。二、2022年重点任务 今年粮食产量稳定在33万吨。（一）推动产业强区。新增企业40家。（二）推动生态立区。"
)


def test_run_on_headings_are_headings():
    found = understand_report(clean(RUN_ON), {})
    assert [(one.depth, one.heading, one.period) for one in found.outline if one.heading] == [
        (1, "一、2021年工作回顾", "review"),
        (2, "（一）产业发展提质增效。", "review"),
        (2, "（二）城市品质不断提升。", "review"),
        (1, "二、2022年重点任务", "plan"),
        (2, "（一）推动产业强区。", "plan"),
        (2, "（二）推动生态立区。", "plan"),
    ]
    assert [(one.value, one.kind, one.year) for one in found.figures] == [
        ("32万吨", "actual", 2021),
        ("30家", "actual", 2021),
        ("42公顷", "actual", 2021),
        ("33万吨", "target", 2022),
        ("40家", "target", 2022),
    ]


SIGNS = (
    "一图读懂云溪区政府工作报告\n1月8日，区长秦若川作政府工作报告。\n{a} 2024年成绩单\n✅ 粮食产量3.2万吨，增长5%\n✅ 新增企业40家\n"
    "{a} 2025年主要目标\n✅ 粮食产量增长4%\n✅ 新增床位200张\n{a} 民生实事\n✅ 新建幼儿园6所"
)


@pytest.mark.parametrize("sign", ["📌", "■", "◆", "★"])
def test_chapters_and_items_behind_signs(sign: str):
    found = understand_report(clean(SIGNS.format(a=sign)), {})
    assert (found.metadata.review_year, found.metadata.plan_year) == (2024, 2025)
    assert [(one.subject, one.value, one.kind, one.year) for one in found.figures] == [
        ("粮食产量", "3.2万吨", "actual", 2024),
        ("粮食产量", "5%", "actual", 2024),
        ("新增企业", "40家", "actual", 2024),
        ("粮食产量", "4%", "target", 2025),
        ("新增床位", "200张", "target", 2025),
        ("新建幼儿园", "6所", "target", 2025),
    ]


def test_chapters_whose_headings_name_no_year():
    text = "看懂云溪区工作报告\n■ 成绩\n2024年，全区粮食产量3.2万吨。\n■ 目标\n2025年：粮食产量增长4%。\n■ 民生\n新建幼儿园6所。"
    found = understand_report(clean(text), {}).figures
    assert [(one.value, one.kind, one.year) for one in found] == [
        ("3.2万吨", "actual", 2024),
        ("4%", "target", 2025),
        ("6所", "target", 2025),
    ]


STORIES_OF_YEARS = [
    ("云溪街道召开居民议事会议，听取办事处2024年工作报告。\n会议明确，2025年街道将新建食堂2家。", None, 2025),
    (
        "会上，县长秦若川作政府工作报告。2024年，全县粮食产量12万吨。\n关于2025年的工作，报告提出，全县主要预期目标是：粮食产量增长4%。",
        2024,
        2025,
    ),
    (
        "本报讯 1月9日，松岭县召开大会。县长秦若川作政府工作报告时说，2025年全县粮食产量预期增长4%。\n报告显示，2024年，全县粮食产量12万吨。",
        2024,
        2025,
    ),
    ("云溪开发区管理委员会\n2024年，开发区税收3亿元。\n2025年，开发区的目标是：税收增长6%。", 2024, 2025),
]


@pytest.mark.parametrize("text, reviewed, planned", STORIES_OF_YEARS)
def test_the_years_of_stories_however_they_tell_them(text: str, reviewed: int | None, planned: int):
    found = understood(text)
    assert found.plan_year == planned
    assert reviewed is None or found.review_year == reviewed


def test_the_body_whose_report_it_is_names_the_place():
    assert (
        understood("云溪经济技术开发区管理委员会\n2024年工作报告\n云溪经开区管委会主任 秦若川\n税收3亿元。").place
        == "云溪经济技术开发区"
    )


def test_a_chapter_on_two_plans_turns_to_the_second():
    text = (
        "云溪市政府工作报告\n各位代表：\n一、2020年工作回顾\n2020年，新建公路20公里。\n二、“十三五”时期成就和“十四五”时期目标任务\n"
        "过去五年，城镇新增就业6万人。\n“十四五”时期是新的五年。常住人口城镇化率提高到65%。\n三、2021年重点工作\n新建公路30公里。"
    )
    found = understand_report(clean(text), {}).figures
    assert [(one.value, one.kind, one.year) for one in found] == [
        ("20公里", "actual", 2020),
        ("6万人", "actual", None),
        ("65%", "target", None),
        ("30公里", "target", 2021),
    ]


def test_the_years_of_a_text_of_tables():
    found = understood(
        "松岭区主要指标\n指标 | 2024年完成 | 2025年目标\n1、2024年完成：粮食产量3万吨；2025年目标：粮食产量3.2万吨。"
    )
    assert (found.review_year, found.plan_year) == (2024, 2025)


def test_items_before_the_line_that_turns_to_this_year_are_of_the_last():
    text = (
        "云溪发布 2025-02-19\n2月18日，云溪县第九届人民代表大会第二次会议开幕，县长秦若川作政府工作报告。\n过去一年，我们干了这些：\n1.经济不断提速。粮食产量12万吨，增长3%。\n"
        "2.收入不断增加。新建公路30公里。\n今年，我们将这样干：\n1.粮食产量增长4%以上。\n2.新建学校3所。"
    )
    found = understand_report(clean(text), {})
    assert (found.metadata.review_year, found.metadata.plan_year) == (2024, 2025)
    assert [(one.value, one.kind, one.year) for one in found.figures] == [
        ("12万吨", "actual", 2024),
        ("3%", "actual", 2024),
        ("30公里", "actual", 2024),
        ("4%以上", "target", 2025),
        ("3所", "target", 2025),
    ]
