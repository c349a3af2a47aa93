"""Several reports in one file."""

from __future__ import annotations

import invented
import pytest

from retrieval.report.cleaning import clean
from retrieval.report.splitting import is_title, split_reports


@pytest.mark.parametrize(
    "line",
    [
        "乡镇政府2023工作报告",
        "2025年北京市政府工作报告",
        "沙坪坝区回龙坝镇2023年政府工作报告",
        "xx镇人民政府2023年工作报告",
        "政府工作报告",
        "政 府 工 作 报 告",
        "《2024年重庆市大足区政府工作报告》",
        "２０２５年云溪镇政府工作报告",
    ],
)
def test_titles(line):
    assert is_title(line)


@pytest.mark.parametrize(
    "line",
    [
        "现在，我代表镇人民政府，向大会作政府工作报告",
        "关于云溪镇政府工作报告的决议",
        "会议听取和审议了政府工作报告",
        "一、2023年工作回顾",
        "主动向镇人大报告工作",
        "政府工作报告名词解释",
        "云溪镇2024年财政预算执行情况报告",
    ],
)
def test_lines_that_are_no_titles(line):
    assert not is_title(line)


def test_two_reports_under_the_same_title():
    first, second = split_reports(clean(invented.TWO_IN_ONE))
    assert first.text.startswith("乡镇政府2024工作报告")
    assert second.text.startswith("乡镇政府2024工作报告")
    assert "麦泉镇" in first.text
    assert "柏桥镇" not in first.text
    assert "麦泉镇" not in second.text
    assert f"{first.text}\n\n{second.text}" == clean(invented.TWO_IN_ONE).text


def test_a_report_that_names_its_title_again_stays_one():
    text = invented.YUNXI.replace("三、政府自身建设\n", "三、政府自身建设\n本次会议审议政府工作报告，请予批准。\n")
    assert len(split_reports(clean(text))) == 1


def test_a_text_without_title_is_one_report():
    assert [part.text for part in split_reports(clean("今天天气很好。\n我们去爬山。"))] == ["今天天气很好。\n我们去爬山。"]


def test_removals_go_with_the_report_that_they_stood_in():
    marked = invented.TWO_IN_ONE.replace("柏桥镇", "柏##paidbegin##桥镇", 1)
    first, second = split_reports(clean(marked))
    assert first.removals == ()
    assert [(one.text, second.text[one.position - 1]) for one in second.removals] == [("##paidbegin##", "柏")]
