"""在原文中打开: a Mini App button in private, a button in groups, a link where a button can't be, nothing without pages."""

from __future__ import annotations

import html
import re

import pytest
from telegram_kit import TOKEN, Person, Request, Session, shown

from bot.settings import settings_from
from retrieval.library import Library

QUESTION = "云溪镇2025年固定资产投资目标是多少"
GROUP = -1001
LABEL = "在原文中打开"


def answer(library: Library, web_url: str, chat: int | None = None) -> Request:
    settings = settings_from({"TELEGRAM_BOT_TOKEN": TOKEN, "WEB_URL": web_url})
    with Session(library, settings) as session:
        text = QUESTION if chat is None else f"@report_bot {QUESTION}"
        return shown(session.say(Person(7), text, chat))[-1]


def opening_buttons(request: Request) -> list[dict]:
    return [button for text, button in request.buttons.items() if text.startswith(LABEL)]


def passage(library: Library, address: str) -> str:
    report, start, end = map(int, re.search(r"/reports/(\d+)\?c=(\d+)-(\d+)", address).groups())
    return library.text(report)[start:end]


def test_in_private_a_mini_app_opens_the_quote(library: Library):
    (button,) = opening_buttons(answer(library, "https://reports.example.org/gov/"))
    address = button["web_app"]["url"]
    assert address.startswith("https://reports.example.org/gov/app/reports/1?c=")
    assert "#" not in address  # the fragment is Telegram's
    assert "7%以上、力争达到8%" in passage(library, address)


def test_in_a_group_it_is_a_button_that_leads_to_the_page(library: Library):
    (button,) = opening_buttons(answer(library, "https://reports.example.org", GROUP))
    assert "web_app" not in button
    assert re.fullmatch(r"https://reports\.example\.org/reports/1\?c=(\d+-\d+)#c\1", button["url"])


@pytest.mark.parametrize("chat", [None, GROUP])
def test_without_https_it_is_a_link_behind_the_source(library: Library, chat):
    request = answer(library, "http://192.168.1.4:8090", chat)
    assert opening_buttons(request) == []
    address = html.unescape(re.search(rf'<a href="([^"]+)">{LABEL}</a>', request.text)[1])
    assert re.fullmatch(r"http://192\.168\.1\.4:8090/reports/1\?c=(\d+-\d+)#c\1", address)
    assert "7%以上" in passage(library, address)


def test_without_pages_there_is_none(library: Library):
    request = answer(library, "")
    assert LABEL not in request.text
    assert opening_buttons(request) == []


def test_each_of_several_quotes_has_its_own(library: Library):
    settings = settings_from({"TELEGRAM_BOT_TOKEN": TOKEN, "WEB_URL": "https://reports.example.org"})
    with Session(library, settings) as session:
        (request,) = [one for one in shown(session.say(Person(7), "各地2025年GDP增长目标")) if one.buttons]
    buttons = opening_buttons(request)
    assert [one["text"] for one in buttons] == [f"{LABEL} 1", f"{LABEL} 2", f"{LABEL} 3"]
    assert len({one["web_app"]["url"] for one in buttons}) == 3
    assert len(request.rows[0]) == 3


def test_an_inline_answer_has_a_link(library: Library):
    settings = settings_from({"TELEGRAM_BOT_TOKEN": TOKEN, "WEB_URL": "https://reports.example.org"})
    with Session(library, settings) as session:
        (request,) = [one for one in session.inline(Person(7), QUESTION) if one.method == "answerInlineQuery"]
    content = request.parameters["results"][0]["input_message_content"]["message_text"]
    assert f">{LABEL}</a>" in content
    assert "/app/" not in content
