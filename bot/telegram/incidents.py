"""What goes wrong: one sentence for the user, a number for the log, a word to the administrators; never the token."""

from __future__ import annotations

import logging
import time
import traceback
import uuid
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import httpx
from telegram import CallbackQuery, Update
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.ext import Application, ContextTypes

from bot.telegram import screens
from bot.telegram.addressing import asker, in_group, thread_of
from bot.telegram.delivery import says, send
from bot.telegram.inbox import Inbox
from bot.telegram.markup import cut_to, escaped
from bot.telegram.services import Services, services_of
from retrieval.errors import OperatorError, ReportBotError
from retrieval.messages import DEFAULT_LANGUAGE, message, speaking

_log = logging.getLogger(__name__)
_TOLD_AGAIN_AFTER = 600.0
_RETRY_SECONDS = 3.0
_NEVER_WHOLE = (httpx.PoolTimeout, httpx.ConnectTimeout, httpx.WriteTimeout)
# What Telegram says where a bot is in a chat and may not write there.
_NO_RIGHT = (
    "not enough rights to send",
    "have no rights to send",
    "need administrator rights in the channel",
    "chat_write_forbidden",
    "chat_restricted",
    "chat_send_plain_forbidden",
    "topic_closed",
    "chat not found",
)
App = Application[Any, Any, Any, Any, Any, Any]


class Redacted(logging.Formatter):
    """Formats as another formatter does, and then blackens secrets: addresses and errors of Telegram hold the token."""

    def __init__(self, formatter: logging.Formatter, secrets: Sequence[str]) -> None:
        super().__init__()
        self._formatter = formatter
        self._secrets = [secret for secret in secrets if secret]

    def format(self, record: logging.LogRecord) -> str:
        written = self._formatter.format(record)
        for secret in self._secrets:
            written = written.replace(secret, "<secret>")
        return written


def keep_out_of_logs(secrets: Sequence[str]) -> None:
    """Wraps the formatters of all root handlers, and silences what would log an address for every request."""
    for handler in logging.getLogger().handlers:
        handler.setFormatter(Redacted(handler.formatter or logging.Formatter(logging.BASIC_FORMAT), secrets))
    logging.getLogger("httpx").setLevel(logging.WARNING)


async def on_error(update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
    """PTB's error handler: whatever a handler did not catch."""
    error = context.error
    services = services_of(context)
    if error is None or isinstance(error, Forbidden):
        _log.info("not answered: %r", error)
    elif isinstance(error, BadRequest) and says(error, *_NO_RIGHT):
        await _tell_in_private(update, context, error)
    elif services.stopping:
        if isinstance(update, Update):
            services.retrying.add(update.update_id)  # it stays on disk for the next start
    elif isinstance(error, ReportBotError):
        await _say(update, context, _sentence(error, update, services))
        if isinstance(error, OperatorError):
            await report_incident(context.application, services, error, None, None)
    elif isinstance(error, RetryAfter) or (isinstance(error, NetworkError) and not isinstance(error, BadRequest)):
        await _later(update, context, services, error)
    else:
        await report_incident(context.application, services, error, update, context)


async def _tell_in_private(update: object, context: ContextTypes.DEFAULT_TYPE, error: BadRequest) -> None:
    """Where the bot may not write in a chat, who asked there is told alone, if they have ever written to it."""
    if not isinstance(update, Update) or update.effective_user is None or not in_group(update):
        _log.info("not answered: %r", error)
        return
    chat = update.effective_chat
    _log.warning("the bot may not write in chat %s: %s", chat.id if chat else "?", error.message)
    title = (chat.title if chat else None) or ""
    with suppress(TelegramError):
        await send(context.bot, update.effective_user.id, screens.text("telegram.no_right_to_write", chat=title))


def _sentence(error: ReportBotError, update: object, services: Services) -> str:
    """What is said of an error where it arose: folders of the server are named to administrators only, in private."""
    if not isinstance(error, OperatorError):
        return error.user_message
    if isinstance(update, Update) and not in_group(update) and services.administrators.includes(asker(update)):
        return error.user_message
    told = message("telegram.administrators_told") if services.administrators.everyone() else ""
    return f"{error.neutral_message}{told}"


async def report_incident(
    application: App, services: Services, error: BaseException, update: object, context: ContextTypes.DEFAULT_TYPE | None
) -> str:
    """Logs an error under a number, tells it to the user, and to the administrators unless they know; the number."""
    incident = uuid.uuid4().hex[:8]
    _log.error("incident %s", incident, exc_info=error)
    if context is not None:
        await _say(update, context, message("errors.unexpected", incident=incident))
    await _tell_administrators(application, services, error, incident)
    return incident


async def _later(update: object, context: ContextTypes.DEFAULT_TYPE, services: Services, error: TelegramError) -> None:
    """An answer that did not reach Telegram is made again; one that may have reached it (most timeouts) is not."""
    _log.warning("Telegram could not be reached: %r", error)
    inbox = context.application.update_queue
    if _may_have_arrived(error) or not isinstance(update, Update) or not isinstance(inbox, Inbox):
        return
    if await services.stored(services.updates.failed, update.update_id):
        services.retrying.add(update.update_id)
        services.in_background(inbox.put_later(update, _RETRY_SECONDS))


def _may_have_arrived(error: TelegramError) -> bool:
    """Whether the request had been sent whole when nobody answered any more: then Telegram has most likely taken the message.

    Where the connection was cut instead nobody can know, and no answer is to be lost: it is sent again.
    """
    return isinstance(error, TimedOut) and not isinstance(error.__cause__, _NEVER_WHOLE)


async def _say(update: object, context: ContextTypes.DEFAULT_TYPE, said: str) -> None:
    if not isinstance(update, Update):
        return
    asked = update.effective_message
    try:
        if update.callback_query and await _popped_up(update.callback_query, said):
            return
        if asked is not None:
            screen = screens.Screen((escaped(said),))
            await send(context.bot, asked.chat_id, screen, asked.message_id, thread_of(asked))
    except Exception as error:  # whatever it is, the first error is the one to be looked at
        _log.warning("the user could not be told: %r", error)


async def _popped_up(query: CallbackQuery, said: str) -> bool:
    """Shows a text to who pressed a button; False where the press was answered before."""
    try:
        await query.answer(cut_to(said, 200), show_alert=True)
    except BadRequest:
        return False
    return True


async def _tell_administrators(application: App, services: Services, error: BaseException, incident: str) -> None:
    """At most once in ten minutes for errors that arose at the same place, or are to be mended by the same means."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else ""
    kind = type(error).__name__ if isinstance(error, OperatorError) else f"{type(error).__name__} {place}".strip()
    now = time.monotonic()
    if now - services.told.get(kind, -_TOLD_AGAIN_AFTER) < _TOLD_AGAIN_AFTER:
        return
    services.told[kind] = now
    with speaking(DEFAULT_LANGUAGE):
        screen = screens.text("telegram.incident", incident=incident, kind=kind)
        if isinstance(error, OperatorError):
            screen = screens.Screen((f"{screen.parts[0]}\n\n{escaped(message(error.key, **error.values))}",))
    for administrator in services.administrators.everyone():
        with suppress(TelegramError):
            await send(application.bot, administrator.user_id, screen)
