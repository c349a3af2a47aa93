"""What a reader gives: the text of a file, with its pages where it has some."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from retrieval.models import SKIPPED, Page

# What stands around a text rather than in it is marked by its reader for cleaning, which takes it out and records it:
# menus and footers of a web page between the first two, running heads and page numbers of a printed page between the others.
FURNITURE_START, FURNITURE_END = "\x0e", "\x0f"
HEAD_START, HEAD_END = "\x10", "\x11"
# Whatever else is left out of the text (what nobody sees, note marks) or was not read (pictures), with its kind.
_LEFT_START, _LEFT_KIND, _LEFT_END = "\x12", "\x14", "\x13"
MARKS = re.compile("[\x0e-\x14]")
LEFT_OUT = re.compile(f"{_LEFT_START}(?P<kind>[a-z_]+){_LEFT_KIND}(?P<text>[^{_LEFT_END}]*){_LEFT_END}")

# Pages above this confidence had at most one character in a hundred wrong, those below it three and more: then one figure
# in ten is wrong. Measured by ``python -m benchmarks formats``, see docs/formats.md.
USABLE_CONFIDENCE = 0.97

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class RawText:
    """The text of a file. ``pages`` are in the order of the text, empty for what has none.

    ``url`` and ``published`` (an ISO date) are those of a web page. ``marked`` tells that the reader has marked
    furniture; only then do the marks mean anything. ``kept`` tells that reading again is slow or depends on programs
    outside of this one, so that a library keeps the text as it was read.
    """

    text: str
    pages: tuple[Page, ...] = ()
    url: str | None = None
    published: str | None = None
    marked: bool = False
    kept: bool = False

    def as_json(self) -> dict[str, Any]:
        pages = [[page.number, page.start, page.confidence] for page in self.pages]
        return {**vars(self), "pages": pages}

    @classmethod
    def from_json(cls, tree: dict[str, Any]) -> RawText:
        return cls(**{**tree, "pages": tuple(Page(*page) for page in tree["pages"])})


def left_out(kind: str, text: str) -> str:
    """A piece of a raw text that cleaning takes out, and records as a removal of ``kind``."""
    return f"{_LEFT_START}{kind}{_LEFT_KIND}{unmarked(text)}{_LEFT_END}"


def without_left_out(text: str) -> str:
    """A raw text without what its reader left out of it."""
    return LEFT_OUT.sub("", text)


def holds_skipped(text: str) -> bool:
    """Whether a raw text tells of something that was not read."""
    return any(found.group("kind") in SKIPPED for found in LEFT_OUT.finditer(text))


def unmarked(text: str) -> str:
    """``text`` without the characters that would pass for marks."""
    return MARKS.sub("", text)
