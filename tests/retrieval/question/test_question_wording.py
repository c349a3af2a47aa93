"""Spoken wordings: target and result at once, two counts at once, shares of GDP; and what was done to a thing."""

from __future__ import annotations

import pytest
from invented import library_of, two_chapters

from retrieval.answers.answerer import Answerer
from retrieval.library import Library
from retrieval.question.wording import reworded

TEXT = two_chapters(
    "固定资产投资增长8.1%，财政收入4.3亿元。全社会研发投入强度达到2.4%。纳入农村特困供养保障312户405人。"
    "全年新引进内资注册项目88个、外资项目6个。新签招商机构9家，引进内资注册资金21.5亿元。城镇登记人口稳步增加。新增上市企业7家。",
    "今年的主要预期目标是：固定资产投资增长7%，财政收入达到4.6亿元，全社会研发经费支出相当于全市生产总值的比例达到2.5%左右。"
    "推动物业服务覆盖120个老旧小区。实施65个老旧小区综合整治。城乡居民养老保险、失业保险参保率均保持在96%以上。",
)

ANSWERS = [
    ("松岭市固定资产投资去年实际和今年目标分别是多少", ["8.1%", "7%"]),
    ("松岭市财政收入完成数和目标数各是多少", ["4.3亿元", "4.6亿元"]),
    ("松岭市财政收入目标与实际", ["4.6亿元", "4.3亿元"]),
    ("松岭市特困供养有多少户多少人", ["312户", "405人"]),
    ("松岭市特困供养户数和人数", ["312户", "405人"]),
    ("松岭市今年研发投入占GDP比例目标", ["2.5%左右", "研发投入强度目标"]),
    ("松岭市去年研发经费占地区生产总值的比重", ["2.4%"]),
    ("松岭市固定资产投资目标和实际增长", ["8.1%", "7%"]),
    ("松岭市引进内资多少", ["21.5亿元"]),
    ("松岭市新引进内资项目多少个", ["88个"]),
    ("松岭市今年改造多少老旧小区", ["65个"]),
    ("松岭市今年养老保险参保率目标", ["96%以上", "养老保险参保率目标"]),
]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory):
    library = library_of(tmp_path_factory.mktemp("wording"), TEXT)
    yield library
    library.close()


@pytest.mark.parametrize("question, words", ANSWERS)
def test_answers(library: Library, question, words):
    reply = Answerer(library).ask([question])
    assert reply.status == "answered"
    assert [word for word in words if word not in reply.answer] == []


def test_what_covers_a_thing_is_not_what_was_done_to_it(library: Library):
    assert "120" not in Answerer(library).ask(["松岭市今年改造多少老旧小区"]).answer


def test_what_is_not_said_to_be_done_is_not_told(library: Library):
    reply = Answerer(library).ask(["松岭市去年关停多少企业"])
    assert reply.status in ("not_found", "related")
    assert "7家" not in reply.answer


def test_which_aspects_are_no_number(library: Library):
    assert Answerer(library).ask(["松岭市今年有哪几个方面的老旧小区工作"]).answer.endswith("见引文。")


def test_a_target_of_another_year_is_told(library: Library):
    reply = Answerer(library).ask(["松岭市2026年财政收入目标"])
    assert reply.status == "not_found"
    assert "只写了" not in reply.answer


@pytest.mark.parametrize(
    "text, told",
    [
        ("投资的实际和目标", "投资实际是多少,投资目标是多少"),
        ("投资2024年目标和完成情况", "投资2024年目标是多少,投资2024年实际是多少"),
        ("投资目标和增速", "投资目标和增速"),
        ("2024年目标和2023年完成情况", "2024年目标和2023年完成情况"),
        ("投资目标和实际增速", "投资目标是多少,投资实际增速是多少"),
        ("低保户数和人数", "低保多少户,多少人"),
        ("油菜产了多少", "油菜产量多少"),
        ("研发投入占GDP多少", "研发投入强度"),
        ("技改投资占GDP多少", "技改投资占GDP多少"),
    ],
)
def test_reworded(text, told):
    assert reworded(text) == told
