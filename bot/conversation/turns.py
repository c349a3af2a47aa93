"""A few places for many: who had least of late comes first, so that one who asks much holds up nobody but themselves."""

from __future__ import annotations

import asyncio
import heapq
import time
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from itertools import count

# For each turn that somebody had: longer than it takes until all who wait had theirs, so that who comes anew is before them.
_FORGIVEN_SECONDS = 60.0
_MOST_KEPT = 10_000
Keys = tuple[Hashable, ...]
# For whom this task works: who holds a place, and waits for a turn elsewhere, waits there as who they are.
_for_whom: ContextVar[Keys] = ContextVar("for_whom", default=())


class Turns:
    """Places that are taken and given back. Of those who wait, the one comes next whose ``keys`` had the fewest turns of late.

    A turn counts for each of its keys (a person and the chat they write in), and the key that had most decides.
    """

    def __init__(self, places: int) -> None:
        self._free = places
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = count()
        self._most_kept = _MOST_KEPT
        self._had: dict[Hashable, tuple[float, float]] = {}  # turns that are not forgiven yet, and as of when

    @property
    def is_free(self) -> bool:
        """Whether a place can be taken without waiting."""
        return self._free > 0

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """A place for whom this task works; what nobody asked for comes first, since all wait for it."""
        await self.take(_for_whom.get())
        try:
            yield
        finally:
            self.give_back()

    async def take(self, keys: Keys) -> None:
        """Waits for a place; :meth:`give_back` has to follow."""
        had = self._count(keys)
        if self._free > 0:
            self._free -= 1
            return
        turn = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (had, next(self._numbers), turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.give_back()
            raise

    def give_back(self) -> None:
        """Gives a place to who is next."""
        while self._waiting:
            turn = heapq.heappop(self._waiting)[2]
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1

    def _count(self, keys: Keys) -> float:
        now = time.monotonic()
        if len(self._had) > self._most_kept:
            self._had = {key: one for key, one in self._had.items() if _left(one, now) > 0}
            self._most_kept = max(_MOST_KEPT, 2 * len(self._had))
        had = [_left(self._had.get(key, (0.0, now)), now) for key in keys]
        self._had.update({key: (one + 1, now) for key, one in zip(keys, had, strict=True)})
        return max(had, default=0.0)


class Places:
    """The places of what is being done at once; who waits for something slow may give up theirs for as long as that."""

    def __init__(self, places: int) -> None:
        self._turns = Turns(places)
        self._held: dict[asyncio.Task[object], Keys] = {}

    @asynccontextmanager
    async def held(self, *keys: Hashable) -> AsyncIterator[None]:
        """A place for this task."""
        task = _this_task()
        await self._turns.take(keys)
        self._held[task] = keys
        token = _for_whom.set(keys)
        try:
            yield
        finally:
            _for_whom.reset(token)
            if self._held.pop(task, None) is not None:
                self._turns.give_back()

    @asynccontextmanager
    async def given_up(self) -> AsyncIterator[None]:
        """Others have this task's place meanwhile; nothing where it holds none."""
        task = _this_task()
        keys = self._held.pop(task, None)
        if keys is None:
            yield
            return
        self._turns.give_back()
        try:
            yield
        finally:
            await self._turns.take(keys)
            self._held[task] = keys


def _this_task() -> asyncio.Task[object]:
    task = asyncio.current_task()
    assert task is not None
    return task


def _left(had: tuple[float, float], now: float) -> float:
    turns, at = had
    return max(0.0, turns - (now - at) / _FORGIVEN_SECONDS)
