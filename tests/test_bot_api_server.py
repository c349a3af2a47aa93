"""The fake Bot API itself: each rule refuses what Telegram refuses, and lets its nearest allowed neighbour pass."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import pytest
from bot_api import BotApiServer, Chat, User
from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, ReplyParameters, Update
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter

TOKEN = "12345:AAAAbotApiServerForTestsAAAAAAAAAAAAA"


class Client:
    """Calls methods as a bot does: nested values as JSON in a form."""

    def __init__(self, server: BotApiServer) -> None:
        self.server = server
        self.http = httpx.Client(base_url=server.url, timeout=10)

    def raw(self, method: str, files: dict[str, Any] | None = None, **params: Any) -> dict[str, Any]:
        form = {key: value if isinstance(value, str) else json.dumps(value) for key, value in params.items()}
        return self.http.post(f"/bot{self.server.token}/{method}", data=form, files=files).json()

    def __call__(self, method: str, files: dict[str, Any] | None = None, **params: Any) -> Any:
        answer = self.raw(method, files, **params)
        assert answer["ok"], answer
        return answer["result"]

    def refused(self, method: str, files: dict[str, Any] | None = None, **params: Any) -> str:
        answer = self.raw(method, files, **params)
        assert not answer["ok"], answer
        return f"{answer['error_code']} {answer['description']}"


@pytest.fixture(scope="module")
def running() -> Iterator[BotApiServer]:
    """One server for the tests that don't wait for updates; each has a person and groups of its own."""
    with BotApiServer(token=TOKEN, username="report_bot", bot_id=12345) as server:
        yield server


@pytest.fixture
def server() -> Iterator[BotApiServer]:
    with BotApiServer() as server:
        yield server


@pytest.fixture
def alice(server: BotApiServer) -> User:
    return server.user(1001, "Alice", language="zh-hans")


@pytest.fixture
def chat(server: BotApiServer, alice: User) -> Chat:
    return server.private(alice, started=True)


@pytest.fixture
def call(server: BotApiServer) -> Client:
    return Client(server)


@pytest.fixture(scope="module")
def say(running: BotApiServer) -> Callable[..., dict[str, Any]]:
    """Sends a text to a private chat and returns the whole answer."""
    client = Client(running)
    running.private(running.user(1, "Reader"), started=True)
    return lambda text="在", **params: client.raw("sendMessage", chat_id=1, text=text, **params)


def outcome(answer: dict[str, Any]) -> str:
    return "ok" if answer["ok"] else answer["description"].removeprefix("Bad Request: ")


# -- the request --------------------------------------------------------------------------------------------------------


def test_the_token_and_the_method(server: BotApiServer, call: Client):
    assert call("getMe")["username"] == "report_bot"
    assert call("GETME")["id"] == 12345
    assert call.http.get(f"/bot{TOKEN}/getMe").json()["ok"]
    assert call.http.get("/bot12345:BBBBbotApiServerForTests/getMe").json()["description"] == "Unauthorized"
    assert call.http.get("/bot12345/getMe").status_code == 404
    assert call.http.get("/other").json() == {"ok": False, "error_code": 404, "description": "Not Found"}
    assert call.refused("sendNothing") == "404 Not Found: method not found"
    assert [one.method for one in server.refusals] == ["getMe", "getMe", "sendNothing"]


def test_parameters_in_each_form(server: BotApiServer, chat: Chat, call: Client):
    path = f"/bot{TOKEN}/sendMessage"
    assert call.http.get(path, params={"chat_id": 1001, "text": "一"}).json()["ok"]
    assert call.http.post(path, json={"chat_id": 1001, "text": "二", "reply_markup": None}).json()["ok"]
    assert call.http.post(path, data={"chat_id": "1001", "text": "三", "no_such_parameter": "x"}).json()["ok"]
    assert call.http.post(path, data={"chat_id": "1001", "text": "四"}, files={"other": b"x"}).json()["ok"]
    assert not call.http.post(path, content=b"{", headers={"Content-Type": "application/json"}).json()["ok"]
    assert [one["text"] for one in server.messages(chat)] == ["一", "二", "三", "四"]


def test_calls_are_logged(server: BotApiServer, chat: Chat, call: Client):
    call("sendMessage", chat_id=1001, text="[1]", reply_markup={"inline_keyboard": []})
    call.refused("sendMessage", chat_id=1001, text="")
    (first, second) = server.called("sendMessage", chat_id=1001)
    assert first.params["text"] == "[1]"
    assert first.params["reply_markup"] == {"inline_keyboard": []}
    assert (first.ok, second.ok, second.error) == (True, False, "Bad Request: message text is empty")
    assert first.at <= first.done <= second.at
    assert server.refusals == [second]
    assert server.called("sendMessage", text="[1]") == [first]
    assert server.called("sendMessage", chat_id=7) == []


# -- texts --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, expected",
    [
        ("", "message text is empty"),
        (" \n\u200b", "text must be non-empty"),
        ("。", "ok"),
        ("字" * 4096, "ok"),
        ("字" * 4097, "message is too long"),
        ("𠮷" * 2048, "ok"),
        ("𠮷" * 2048 + "字", "message is too long"),
        ("字" * 4096 + "\n  ", "ok"),
    ],
)
def test_length_of_a_text(say, text, expected):
    assert outcome(say(text)) == expected


@pytest.mark.parametrize(
    "html, expected",
    [
        ("<b></b>", "text must be non-empty"),
        ("<b>" + "字" * 4096 + "</b>", "ok"),
        ("<b>" + "字" * 4097 + "</b>", "message is too long"),
        ("&amp;" * 4096, "ok"),
        ("<b>字</b>" * 3276, "ok"),
        ("<b>字</b>" * 3277, "text is too long"),
        ("1 < 2", 'can\'t parse entities: Unsupported start tag "" at byte offset 2'),
        ("1 &lt; 2 & 3 &nbsp; &#50; &#x33;", "ok"),
        ("增<5", "can't parse entities: Unclosed start tag at byte offset 3"),
        ("增<5 >", 'can\'t parse entities: Unsupported start tag "5" at byte offset 3'),
        ("一<br>二", 'can\'t parse entities: Unsupported start tag "br" at byte offset 3'),
        ("<p>一</p>", 'can\'t parse entities: Unsupported start tag "p" at byte offset 0'),
        ("<b>一", "can't parse entities: Can't find end tag corresponding to start tag \"b\""),
        ("<b>一<i>二</b></i>", 'can\'t parse entities: Unmatched end tag at byte offset 12, expected "</i>", found "</b>"'),
        ("<b>一<i>二</i></b>", "ok"),
        ("一</b>", "can't parse entities: Unexpected end tag at byte offset 3"),
        ("<b>一</b", "can't parse entities: Unclosed end tag at byte offset 6"),
        ("<span>一</span>", 'can\'t parse entities: Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<span class="tg-spoiler">一</span>', "ok"),
        ("<blockquote><b>一</b></blockquote><blockquote expandable>二</blockquote>", "ok"),
        (
            "<blockquote>一<blockquote>二</blockquote></blockquote>",
            "can't parse entities: Blockquotes can't be nested at byte offset 15",
        ),
        ("<a href=x&y>一</a>", "can't parse entities: Unexpected end of name token at byte offset 8"),
        ('<a href="https://a.cn/?x=1&amp;y=2">一</a>', "ok"),
        ("<b =1>一</b>", 'can\'t parse entities: Empty attribute name in the tag "b" at byte offset 0'),
    ],
)
def test_html(say, html, expected):
    assert outcome(say(html, parse_mode="HTML")) == expected


def test_other_parse_modes(say):
    assert outcome(say("*一*", parse_mode="MarkdownV2")) == "unsupported parse_mode"
    assert say("<b>*一*")["result"]["text"] == "<b>*一*"


@pytest.mark.parametrize(
    "html, text, entities",
    [
        ("<strong>𠮷</strong>&lt;b&gt;", "𠮷<b>", [("bold", 0, 2)]),
        (" <b> 一</b>二 \n", " 一二", [("bold", 0, 2)]),
        ("<pre><code class='language-py'>x</code></pre>", "x", [("pre", 0, 1)]),
        ("<code>/help</code> /help", "/help /help", [("code", 0, 5), ("bot_command", 6, 5)]),
        ("<blockquote expandable>一</blockquote>", "一", [("expandable_blockquote", 0, 1)]),
        ('<a href="不是">一</a>', "一", []),
        ("&nbsp;&#128512;&", "&nbsp;😀&", []),
    ],
)
def test_html_as_it_stands_in_the_chat(say, html, text, entities):
    sent = say(html, parse_mode="html")["result"]
    assert sent["text"] == text
    assert [(one["type"], one["offset"], one["length"]) for one in sent.get("entities", [])] == entities


def test_entities_beyond_a_hundred_are_dropped(say):
    assert len(say("<b>一</b>二" * 101, parse_mode="HTML")["result"]["entities"]) == 100


@pytest.mark.parametrize(
    "text, found",
    [
        ("/start", [("bot_command", 0, 6)]),
        ("看 /ask@report_bot 一", [("bot_command", 2, 15)]),
        ("/start你好", []),
        ("𠮷 @report_bot", [("mention", 3, 11)]),
        ("请问@report_bot", []),
        ("@report_bot你好", []),
        ("@report_bot，你好", [("mention", 0, 11)]),
    ],
)
def test_entities_telegram_finds_itself(server: BotApiServer, alice: User, chat: Chat, text, found):
    sent = server.send(chat, alice, text)
    assert [(one["type"], one["offset"], one["length"]) for one in sent.get("entities", [])] == found


# -- chats --------------------------------------------------------------------------------------------------------------


def test_a_private_chat_exists_once_its_person_has_written(server: BotApiServer, alice: User, call: Client):
    chat = server.private(alice)
    assert call.refused("sendMessage", text="一") == "400 Bad Request: chat_id is empty"
    assert call.refused("sendMessage", chat_id=999, text="一") == "400 Bad Request: chat not found"
    assert call.refused("sendMessage", chat_id=1001, text="一") == "400 Bad Request: chat not found"
    server.send(server.group(-5001, "群"), alice, "我在")
    assert call.refused("sendMessage", chat_id=1001, text="一") == "403 Forbidden: bot can't initiate conversation with a user"
    server.send(chat, alice, "/start")
    assert call("sendMessage", chat_id=1001, text="一")["chat"]["type"] == "private"


def test_a_person_who_blocks_the_bot(server: BotApiServer, alice: User, chat: Chat, call: Client):
    server.block(alice)
    assert call.refused("sendMessage", chat_id=1001, text="一") == "403 Forbidden: bot was blocked by the user"
    server.unblock(alice)
    call("sendMessage", chat_id=1001, text="一")
    changes = [one["my_chat_member"]["new_chat_member"]["status"] for one in call("getUpdates")]
    assert changes == ["kicked", "member"]


def test_a_group_the_bot_may_not_write_in(server: BotApiServer, alice: User, call: Client):
    group = server.group(-5001, "群", kind="group")
    server.set_bot_status(group, "kicked", alice)
    assert call.refused("sendMessage", chat_id=-5001, text="一") == "403 Forbidden: bot was kicked from the group chat"
    server.set_bot_status(group, "member", alice)
    call("sendMessage", chat_id=-5001, text="一")
    server.silence(group)
    refusal = call.refused("sendMessage", chat_id=-5001, text="一")
    assert refusal == "400 Bad Request: not enough rights to send text messages to the chat"
    assert call("leaveChat", chat_id=-5001)
    assert call.refused("getChat", chat_id=-5001) == "403 Forbidden: bot is not a member of the group chat"


def test_migration(server: BotApiServer, alice: User, call: Client):
    group = server.group(-5001, "群", kind="group")
    server.send(group, alice, "一")
    new = server.migrate(group, -100777)
    answer = call.raw("sendMessage", chat_id=-5001, text="一")
    assert answer["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert answer["parameters"] == {"migrate_to_chat_id": -100777}
    call("sendMessage", chat_id=-100777, text="一")
    service = [one["message"] for one in call("getUpdates")][1:]
    assert [(one["chat"]["id"], one.get("migrate_to_chat_id"), one.get("migrate_from_chat_id")) for one in service] == [
        (-5001, -100777, None),
        (-100777, None, -5001),
    ]
    with pytest.raises(ValueError, match="has become"):
        server.send(group, alice, "二")
    assert server.send(new, alice, "二")["chat"]["type"] == "supergroup"


def test_members(server: BotApiServer, alice: User, call: Client):
    bob = server.user(1002, "Bob")
    group = server.group(-5001, "群", members=(alice,))
    server.promote(group, alice)
    assert call("getChatMember", chat_id=-5001, user_id=1001)["status"] == "administrator"
    assert call("getChatMember", chat_id=-5001, user_id=bob.id)["status"] == "left"
    assert call.refused("getChatMember", chat_id=-5001, user_id=7) == "400 Bad Request: user not found"
    assert [one["user"]["id"] for one in call("getChatAdministrators", chat_id=-5001)] == [1001]
    assert call("getChatMemberCount", chat_id=-5001) == 2


def test_topics(server: BotApiServer, alice: User, call: Client):
    forum = server.group(-5001, "论坛", forum=True)
    thread = server.topic(forum, "问答", alice)
    asked = server.send(forum, alice, "一", thread=thread)
    assert asked["is_topic_message"]
    assert asked["reply_to_message"]["forum_topic_created"]["name"] == "问答"
    assert call("sendMessage", chat_id=-5001, text="答", message_thread_id=thread)["message_thread_id"] == thread
    general = server.send(forum, alice, "一")
    assert "message_thread_id" not in general
    missing = "400 Bad Request: message thread not found"
    assert call.refused("sendMessage", chat_id=-5001, text="答", message_thread_id=99) == missing
    assert call.refused("sendChatAction", chat_id=-5001, action="typing", message_thread_id=99) == missing


def test_replies_in_a_supergroup_form_a_thread_that_is_no_topic(server: BotApiServer, alice: User, call: Client):
    group = server.group(-5001, "群")
    reply = server.send(group, alice, "二", reply_to=server.send(group, alice, "一"))
    assert reply["message_thread_id"] == 1
    assert "is_topic_message" not in reply
    assert "message thread not found" in call.refused("sendMessage", chat_id=-5001, text="答", message_thread_id=1)


def test_replies(server: BotApiServer, alice: User, chat: Chat, call: Client):
    asked = server.send(chat, alice, "人口多少")
    to = asked["message_id"]
    sent = call("sendMessage", chat_id=1001, text="一", reply_parameters={"message_id": to, "quote": "人口"})
    assert sent["reply_to_message"]["text"] == "人口多少"
    assert "QUOTE_TEXT_INVALID" in call.refused(
        "sendMessage", chat_id=1001, text="一", reply_parameters={"message_id": to, "quote": "面积"}
    )
    server.delete(asked)
    gone = "400 Bad Request: message to be replied not found"
    assert call.refused("sendMessage", chat_id=1001, text="一", reply_parameters={"message_id": to}) == gone
    assert call.refused("sendMessage", chat_id=1001, text="一", reply_to_message_id=to) == gone
    alone = {"message_id": to, "allow_sending_without_reply": True}
    assert "reply_to_message" not in call("sendMessage", chat_id=1001, text="一", reply_parameters=alone)


def test_chat_actions(chat: Chat, call: Client):
    assert call("sendChatAction", chat_id=1001, action="typing")
    assert call.refused("sendChatAction", chat_id=1001, action="think") == "400 Bad Request: wrong parameter action in request"


# -- keyboards ----------------------------------------------------------------------------------------------------------


def button(**action: Any) -> dict[str, Any]:
    return {"text": "看", **action}


@pytest.mark.parametrize(
    "rows, expected",
    [
        ([[button(callback_data="字" * 21)]], "ok"),
        ([[button(callback_data="字" * 21 + "12")]], "BUTTON_DATA_INVALID"),
        ([[button(callback_data="")]], "BUTTON_DATA_INVALID"),
        ([[button(callback_data=1)]], 'can\'t parse inline keyboard button: Field "callback_data" must be of type String'),
        ([[button()]], "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
        (
            [[button(callback_data="x", url="https://a.cn")]],
            "can't parse inline keyboard button: Exactly one action is expected, found url, callback_data",
        ),
        ([[{"callback_data": "x"}]], "can't parse inline keyboard button: Can't find field \"text\""),
        ([[{"text": " ", "callback_data": "x"}]], "BUTTON_TEXT_INVALID"),
        ([[button(copy_text={"text": "字" * 256})]], "ok"),
        ([[button(copy_text={"text": "字" * 257})]], "BUTTON_COPY_TEXT_INVALID"),
        ([[button(url="https://a.cn/一")]], "ok"),
        ([[button(url="不是")]], "inline keyboard button URL '不是' is invalid: Wrong HTTP URL"),
        ([[button(callback_data="x")] * 8], "ok"),
        ([[button(callback_data="x")] * 9], "REPLY_MARKUP_INVALID"),
        ([[button(callback_data="x")] * 5] * 20, "ok"),
        ([[button(callback_data="x")] * 5] * 20 + [[button(callback_data="x")]], "reply markup is too long"),
        ([button(callback_data="x")], 'field "inline_keyboard" must be an Array of Arrays'),
    ],
)
def test_inline_keyboards(say, rows, expected):
    assert outcome(say(reply_markup={"inline_keyboard": rows})) == expected


@pytest.mark.parametrize(
    "markup, expected",
    [
        ({"keyboard": [["一", {"text": "二"}]], "resize_keyboard": True}, "ok"),
        ({"keyboard": [[{"name": "二"}]]}, "can't parse keyboard button: Can't find field \"text\""),
        ({"remove_keyboard": True}, "ok"),
        ({"force_reply": True, "input_field_placeholder": "问" * 64}, "ok"),
        ({"force_reply": True, "input_field_placeholder": "问" * 65}, "REPLY_MARKUP_PLACEHOLDER_INVALID"),
        ({"buttons": []}, "can't parse reply keyboard markup JSON object"),
        ("{", "can't parse reply keyboard markup JSON object"),
        ([], "object expected as reply markup"),
    ],
)
def test_other_markups(say, markup, expected):
    assert outcome(say(reply_markup=markup)) == expected


# -- editing ------------------------------------------------------------------------------------------------------------


def test_editing(server: BotApiServer, alice: User, chat: Chat, call: Client):
    keyboard = {"inline_keyboard": [[button(callback_data="x")]]}
    sent = call("sendMessage", chat_id=1001, text="<b>一</b>", parse_mode="HTML", reply_markup=keyboard)
    at = {"chat_id": 1001, "message_id": sent["message_id"]}
    same = (
        "400 Bad Request: message is not modified: specified new message content and reply markup are exactly the same"
        " as a current content and reply markup of the message"
    )
    assert call.refused("editMessageText", text="<strong>一</strong>", parse_mode="HTML", reply_markup=keyboard, **at) == same
    call("editMessageText", text="一", reply_markup=keyboard, **at)
    call("editMessageText", text="一", **at)
    assert call.refused("editMessageReplyMarkup", **at) == same
    call("editMessageReplyMarkup", reply_markup=keyboard, **at)
    (stands,) = server.messages(chat)
    assert (stands["text"], stands["html"], stands["reply_markup"]) == ("一", "一", keyboard)
    assert stands["edit_date"]
    assert "inline keyboard expected" in call.refused("editMessageText", text="二", reply_markup={"force_reply": True}, **at)
    assert "there is no caption in the message to edit" in call.refused("editMessageCaption", caption="二", **at)
    assert "message text is empty" in call.refused("editMessageText", text="", **at)


def test_messages_that_can_not_be_edited(server: BotApiServer, alice: User, chat: Chat, call: Client):
    theirs = server.send(chat, alice, "一")["message_id"]
    forced = call("sendMessage", chat_id=1001, text="一", reply_markup={"force_reply": True})["message_id"]
    for message_id in (theirs, forced):
        refusal = call.refused("editMessageText", chat_id=1001, message_id=message_id, text="二")
        assert refusal == "400 Bad Request: message can't be edited"
    refusal = call.refused("editMessageText", chat_id=1001, message_id=99, text="二")
    assert refusal == "400 Bad Request: message to edit not found"


def test_deleting(server: BotApiServer, alice: User, chat: Chat, call: Client):
    group = server.group(-5001, "群")
    mine = call("sendMessage", chat_id=-5001, text="一")["message_id"]
    theirs = server.send(group, alice, "二")["message_id"]
    assert call("deleteMessage", chat_id=-5001, message_id=mine)
    assert call.refused("deleteMessage", chat_id=-5001, message_id=mine) == "400 Bad Request: message to delete not found"
    assert call.refused("deleteMessage", chat_id=-5001, message_id=theirs) == "400 Bad Request: message can't be deleted"
    assert server.messages(group) == []
    assert call("deleteMessage", chat_id=1001, message_id=server.send(chat, alice, "三")["message_id"])


# -- queries ------------------------------------------------------------------------------------------------------------


def test_pressing_a_button(server: BotApiServer, alice: User, chat: Chat, call: Client):
    keyboard = {"inline_keyboard": [[button(callback_data="x")]]}
    sent = call("sendMessage", chat_id=1001, text="一", reply_markup=keyboard)
    query_id = server.press(sent, "看")
    (update,) = call("getUpdates")
    query = update["callback_query"]
    assert (query["id"], query["data"], query["from"]["language_code"]) == (query_id, "x", "zh-hans")
    assert query["message"]["text"] == "一"
    refusal = call.refused("answerCallbackQuery", callback_query_id=query_id, text="字" * 201)
    assert refusal == "400 Bad Request: MESSAGE_TOO_LONG"
    assert call("answerCallbackQuery", callback_query_id=query_id, text="字" * 200, show_alert=True)
    assert server.callback_answers[query_id]["show_alert"] is True
    old = "400 Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert call.refused("answerCallbackQuery", callback_query_id=query_id) == old
    assert call.refused("answerCallbackQuery", callback_query_id="7") == old
    late = server.press(sent, data="y")
    server.expire(late)
    assert call.refused("answerCallbackQuery", callback_query_id=late) == old
    with pytest.raises(ValueError, match="看"):
        server.press(sent, "听")


def article(result_id: str = "1", text: str = "一", **fields: Any) -> dict[str, Any]:
    content = {"message_text": text, "parse_mode": "HTML"}
    return {"type": "article", "id": result_id, "title": "题", "input_message_content": content, **fields}


@pytest.mark.parametrize(
    "results, expected",
    [
        ([], "ok"),
        ([article(str(n)) for n in range(50)], "ok"),
        ([article(str(n)) for n in range(51)], "RESULTS_TOO_MUCH"),
        ([article("1"), article("1")], "RESULT_ID_DUPLICATE"),
        ([article("字" * 21)], "ok"),
        ([article("字" * 22)], "RESULT_ID_INVALID"),
        ([article("")], "RESULT_ID_INVALID"),
        ([article(title="")], "ARTICLE_TITLE_EMPTY"),
        ([article(text="")], "message text is empty"),
        ([article(text="<b>一")], "can't parse entities: Can't find end tag corresponding to start tag \"b\""),
        ([article(text="字" * 4097)], "message is too long"),
        ([article(reply_markup={"inline_keyboard": [[button(callback_data="")]]})], "BUTTON_DATA_INVALID"),
        ([{"type": "article", "id": "1", "title": "题"}], "can't parse InlineQueryResult: message content is not specified"),
        ({}, "can't parse inline query results: expected an Array"),
    ],
)
def test_inline_results(running: BotApiServer, results, expected):
    query_id = running.inline(running.user(1, "Reader"), "人口")
    assert outcome(Client(running).raw("answerInlineQuery", inline_query_id=query_id, results=results)) == expected


def test_an_inline_query(server: BotApiServer, alice: User, chat: Chat, call: Client):
    query_id = server.inline(alice, "人口")
    (update,) = call("getUpdates")
    assert update["inline_query"]["query"] == "人口"
    assert call("answerInlineQuery", inline_query_id=query_id, results=[article(text="<b>一</b>")], cache_time=0)
    assert server.inline_answers[query_id]["results"][0]["input_message_content"]["text"] == "一"
    assert "query is too old" in call.refused("answerInlineQuery", inline_query_id=query_id, results=[])
    sent = server.choose(query_id, "1", chat, alice)
    assert sent["via_bot"]["username"] == "report_bot"
    assert sent["text"] == "一"


# -- files --------------------------------------------------------------------------------------------------------------


def test_a_file_of_a_person(server: BotApiServer, alice: User, chat: Chat, call: Client):
    sent = server.send_document(chat, alice, "报告.docx", b"\0\xff", caption="看 /add", media_group="7")
    assert sent["media_group_id"] == "7"
    assert sent["caption_entities"][0]["type"] == "bot_command"
    found = call("getFile", file_id=sent["document"]["file_id"])
    assert found["file_size"] == 2
    assert call.http.get(f"/file/bot{TOKEN}/{found['file_path']}").content == b"\0\xff"
    assert call.http.get(f"/file/bot{TOKEN}/documents/no.docx").status_code == 404
    refusal = call.refused("getFile", file_id="x")
    assert refusal == "400 Bad Request: wrong file_id or the file is temporarily unavailable"
    for size, outcome_ in ((20 << 20, True), ((20 << 20) + 1, False)):
        big = server.send_document(chat, alice, "大.docx", b"x", size=size)["document"]
        assert big["file_size"] == size
        answer = call.raw("getFile", file_id=big["file_id"])
        assert answer["ok"] is outcome_
    assert answer["description"] == "Bad Request: file is too big"


def test_sending_a_document(server: BotApiServer, chat: Chat, call: Client):
    sent = call("sendDocument", files={"document": ("统计 表.csv", "年,值".encode())}, chat_id=1001, caption="表")
    attached = {"part": ("二.csv", b"2")}
    call("sendDocument", files=attached, chat_id=1001, document="attach://part", caption="字" * 1024)
    call("sendDocument", chat_id=1001, document=sent["document"]["file_id"])
    assert [(one.filename, one.caption[:1], one.chat) for one in server.uploaded] == [
        ("统计 表.csv", "表", 1001),
        ("二.csv", "字", 1001),
        ("统计 表.csv", "", 1001),
    ]
    assert server.uploaded[0].bytes.decode() == "年,值"
    assert "message caption is too long" in call.refused("sendDocument", files=attached, chat_id=1001, caption="字" * 1025)
    assert "there is no document in the request" in call.refused("sendDocument", chat_id=1001)
    assert "wrong file identifier/HTTP URL specified" in call.refused("sendDocument", chat_id=1001, document="x")
    assert "file must be non-empty" in call.refused("sendDocument", files={"document": ("空", b"")}, chat_id=1001)
    call("editMessageCaption", chat_id=1001, message_id=sent["message_id"], caption="新")
    refusal = call.refused("editMessageText", chat_id=1001, message_id=sent["message_id"], text="新")
    assert refusal == "400 Bad Request: there is no text in the message to edit"
    assert server.messages(chat)[0]["caption"] == "新"


def test_a_document_beyond_the_limit(chat: Chat, call: Client):
    too_much = {"document": ("大", bytes((50 << 20) + 1))}
    assert call.refused("sendDocument", files=too_much, chat_id=1001) == "413 Request Entity Too Large"


@pytest.mark.parametrize(
    "kind",
    ["photo", "voice", "audio", "video", "animation", "video_note", "sticker", "location", "venue", "contact", "poll", "dice"],
)
def test_media_are_read_by_python_telegram_bot(server: BotApiServer, alice: User, chat: Chat, call: Client, kind):
    server.send_media(chat, alice, kind)
    (update,) = call("getUpdates")
    message = Update.de_json(update).message
    assert message is not None
    assert getattr(message, kind)


# -- updates ------------------------------------------------------------------------------------------------------------


def test_updates_come_until_they_are_confirmed(server: BotApiServer, alice: User, chat: Chat, call: Client):
    for text in "一二三":
        server.send(chat, alice, text)
    first = call("getUpdates", limit=2)
    assert [one["message"]["text"] for one in first] == ["一", "二"]
    assert call("getUpdates", limit=2) == first
    rest = call("getUpdates", offset=first[-1]["update_id"] + 1)
    assert [one["message"]["text"] for one in rest] == ["三"]
    assert call("getUpdates", offset=rest[-1]["update_id"] + 1) == []
    assert server.pending == 0
    server.redeliver(first[0]["update_id"])
    server.redeliver(rest[0]["message"])
    assert call("getUpdates", offset=rest[-1]["update_id"] + 1) == [first[0], rest[0]]


def test_long_polling(server: BotApiServer, alice: User, chat: Chat, call: Client):
    with ThreadPoolExecutor() as pool:
        started = time.monotonic()
        poll = pool.submit(call, "getUpdates", timeout=9)
        time.sleep(0.1)
        sent = server.send(chat, alice, "一")
        assert poll.result()[0]["message"] == sent
        assert time.monotonic() - started < 3
    edited = server.edit(sent, "二 /help")
    assert edited["entities"][0]["offset"] == 2
    assert call("getUpdates", offset=-1)[0]["edited_message"]["text"] == "二 /help"


def test_a_second_poll_ends_the_first(server: BotApiServer, call: Client):
    with ThreadPoolExecutor() as pool:
        poll = pool.submit(call.refused, "getUpdates", timeout=9)
        time.sleep(0.1)
        assert call("getUpdates") == []
        assert poll.result() == (
            "409 Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
        )


def test_a_poll_that_hung_up_is_no_second_instance(server: BotApiServer, call: Client):
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(f"{server.url}/bot{TOKEN}/getUpdates", data={"timeout": 9}, timeout=0.1)
    assert call("getUpdates") == []
    assert server.refusals == []


def test_only_the_updates_that_were_asked_for(server: BotApiServer, alice: User, chat: Chat, call: Client):
    call("getUpdates", allowed_updates=["inline_query"])
    server.send(chat, alice, "一")
    server.inline(alice, "二")
    assert [set(one) for one in call("getUpdates")] == [{"update_id", "inline_query"}]
    call("getUpdates", allowed_updates=[])
    server.send(chat, alice, "三")
    assert "message" in call("getUpdates")[-1]


def test_privacy_mode():
    with BotApiServer(privacy=True) as server:
        call, alice, group = Client(server), server.user(1, "Alice"), server.group(-5001, "群")
        mine = call("sendMessage", chat_id=-5001, text="一")["message_id"]
        for text in ("闲谈", "/ask 一", "/ask@other_bot 一", "@report_bot 一"):
            server.send(group, alice, text)
        server.send(group, alice, "回复", reply_to=mine)
        assert [one["message"]["text"] for one in call("getUpdates")] == ["/ask 一", "@report_bot 一", "回复"]


class Hook(HTTPServer):
    """A bot's webhook, that turns the first update away."""

    def __init__(self) -> None:
        self.taken: list[tuple[str | None, dict[str, Any]]] = []
        self.answers = [500]
        super().__init__(("127.0.0.1", 0), _HookHandler)
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()


class _HookHandler(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.taken.append((self.headers["X-Telegram-Bot-Api-Secret-Token"], body))
        self.send_response(self.server.answers.pop() if self.server.answers else 200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def test_webhook(server: BotApiServer, alice: User, chat: Chat, call: Client):
    hook = Hook()
    url = f"http://127.0.0.1:{hook.server_port}/hook"
    server.send(chat, alice, "一")
    assert call("setWebhook", url=url, secret_token="a-B_1", allowed_updates=["message"])
    server.send(chat, alice, "二")
    server.wait(lambda: len(hook.taken) == 3, timeout=5, what="three deliveries")
    assert [(secret, one["message"]["text"]) for secret, one in hook.taken] == [("a-B_1", text) for text in "一一二"]
    server.redeliver(hook.taken[-1][1])
    server.wait(lambda: len(hook.taken) == 4, timeout=5)
    assert call.refused("getUpdates") == (
        "409 Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
    )
    assert server.webhook is not None
    assert server.webhook["url"] == url
    server.wait(lambda: server.pending == 0, timeout=5)
    assert call("getWebhookInfo")["allowed_updates"] == ["message"]
    assert call("deleteWebhook")
    assert server.webhook is None
    assert call("getUpdates") == []
    hook.shutdown()
    hook.server_close()


def test_a_webhook_that_can_not_be(call: Client):
    refusal = call.refused("setWebhook", url="ftp://a.cn")
    assert refusal == "400 Bad Request: bad webhook: An HTTPS URL must be provided for webhook"
    refusal = call.refused("setWebhook", url="https://a.cn", secret_token="a b")
    assert refusal == "400 Bad Request: secret token contains unallowed characters"
    assert call.refused("setWebhook", url="https://a.cn", secret_token="a" * 257) == "400 Bad Request: secret token is too long"
    assert call("setWebhook", url="")


def test_setting_a_webhook_ends_the_poll(server: BotApiServer, call: Client):
    with ThreadPoolExecutor() as pool:
        poll = pool.submit(call.refused, "getUpdates", timeout=9)
        time.sleep(0.1)
        call("setWebhook", url="http://127.0.0.1:9/")
        assert poll.result() == "409 Conflict: terminated by setWebhook request"


# -- profile ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command, description, expected",
    [
        ("a" * 32, "述" * 256, "ok"),
        ("a" * 33, "述", "command length must not exceed 32"),
        ("Ask", "述", "BOT_COMMAND_INVALID"),
        ("查询", "述", "BOT_COMMAND_INVALID"),
        ("", "述", "command must be non-empty"),
        ("ask", " ", "command description must be non-empty"),
        ("ask", "述" * 257, "command description length must not exceed 256"),
        ("ask", None, "can't parse BotCommand: Can't find field \"description\""),
    ],
)
def test_commands(running: BotApiServer, command, description, expected):
    commands = [{"command": command, "description": description}]
    assert outcome(Client(running).raw("setMyCommands", commands=commands)) == expected


def test_scopes_and_languages_of_commands(server: BotApiServer, alice: User, chat: Chat, call: Client):
    one = [{"command": "ask", "description": "问"}]
    call("setMyCommands", commands=one)
    call("setMyCommands", commands=one, scope={"type": "chat", "chat_id": 1001}, language_code="zh")
    assert server.commands == {("default", None, ""): one, ("chat", 1001, "zh"): one}
    assert call("getMyCommands", language_code="zh") == []
    call("deleteMyCommands")
    assert list(server.commands) == [("chat", 1001, "zh")]
    assert "chat not found" in call.refused("setMyCommands", commands=one, scope={"type": "chat", "chat_id": 7})
    assert "Unsupported type" in call.refused("setMyCommands", commands=one, scope={"type": "chats"})
    assert "invalid language code" in call.refused("setMyCommands", commands=one, language_code="zh-hans")
    assert "BOT_COMMANDS_TOO_MUCH" in call.refused("setMyCommands", commands=one * 101)
    assert call("setMyCommands", commands=one * 100)


def test_descriptions(call: Client):
    assert call("setMyDescription", description="述" * 512)
    assert "description is too long" in call.refused("setMyDescription", description="述" * 513)
    assert call("setMyShortDescription", short_description="述" * 120, language_code="zh")
    assert "too long" in call.refused("setMyShortDescription", short_description="述" * 121)
    assert call("getMyShortDescription", language_code="zh") == {"short_description": "述" * 120}
    assert call("logOut")
    assert call.refused("getMe") == "400 Bad Request: Logged out"


# -- trouble and waiting ------------------------------------------------------------------------------------------------


def test_ordered_failures(server: BotApiServer, chat: Chat, call: Client):
    server.fail_next("sendMessage", error_code=429, retry_after=3, times=2)
    server.fail_next("sendMessage", error_code=500)
    for _ in range(2):
        answer = call.raw("sendMessage", chat_id=1001, text="一")
        assert answer["description"] == "Too Many Requests: retry after 3"
        assert answer["parameters"] == {"retry_after": 3}
    assert call.refused("sendMessage", chat_id=1001, text="一") == "500 Internal Server Error"
    for drop in ("before", "after"):
        server.fail_next("sendMessage", drop=drop)
        with pytest.raises(httpx.TransportError):
            call("sendMessage", chat_id=1001, text=drop)
    server.fail_next("*", error_code=502, times=9)
    server.heal()
    server.fail_next("sendMessage", error_code=None, delay=0.2)
    before = time.monotonic()
    call("sendMessage", chat_id=1001, text="慢")
    assert time.monotonic() - before > 0.2
    assert [one["text"] for one in server.messages(chat)] == ["after", "慢"]
    assert server.refusals == []
    assert [one.planned for one in server.called("sendMessage")] == [True] * 5 + [False]


def test_waiting(server: BotApiServer, alice: User, chat: Chat, call: Client):
    asked = server.send(chat, alice, "一")
    with ThreadPoolExecutor() as pool:
        waited = pool.submit(server.wait_reply, chat, after=asked, count=2)
        for text in "甲乙":
            call("sendMessage", chat_id=1001, text=text)
        assert [one["text"] for one in waited.result()] == ["甲", "乙"]
    assert server.wait(lambda: server.called("sendMessage", text="甲"))
    with pytest.raises(AssertionError, match=r"2 message\(s\) in chat 1001"):
        server.wait_reply(chat, after=asked["message_id"] + 1, count=2, timeout=0.1)
    with pytest.raises(AssertionError, match=r"(?s)for rain.*sendMessage"):
        server.wait(lambda: False, timeout=0.1, what="rain")


# -- python-telegram-bot ------------------------------------------------------------------------------------------------


def test_the_bot_of_python_telegram_bot(server: BotApiServer, alice: User, chat: Chat):
    asyncio.run(_converse(server, alice, chat))
    assert [one.method for one in server.refusals] == ["sendMessage"] * 3


async def _converse(server: BotApiServer, alice: User, chat: Chat) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("看", callback_data="x")]])
    async with Bot(TOKEN, f"{server.url}/bot", f"{server.url}/file/bot") as bot:
        assert bot.username == "report_bot"
        asked = server.send_document(chat, alice, "报告.docx", b"abc", caption="一")
        (update,) = await bot.get_updates(allowed_updates=Update.ALL_TYPES)
        assert update.message is not None
        assert bytes(await (await update.message.document.get_file()).download_as_bytearray()) == b"abc"
        to = ReplyParameters(asked["message_id"])
        sent = await bot.send_message(1001, "<b>一</b>", "HTML", reply_markup=keyboard, reply_parameters=to)
        assert sent.text_html == "<b>一</b>"
        assert sent.reply_to_message.document.file_name == "报告.docx"
        server.press(server.messages(chat)[0], "看")
        (pressed,) = await bot.get_updates(offset=update.update_id + 1)
        assert await pressed.callback_query.answer("好")
        edited = await pressed.callback_query.edit_message_text("二")
        assert edited.reply_markup is None
        await bot.send_document(1001, InputFile("年,值", "统计 表.csv"), caption="表")
        assert server.uploaded[0].filename == "统计 表.csv"
        await bot.set_my_commands([BotCommand("ask", "问")])
        assert (await bot.get_chat(1001)).first_name == "Alice"
        await _refused(server, alice, bot)


async def _refused(server: BotApiServer, alice: User, bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Message text is empty"):
        await bot.send_message(1001, "")
    server.block(alice)
    with pytest.raises(Forbidden, match="blocked by the user"):
        await bot.send_message(1001, "一")
    server.migrate(server.group(-5001, "群", kind="group"), -100777)
    with pytest.raises(ChatMigrated):
        await bot.send_message(-5001, "一")
    server.fail_next("sendMessage", retry_after=2)
    with pytest.raises(RetryAfter):
        await bot.send_message(-100777, "一")
    server.fail_next("sendMessage", drop="before")
    with pytest.raises(NetworkError):
        await bot.send_message(-100777, "一")


def test_many_people_at_once(server: BotApiServer, call: Client):
    """200 people ask, one bot answers: nothing may grow with what was said before."""
    people = [server.user(n, f"P{n}") for n in range(1, 201)]
    asked = [server.send(server.private(one), one, "问") for one in people]
    before = time.monotonic()
    for message in asked:
        call("sendMessage", chat_id=message["chat"]["id"], text="答")
    assert time.monotonic() - before < 5
    for message, person in zip(asked, people, strict=True):
        assert server.wait_reply(server.private(person), after=message)[0]["text"] == "答"


def test_sending_a_photo(chat: Chat, call: Client):
    png = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + (1080).to_bytes(4, "big") + (2386).to_bytes(4, "big")
    sent = call("sendPhoto", files={"photo": ("图.png", png)}, chat_id=1001, caption="图")
    assert (sent["caption"], sent["photo"][-1]["width"], sent["photo"][-1]["height"]) == ("图", 1080, 2386)
    assert "there is no photo in the request" in call.refused("sendPhoto", chat_id=1001)
    assert "IMAGE_PROCESS_FAILED" in call.refused("sendPhoto", files={"photo": ("x", b"GIF")}, chat_id=1001)
    long = png[:20] + (9000).to_bytes(4, "big")
    assert "PHOTO_INVALID_DIMENSIONS" in call.refused("sendPhoto", files={"photo": ("x", long)}, chat_id=1001)
