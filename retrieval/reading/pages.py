"""Web pages behind links: their main text, found by ``trafilatura``, with the date that they show."""

from __future__ import annotations

from typing import Any

from retrieval.errors import NoArticle
from retrieval.reading.raw import Progress, RawText
from retrieval.reading.web import decoded, visible_text

_LEAST = 200  # characters: less is a menu or a message that the page has moved


def read(content: bytes, name: str, progress: Progress) -> RawText:
    """``name`` is the address. Raises UnreadableFile or NoArticle."""
    from trafilatura import bare_extraction

    source = decoded(content, name)
    found: Any = bare_extraction(
        source,
        url=name,
        favor_precision=True,
        include_comments=False,
        include_tables=True,
        with_metadata=True,
        target_language=None,
    )
    text = (found.text or "") if found is not None else ""
    if len(text) < _LEAST:  # pages of a table, or of one paragraph that nothing tells from its surroundings
        text = visible_text(source)
        if len(text) < _LEAST:
            raise NoArticle(url=name)
        return RawText(text, url=name, published=_date(found), marked=True, kept=True)
    title = (found.title or "").strip()
    if title and title not in text[:200]:
        text = f"{title}\n{text}"
    return RawText(text, url=name, published=_date(found), kept=True)


def _date(found: Any) -> str | None:
    return str(found.date) if found is not None and found.date else None
