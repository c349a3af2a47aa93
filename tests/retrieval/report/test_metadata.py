"""What a report says of itself; what it does not say stays empty."""

from __future__ import annotations

import invented
import pytest

from retrieval.ingest.understanding import corrected, understand_report
from retrieval.models import Metadata
from retrieval.report.cleaning import clean


def understood(text: str) -> Metadata:
    return understand_report(clean(text), {}).metadata


def test_everything_that_a_head_states():
    found = understood(invented.YUNXI)
    assert (found.title, found.place, found.level, found.within) == (
        "松岭区云溪镇2024年政府工作报告",
        "云溪镇",
        "乡镇",
        ("松岭区",),
    )
    assert (found.review_year, found.plan_year, found.delivered_on) == (2024, 2025, "2025-01-06")
    assert (found.meeting, found.speaker, found.source) == (
        "松岭区云溪镇第十二届人民代表大会第四次会议",
        "秦若川",
        "测试样例",
    )
    assert found.office is not None
    assert found.office.endswith("镇长")


def test_the_evidence_is_the_line_it_was_read_from():
    text = clean(invented.YUNXI).text
    lines = {field: text[span.start : span.end] for field, span in understood(invented.YUNXI).evidence.items()}
    assert lines["title"] == "松岭区云溪镇2024年政府工作报告"
    assert lines["delivered_on"] == lines["meeting"] == "2025年1月6日在松岭区云溪镇第十二届人民代表大会第四次会议上"
    assert lines["speaker"] == "云溪镇人民政府镇长  秦若川"


def test_what_is_not_stated_is_none():
    found = understood("今天天气很好，我们一起去爬山。山上的风景很美，大家都很高兴。")
    assert found == Metadata(evidence={})


PLACES = [
    ("2025年松岭区政府工作报告", "松岭区", "区县", ()),
    ("沙坪坝区回龙坝镇2023年政府工作报告", "回龙坝镇", "乡镇", ("沙坪坝区",)),
    ("重庆市大足区2024年政府工作报告", "大足区", "区县", ("重庆市",)),
    ("2025年新疆政府工作报告", "新疆维吾尔自治区", "省", ()),
    ("2025年北京市政府工作报告", "北京市", "省", ()),
    ("xx镇人民政府2023年工作报告", "xx镇", "乡镇", ()),
    ("云溪街道2024年工作报告", "云溪街道", "街道", ()),
    ("政府工作报告", None, None, ()),
]


@pytest.mark.parametrize("title, place, level, within", PLACES)
def test_place_by_title(title, place, level, within):
    found = understood(f"{title}\n\n各位代表：\n一、2023年工作回顾\n工作稳步推进。\n二、2024年工作安排\n继续努力。")
    assert (found.place, found.level, found.within) == (place, level, within)


SPEAKERS = [
    ("云溪镇人民政府镇长  秦若川", "秦若川"),
    ("镇长 田 毅", "田毅"),
    ("云溪市市长 龚正", "龚正"),
    ("自治区主席 艾尔肯·吐尼亚孜", "艾尔肯·吐尼亚孜"),
    ("云溪省代省长 李殿勋", "李殿勋"),
]


@pytest.mark.parametrize("line, name", SPEAKERS)
def test_speaker_by_line(line, name):
    assert understood(f"政府工作报告\n{line}\n\n各位代表：\n一、2023年工作回顾\n工作稳步推进。").speaker == name


YEARS = [
    ("一、2023年工作回顾", "二、2024年工作安排", 2023, 2024),
    ("一、２０２３年工作回顾", "二、２０２４年工作安排", 2023, 2024),
    ("一、过去一年工作回顾", "二、2025年工作打算", 2024, 2025),
    ("一、2023年工作回顾", "二、2023年主要任务", 2023, 2023),
    ("一、2023年工作回顾", "二、2024年主要工作", 2023, 2024),
    ("一、2023年工作回顾", "二、明年的打算", 2023, 2024),
    ("一、2023年工作回顾", "二、今后的打算", 2023, None),
    ("一、“十四五”时期和2025年工作回顾", "二、到2030年的目标\n三、2026年工作安排", 2025, 2026),
    ("一、2020年及“十三五”工作回顾", "二、“十四五”发展目标\n到2025年，努力。\n三、2021年工作安排", 2020, 2021),
]


@pytest.mark.parametrize("review, plan, review_year, plan_year", YEARS)
def test_years_by_headings(review, plan, review_year, plan_year):
    found = understood(f"云溪镇政府工作报告\n\n各位代表：\n{review}\n过去一年，工作稳步推进。\n{plan}\n继续努力。")
    assert (found.review_year, found.plan_year) == (review_year, plan_year)


def test_title_year_may_be_the_year_reviewed_or_planned():
    assert understood(invented.YUNXI).review_year == 2024
    assert understood(invented.SONGLING).plan_year == 2025


def test_an_impossible_date_is_no_date():
    assert understood("云溪镇政府工作报告\n2025年13月40日\n\n各位代表：\n一、2024年工作回顾\n工作稳步推进。").delivered_on is None


def test_a_corrected_place_brings_its_level_and_what_it_lies_in():
    found = corrected(Metadata(place="甲镇", level="乡镇"), {"place": "重庆市沙坪坝区回龙坝镇"})
    assert (found.place, found.level, found.within) == ("回龙坝镇", "乡镇", ("重庆市", "沙坪坝区"))


def test_the_same_place_corrected_keeps_what_it_lies_in():
    found = corrected(Metadata(place="甲镇", level="乡镇", within=("乙区",)), {"place": "甲镇"})
    assert found.within == ("乙区",)


def test_the_year_planned_for_in_running_text():
    text = (
        "松岭镇政府工作报告\n各位代表：\n2024年，我镇财政收入1.2亿元，增长5%，办成了一批实事。\n"
        "下一步，我们要加以改进。\n根据镇党委部署，2025年工作的指导思想是：稳中求进。新建大棚300个。"
    )
    assert (understood(text).review_year, understood(text).plan_year) == (2024, 2025)


def test_the_year_reviewed_by_what_stands_before_the_first_chapter():
    text = "松岭街道工作报告\n2024年，街道扎实推进各项工作。\n一、完成情况\n新建食堂3家。\n二、2025年工作计划\n新建食堂2家。"
    assert (understood(text).review_year, understood(text).plan_year) == (2024, 2025)


STORIES = [
    ("4月3日,松岭县云溪镇第十届人民代表大会第八次会议召开。\n2024年,云溪镇实现税收812万元。", ("松岭县",), "云溪镇", 2024, None),
    (
        "1月21日上午,松岭县第十六届人民代表大会第四次会议在演艺中心开幕。会上,县长陈明作政府工作报告。\n2024年,全县实现税收8亿元。",
        (),
        "松岭县",
        2024,
        None,
    ),
    ("今天上午,人代会开幕,松岭市市长陈明作《政府工作报告》。\n2024年,全市实现税收8亿元。", (), "松岭市", 2024, None),
    (
        "1月12日上午,备受瞩目的云溪镇第六届人民代表大会第一次会议在云溪镇政府四楼会议室召开。\n2011年,全镇税收2亿元。",
        (),
        "云溪镇",
        2011,
        None,
    ),
    (
        "2024年,云溪镇完成地区生产总值31亿元。\n云溪镇党委书记陈明:2025年全镇主要预期目标是:地区生产总值增长7%。",
        (),
        "云溪镇",
        2024,
        2025,
    ),
    (
        "近日,在澜州市松岭县第七届人民代表大会第二次会议上,县长陈明作报告,总结了2012年的工作,并部署了2013年的目标任务。\n松岭县2012年实现生产总值157亿元。",
        ("澜州市",),
        "松岭县",
        2012,
        2013,
    ),
    (
        "政府工作报告——澜州市松岭区第七届人民代表大会第四次会议上\n区长 陈明\n各位代表:\n一、2014年工作回顾\n稳步推进。",
        ("澜州市",),
        "松岭区",
        2014,
        None,
    ),
    (
        "(澜江省)2015年澜州市松岭区人民政府工作报告(全文)\n各位代表:\n一、2015年工作回顾\n稳步推进。",
        ("澜州市",),
        "松岭区",
        2015,
        None,
    ),
    ("云溪镇“十一五”工作总结及“十二五”工作规划\n一、2010年工作总结\n稳步推进。", (), "云溪镇", 2010, None),
    ("云溪镇2024工作报告\n各位领导:\n2023年工作回顾\n稳步推进。\n展望2024年工作目标\n确保增长6%。", (), "云溪镇", 2023, 2024),
    (
        "政府工作報告\n—2024年1月28日在雲溪鄉第十四屆人民代表大會第三次會議上\n各位代表:\n一、2023年工作回顧\n穩步推進。",
        (),
        "云溪乡",
        2023,
        None,
    ),
]


@pytest.mark.parametrize("text, within, place, review_year, plan_year", STORIES)
def test_place_and_years_of_stories_and_excerpts(text, within, place, review_year, plan_year):
    found = understood(text)
    assert (found.within, found.place, found.review_year, found.plan_year) == (within, place, review_year, plan_year)


def test_contents_listed_in_a_sentence_are_no_chapters():
    text = "松岭县县长陈明作政府工作报告。报告共三部分:一、2023年工作总结。二、2024年总体要求。三、2024年主要任务。\n全县生产总值完成41亿元。"
    (figure,) = understand_report(clean(text), {}).figures
    assert (figure.kind, figure.year) == ("actual", 2023)


def test_a_story_turns_where_it_comes_to_speak_of_the_year_planned():
    text = (
        "松岭市市长陈明作《政府工作报告》,展望了新的一年:今年松岭市的地区生产总值预期增长9%。\n"
        "陈明首先回顾了去年。2005年,全市完成生产总值498亿元,比上年增长13%。\n对2006年的工作,陈明提出了主要预期目标,税收增长12%。"
    )
    found = [(one.kind, one.year, one.value) for one in understand_report(clean(text), {}).figures]
    assert found == [("target", 2006, "9%"), ("actual", 2005, "498亿元"), ("actual", 2005, "13%"), ("target", 2006, "12%")]


def test_the_end_of_a_period_is_its_last_years():
    text = (
        "松岭市政府工作报告\n2016年2月16日\n各位代表:\n一、“十二五”时期工作回顾\n五年来,全市地区生产总值达到386亿元,年均增长9.6%;"
        "一般公共预算收入达到34亿元,实现翻番;固定资产投资累计完成900亿元。\n二、2016年工作安排\n继续努力。"
    )
    found = [(one.value, one.year) for one in understand_report(clean(text), {}).figures]
    assert found == [("386亿元", 2015), ("9.6%", None), ("34亿元", 2015), ("900亿元", None)]


NAMES = [
    (
        "云溪街道办事处工作报告\n(2025年1月14日在云溪街道第二届居民议事会第四次会议上)\n张帆\n各位代表:\n一、2024年工作回顾\n稳步推进。",
        "张帆",
    ),
    ("昨日,云溪镇召开第十六届人民代表大会。镇委副书记、镇长黄明代表云溪镇人民政府向大会作《政府工作报告》。", "黄明"),
    ("云溪镇2024年政府工作报告\n目录\n各位代表:\n一、2023年工作回顾\n稳步推进。", None),
]


@pytest.mark.parametrize("text, name", NAMES)
def test_speaker_of_a_line_or_of_a_story(text, name):
    assert understood(text).speaker == name


def test_the_day_of_the_page_is_not_that_of_the_speech():
    text = "成文日期: | 2025年04月15日 |\n2025年3月21日在松岭区第十九届\n人民代表大会第四次会议上\n各位代表:\n一、2024年工作回顾\n稳步推进。"
    assert understood(text).delivered_on == "2025-03-21"
