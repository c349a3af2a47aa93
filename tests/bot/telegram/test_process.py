"""The bot as its users meet it: a process of its own, over real HTTP. What is expected here is what its users were promised."""

from __future__ import annotations

import html
import re
import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from bot_api import BotApiServer, Chat
from bot_process import (
    ADMINS,
    ANSWER,
    QUESTION,
    QUOTE,
    TITLE,
    VILLAGES,
    BotProcess,
    Message,
    Talk,
    answered,
    button,
    labels,
    roads,
    said,
    template,  # noqa: F401
)
from invented import SHIDU, YUNXI

_people = count(2001)
_groups = count(-1000, -1)
FIGURE = re.compile(r"\d+(\.\d+)?\s*[%％公亿万元人家个]")
GROWTH = "石渡镇2025年地区生产总值增长目标是多少"  # 5.5％左右


@dataclass
class Running:
    """A server and the bot on it, and new people and groups for a test. Its administrators have met the bot before."""

    server: BotApiServer
    bot: BotProcess

    def __post_init__(self) -> None:
        for number in ADMINS:
            self.server.private(self.server.user(number, f"Admin{number}", language="zh-hans"), started=True)

    def person(self, language: str = "zh-hans") -> Talk:
        number = next(_people)
        return Talk(self.server, self.server.user(number, f"Person{number}", language=language))

    def admin(self, ordinal: int = 0) -> Talk:
        return Talk(self.server, self.server.world.users[ADMINS[ordinal]])

    def group(self, **values: Any) -> Chat:
        return self.server.group(next(_groups), "讨论组", **values)

    def member(self, group: Chat, thread: int | None = None) -> Talk:
        return Talk(self.server, self.person().user, group, thread)


@pytest.fixture(scope="module")
def shared_bot(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:  # noqa: F811
    folder = tmp_path_factory.mktemp("shared_bot")
    with BotApiServer() as server:
        running = Running(server, BotProcess(server, folder, template, LOG_LEVEL="DEBUG"))
        with running.bot:
            yield running


@pytest.fixture
def running(shared_bot: Running) -> Iterator[Running]:
    """One bot for the tests that need none of their own; none of them makes a request that Telegram refuses."""
    before = len(shared_bot.server.refusals)
    yield shared_bot
    assert shared_bot.bot.running
    assert [str(one) for one in shared_bot.server.refusals[before:]] == []


@pytest.fixture
def own(template: Path, tmp_path: Path) -> Iterator[Callable[..., Running]]:  # noqa: F811
    """Makes a bot of one's own, on a server of its own; not started yet."""
    server = BotApiServer()
    made: list[BotProcess] = []

    def make(name: str = "bot", **settings: object) -> Running:
        made.append(BotProcess(server, tmp_path / name, template, **settings))
        return Running(server, made[-1])

    with server:
        yield make
        for one in made:
            one.__exit__(None, None, None)


def quotes(one: Message) -> list[str]:
    found = re.findall("<blockquote[^>]*>(.*?)</blockquote>", one["html"], re.DOTALL)
    return [html.unescape(re.sub("<[^>]+>", "", each)) for each in found]


def assert_word_for_word(one: Message, text: str) -> None:
    """Every line that a message quotes stands in the report."""
    lines = [line for quote in quotes(one) for line in quote.splitlines()]
    assert lines
    assert [line for line in lines if line.strip(" …") not in text] == []


def assert_silence(talk: Talk, sent: Message, seconds: float = 0.8) -> None:
    time.sleep(seconds)
    assert talk.since(sent) == []


# -- an answer ----------------------------------------------------------------------------------------------------------


def test_an_answer_has_the_figure_the_quote_and_the_source(running: Running):
    answer = running.person().says(QUESTION)
    first, *_ = answer["html"].splitlines()
    assert first.startswith(f"<b>{ANSWER}</b>")
    assert "云溪镇2025年固定资产投资" in first
    assert "<blockquote>" in answer["html"]  # cut around the figure: nothing of it opens by a tap only
    (shown,) = quotes(answer)
    assert all(piece in QUOTE for piece in shown.split("…"))
    assert "<b>7%以上</b>、力争达到<b>8%</b>" in answer["html"]
    assert f"《{TITLE}》 › 二、2025年工作安排" in answer["text"].splitlines()[-1]
    named = [label for label in labels(answer) if len(label) < 6]
    assert named == [button(name) for name in ("around", "more", "card", "cite")] + ["👍", "👎"]


def test_typing_is_shown_before_the_answer(running: Running):
    asker = running.person()
    asker.says(QUESTION)
    (typing, *_) = running.server.called("sendChatAction", chat_id=asker.chat.id, action="typing")
    (sent,) = running.server.called("sendMessage", chat_id=asker.chat.id)
    assert typing.at <= sent.at


RELATED = "云溪镇2025年数字经济产值目标是多少"


def test_what_stands_nearest_is_called_that_and_no_answer(running: Running):
    asker = running.person()
    answer = asker.says(RELATED)
    told, nearest, _ = answer["text"].partition("最接近的原文（不是所问的答案）：")
    assert nearest
    assert told.strip() == "云溪镇的报告没有说明2025年的“数字经济产值”。"
    assert quotes(answer)
    assert all(line in YUNXI for quote in quotes(answer) for line in quote.splitlines())
    assert {button("around"), button("card"), button("alert"), "👍", "👎"} <= set(labels(answer))
    assert button("cite") not in labels(answer)


@pytest.mark.parametrize("question", ["望岚区2025年GDP目标是多少", "今天天气怎么样"])
def test_what_is_not_stated_has_no_figure_and_no_quote(running: Running, question: str):
    answer = running.person().says(question)
    assert not quotes(answer)
    assert not FIGURE.search(answer["text"].replace("12份", ""))
    assert button("around") not in labels(answer)


def test_a_question_that_ten_reports_answer(running: Running):
    asker = running.person()
    chart = asker.says("2025年计划新建农村公路多少公里")
    assert chart["caption"] == "2025年新建农村公路目标"
    assert chart["photo"][-1]["width"] == 1080
    asker.is_told("荷塘镇", chart)
    text = "\n".join(one["text"] for one in asker.since(chart))
    assert [place for place in VILLAGES if place not in text] == []
    assert [n for n in range(len(VILLAGES)) if roads(n) not in text] == []


def test_signs_of_html_in_a_question_do_no_harm(running: Running):
    asker = running.person()
    assert "<b>" not in asker.says("<b>云溪镇</b> & <i>2025年火箭发射目标")["text"]
    assert answered(asker.says(QUESTION + " <&>"))


def test_a_very_long_question_gets_an_answer_of_some_kind(running: Running):
    assert running.person().says("云溪镇" * 1300)["text"]


# -- the context of a conversation --------------------------------------------------------------------------------------


def test_a_follow_up_keeps_the_context_and_reset_ends_it(running: Running):
    asker = running.person()
    assert "5.5％左右" in asker.says(GROWTH)["text"]
    follow_up = asker.says("那云溪镇呢")
    assert follow_up["html"].startswith("<b>6%左右</b>")
    asker.says("/reset")
    assert "6%左右" not in asker.says("那云溪镇呢")["text"].splitlines()[0]


def test_two_people_in_a_group_do_not_mix(running: Running):
    group = running.group()
    one, two = running.member(group), running.member(group)
    assert "5.5％左右" in one.says(f"@report_bot {GROWTH}")["text"]
    assert "412人" in two.says("@report_bot 云溪镇2024年城镇新增就业多少人")["text"]
    assert one.says("@report_bot 那云溪镇呢")["html"].startswith("<b>6%左右</b>")
    assert "不少于400人" in two.says("@report_bot 2025年的目标呢")["text"]


# -- groups -------------------------------------------------------------------------------------------------------------


def test_a_group_is_answered_only_when_it_asks_the_bot(running: Running):
    group = running.group()
    asker, other = running.member(group), running.member(group)
    running.server.user(other.user.id, "Other", username="somebody")
    for text in (QUESTION, f"@somebody {QUESTION}", f"/ask@other_bot {QUESTION}", "/help@other_bot", "report_bot 你好"):
        assert_silence(asker, asker.send(text), 0.3)
    asked = other.send(QUESTION)
    assert_silence(asker, asker.send("我也想知道", reply_to=asked))


@pytest.mark.parametrize(
    "text", [f"@report_bot {QUESTION}", f"{QUESTION} @report_bot", f"/ask {QUESTION}", f"/ask@report_bot {QUESTION}"]
)
def test_a_group_is_answered_with_a_quotation_of_the_question(running: Running, text: str):
    asker = running.member(running.group())
    sent = asker.send(text)
    (answer,) = running.server.wait_reply(asker.chat, after=sent)
    assert answered(answer)
    assert answer["reply_to_message"]["message_id"] == sent["message_id"]


def test_a_reply_to_the_bot_is_a_question(running: Running):
    asker = running.member(running.group(kind="group"))
    first = asker.says(f"@report_bot {GROWTH}")
    reply = asker.says("那云溪镇呢", reply_to=first)
    assert reply["html"].startswith("<b>6%左右</b>")


def test_a_topic_is_kept(running: Running):
    forum = running.group(forum=True)
    thread = running.server.topic(forum, "经济")
    asker = running.member(forum, thread)
    answer = asker.says(f"@report_bot {QUESTION}")
    assert answer["message_thread_id"] == thread
    assert answered(answer)
    running.server.wait(lambda: running.server.called("sendChatAction", chat_id=forum.id, message_thread_id=thread))
    assert asker.says("/help@report_bot")["message_thread_id"] == thread


def test_a_group_that_becomes_a_supergroup_keeps_context_and_default_place(running: Running):
    group = running.group(kind="group")
    asker = running.member(group)
    asker.says("/here 青岚镇")
    assert "6%左右" in asker.says("@report_bot 云溪镇2025年地区生产总值增长目标是多少")["text"]
    moved = Talk(running.server, asker.user, running.server.migrate(group, next(_groups) - 10**12))
    assert "5.5％左右" in moved.says("@report_bot 那石渡镇呢")["text"]
    moved.says("/reset@report_bot")
    default = moved.says("@report_bot 2025年新建农村公路多少公里")["text"]
    assert roads(0) in default
    assert said("assumed_place", place="青岚镇") in default


# -- the default place of a chat ----------------------------------------------------------------------------------------


def test_the_default_place_is_shown_in_the_answers_that_used_it(running: Running):
    asker = running.person()
    question = "2025年地区生产总值增长目标是多少"
    both = asker.says(question)["text"]
    assert "5.5％左右" in both
    assert "6%左右" in both
    asker.says("/reset")
    default = asker.says("/here 石渡镇")
    used = asker.says(question)["text"]
    assert "5.5％左右" in used
    assert "6%左右" not in used
    assert said("assumed_place", place="石渡镇") in used
    named = asker.says(QUESTION)
    assert answered(named)
    assert "石渡镇" not in named["text"]
    asker.says("/reset")
    asker.turns(default, button("clear_here"), said("here_cleared"))
    cleared = asker.says(question)["text"]
    assert "6%左右" in cleared
    assert said("assumed_place", place="石渡镇") not in cleared


def test_the_place_of_the_conversation_goes_before_the_default_place(running: Running):
    asker = running.person()
    asker.says("/here 石渡镇")
    assert answered(asker.says(QUESTION))
    follow_up = asker.says("那地区生产总值增长目标呢")
    assert follow_up["html"].startswith("<b>6%左右</b>"), follow_up["text"]


def test_an_unknown_default_place_is_refused(running: Running):
    asker = running.person()
    asker.says("/here 石渡镇")
    assert "不存在镇" in asker.says("/here 不存在镇")["text"]
    assert said("assumed_place", place="石渡镇") in asker.says("2024年接待游客多少")["text"]


# -- buttons ------------------------------------------------------------------------------------------------------------


def test_the_surroundings_are_shown_in_place(running: Running):
    asker = running.person()
    answer = asker.says(QUESTION)
    view = asker.turns(answer, button("around"), lambda one: button("next") in labels(one))
    assert QUOTE in quotes(view)[0]
    assert button("previous") in labels(view)
    seen = [view]
    for direction, end in (("next", "一般性支出压减5%以上"), ("previous", "各位代表")):
        for _ in range(20):
            if button(direction) not in labels(view):
                break
            before = view["html"]
            view = asker.turns(view, button(direction), lambda one, before=before: one["html"] != before)
            seen.append(view)
        assert end in quotes(view)[-1]
    for one in seen:
        assert_word_for_word(one, YUNXI)
    back = asker.turns(view, button("back"), lambda one: button("around") in labels(one))
    assert back["html"] == answer["html"]
    assert labels(back) == labels(answer)
    assert asker.since(answer) == []


def test_the_next_passage_and_back_again_is_where_one_was(running: Running):
    asker = running.person()
    view = asker.turns(asker.says("云溪镇2024年地区生产总值是多少"), button("around"), lambda one: button("next") in labels(one))
    after = asker.turns(view, button("next"), lambda one: one["html"] != view["html"])
    assert button("previous") in labels(after)
    asker.press(after, button("previous"))
    assert quotes(asker.becomes(view, lambda one: one["html"] != after["html"])) == quotes(view)


def test_more_evidence_in_place(running: Running):
    asker = running.person()
    answer = asker.says(QUESTION)
    view = asker.turns(answer, button("more"), "更多依据")
    assert QUOTE not in quotes(view)
    assert_word_for_word(view, YUNXI + SHIDU)
    assert f"《{TITLE}》" in view["text"]
    following = asker.turns(view, button("next_page"), lambda one: one["html"] != view["html"])
    assert not set(quotes(following)) & set(quotes(view))
    asker.turns(following, button("back"), lambda one: one["html"] == answer["html"])


def test_the_card_and_the_original_file(running: Running):
    asker = running.person()
    answer = asker.says(QUESTION)
    card = asker.turns(answer, button("card"), lambda one: button("file") in labels(one))
    for expected in (TITLE, "云溪镇", "2024", "2025", "秦若川", "测试样例", "（一）工业经济稳步提升", "三、政府自身建设"):
        assert expected in card["text"]
    asker.press(card, button("file"))
    sent = running.server.wait(lambda: [one for one in running.server.uploaded if one.chat == asker.chat.id])
    assert [(one.filename, one.bytes) for one in sent] == [("yunxi.txt", YUNXI.encode())]
    asker.turns(card, button("back"), lambda one: one["html"] == answer["html"])


def test_a_citation_to_paste(running: Running):
    answer = running.person().says(QUESTION)
    keys = [key for row in answer["reply_markup"]["inline_keyboard"] for key in row]
    (citation,) = [key["copy_text"]["text"] for key in keys if key["text"] == button("cite")]
    assert QUOTE in citation
    assert TITLE in citation
    assert "二、2025年工作安排" in citation
    assert re.search("2025-01-06|2025年1月6日", citation)
    assert "测试样例" in citation


def test_votes_are_stored_and_a_second_press_changes_them(running: Running):
    asker, admin = running.person(), running.admin()
    answer = asker.says("云溪镇2024年粮食总产量是多少")
    disliked = said("disliked")
    assert asker.press(answer, "👎")
    assert "粮食总产量" in admin.says("/stats")["text"].partition(disliked)[2]
    assert asker.press(answer, "👍")
    assert "粮食总产量" not in admin.says("/stats")["text"].partition(disliked)[2]
    assert asker.press(answer, "👎")
    assert "粮食总产量" in admin.says("/stats")["text"].partition(disliked)[2]


def test_malformed_button_data_is_ignored(running: Running):
    asker = running.person()
    answer = asker.says(QUESTION)
    keys = [key for row in answer["reply_markup"]["inline_keyboard"] for key in row if "callback_data" in key]
    real = next(key["callback_data"] for key in keys if key["text"] == button("around"))
    cut = [real[:length] for length in range(1, len(real), 3)]
    wrong = [real[:place] + "9" + real[place + 1 :] for place in range(len(real)) if real[place] != "9"]
    rubbish = ["x", ":", "|||", "0", "-1", "null", "{}", "9" * 64, "上下文" * 7, "\u0000", "1:" * 32, real + ":1", "v9" + real]
    for data in [*cut, *wrong, *rubbish]:
        running.server.press(answer, data=data)
    time.sleep(1.5)
    assert running.bot.running
    now = asker.now(answer)
    assert now["html"] == answer["html"] or all(line in YUNXI for quote in quotes(now) for line in quote.splitlines())
    assert asker.since(answer) == []
    assert answered(asker.says(QUESTION))


# -- commands -----------------------------------------------------------------------------------------------------------


def test_start_offers_three_questions_that_are_answered(running: Running):
    asker = running.person()
    greeting = asker.says("/start")
    questions = labels(greeting)
    assert "keyboard" in greeting["reply_markup"]
    assert len(questions) == len(set(questions)) == 3
    for question in questions:
        assert quotes(asker.says(question)), question


def test_help_lists_the_commands(running: Running):
    commands = [one["command"] for one in running.server.commands["default", None, ""]]
    assert {"start", "help", "ask", "reports", "here", "reset", "privacy"} <= set(commands)
    text = running.person().says("/help")["text"]
    assert [one for one in commands if f"/{one}" not in text] == []
    reserved = ("/add", "/remove", "/rename", "/stats", "/explain", "/log", "/admins", "/export")
    assert [one for one in reserved if one in text] == []
    for_admins = running.admin().says("/help")["text"]
    assert [one for one in reserved if one not in for_admins] == []


def test_an_english_client_is_spoken_to_in_english(running: Running):
    text = running.person("en-GB").says("/help")["text"]
    assert "使用说明" not in text
    assert "/reports" in text


def test_ask_in_private_with_and_without_a_question(running: Running):
    asker = running.person()
    assert answered(asker.says(f"/ask {QUESTION}"))
    assert "/ask" in asker.says("/ask")["text"]


def test_reports_are_listed_in_pages_that_open_cards(running: Running):
    asker = running.person()
    page = asker.says("/reports")
    listed = labels(page)
    while button("next_page") in labels(page):
        before = page["html"]
        page = asker.turns(page, button("next_page"), lambda one, before=before: one["html"] != before)
        listed += labels(page)
    for place in ("云溪镇", "石渡镇", *VILLAGES):
        assert [one for one in listed if place in one and "2025" in one], place
    assert button("previous_page") in labels(page)
    last = next(one for one in labels(page) if "镇" in one)
    card = asker.turns(page, last, lambda one: button("file") in labels(one))
    assert last.split()[0] in card["text"]
    assert "二、2025年工作安排" in card["text"]
    asker.turns(card, button("back_to_list"), lambda one: one["html"] == page["html"])


def test_what_is_stored_is_said_and_forgotten(running: Running):
    asker = running.person()
    told = asker.says("/privacy")["text"]
    assert "/forget" in told
    assert re.search(r"\d+ ?(天|小时)", told)
    secret = "石渡镇2025年秘密火山口旅游目标是多少"
    asker.says(GROWTH)
    asker.says(secret)
    assert secret in stored(running.bot.library)
    confirm = asker.says("/forget")
    asker.turns(confirm, button("forget"), "已删除")
    assert secret not in stored(running.bot.library)
    # The press itself is on disk until it is handled, a moment after its answer was seen here.
    number = re.compile(rf"(?<![\d.]){asker.user.id}(?![\d.])")
    gone = lambda: not number.search(stored(running.bot.library))  # noqa: E731
    running.server.wait(gone, timeout=5, what="the user's number to be gone")
    assert "6%左右" not in asker.says("那云溪镇呢")["text"].splitlines()[0]


def stored(library: Path) -> str:
    """Everything in the bot's own databases, as SQL."""
    dump = ""
    for path in (library / "telegram").glob("*.db"):
        with sqlite3.connect(path) as database:
            dump += "\n".join(database.iterdump())
    return dump


def test_an_unknown_command(running: Running):
    assert running.person().says("/nosuch")["text"] == said("unknown_command")


# -- inline -------------------------------------------------------------------------------------------------------------


def ask_inline(running: Running, talk: Talk, text: str) -> dict[str, Any]:
    query = running.server.inline(talk.user, text)
    running.server.wait(lambda: query in running.server.inline_answers, what=f"an inline answer to {text!r}")
    return running.server.inline_answers[query]


def test_an_inline_question_gives_up_to_five_answers(running: Running):
    asker = running.person()
    answer = ask_inline(running, asker, "云溪 GDP")
    assert 1 <= len(answer["results"]) <= 5
    texts = [one["input_message_content"]["text"] for one in answer["results"]]
    assert "18.2亿元" in texts[0]
    for text in texts:
        assert "松岭区云溪镇2024年政府工作报告" in text
        assert any(line in text for line in YUNXI.splitlines()[6:] if len(line) > 10) or any(
            piece in text for piece in re.split("(?<=。)", YUNXI) if len(piece.strip()) > 10
        )
    assert 0 < answer["cache_time"] <= 300


def test_an_empty_inline_question_gets_a_hint(running: Running):
    answer = ask_inline(running, running.person(), "")
    assert answer["button"] or answer["results"]
    assert "某地" in str(answer["button"] or answer["results"])


def test_an_inline_question_without_an_answer_gets_no_figure(running: Running):
    for one in ask_inline(running, running.person(), "云溪镇2025年火星探测目标")["results"]:
        assert "%" not in one["title"]


# -- edits and other kinds of messages ----------------------------------------------------------------------------------


def test_an_edited_question_edits_the_reply(running: Running):
    asker = running.person()
    sent = asker.send(QUESTION)
    (answer,) = running.server.wait_reply(asker.chat, after=sent)
    running.server.edit(sent, GROWTH)
    changed = asker.becomes(answer, "5.5％左右")
    assert quotes(changed)[0] in SHIDU
    running.server.edit(sent, RELATED)
    asker.becomes(answer, "云溪镇的报告没有说明2025年的“数字经济产值”。")
    running.server.edit(sent, "望岚区2025年GDP目标是多少")
    asker.becomes(answer, lambda one: not quotes(one))
    assert len(asker.since(sent)) == 1


def test_an_edited_question_in_a_group_edits_the_reply(running: Running):
    asker = running.member(running.group())
    sent = asker.send(f"@report_bot {QUESTION}")
    (answer,) = running.server.wait_reply(asker.chat, after=sent)
    running.server.edit(sent, f"@report_bot {GROWTH}")
    asker.becomes(answer, "5.5％左右")
    assert len(asker.since(sent)) == 1


@pytest.mark.parametrize("kind", ["photo", "voice", "sticker", "video", "location"])
def test_what_is_no_text_gets_a_hint_in_private_and_silence_in_groups(running: Running, kind: str):
    asker, member = running.person(), running.member(running.group())
    in_group = running.server.send_media(member.chat, member.user, kind)
    sent = running.server.send_media(asker.chat, asker.user, kind)
    assert running.server.wait_reply(asker.chat, after=sent)[0]["text"] == said("not_a_question")
    assert_silence(member, in_group, 0.2)


def test_a_file_from_somebody_who_is_no_administrator(running: Running):
    asker = running.person()
    assert asker.sends_file("songling.txt", SHIDU)["text"] == said("not_a_question_file")


# -- running: on the shared bot -----------------------------------------------------------------------------------------


def test_updates_delivered_twice_are_answered_once(running: Running):
    asker = running.person()
    sent = asker.send(QUESTION)
    running.server.wait_reply(asker.chat, after=sent)
    running.server.redeliver(sent)
    second = asker.send(GROWTH)
    running.server.redeliver(second)
    time.sleep(1)
    assert [answered(one) for one in asker.since(sent)] == [True, False]


def test_updates_older_than_an_hour_are_not_answered(running: Running):
    asker = running.person()
    old = asker.send(QUESTION, date=int(time.time()) - 2 * 3600)
    assert "5.5％左右" in asker.says(GROWTH, date=int(time.time()) - 1800)["text"]
    time.sleep(0.3)
    assert len(asker.since(old)) == 1


def test_a_limit_of_telegram_is_waited_for(running: Running):
    asker = running.person()
    running.server.fail_next("sendMessage", 429, retry_after=1)
    assert answered(asker.says(QUESTION))
    planned, sent = running.server.called("sendMessage", chat_id=asker.chat.id)
    assert planned.planned
    assert sent.at - planned.done >= 0.9


def test_an_error_is_reported_once_to_administrators_and_with_a_number_to_the_user(running: Running):
    admin = running.admin(5)
    mark = admin.says("/help")
    numbers = []
    for _ in range(2):
        asker = running.person()
        running.server.fail_next("sendMessage", 400)
        told = asker.says(QUESTION)
        if not answered(told):
            number = re.search(r"事件号 ?(\w+)", told["text"])
            assert number, told["text"]
            assert number[1] in running.bot.output
            numbers.append(number[1])
    assert len(set(numbers)) == len(numbers)
    time.sleep(0.5)
    assert len(admin.since(mark)) <= 1
    if numbers:
        assert "事件号" in admin.since(mark)[0]["text"]


def test_a_flood_from_one_person(running: Running):
    flooding, other = running.person(), running.person()
    first = flooding.send(QUESTION)
    for _ in range(59):
        flooding.send(QUESTION)
    assert answered(other.says(QUESTION, timeout=5))
    running.server.wait(lambda: flooding.newest(said("too_many"), first), what="the notice")
    time.sleep(2)
    sent = [one["text"] for one in flooding.since(first)]
    assert sent.count(said("too_many")) == 1
    assert 5 <= len(sent) - 1 <= 25


def test_the_token_is_in_no_log_even_where_requests_fail(shared_bot: Running):
    server, asker = shared_bot.server, shared_bot.person()
    server.fail_next("getUpdates", 502)
    server.fail_next("sendMessage", drop="before", times=2)
    asker.send(QUESTION)
    server.fail_next("getFile", 500)
    time.sleep(2)
    assert asker.says(QUESTION)
    assert shared_bot.bot.output
    secret = server.token.partition(":")[2]
    assert secret not in shared_bot.bot.output


def test_at_the_end_nothing_was_refused(shared_bot: Running):
    assert shared_bot.bot.running
    assert [str(one) for one in shared_bot.server.refusals] == []


# -- running: bots of their own -----------------------------------------------------------------------------------------


def test_a_restart_keeps_context_settings_and_buttons(own: Callable[..., Running]):
    running = own()
    running.bot.start()
    asker, looking, settled = running.person(), running.person(), running.person()
    answer = asker.says(QUESTION)
    view = looking.turns(looking.says(QUESTION), button("around"), lambda one: button("next") in labels(one))
    settled.says("/here 石渡镇")
    code, seconds = running.bot.stop()
    assert (code, seconds < 5) == (0, True)
    waited = asker.send("那地区生产总值增长目标呢", date=int(time.time()) - 1200)
    late = looking.send(GROWTH, date=int(time.time()) - 4000)
    running.bot.start()
    (follow_up,) = running.server.wait_reply(asker.chat, after=waited)
    assert follow_up["html"].startswith("<b>6%左右</b>")
    asker.turns(answer, button("card"), "秦若川")
    looking.turns(view, button("next"), lambda one: one["html"] != view["html"])
    assert said("assumed_place", place="石渡镇") in settled.says("2024年接待游客多少")["text"]
    assert looking.since(late) == []
    assert running.server.refusals == []


def ask_from_many(running: Running, people: int = 16) -> list[tuple[Talk, Message, str]]:
    """Each person's talk, question, and what its answer holds."""
    asked = []
    for number in range(people):
        talk, ordinal = running.person(), number % len(VILLAGES)
        asked.append((talk, talk.send(f"{VILLAGES[ordinal]}2025年新建农村公路多少公里"), f"<b>{roads(ordinal)}</b>"))
    return asked


def some_answered(asked: list[tuple[Talk, Message, str]]) -> int:
    return sum(bool(talk.since(sent)) for talk, sent, _ in asked)


def test_no_question_is_lost_when_the_bot_is_stopped_or_killed(own: Callable[..., Running]):
    running = own()
    running.bot.start()
    running.person().says("/help")
    asked = ask_from_many(running)
    running.server.wait(lambda: some_answered(asked) >= 3)
    code, seconds = running.bot.stop()
    before = some_answered(asked)
    assert (code, seconds < 5) == (0, True)
    running.bot.start()
    running.server.wait(lambda: some_answered(asked) == len(asked), what="all answers after the restart")
    time.sleep(0.5)
    assert [len(talk.since(sent)) for talk, sent, _ in asked] == [1] * len(asked), f"{before} were answered before"
    assert [talk for talk, sent, expected in asked if expected not in talk.since(sent)[0]["html"]] == []

    asked = ask_from_many(running)
    running.server.wait(lambda: some_answered(asked) >= 3)
    running.bot.kill()
    unanswered = len(asked) - some_answered(asked)
    running.bot.start()
    running.server.wait(lambda: some_answered(asked) == len(asked), what="all answers after the kill")
    time.sleep(0.5)
    assert unanswered
    twice = [talk for talk, sent, _ in asked if len(talk.since(sent)) > 1]
    assert len(twice) <= 8  # those that were being sent when the bot died
    assert [talk for talk, sent, expected in asked if expected not in talk.since(sent)[0]["html"]] == []
    assert running.server.refusals == []


def test_a_second_instance_on_the_same_library_stops(running: Running, own: Callable[..., Running]):
    settings = {name: running.bot.environment[name] for name in ("REPORTBOT_LIBRARY", "TELEGRAM_API_BASE_URL")}
    assert_stops(own(**settings).bot, running.server.token)
    assert answered(running.person().says(QUESTION))


def test_a_second_instance_on_another_library_stops_and_the_first_goes_on(own: Callable[..., Running]):
    first, second = own("first"), own("second")
    first.bot.start()
    asker = first.person()
    assert answered(asker.says(QUESTION))
    time.sleep(3)  # of two that start at the same moment neither is the older one
    assert_stops(second.bot, first.server.token)
    time.sleep(0.5)
    assert first.bot.running, first.bot.output[-200:]
    assert "5.5％左右" in asker.says(GROWTH, timeout=5)["text"]


def assert_stops(second: BotProcess, token: str) -> None:
    second.start()
    assert second.exit_code() == 1
    assert "已有一个机器人在用同一个 TELEGRAM_BOT_TOKEN" in second.output
    assert "Traceback" not in second.output
    assert token.partition(":")[2] not in second.output


def test_a_wrong_token_stops_with_a_sentence(own: Callable[..., Running]):
    wrong = "12345:BBBBthisIsNotTheTokenOfAnybodyBBBBBB"
    running = own(TELEGRAM_BOT_TOKEN=wrong)
    running.bot.start()
    assert running.bot.exit_code() == 1
    assert "TELEGRAM_BOT_TOKEN" in running.bot.output
    assert "Traceback" not in running.bot.output
    assert wrong.partition(":")[2] not in running.bot.output


def test_only_allowed_chats_are_answered(own: Callable[..., Running]):
    allowed_group = next(_groups)
    allowed = next(_people)
    running = own(ALLOWED_CHAT_IDS=f"{allowed},{allowed_group}")
    running.bot.start()
    server = running.server
    welcome = Talk(server, server.user(allowed, "Welcome", language="zh-hans"))
    assert answered(welcome.says(QUESTION))
    group = server.group(allowed_group, "可以")
    stranger = running.person()
    assert answered(Talk(server, stranger.user, group).says(f"@report_bot {QUESTION}"))
    told = stranger.says(QUESTION)
    assert "7%" not in told["text"]
    assert str(stranger.chat.id) in told["text"]
    elsewhere = running.member(running.group())
    sent = elsewhere.send(f"@report_bot {QUESTION}")
    query = server.inline(stranger.user, QUESTION)
    assert "7%以上" in str(ask_inline(running, welcome, QUESTION)["results"])
    time.sleep(0.5)
    assert "7%以上" not in str(server.inline_answers.get(query))
    assert [one for one in elsewhere.since(sent) if "7%" in one["text"]] == []
    assert server.refusals == []


def test_a_webhook_is_answered_only_with_its_secret(own: Callable[..., Running]):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = own(WEBHOOK_URL=f"http://127.0.0.1:{port}", WEBHOOK_LISTEN=f"127.0.0.1:{port}", LOG_LEVEL="DEBUG")
    running.bot.start()
    asker, forged = running.person(), running.person()
    assert answered(asker.says(QUESTION))
    hook = running.server.webhook
    assert hook
    assert len(hook["secret_token"]) >= 16
    assert len(urlsplit(hook["url"]).path.strip("/")) >= 16
    assert running.server.token not in hook["url"]
    mark = forged.says("/help")
    update = {"update_id": 990_000_001, "message": mark | {"from": forged.user.wire(), "text": QUESTION, "message_id": 10**6}}
    update["message"] = {key: value for key, value in update["message"].items() if value is not None and key != "html"}
    for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": "guessed"}):
        assert httpx.post(hook["url"], json=update, headers=headers).status_code in (401, 403, 404)
    with_secret = {"X-Telegram-Bot-Api-Secret-Token": hook["secret_token"]}
    assert httpx.post(f"http://127.0.0.1:{port}/", json=update, headers=with_secret).status_code >= 400
    assert_silence(forged, mark)
    assert "5.5％左右" in asker.says(GROWTH)["text"]
    code, seconds = running.bot.stop()
    assert (code, seconds < 5) == (0, True)
    assert running.server.token.partition(":")[2] not in running.bot.output
    assert running.server.refusals == []
