"""An update that ended the process: tried once more, alone, then set aside and shown to the administrators."""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import suppress
from typing import Any

from telegram import Bot, Update
from telegram.error import TelegramError
from telegram.ext import Application

from bot.telegram import screens
from bot.telegram.addressing import thread_of
from bot.telegram.browsing import Pressed
from bot.telegram.delivery import send
from bot.telegram.inbox import Inbox
from bot.telegram.services import Services
from bot.telegram.suspects import KEPT_DAYS, SetAside
from retrieval.messages import DEFAULT_LANGUAGE, speaking

_log = logging.getLogger(__name__)
_ALONE_SECONDS = 60.0  # what has not ended by then holds nobody up any more, and goes on beside the others
App = Application[Any, Any, Any, Any, Any, Any]


async def try_suspects(application: App, services: Services) -> None:
    """Handles what the last run did not end, one after the other with nothing beside; to be called before updates come."""
    for one in await services.stored(services.suspects.set_aside):
        _log.error(
            "incident %s: update %d ended the process and is set aside; it is in the table set_aside of %s",
            one.incident,
            one.update_id,
            services.library.folder / "telegram",
        )
    while (payload := await services.stored(services.suspects.next_alone)) is not None:
        update = Update.de_json(json.loads(payload), application.bot)
        _log.warning("update %d was being handled when the last run ended; it is tried again alone", update.update_id)
        await asyncio.wait({application.create_task(application.process_update(update))}, timeout=_ALONE_SECONDS)


async def tell_of_set_aside(bot: Bot, services: Services) -> None:
    """Tells who sent it that it was not answered, and the administrators, who can have it tried again."""
    for one in await services.stored(services.suspects.untold):
        await services.stored(services.suspects.told, one.incident)
        await _tell_sender(bot, one)
        with speaking(DEFAULT_LANGUAGE):
            text = screens.text("telegram.set_aside", incident=one.incident, days=KEPT_DAYS)
            screen = screens.Screen(text.parts, screens.keyboard([screens.button("retry", "retry", one.incident)]))
        for administrator in services.administrators.everyone():
            with suppress(TelegramError):
                await send(bot, administrator.user_id, screen)


async def _tell_sender(bot: Bot, one: SetAside) -> None:
    said = Update.de_json(json.loads(one.payload), bot).message
    if said is not None:
        with suppress(TelegramError):
            await send(
                bot, said.chat_id, screens.text("errors.unexpected", incident=one.incident), said.message_id, thread_of(said)
            )


async def retry(on: Pressed) -> None:
    """再试一次: what was set aside is handled as if it had just come. Should it end the process again, it is set aside again."""
    payload = await on.services.stored(on.services.suspects.take_back, on.press.arguments[0])
    inbox = on.context.application.update_queue
    if payload is None or not isinstance(inbox, Inbox):
        await on.show(screens.text("telegram.set_aside_gone", days=KEPT_DAYS))
        return
    update = Update.de_json(json.loads(payload), on.context.bot)
    on.services.wanted.add(update.update_id)
    await on.show(screens.text("telegram.tried_again", incident=on.press.arguments[0]))
    await inbox.put_later(update, 0)
