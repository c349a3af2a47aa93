"""How much one client may ask of the pages in a minute."""

from __future__ import annotations

import asyncio

from bot.conversation.limits import Limits


def test_requests_are_counted_by_client_and_apart_from_questions():
    async def run() -> list[bool]:
        limits = Limits()
        first = [await limits.admit_request("203.0.113.5", 3) for _ in range(5)]
        other = [await limits.admit_request(("user", 7), 3)]
        return [*first, *other, await limits.admit(7, 7) == "go"]

    assert asyncio.run(run()) == [True, True, True, False, False, True, True]
