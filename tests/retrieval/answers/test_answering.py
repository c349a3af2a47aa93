"""Answers over three invented reports: the figure first, with its quote; or what is missing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import NUMBER, refusal

from retrieval.answers import composition
from retrieval.answers.answerer import Answerer
from retrieval.errors import EmptyQuestion, QuestionTooLong
from retrieval.library import Library

ANSWERED = [
    ("云溪镇2025年GDP目标是多少", "6%左右，云溪镇2025年地区生产总值增长目标。"),
    ("雲溪鎮2025年GDP目標是多少", "6%左右，云溪镇2025年地区生产总值增长目标。"),
    ("yunxi GDP target 2025", "6%左右，云溪镇2025年地区生产总值增长目标。"),
    ("云溪今年GDP目标是多少", "6%左右，云溪镇2025年地区生产总值增长目标。"),
    ("云溪镇二〇二五年GDP目标是多少", "6%左右，云溪镇2025年地区生产总值增长目标。"),
    ("云溪镇去年GDP增长了多少", "6.1%，云溪镇2024年地区生产总值增速。"),
    ("云溪镇2024年GDP总量是多少亿元", "18.2亿元，云溪镇2024年地区生产总值。"),
    ("云溪镇2025年固定资产投资目标是多少", "7%以上，力争8%，云溪镇2025年固定资产投资增长目标。"),
    ("松岭区2024年GDP增长多少", "6.4%左右，松岭区2024年地区生产总值增速（预计数）。"),
    ("松岭区2025年固投增长目标", "5.0%—5.5%，松岭区2025年固定资产投资增长目标。"),
    ("松岭区2025年城镇居民人均可支配收入增长目标", "5%（左右），松岭区2025年城镇居民人均可支配收入增长目标。"),
    ("松岭区2025年农村居民人均可支配收入增长目标", "6.5%左右，松岭区2025年农村居民人均可支配收入增长目标。"),
    ("云溪镇2025年打算新增就业多少人", "不少于400人，云溪镇2025年城镇新增就业目标。"),
    ("石渡镇2024年接待游客多少人次", "21.4万人次，石渡镇2024年接待游客。"),
    ("云溪镇2024年白茶产业综合产值是多少", "2.3亿元，云溪镇2024年白茶产业综合产值。"),
    ("云溪镇2025年白茶产业综合产值目标", "2.5亿元以上，云溪镇2025年白茶产业综合产值目标。"),
]


def ask(library: Library, *turns: str):
    reply = Answerer(library).ask(turns)
    assert_contract(library, reply)
    return reply


def assert_contract(library: Library, reply) -> None:
    """What the contract says of every reply."""
    quoted = "".join(quote.text for quote in reply.quotes)
    for quote in reply.quotes:
        assert library.text(quote.report.id)[quote.start : quote.end] == quote.text
        assert all(quote.start <= span.start < span.end <= quote.end for span in quote.emphasis)
    assert reply.status in ("answered", "blank") or refusal(reply)
    assert bool(reply.quotes) == (reply.status != "not_found")
    for number in NUMBER.findall(reply.answer):
        assert number in quoted
    assert len(reply.passages) <= 10
    assert [one.score for one in reply.passages] == sorted((one.score for one in reply.passages), reverse=True)


@pytest.mark.parametrize("question, answer", ANSWERED)
def test_figures(small_library: Library, question, answer):
    reply = ask(small_library, question)
    assert (reply.status, reply.answer) == ("answered", answer)


def test_the_answering_words_are_marked_in_the_quote(small_library: Library):
    (quote,) = ask(small_library, "云溪镇2025年固定资产投资目标是多少").quotes
    text = small_library.text(1)
    assert [text[span.start : span.end] for span in quote.emphasis] == ["7%以上", "8%"]
    assert quote.section == ("二、2025年工作安排",)


FACTS = [
    ("云溪镇的报告是谁作的", "秦若川", "云溪镇人民政府镇长  秦若川"),
    ("云溪镇的报告是哪天作的", "2025年1月6日", "2025年1月6日在"),
    ("石渡镇的报告在哪次会议上作的", "石渡镇第九届人民代表大会第三次会议", "第三次会议"),
    ("秦若川是哪个镇的镇长", "云溪镇", "秦若川"),
]


@pytest.mark.parametrize("question, answer, quoted", FACTS)
def test_facts_are_quoted_from_the_line_they_were_read_from(small_library: Library, question, answer, quoted):
    reply = ask(small_library, question)
    assert reply.status == "answered"
    assert answer in reply.answer
    assert quoted in reply.quotes[0].text


NOT_FOUND = [
    ("沙坪坝区2025年GDP目标是多少", ["沙坪坝区", "云溪镇"]),
    ("云溪镇2030年GDP目标是多少", ["2030", "2024、2025"]),
    ("石渡镇2025年固定资产投资目标是多少", ["石渡镇", "固定资产投资"]),
    ("云溪镇2025年粮食产量目标是多少", ["粮食产量", "只写了2024年的完成情况"]),
    ("云溪镇2026年GDP目标是多少", ["2026"]),
    ("云溪镇2024年新增高新技术企业多少家", ["高新技术企业"]),
    ("云溪镇有没有提到低空经济", ["低空经济"]),
    ("哪些报告提到了元宇宙", ["元宇宙"]),
    ("石渡镇的报告来源是什么", ["石渡镇", "来源"]),
    ("你好", ["您好"]),
    ("今天天气怎么样", ["报告"]),
    ("写一首诗", []),
]


@pytest.mark.parametrize("question, words", NOT_FOUND)
def test_what_is_not_stated_is_told_without_a_figure(small_library: Library, question, words):
    reply = ask(small_library, question)
    assert refusal(reply)
    assert all(word in reply.answer for word in words)


def test_a_place_inside_a_missing_one_is_told(library: Library):
    library.remove([3])
    reply = ask(library, "松岭区2025年GDP目标是多少")
    assert reply.status == "not_found"
    assert "云溪镇、石渡镇" in reply.answer


@pytest.mark.parametrize(
    "question, quoted", [("石渡镇2024年财政收入是多少", "财政收入xx万元"), ("石渡镇2025年社零增长目标", "增长×％")]
)
def test_a_blank_is_quoted(small_library: Library, question, quoted):
    reply = ask(small_library, question)
    assert reply.status == "blank"
    assert quoted in reply.quotes[0].text


def test_a_name_that_sounds_the_same_is_told(small_library: Library):
    reply = ask(small_library, "云西镇2025年GDP目标是多少")
    assert reply.answer.startswith("6%左右")
    assert "云西镇" in reply.answer
    assert "云溪镇" in reply.answer


def test_two_parts(small_library: Library):
    reply = ask(small_library, "云溪镇2024年固定资产投资完成了多少，增长了多少")
    assert reply.status == "answered"
    assert "5.4亿元" in reply.answer
    assert "8.2%" in reply.answer


def test_two_parts_of_which_one_is_stated(small_library: Library):
    reply = ask(small_library, "云溪镇2025年GDP和粮食产量目标是多少")
    assert reply.status == "answered"
    assert "6%左右" in reply.answer
    assert "没有提出2025年的“粮食产量”目标" in reply.answer


def test_two_places_get_a_line_each(small_library: Library):
    reply = ask(small_library, "云溪镇和石渡镇2025年GDP目标分别是多少")
    assert reply.answer.split("\n") == ["云溪镇2025年地区生产总值增长目标：6%左右", "石渡镇2025年地区生产总值增长目标：5.5％左右"]
    assert [quote.report.place for quote in reply.quotes] == ["云溪镇", "石渡镇"]


def test_a_held_and_a_missing_place(small_library: Library):
    reply = ask(small_library, "云溪镇和沙坪坝区2025年GDP目标是多少")
    assert reply.status == "answered"
    assert "6%左右" in reply.answer
    assert "沙坪坝区" in reply.answer


def test_no_place_named_gives_a_line_for_every_report_that_states_it(small_library: Library):
    reply = ask(small_library, "2025年固定资产投资增长目标是多少")
    assert reply.answer.split("\n") == [
        "云溪镇2025年固定资产投资增长目标：7%以上，力争8%",
        "松岭区2025年固定资产投资增长目标：5.0%—5.5%",
    ]


def test_which_reports_mention_names_those_and_only_those(small_library: Library):
    reply = ask(small_library, "哪些报告提到了低空经济")
    assert reply.status == "answered"
    assert "松岭区" in reply.answer
    assert "云溪镇" not in reply.answer
    assert "石渡镇" not in reply.answer
    assert [quote.report.place for quote in reply.quotes] == ["松岭区"]


def test_whether_a_report_mentions_something(small_library: Library):
    reply = ask(small_library, "石渡镇有没有提到民俗馆")
    assert reply.status == "answered"
    assert "民俗馆" in reply.quotes[0].text


@pytest.mark.parametrize(
    "question, quoted",
    [
        ("云溪镇存在哪些困难和问题", "龙头企业不多"),
        ("云溪镇政府自身建设有哪些举措", "依法行政"),
        ("云溪镇怎么发展白茶产业", "白茶产业"),
    ],
)
def test_passages(small_library: Library, question, quoted):
    reply = ask(small_library, question)
    assert reply.status == "answered"
    assert any(quoted in quote.text for quote in reply.quotes)


@pytest.mark.parametrize(
    "question, section",
    [
        ("石渡镇乡村旅游情况", "一、2024年工作回顾"),
        ("云溪镇特色农业成效", "一、2024年工作回顾"),
        ("云溪镇工业支撑进展", "一、2024年工作回顾"),
        ("石渡镇民宿情况", "二、2025年工作安排"),  # the review says nothing of it
    ],
)
def test_what_came_of_something_is_looked_for_in_the_review_first(small_library: Library, question, section):
    reply = ask(small_library, question)
    assert reply.status == "answered"
    assert {quote.section[0] for quote in reply.quotes} == {section}


FOLLOW_UPS = [
    (["云溪镇2025年GDP目标是多少", "那石渡镇呢"], "5.5％左右", "石渡镇2025年"),
    (["云溪镇2025年GDP目标是多少", "固定资产投资呢"], "7%以上", "云溪镇2025年"),
    (["云溪镇2025年GDP增长目标是多少", "去年呢"], "6.1%", "云溪镇2024年"),
    (["云溪镇2025年GDP目标是多少", "谢谢", "那松岭区呢"], "6%以上", "松岭区2025年"),
    (["云溪镇2025年GDP目标是多少", "？？", "那松岭区呢"], "6%以上", "松岭区2025年"),
    (["云溪镇2025年GDP目标是多少", "那石渡镇呢", "社会消费品零售总额呢"], "留空", "石渡镇2025年"),
]


@pytest.mark.parametrize("turns, value, place_and_year", FOLLOW_UPS)
def test_follow_ups_inherit_place_year_and_indicator(small_library: Library, turns, value, place_and_year):
    answer = ask(small_library, *turns).answer
    assert value in answer
    assert place_and_year in answer


def test_a_goal_for_several_years(small_library: Library):
    reply = ask(small_library, "石渡镇未来三年接待游客目标是多少")
    assert reply.status == "answered"
    assert "50万人次" in reply.answer


def test_an_empty_library(empty_library: Library):
    assert ask(empty_library, "云溪镇2025年GDP目标是多少").status == "not_found"


@pytest.mark.parametrize("turns", [[], [""], ["云溪镇2025年GDP目标", "  "]])
def test_nothing_asked(small_library: Library, turns):
    with pytest.raises(EmptyQuestion):
        Answerer(small_library).ask(turns)


def test_a_question_of_ten_thousand_characters(small_library: Library):
    with pytest.raises(QuestionTooLong):
        Answerer(small_library).ask(["问" * 10_000])


WORDS = [
    "云溪镇",
    "石渡",
    "松岭区",
    "青岛",
    "2025年",
    "去年",
    "GDP",
    "固定资产投资",
    "目标",
    "增长",
    "是多少",
    "，",
    "哪些",
    "提到",
    "白茶",
    "呢",
]


@settings(max_examples=60)
@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map("".join), min_size=1, max_size=3))
def test_every_reply_keeps_the_contract(small_library, turns):
    try:
        ask(small_library, *turns)
    except EmptyQuestion:
        return


def test_every_word_about_another_place_gets_none_of_its_text(small_library: Library):
    for question in ("云溪镇怎么发展旅游", "石渡镇2025年重点项目多少个", "石渡镇低空经济产业园什么时候开工"):
        reply = ask(small_library, question)
        place = question[:3]
        assert {quote.report.place for quote in reply.quotes} <= {place}
        assert {one.report.place for one in reply.passages} <= {place}


def test_a_reply_as_json(small_library: Library):
    told = ask(small_library, "云溪镇2025年GDP目标是多少").as_json()
    further = {"emphasis", "assumed_place", "is_question", "comparisons", "suggestions"}
    assert set(told) == {"status", "intent", "answer", "quotes", "passages", "seconds"} | further
    assert told["intent"] == "figure"
    assert set(told["quotes"][0]) == {"report", "section", "text", "start", "end", "emphasis"}
    assert told["quotes"][0]["report"] == {"id": 1, "title": "松岭区云溪镇2024年政府工作报告", "place": "云溪镇", "year": 2025}
    parts = {"id", "period", "lexical", "dense", "deviation"}
    assert set(told["passages"][0]) == {"report", "section", "text", "start", "end", "score"} | parts


def test_the_default_place_is_taken_where_no_turn_names_one(small_library: Library):
    answerer = Answerer(small_library)
    reply = answerer.ask(["2025年GDP目标是多少"], "云溪镇")
    assert (reply.answer[:4], reply.assumed_place) == ("6%左右", "云溪镇")
    other = answerer.ask(["石渡镇2025年GDP目标是多少"], "云溪镇")
    assert (other.quotes[0].report.place, other.assumed_place) == ("石渡镇", None)
    follow_up = answerer.ask(["石渡镇2025年GDP目标是多少", "2024年完成了多少"], "云溪镇")
    assert (follow_up.quotes[0].report.place, follow_up.assumed_place) == ("石渡镇", None)
    again = answerer.ask(["2025年GDP目标是多少", "固定资产投资呢"], "云溪镇")
    assert (again.quotes[0].report.place, again.assumed_place) == ("云溪镇", "云溪镇")
    assert answerer.ask(["哪些报告提到了高标准农田"], "石渡镇").assumed_place is None


def test_the_figure_is_emphasised_in_the_answer(small_library: Library):
    reply = Answerer(small_library).ask(["云溪镇和石渡镇2025年GDP目标是多少"])
    assert [reply.answer[span.start : span.end] for span in reply.emphasis] == ["6%左右", "5.5％左右"]
    single = Answerer(small_library).ask(["云溪镇2025年固定资产投资目标是多少"])
    assert [single.answer[span.start : span.end] for span in single.emphasis] == ["7%以上，力争8%"]
    assert Answerer(small_library).ask(["云溪镇2025年航天发射目标是多少"]).emphasis == ()


def test_the_reports_that_a_name_means(small_library: Library):
    answerer = Answerer(small_library)
    assert [report.place for report in answerer.reports_of("云溪")] == ["云溪镇"]
    assert answerer.reports_of("天气怎么样") == ()


def test_in_a_large_library_a_question_without_a_place_is_put_to_the_most_relevant_reports(small_library: Library, monkeypatch):
    question = ["2025年GDP目标是多少"]
    every = Answerer(small_library).ask(question)
    assert {one.report.place for one in every.quotes} > {"云溪镇"}
    monkeypatch.setattr(composition, "READ_AT_MOST", 2)
    monkeypatch.setattr(composition, "_MOST_RELEVANT", 1)
    reply = Answerer(small_library).ask(question)
    assert (reply.status, len(reply.quotes)) == ("answered", 1)
    assert "库里有 3 份报告，只查了最相关的 1 份" in reply.answer
    assert reply.quotes[0] in every.quotes
    named = Answerer(small_library).ask(["云溪镇2025年GDP目标是多少"])
    assert "最相关" not in named.answer
    missing = Answerer(small_library).ask(["2025年航天发射目标是多少次"])
    assert refusal(missing)
    assert missing.answer.startswith("最相关的报告里没有写到")


def test_a_search_stays_with_the_places_that_it_names(small_library: Library):
    answerer = Answerer(small_library)
    everywhere = answerer.search("农业", 50)
    there = answerer.search("云溪镇农业", 50)
    assert len({one.report.place for one in everywhere}) > 1
    assert {one.report.place for one in there} == {"云溪镇"}
    assert len(there) == sum(report.passages for report in small_library.reports() if report.place == "云溪镇")


def test_a_search_for_a_place_alone_or_an_unknown_one_finds_what_there_is(small_library: Library):
    answerer = Answerer(small_library)
    assert {one.report.place for one in answerer.search("云溪镇", 50)} == {"云溪镇"}
    assert len({one.report.place for one in answerer.search("火星镇农业", 50)}) > 1
