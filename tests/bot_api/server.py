"""The server as tests hold it: started in a thread of its own, driven and read from ordinary code."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

from aiohttp import web

from .acting import Acting, Message
from .calls import Call, Failure, Failures, Log
from .memberships import Memberships
from .people import Chat, Stored, User
from .web import Web
from .world import Upload, World

T = TypeVar("T")
DEFAULT_TOKEN = "12345:AAAAbotApiServerForTestsAAAAAAAAAAAAA"
_LOOK_AGAIN = 0.1  # seconds, for conditions that are not about the server


class BotApiServer(Acting, Memberships):
    """A Telegram Bot API at ``url`` while the ``with`` block runs, with the people who use the bot.

    Not imitated: flood limits (order them by ``fail_next``), methods the table in ``methods.py`` lacks (404), parse modes
    but HTML, edits of inline messages, method calls in the response to a webhook, limits of time (24 hours for updates, 48
    for deletions). Stricter than Telegram: a second answer to a callback query, a button with two actions, and nested
    quotations are refused. Webhooks may be plain http, are called one update after the other, and retried within a second.

    ``privacy`` is the bot's privacy mode: in groups it then gets only what is meant for it. ``port`` 0 is any free one.
    """

    def __init__(
        self,
        token: str = DEFAULT_TOKEN,
        username: str = "report_bot",
        bot_id: int | None = None,
        *,
        privacy: bool = False,
        port: int = 0,
    ) -> None:
        self.token = token
        number = int(token.partition(":")[0])
        if bot_id not in (None, number):
            raise ValueError(f"the token belongs to bot {number}, not {bot_id}")
        self.bot = User(number, "Report Bot", username=username, is_bot=True, seen=True)
        self.world = World(self.bot, privacy)
        self.log = Log()
        self._failures = Failures()
        self._port = port
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="bot-api-server", daemon=True)
        self._failed: BaseException | None = None
        self.url = ""

    # -- running --------------------------------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        if self._failed is not None:
            raise self._failed
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            self._failed = error
            self._ready.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        self.world.updates.start()
        application = Web(self.world, self.log, self._failures, self.token).application()
        # Without the cancellation the poll of a bot that was killed would go on, as a second instance.
        runner = web.AppRunner(application, handler_cancellation=True, shutdown_timeout=0.1, access_log=None)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", self._port, reuse_address=True)
            await site.start()
            self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            self._ready.set()
            await self._stop.wait()
        finally:
            await self.world.updates.stop()
            await runner.cleanup()

    # -- what the bot did -----------------------------------------------------------------------------------------------

    @property
    def calls(self) -> list[Call]:
        """Every finished request, in the order they ended; a waiting getUpdates is not in it yet."""
        return self.log.calls

    @property
    def refusals(self) -> list[Call]:
        """The requests that were refused, without those a test had ordered to fail."""
        return self.log.refusals

    def called(self, method: str, **params: Any) -> list[Call]:
        """The finished requests of a method with these parameters, refused ones too."""
        with self.world.lock:
            return self.log.called(method, **params)

    @property
    def callback_answers(self) -> dict[str, dict[str, Any]]:
        """By query id: text, show_alert, url, cache_time."""
        return self.world.callback_answers

    @property
    def inline_answers(self) -> dict[str, dict[str, Any]]:
        """By query id: results, cache_time, is_personal, next_offset, button.

        Results are as sent; their input_message_content has the plain ``text`` and ``found_entities`` too.
        """
        return self.world.inline_answers

    @property
    def commands(self) -> dict[tuple[str, Any, str], list[dict[str, Any]]]:
        """By scope type, chat id or None (for chat_member: chat and user id), and language code or an empty text."""
        return self.world.commands

    @property
    def webhook(self) -> dict[str, Any] | None:
        """What setWebhook set: url, secret_token, max_connections, drop_pending_updates."""
        return self.world.updates.webhook

    @property
    def uploaded(self) -> list[Upload]:
        """The documents the bot sent."""
        return self.world.uploaded

    @property
    def pending(self) -> int:
        """How many updates the bot has not taken or not confirmed."""
        return self.world.updates.waiting

    def messages(self, chat: Chat, from_bot: bool | None = True) -> list[Message]:
        """The messages that stand in a chat now, in order: the bot's, or those of people, or (None) all.

        Each is what the Bot API would give, where text, html (as it was sent, with tags; of captions too), entities,
        reply_markup (keyboards under the input field too), reply_to_message and message_thread_id are always there.
        """
        with self.world.lock:
            return [_shown(one) for one in chat.messages.values() if from_bot is None or one.from_bot == from_bot]

    # -- waiting --------------------------------------------------------------------------------------------------------

    def wait(self, condition: Callable[[], T], *, timeout: float = 20, what: str = "the condition") -> T:
        """The first truthy value of the condition. Raises AssertionError, with what the bot did, after ``timeout`` seconds."""
        deadline = time.monotonic() + timeout
        while True:
            value = condition()
            if value:
                return value
            left = deadline - time.monotonic()
            if left <= 0:
                raise AssertionError(self._dump(what, timeout))
            with self.world.lock:
                self.world.changed.wait(min(left, _LOOK_AGAIN))

    def wait_reply(self, chat: Chat, *, after: Message | int, count: int = 1, timeout: float = 20) -> list[Message]:
        """The bot's messages in a chat newer than ``after``, as soon as there are ``count``. Raises AssertionError."""
        newer_than = after["message_id"] if isinstance(after, dict) else after
        with self.world.lock:
            if not chat.changed.wait_for(lambda: _bot_since(chat, newer_than, count), timeout):
                what = f"{count} message(s) in chat {chat.id} after {newer_than}"
                raise AssertionError(self._dump(what, timeout, chat))
            return _bot_since(chat, newer_than, count)

    def _dump(self, what: str, timeout: float, chat: Chat | None = None) -> str:
        lines = [f"waited {timeout} s in vain for {what}", f"updates not taken: {self.pending}", "last requests:"]
        lines += [f"  {call}" for call in self.calls[-15:]] or ["  none"]
        if chat is not None:
            lines.append("last messages of the chat:")
            lines += [
                f"  {one['message_id']} {one['from']['first_name']}: {one['text'][:200]}"
                for one in self.messages(chat, None)[-8:]
            ]
        lines += [f"refused: {call}" for call in self.refusals[-5:]]
        return "\n".join(lines)

    # -- trouble --------------------------------------------------------------------------------------------------------

    def fail_next(
        self,
        method: str,
        error_code: int | None = 429,
        *,
        retry_after: int = 1,
        times: int = 1,
        description: str | None = None,
        drop: Literal["before", "after"] | None = None,
        delay: float = 0,
    ) -> None:
        """Makes the next requests of a method fail; ``*`` is any method, getUpdates among them.

        ``drop`` cuts the connection instead, before the request is carried out or after, when the bot can't know that it
        was. ``delay`` seconds pass first; with ``error_code`` None that is all that happens.
        """
        self._failures.plan(method, Failure(error_code, retry_after, description, drop, delay, times))

    def heal(self) -> None:
        """Forgets the failures that have not happened yet."""
        self._failures.clear()


def _shown(stored: Stored) -> Message:
    always: Message = {"text": "", "entities": [], "reply_to_message": None, "message_thread_id": None}
    return always | stored.wire | {"html": stored.source, "reply_markup": stored.markup}


def _bot_since(chat: Chat, newer_than: int, count: int) -> list[Message]:
    """The bot's messages newer than one; empty where there are fewer than ``count``."""
    found = []
    for message_id in reversed(chat.messages):
        if message_id <= newer_than:
            break
        if chat.messages[message_id].from_bot:
            found.append(_shown(chat.messages[message_id]))
    return found[::-1] if len(found) >= count else []
