"""A text as HTML: nothing of it is lost, doubled or markup, whatever overlaps whatever."""

from __future__ import annotations

import re
from itertools import pairwise

from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from bot.web.body import Report, body
from retrieval.models import Figure, Removal, Section, Span, StoredPassage

TEXT = "题目\n\n一、回顾全年<b>工作&平稳</b>。（一）产业兴旺。新增企业3家,增长6.1%。\n\u3000生态\u202e向好。二、安排\n新建公路12公里。\n"


def plain(text: str) -> str:
    return re.sub(r"\s+", "", text)


def figure(start: int, end: int) -> Figure:
    numbers = {"low": 1.0, "high": 1.0, "unit": "", "scale": "", "comparator": "", "direction": ""}
    flags = {"blank": False, "stretch": False, "estimated": False, "primary": False}
    where = {"section": 0, "start": start, "end": end, "sentence_start": start, "sentence_end": end}
    return Figure(None, "", "actual", 2024, "level", TEXT[start:end], **numbers, **flags, **where)


def heading(words: str, depth: int) -> Section:
    start = TEXT.index(words)
    return Section(None, depth, words, start, len(TEXT), None, False)


OUTLINE = [
    Section(None, 0, "", 0, 4, None, False),
    heading("一、回顾", 1),
    heading("（一）产业兴旺。", 2),
    heading("二、安排", 1),
]
SPANS = st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT))).map(sorted).filter(lambda one: one[0] < one[1])


@given(st.lists(SPANS, max_size=3), st.lists(SPANS, max_size=4), st.lists(st.integers(0, len(TEXT)), max_size=4, unique=True))
def test_all_of_a_text_stands_there_once(marked, figures, cuts):
    ends = [0, *sorted(cuts), len(TEXT)]
    passages = [StoredPassage(n, 7, 0, first, last) for n, (first, last) in enumerate(pairwise(ends)) if first < last]
    made = body(Report(7, TEXT, OUTLINE, passages, [figure(*one) for one in figures], [Span(*one) for one in marked]))
    page = BeautifulSoup(made, "html.parser")
    assert plain(page.get_text()) == plain(TEXT.replace("\u202e", "\ufffd"))
    ids = [one["id"] for one in page.select("[id]")]
    assert len(ids) == len(set(ids))
    assert {"s1", "s2", "s3"} <= set(ids)
    assert page.select_one("#s1").get_text() == "一、回顾"
    covered = "".join(TEXT[at] for at in range(len(TEXT)) if any(first <= at < last for first, last in marked))
    assert plain("".join(one.get_text() for one in page.select("mark"))) == plain(covered.replace("\u202e", "\ufffd"))
    for one in page.select("a.f"):
        assert re.fullmatch(r"7/figures/\d+", one["href"])


@given(st.lists(st.tuples(st.sampled_from(["blank", "page_number"]), st.text(max_size=8), st.integers(0, len(TEXT))), max_size=4))
def test_what_was_removed_stands_beside_the_text(removed):
    made = body(Report(7, TEXT, OUTLINE, [], [], [], [Removal(*one) for one in removed]))
    page = BeautifulSoup(made, "html.parser")
    assert len(page.select("del")) == len(removed)
    for one in page.select("del"):
        one.decompose()
    assert plain(page.get_text()) == plain(TEXT.replace("\u202e", "\ufffd"))
