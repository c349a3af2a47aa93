"""Questions about the library itself, over the three invented reports; and places named by letters or beside other words."""

from __future__ import annotations

import pytest
from invented import place_names, report

from retrieval.answers.answerer import Answerer
from retrieval.library import Library
from retrieval.question.about_library import AboutLibrary, read_about_library
from retrieval.question.parsing import normalise

ALL = ("云溪镇2025年", "石渡镇", "松岭区2025年")


@pytest.mark.parametrize(
    "question",
    ["库里都有哪些地方的报告", "有哪些报告", "库里收了几份报告", "一共有多少份报告？", "你这里收录了哪些地方的政府工作报告"],
)
def test_all_reports_that_are_held(small_library: Library, question):
    reply = Answerer(small_library).ask([question])
    assert reply.status == "answered"
    assert reply.answer.startswith("库中有3份报告：")
    assert [place for place in ALL if place not in reply.answer] == []
    assert len(reply.quotes) == 3


def test_the_reports_of_a_place_or_a_year(small_library: Library):
    answerer = Answerer(small_library)
    assert "石渡" not in answerer.ask(["库里有云溪镇的报告吗"]).answer
    assert answerer.ask(["库里有哪些2016年的报告"]).status == "not_found"


def test_the_reports_given_on_a_day(small_library: Library):
    reply = Answerer(small_library).ask(["1月6日作报告的有哪几个镇"])
    assert reply.status == "answered"
    assert "云溪镇" in reply.answer
    assert "松岭区" not in reply.answer
    assert "1月6日" in reply.quotes[0].text
    none = Answerer(small_library).ask(["哪些镇的报告是8月9日作的"])
    assert (none.status, none.quotes) == ("not_found", ())


def test_the_question_before_is_still_gone_on_from(small_library: Library):
    turns = ["云溪镇2025年GDP目标", "库里有几份报告", "固投呢"]
    assert "云溪镇2025年固定资产投资" in Answerer(small_library).ask(turns).answer


@pytest.mark.parametrize("question", ["云溪的报告是哪一年的", "云溪镇的报告是哪年的", "云溪报告年份"])
def test_the_years_of_a_report(small_library: Library, question):
    reply = Answerer(small_library).ask([question])
    assert reply.answer == "云溪镇的这份报告回顾2024年，计划2025年。"


@pytest.mark.parametrize(
    "text, asked",
    [
        ("哪些报告提到低保", None),
        ("有多少份报告提到GDP", None),
        ("1月9日开工的项目有哪些", None),
        ("报告里有哪些目标", None),
        ("有哪些省的GDP超过1万亿", None),
        ("有哪些省", None),
        ("报告有多少份", AboutLibrary()),
        ("现在有哪些省的数据", AboutLibrary()),
        ("库里有哪些省", AboutLibrary()),
        ("哪个省是1月9日开的会", AboutLibrary((1, 9))),
    ],
)
def test_what_is_about_the_library(text, asked):
    assert read_about_library(text) == asked


PROVINCES = [
    report(1, "北京市", "省"),
    report(2, "上海市", "省"),
    report(3, "江苏省", "省"),
    report(4, "广东省", "省"),
    report(5, "云州市", "市"),
    report(6, "黄岭哈尼族彝族自治州", "市"),
]


@pytest.mark.parametrize(
    "question, places, missing",
    [
        ("京沪两地失业率目标", ("北京市", "上海市"), ()),
        ("京沪GDP目标", ("北京市", "上海市"), ()),
        ("苏粤今年的GDP目标", ("江苏省", "广东省"), ()),
        ("粤苏两省GDP目标", ("广东省", "江苏省"), ()),
        ("京津冀GDP目标", ("北京市",), ("天津市", "河北省")),
        ("京沪高铁开通了吗", (), ()),
        ("云贵GDP目标", (), ()),
        ("云州市场主体多少户", ("云州市",), ()),
        ("云州县域经济", ("云州市",), ()),
        ("云州市民生支出", ("云州市",), ()),
        ("云州市长期护理保险", ("云州市",), ()),
        ("黄岭州教育", ("黄岭哈尼族彝族自治州",), ()),
    ],
)
def test_letters_and_words_beside_a_place(question, places, missing):
    scope = place_names(PROVINCES).resolve(normalise(question))
    assert (scope.places, scope.missing) == (places, missing)


@pytest.mark.parametrize(
    "question, rest",
    [
        ("云州市场主体多少户", "市场主体多少户"),
        ("云州市民生支出", "民生支出"),
        ("云州市长期护理保险", "长期护理保险"),
        ("云州市长是谁", "市长是谁"),
    ],
)
def test_what_is_left_of_a_question(question, rest):
    assert place_names(PROVINCES).resolve(normalise(question)).rest == rest


def test_a_question_about_the_library_may_name_a_place_without_a_report(small_library: Library):
    reply = Answerer(small_library).ask(["厦门市的报告是哪一年的"])
    assert reply.status == "not_found"
    assert not reply.quotes
