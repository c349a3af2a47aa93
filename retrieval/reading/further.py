"""The further pages of an article behind a link: each is fetched and read as the first one was, and goes on where that ends."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from retrieval.errors import ReportBotError
from retrieval.reading.limits import LINK_PAGES, LINK_SECONDS
from retrieval.reading.links import fetch
from retrieval.reading.raw import FURNITURE_END, FURNITURE_START, LEFT_OUT, RawText

_PAGE = "page.html"  # by any name that is no address: a last page may be short, which the first may not

Fetch = Callable[[str], tuple[bytes, str]]
Read = Callable[[bytes, str], RawText]


def with_further_pages(raw: RawText, read: Read, fetched: Fetch = fetch) -> RawText:
    """The text of a web page with that of the pages that follow it, of the same site; of anything else ``raw`` as it is.

    Where one can't be had, the text ends there and says that pages are missing, as that of a file does.
    """
    at, known, ends = raw.url, {raw.url}, time.monotonic() + LINK_SECONDS
    while at is not None and (mark := _mark_of_next(raw.text)):
        start, end, onward = mark
        url = urljoin(at, onward)
        if url in known:  # the last page, which leads to itself or back
            return replace(raw, text=raw.text[:start] + raw.text[end:])
        if urlsplit(url).netloc != urlsplit(at).netloc or len(known) >= LINK_PAGES or time.monotonic() > ends:
            break
        try:
            content, found_at = fetched(url)
            page = read(content, _PAGE)
        except ReportBotError:
            break
        known |= {url, found_at}
        raw, at = replace(raw, text=_joined(raw.text[:start] + raw.text[end:], page.text)), found_at
    return raw


def _mark_of_next(text: str) -> tuple[int, int, str] | None:
    """Where a text says that its article has another page, and the address of that."""
    found = [(*one.span(), one.group("text")) for one in LEFT_OUT.finditer(text) if one.group("kind") == "more_pages"]
    return found[-1] if found else None


def _joined(before: str, after: str) -> str:
    """Two pages as one text, without what the second one says again at its head; a sentence that goes on goes on."""
    around: list[str] = []  # the menus below the first page, which stand below both then
    while (before := before.rstrip()).endswith(FURNITURE_END):
        at = before.rindex(FURNITURE_START)
        around, before = [before[at:], *around], before[:at]
    known = {line.strip() for line in before.split("\n")}
    lines = after.split("\n")
    again = (n for n, line in enumerate(lines) if line.strip() not in known and not line.startswith(FURNITURE_START))
    rest = "\n".join(lines[next(again, len(lines)) :])
    between = "" if before[-1:].isalnum() else "\n"
    return "\n".join([f"{before}{between}{rest}", *around])
