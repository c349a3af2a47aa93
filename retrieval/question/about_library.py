"""Questions about the library itself: of which places it has reports, how many, which were given on a day."""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.language.patterns import pattern

_HELD = pattern("questions.library.held")
_HELD_OTHERWISE = pattern("questions.library.held_otherwise")
_ASKS = pattern("questions.library.asks")
_DAY = pattern("questions.library.day")
_GIVEN = pattern("questions.library.given")
_WHICH = pattern("questions.library.which")
_ABOUT_DAY = pattern("questions.library.of_day")


@dataclass(frozen=True)
class AboutLibrary:
    """A question about the reports that are held: all of them, or those of ``years``, or given on ``day`` (month, day)."""

    day: tuple[int, int] | None = None
    years: tuple[int, ...] = ()


def read_about_library(text: str) -> AboutLibrary | None:
    """What ``text`` (folded, without places and years) asks of the library itself, or None."""
    plain = re.sub(r"\s+", "", text)
    if _HELD.match(plain) and _ASKS.search(plain):
        return AboutLibrary()
    otherwise = _HELD_OTHERWISE.match(plain)
    if otherwise and _ASKS.search(plain) and ("报告" in plain or otherwise.group("library") or otherwise.group("data")):
        return AboutLibrary()
    day = _DAY.search(plain)
    if day is None or not _GIVEN.search(plain) or not _WHICH.search(plain):
        return None
    left = _ABOUT_DAY.sub("", _WHICH.sub("", _DAY.sub("", plain)))
    return None if left else AboutLibrary((int(day.group("month")), int(day.group("day"))))
