"""What a phone shows first: quotes cut around their figures, rows that state nothing in one line, the rest behind a tap."""

from __future__ import annotations

import re

import pytest
from invented import report

from bot.telegram import excerpts
from retrieval.models import Span
from retrieval.replies import ComparedLine, Comparison, Reply

SENTENCE = (
    "2025年全县经济社会发展的主要预期目标是：地区生产总值增长6%左右，固定资产投资增长7%以上、力争达到8%，"
    "一般公共预算收入增长5%左右，城镇新增就业不少于4200人，粮食产量保持在21万吨以上。"
)


def span(text: str, words: str) -> Span:
    at = text.index(words)
    return Span(at, at + len(words))


def plain(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


def quoted(*words: str, text: str = SENTENCE, start: int = 0) -> str:
    spans = [Span(one.start + start, one.end + start) for one in (span(text, word) for word in words)]
    return "\n".join(excerpts.quoted(text, spans, start))


@pytest.mark.parametrize("start", [0, 1523])
def test_a_long_quote_is_cut_around_its_figure(start: int):
    shown = quoted("不少于4200人", start=start)
    assert shown == "<blockquote>…城镇新增就业<b>不少于4200人</b>…</blockquote>"


def test_a_rate_is_shown_with_what_it_is_of():
    text = "一年来，全县上下攻坚克难，主要指标稳中有进，全县地区生产总值完成186.3亿元，同比增长5.9%；各项事业取得了新的进步。"
    assert "地区生产总值完成186.3亿元" in quoted("5.9%", text=text * 2)


def test_several_figures_stand_each_in_its_clause():
    shown = plain(quoted("6%左右", "21万吨以上"))
    assert shown == "…地区生产总值增长6%左右…粮食产量保持在21万吨以上。"


@pytest.mark.parametrize("text", ["全年粮食产量21万吨，增长2%。", SENTENCE])
def test_each_piece_stands_in_the_quote_word_for_word(text: str):
    for figure in re.findall(r"\d+万?[%吨人]", text):
        for piece in plain(quoted(figure, text=text)).split("…"):
            assert piece in text


def test_a_short_quote_is_whole_and_one_without_figures_opens_by_a_tap():
    assert quoted("2%", text="全年粮食产量21万吨，增长2%。") == "<blockquote>全年粮食产量21万吨，增长<b>2%</b>。</blockquote>"
    (whole,) = excerpts.quoted("推进水利建设。" * 30, [], 0)
    assert whole.startswith("<blockquote expandable>推进水利")
    assert "…" not in whole


def test_what_is_in_a_quote_is_no_html():
    text = "投资<b>&增长" + "稳中有进，" * 20 + "投资额<i>达到7%。"
    assert "投资额&lt;i&gt;达到<b>7%</b>" in quoted("7%", text=text)


def table(states: list[str], axis: str = "places") -> Reply:
    name = "{}年" if axis == "years" else "第{}镇"
    lines = tuple(
        ComparedLine(name.format(2000 + n), "actual", state, "" if state == "absent" else f"{n}%", None, None)  # type: ignore[arg-type]
        for n, state in enumerate(states)
    )
    said = [f"{one.label}：{'未提出' if one.state == 'absent' else one.value}" for one in lines]
    comparison = Comparison("增速", axis, "%", lines, (report(),))  # type: ignore[arg-type]
    return Reply("answered", "\n".join(["2024年增速：", *said]), comparisons=(comparison,))


def told(reply: Reply) -> list[str]:
    return excerpts.told(reply, reply.answer, ())


def test_rows_that_state_nothing_are_one_line():
    (block,) = told(table(["stated", "absent", "stated", "absent"]))
    assert block == "2024年增速：\n第2000镇：0%\n未提出：第2001镇、第2003镇\n第2002镇：2%"


def test_years_that_state_nothing_are_told_as_ranges():
    (block,) = told(table(["stated", "absent", "absent", "absent", "stated", "absent"], "years"))
    assert "未提出：2001—2003、2005" in block


def test_one_row_that_states_nothing_stays():
    assert "第2001镇：未提出" in told(table(["stated", "absent"]))[0]


def test_of_a_long_table_a_dozen_rows_are_shown_and_the_rest_opens_by_a_tap():
    shown, rest = told(table(["stated"] * 31))
    assert shown.count("\n") == 12
    assert rest.startswith("还有19行，点开看：\n<blockquote expandable>第2012镇：12%")
    assert rest.count("镇：") == 19


def test_one_or_two_lines_more_are_shown_at_once():
    assert len(told(table(["stated"] * 14))) == 1


def test_long_lines_count_as_many():
    reply = Reply("answered", "\n".join(f"{n}年安排：{'推进产业升级；' * 14}" for n in range(8)))
    shown, rest = told(reply)
    assert shown.count("\n") < 4
    assert shown.count("年安排") + rest.count("年安排") == 8


def test_what_was_asked_for_is_in_bold_wherever_it_stands():
    reply = table(["stated"] * 31)
    blocks = excerpts.told(reply, reply.answer, [span(reply.answer, "30%"), span(reply.answer, "：0%")])
    assert "第2030镇：<b>30%</b>" in blocks[1]
    assert "第2000镇<b>：0%</b>" in blocks[0]


def test_a_line_longer_than_a_message_is_parted():
    blocks = excerpts.told(Reply("answered", "甲" * 9000), "甲" * 9000, ())
    assert all(len(block) < 4000 for block in blocks)
    assert sum(block.count("甲") for block in blocks) == 9000
