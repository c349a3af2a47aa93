"""Telegram: replies as HTML in messages of an accepted length; the application and who may ask."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime

import pytest
from invented import report
from telegram import Chat, Message, MessageEntity, Update, User

from bot.settings import Settings
from bot.telegram import MissingToken, as_html, build_application
from retrieval.library import Library
from retrieval.models import Quote, Reply

LIMIT = 4096
TOKEN = "12345:abcdefghijklmnopqrstuvwxyz012345678"


def quote(text: str, section: tuple[str, ...] = ("一、2024年工作回顾",)) -> Quote:
    return Quote(report(), section, text, 0, len(text))


def utf_16_units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def without_tags(parts: list[str]) -> str:
    return re.sub(r"<[^>]+>", "", "".join(parts))


def test_an_answer_with_its_quote():
    parts = as_html(Reply("answered", "6%左右，云溪镇2025年目标。", (quote("地区生产总值增长6%左右。"),)))
    assert parts == [
        "<b>6%左右，云溪镇2025年目标。</b>\n\n"
        "<blockquote>地区生产总值增长6%左右。</blockquote>\n《云溪镇政府工作报告》 › 一、2024年工作回顾"
    ]


def test_an_answer_without_quotes():
    assert as_html(Reply("not_found", "没有说明。")) == ["<b>没有说明。</b>"]


def test_signs_of_html_are_escaped_everywhere():
    (part,) = as_html(Reply("answered", "a<b>&c", (quote("1<2 & 3>2", ("<一>",)),)))
    assert part.startswith("<b>a&lt;b&gt;&amp;c</b>")
    assert "1&lt;2 &amp; 3&gt;2" in part
    assert "&lt;一&gt;" in part


@pytest.mark.parametrize("char", ["增", "𠮷"])
def test_quotes_are_spread_over_messages_of_an_accepted_length(char):
    quotes = tuple(quote(char * 400) for _ in range(30))
    parts = as_html(Reply("answered", "见引文。", quotes))
    assert len(parts) > 1
    assert all(utf_16_units(part) <= LIMIT for part in parts)
    assert without_tags(parts).count(char * 400) == 30
    assert all(part.count("<blockquote>") == part.count("</blockquote>") for part in parts)


@pytest.mark.parametrize("char", ["增", "𠮷", "&"])
def test_a_quote_longer_than_a_message_is_split_and_whole(char):
    parts = as_html(Reply("answered", "见引文。", (quote(char * 5000),)))
    assert all(utf_16_units(part) <= LIMIT for part in parts)
    assert without_tags(parts).replace("&amp;", "&").count(char) == 5000


def test_an_answer_longer_than_a_message_is_split_and_whole():
    answer = "\n".join(f"第{n}镇2025年地区生产总值增长目标：6%左右" for n in range(400))
    parts = as_html(Reply("answered", answer))
    assert all(utf_16_units(part) <= LIMIT for part in parts)
    assert without_tags(parts).count("镇2025年") == 400
    assert all(part.count("<b>") == part.count("</b>") for part in parts)


# -- the application ----------------------------------------------------------------------------------------------------


def settings(**values: object) -> Settings:
    return Settings(_env_file=None, **values)


@pytest.fixture(autouse=True)
def no_settings_of_the_user(monkeypatch):
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.alias), raising=False)


def test_no_application_without_a_token(small_library: Library):
    with pytest.raises(MissingToken, match="TELEGRAM_BOT_TOKEN"):
        build_application(settings(), small_library)


def update(chat: int, text: str, kind: str = Chat.PRIVATE) -> Update:
    entities = [MessageEntity(MessageEntity.BOT_COMMAND, 0, len(text))] if text.startswith("/") else []
    message = Message(1, datetime.now(UTC), Chat(chat, kind), from_user=User(chat, "u", False), text=text, entities=entities)
    return Update(1, message=message)


def handled(application, one: Update) -> bool:
    handlers = [handler for group in application.handlers.values() for handler in group]
    application.bot._bot_user = User(1, "bot", True, username="bot")
    if one.message:
        one.message.set_bot(application.bot)
    return any(handler.check_update(one) not in (None, False) for handler in handlers)


@pytest.mark.parametrize("text", ["云溪镇2025年GDP目标是多少", "/start", "/help", "/reset"])
def test_everyone_may_ask_where_no_chats_are_set(small_library: Library, text):
    application = build_application(settings(TELEGRAM_BOT_TOKEN=TOKEN), small_library)
    assert handled(application, update(77, text))


@pytest.mark.parametrize("text", ["云溪镇2025年GDP目标是多少", "/start", "/help", "/reset"])
def test_only_the_allowed_chats_may_ask(small_library: Library, text):
    application = build_application(settings(TELEGRAM_BOT_TOKEN=TOKEN, ALLOWED_CHAT_IDS="77,78"), small_library)
    assert handled(application, update(77, text))
    assert handled(application, update(78, text))
    assert not handled(application, update(79, text))


def test_a_self_hosted_server(small_library: Library):
    application = build_application(
        settings(TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_API_BASE_URL="http://127.0.0.1:8081/"), small_library
    )
    assert application.bot.base_url == f"http://127.0.0.1:8081/bot{TOKEN}"
    assert application.bot.base_file_url == f"http://127.0.0.1:8081/file/bot{TOKEN}"


def test_building_needs_no_network_and_no_running_loop(small_library: Library):
    application = build_application(settings(TELEGRAM_BOT_TOKEN=TOKEN), small_library)
    assert not application.running
    with pytest.raises(RuntimeError):
        asyncio.get_running_loop()
