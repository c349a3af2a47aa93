"""Sending and editing screens."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

from telegram import Bot, InlineKeyboardMarkup, Message, ReplyParameters
from telegram.constants import ChatAction, FloodLimit
from telegram.error import BadRequest, ChatMigrated, RetryAfter, TelegramError
from telegram.ext import BaseRateLimiter

from bot.conversation.turns import Places, Turns
from bot.telegram.markup import escaped
from bot.telegram.screens import Screen

_log = logging.getLogger(__name__)
_ATTEMPTS = 4

_TYPING_LASTS = 4.5  # Telegram shows it for five seconds
_TYPING_WAIT = 0.5


class OutgoingLimits(BaseRateLimiter[int]):
    """Telegram's limits for what is sent, kept to by waiting: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits.

    Who waits holds no place of others: a group for its own limit, a chat for its own 429. Where more is to be sent than
    Telegram takes of a bot, the chat that was sent least comes first. That somebody is shown as typing uses nothing up.
    """

    def __init__(self, places: Places, seconds: float = 1.0) -> None:
        """``seconds`` are those of a second, which tests make shorter."""
        self._places = places
        self._second = seconds
        self._all = Turns(FloodLimit.MESSAGES_PER_SECOND)
        self._groups: dict[int, Turns] = {}
        self._paused: dict[int, float] = {}  # until when, by chat

    async def initialize(self) -> None:
        """Nothing to set up."""

    async def shutdown(self) -> None:
        """Nothing to take down."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Any:
        """Waits, sends, and after a 429 waits as long as Telegram says. Raises the RetryAfter that comes too often."""
        chat = data.get("chat_id")
        if not isinstance(chat, int):
            return await callback(*args, **kwargs)
        if endpoint == "sendChatAction":
            return True if self._pause(chat) else await callback(*args, **kwargs)
        for left in reversed(range(_ATTEMPTS)):
            await self._turn(chat)
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as error:
                if not left:
                    raise
                _log.info("too much for chat %d: waiting for %s", chat, error.retry_after)
                self._paused[chat] = time.monotonic() + _seconds(error.retry_after) + 0.1 * self._second
        return None

    async def _turn(self, chat: int) -> None:
        if self._all.is_free and not self._pause(chat) and (chat > 0 or self._group(chat).is_free):
            await self._taken(chat)
            return
        async with self._places.given_up():
            while pause := self._pause(chat):
                await asyncio.sleep(pause)
            await self._taken(chat)

    async def _taken(self, chat: int) -> None:
        """Takes a message of the chat's minute and of the bot's second; both come back by themselves."""
        loop = asyncio.get_running_loop()
        if chat < 0:
            await self._group(chat).take((chat,))
            loop.call_later(60 * self._second, self._minute_over, chat)
        await self._all.take((chat,))
        loop.call_later(self._second, self._all.give_back)

    def _group(self, chat: int) -> Turns:
        return self._groups.setdefault(chat, Turns(FloodLimit.MESSAGES_PER_MINUTE_PER_GROUP))

    def _minute_over(self, chat: int) -> None:
        self._groups[chat].give_back()
        if self._groups[chat].is_unused:
            del self._groups[chat]

    def _pause(self, chat: int) -> float:
        """How long nothing may be sent to a chat."""
        left = self._paused.get(chat, 0.0) - time.monotonic()
        if left <= 0:
            self._paused.pop(chat, None)
        return max(left, 0.0)


def _seconds(said: int | timedelta) -> float:
    return said.total_seconds() if isinstance(said, timedelta) else float(said)


def says(error: TelegramError, *texts: str) -> bool:
    """Whether an error's text has one of ``texts``; PTB shows Telegram's texts with a capital."""
    return any(text in error.message.lower() for text in texts)


async def send(
    bot: Bot, chat_id: int, screen: Screen, reply_to: int | None = None, thread_id: int | None = None, words: str = ""
) -> list[int]:
    """Sends the parts of a screen one after the other, the first as a reply, with ``words`` of that message marked; the ids."""
    sent = []
    for number, part in enumerate(screen.parts):
        last = number == len(screen.parts) - 1
        quoting = _replying(reply_to, words) if reply_to and not number else None
        markup = screen.keyboard if last else None
        try:
            message = await _sent(bot, chat_id, part, markup, quoting, thread_id)
        except ChatMigrated as error:  # a group became a supergroup this moment; its messages and topics are others
            chat_id, thread_id = error.new_chat_id, None
            message = await bot.send_message(chat_id, part, reply_markup=markup)
        sent.append(message.message_id)
    return sent


def _replying(reply_to: int, words: str = "") -> ReplyParameters:
    return ReplyParameters(reply_to, allow_sending_without_reply=True, quote=escaped(words) if words else None)


async def _sent(
    bot: Bot,
    chat_id: int,
    part: str,
    markup: InlineKeyboardMarkup | None,
    quoting: ReplyParameters | None,
    thread_id: int | None,
) -> Message:
    """Sends a message; without the words that it marks, where those stand in the message no more (it was edited since)."""
    try:
        return await bot.send_message(chat_id, part, reply_markup=markup, reply_parameters=quoting, message_thread_id=thread_id)
    except BadRequest as error:
        if quoting is None or quoting.quote is None or not says(error, "quote"):
            raise
        return await _sent(bot, chat_id, part, markup, _replying(quoting.message_id), thread_id)


async def edit(bot: Bot, chat_id: int, message_id: int, screen: Screen) -> bool:
    """Shows the last part of a screen in place of a message; False where the message can't be edited any more."""
    try:
        await bot.edit_message_text(screen.parts[-1], chat_id, message_id, reply_markup=screen.keyboard)
    except BadRequest as error:
        if says(error, "not modified"):
            return True
        if says(error, "message to edit not found", "message can't be edited"):
            return False
        raise
    return True


async def edit_all(
    bot: Bot, chat_id: int, old: list[int], screen: Screen, reply_to: int | None, thread_id: int | None, words: str = ""
) -> list[int]:
    """Shows a screen in place of several messages: some are edited, what is too many is deleted, what lacks is sent (:func:`send`)."""
    kept: list[int] = []
    for number, part in enumerate(screen.parts):
        last = number == len(screen.parts) - 1
        one = Screen((part,), screen.keyboard if last else None)
        if number < len(old) and await edit(bot, chat_id, old[number], one):
            kept.append(old[number])
        else:
            kept += await send(bot, chat_id, one, None if number else reply_to, thread_id, words)
    for message_id in old:
        if message_id not in kept:
            with suppress(TelegramError):
                await bot.delete_message(chat_id, message_id)
    return kept


@asynccontextmanager
async def typing(bot: Bot, chat_id: int, thread_id: int | None = None) -> AsyncIterator[None]:
    """Shows the bot as typing while the body runs, and no longer: what follows is sent after the last of it."""
    done = asyncio.Event()

    async def keep() -> None:
        while not done.is_set():
            with suppress(TelegramError):
                await bot.send_chat_action(chat_id, ChatAction.TYPING, message_thread_id=thread_id)
            with suppress(TimeoutError):
                await asyncio.wait_for(done.wait(), _TYPING_LASTS)

    task = asyncio.get_running_loop().create_task(keep())
    try:
        yield
    finally:
        done.set()
        await asyncio.wait([task], timeout=_TYPING_WAIT)
        task.cancel()
