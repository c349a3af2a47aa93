"""Passages: sentences, or clauses of long ones, each inside its section."""

from __future__ import annotations

import re

import invented
import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_texts import texts

from retrieval.models import Passage, Section
from retrieval.report.cleaning import clean
from retrieval.report.outline import read_outline
from retrieval.report.passages import cut_passages, runs, sentences


def assert_sound(text: str, outline: tuple[Section, ...], passages: tuple[Passage, ...]) -> None:
    at = 0
    for passage in passages:
        section = outline[passage.section]
        piece = text[passage.start : passage.end]
        assert section.start <= passage.start < passage.end <= section.end
        assert piece == piece.strip()
        assert passage.start >= at
        at = passage.end


@given(texts)
def test_every_passage_is_a_trimmed_piece_of_its_section_in_order(text):
    outline = read_outline(text)
    assert_sound(text, outline, cut_passages(text, outline))


@given(st.text(max_size=150))
def test_passages_of_any_text_are_pieces_of_it(text):
    cleaned = clean(text).text
    outline = read_outline(cleaned)
    assert_sound(cleaned, outline, cut_passages(cleaned, outline))


def test_passages_of_the_shared_reports_are_pieces_of_their_sections(shared_reports):
    for understood in shared_reports.values():
        assert_sound(understood.text, understood.outline, understood.passages)
        assert len(understood.passages) > 50


def test_passages_hold_all_of_the_body_but_its_headings(shared_reports):
    for understood in shared_reports.values():
        text, outline = understood.text, understood.outline
        held = bytearray(len(text))
        for passage in understood.passages:
            held[passage.start : passage.end] = b"\1" * (passage.end - passage.start)
        for index, run in runs(outline):
            section = outline[index]
            # A heading over two lines is written as one.
            written = re.compile(r"\s*".join(map(re.escape, section.heading))).match(text, run.start)
            heading = len(written.group()) if written and run.start == section.start else 0
            if section.depth:
                body = "".join(text[n] for n in range(run.start + heading, run.end) if not held[n])
                assert body.replace("。", "").strip() == "", (section.heading, body)


@given(texts)
def test_sentences_of_a_piece_lie_in_it_and_hold_no_line_end(text):
    half = len(text) // 2
    for span in sentences(text, 0, half):
        assert 0 <= span.start < span.end <= half
        assert "\n" not in text[span.start : span.end]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("增长6.5%。投资20亿元！好吗？", ["增长6.5%。", "投资20亿元！", "好吗？"]),
        ("他说：“干得好。”大家鼓掌。", ["他说：“干得好。”", "大家鼓掌。"]),
        ("第一行\n　　第二行。", ["第一行", "第二行。"]),
        ("\n \n", []),
    ],
)
def test_sentences(text, expected):
    assert [text[span.start : span.end] for span in sentences(text, 0, len(text))] == expected


def passages_of(text: str) -> list[str]:
    cleaned = clean(text).text
    return [cleaned[one.start : one.end] for one in cut_passages(cleaned, read_outline(cleaned))]


def test_a_long_sentence_is_split_at_its_semicolons():
    clauses = [f"完成第{n}类项目投资{n}亿元，增长{n}%，一批补短板、强功能、利长远的项目落地见效；" for n in range(1, 6)]
    found = passages_of(invented.two_chapters(plan="".join(clauses)[:-1] + "。"))
    assert found[-5:] == [*clauses[:4], clauses[4][:-1] + "。"]


def test_a_short_sentence_keeps_its_semicolons():
    assert "工业增长6%；农业增长4%。" in passages_of(invented.two_chapters(plan="工业增长6%；农业增长4%。"))


def test_a_lead_phrase_goes_with_what_it_leads():
    assert "坚定不移抓项目。全年安排项目90个，完成投资20亿元。" in passages_of(
        invented.two_chapters(plan="坚定不移抓项目。全年安排项目90个，完成投资20亿元。")
    )


def test_front_matter_and_headings_are_no_passages():
    found = passages_of(invented.YUNXI)
    assert not any("人民代表大会第四次会议上" in one for one in found)
    assert "一、2024年工作回顾" not in found
    assert "（一）工业经济稳步提升" not in found


@pytest.mark.parametrize(
    "end",
    ["；", "，比上年增长6.1%，其中第一产业稳中有进、第二产业由降转升、第三产业持续回暖、各项工作都见到成效。"],
)
def test_an_item_that_is_no_heading_but_a_sentence_keeps_its_beginning(end):
    item = "——全省实现生产总值33920亿元，按可比价格计算快于全国1.1个百分点，快于全省预期，好于去年，主要指标符合预期"
    text = clean(invented.two_chapters(review=f"{item}{end}\n——人民生活持续改善。")).text
    passages = cut_passages(text, read_outline(text))
    assert any(text[one.start : one.end].startswith("——全省实现生产总值33920亿元") for one in passages)
