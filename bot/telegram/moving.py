"""A message that shows how far long work has come: edited at most once a second."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import ParamSpec, TypeVar

from telegram import Bot
from telegram.error import TelegramError

from bot.telegram import cards
from bot.telegram.delivery import edit
from bot.telegram.screens import Screen
from bot.telegram.services import Services

P = ParamSpec("P")
R = TypeVar("R")
_SECONDS = 1.0


class Stopped(Exception):
    """The bot is being stopped; the work that reported its progress ends here, before anything is changed."""


class Moving:
    """The progress of one piece of work; :meth:`report` is called in its thread."""

    def __init__(self, services: Services, bot: Bot, chat_id: int, message_id: int, name: str, *, shown: bool = False) -> None:
        """``shown`` tells that the message shows the first step already."""
        self._services = services
        self._bot = bot
        self._chat_id = chat_id
        self._message_id = message_id
        self._name = name
        self._now = ("waiting", 0, 1)
        self._shown = self._now if shown else None

    def report(self, stage: str, done: int, total: int) -> None:
        """Raises Stopped when the bot is being stopped."""
        if self._services.stopping:
            raise Stopped
        self._now = (stage, done, total)

    async def along(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Calls ``function`` in the changing thread and shows its progress meanwhile."""
        work = asyncio.ensure_future(self._services.changed(function, *args, **kwargs))
        while not work.done():
            if self._now != self._shown:
                self._shown = self._now
                with suppress(TelegramError):
                    await edit(self._bot, self._chat_id, self._message_id, Screen((cards.progress(self._name, *self._shown),)))
            await asyncio.wait([work], timeout=_SECONDS)
        return await work
