"""How much one person and one chat may ask in a minute, and being told so once."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Literal

from aiolimiter import AsyncLimiter

# Telegram lets a bot send 20 messages a minute to a group (https://core.telegram.org/bots/faq): more would only wait.
_PER_USER, _PER_CHAT, _INLINE, _PRESSES, _SECONDS = 20, 20, 60, 60, 60.0
REQUESTS = 120  # of pages and of the API: a page with its picture, or a question, is a few
_MOST_KEPT = 10_000
Verdict = Literal["go", "notice", "silence"]


@dataclass
class _Bucket:
    limiter: AsyncLimiter
    noticed: bool = False


@dataclass
class Limits:
    """Leaky buckets by user and by chat: 20 questions a minute each person and each chat."""

    _buckets: dict[tuple[str, Hashable], _Bucket] = field(default_factory=dict)

    async def admit(self, user_id: int, chat_id: int) -> Verdict:
        """Whether one more question may be answered; ``notice`` the first time that it may not, ``silence`` after that."""
        buckets = [self._bucket("user", user_id, _PER_USER)]
        if chat_id != user_id:
            buckets.append(self._bucket("chat", chat_id, _PER_CHAT))
        return await _taken(buckets)

    async def admit_press(self, user_id: int) -> Verdict:
        """The same for a pressed button."""
        return await _taken([self._bucket("press", user_id, _PRESSES)])

    async def admit_inline(self, user_id: int) -> bool:
        """The same for an inline question; they come with every few letters typed, so nobody is told."""
        return await _taken([self._bucket("inline", user_id, _INLINE)]) == "go"

    async def admit_request(self, client: Hashable, rate: int = REQUESTS) -> bool:
        """The same for a request of somebody who is known by an address."""
        return await _taken([self._bucket("request", client, rate)]) == "go"

    def _bucket(self, kind: str, id_: Hashable, rate: int) -> _Bucket:
        if len(self._buckets) > _MOST_KEPT:
            self._buckets = {key: one for key, one in self._buckets.items() if not one.limiter.has_capacity(one.limiter.max_rate)}
        key = (kind, id_)
        if key not in self._buckets:
            self._buckets[key] = _Bucket(AsyncLimiter(rate, _SECONDS))
        return self._buckets[key]


async def _taken(buckets: list[_Bucket]) -> Verdict:
    """One drop into each bucket, or into none."""
    full = [bucket for bucket in buckets if not bucket.limiter.has_capacity()]
    if full:
        told = all(bucket.noticed for bucket in full)
        for bucket in full:
            bucket.noticed = True
        return "silence" if told else "notice"
    for bucket in buckets:
        if bucket.limiter.has_capacity(bucket.limiter.max_rate / 2):
            bucket.noticed = False  # a new flood, not a pause in the old one
        await bucket.limiter.acquire()  # returns at once: there is capacity, and nothing was awaited since
    return "go"
