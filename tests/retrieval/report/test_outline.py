"""The outline: a tree that covers the text, read from headings as they really occur."""

from __future__ import annotations

from itertools import pairwise

import invented
import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_texts import texts

from retrieval.models import Section
from retrieval.report.chapters import KnownYears, problems_of
from retrieval.report.cleaning import clean
from retrieval.report.outline import read_outline, section_path
from retrieval.report.passages import runs


def assert_covers(text: str, outline: tuple[Section, ...]) -> None:
    own = runs(outline)
    if text:
        assert own[0][1].start == 0
        assert own[-1][1].end == len(text)
    assert all(before.end == after.start for (_, before), (_, after) in pairwise(own))
    assert all(run.start < run.end for _, run in own)
    for index, section in enumerate(outline):
        assert 0 <= section.start <= section.end <= len(text)
        if section.parent is not None:
            parent = outline[section.parent]
            assert section.parent < index
            assert parent.start <= section.start <= section.end <= parent.end
            assert section.depth == parent.depth + 1
    for index, run in own:
        assert outline[index].start <= run.start < run.end <= outline[index].end


@given(texts)
def test_runs_cover_generated_text_and_parents_cover_children(text):
    assert_covers(text, read_outline(text))


@given(st.text(max_size=120))
def test_runs_cover_any_text(text):
    cleaned = clean(text).text
    assert_covers(cleaned, read_outline(cleaned))


def test_runs_cover_the_shared_reports(shared_reports):
    for understood in shared_reports.values():
        assert_covers(understood.text, understood.outline)


@given(texts)
def test_a_heading_is_a_piece_of_the_text_at_its_start(text):
    for section in read_outline(text):
        assert text[section.start :].replace("\n", "").replace(" ", "").startswith(section.heading.replace(" ", ""))


def chapters(text: str) -> list[tuple[str, str | None]]:
    return [(section.heading, section.period) for section in read_outline(clean(text).text) if section.depth == 1]


def test_chapters_with_their_periods():
    assert [one for one in chapters(invented.YUNXI) if one[0]] == [
        ("一、2024年工作回顾", "review"),
        ("二、2025年工作安排", "plan"),
        ("三、政府自身建设", "governance"),
    ]


def test_problems_are_a_section_of_the_review():
    text = clean(invented.YUNXI).text
    outline = read_outline(text)
    problems = [section for section in outline if section.period == "problems"]
    assert [text[one.start :][:10] for one in problems] == ["同时，我们也清醒地看"]
    assert outline[problems[0].parent].heading == "一、2024年工作回顾"


_OF_YEAR = "云溪镇2025年政府工作报告\n一、2024年工作回顾\n{first}全镇上下迎难而上，完成投资3.2亿元，新建农村公路12公里，改造老旧小区4个。\n{then}\n二、2025年工作安排\n努力。"
_LISTED = (
    "一是龙头企业偏少，带动力不强；二是镇区停车难，养老服务不足；三是财政收支矛盾突出；四是个别干部本领不够，抓落实还有差距。"
)


@pytest.mark.parametrize(
    "told",
    [
        "我们也看到，前面的路上还有不少难题：",
        "看到成绩的同时，我们也认识到差距：",
        "在总结成就的同时，我们也深知仍有暗礁：",
        "发展仍面临不少挑战：",
    ],
)
@pytest.mark.parametrize("first", ["", "面对有效需求不足、雨水偏多等考验，"])
def test_difficulties_are_those_that_a_report_admits(first: str, told: str):
    text = _OF_YEAR.format(first=first, then=told + _LISTED)
    found = problems_of(text, read_outline(text))
    assert found is not None
    assert text.startswith(told, found.start)


def test_what_is_admitted_comes_before_what_is_only_spoken_of():
    told = "在肯定成绩的同时，我们也认识到差距："
    text = _OF_YEAR.format(first="去年市场价格面临较大压力，消费不足，企业订单减少，用工也有波动。", then=told + _LISTED)
    outline = read_outline(text)
    assert len([one for one in outline if one.period == "problems"]) == 2
    found = problems_of(text, outline)
    assert found is not None
    assert text.startswith(told, found.start)


def test_a_report_that_admits_none_has_no_such_part():
    text = _OF_YEAR.format(
        first="面对有效需求不足、雨水偏多等考验，", then="全年实现地区生产总值12亿元，增长6%，财政收入8000万元。"
    )
    assert problems_of(text, read_outline(text)) is None


def test_sections_on_several_years_are_marked():
    outline = read_outline(
        "云溪镇政府工作报告\n\n各位代表：\n一、过去五年工作回顾\n五年来，投资累计20亿元。\n二、2025年工作安排\n努力。"
    )
    assert [section.multi_year for section in outline if section.depth == 1 and section.heading] == [True, False]


@pytest.mark.parametrize(
    "heading",
    ["（一）稳增长", "(一)稳增长", "（1）稳增长", "1.稳增长", "——稳增长", "一是稳增长。", "第一，稳增长。", "坚定不移稳增长。"],
)
def test_heading_forms_of_subsections(heading):
    body = "全年安排重点项目90个，完成投资20亿元，一批补短板的项目落地见效。"
    text = invented.two_chapters(plan=f"{heading}{'' if heading[-1] == '。' else chr(10)}{body}")
    outline = read_outline(clean(text).text)
    paths = [section_path(outline, n) for n in range(len(outline))]
    assert ("二、2025年工作安排", heading) in [tuple(part.strip() for part in path[:2]) for path in paths]


def test_headings_inside_a_single_line():
    line = (
        "2024年松岭区政府工作报告 各位代表： 一、2023年工作回顾 2023年，地区生产总值增长6%。 (一)抓实项目建设。全年完成投资20亿元。"
        " 二、2024年工作安排 今年主要预期目标是：地区生产总值增长7%。 (一)全力稳增长。安排重点项目96个。"
    )
    assert [one for one in chapters(line) if one[0]] == [("一、2023年工作回顾", "review"), ("二、2024年工作安排", "plan")]


def test_appendices_have_no_period():
    text = clean(invented.YUNXI).text + "\n附件1\n名词解释\n1.规上工业企业：指年主营业务收入2000万元以上的工业企业。"
    after = [(one.heading, one.period) for one in read_outline(text) if one.start >= text.index("附件1")]
    assert after[0] == ("附件1", None)
    assert {period for _, period in after} == {None}


def test_a_text_without_headings_is_one_section():
    outline = read_outline("今天天气很好。\n我们去爬山。")
    assert len([section for section in outline if section.depth == 1]) == 1


OTHER_PLANS = [
    "二、2025年主要工作\n全年新建道路3公里。",
    "二、2025年工作计划\n全年新建道路3公里。",
    "二、主要工作\n今年政府工作的总体要求是：稳中求进，实干争先，建设松岭，造福松岭人民，把松岭建设得更加美丽。新建道路3公里。",
    "二、奋进新征程\n主要目标是：财政收入增长8%。",
    "二、奋进新征程\n今年要新建道路3公里。",
    "二、“十五五”时期经济社会发展的主要目标\n财政收入年均增长8%。",
]


@pytest.mark.parametrize("plan", OTHER_PLANS)
def test_a_chapter_is_a_plan_by_its_later_year_or_by_what_it_says(plan):
    text = f"松岭镇政府工作报告\n\n各位代表：\n一、2024年工作回顾\n财政收入增长5%。\n{plan}"
    assert [period for heading, period in chapters(text) if heading] == ["review", "plan"]


def test_a_later_year_than_the_one_a_chapter_opens_with():
    text = "松岭镇政府工作报告\n\n各位代表：\n一、稳中求进\n2024年，财政收入增长5%。\n二、2025年主要工作\n新建道路3公里。"
    assert [period for heading, period in chapters(text) if heading] == ["review", "plan"]


@pytest.mark.parametrize("heading", ["二、2024年主要工作", "二、2023年以来的主要工作", "二、“十四五”目标任务完成情况"])
def test_a_chapter_of_no_later_year_stays_a_review(heading):
    text = f"松岭镇政府工作报告\n\n各位代表：\n一、2024年工作回顾\n财政收入增长5%。\n{heading}\n新建道路3公里。"
    assert [period for heading, period in chapters(text) if heading] == ["review", "review"]


def test_a_corrected_plan_year_tells_the_chapter_headed_by_it():
    text = "松岭镇政府工作报告\n\n各位代表：\n一、开局之年\n财政收入增长5%。\n二、2025年主要工作\n新建道路3公里。"
    assert chapters(text)[-1] == ("二、2025年主要工作", "review")
    known = [(one.heading, one.period) for one in read_outline(clean(text).text, KnownYears(plan=2025))]
    assert known[-1] == ("二、2025年主要工作", "plan")


TURNS = [
    "2025年，我们的总体目标是：财政收入达到2300万元。",
    "2025年是“十四五”规划收官之年。财政收入要达到2300万元。",
    "2025年我们要新建道路3公里。",
    "明年，我们将新建道路3公里。",
    "下一步，我们要新建道路3公里。",
    "切实做好2025年的各项工作。新建道路3公里。",
    "围绕上述目标，重点抓好以下工作。",
    "2025年工作的指导思想是：稳中求进。",
]


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("before", ["\n", ""])
def test_running_text_turns_to_what_is_to_be_done(turn, before):
    review = "2024年，全镇财政收入完成2146万元。修建道路2公里，解决了一批群众关心的实际问题。"
    text = clean(f"松岭镇政府工作报告\n各位代表：\n{review}{before}{turn}\n抓好农业。新建高标准农田200亩，改厕80户。").text
    outline = read_outline(text)
    ahead = [one for one in outline if one.ahead and one.depth == 1]
    assert [text.index(turn)] == [one.start for one in ahead]
    assert (ahead[0].period, ahead[0].end) == ("plan", len(text))
    assert not any(one.ahead for one in outline if one.end <= ahead[0].start)


NO_TURNS = [
    "2024年是极不平凡的一年。修建道路2公里。",
    "2024年，围绕年初目标任务，我们修建道路2公里。",
    "为完成上述目标，我们修建道路2公里。",
    "今年以来，修建道路2公里，预计年内完成投资200万元。",
    "2025年底前可以通车的村道修建了2公里。",
]


@pytest.mark.parametrize("review", NO_TURNS)
def test_running_text_about_the_past_does_not_turn(review):
    text = f"松岭镇政府工作报告\n各位代表：\n2024年，全镇财政收入完成2146万元。\n{review}\n新建高标准农田200亩。"
    assert not any(one.ahead for one in read_outline(clean(text).text))
