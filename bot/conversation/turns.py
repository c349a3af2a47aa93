"""A few places for many: who had least of late comes first, so that one who asks much holds up nobody but themselves.

Who comes anew is before who had a turn, and behind who waited for as long as a turn takes to be forgiven: all come next in the end.
"""

from __future__ import annotations

import asyncio
import heapq
import math
import time
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import count

# For each turn that somebody had: longer than it takes until all who wait had theirs.
_FORGIVEN_SECONDS = 60.0
_MOST_COUNTED = 5.0  # turns: who had more waits no longer for it
# What counts as one turn: so long, and a question that takes so long.
_TURN_SECONDS, _TURN_CHARACTERS = 0.1, 100
_LEAST = 0.2  # of a turn: what is done around each message
_MOST_KEPT = 10_000
Keys = tuple[Hashable, ...]


@dataclass(frozen=True)
class Asking:
    """For whom a task works, and how many turns it is expected to take."""

    keys: Keys = ()
    weight: float = 0.0


_NOBODY = Asking()
# Who holds a place, and waits for a turn elsewhere, waits there as who they are.
_asking: ContextVar[Asking] = ContextVar("asking", default=_NOBODY)


@dataclass
class Turn:
    """One turn, and how long it took."""

    seconds: float = 0.0


class Turns:
    """Places that are taken and given back. Of those who wait, the one comes next whose ``keys`` had least of late.

    What is had counts for each of its keys (a person and the chat they write in), and the key that had most decides.
    """

    def __init__(self, places: int) -> None:
        self._places = self._free = places
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = count()
        self._most_kept = _MOST_KEPT
        self._had: dict[Hashable, tuple[float, float]] = {}  # what is not forgiven yet, and as of when

    @property
    def is_free(self) -> bool:
        """Whether a place can be taken without waiting."""
        return self._free > 0

    @property
    def is_unused(self) -> bool:
        """Whether nobody holds a place; of those who wait each holds one as soon as one is given back."""
        return self._free == self._places

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[Turn]:
        """A place for whom this task works; what nobody asked for comes first, since all wait for it.

        It counts as what is expected, and once that is known as the seconds that it took.
        """
        asking, turn = _asking.get(), Turn()
        await self.take(asking.keys, asking.weight)
        try:
            yield turn
        finally:
            self._charge(asking.keys, turn.seconds / _TURN_SECONDS - asking.weight)
            self.give_back()

    async def take(self, keys: Keys, weight: float = 1.0) -> None:
        """Waits for a place; :meth:`give_back` has to follow."""
        self._charge(keys, weight)
        if self._free > 0:
            self._free -= 1
            return
        turn = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (self._rank(keys), next(self._numbers), turn))
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

    def _charge(self, keys: Keys, weight: float) -> None:
        now = time.monotonic()
        if len(self._had) > self._most_kept:
            self._had = {key: one for key, one in self._had.items() if _left(one, now) > 0}
            self._most_kept = max(_MOST_KEPT, 2 * len(self._had))
        self._had.update({key: (_left(self._had.get(key, (0.0, now)), now) + weight, now) for key in keys})

    def _rank(self, keys: Keys) -> float:
        """What somebody had, as of one moment for all: it is forgiven while they wait as while others do."""
        now = time.monotonic()
        had = max((_left(self._had[key], now) for key in keys), default=-math.inf)
        return min(had, _MOST_COUNTED) + now / _FORGIVEN_SECONDS


class Places:
    """The places of what is being done at once; who waits for something slow may give up theirs for as long as that."""

    def __init__(self, places: int) -> None:
        self._turns = Turns(places)
        self._held: dict[asyncio.Task[object], Asking] = {}

    @asynccontextmanager
    async def held(self, *keys: Hashable, size: int = 0) -> AsyncIterator[None]:
        """A place for this task, which works for ``keys`` at so many characters of theirs: what is short comes before what is long."""
        task = _this_task()
        asking = Asking(keys, max(size / _TURN_CHARACTERS, _LEAST))
        await self._turns.take(keys, asking.weight)
        self._held[task] = asking
        token = _asking.set(asking)
        try:
            yield
        finally:
            _asking.reset(token)
            if self._held.pop(task, None) is not None:
                self._turns.give_back()

    @asynccontextmanager
    async def given_up(self) -> AsyncIterator[None]:
        """Others have this task's place meanwhile; nothing where it holds none."""
        task = _this_task()
        asking = self._held.pop(task, None)
        if asking is None:
            yield
            return
        self._turns.give_back()
        try:
            yield
        finally:
            await self._turns.take(asking.keys, _LEAST)
            self._held[task] = asking


def _this_task() -> asyncio.Task[object]:
    task = asyncio.current_task()
    assert task is not None
    return task


def _left(had: tuple[float, float], now: float) -> float:
    amount, at = had
    return max(0.0, amount - (now - at) / _FORGIVEN_SECONDS)
