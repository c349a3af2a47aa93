"""Replies over the big library: status, figure, quotes; then what holds of every reply."""
import re

import contract_questions as questions
import pytest
from contract_kit import clear_message, figures_in, squeeze


NOT_STATED = ("not_found", "related")


def ids(cases):
    return [case.id for case in cases]


@pytest.mark.parametrize("case", questions.JUDGED, ids=ids(questions.JUDGED))
def test_question(replies, case):
    reply = replies[case.id]
    shown = f"{' / '.join(case.turns)} -> {reply['status']}: {reply['answer']}"
    assert reply["status"] in (case.status, *case.also), shown
    answer = re.sub(r"[ \t\u3000\xa0]", "", reply["answer"]).replace("％", "%")
    for pattern in case.has:
        assert re.search(pattern, answer), f"lacks {pattern}: {shown}"
    for pattern in case.forbid:
        assert not re.search(pattern, answer), f"has {pattern}: {shown}"
    quoted = [squeeze(quote["text"]) for quote in reply["quotes"]]
    for piece in case.quotes:
        assert any(squeeze(piece) in text for text in quoted), f"{piece} is not quoted: {quoted}"
    if case.places:
        assert {quote["report"]["place"] for quote in reply["quotes"]} == set(case.places), shown


def test_next_year_after_a_january_report_is_not_the_planned_year(replies):
    """柳湾镇 calls 2024 this year; its plan states one figure for 2025."""
    reply = replies["year-after-the-plan"]
    assert reply["status"] in NOT_STATED or "1.2万吨" in reply["answer"], reply["answer"]
    assert "9800" not in reply["answer"]


def test_bare_last_year_never_repeats_this_years_target(replies):
    reply = replies["bare-last-year"]
    assert "4600" not in reply["answer"]
    assert reply["status"] in NOT_STATED or "4260万元" in reply["answer"], reply["answer"]


# -- of every reply

def of_all(replies):
    return [replies[case.id] for case in questions.CASES]


def test_replies_come_in_order_one_a_line(replies):
    assert [reply["id"] for reply in replies[None].lines] == ids(questions.CASES)


def test_reply_fields(replies):
    for reply in of_all(replies):
        assert {"id", "status", "intent", "answer", "seconds", "quotes", "passages"} <= set(reply), reply["id"]
        assert reply["status"] in ("answered", "related", "not_found", "blank") and "error" not in reply
        assert reply["answer"].strip() and 0 <= reply["seconds"] < 5
        assert len(reply["passages"]) <= 10
        for quote in reply["quotes"] + reply["passages"]:
            assert {"report", "section", "text", "start", "end"} <= set(quote)
            assert {"id", "title", "place", "year"} <= set(quote["report"])
            assert all(isinstance(heading, str) for heading in quote["section"])
        assert all(isinstance(passage["score"], (int, float)) for passage in reply["passages"])


def test_quotes_and_passages_are_verbatim(replies, cards):
    wrong = [(reply["id"], piece["text"]) for reply in of_all(replies) for piece in reply["quotes"] + reply["passages"]
             if cards.texts[piece["report"]["id"]][piece["start"]:piece["end"]] != piece["text"] or not piece["text"]]
    assert not wrong


def test_quoted_report_is_described_as_in_list(replies, library):
    listed = {entry["id"]: entry for entry in library.entries}
    for reply in of_all(replies):
        for quote in reply["quotes"]:
            assert all(listed[quote["report"]["id"]][key] == quote["report"][key] for key in ("title", "place", "year"))


def test_sections_are_headings_that_stand_in_the_report(replies, cards):
    for reply in of_all(replies):
        for quote in reply["quotes"]:
            text = squeeze(cards.texts[quote["report"]["id"]])
            assert all(squeeze(heading) in text for heading in quote["section"]), quote


def test_a_quote_from_the_body_says_its_section(replies):
    quote, = replies["amount-result"]["quotes"]
    path = "/".join(quote["section"])
    assert "2023年工作回顾" in path and "镇域经济稳中有进" in path


def test_not_found_has_no_quote_and_no_figure(replies):
    wrong = {reply["id"]: (reply["answer"], len(reply["quotes"])) for reply in of_all(replies)
             if reply["status"] == "not_found" and (reply["quotes"] or figures_in(reply["answer"]))}
    assert not wrong


def test_what_is_related_has_a_few_quotes_and_no_figure(replies):
    """Nothing states what was asked, and the answer says so first; what stands nearest is quoted, and called that."""
    wrong = {reply["id"]: (reply["answer"], len(reply["quotes"])) for reply in of_all(replies)
             if reply["status"] == "related" and (not 1 <= len(reply["quotes"]) <= 3 or figures_in(reply["answer"])
                                                  or not re.search("没有|未", reply["answer"].split("\n")[0])
                                                  or "最接近" not in reply["answer"])}
    assert not wrong
    assert any(reply["status"] == "related" for reply in of_all(replies))


def test_answered_and_blank_have_a_quote(replies):
    assert not [reply["id"] for reply in of_all(replies) if reply["status"] != "not_found" and not reply["quotes"]]


def test_a_blank_quotes_its_placeholder_and_gives_no_figure(replies):
    for case in questions.BLANK:
        reply = replies[case.id]
        assert any(re.search("[×xX]", quote["text"]) for quote in reply["quotes"]), case.id
        assert not figures_in(reply["answer"]), reply["answer"]


def test_every_figure_of_an_answer_stands_in_a_quote(replies):
    wrong = []
    for reply in of_all(replies):
        quoted = "\n".join(quote["text"] for quote in reply["quotes"])
        for line in reply["answer"].splitlines():
            if not re.search("计算|换算|算得|相差|平均", line):
                wrong += [(reply["id"], figure) for figure in figures_in(line) if figure not in quoted]
    assert not wrong


def test_quotes_are_never_copied_into_the_answer(replies):
    copied = [(reply["id"], quote["text"]) for reply in of_all(replies) for quote in reply["quotes"]
              if len(quote["text"]) >= 20 and squeeze(quote["text"]) in squeeze(reply["answer"])]
    assert not copied


def test_one_named_place_keeps_other_places_out_of_the_passages(replies):
    for case in (*questions.TARGET_OR_RESULT, *questions.PASSAGES, *questions.BLANK):
        place, = case.places or (None,)
        assert place is None or {p["report"]["place"] for p in replies[case.id]["passages"]} <= {place}, case.id


# -- odd lines for batch

def test_batch_answers_every_line_in_order_and_exits_0(odd_lines):
    assert odd_lines.run.code == 0, odd_lines.run
    assert len(odd_lines.found) == 15, odd_lines.run
    assert "Traceback" not in odd_lines.run.err
    for name in ("first", "no turns", "empty turns", "empty question", "long", "control characters", "last"):
        assert odd_lines.by_name[name]["id"] == name
    assert odd_lines.by_name["number as id"]["id"] == 7


@pytest.mark.parametrize("name", ["not json", "a list", "no turns", "empty turns", "turn of another type", "empty question",
                                  "white space", "long", "not utf-8"])
def test_a_line_that_is_no_question_gets_not_found_and_an_error(odd_lines, name):
    reply = odd_lines.by_name[name]
    assert reply["status"] == "not_found" and reply["error"], reply
    assert not reply.get("quotes") and not figures_in(reply.get("answer") or "")


def test_lines_around_the_odd_ones_are_answered(odd_lines):
    for name in ("first", "number as id", "last"):
        reply = odd_lines.by_name[name]
        assert reply["status"] == "answered" and "12.6亿元" in reply["answer"] and "error" not in reply, reply


@pytest.mark.parametrize("name", ["control characters", "half a surrogate", "line separator"])
def test_odd_characters_are_refused_or_overlooked(odd_lines, name):
    reply = odd_lines.by_name[name]
    assert reply["status"] == "answered" and "12.6亿元" in reply["answer"] or reply["status"] in NOT_STATED, reply
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", reply["answer"]), ascii(reply["answer"])


# -- ask and search

def test_ask_for_people_shows_figure_and_quote(asked):
    assert asked.plain.code == 0, asked.plain
    shown = squeeze(asked.plain.out)
    assert "12.6亿元" in shown and "规上工业总产值完成12.6亿元" in shown and "青禾镇" in shown


def test_ask_json_answers_the_last_turn(asked):
    assert asked.followed.code == 0, asked.followed
    reply = asked.followed.json
    assert reply["status"] == "answered" and "7%左右" in reply["answer"] and "6.8" not in reply["answer"]
    assert {"status", "answer", "seconds", "quotes", "passages"} <= set(reply)


def test_ask_for_what_is_not_there_exits_0(asked):
    assert asked.absent.code == 0, asked.absent
    assert asked.absent.json["status"] == "not_found" and asked.absent.json["quotes"] == []
    assert asked.related.code == 0, asked.related
    shown = squeeze(asked.related.out)
    first, _, quoted = shown.partition("最接近的原文")
    assert "没有提出2024年" in first and not figures_in(first) and "青禾镇" in quoted, asked.related


@pytest.mark.parametrize("kind", ["empty", "long"])
def test_ask_refuses_no_question_and_endless_question(asked, kind):
    run = getattr(asked, kind)
    assert run.code == 1, run
    clear_message(run)


def test_ask_with_control_characters_prints_none(asked):
    run = asked.control
    assert run.code in (0, 1) and "Traceback" not in run.err, run
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", run.out + run.err), run


def test_search_json_ranks_with_parts_of_the_score(searched, cards):
    assert searched.json.code == 0, searched.json
    found = searched.json.json
    ranked = found["passages"] if isinstance(found, dict) else found
    assert len(ranked) == 3
    assert "粮食总产量达到1.86万吨" in ranked[0]["text"], ranked[0]
    assert [p["score"] for p in ranked] == sorted((p["score"] for p in ranked), reverse=True)
    for passage in ranked:
        assert passage["report"]["place"] == "青禾镇"
        assert cards.texts[passage["report"]["id"]][passage["start"]:passage["end"]] == passage["text"]
        known = {"report", "section", "text", "start", "end", "score", "id", "rank"}
        assert set(passage) - known, "no part of the score beside the score"


def test_search_for_people(searched):
    assert searched.plain.code == 0 and "粮食总产量" in squeeze(searched.plain.out), searched.plain


def test_console_answers_and_quits(console):
    assert "12.6亿元" in squeeze(console.screen), console.screen[-2000:]
    assert console.code == 0, console.screen[-2000:]
