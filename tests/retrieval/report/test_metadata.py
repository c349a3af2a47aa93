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
