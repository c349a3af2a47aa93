"""Where a term stands in a text: the same whether the text is folded, or the pattern allows for all variants."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.language.folding import bare, fold
from retrieval.language.mentioned import Mentioned
from retrieval.models import Span

FOUND = [
    ("独角兽企业", "培育“独角兽”企业3家", [(3, 9)]),
    ("数字乡村", "數字鄉村建设", [(0, 4)]),
    ("数字乡村", "数字\n乡村", [(0, 5)]),
    ("5G", "新建５Ｇ基站", [(2, 4)]),
    ("5g", "新建5G基站", [(2, 4)]),
    ("老旧小区改造", "改造城镇老旧小区", [(0, 8)]),
    ("老旧小区改造", "改造提升老旧小区", [(0, 8)]),
    ("第五次经济普查", "第五次全国经济普查，第五次全市经济普查", [(0, 9), (10, 19)]),
    ("2024年", "二〇二四年和2024年", [(0, 5), (6, 11)]),
    ("二四年", "二〇二四年", []),
    ("四个全面", "“四个全面”", [(1, 5)]),
    ("", "没有", []),
]


@pytest.mark.parametrize("term, text, spans", FOUND)
def test_where_a_term_stands(term: str, text: str, spans: list[tuple[int, int]]):
    assert Mentioned(term).found_in(text) == [Span(*span) for span in spans]


ALPHABET = '数數字乡鄉村改造治理第五次届全国市年一二九四0〇Oo5５GＧg％%-—“”" 　\n《⻓长'
TERMS = [
    "数字乡村",
    "乡村治理",
    "改造",
    "数字改造",
    "第五次乡村",
    "第二届",
    "5G",
    "G5",
    "二四",
    "2024年",
    "20",
    "五次",
    "%数",
    "长村",
    "年二",
]


def naive(term: str, text: str) -> list[Span]:
    """By folding all of the text, as it is defined."""
    between = r"[\s“”‘’\"'《》「」『』]*"

    def spelled(wanted: str) -> str:
        ordinal = re.match(r"第[一二三四五六七八九十]{1,3}[次届轮](?!全)", wanted)
        if ordinal:
            return f"{between.join(ordinal.group())}(?:全国|全[省市区县])?{spelled(wanted[ordinal.end() :])}"
        return between.join(map(re.escape, wanted))

    wanted = bare(term)
    patterns = [spelled(wanted)]
    for verb in ("改造", "整治", "治理", "修复", "保护"):
        thing = wanted.removesuffix(verb)
        if thing != wanted and len(thing) > 1:
            patterns.append(f"{verb}(?:提升)?(?:城镇|城市|城区|县城|镇区|农村)?{spelled(thing)}")
    return [Span(*found.span()) for found in re.finditer("|".join(patterns), fold(text), re.I)]


@given(st.sampled_from(TERMS), st.text(ALPHABET, max_size=40))
def test_it_stands_where_it_stands_in_the_folded_text(term: str, text: str):
    assert Mentioned(term).found_in(text) == naive(term, text)


@given(st.text(ALPHABET, min_size=1, max_size=4), st.text(ALPHABET, max_size=40))
def test_any_term_does(term: str, text: str):
    if bare(term):
        assert Mentioned(term).found_in(text) == naive(term, text)
