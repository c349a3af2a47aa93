"""The log of requests, and failures planned by a test."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Call:
    """One finished request of the bot. ``at`` and ``done`` are ``time.monotonic()`` seconds of its arrival and its end.

    ``params`` has nested JSON decoded and numeric ids as numbers. ``error`` is the description of a refusal. ``planned``
    is set where a test had ordered the failure.
    """

    method: str
    params: dict[str, Any]
    ok: bool
    error: str | None
    at: float
    done: float
    error_code: int | None = None
    result: Any = None
    planned: bool = False

    def __str__(self) -> str:
        outcome = "ok" if self.ok else f"{self.error_code} {self.error}"
        return f"{self.method} {str(self.params)[:300]} -> {outcome}"


@dataclass
class Failure:
    """What happens instead of a request, ``times`` times. ``drop``: the connection is cut before or after the work."""

    error_code: int | None
    retry_after: int
    description: str | None
    drop: str | None
    delay: float
    times: int


class Log:
    """Requests, only ever appended to, also by method."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.by_method: dict[str, list[Call]] = defaultdict(list)
        self.refusals: list[Call] = []

    def add(self, call: Call) -> None:
        self.calls.append(call)
        self.by_method[call.method.lower()].append(call)
        if call.error_code is not None and not call.planned:
            self.refusals.append(call)

    def called(self, method: str, **params: Any) -> list[Call]:
        """Requests of a method whose parameters are these; numbers and their digits count as the same."""
        return [
            call
            for call in self.by_method[method.lower()]
            if all(name in call.params and _same(call.params[name], value) for name, value in params.items())
        ]


def _same(one: Any, other: Any) -> bool:
    return one == other or str(one) == str(other)


class Failures:
    """The failures that wait for their request, by method; ``*`` stands for any method."""

    def __init__(self) -> None:
        self._planned: dict[str, list[Failure]] = defaultdict(list)

    def plan(self, method: str, failure: Failure) -> None:
        self._planned[method.lower()].append(failure)

    def clear(self) -> None:
        self._planned.clear()

    def take(self, method: str) -> Failure | None:
        for name in (method.lower(), "*"):
            waiting = self._planned.get(name)
            if waiting:
                waiting[0].times -= 1
                return waiting[0] if waiting[0].times else waiting.pop(0)
        return None
