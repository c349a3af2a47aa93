"""What the handlers of a front end share, and the threads that do the work: an event loop never parses, embeds or queries."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextvars import copy_context
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from bot.conversation.deadlines import StoppableThread
from bot.conversation.drafts import Drafts
from bot.conversation.limits import Limits
from bot.conversation.memory import Conversations
from bot.conversation.state import open_state, state_failures_named
from bot.conversation.statistics import Statistics
from bot.settings import Settings
from retrieval.answers.answerer import Answerer
from retrieval.answers.examples import example_questions
from retrieval.library import Library
from retrieval.reading.limits import WHOLE_SECONDS
from retrieval.storage.damage import failures_named

# An answer takes milliseconds, in a library of thousands of reports seconds; the densest text of a million characters minutes.
ANSWER_SECONDS, UNDERSTANDING_SECONDS = 30.0, 600.0
_READ_AHEAD = -50  # reports, the last ones: all of a small library; more would keep people waiting
P = ParamSpec("P")
R = TypeVar("R")


class AnsweringServices:
    """What a front end needs that only answers and shows: the library to read, and the threads that read it and draw."""

    def __init__(self, settings: Settings, library: Library) -> None:
        self.settings = settings
        self.library = library
        self.backups = settings.backups_of(library.folder)
        library.keep_up()
        self.answerer = Answerer(library)
        self.limits = Limits()
        self.stopping = False
        self._answering = StoppableThread("answering")
        self._drawing = StoppableThread("drawing")

    async def answered(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Calls what reads the library, in the answering thread, in the language of the caller.

        Raises TookTooLong, and MissingLibrary or ReplacedLibrary where it has vanished, whatever is remembered of it.
        """
        bound = _bound(function, *args, **kwargs)

        @wraps(function)
        def of_what_is_there() -> R:
            self.library.check_present()
            return bound()

        with failures_named(self.library.folder, self.backups):
            return await self._answering.call(of_what_is_there, ANSWER_SECONDS)

    async def warmed_up(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """As :meth:`answered`, however long it takes: before the first question."""
        with failures_named(self.library.folder, self.backups):
            return await self._answering.call(_bound(function, *args, **kwargs), None)

    async def drawn(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Calls what draws, in a thread that waits for no file. Raises TookTooLong."""
        return await self._drawing.call(_bound(function, *args, **kwargs), ANSWER_SECONDS)

    async def close(self) -> None:
        """Ends the threads."""
        self.stopping = True
        for stoppable in (self._answering, self._drawing):
            await asyncio.to_thread(stoppable.shutdown)


class CommonServices(AnsweringServices):
    """One object for a running front end that remembers and changes, which adds its own.

    ``library`` is for reading and belongs to the answering thread; ``writer`` is the same library over a connection of
    its own, for the changing thread, so that questions are answered while a report is added. The front end's own
    database, ``state``, belongs to the storing thread; it lies in ``folder`` under ``name``, and drafts beside it.
    """

    def __init__(self, settings: Settings, library: Library, folder: Path, name: str) -> None:
        super().__init__(settings, library)
        self.writer = Library.open(library.folder, library.embedder, backups=self.backups)
        self.writer.keep_up()
        self._state_path = folder / f"{name}.db"
        self.state = open_state(self._state_path)
        self.conversations = Conversations(self.state)
        self.drafts = Drafts(self.state, folder / "drafts")
        self.statistics = Statistics(self.state)
        self.on_failure: Callable[[BaseException], None] | None = None  # told of what fails in the background
        self._background: set[asyncio.Task[None]] = set()
        self._understanding = StoppableThread("understanding")
        self._changing = ThreadPoolExecutor(1, "changing")
        self._copying = ThreadPoolExecutor(1, "copying")
        self.storing = ThreadPoolExecutor(1, "storing")

    async def understood(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Calls what makes sense of texts, in a thread that neither a question nor an adding waits for. Raises TookTooLong."""
        return await self._understanding.call(_bound(function, *args, **kwargs), UNDERSTANDING_SECONDS)

    async def read(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """As :meth:`understood`, with the time of a child process that reads a file."""
        return await self._understanding.call(_bound(function, *args, **kwargs), WHOLE_SECONDS + UNDERSTANDING_SECONDS)

    async def changed(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Calls what changes the library through ``writer``, in the changing thread."""
        with failures_named(self.library.folder, self.backups):
            return await _called(self._changing, function, *args, **kwargs)

    async def stored(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Calls what uses the front end's own database, in the storing thread. Raises StateFailed."""
        with state_failures_named(self._state_path):
            return await _called(self.storing, function, *args, **kwargs)

    async def copied(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Calls what only looks at files, and may take minutes, in a thread that nothing else waits for."""
        return await _called(self._copying, function, *args, **kwargs)

    def in_background(self, work: Any) -> None:
        """Runs a coroutine that no update waits for; it is cancelled when the front end stops."""
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

    async def close(self) -> None:
        """Ends the background work and the threads, and closes what was opened here."""
        self.stopping = True
        for task in list(self._background):
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        await super().close()
        await asyncio.to_thread(self._understanding.shutdown)
        for executor in (self._changing, self._copying, self.storing):
            await asyncio.to_thread(executor.shutdown, cancel_futures=True)
        self.writer.close()
        self.state.close()


def warm_up(answerer: Answerer) -> None:
    """Loads the model, the word lists, the names of places, and some reports before the first question comes."""
    library = answerer.library
    library.embed_query("warm-up")
    example_questions(answerer)
    for report in library.reports(count=_READ_AHEAD):
        library.figures(report.id)
        library.passages(report.id)
        library.text(report.id)
    # What is loaded now stays: a garbage collection that looks through all of it stops every thread for a tenth of a second.
    gc.collect()
    gc.freeze()


async def _called(executor: Executor, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    return await asyncio.get_running_loop().run_in_executor(executor, _bound(function, *args, **kwargs))


def _bound(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Callable[[], R]:
    """A call in the context of the caller, which holds the language."""
    context = copy_context()

    @wraps(function)
    def call() -> R:
        return context.run(function, *args, **kwargs)

    return call
