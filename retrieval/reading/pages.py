"""Web pages behind links: their article, with the date that they show (found by ``trafilatura``)."""

from __future__ import annotations

from typing import Any

from retrieval.errors import NoArticle
from retrieval.reading.raw import Progress, RawText, without_left_out
from retrieval.reading.web import decoded, visible_text

_LEAST = 200  # characters: less is a menu or a message that the page has moved


def read(content: bytes, name: str, progress: Progress) -> RawText:
    """``name`` is the address. Raises UnreadableFile or NoArticle."""
    source = decoded(content, name)
    text = visible_text(source, name)
    if len(without_left_out(text)) < _LEAST:
        raise NoArticle(url=name)
    return RawText(text, url=name, published=_date(source, name), marked=True, kept=True)


def _date(source: str, name: str) -> str | None:
    from trafilatura.metadata import extract_metadata

    found: Any = extract_metadata(source, default_url=name)
    return str(found.date) if found is not None and found.date else None
