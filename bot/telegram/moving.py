"""A message that shows how far long work has come: edited at most once a second."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, ParamSpec, TypeVar

from telegram import Bot
from telegram.error import TelegramError

from bot.telegram import cards
from bot.telegram.delivery import edit, send
from bot.telegram.screens import Screen
from bot.telegram.services import Services

P = ParamSpec("P")
R = TypeVar("R")
_SECONDS = 1.0


class Stopped(Exception):
    """The bot is being stopped; the work that reported its progress ends here, before anything is changed."""


class Moving:
    """The progress of one piece of work; :meth:`report` is called in its thread."""

    def __init__(
        self,
        services: Services,
        bot: Bot,
        chat_id: int,
        message_id: int | None,
        name: str,
        *,
        shown: bool = False,
        said: str = "telegram.adding",
        reply_to: int | None = None,
    ) -> None:
        """``shown`` tells that the message shows the first step already.

        Without ``message_id`` a message is sent, in reply to ``reply_to``, as soon as there is progress to show. ``said``
        is the key of the text above the bar.
        """
        self._services = services
        self._bot = bot
        self._chat_id = chat_id
        self._message_id = message_id
        self._name = name
        self._now = ("waiting", 0, 1)
        self._shown = self._now if shown or message_id is None else None
        self._said = said
        self._reply_to = reply_to

    def report(self, stage: str, done: int, total: int) -> None:
        """Raises Stopped when the bot is being stopped."""
        if self._services.stopping:
            raise Stopped
        self._now = (stage, done, total)

    async def along(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Calls ``function`` in the changing thread and shows its progress meanwhile."""
        return await self._followed(self._services.changed(function, *args, **kwargs))

    async def along_understanding(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """As :meth:`along`, in the thread that reads files."""
        return await self._followed(self._services.read(function, *args, **kwargs))

    async def vanish(self) -> None:
        """Takes the message away; nothing where none was needed."""
        if self._message_id is not None:
            with suppress(TelegramError):
                await self._bot.delete_message(self._chat_id, self._message_id)

    async def _followed(self, called: Coroutine[Any, Any, R]) -> R:
        work = asyncio.ensure_future(called)
        while not work.done():
            if self._now != self._shown:
                self._shown = self._now
                with suppress(TelegramError):
                    await self._show(Screen((cards.progress(self._name, *self._shown, said=self._said),)))
            await asyncio.wait([work], timeout=_SECONDS)
        return await work

    async def _show(self, screen: Screen) -> None:
        if self._message_id is None:
            self._message_id = (await send(self._bot, self._chat_id, screen, self._reply_to))[-1]
        else:
            await edit(self._bot, self._chat_id, self._message_id, screen)
