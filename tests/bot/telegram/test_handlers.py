"""What people do in chats and what the bot sends: the real application, recorded at the network seam."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import invented
import pytest
from telegram.error import BadRequest, NetworkError
from telegram_kit import BOT, TOKEN, Person, Request, Session, shown

from bot.settings import Settings, settings_from
from bot.telegram.application import MissingToken, RejectedToken, build_application
from bot.telegram.incidents import Redacted
from retrieval import errors, messages
from retrieval import explain as explaining
from retrieval.answers.answerer import Answerer
from retrieval.library import Library

ADMIN, ALICE, BOB = Person(1, "管理员"), Person(7), Person(8, "李四")
GROUP = -100500
QUESTION = "云溪镇2025年GDP目标是多少"
NEAR = "云溪镇2025年粮食产量目标是多少"  # which the report does not state, while it speaks of the grain


def settings(**values: str) -> Settings:
    return settings_from({"TELEGRAM_BOT_TOKEN": TOKEN, "ADMIN_IDS": "1", **values})


@pytest.fixture
def session(library: Library) -> Iterator[Session]:
    with Session(library, settings()) as opened:
        yield opened


def only(requests: list[Request]) -> Request:
    (one,) = shown(requests)
    return one


# -- asking -------------------------------------------------------------------------------------------------------------


def test_a_question_is_answered_with_its_quote_and_its_buttons(session: Session):
    sent = only(session.say(ALICE, QUESTION))
    lines = sent.text.split("\n\n")
    assert lines[0] == "<b>6%左右</b>，云溪镇2025年地区生产总值增长目标。"
    assert lines[1].startswith("<blockquote>…地区生产总值增长<b>6%左右</b>…</blockquote>\n《")
    assert lines[1].endswith("《松岭区云溪镇2024年政府工作报告》 › 二、2025年工作安排")
    assert [sent.rows[0], sent.rows[-1]] == [["上下文", "更多依据", "报告"], ["复制引用", "👍", "👎"]]
    assert sent.parameters["chat_id"] == ALICE.id


def test_typing_is_shown_before_the_answer(session: Session):
    session.say(ALICE, QUESTION)
    methods = [one.method for one in session.request.requests]
    assert methods.index("sendChatAction") < methods.index("sendMessage")


def test_a_conversation_goes_on_until_it_is_reset(session: Session):
    session.say(ALICE, QUESTION)
    assert "7%以上" in only(session.say(ALICE, "固定资产投资呢")).text
    session.say(ALICE, "/reset")
    assert "云溪镇2025年固定资产投资增长目标。" not in only(session.say(ALICE, "固定资产投资呢")).text.split("\n")[0]


def test_a_conversation_ends_after_an_hour(session: Session):
    session.say(ALICE, QUESTION)
    session.services.state.execute("update questions set asked_at = asked_at - 3601")
    again = only(session.say(ALICE, "固定资产投资目标呢")).text
    assert "石渡镇" in again or "松岭区" in again


def test_a_conversation_survives_a_restart(library: Library):
    with Session(library, settings()) as session:
        session.say(ALICE, QUESTION)
    with Session(library, settings()) as session:
        session._messages = session._updates = 10
        assert "7%以上" in only(session.say(ALICE, "固定资产投资呢")).text


def test_two_people_in_one_group_do_not_mix(session: Session):
    session.say(ALICE, f"@report_bot {QUESTION}", GROUP)
    session.say(BOB, "@report_bot 石渡镇2025年GDP目标是多少", GROUP)
    assert "7%以上" in only(session.say(ALICE, "@report_bot 固定资产投资呢", GROUP)).text


def test_a_group_is_left_alone_unless_the_bot_is_meant(session: Session):
    assert session.say(ALICE, QUESTION, GROUP) == []
    assert session.say(ALICE, "/help@other_bot", GROUP) == []
    assert session.say(ALICE, "/nosuch", GROUP) == []
    assert session.update(message=session.message(ALICE, GROUP, sticker=STICKER)) == []
    for text in (f"@report_bot {QUESTION}", f"/ask {QUESTION}", f"/ask@report_bot {QUESTION}"):
        sent = only(session.say(ALICE, text, GROUP))
        assert sent.text.startswith("<b>6%左右</b>")
        assert sent.parameters["reply_parameters"]["message_id"] == session.last_message_id


def test_a_reply_to_the_bot_is_for_the_bot(session: Session):
    said = {"message_id": 900, "date": int(time.time()), "chat": {"id": GROUP, "type": "supergroup"}, "text": "答案"}
    from_bot = {**said, "from": {"id": 12345, "is_bot": True, "first_name": "Bot"}}
    from_bob = {**said, "from": BOB.as_json()}
    assert shown(session.say(ALICE, QUESTION, GROUP, reply_to_message=from_bot))
    assert session.say(ALICE, QUESTION, GROUP, reply_to_message=from_bob) == []
    topic = {**from_bot, "forum_topic_created": {"name": "话题", "icon_color": 7322096}}
    assert session.say(ALICE, QUESTION, GROUP, reply_to_message=topic) == []


COMPARED = "各地2025年GDP增长目标分别是多少"


def test_a_comparison_comes_with_a_chart_before_its_table(session: Session):
    requests = [one for one in session.say(ALICE, COMPARED) if one.method.startswith("send") and one.method != "sendChatAction"]
    assert [one.method for one in requests] == ["sendPhoto", "sendMessage"]
    photo, text = requests
    assert photo.parameters["caption"] == "2025年地区生产总值增长目标"
    ((name, size),) = photo.parameters["uploaded"].values()
    assert (name, size > 10_000) == ("comparison.png", True)
    assert "云溪镇：<b>6%左右</b>" in text.text


def test_a_chart_of_many_places_is_sent_whole_where_that_is_asked_for(session: Session, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.charts.SHOWN_LINES", 2)
    answer = shown(session.say(ALICE, COMPARED))[-1]
    pressed = session.press(ALICE, answer.buttons["全图"]["callback_data"])
    (photo,) = [one for one in pressed if one.method == "sendPhoto"]
    assert photo.parameters["caption"] == "2025年地区生产总值增长目标"
    monkeypatch.setattr("bot.charts.SHOWN_LINES", 15)
    assert "全图" not in shown(session.say(ALICE, COMPARED))[-1].buttons


def test_the_chart_of_an_edited_question_is_replaced_or_taken_away(session: Session):
    session.say(ALICE, COMPARED)
    message_id = session.last_message_id
    again = session.edit(ALICE, message_id, "各地2024年GDP增速是多少")
    assert [one.method for one in again if "Photo" in one.method or "Media" in one.method] == ["editMessageMedia"]
    last = session.edit(ALICE, message_id, QUESTION)
    assert [one.method for one in last if one.method == "deleteMessage"] == ["deleteMessage"]
    assert not [one for one in last if one.method == "sendPhoto"]


def test_a_chat_that_takes_no_photos_gets_the_table(session: Session):
    session.request.failures["sendPhoto"] = BadRequest("not enough rights to send photos to the chat")
    assert "云溪镇：<b>6%左右</b>" in only(session.say(ALICE, COMPARED)).text


def test_figures_of_a_place_page_by_page_and_as_files(session: Session):
    page = only(session.say(ALICE, "/figures 云溪镇"))
    assert page.text.startswith("<b>云溪镇 2025年的数字（21 个，第 1/2 页）</b>")
    assert page.rows == [["● 全部", "目标", "结果"], ["下一页 ›"], ["CSV", "Excel", "报告"]]
    targets = only(pressed(session, page, "目标"))
    assert "结果　2024" not in targets.text
    assert "地区生产总值（增速）：<b>6%左右</b>" in targets.text
    assert "第 2/2 页" in only(pressed(session, page, "下一页 ›")).text
    for button, suffix in (("CSV", "csv"), ("Excel", "xlsx")):
        (document,) = [one for one in pressed(session, page, button) if one.method == "sendDocument"]
        assert next(iter(document.parameters["uploaded"].values()))[0] == f"云溪镇 2025年数字.{suffix}"
    assert "计划年份：2025" in only(pressed(session, page, "报告")).text


def test_figures_of_no_place_and_of_the_chats_place(session: Session):
    assert "/figures 后面写上地名" in only(session.say(ALICE, "/figures")).text
    assert "火星镇" in only(session.say(ALICE, "/figures 火星镇")).text
    session.say(ALICE, "/here 石渡镇")
    assert only(session.say(ALICE, "/figures")).text.startswith("<b>石渡镇 2025年的数字")


def test_the_figures_of_a_file_that_is_not_added_yet(session: Session, files: Path):
    preview = only(session.send_file(ADMIN, "yunxi.txt", (files / "yunxi.txt").read_bytes() + "\n附件。".encode()))
    page = only(pressed(session, preview, "数字", ADMIN))
    assert "粮食产量：<b>1.25万吨</b>" in page.text
    assert page.rows[-1] == ["‹ 返回"]
    assert "替换" in only(pressed(session, page, "‹ 返回", ADMIN)).buttons


def test_ask_alone_takes_the_message_that_it_replies_to(session: Session):
    said = {"message_id": 900, "date": int(time.time()), "chat": {"id": GROUP, "type": "supergroup"}, "from": BOB.as_json()}
    assert "6%左右" in only(session.say(ALICE, "/ask", GROUP, reply_to_message={**said, "text": QUESTION})).text
    assert "/ask" in only(session.say(ALICE, "/ask", GROUP)).text


def test_an_answer_stays_in_its_topic(session: Session):
    sent = only(session.say(ALICE, f"@report_bot {QUESTION}", GROUP, message_thread_id=44, is_topic_message=True))
    assert sent.parameters["message_thread_id"] == 44


def test_an_edited_question_is_answered_in_place(session: Session):
    session.say(ALICE, QUESTION)
    asked = session.last_message_id
    (edited,) = shown(session.edit(ALICE, asked, "云溪镇2025年固定资产投资目标是多少"))
    assert (edited.method, edited.parameters["message_id"]) == ("editMessageText", 1001)
    assert "7%以上" in edited.text
    assert session.edit(ALICE, asked, "云溪镇2025年固定资产投资目标是多少") == []
    assert "6.1%" in only(session.say(ALICE, "那2024年GDP增长多少呢")).text


STICKER = {
    "file_id": "s",
    "file_unique_id": "s",
    "type": "regular",
    "width": 1,
    "height": 1,
    "is_animated": False,
    "is_video": False,
}


def test_what_is_no_text_gets_a_hint(session: Session):
    assert "文字" in only(session.update(message=session.message(ALICE, None, sticker=STICKER))).text
    assert "文件" in only(session.send_file(ALICE, "a.txt", b"x")).text


def test_a_question_of_nothing_gets_one_sentence(session: Session):
    assert "问题是空的" in only(session.say(ALICE, "？？？")).text
    assert "太长" in only(session.say(ALICE, "多少" * 1500)).text


# -- the default place --------------------------------------------------------------------------------------------------


def test_the_default_place_of_a_chat(session: Session):
    assert "云溪镇" in only(session.say(ALICE, "/here 云溪", GROUP)).text
    sent = only(session.say(BOB, "@report_bot 2025年GDP目标是多少", GROUP))
    assert sent.text.startswith("<b>6%左右</b>")
    assert "默认地名“云溪镇”" in sent.text
    assert "默认地名" not in only(session.say(ALICE, "石渡镇2025年GDP目标是多少")).text
    assert "没有改动" in only(session.say(ALICE, "/here 火星镇", GROUP)).text
    assert "云溪镇" in only(session.say(ALICE, "/here", GROUP)).text
    session.press(ALICE, "1:here:clear", chat=GROUP)
    assert "还没有默认地名" in only(session.say(ALICE, "/here", GROUP)).text


def test_a_group_that_becomes_a_supergroup_keeps_what_it_had(session: Session):
    old, new = -77, -100077
    session.say(ALICE, "/here 云溪", old)
    session.say(ALICE, f"@report_bot {QUESTION}", old)
    assert session.update(message=session.message(ALICE, old, migrate_to_chat_id=new)) == []
    assert session.update(message=session.message(ALICE, new, migrate_from_chat_id=old)) == []
    assert "云溪镇" in only(session.say(ALICE, "/here", new)).text


def test_a_supergroup_is_allowed_where_its_group_was(library: Library):
    with Session(library, settings(ALLOWED_CHAT_IDS="-77")) as session:
        session.update(message=session.message(ALICE, -77, migrate_to_chat_id=-100077))
        assert shown(session.say(ALICE, f"/ask {QUESTION}", -100077))
        assert session.say(ALICE, f"/ask {QUESTION}", -100078) == []


# -- buttons ------------------------------------------------------------------------------------------------------------


def pressed(session: Session, sent: Request, label: str, person: Person = ALICE) -> list[Request]:
    return session.press(person, sent.buttons[label]["callback_data"], 1001)


def test_the_surroundings_of_a_quote_and_back(session: Session):
    answer = only(session.say(ALICE, QUESTION))
    around = only(pressed(session, answer, "上下文"))
    assert around.method == "editMessageText"
    assert "<b>2025年全镇经济社会发展的主要预期目标是：" in around.text
    before = only(pressed(session, around, "上一段"))
    assert "粮食总产量1.25万吨" in before.text
    assert "龙头企业不多" in before.text
    assert only(pressed(session, before, "‹ 返回答案")).text == answer.text


def test_every_text_that_is_shown_around_stands_in_the_report(session: Session, library: Library):
    screen = only(pressed(session, only(session.say(ALICE, QUESTION)), "上下文"))
    text = library.text(1)
    seen = 0
    while "上一段" in screen.buttons:
        screen = only(pressed(session, screen, "上一段"))
    while True:
        quoted = screen.text.split("<blockquote>")[1].split("</blockquote>")[0].replace("<b>", "").replace("</b>", "")
        assert quoted in text
        seen += 1
        if "下一段" not in screen.buttons:
            break
        screen = only(pressed(session, screen, "下一段"))
    assert seen >= 3


def test_more_evidence_and_the_card(session: Session):
    answer = only(session.say(ALICE, QUESTION))
    more = only(pressed(session, answer, "更多依据"))
    assert more.text.startswith("<b>更多依据（第 1/")
    assert "地区生产总值增长6%左右" not in more.text
    card = only(pressed(session, answer, "报告"))
    assert "计划年份：2025" in card.text
    assert card.rows == [["数字", "原文", "‹ 返回答案"]]


def test_the_original_file_is_sent(session: Session):
    (sent,) = [one for one in session.press(ALICE, "1:file:1") if one.method == "sendDocument"]
    assert next(iter(sent.parameters["uploaded"].values()))[0] == "yunxi.txt"


def test_several_reports_are_told_apart(session: Session):
    answer = only(session.say(ALICE, "云溪镇和石渡镇2025年GDP目标是多少"))
    assert answer.text.startswith(
        "云溪镇2025年地区生产总值增长目标：<b>6%左右</b>\n石渡镇2025年地区生产总值增长目标：<b>5.5％左右</b>"
    )
    around = only(pressed(session, answer, "上下文"))
    assert around.rows[1] == ["1", "2"]
    assert "石渡镇" in only(pressed(session, around, "2")).text
    choice = only(pressed(session, answer, "报告"))
    assert choice.rows == [["云溪镇 2025年"], ["石渡镇 2025年"], ["‹ 返回答案"]]
    assert "温有棠" in only(pressed(session, choice, "石渡镇 2025年")).text


def test_a_citation_is_copied_by_the_button_or_sent_to_tap_on(session: Session):
    short = only(session.say(ALICE, "云溪镇的报告是谁作的"))
    assert "秦若川" in short.buttons["复制引用"]["copy_text"]["text"]
    long = only(session.say(BOB, "云溪镇、石渡镇和松岭区2025年GDP目标是多少"))
    sent = only(pressed(session, long, "复制引用", BOB))
    assert sent.text.startswith("<pre>“")
    assert "2025-01-06" in sent.text


def test_votes_are_stored_and_changed(session: Session):
    answer = only(session.say(ALICE, QUESTION))
    votes = lambda: session.services.state.execute("select user_id, value from votes").fetchall()  # noqa: E731
    assert pressed(session, answer, "👎")[0].text == "已记下，谢谢。"
    assert pressed(session, answer, "👎")[0].text == "已经记过了。"
    assert votes() == [(ALICE.id, -1)]
    pressed(session, answer, "👍")
    assert votes() == [(ALICE.id, 1)]


def test_a_button_of_a_report_that_is_gone_says_so(session: Session, library: Library):
    answer = only(session.say(ALICE, QUESTION))
    around = only(pressed(session, answer, "上下文"))
    library.remove([1])
    for screen, label in ((answer, "上下文"), (answer, "更多依据"), (around, "‹ 返回答案"), (around, "上一段")):
        (told,) = pressed(session, screen, label)
        assert (told.method, "失效" in told.text) == ("answerCallbackQuery", True)
    assert "没有编号为 1" in pressed(session, answer, "报告")[0].text


@pytest.mark.parametrize("data", ["", "x", "1:around:1:2", "2:answer:1", "1:around:1:2:zzzzzzzz", "1:nosuch:1", "1:answer:９"])
def test_malformed_callback_data_is_ignored_and_logged(session: Session, caplog, data: str):
    assert session.press(ALICE, data) == []
    assert "ignored callback data" in caplog.text


def test_a_wrong_hash_shows_no_other_passage(session: Session):
    data = only(session.say(ALICE, QUESTION)).buttons["上下文"]["callback_data"]
    (told,) = session.press(ALICE, data[:-8] + "00000000")
    assert "失效" in told.text


def test_buttons_of_administrators_do_nothing_for_others(session: Session, library: Library):
    for data in ("1:remove:1:yes", "1:admin:1", "1:add:1:new:0", "1:rename:1:menu", "1:log:5"):
        (told,) = session.press(ALICE, data)
        assert told.method == "answerCallbackQuery"
    assert len(library.reports()) == 3


def test_an_old_press_is_nobodys_fault(session: Session):
    answer = only(session.say(ALICE, QUESTION))
    session.request.failures["answerCallbackQuery"] = BadRequest(
        "Bad Request: query is too old and response timeout expired or query ID is invalid"
    )
    assert shown(pressed(session, answer, "上下文"))


def test_the_answer_that_somebody_waits_for(session: Session, files: Path):
    unanswered = only(session.say(ALICE, "麦泉镇2025年固定资产投资目标是多少"))
    assert unanswered.rows[-1] == ["有了告诉我", "👍", "👎"]
    pressed(session, unanswered, "有了告诉我")
    preview = shown(session.send_file(ADMIN, "a.txt", (files / "two_in_one.txt").read_bytes()))[0]
    requests = session.press(ADMIN, preview.buttons["添加"]["callback_data"], 1002)
    (told,) = [one for one in requests if one.method == "sendMessage" and one.parameters["chat_id"] == ALICE.id]
    assert "您等着的问题有答案了：麦泉镇2025年固定资产投资目标是多少" in told.text
    assert "<b>7%以上</b>" in told.text
    assert session.services.conversations.alerts() == []


def test_who_may_not_use_the_bot_any_more_is_not_told(library: Library, files: Path):
    with Session(library, settings()) as session:
        pressed(session, only(session.say(ALICE, "麦泉镇2025年固定资产投资目标是多少")), "有了告诉我")
    with Session(library, settings(ALLOWED_CHAT_IDS=str(BOB.id))) as session:
        preview = shown(session.send_file(ADMIN, "a.txt", (files / "two_in_one.txt").read_bytes()))[0]
        requests = session.press(ADMIN, preview.buttons["添加"]["callback_data"], 1002)
        assert [one for one in requests if one.parameters.get("chat_id") == ALICE.id] == []
        assert session.services.conversations.alerts() == []


def test_what_stands_nearest_is_no_answer_that_somebody_waits_for(session: Session, library: Library, files: Path):
    from bot.telegram import alerts

    near = only(session.say(ALICE, NEAR))
    assert near.text.startswith("云溪镇的报告没有提出2025年的“粮食产量”目标，只写了2024年的完成情况。\n\n<b>最接近的原文")
    assert [near.rows[0], near.rows[-1]] == [["上下文", "更多依据", "报告"], ["有了告诉我", "👍", "👎"]]
    pressed(session, near, "有了告诉我")
    session.say(BOB, NEAR)
    before = len(session.request.requests)
    assert session.run(alerts.tell_waiting(session.application.bot, session.services))
    assert session.request.requests[before:] == []
    assert [one.asked.text for one in session.services.conversations.alerts()] == [NEAR]


def test_inline_what_stands_nearest_is_one_answer(session: Session):
    (result,) = session.inline(ALICE, NEAR)[0].parameters["results"]
    text = result["input_message_content"]["message_text"]
    assert result["description"] == "报告没有说明"
    assert result["title"].startswith("云溪镇的报告没有提出2025年的“粮食产量”目标")
    assert text.index("没有提出") < text.index("最接近的原文（不是所问的答案）") < text.index("粮食总产量<b>1.25万吨")


def test_small_talk_offers_no_alert(session: Session):
    assert "有了告诉我" not in only(session.say(ALICE, "你好")).buttons


@pytest.mark.parametrize("question", [QUESTION, NEAR, "火星镇的GDP", "你好"])
def test_every_suggestion_is_answered_when_it_is_pressed_and_goes_on_from_there(session: Session, question: str):
    suggested = [row[0] for row in only(session.say(ALICE, question)).rows if len(row) == 1 and len(row[0]) > 6]
    assert 2 <= len(suggested) <= (3 if question == QUESTION else 4)
    for one in suggested:
        shown_under = only(session.say(ALICE, question))
        requests = session.press(ALICE, shown_under.buttons[one]["callback_data"])
        answer = next(each for each in requests if each.method == "sendMessage")
        assert f"问：{one}" in answer.text
        assert "复制引用" in answer.buttons
    assert "石渡镇" in shown(session.say(ALICE, "那石渡镇呢"))[0].text  # what was pressed is what was asked before


def test_a_press_that_is_handled_again_is_answered_once(session: Session):
    answer = only(session.say(ALICE, QUESTION))
    suggested = next(button for text, button in answer.buttons.items() if len(text) > 6)
    message = {**session.message(Person(12345), ALICE.id, text="answer"), "message_id": 1}
    query = {
        "id": "4382949120485213",
        "from": ALICE.as_json(),
        "chat_instance": "1",
        "data": suggested["callback_data"],
        "message": message,
    }
    assert len(shown(session.update(callback_query=query))) == 1
    assert shown(session.update(callback_query=query)) == []
    session.services.state.execute("update questions set sent = '[]' where message_id < 0")  # killed before it was sent
    assert len(shown(session.update(callback_query=query))) == 1
    assert len(shown(session.update(callback_query={**query, "id": "4382949120485214"}))) == 1


def test_a_suggestion_counts_as_a_question_and_none_of_another_chat_is_asked(session: Session):
    data = next(key["callback_data"] for key in only(session.say(ALICE, QUESTION)).buttons.values() if ":next:" in str(key))
    assert [one.method for one in session.press(BOB, data)] == ["answerCallbackQuery"]
    assert [one.method for one in session.press(ALICE, data[:-1] + "9")] == ["answerCallbackQuery"]
    refused = [one for _ in range(60) for one in session.press(ALICE, data) if "太快" in str(one.parameters.get("text"))]
    assert refused


# -- guidance -----------------------------------------------------------------------------------------------------------


def test_the_greeting_offers_questions_that_are_answered(session: Session):
    greeting = only(session.say(ALICE, "/start"))
    questions = [row[0] for row in greeting.rows]
    assert len(questions) == 3
    for question in questions:
        assert only(session.say(ALICE, question)).buttons["上下文"]


def test_help_names_the_commands_that_a_person_has(session: Session):
    for_all, for_admin = only(session.say(ALICE, "/help")).text, only(session.say(ADMIN, "/help")).text
    assert "/here" in for_all
    assert "/stats" not in for_all
    assert "/stats" in for_admin


def test_an_english_client_is_spoken_to_in_english(session: Session):
    english = Person(9, "Ann", "en-GB")
    said = only(session.say(english, "/reset")).text
    assert said.isascii()
    assert "清空" in only(session.say(ALICE, "/reset")).text


def test_what_is_stored_of_a_person_is_forgotten(session: Session):
    session.say(ALICE, QUESTION)
    session.say(BOB, QUESTION)
    assert "/forget" in only(session.say(ALICE, "/privacy")).text
    asked = only(session.say(ALICE, "/forget"))
    assert session.press(BOB, asked.buttons["全部删除"]["callback_data"])[0].text
    assert "已删除您的 1 条提问" in only(session.press(ALICE, asked.buttons["全部删除"]["callback_data"])).text
    assert [row[0] for row in session.services.state.execute("select user_id from questions")] == [BOB.id]


def test_the_list_of_reports(session: Session):
    listed = only(session.say(ALICE, "/reports"))
    assert listed.rows == [["云溪镇 2025年"], ["松岭区 2025年"], ["石渡镇 2025年"]]
    card = only(session.press(ALICE, listed.buttons["松岭区 2025年"]["callback_data"]))
    assert "叶望舒" in card.text
    assert only(session.press(ALICE, card.buttons["‹ 返回列表"]["callback_data"])).rows == listed.rows


def test_an_inline_question(session: Session):
    (answer,) = session.inline(ALICE, "云溪 GDP目标")
    results = answer.parameters["results"]
    assert 1 < len(results) <= 5
    assert results[0]["title"].startswith("6%左右")
    assert "<blockquote>…地区生产总值增长<b>6%左右</b>…" in results[0]["input_message_content"]["message_text"]
    (hint,) = session.inline(ALICE, " ")
    assert hint.parameters["results"] == []
    assert hint.parameters["button"]["text"]


# -- limits -------------------------------------------------------------------------------------------------------------


def test_who_asks_too_much_is_told_once(session: Session):
    sent = [shown(session.say(ALICE, "云溪镇2025年GDP目标是多少")) for _ in range(30)]
    answers = [one for requests in sent for one in requests if "6%左右" in one.text]
    notices = [one for requests in sent for one in requests if "问得太快" in one.text]
    assert (len(answers), len(notices)) == (20, 1)
    assert shown(session.say(BOB, QUESTION))


def test_only_allowed_chats(library: Library):
    with Session(library, settings(ALLOWED_CHAT_IDS=f"{BOB.id},{GROUP}")) as session:
        told = only(session.say(ALICE, QUESTION))
        assert str(ALICE.id) in told.text
        assert "6%" not in told.text
        assert session.press(ALICE, "1:list:0") == []
        assert session.inline(ALICE, "云溪 GDP")[0].parameters["results"] == []
        assert "6%左右" in only(session.say(BOB, QUESTION)).text
        assert "6%左右" in only(session.say(ALICE, f"/ask {QUESTION}", GROUP)).text
        assert "6%左右" in only(session.say(ADMIN, QUESTION)).text
        assert session.inline(BOB, "云溪 GDP")[0].parameters["results"]


def test_what_waited_for_more_than_an_hour_is_not_answered(session: Session):
    assert session.say(ALICE, QUESTION, date=int(time.time()) - 3700) == []
    assert shown(session.say(ALICE, QUESTION, date=int(time.time()) - 3000))


# -- administrators -----------------------------------------------------------------------------------------------------


def test_a_stranger_calling_an_administrators_command_learns_nothing(session: Session):
    unknown = only(session.say(ALICE, "/nosuch")).text
    for command in ("add", "remove", "rename", "stats", "explain", "log", "admins", "export"):
        assert only(session.say(ALICE, f"/{command}")).text == unknown
        assert session.say(ADMIN, f"/{command}", GROUP) == []


def test_a_file_is_previewed_corrected_and_added(session: Session, library: Library, files: Path):
    content = (files / "two_in_one.txt").read_bytes()
    first, second = shown(session.send_file(ADMIN, "two.txt", content))
    assert "第 1 份（共 2 份）" in first.text
    assert "地名：麦泉镇" in first.text
    assert second.rows == [["添加", "取消"], ["修改地名", "修改年份", "数字"]]
    assert len(library.reports()) == 3
    session.press(ADMIN, first.buttons["修改地名"]["callback_data"])
    session.say(ADMIN, "松岭区小麦泉镇")
    corrected = shown(session.say(ADMIN, "/reports"))  # a command is no input
    assert corrected
    session.press(ADMIN, first.buttons["修改年份"]["callback_data"])
    moved, corrected_preview = shown(session.say(ADMIN, "计划的是2026年"))
    assert moved.method == "editMessageText"
    assert "地名：小麦泉镇" in corrected_preview.text
    assert "计划年份：2026" in corrected_preview.text
    requests = session.press(ADMIN, corrected_preview.buttons["添加"]["callback_data"])
    assert shown(requests)[-1].text.startswith("✅ 已添加：小麦泉镇 2026年（编号 4）")
    again = session.press(ADMIN, corrected_preview.buttons["添加"]["callback_data"])
    assert [one.method for one in again] == ["answerCallbackQuery"]
    assert "已经处理过" in again[0].text
    assert [(r.place, r.plan_year, r.within) for r in library.reports()][-1] == ("小麦泉镇", 2026, ("松岭区",))
    assert library.logged_changes(1)[0].actor == "管理员 (1)"


def test_a_duplicate_and_a_newer_version(session: Session, library: Library, files: Path):
    content = (files / "yunxi.txt").read_bytes()
    duplicate = only(session.send_file(ADMIN, "again.txt", content))
    assert "不必重复添加" in duplicate.text
    assert duplicate.rows == [["数字", "取消"]]
    newer = only(session.send_file(ADMIN, "newer.txt", content + "最后新增了一段。\n".encode()))
    assert newer.rows == [["替换", "另存", "取消"], ["修改地名", "修改年份", "数字"]]
    done = shown(session.press(ADMIN, newer.buttons["替换"]["callback_data"]))[-1]
    assert "编号 1" in done.text
    assert library.text(1).endswith("最后新增了一段。\n") or "最后新增了一段" in library.text(1)
    both = only(session.send_file(ADMIN, "third.txt", content + "又一段。\n".encode()))
    session.press(ADMIN, both.buttons["另存"]["callback_data"])
    assert [report.place for report in library.reports()].count("云溪镇") == 2
    assert library.verify() == []


def test_files_that_can_not_be_added_get_one_sentence(session: Session):
    assert "20 MB" in only(session.send_file(ADMIN, "大.docx", b"", size=21_000_000)).text
    assert "不接受" in only(session.send_file(ADMIN, "录像.mp4", b"PK")).text
    assert "损坏" in only(session.send_file(ADMIN, "坏.docx", b"PK\x03\x04broken")).text
    assert "空的" in only(session.send_file(ADMIN, "空.txt", b" ")).text
    cancelled = only(session.send_file(ADMIN, "a.txt", invented.SHIDU.replace("石渡镇", "石桥镇").encode()))
    assert "没有添加" in only(session.press(ADMIN, cancelled.buttons["取消"]["callback_data"])).text


def test_pasted_text_in_several_messages(session: Session, library: Library):
    text = invented.SHIDU.replace("石渡镇", "石桥镇")
    session.say(ADMIN, "/add")
    for start in range(0, len(text), 200):
        session.say(ADMIN, text[start : start + 200])
    session.say(ADMIN, "/add")  # begun again: what came before is dropped
    half = text.index("二、2025年")
    session.say(ADMIN, text[:half])
    status = shown(session.say(ADMIN, text[half:]))[-1]
    assert "已收到 2 段" in status.text
    preview = shown(session.say(ADMIN, "完成"))[-1]
    assert "地名：石桥镇" in preview.text
    session.press(ADMIN, preview.buttons["添加"]["callback_data"])
    assert "石桥镇" in [report.place for report in library.reports()]
    assert "6%左右" in only(session.say(ADMIN, QUESTION)).text


def test_removing_and_taking_it_back(session: Session, library: Library):
    asked = only(session.say(ADMIN, "/remove 1"))
    assert len(library.reports()) == 3
    removed = only(session.press(ADMIN, asked.buttons["确定删除"]["callback_data"]))
    assert [report.id for report in library.reports()] == [2, 3]
    assert "已恢复" in only(session.press(ADMIN, removed.buttons["撤销删除"]["callback_data"])).text
    assert [report.id for report in library.reports()] == [1, 2, 3]
    assert "不能恢复" in only(session.press(ADMIN, removed.buttons["撤销删除"]["callback_data"])).text
    chosen = only(session.say(ADMIN, "/remove"))
    kept = only(session.press(ADMIN, chosen.buttons["[2] 石渡镇 2025年"]["callback_data"]))
    assert "已取消" in only(session.press(ADMIN, kept.buttons["取消"]["callback_data"])).text
    assert "没有编号为 99" in only(session.say(ADMIN, "/remove 99")).text


def test_renaming(session: Session, library: Library):
    menu = only(session.say(ADMIN, "/rename 2"))
    session.press(ADMIN, menu.buttons["修改标题"]["callback_data"])
    assert "已修改" in shown(session.say(ADMIN, "新标题"))[-1].text
    assert library.report(2).title == "新标题"
    session.press(ADMIN, menu.buttons["修改年份"]["callback_data"])
    assert "不像所问" in only(session.say(ADMIN, "去年")).text
    session.say(ADMIN, "2025 2026")
    assert (library.report(2).review_year, library.report(2).plan_year) == (2025, 2026)
    log = only(session.say(ADMIN, "/log")).text
    assert "计划年份→2026" in log
    assert "服务器" in log


def test_statistics(session: Session):
    answer = only(session.say(ALICE, QUESTION))
    session.press(ALICE, answer.buttons["👎"]["callback_data"])
    for person in (ALICE, BOB):
        session.say(person, "火星镇2025年GDP目标是多少")
    told = only(session.say(ADMIN, "/stats")).text
    assert "报告 3 份" in told
    assert "今天的提问 3 个" in told
    assert "· 火星镇2025年GDP目标是多少 × 2" in told
    assert f"· {QUESTION}" in told


def test_questions_with_only_something_near_are_counted_as_in_vain(session: Session):
    session.say(ALICE, NEAR)
    in_vain, _, disliked = only(session.say(ADMIN, "/stats")).text.partition("👎")
    assert f"· {NEAR}" in in_vain
    assert NEAR not in disliked


# -- /explain


def explained(session: Session, message_id: int, person: Person = ADMIN) -> list[Request]:
    """What comes of ``/explain`` in reply to a message of one's chat."""
    replied = {**session.message(Person(BOT["id"]), person.id, text="a message"), "message_id": message_id}
    return session.say(person, "/explain", reply_to_message=replied)


def test_an_answer_is_explained_by_what_was_remembered_of_its_question(session: Session, monkeypatch):
    told: list[tuple[list[str], str | None, str, str]] = []

    def explain(answerer: Answerer, turns: list[str], place: str | None) -> explaining.Explanation:
        way = explaining.explain(answerer, turns, place)
        told.append((turns, place, threading.current_thread().name, "\n".join(explaining.lines_of(way))))
        return way

    monkeypatch.setattr("bot.telegram.explaining.explained", explain)
    session.say(ADMIN, "/here 石渡镇")
    session.say(ADMIN, "2025年GDP目标是多少")
    session.say(ADMIN, "社会消费品零售总额呢")
    asked = session.last_message_id
    for message_id in (asked, 1003):  # the question, and its answer, the third message that the bot sent
        (sent,) = explained(session, message_id)
        assert sent.method == "sendDocument"
        assert sent.parameters["caption"] == "问题类型：figure；结果：blank"
        name, size = next(iter(sent.parameters["uploaded"].values()))
        assert name == "explain-2.txt"
        turns, place, thread, text = told.pop()
        assert (turns, place) == (["2025年GDP目标是多少", "社会消费品零售总额呢"], "石渡镇")
        assert thread.startswith("answering")
        assert size == len(text.encode())
        assert all(f"{step}:" in text for step in ("read", "scope", "considered", "claims", "proof", "reply"))
        assert "社会消费品零售总额增长×％" in text


def test_what_can_t_be_explained_says_what_to_do(session: Session):
    assert "请用 /explain 回复" in only(session.say(ADMIN, "/explain")).text
    assert "不是我的回答" in only(explained(session, 77)).text
    session.say(ALICE, QUESTION)
    answer = session.request._message_id
    assert "不是我的回答" in only(explained(session, answer)).text  # of another chat
    english = Person(ADMIN.id, language="en")
    assert only(session.say(english, "/explain")).text.startswith("Please reply with /explain")


def test_nobody_else_is_explained_anything(session: Session):
    session.say(ALICE, QUESTION)
    unknown = only(session.say(ALICE, "/nosuch")).text
    assert only(explained(session, session.request._message_id - 1, ALICE)).text == unknown


def test_administrators_are_added_and_removed(session: Session):
    assert "/stats" not in only(session.say(BOB, "/help")).text
    listed = only(session.say(ADMIN, "/admins 8"))
    assert "李四" in listed.text
    assert "报告 3 份" in only(session.say(BOB, "/stats")).text
    menus = [one.parameters["scope"] for one in session.request.requests if one.method == "setMyCommands"]
    assert {"type": "chat", "chat_id": 8} in menus
    session.press(ADMIN, listed.buttons["移除 李四"]["callback_data"])
    assert "报告" not in only(session.say(BOB, "/stats")).text
    session.press(ADMIN, "1:admin:1")
    assert "报告 3 份" in only(session.say(ADMIN, "/stats")).text


# -- failures -----------------------------------------------------------------------------------------------------------


def test_an_unexpected_failure_has_a_number_and_is_told_to_administrators_once(session: Session, caplog, monkeypatch):
    def broken(*_: object) -> None:
        raise RuntimeError(f"with the token {TOKEN}")

    monkeypatch.setattr(session.services.answerer, "ask", broken)
    first, second = (shown(session.say(ALICE, QUESTION)) for _ in range(2))
    incident = first[0].text.split("事件号 ")[1][:8]
    assert f"incident {incident}" in caplog.text
    assert "RuntimeError" not in first[0].text
    assert [one.parameters["chat_id"] for one in first] == [ALICE.id, ADMIN.id]
    assert [one.parameters["chat_id"] for one in second] == [ALICE.id]


OPERATOR_ERRORS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.OperatorError)]


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_no_error_that_names_a_place_on_the_machine_is_for_everybody(language: str):
    """A new class of error that names a folder is found here, whatever screen it may come to."""
    for kind in vars(errors).values():
        if isinstance(kind, type) and issubclass(kind, errors.ReportBotError) and kind.key:
            with messages.speaking(language):
                shows = placeholders(kind.key)
            for_everybody = not issubclass(kind, errors.OperatorError)
            assert not (for_everybody and {"path", "folder", "library", "backup", "model"} & set(shows)), kind


def placeholders(key: str) -> list[str]:
    return [name for _, name, *_ in Formatter().parse(messages._catalogue(messages.spoken())[key]) if name]


@pytest.mark.parametrize("kind", [kind for kind in OPERATOR_ERRORS if kind.key], ids=lambda kind: kind.__name__)
def test_folders_of_the_server_are_named_to_administrators_only(session: Session, monkeypatch, kind: type[errors.OperatorError]):
    names = placeholders(kind.key)

    def broken(*_: object) -> None:
        raise kind(**dict.fromkeys(names, "/srv/secret"))

    monkeypatch.setattr(session.services.answerer, "ask", broken)
    told, alert = shown(session.say(ALICE, QUESTION))
    assert (told.parameters["chat_id"], alert.parameters["chat_id"]) == (ALICE.id, ADMIN.id)
    assert "/srv" not in told.text
    assert told.text.endswith("已经告诉管理员。")
    (again,) = shown(session.say(BOB, f"@report_bot {QUESTION}", GROUP))
    (in_group,) = shown(session.say(ADMIN, f"@report_bot {QUESTION}", GROUP))
    assert "/srv" not in again.text + in_group.text
    (in_private,) = shown(session.say(ADMIN, QUESTION))
    assert in_private.text == kind(**dict.fromkeys(names, "/srv/secret")).user_message
    assert session.inline(ALICE, QUESTION) == []


def test_the_alert_says_what_is_wrong_and_an_inline_question_causes_it_too(session: Session, monkeypatch):
    def broken(*_: object) -> None:
        raise errors.StorageFailed(folder="/srv/library", reason="磁盘满了")

    monkeypatch.setattr(session.services.answerer, "ask", broken)
    alert = only(session.inline(ALICE, QUESTION))
    assert alert.parameters["chat_id"] == ADMIN.id
    assert "StorageFailed" in alert.text
    assert "磁盘满了" in alert.text


def test_without_administrators_none_are_said_to_have_been_told(small_library: Library, monkeypatch):
    def broken(*_: object) -> None:
        raise errors.LibraryBusy(library="/srv/library")

    nobody = settings_from({"TELEGRAM_BOT_TOKEN": TOKEN})
    with Session(small_library, nobody) as alone:
        monkeypatch.setattr(alone.services.answerer, "ask", broken)
        assert only(alone.say(ALICE, QUESTION)).text == messages.message("errors.neutral_busy")


def test_the_token_is_blackened_in_logs():
    formatter = Redacted(logging.Formatter("%(message)s"), [TOKEN, TOKEN.split(":")[1]])
    record = logging.LogRecord("x", logging.ERROR, "", 1, "https://api.telegram.org/bot%s/getMe", (TOKEN,), None)
    assert TOKEN not in formatter.format(record)
    assert TOKEN.split(":")[1] not in formatter.format(record)


def test_an_answer_that_did_not_reach_telegram_is_made_again(session: Session, monkeypatch):
    monkeypatch.setattr("bot.telegram.incidents._RETRY_SECONDS", 0.01)
    session.services.updates.arrived({1: "{}"})
    session.request.failures["sendMessage"] = NetworkError("httpx.ConnectError")
    assert session.say(ALICE, QUESTION) == []
    assert session.application.update_queue.qsize() == 1
    assert session.services.updates.unfinished() == ["{}"]


def test_no_application_without_a_token(small_library: Library):
    with pytest.raises(MissingToken, match="TELEGRAM_BOT_TOKEN"):
        build_application(Settings(), small_library)
    with pytest.raises(RejectedToken):
        build_application(settings_from({"TELEGRAM_BOT_TOKEN": "nonsense"}), small_library)


def test_a_self_hosted_server(library: Library):
    application = build_application(settings(TELEGRAM_API_BASE_URL="http://127.0.0.1:8081/"), library)
    assert application.bot.base_url == f"http://127.0.0.1:8081/bot{TOKEN}"
    assert application.bot.base_file_url == f"http://127.0.0.1:8081/file/bot{TOKEN}"


def test_an_answer_waited_for_is_to_the_question_as_it_was_understood(session: Session, library: Library, files: Path):
    session.say(ALICE, QUESTION)
    follow_up = only(session.say(ALICE, "那火星探测呢"))
    session.services.state.execute("update questions set asked_at = asked_at - 7200")
    pressed(session, follow_up, "有了告诉我")
    (alert,) = session.services.conversations.alerts()
    assert alert.turns == (QUESTION, "那火星探测呢")


def test_an_old_follow_up_that_is_edited_keeps_its_meaning(session: Session):
    session.say(ALICE, QUESTION)
    session.say(ALICE, "固定资产投资呢")
    session.services.state.execute("update questions set asked_at = asked_at - 7200")
    (edited,) = shown(session.edit(ALICE, session.last_message_id, "一般公共预算收入呢"))
    assert "<b>5%左右</b>，云溪镇2025年" in edited.text


def test_a_question_that_was_answered_before_a_kill_is_not_answered_again(session: Session):
    said = session.message(ALICE, None, text=QUESTION)
    assert shown(session.update(message=said))
    assert session.update(message=said) == []


def test_the_buttons_of_one_chat_show_nothing_of_another(session: Session):
    answer = only(session.say(ALICE, QUESTION))
    for label in ("更多依据", "报告", "👎"):
        if label == "报告":
            continue  # a report's card is for everyone
        (told,) = pressed(session, answer, label, BOB)
        assert (told.method, "失效" in told.text) == ("answerCallbackQuery", True)
    (told,) = session.press(BOB, "1:answer:1")
    assert "失效" in told.text


def test_an_answer_whose_message_was_deleted_is_sent_anew(session: Session):
    session.say(ALICE, QUESTION)
    session.request.failures["editMessageText"] = BadRequest("Bad Request: message to edit not found")
    (sent,) = shown(session.edit(ALICE, session.last_message_id, "云溪镇2025年固定资产投资目标是多少"))
    assert sent.method == "sendMessage"


def test_a_question_while_a_place_is_awaited_does_not_become_one(session: Session, library: Library):
    menu = only(session.say(ADMIN, "/rename 2"))
    session.press(ADMIN, menu.buttons["修改地名"]["callback_data"])
    assert "不像所问" in only(session.say(ADMIN, QUESTION)).text
    session.say(ADMIN, "/help")
    assert "6%左右" in only(session.say(ADMIN, QUESTION)).text
    assert library.report(2).place == "石渡镇"


def test_a_title_that_would_not_fit_answers_is_refused(session: Session, library: Library):
    menu = only(session.say(ADMIN, "/rename 2"))
    session.press(ADMIN, menu.buttons["修改标题"]["callback_data"])
    assert "太长" in shown(session.say(ADMIN, "长" * 300))[-1].text
    assert library.report(2).title == "松岭区石渡镇2024年政府工作报告"


def test_a_replacement_is_offered_anew_where_the_other_report_has_changed(session: Session, library: Library, files: Path):
    newer = only(session.send_file(ADMIN, "newer.txt", (files / "yunxi.txt").read_bytes() + "新增一段。\n".encode()))
    library.edit(1, {"place": "青石镇"})
    again = shown(session.press(ADMIN, newer.buttons["替换"]["callback_data"]))[-1]
    assert again.rows[0] == ["添加", "取消"]
    assert library.report(1).place == "青石镇"


def test_a_removed_report_is_not_restored_beside_its_newer_version(session: Session, library: Library, files: Path):
    asked = only(session.say(ADMIN, "/remove 1"))
    removed = only(session.press(ADMIN, asked.buttons["确定删除"]["callback_data"]))
    newer = only(session.send_file(ADMIN, "newer.txt", (files / "yunxi.txt").read_bytes() + "新增一段。\n".encode()))
    session.press(ADMIN, newer.buttons["添加"]["callback_data"])
    assert "没有恢复" in only(session.press(ADMIN, removed.buttons["撤销删除"]["callback_data"])).text
    assert len(library.reports()) == 3


def test_a_failure_while_adding_gives_the_draft_back(session: Session, monkeypatch):
    preview = only(session.send_file(ADMIN, "a.txt", invented.SHIDU.replace("石渡镇", "石桥镇").encode()))

    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    with monkeypatch.context() as patched:
        patched.setattr(session.services.writer, "add_part", broken)
        shown_last = [one for one in shown(session.press(ADMIN, preview.buttons["添加"]["callback_data"])) if one.buttons][-1]
    assert "事件号" in shown_last.text
    assert "✅" in shown(session.press(ADMIN, shown_last.buttons["添加"]["callback_data"]))[-1].text


def test_an_alert_is_tried_again_after_telegram_could_not_be_reached(session: Session, library: Library, files: Path):
    from bot.telegram import alerts

    unanswered = only(session.say(ALICE, "麦泉镇2025年固定资产投资目标是多少"))
    pressed(session, unanswered, "有了告诉我")
    list(library.add([files / "two_in_one.txt"]))
    session.request.failures["sendMessage"] = NetworkError("httpx.ConnectError")
    assert not session.run(alerts.tell_waiting(session.application.bot, session.services))
    del session.request.failures["sendMessage"]
    assert session.run(alerts.tell_waiting(session.application.bot, session.services))
    assert session.services.conversations.alerts() == []


def test_commands_count_as_questions_do(session: Session):
    assert sum(bool(shown(session.say(ALICE, "/reports"))) for _ in range(40)) == 21


def test_an_edited_piece_of_a_pasted_report(session: Session):
    session.say(ADMIN, "/add")
    session.say(ADMIN, invented.SHIDU.replace("石渡镇", "石桥镇"))
    piece = session.last_message_id
    assert session.edit(ADMIN, piece, invented.SHIDU.replace("石渡镇", "石梁镇")) == []
    assert "地名：石梁镇" in shown(session.say(ADMIN, "完成"))[-1].text


def test_a_question_of_a_group_that_was_moved_does_not_hide_a_new_one(session: Session):
    session.say(ALICE, f"/ask {QUESTION}", -77)
    session.update(message=session.message(ALICE, -77, migrate_to_chat_id=-100077))
    first = session.services.state.execute("select id from questions").fetchone()[0]
    assert first
    session._messages = 0
    assert "7%以上" in only(session.say(ALICE, "/ask 固定资产投资呢", -100077)).text
