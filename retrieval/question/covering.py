"""Reading a text as known phrases, one after the other: what it is made of, and what is left over."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence


def covered(text: str, phrases: Sequence[tuple[str, re.Pattern[str]]]) -> list[tuple[str, str]]:
    """``text`` from its beginning to its end as (name, piece): the longest phrase at each place, of equals the first of the list.

    Pieces that no phrase fits have an empty name; neighbouring ones are one.
    """
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        ends = ((match.end(), name) for name, phrase in phrases if (match := phrase.match(text, at)) and match.end() > at)
        end, name = _longest(ends, (at + 1, ""))
        piece = text[at:end]
        if not name and found and not found[-1][0]:
            found[-1] = ("", found[-1][1] + piece)
        else:
            found.append((name, piece))
        at = end
    return found


def _longest(ends: Iterable[tuple[int, str]], otherwise: tuple[int, str]) -> tuple[int, str]:
    best: tuple[int, str] | None = None
    for one in ends:
        if best is None or one[0] > best[0]:
            best = one
    return best or otherwise
