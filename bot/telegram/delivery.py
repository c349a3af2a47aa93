"""Sending and editing screens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from telegram import Bot, ReplyParameters
from telegram.constants import ChatAction
from telegram.error import BadRequest, ChatMigrated, TelegramError
from telegram.ext import AIORateLimiter

from bot.telegram.screens import Screen

_TYPING_LASTS = 4.5  # Telegram shows it for five seconds
_TYPING_WAIT = 0.5


class OutgoingLimits(AIORateLimiter):
    """PTB's own limits for what is sent; that somebody is shown as typing does not use them up."""

    async def process_request(self, callback: Any, args: Any, kwargs: Any, endpoint: str, *rest: Any, **more: Any) -> Any:
        if endpoint == "sendChatAction":
            return await callback(*args, **kwargs)
        return await super().process_request(callback, args, kwargs, endpoint, *rest, **more)


def says(error: TelegramError, *texts: str) -> bool:
    """Whether an error's text has one of ``texts``; PTB shows Telegram's texts with a capital."""
    return any(text in error.message.lower() for text in texts)


async def send(bot: Bot, chat_id: int, screen: Screen, reply_to: int | None = None, thread_id: int | None = None) -> list[int]:
    """Sends the parts of a screen one after the other, the first as a reply; the ids of the messages."""
    sent = []
    for number, part in enumerate(screen.parts):
        last = number == len(screen.parts) - 1
        quoting = ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to and not number else None
        markup = screen.keyboard if last else None
        try:
            message = await bot.send_message(
                chat_id, part, reply_markup=markup, reply_parameters=quoting, message_thread_id=thread_id
            )
        except ChatMigrated as error:  # a group became a supergroup this moment; its messages and topics are others
            chat_id, thread_id = error.new_chat_id, None
            message = await bot.send_message(chat_id, part, reply_markup=markup)
        sent.append(message.message_id)
    return sent


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
    bot: Bot, chat_id: int, old: list[int], screen: Screen, reply_to: int | None, thread_id: int | None
) -> list[int]:
    """Shows a screen in place of several messages: some are edited, what is too many is deleted, what lacks is sent."""
    kept: list[int] = []
    for number, part in enumerate(screen.parts):
        last = number == len(screen.parts) - 1
        one = Screen((part,), screen.keyboard if last else None)
        if number < len(old) and await edit(bot, chat_id, old[number], one):
            kept.append(old[number])
        else:
            kept += await send(bot, chat_id, one, None if number else reply_to, thread_id)
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
