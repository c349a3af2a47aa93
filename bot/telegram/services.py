"""What all handlers share, and the threads that do the work: the event loop itself never parses, embeds or queries."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from sqlite_utils import Database
from telegram import Update
from telegram.ext import Application, ContextTypes

from bot.settings import Settings
from bot.telegram.administrators import Administrators
from bot.telegram.conversations import Conversations
from bot.telegram.drafts import Drafts
from bot.telegram.inbox import UpdateLog
from bot.telegram.limits import Limits
from bot.telegram.state import Warned, open_state
from bot.telegram.statistics import Statistics
from bot.telegram.suspects import Suspects
from retrieval.answering import Answerer
from retrieval.damage import failures_named
from retrieval.library import Library

P = ParamSpec("P")
R = TypeVar("R")
_KEY = "services"


class Services:
    """One object for a running bot.

    ``library`` is for reading and belongs to the answering thread; ``writer`` is the same library over a connection of
    its own, for the changing thread, so that questions are answered while a report is added. The bot's own database
    belongs to the storing thread.
    """

    def __init__(self, settings: Settings, library: Library, bot_id: int) -> None:
        self.settings = settings
        self.library = library
        self.backups = settings.backups_of(library.folder)
        self.writer = Library.open(library.folder, library.embedder, backups=self.backups)
        library.keep_up()
        self.writer.keep_up()
        self.folder = library.folder / "telegram"
        self._state = open_state(self.folder / f"{bot_id}.db")
        self.answerer = Answerer(library)
        self.updates = UpdateLog(self._state)
        self.suspects = Suspects(self._state)
        self.conversations = Conversations(self._state)
        self.drafts = Drafts(self._state, self.folder / "drafts")
        self.statistics = Statistics(self._state)
        self.administrators = Administrators(self._state, settings.admin_ids)
        self.warned = Warned(self._state)
        self.limits = Limits()
        self.moves = self.conversations.moves()
        self.seen_generation = -1
        self.alerting = asyncio.Lock()
        self.backing_up = asyncio.Lock()
        self.newest_inline: dict[int, str] = {}
        self.stopping = False
        self.on_failure: Callable[[BaseException], None] | None = None  # told of what fails in the background
        self.retrying: set[int] = set()  # updates that are not handled although their handler has ended
        self.wanted: set[int] = set()  # updates that an administrator wants handled, however old they are
        self.albums: dict[tuple[int, str], dict[int, Update]] = {}  # by chat and album: updates of photos that wait for more
        self.told: dict[str, float] = {}  # when administrators were told of which error, in monotonic seconds
        self._background: set[asyncio.Task[None]] = set()
        self._answering = ThreadPoolExecutor(1, "answering")
        self._understanding = ThreadPoolExecutor(1, "understanding")
        self._changing = ThreadPoolExecutor(1, "changing")
        self._copying = ThreadPoolExecutor(1, "copying")
        self.storing = ThreadPoolExecutor(1, "storing")

    async def answered(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Calls what reads the library, in the answering thread, in the language of the caller."""
        with failures_named(self.library.folder, self.backups):
            return await _called(self._answering, function, *args, **kwargs)

    async def understood(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Calls what reads files, in a thread that neither a question nor an adding waits for."""
        return await _called(self._understanding, function, *args, **kwargs)

    async def changed(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Calls what changes the library through ``writer``, in the changing thread."""
        with failures_named(self.library.folder, self.backups):
            return await _called(self._changing, function, *args, **kwargs)

    async def stored(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Calls what uses the bot's own database, in the storing thread."""
        return await _called(self.storing, function, *args, **kwargs)

    async def copied(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Calls what only looks at files, and may take minutes, in a thread that nothing else waits for."""
        return await _called(self._copying, function, *args, **kwargs)

    def in_background(self, work: Any) -> None:
        """Runs a coroutine that no update waits for; it is cancelled when the bot stops."""
        task = asyncio.get_running_loop().create_task(work)
        self._background.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._background.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None and not self.stopping and self.on_failure is not None:
            self.on_failure(error)

    async def settled(self) -> None:
        """Waits until nothing is running in the background."""
        while self._background:
            await asyncio.gather(*self._background, return_exceptions=True)

    def is_allowed(self, chat_id: int, user_id: int) -> bool:
        """Whether a chat (or, of an inline question, its user) may use the bot; administrators may in private."""
        allowed = self.settings.allowed_chat_ids
        if not allowed or chat_id in allowed:
            return True
        if any(self.moves.get(old) == chat_id for old in allowed):
            return True
        return chat_id == user_id and self.administrators.includes(user_id)

    async def close(self) -> None:
        """Ends the background work and the threads, and closes what was opened here."""
        self.stopping = True
        for task in list(self._background):
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        for executor in (self._answering, self._understanding, self._changing, self._copying, self.storing):
            await asyncio.to_thread(executor.shutdown, cancel_futures=True)
        self.writer.close()
        self._state.close()

    @property
    def state(self) -> Database:
        return self._state


async def _called(executor: Executor, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    context = copy_context()
    return await asyncio.get_running_loop().run_in_executor(executor, lambda: context.run(function, *args, **kwargs))


def share(application: Application[Any, Any, Any, Any, Any, Any], services: Services) -> None:
    application.bot_data[_KEY] = services


def services_of(context: ContextTypes.DEFAULT_TYPE) -> Services:
    """The one accessor for what handlers share."""
    services: Services = context.bot_data[_KEY]
    return services


def lock_path(folder: Path, name: str) -> Path:
    """The file that a running bot locks, so that a second one of the same token on this library stops."""
    return folder / "telegram" / f"{name}.lock"
