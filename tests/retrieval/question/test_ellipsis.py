"""Follow-ups with but a verb or an amount are said of the thing that was asked about before."""

from __future__ import annotations

from pathlib import Path

import pytest
from invented import library_of, two_chapters

from retrieval.answers.answerer import Answerer
from retrieval.library import Library
from retrieval.question.ellipsis import is_bare
from retrieval.question.parsing import parse

TEXT = two_chapters(
    "粮食总产量达到12.6亿斤，蔬菜产量88万吨，汽车产量突破3万辆。完成31个老旧小区改造，改造危旧桥梁12座，改造农村户厕4200座。"
    "加装电梯96部，新建充电桩800个。城镇新增就业5.2万人。",
    "今年的主要预期目标是：粮食产量稳定在12.5亿斤左右，城镇新增就业5万人以上。改造老旧小区40个，改造农村户厕5000座，加装电梯100部。",
)

FOLLOW_UPS = [
    (("松岭市今年粮食产量目标", "去年实际产了多少"), "12.6亿斤，松岭市2024年粮食产量。"),
    (("松岭市今年粮食产量目标", "去年产量多少"), "12.6亿斤，松岭市2024年粮食产量。"),
    (("松岭市今年改造多少农村户厕", "去年改造了多少"), "4200座，松岭市2024年改造农村户厕。"),
    (("松岭市今年改造多少老旧小区", "去年改了多少"), "31个，松岭市2024年老旧小区改造。"),
    (("松岭市今年加装多少部电梯", "去年装了多少"), "96部，松岭市2024年加装电梯。"),
    (("松岭市城镇新增就业目标", "去年新增了多少"), "5.2万人，松岭市2024年城镇新增就业。"),
    (("松岭市今年粮食产量目标", "那松岭市去年产了多少"), "12.6亿斤，松岭市2024年粮食产量。"),
]


INCOMES = two_chapters(
    "城镇居民人均可支配收入41200元，增长5.2%；农村居民人均可支配收入19800元，增长6.9%。改造农村户厕730座。",
    "今年的主要预期目标是：居民人均可支配收入增长6%左右。",
)
OTHER_PEOPLE = [
    (("松岭市城里人收入涨了几个点", "那农村的呢"), "6.9%"),
    (("松岭市城镇居民人均可支配收入多少", "农民呢"), "19800元"),
    (("松岭市农民收入涨了多少", "那城里人呢"), "5.2%"),
]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory):
    library = library_of(tmp_path_factory.mktemp("ellipsis"), TEXT)
    yield library
    library.close()


@pytest.mark.parametrize("turns, answer", FOLLOW_UPS)
def test_a_verb_alone_is_said_of_what_was_asked_about(library: Library, turns, answer):
    reply = Answerer(library).ask(turns)
    assert (reply.status, reply.answer) == ("answered", answer)


def test_a_verb_alone_in_the_second_part_of_a_question(library: Library):
    reply = Answerer(library).ask(["松岭市今年改造多少农村户厕，去年改造了多少"])
    assert "5000座" in reply.answer
    assert "4200座" in reply.answer


def test_another_amount_of_the_same_thing_is_not_taken_for_it(library: Library):
    for then in ("面积多少亩", "面积呢", "产值多少"):
        assert Answerer(library).ask(["松岭市粮食产量多少", then]).status == "not_found"


def test_another_doing_is_not_said_of_the_indicator_before(library: Library):
    assert Answerer(library).ask(["松岭市城镇新增就业目标", "去年培训了多少"]).status == "not_found"


@pytest.mark.parametrize("turns", [("松岭市去年改了多少",), ("松岭市去年产量多少",)])
def test_a_verb_alone_without_anything_before_asks_for_nothing(library: Library, turns):
    reply = Answerer(library).ask(turns)
    assert (reply.status, reply.is_question) == ("not_found", False)


def test_a_thing_of_its_own_is_asked_for(library: Library):
    reply = Answerer(library).ask(["松岭市今年粮食产量目标", "去年改造危旧桥梁多少座"])
    assert "12座" in reply.answer


@pytest.mark.parametrize(
    "text, bare", [("去年改造了多少", True), ("去年产量多少", True), ("去年改造多少桥梁", False), ("GDP增长多少", False)]
)
def test_what_is_bare(text, bare):
    assert [is_bare(ask) for ask in parse(text).asks] == [bare]


@pytest.mark.parametrize("turns, figure", OTHER_PEOPLE)
def test_the_same_is_asked_of_other_people(tmp_path: Path, turns, figure):
    reply = Answerer(library_of(tmp_path, INCOMES)).ask(turns)
    assert (reply.status, reply.answer.startswith(figure)) == ("answered", True)
    assert "730" not in reply.answer


SHARES = two_chapters(
    "进出口总额达到861亿元，占全省的12.5%。高新技术企业达到310家。启动农村公路改造，完成农村公路改造146公里。全年经济运行平稳，地区生产总值增长6.4%。"
    "完成招商引资项目42个，到位资金96.3亿元。",
    "今年的主要预期目标是：地区生产总值增长6%左右。办好十件民生实事：一是改造农村公路；二是新建学校；三是加装电梯。",
)
IN_FULL = [
    (("松岭市进出口总额是多少", "占全省几成"), "12.5%", "answered"),
    (("松岭市农村公路改造怎么样", "多少公里"), "146公里", "answered"),
    (("总结一下松岭市的报告", "增长了几个点"), "6.4%", "answered"),
    (("松岭市有高新技术企业多少家", "新增了多少"), "没有说明", "related"),
    (("松岭市去年GDP增长多少", "整年算下来呢"), "6.4%", "answered"),
]


@pytest.mark.parametrize("turns, said, status", IN_FULL)
def test_what_a_follow_up_asks_is_a_question_of_its_own(tmp_path: Path, turns, said, status):
    reply = Answerer(library_of(tmp_path, SHARES)).ask(turns)
    assert (reply.status, said in reply.answer) == (status, True), reply.answer


def test_both_sides_of_the_people_and_the_end_of_a_name(tmp_path: Path):
    answerer = Answerer(library_of(tmp_path, INCOMES))
    both = answerer.ask(["松岭市居民收入", "城乡分别多少"]).answer
    assert "41200元" in both
    assert "19800元" in both
    assert answerer.ask(["松岭市居民人均可支配收入目标", "那收入呢"]).answer.startswith("6%左右")
    assert "相差1.7个百分点" in answerer.ask(["松岭市居民收入涨了多少", "城乡分别涨了多少", "差距是多少"]).answer
