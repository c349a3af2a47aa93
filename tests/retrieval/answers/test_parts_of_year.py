"""A figure of a part of the year is not the year's, and the other way round."""

from __future__ import annotations

from pathlib import Path

import pytest
from invented import library_of, two_chapters

from retrieval.answers.answerer import Answerer

TEXT = two_chapters(
    "上半年地区生产总值增长3.9%，下半年加力追赶，全年完成地区生产总值88亿元，增长5.6%。前三季度社会消费品零售总额31亿元。"
    "一季度完成固定资产投资12亿元，全年固定资产投资增长7.4%。",
    "今年的主要预期目标是：地区生产总值增长6%。",
)


@pytest.fixture
def answerer(tmp_path: Path):
    library = library_of(tmp_path, TEXT)
    yield Answerer(library)
    library.close()


@pytest.mark.parametrize(
    "question, figure, other",
    [
        ("松岭市2024年GDP增长多少", "5.6%", "3.9%"),
        ("松岭市上半年GDP增长多少", "3.9%", "5.6%"),
        ("松岭市前半年GDP增长多少", "3.9%", "5.6%"),
        ("松岭市2024年固定资产投资", "7.4%", "12亿元"),
        ("松岭市一季度固定资产投资多少", "12亿元", "7.4%"),
        ("松岭市前三季度社会消费品零售总额", "31亿元", "5.6%"),
    ],
)
def test_each_is_told_for_its_own_time(answerer: Answerer, question: str, figure: str, other: str):
    reply = answerer.ask([question])
    assert reply.status == "answered"
    assert figure in reply.answer
    assert other not in reply.answer


def test_where_there_is_but_a_part_it_is_named_as_the_nearest(answerer: Answerer):
    reply = answerer.ask(["松岭市2024年社会消费品零售总额"])
    assert reply.status == "related"
    assert "那是年内一段时间的，不是全年的" in reply.answer
    assert "31亿元" not in reply.answer
    assert "31亿元" in reply.quotes[0].text
