"""The chart of an answer, as a photo before its text; the text holds the whole table for those who can't see it."""

from __future__ import annotations

import logging
from contextlib import suppress

from telegram import Bot, InputFile, InputMediaPhoto, ReplyParameters
from telegram.error import BadRequest, TelegramError

from bot import charts
from bot.conversation import evidence
from bot.telegram.browsing import Pressed, question_of
from bot.telegram.markup import CAPTION_LIMIT, cut_to, escaped
from bot.telegram.services import Services
from retrieval.replies import Reply

_log = logging.getLogger(__name__)
_NAME = "comparison.png"


async def show(
    bot: Bot, services: Services, chat_id: int, reply: Reply, old: int | None, reply_to: int | None, thread_id: int | None
) -> int | None:
    """Shows the chart of a reply in place of an ``old`` one, or as a new photo; its message, None where there is none.

    Where a photo can't be sent, the text alone has to do: it says the same.
    """
    comparison = charts.chart_of(reply)
    if comparison is None:
        await _remove(bot, chat_id, old)
        return None
    photo = InputFile(await services.drawn(charts.draw, comparison), _NAME)
    caption = escaped(cut_to(comparison.title, CAPTION_LIMIT // 2))
    try:
        if old is not None and await _replace(bot, chat_id, old, photo, caption):
            return old
        quoting = ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to else None
        sent = await bot.send_photo(chat_id, photo, caption=caption, reply_parameters=quoting, message_thread_id=thread_id)
    except TelegramError as error:
        _log.info("no chart for chat %s: %r", chat_id, error)
        return None
    return sent.message_id


async def send_whole(on: Pressed) -> None:
    """全图: the chart with all of its places, in a message of its own."""
    stored = await question_of(on)
    reply = await on.services.answered(evidence.resolved, on.services.library, stored) if stored else None
    comparison = charts.chart_of(reply) if reply else None
    if comparison is None:
        await on.stale()
        return
    await on.tell("")
    photo = InputFile(await on.services.drawn(charts.draw, comparison, charts.MOST_LINES), _NAME)
    caption = escaped(cut_to(comparison.title, CAPTION_LIMIT // 2))
    await on.context.bot.send_photo(on.chat_id, photo, caption=caption, message_thread_id=on.thread_id)


async def _replace(bot: Bot, chat_id: int, message_id: int, photo: InputFile, caption: str) -> bool:
    try:
        await bot.edit_message_media(InputMediaPhoto(photo, caption=caption), chat_id, message_id)
    except BadRequest:
        await _remove(bot, chat_id, message_id)
        return False
    return True


async def _remove(bot: Bot, chat_id: int, message_id: int | None) -> None:
    if message_id is not None:
        with suppress(TelegramError):
            await bot.delete_message(chat_id, message_id)
