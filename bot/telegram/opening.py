"""在原文中打开: how a quote is opened on the pages, where there are any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from telegram import InlineKeyboardButton, WebAppInfo

from bot.addresses import passage_address, passage_in_mini_app
from bot.telegram.markup import escaped
from retrieval.messages import message
from retrieval.models import Span
from retrieval.replies import Quote

# A Mini App can be a button in private chats only (https://core.telegram.org/bots/api#inlinekeyboardbutton), and a button's address
# has to be one that Telegram takes for public: that of pages without https may be none, and is a link.
Way = Literal["mini_app", "button", "link", "none"]


@dataclass(frozen=True)
class Opening:
    """How the quotes of a message are opened."""

    way: Way = "none"
    url: str = ""

    def link(self, quote: Quote) -> str:
        """What stands behind a quote's source, as HTML."""
        if self.way != "link":
            return ""
        address = passage_address(self.url, quote.report.id, Span(quote.start, quote.end))
        return f' <a href="{escaped(address)}">{escaped(message("buttons.passage"))}</a>'

    def buttons(self, quotes: Sequence[Quote]) -> list[InlineKeyboardButton]:
        """A button a quote, numbered where there are several."""
        if self.way not in ("mini_app", "button"):
            return []
        numbers = [""] if len(quotes) == 1 else [f" {number}" for number in range(1, len(quotes) + 1)]
        return [
            self._button(quote, f"{message('buttons.passage')}{number}") for quote, number in zip(quotes, numbers, strict=True)
        ]

    def _button(self, quote: Quote, label: str) -> InlineKeyboardButton:
        span = Span(quote.start, quote.end)
        if self.way == "mini_app":
            return InlineKeyboardButton(label, web_app=WebAppInfo(passage_in_mini_app(self.url, quote.report.id, span)))
        return InlineKeyboardButton(label, url=passage_address(self.url, quote.report.id, span))


NOWHERE = Opening()


def opening(web_url: str | None, chat_id: int | None) -> Opening:
    """How quotes are opened in a chat; None is whichever chat an inline answer is sent to."""
    if not web_url:
        return NOWHERE
    if chat_id is None or urlsplit(web_url).scheme.lower() != "https":
        return Opening("link", web_url)
    return Opening("mini_app" if chat_id > 0 else "button", web_url)
