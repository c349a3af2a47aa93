"""What shows something else than it is, and what only looks unusual."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.language.hidden import MARK, has_hidden, visible

DECEIVES = {
    "turned around": ("增长\u202e%1.56\u202c左右", "增长�%1.56�左右"),
    "isolated": ("增长\u206715.6%\u2069", "增长�15.6%�"),
    "unseen in a number": ("1\u200b5.6%", "1�5.6%"),
    "a joiner": ("6\u200d.51", "6�.51"),
    "struck through": ("6\u0336.51%", "6�.51%"),
    "an enclosing ring": ("5\u20dd亿元", "5�亿元"),
    "over a sign": ("-\u03386%", "-�6%"),
    "over an ideograph": ("不\u0338增", "不�增"),
    "a variant of a digit": ("1\ufe0f", "1�"),
    "at the beginning": ("\u0301a", "�a"),
    "too many": ("e\u0301\u0301\u0301\u0301", "e\u0301\u0301��"),
    "escape": ("\x1b[31m红\x1b[0m", "�[31m红�[0m"),
    "C1": ("\x9b31m红\x85", "�31m红�"),
    "a bell": ("\x07\x08\r", "���"),
    "tags": ("\U000e0041青禾", "�青禾"),
    "a soft hyphen": ("15\xad.6", "15�.6"),
    "a blank letter": ("青\u3164禾", "青�禾"),
    "a line of another kind": ("一\u2028二", "一�二"),
}
STAYS = [
    "2025年，全镇地区生产总值增长6.5%左右，力争达到7％。\n一是……——“十四五”；\t二是《规划》·①②③",
    "GDP + CPI = ~3% (±0.5‰), 25℃, 10㎡, ￥5, №1",
    "café Việt Nam ñ e\u0301",
    "が か\u3099 한국 العربية",
    "葛\U000e0100城",
    "⚠️ 👍 ●",
    "\u3000\xa0 空格",
]


@pytest.mark.parametrize("what", DECEIVES)
def test_a_mark_stands_in_its_place(what: str):
    text, shown = DECEIVES[what]
    assert visible(text) == shown
    assert has_hidden(text)


@pytest.mark.parametrize("text", STAYS)
def test_what_hides_nothing_stays(text: str):
    assert visible(text) == text
    assert not has_hidden(text)


@given(st.text())
def test_it_is_as_long_and_nothing_is_left(text: str):
    shown = visible(text)
    assert len(shown) == len(text)
    assert visible(shown) == shown
    assert all(a == b or b == MARK for a, b in zip(text, shown, strict=True))
    left = {unicodedata.category(char) for char in shown if char not in "\n\t"}
    assert left.isdisjoint({"Cc", "Cf", "Cs", "Zl", "Zp"})
    assert has_hidden(text) == (shown != text)


def test_it_takes_no_longer_than_its_length_deserves():
    import time

    began = time.perf_counter()
    for text in ("e" + "\u0301" * 200_000, "1\u0336" * 100_000, "增长" * 100_000, "\u202e" * 200_000):
        visible(text)
    assert time.perf_counter() - began < 8
