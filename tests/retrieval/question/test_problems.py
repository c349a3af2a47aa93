"""What was not done well, asked for in whatever words, is asked for as reports call it."""

from __future__ import annotations

import pytest

from retrieval.question.parsing import parse
from retrieval.question.parts import part_of
from retrieval.question.query import Intent


@pytest.mark.parametrize(
    "question", ["自己承认有哪些毛病没", "去年没做好的地方有哪些", "哪些工作干得不够好", "还有啥没办到位的事"]
)
def test_problems_are_meant(question: str):
    (ask,) = parse(question).asks
    assert part_of(ask).intent is Intent.PROBLEMS


@pytest.mark.parametrize("question", ["做好了哪些工作", "查出多少毛病", "办好了几件实事"])
def test_what_was_done_well_is_none(question: str):
    assert all(part_of(ask).intent is not Intent.PROBLEMS for ask in parse(question).asks)
