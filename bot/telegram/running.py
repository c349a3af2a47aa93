"""Starting and stopping the bot: polling or webhook, one instance a token, five seconds to stop."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Protocol
from urllib.parse import urlsplit

from filelock import FileLock, Timeout
from telegram.error import Conflict, InvalidToken, NetworkError, TelegramError

from bot.allocator import give_back
from bot.conversation.services import CommonServices, warm_up
from bot.settings import Settings
from bot.telegram.application import KINDS_OF_UPDATES, App, MissingToken, RejectedToken, build_application
from bot.telegram.heartbeat import beat
from bot.telegram.inbox import Inbox
from bot.telegram.incidents import keep_out_of_logs
from bot.telegram.menus import show_menu
from bot.telegram.services import Services, lock_path
from bot.telegram.set_aside import tell_of_set_aside, try_suspects
from bot.telegram.uploads import reopen_interrupted
from bot.telegram.webhook import Webhook
from retrieval.errors import ReportBotError
from retrieval.library import Library

_log = logging.getLogger(__name__)
_GRACE_SECONDS = 4.0
_LAST_SECONDS = 4.7
_POLL_SECONDS = 30
# The older of two instances takes the updates back a second after it lost them. So the newer one is the one that is
# disturbed as soon as it polls; one disturbance may also be the end of an earlier run of this bot.
_UNDISTURBED_SECONDS, _CONFLICTS = 2.0, 2


class UnreachableTelegram(ReportBotError):
    """Telegram's servers, or the one named in the settings, can't be reached."""


class SecondInstance(ReportBotError):
    """Another bot runs with the same token."""


class UnusableWebhook(ReportBotError):
    """The webhook's address can't be listened on, or Telegram does not accept it."""


class Companion(Protocol):
    """Another front end in the bot's process, over its services; the bot goes on without it where it fails."""

    async def run_until_stopped(self) -> None: ...

    def stop(self) -> None: ...


# Makes one of the bot's services, and of what says which users may use it.
Beside = Callable[[CommonServices, Callable[[int], bool]], Companion]


def run_bot(settings: Settings, library: Library, beside: Beside | None = None) -> None:
    """Serves Telegram until SIGTERM or SIGINT, and what is to run ``beside``.

    Raises MissingToken, RejectedToken, UnreachableTelegram, SecondInstance, UnusableWebhook or UnusableState, and what ``beside``
    raises when it is made.
    """
    if settings.telegram_bot_token is None:
        raise MissingToken()
    token = settings.telegram_bot_token.value
    keep_out_of_logs([token, token.partition(":")[2], _webhook_secret(settings), _derived(token, "path")])
    path = lock_path(library.folder, hashlib.sha256(token.encode()).hexdigest()[:12])
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(path, timeout=0):
            application = build_application(settings, library)
            asyncio.run(serve(application, settings, beside))
    except Timeout as error:
        raise SecondInstance() from error


async def serve(application: App, settings: Settings, beside: Beside | None = None) -> None:
    """Runs an application until SIGTERM or SIGINT. Raises what :func:`run_bot` raises."""
    await _Run(application, settings, beside).serve()


class _Run:
    """One run of the bot, from the first request to the last."""

    def __init__(self, application: App, settings: Settings, beside: Beside | None) -> None:
        self._application = application
        self._settings = settings
        self._services: Services = application.bot_data["services"]
        self._beside = beside
        self._companion: Companion | None = None
        self._stop = asyncio.Event()
        self._failure: ReportBotError | None = None
        self._polling_since = 0.0
        self._is_older: bool | None = None
        self._conflicts = 0
        self._webhook: Webhook | None = None

    async def serve(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self._stop.set)
        starting = asyncio.ensure_future(self._start())
        stopping = asyncio.ensure_future(self._stop.wait())
        try:
            await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                await starting
                await stopping
        except InvalidToken:
            raise RejectedToken() from None  # its text holds the token
        except NetworkError as error:
            _log.debug("not reached: %r", error)
            raise UnreachableTelegram() from None
        finally:
            starting.cancel()
            stopping.cancel()
            await asyncio.gather(starting, stopping, return_exceptions=True)
            await self._end()
        if self._failure is not None:
            raise self._failure

    async def _start(self) -> None:
        application, services = self._application, self._services
        if self._beside is not None:
            self._companion = self._beside(services, lambda user_id: services.is_allowed(user_id, user_id))
        await application.initialize()
        await services.warmed_up(warm_up, services.answerer)
        give_back()
        await application.start()
        services.in_background(beat())
        if self._companion is not None:
            services.in_background(self._companion.run_until_stopped())
        await try_suspects(application, services)
        services.in_background(self._prepare())
        if self._settings.webhook_url is None:
            await self._poll()
        else:
            await self._listen()

    async def _prepare(self) -> None:
        """What nobody has to wait for: the menus, and what the last run left unfinished."""
        application, services = self._application, self._services
        inbox = application.update_queue
        assert isinstance(inbox, Inbox)
        await inbox.take_up_unfinished(application.bot)
        await tell_of_set_aside(application.bot, services)
        await show_menu(application.bot)
        for administrator in services.administrators.everyone():
            await show_menu(application.bot, administrator.user_id, administers=True)
        await reopen_interrupted(application, services)

    async def _poll(self) -> None:
        assert self._application.updater is not None
        self._polling_since = time.monotonic()
        await self._application.updater.start_polling(
            timeout=_POLL_SECONDS, allowed_updates=KINDS_OF_UPDATES, error_callback=self._on_polling_error
        )

    async def _listen(self) -> None:
        """Listens behind a path that only Telegram is told, for requests that carry the secret token."""
        settings, bot = self._settings, self._application.bot
        assert settings.webhook_url is not None
        assert settings.telegram_bot_token is not None
        token = settings.telegram_bot_token.value
        public = urlsplit(settings.webhook_url)
        path = f"{public.path.strip('/')}/{_derived(token, 'path')}".lstrip("/")
        base = f"{public.scheme}://{public.netloc.rpartition('@')[2]}"
        host, number = settings.webhook_address
        secret = _webhook_secret(settings)
        self._webhook = Webhook(path, secret, bot, self._application.update_queue)
        try:
            self._webhook.listen(host, number)
            await bot.set_webhook(f"{base}/{path}", allowed_updates=KINDS_OF_UPDATES, secret_token=secret)
        except OSError as error:
            raise UnusableWebhook(address=f"{host}:{number}", detail=error.strerror or "") from error
        except (NetworkError, InvalidToken):
            raise
        except TelegramError as error:
            raise UnusableWebhook(address=settings.webhook_url, detail=error.message) from None

    def _on_polling_error(self, error: TelegramError) -> None:
        """Of two instances the newer one stops; the older one, which then polls again, only says so in its log."""
        if not isinstance(error, Conflict):
            _log.warning("polling: %r", error)
            return
        self._conflicts += 1
        if self._is_older is None:
            self._is_older = time.monotonic() - self._polling_since >= _UNDISTURBED_SECONDS
        if not self._is_older and self._conflicts >= _CONFLICTS:
            self._failure = SecondInstance()
            self._stop.set()
        else:
            _log.warning("another instance tried to take the updates of this token")

    async def _end(self) -> None:
        """Finishes what is being answered; what only waits stays on disk for the next start."""
        self._services.stopping = True
        watchdog = threading.Timer(_LAST_SECONDS, os._exit, [0])  # nothing is lost by it: updates and library are on disk
        watchdog.daemon = True
        watchdog.start()
        try:
            async with asyncio.timeout(_GRACE_SECONDS):
                if self._companion is not None:
                    self._companion.stop()
                await self._services.stored(self._services.suspects.stop)
                if self._webhook is not None:
                    await self._webhook.close()
                if self._application.updater is not None and self._application.updater.running:
                    await self._application.updater.stop()
                if self._application.running:
                    await self._application.stop()
        except TimeoutError:
            _log.warning("stopped before everything was answered; the rest is answered after the next start")
        await self._services.close()
        await self._application.shutdown()
        watchdog.cancel()


def _webhook_secret(settings: Settings) -> str:
    if settings.webhook_secret is not None:
        return settings.webhook_secret.value
    return _derived(settings.telegram_bot_token.value if settings.telegram_bot_token else "", "secret")


def _derived(token: str, purpose: str) -> str:
    """What only somebody with the token can know, and the same after every start."""
    return hmac.new(token.encode(), purpose.encode(), hashlib.sha256).hexdigest()[:48]
