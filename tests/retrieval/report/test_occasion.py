"""When and at which meeting a report was given, by its head or by a text that tells of it."""

from __future__ import annotations

import pytest

from retrieval.ingest.understanding import understand_report
from retrieval.models import Metadata
from retrieval.report.cleaning import Cleaned, clean

CONGRESS = "松岭县第十二届人民代表大会第四次会议"
RESULT = "\n报告指出，2024年，全县粮食产量12万吨。2025年，全县将新建公路30公里。"


def understood(text: str, published: str | None = None) -> Metadata:
    cleaned = clean(text)
    return understand_report(Cleaned(cleaned.text, cleaned.removals, cleaned.pages, None, published), {}).metadata


DAYS = [
    (
        f"{CONGRESS}开幕\n发布时间：2025-01-10 浏览次数：3\n1月8日上午，{CONGRESS}在县礼堂开幕。县长秦若川作政府工作报告。",
        "2025-01-08",
    ),
    (f"{CONGRESS}开幕\n2025/1/2 来源：松岭发布\n12月30日，{CONGRESS}举行。县长秦若川作政府工作报告。", "2024-12-30"),
    (f"本报讯 昨天（1月8日），在{CONGRESS}上，县长秦若川作政府工作报告。（松岭日报 2025年1月9日）", "2025-01-08"),
    (f"新华社松岭1月9日电 {CONGRESS}8日上午在松岭开幕。县长秦若川作政府工作报告。", "2025-01-08"),
    (f"本报讯 1月8日，{CONGRESS}开幕，县长秦若川作政府工作报告。", "2025-01-08"),  # with the years that the story tells
    (f"本报讯 12月28日，{CONGRESS}开幕，县长秦若川作政府工作报告。", "2024-12-28"),
    (f"本报讯 7月8日，{CONGRESS}开幕，县长秦若川作政府工作报告。", None),  # of which year, nobody can tell
    (f"2025-01-10\n1月9日下午，{CONGRESS}胜利闭幕，会议批准了县长秦若川所作的政府工作报告。", None),
    (f"1月9日电 {CONGRESS}开幕，县长秦若川作政府工作报告。", None),
]


@pytest.mark.parametrize("story, day", DAYS)
def test_the_day_that_a_story_tells_without_its_year(story: str, day: str | None):
    assert understood(story + RESULT).delivered_on == day


def test_the_year_of_a_day_is_that_of_its_web_page():
    story = f"{CONGRESS}开幕\n1月8日，{CONGRESS}开幕，县长秦若川作政府工作报告。\n报告指出，全县粮食产量12万吨。"
    assert understood(story, "2023-01-09").delivered_on == "2023-01-08"
    assert understood(story).delivered_on is None


MEETINGS = [
    (f"本报讯 1月8日，{CONGRESS}开幕，县长秦若川作政府工作报告。", CONGRESS),
    (f"——县十二届人大四次会议侧记\n本报讯 1月8日，{CONGRESS}开幕，县长秦若川作政府工作报告。", CONGRESS),
    ("云溪镇十届人大八次会议召开\n会上，镇长秦若川作政府工作报告。", "云溪镇十届人大八次会议"),
    (
        "云溪镇第十届人民代表大会第八次会议召开\n1月8日，松岭县云溪镇第十届人民代表大会第八次会议召开，镇长秦若川作政府工作报告。",
        "松岭县云溪镇第十届人民代表大会第八次会议",
    ),
    ("本报讯 完成了松岭县第十一届人民代表大会第五次会议确定的任务。县长秦若川作政府工作报告。", None),
    (
        "政府工作报告\n——2025年1月8日在松岭县第十二届人民代表大会\n          第四次会议上\n县长 秦若川\n各位代表：\n工作平稳。",
        CONGRESS,
    ),
]


@pytest.mark.parametrize("text, meeting", MEETINGS)
def test_the_meeting_that_a_text_names(text: str, meeting: str | None):
    assert understood(text).meeting == meeting


def test_the_day_of_the_meeting_and_not_that_of_the_notice_before_it():
    text = f"关于印发政府工作报告的通知\n各乡镇：\n松岭县人民政府\n2025年1月22日\n政府工作报告\n——2025年1月15日在{CONGRESS}上\n县长 秦若川\n各位代表：\n一、2024年工作回顾\n工作平稳。"
    assert understood(text).delivered_on == "2025-01-15"


def test_news_of_a_closing_are_no_resolution():
    story = f"{CONGRESS}闭幕\n会议表决通过了关于政府工作报告的决议，批准了县长秦若川所作的《政府工作报告》。"
    assert understood(story).kind == "news"
    assert understood(f"{CONGRESS}关于政府工作报告的决议\n（2025年1月9日通过）\n会议批准报告。").kind == "resolution"


def test_the_speaker_of_a_report_with_a_motto():
    story = "会上，镇长秦若川作了题为《同心同德谋发展 奋勇争先谱新篇》的政府工作报告，总结2024年工作，部署2025年任务。"
    assert understood(story).speaker == "秦若川"
