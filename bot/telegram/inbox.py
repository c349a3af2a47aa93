"""Updates that are neither lost nor handled twice: each is on disk before Telegram is told that it has arrived.

Telegram regards an update as delivered at the next ``getUpdates``, or when the webhook has answered. Both wait for
:meth:`Inbox.put`, which writes it down first. What a stopped or killed bot had not finished is taken up at the next start.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from collections.abc import Awaitable, Mapping, Sequence
from concurrent.futures import Executor
from datetime import datetime
from typing import Any

from sqlite_utils import Database
from telegram import Bot, Update
from telegram.error import NetworkError
from telegram.ext import BaseUpdateProcessor

from bot.conversation.turns import Places

OLDEST_SECONDS = 3600
_KEPT_SECONDS = 2 * 86400  # Telegram delivers an update for 24 hours at most
_MOST_ATTEMPTS = 3
# More at once answer nobody sooner - one thread answers - and crowd the event loop.
AT_ONCE = 16
_MOST_WAITING = 100_000


class UpdateLog:
    """The updates that have arrived, by id, until they are handled and for two days after."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def arrived(self, payloads: Mapping[int, str]) -> set[int]:
        """Writes updates down, all or none; those that have not arrived before."""
        write = "insert or ignore into updates values (?, ?, ?, 0, 0)"
        with self._db.atomic():
            return {
                id_ for id_, payload in payloads.items() if self._db.execute(write, [id_, payload, time.time()]).rowcount == 1
            }

    def handled(self, update_id: int) -> None:
        self._db.execute("update updates set handled = 1, payload = '' where id = ?", [update_id])
        self._db.execute("delete from begun where id = ?", [update_id])

    def unfinished(self) -> list[str]:
        """The updates to take up again after a start, oldest first; what fails again and again is given up.

        Those that had begun are not among them: :class:`bot.telegram.suspects.Suspects` has them.
        """
        self._db.execute("update updates set attempts = attempts + 1 where handled = 0")
        limits = [time.time() - OLDEST_SECONDS, _MOST_ATTEMPTS]
        self._db.execute(
            "update updates set handled = 1, payload = '' where handled = 0 and (received_at < ? or attempts > ?)", limits
        )
        waiting = "select payload from updates where handled = 0 and id not in (select id from begun) order by id"
        return [row[0] for row in self._db.execute(waiting)]

    def failed(self, update_id: int) -> bool:
        """Counts a failed attempt; whether another one is due."""
        self._db.execute("update updates set attempts = attempts + 1 where id = ?", [update_id])
        row = self._db.execute("select attempts from updates where id = ?", [update_id]).fetchone()
        return row is not None and row[0] < _MOST_ATTEMPTS

    def forget_old(self) -> None:
        self._db.execute("delete from updates where handled = 1 and received_at < ?", [time.time() - _KEPT_SECONDS])


class Inbox(asyncio.Queue[object]):
    """The application's queue of updates, backed by an :class:`UpdateLog`."""

    def __init__(self, log: UpdateLog, executor: Executor) -> None:
        super().__init__()
        self.log = log
        self._executor = executor
        self._written: dict[int, bool] = {}  # by id, until they are put: whether they are new

    async def write_down(self, updates: Sequence[Update]) -> None:
        """Writes what was fetched at once down at once, before it is put. Raises NetworkError where it can't be kept."""
        payloads = {update.update_id: update.to_json() for update in updates}
        try:
            new = await asyncio.get_running_loop().run_in_executor(self._executor, self.log.arrived, payloads)
        except sqlite3.Error as error:  # a full disk: Telegram keeps the updates, and they are fetched again
            raise NetworkError(f"updates could not be written down: {error}") from error
        self._written.update({id_: id_ in new for id_ in payloads})

    async def put(self, item: object) -> None:
        """Puts an update into the queue, unless it has arrived before. Raises NetworkError where it can't be kept."""
        if isinstance(item, Update):
            if item.update_id not in self._written:
                await self.write_down([item])
            if not self._written.pop(item.update_id):
                return
        await super().put(item)

    async def put_later(self, item: Update, seconds: float) -> None:
        """Puts an update into the queue again, after a while; it is written down already."""
        await asyncio.sleep(seconds)
        await super().put(item)

    async def take_up_unfinished(self, bot: Bot) -> None:
        """Queues what an earlier run of the bot had not finished."""
        payloads = await asyncio.get_running_loop().run_in_executor(self._executor, self.log.unfinished)
        for payload in payloads:
            update = Update.de_json(json.loads(payload), bot)
            if update is not None:
                await super().put(update)


def is_too_old(update: Update, now: datetime) -> bool:
    """Whether an update waited for more than an hour; only messages tell when they were sent."""
    said = update.message or update.edited_message
    if said is None:
        return False
    sent = said.edit_date or said.date
    return (now - sent).total_seconds() > OLDEST_SECONDS


def _size(update: object) -> int:
    """How many characters somebody wrote; of what is no message there are few."""
    message = update.effective_message if isinstance(update, Update) and update.callback_query is None else None
    return len(message.text or "") if message else 0


class InOrder(BaseUpdateProcessor):
    """Handles the updates of different people side by side, those of one person one after the other.

    Inline questions are the exception: each makes the ones before it worthless.
    """

    def __init__(self, places: Places) -> None:
        super().__init__(_MOST_WAITING)
        self._places = places
        self._locks: dict[int, tuple[asyncio.Lock, int]] = {}

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Waits for the person's turn first: who waits for themselves takes no place of others."""
        user = update.effective_user if isinstance(update, Update) else None
        if user is None:
            await coroutine
            return
        if isinstance(update, Update) and update.inline_query:
            async with self._places.held(user.id):
                await coroutine
            return
        chat = update.effective_chat.id if isinstance(update, Update) and update.effective_chat else user.id
        lock, waiting = self._locks.get(user.id, (asyncio.Lock(), 0))
        self._locks[user.id] = (lock, waiting + 1)
        try:
            async with lock, self._places.held(user.id, chat, size=_size(update)):
                await coroutine
        finally:
            lock, waiting = self._locks[user.id]
            if waiting == 1:
                del self._locks[user.id]
            else:
                self._locks[user.id] = (lock, waiting - 1)

    async def initialize(self) -> None:
        """Nothing to set up."""

    async def shutdown(self) -> None:
        """Nothing to take down."""
