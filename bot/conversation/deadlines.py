"""A thread whose work has a deadline: what takes too long is stopped, and the next one goes on.

Python raises an exception in another thread between two steps of its program. Work that takes no step (a call into a
library that never returns) can't be stopped like that: then the process ends, and is started again by whoever started it.
"""

from __future__ import annotations

import asyncio
import ctypes
import faulthandler
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Generic, TypeVar

from bot.conversation.turns import Turns
from retrieval.errors import ReportBotError

R = TypeVar("R")
_log = logging.getLogger(__name__)
STOP_SECONDS = 15.0  # that work is given to let go in
_EXIT_CODE = 70


class TookTooLong(ReportBotError):
    """A question, or a text, took longer than its deadline."""


class Stopped(BaseException):
    """Raised in a thread whose time is up; nothing but its end is to catch it."""


class StoppableThread:
    """One thread that does one thing at a time; who had least of its time of late comes next, and short work before long."""

    def __init__(self, name: str) -> None:
        self._executor = ThreadPoolExecutor(1, name)
        self._turns = Turns(1)

    async def call(self, function: Callable[[], R], seconds: float | None) -> R:
        """What ``function`` returns. Raises TookTooLong where that takes more than ``seconds``, counted from its beginning."""
        running = _Running(function)
        async with self._turns.taken() as turn:
            try:
                return await self._called(running, seconds)
            finally:
                turn.seconds = running.took

    async def _called(self, running: _Running[R], seconds: float | None) -> R:
        future = asyncio.get_running_loop().run_in_executor(self._executor, running)
        if seconds is None:
            return await future
        while (left := running.left(seconds)) > 0 and not future.done():
            await asyncio.wait({future}, timeout=left)
        if not future.done():
            _log.error("%s took more than %d seconds and is stopped", running.name, seconds)
            running.stop()
            await asyncio.wait({future}, timeout=STOP_SECONDS)
            if not future.done():
                _end_the_process(running.name)
        if running.was_stopped and future.exception() is not None:
            raise TookTooLong(seconds=round(seconds)) from None
        return future.result()

    def shutdown(self) -> None:
        """Waits for what is being done; what waits is not begun any more."""
        self._executor.shutdown(cancel_futures=True)


class _Running(Generic[R]):
    """One piece of work in its thread."""

    def __init__(self, function: Callable[[], R]) -> None:
        self._function = function
        self.name = getattr(function, "__qualname__", repr(function))
        self.was_stopped = False
        self._raised = False
        self._ended = False
        self._began: float | None = None
        self._thread = 0
        self.took = 0.0  # seconds

    def __call__(self) -> R:
        self._thread, self._began = threading.get_ident(), time.monotonic()
        try:
            return self._function()
        finally:
            self._ended = True
            self.took = time.monotonic() - self._began
            if self.was_stopped:
                self._let_it_come()

    def left(self, seconds: float) -> float:
        return seconds if self._began is None else seconds - (time.monotonic() - self._began)

    def stop(self) -> None:
        """Raises Stopped in the work, unless it has ended by itself."""
        self.was_stopped = True
        if not self._ended:
            _raise_in(self._thread, Stopped)
        self._raised = True

    def _let_it_come(self) -> None:
        """Takes the exception of ``stop`` here, where it has not come yet: it must not reach what comes after this work.

        It is not taken back instead: then CPython looks for it at every step of every thread from there on, and hangs where
        calls are traced, as only raising it ends that (``_PyEval_SignalAsyncExc``, 3.11).
        """
        with suppress(Stopped):
            while not self._raised:
                time.sleep(0.001)
            _raise_in(self._thread, Stopped)
            while True:
                time.sleep(0.001)


def _raise_in(thread: int, kind: type[BaseException]) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(kind))


def _end_the_process(name: str) -> None:
    _log.critical("%s can't be stopped: the process ends, and what was being done is tried alone after the next start", name)
    if sys.__stderr__ is not None:
        faulthandler.dump_traceback(sys.__stderr__)
    os._exit(_EXIT_CODE)
