"""Telegram's HTML and callback data: well-formed, whole, and never longer than Telegram takes."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import report

from bot.conversation.evidence import QUOTES_SHOWN, hash_of
from bot.telegram import callbacks, screens
from bot.telegram.callbacks import Press
from bot.telegram.markup import TEXT_LIMIT, cut_to, emphasised, joined, length, pieces
from bot.telegram.pasting import joined_pieces
from retrieval.language.hidden import visible
from retrieval.models import Span
from retrieval.replies import Quote, Reply

TEXTS = st.text(alphabet="增长。\n，<>&𠮷a6%", min_size=1, max_size=9000)


def plain(parts: tuple[str, ...] | list[str]) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", "".join(parts)))


def well_formed(part: str) -> bool:
    open_tags: list[str] = []
    for closing, name in re.findall(r"<(/?)(\w+)[^>]*>", part):
        if not closing:
            open_tags.append(name)
        elif not open_tags or open_tags.pop() != name:
            return False
    return not open_tags


def quote(text: str, section: tuple[str, ...] = ("一、2024年工作回顾",), emphasis: tuple[Span, ...] = ()) -> Quote:
    return Quote(report(), section, text, 0, len(text), emphasis)


@given(TEXTS, st.lists(st.tuples(st.integers(0, 9000), st.integers(0, 9000)), max_size=4))
def test_any_text_is_shown_whole_in_messages_of_an_accepted_length(text: str, spans: list[tuple[int, int]]):
    found = pieces(text, [Span(*sorted(span)) for span in spans])
    assert plain(found) == text
    assert all(length(piece) <= TEXT_LIMIT and well_formed(piece) for piece in found)


@given(TEXTS, st.integers(1, 20))
def test_an_answer_of_any_length_is_spread_over_messages(text: str, count: int):
    reply = Reply("answered", "见引文。", tuple(quote(text) for _ in range(count)))
    screen = screens.answer(reply, 1, ())
    assert all(length(part) <= TEXT_LIMIT and well_formed(part) for part in screen.parts)
    shown = min(count, QUOTES_SHOWN)
    assert plain(screen.parts).replace("\n", "").count("《云溪镇政府工作报告》") == shown


def test_signs_of_html_are_escaped_everywhere():
    (part,) = screens.answer(Reply("answered", "a<b>&c", (quote("1<2 & 3>2", ("<一>",)),)), 1, ()).parts
    assert part.startswith("<b>a&lt;b&gt;&amp;c</b>")
    assert "1&lt;2 &amp; 3&gt;2" in part
    assert "&lt;一&gt;" in part


def test_emphasis_is_counted_from_the_canonical_text():
    assert emphasised("增长6%左右。", [Span(102, 106)], 100) == "增长<b>6%左右</b>。"
    assert emphasised("增长6%左右。", [Span(0, 99), Span(106, 300)], 100) == "增长6%左右<b>。</b>"
    assert emphasised("abc", [Span(0, 2), Span(1, 3)]) == "<b>ab</b><b>c</b>"


def test_blocks_are_joined_while_they_fit():
    assert joined(["a", "b"]) == ("a\n\nb",)
    assert joined(["a" * 4000, "b" * 100]) == ("a" * 4000, "b" * 100)


@given(st.text(max_size=400), st.integers(1, 200))
def test_a_text_is_cut_to_a_length(text: str, limit: int):
    assert length(cut_to(text, limit)) <= max(limit, 1)
    assert cut_to(text, 1000) == visible(text)


def test_the_citation_that_fits_is_copied_by_telegram_itself():
    (_, row) = screens.answer(Reply("answered", "6%", (quote("增长6%"),)), 5, ()).keyboard.inline_keyboard
    assert row[0].copy_text.text == "“增长6%”——《云溪镇政府工作报告》 › 一、2024年工作回顾"
    (_, row) = screens.answer(Reply("answered", "6%", (quote("增长6%，" * 100),)), 5, ()).keyboard.inline_keyboard
    assert row[0].callback_data == "1:cite:5"


# -- callback data ------------------------------------------------------------------------------------------------------


def test_callback_data_is_parsed_as_it_was_written():
    written = callbacks.data("around", 12, 345, hash_of("文"))
    assert callbacks.parse(written) == Press("around", ("12", "345", hash_of("文")))
    assert len(callbacks.data("around", 10**14, 10**14, "0" * 8).encode()) <= callbacks.LIMIT


@given(st.text(max_size=80))
def test_nothing_else_is_callback_data(text: str):
    press = callbacks.parse(text)
    assert press is None or callbacks.data(press.action, *press.arguments) == text


@pytest.mark.parametrize("arguments", [("nosuch", 1), ("answer",), ("answer", "x"), ("answer", 1, 2), ("around", 1, 2, "xyz")])
def test_a_button_that_could_not_be_read_is_not_made(arguments):
    with pytest.raises(ValueError):
        callbacks.data(*arguments)


# -- pasted text --------------------------------------------------------------------------------------------------------


def test_pieces_are_joined_where_the_client_cut_them():
    long = "全" * 4096
    assert joined_pieces(["第一段。", "第二段"]) == "第一段。\n第二段\n"
    assert joined_pieces([long, "镇经济"]) == f"{long}镇经济\n"
    assert joined_pieces([f"{long[:3900]}\n一、工作回顾", "2024年"]) == f"{long[:3900]}\n一、工作回顾\n2024年\n"
