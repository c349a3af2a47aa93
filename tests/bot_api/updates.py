"""The updates for the bot: a queue that is asked by long polling, or pushed to a webhook."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from itertools import islice
from typing import Any

import aiohttp

from .errors import Refused, conflict

_NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
_FIRST_ID = 700_000_001
# A client that has hung up is noticed within this time; its poll is then no second instance of the bot.
_HANG_UP = 0.02
_LONGEST_PAUSE = 1.0  # seconds between two tries of a webhook; the real one waits longer


class Updates:
    """Kept until they are confirmed. Lives in the server's loop; ``put`` may be called from any thread."""

    def __init__(self, lock: threading.RLock) -> None:
        self.webhook: dict[str, Any] | None = None
        self.allowed: list[str] = []
        self.delivered: dict[int, dict[str, Any]] = {}
        self._lock = lock
        self._pending: deque[dict[str, Any]] = deque()
        self._again: deque[dict[str, Any]] = deque()
        self._next_id = _FIRST_ID
        self._loop: asyncio.AbstractEventLoop | None = None
        self._poll: asyncio.Future[None] | None = None
        self._push: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._last_error: str | None = None

    def start(self) -> None:
        """Takes the running loop as its own."""
        self._loop = asyncio.get_running_loop()

    @property
    def waiting(self) -> int:
        """How many updates the bot has not confirmed."""
        with self._lock:
            return len(self._pending) + len(self._again)

    def put(self, kind: str, body: dict[str, Any]) -> int | None:
        """Queues an update and returns its id; None where the bot has not asked for its kind."""
        with self._lock:
            if (kind not in self.allowed) if self.allowed else (kind in _NOT_BY_DEFAULT):
                return None
            update_id, self._next_id = self._next_id, self._next_id + 1
            update: dict[str, Any] = {"update_id": update_id, kind: body}
            self._pending.append(update)
            self.delivered[update_id] = update
            self._tell()
            return update_id

    def put_again(self, update: dict[str, Any]) -> None:
        """Delivers an update once more, whether it was confirmed or not."""
        with self._lock:
            self._again.append(update)
            self._tell()

    def _tell(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        self._news.set()
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)

    # -- long polling ---------------------------------------------------------------------------------------------------

    async def get(self, offset: int, limit: int, timeout: float) -> list[dict[str, Any]]:
        """The updates not confirmed yet, or those that arrive within ``timeout`` seconds. Raises Refused."""
        self._refuse_webhook()
        if self._poll is not None:
            await asyncio.sleep(_HANG_UP)
            self._end_poll(conflict("terminated by other getUpdates request; make sure that only one bot instance is running"))
            self._refuse_webhook()
        self._confirm(offset)
        batch = self._batch(limit)
        if batch or timeout <= 0:
            return batch
        assert self._loop
        poll = self._poll = self._loop.create_future()
        try:
            await asyncio.wait_for(poll, timeout)
        except TimeoutError:
            return []
        finally:
            if self._poll is poll:
                self._poll = None
        return self._batch(limit)

    def _refuse_webhook(self) -> None:
        if self.webhook is not None:
            raise conflict("can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")

    def _end_poll(self, reason: Refused) -> None:
        poll, self._poll = self._poll, None
        if poll is not None and not poll.done():
            poll.set_exception(reason)

    def _confirm(self, offset: int) -> None:
        with self._lock:
            if offset < 0:
                while len(self._pending) > -offset:
                    self._pending.popleft()
            while self._pending and self._pending[0]["update_id"] < offset:
                self._pending.popleft()

    def _batch(self, limit: int) -> list[dict[str, Any]]:
        with self._lock:
            again = [self._again.popleft() for _ in range(min(limit, len(self._again)))]
            return again + list(islice(self._pending, limit - len(again)))

    # -- webhook --------------------------------------------------------------------------------------------------------

    def set_webhook(self, webhook: dict[str, Any] | None, *, drop_pending: bool) -> None:
        """Sets the webhook, or none. Runs in the loop."""
        with self._lock:
            if drop_pending:
                self._pending.clear()
                self._again.clear()
        self.webhook = webhook
        self._last_error = None
        if self._push is not None:
            self._push.cancel()
            self._push = None
        if webhook is not None:
            self._end_poll(conflict("terminated by setWebhook request"))
            self._push = asyncio.create_task(self._deliver(webhook))

    def webhook_info(self) -> dict[str, Any]:
        webhook = self.webhook or {}
        info = {"url": webhook.get("url", ""), "has_custom_certificate": False, "pending_update_count": self.waiting}
        if webhook:
            info["max_connections"] = webhook["max_connections"]
        if self.allowed:
            info["allowed_updates"] = self.allowed
        if self._last_error:
            info["last_error_message"] = self._last_error
        return info

    async def stop(self) -> None:
        if self._push is not None:
            self._push.cancel()
            await asyncio.gather(self._push, return_exceptions=True)

    async def _deliver(self, webhook: dict[str, Any]) -> None:
        """Pushes one update after the other, each until it is taken."""
        secret = webhook.get("secret_token")
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        pause = 0.05
        async with aiohttp.ClientSession(headers=headers, timeout=aiohttp.ClientTimeout(total=30)) as session:
            while True:
                self._news.clear()
                queue = self._again or self._pending
                if not queue:
                    await self._news.wait()
                    continue
                update = queue[0]
                self._last_error = await _post(session, webhook["url"], update)
                if self._last_error is None:
                    pause = 0.05
                    with self._lock:
                        # By identity: the queue may have been emptied meanwhile, or hold an equal update again.
                        if queue and queue[0] is update:
                            queue.popleft()
                else:
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, _LONGEST_PAUSE)


async def _post(session: aiohttp.ClientSession, url: str, update: dict[str, Any]) -> str | None:
    """Pushes an update; what went wrong, in Telegram's words, or None."""
    try:
        async with session.post(url, json=update, allow_redirects=False) as response:
            if 200 <= response.status < 300:
                await response.read()
                return None
            return f"Wrong response from the webhook: {response.status} {response.reason}"
    except aiohttp.ClientConnectorError:
        return "Connection refused"
    except (aiohttp.ClientError, TimeoutError):
        return "Connection timed out"
