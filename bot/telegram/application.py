"""The application: every handler in one list, the gate before them, and what is done with an update around them."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from telegram import LinkPreviewOptions, Message, Update
from telegram.constants import ParseMode
from telegram.ext import (
    Application,
    ApplicationBuilder,
    ApplicationHandlerStop,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    Defaults,
    ExtBot,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)
from telegram.request import BaseRequest, HTTPXRequest

from bot.conversation.state import StateFailed
from bot.conversation.turns import Places
from bot.settings import Settings
from bot.telegram import alerts, browsing, screens, upkeep
from bot.telegram.addressing import ADDRESSED, asker, in_group
from bot.telegram.administration import on_input
from bot.telegram.clock import Clock
from bot.telegram.commands import ADMINISTRATORS_BUTTONS, BUTTONS, COMMANDS, Callback
from bot.telegram.delivery import OutgoingLimits, send
from bot.telegram.guidance import unknown
from bot.telegram.inbox import AT_ONCE, Inbox, InOrder, is_too_old
from bot.telegram.incidents import on_error, report_incident
from bot.telegram.inline import on_inline
from bot.telegram.pasting import on_edited_piece
from bot.telegram.photos import on_photo
from bot.telegram.questions import is_admitted, on_moved_group, on_other_content, on_question
from bot.telegram.services import Services, services_of, share
from bot.telegram.unreadable import skip_unreadable_updates
from bot.telegram.uploads import on_file
from retrieval.errors import ReportBotError
from retrieval.library import Library
from retrieval.messages import language_of, message, speak

_log = logging.getLogger(__name__)
# Each request looks through all connections of the pool; ten are 150 requests a second even at 60 ms each way.
_CONNECTIONS = 10
_FETCHED = 10
_CHECK_SECONDS, _DROP_SECONDS, _TIDY_SECONDS = 30.0, 300.0, 3600.0
App = Application[Any, Any, Any, Any, Any, Any]
KINDS_OF_UPDATES = [Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.INLINE_QUERY]


class MissingToken(ReportBotError):
    """The bot was started without its token."""


class RejectedToken(ReportBotError):
    """Telegram does not know the token."""


class UnusableProxy(ReportBotError):
    """The environment names a proxy of a kind that can't be used."""


class _Application(Application[Any, Any, Any, Any, Any, Any]):
    """Handles an update in its user's language, and marks it as handled only afterwards."""

    async def process_update(self, update: object) -> None:
        services: Services = self.bot_data["services"]
        if services.stopping:
            return  # it is on disk, and taken up at the next start
        if isinstance(update, Update):
            user = update.effective_user
            speak(language_of(user.language_code if user else None))
            await _note_begun(services, update)
        await super().process_update(update)
        if not isinstance(update, Update):
            return
        try:
            if update.update_id in services.retrying:
                services.retrying.discard(update.update_id)
                await services.stored(services.suspects.end, update.update_id)
            else:
                await services.stored(services.updates.handled, update.update_id)
        except StateFailed as error:  # it is handled all the same, and once more after the next start
            _log.warning("it could not be noted that update %d is handled: %s", update.update_id, error)


async def _note_begun(services: Services, update: Update) -> None:
    """Nobody goes without an answer because that can't be noted."""
    try:
        await services.stored(services.suspects.begin, update.update_id)
    except StateFailed as error:
        _log.warning("it could not be noted that update %d is being handled: %s", update.update_id, error)


def build_application(
    settings: Settings, library: Library, *, outgoing_limits: bool = True, request: BaseRequest | None = None
) -> App:
    """The application with all of its handlers. Raises MissingToken, RejectedToken, UnusableState or StorageFailed.

    ``outgoing_limits`` are Telegram's, kept to by waiting; only a benchmark turns them off. ``request`` takes the place of
    HTTP in tests.
    """
    if settings.telegram_bot_token is None:
        raise MissingToken()
    token = settings.telegram_bot_token.value
    if not token.partition(":")[0].isdecimal():
        raise RejectedToken()
    skip_unreadable_updates()
    services = Services(settings, library, int(token.partition(":")[0]))
    places = Places(AT_ONCE)
    inbox = Inbox(services.updates, services.storing)
    builder = (
        ApplicationBuilder()
        .application_class(_Application)
        .bot(_bot(settings, token, inbox, OutgoingLimits(places) if outgoing_limits else None, services.clock, request))
        .concurrent_updates(InOrder(places))
        .update_queue(inbox)
    )
    application = builder.build()
    share(application, services)

    def on_failure(error: BaseException) -> None:
        application.create_task(report_incident(application, services, error, None, None))

    services.on_failure = on_failure
    _add_handlers(application, services)
    return application


class _Bot(ExtBot[Any]):
    """Fetches a few updates at a time - reading a hundred at once holds the event loop up - and writes them down at once."""

    def __init__(self, inbox: Inbox, **settings: Any) -> None:
        super().__init__(**settings)
        self._inbox = inbox

    async def get_updates(self, *args: Any, **kwargs: Any) -> tuple[Update, ...]:
        updates = await super().get_updates(*args, **{**kwargs, "limit": _FETCHED})
        if updates:
            await self._inbox.write_down(updates)
        return updates


def _bot(
    settings: Settings, token: str, inbox: Inbox, limits: OutgoingLimits | None, clock: Clock, request: BaseRequest | None
) -> _Bot:
    server = "https://api.telegram.org"
    if settings.telegram_api_base_url is not None:
        server = settings.telegram_api_base_url.rstrip("/")
    return _Bot(
        inbox,
        token=token,
        base_url=f"{server}/bot",
        base_file_url=f"{server}/file/bot",
        request=request or _http(clock, _CONNECTIONS, pool_timeout=30.0, media_write_timeout=120.0),
        get_updates_request=request or _http(clock, 1),
        defaults=Defaults(parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)),
        rate_limiter=limits,
    )


def _http(clock: Clock, connections: int, pool_timeout: float = 1.0, media_write_timeout: float = 20.0) -> HTTPXRequest:
    """Requests through the proxy of the environment, if it names one. Raises UnusableProxy."""
    hooks = {"event_hooks": {"response": [clock.look_at]}}
    try:
        return HTTPXRequest(
            connections,
            read_timeout=20.0,
            pool_timeout=pool_timeout,
            media_write_timeout=media_write_timeout,
            httpx_kwargs=hooks,
        )
    except (ImportError, ValueError) as error:
        raise UnusableProxy(detail=str(error)) from None


def _add_handlers(application: App, services: Services) -> None:
    """Which update is handled by what; of one group the first that fits."""
    new = filters.UpdateType.MESSAGE
    private = filters.ChatType.PRIVATE
    administers = private & _Administers(services)

    application.add_handler(TypeHandler(Update, _gate), group=-1)
    application.add_handler(MessageHandler(new & filters.StatusUpdate.MIGRATE, on_moved_group))
    for name, callback in COMMANDS:
        # An edited question of /ask is answered again, and a corrected link of /add read; other commands are obeyed once.
        kind = filters.UpdateType.MESSAGES if name.name in ("ask", "add") else new
        if name.for_administrators:
            application.add_handler(CommandHandler(name.name, callback, kind & administers))
        else:
            application.add_handler(CommandHandler(name.name, callback if name.name == "ask" else _limited(callback), kind))
    application.add_handler(MessageHandler(new & filters.COMMAND & (private | ADDRESSED), _limited(unknown)))
    application.add_handler(MessageHandler(filters.COMMAND, _ignore))
    application.add_handler(MessageHandler(new & administers & filters.TEXT & _Expecting(services), on_input))
    edited = filters.UpdateType.EDITED_MESSAGE
    application.add_handler(MessageHandler(edited & administers & filters.TEXT & _Expecting(services), on_edited_piece))
    application.add_handler(MessageHandler(filters.UpdateType.MESSAGES & administers & filters.Document.ALL, on_file))
    application.add_handler(MessageHandler(filters.UpdateType.MESSAGES & administers & filters.PHOTO, on_photo))
    application.add_handler(
        MessageHandler(filters.UpdateType.MESSAGES & ADDRESSED & (filters.TEXT | filters.CAPTION) & ~filters.VIA_BOT, on_question)
    )
    application.add_handler(MessageHandler(new & ADDRESSED & ~filters.StatusUpdate.ALL & ~filters.VIA_BOT, on_other_content))
    application.add_handler(CallbackQueryHandler(_on_press))
    application.add_handler(InlineQueryHandler(on_inline))
    application.add_error_handler(on_error)
    if application.job_queue is not None:
        application.job_queue.run_repeating(_look_for_changes, _CHECK_SECONDS)
        application.job_queue.run_repeating(_drop_removed, timedelta(seconds=_DROP_SECONDS))
        application.job_queue.run_repeating(_tidy, timedelta(seconds=_TIDY_SECONDS), first=_CHECK_SECONDS)
        application.job_queue.run_repeating(upkeep.watch_disk, upkeep.DISK_CHECK_SECONDS, first=_CHECK_SECONDS)
        application.job_queue.run_repeating(upkeep.back_up_daily, upkeep.BACKUP_CHECK_SECONDS, first=2 * _CHECK_SECONDS)


class _Administers(filters.MessageFilter):
    """Messages of administrators."""

    def __init__(self, services: Services) -> None:
        super().__init__("administers")
        self._services = services

    def filter(self, message: Message) -> bool:
        return message.from_user is not None and self._services.administrators.includes(message.from_user.id)


class _Expecting(filters.MessageFilter):
    """Texts that somebody was asked for."""

    def __init__(self, services: Services) -> None:
        super().__init__("expecting")
        self._services = services

    def filter(self, message: Message) -> bool:
        return message.from_user is not None and self._services.drafts.expects(message.chat_id, message.from_user.id)


async def _gate(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Stops what waited too long, and what comes from chats that may not use the bot. In private they are told why."""
    services = services_of(context)
    if is_too_old(update, services.clock.now()) and update.update_id not in services.wanted:
        _log.warning("update %d is more than an hour old and is not answered", update.update_id)
        raise ApplicationHandlerStop
    user = update.effective_user.id if update.effective_user else 0
    chat = update.effective_chat.id if update.effective_chat else user
    if services.is_allowed(chat, user) or (update.inline_query and services.administrators.includes(user)):
        if update.message and (update.message.text or "").startswith("/") and services.drafts.expects(chat, user):
            await services.stored(services.drafts.expect_no_correction, chat, user)
        return
    if update.inline_query:
        await update.inline_query.answer([], is_personal=True)
    said = update.message
    if said is not None and not in_group(update) and await services.limits.admit(asker(update), chat) == "go":
        await send(context.bot, chat, screens.text("telegram.not_allowed", chat=chat), said.message_id)
    raise ApplicationHandlerStop


async def _on_press(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A pressed button; those of administrators do nothing for others."""
    query = update.callback_query
    assert query is not None
    on = await browsing.pressed(query, context)
    if on is None:
        return
    verdict = await on.services.limits.admit_press(on.user_id)
    if verdict != "go":
        if verdict == "notice":
            await on.tell(message("telegram.too_many"), alert=True)
        return
    action = BUTTONS.get(on.press.action)
    if action is None and on.services.administrators.includes(on.user_id):
        action = ADMINISTRATORS_BUTTONS.get(on.press.action)
    if action is None:
        await on.tell(message("telegram.not_your_button"), alert=True)
        return
    await action(on)


def _limited(callback: Callback) -> Callback:
    """Commands count as questions do for how much one may ask in a minute."""

    async def admitted(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        if await is_admitted(update, context):
            await callback(update, context)

    return admitted


async def _ignore(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A command in a group that is not for this bot."""


async def _look_for_changes(context: ContextTypes.DEFAULT_TYPE) -> None:
    """Reports may be added on the server, too: those who wait for an answer are told within half a minute."""
    services = services_of(context)
    generation = await services.answered(lambda: services.library.generation)  # one that has vanished is told now
    if generation != services.seen_generation and await alerts.tell_waiting(context.bot, services):
        services.seen_generation = generation


async def _drop_removed(context: ContextTypes.DEFAULT_TYPE) -> None:
    """Deletes for good what can't be taken back any more; waits while a report is added."""
    services = services_of(context)
    services.in_background(services.changed(services.writer.forget_removed))


async def _tidy(context: ContextTypes.DEFAULT_TYPE) -> None:
    """Forgets what is kept for a while only."""
    services = services_of(context)
    for forget in (
        services.conversations.forget_old,
        services.drafts.forget_old,
        services.updates.forget_old,
        services.suspects.forget_old,
    ):
        await services.stored(forget)
