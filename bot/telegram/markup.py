"""Telegram's HTML: escaping, emphasis, and messages of a length that Telegram takes."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence

from telegram.constants import MessageLimit

from retrieval.language.hidden import visible
from retrieval.models import Span

TEXT_LIMIT = int(MessageLimit.MAX_TEXT_LENGTH)
CAPTION_LIMIT = int(MessageLimit.CAPTION_LENGTH)
_PIECE = 3400  # leaves room for tags and a source line


def escaped(text: str) -> str:
    """``text`` as Telegram shows it as text, whatever is in it; one character stays one before it is escaped."""
    return html.escape(visible(text), quote=False)


def length(text: str) -> int:
    """The length in UTF-16 units, as Telegram counts. Tags and entities are counted, too, which Telegram does not."""
    return len(text.encode("utf-16-le")) // 2


def emphasised(text: str, spans: Iterable[Span], shift: int = 0) -> str:
    """``text`` escaped, with ``spans`` of it (counted from ``shift``) in bold; spans outside of it are left out."""
    text = visible(text)  # before it is cut: a mark over a digit is told by the digit
    shown, at = [], 0
    for span in sorted(spans, key=lambda one: one.start):
        start, end = max(span.start - shift, at), min(span.end - shift, len(text))
        if start < end:
            shown += [escaped(text[at:start]), f"<b>{escaped(text[start:end])}</b>"]
            at = end
    return "".join([*shown, escaped(text[at:])])


def pieces(text: str, spans: Sequence[Span] = (), shift: int = 0) -> list[str]:
    """``text`` as :func:`emphasised`, in pieces that each fit a message; cut at paragraphs, else sentences, else anywhere."""
    found = [""]
    for start, end in _cuts(text):
        written = emphasised(text[start:end], spans, shift + start)
        if found[-1] and length(found[-1]) + length(written) > _PIECE:
            found.append("")
        found[-1] += written
    return found


def _cuts(text: str) -> Iterator[tuple[int, int]]:
    """The paragraphs of ``text``; of one that is too long its sentences; of one that still is, stretches of characters."""
    for paragraph in re.finditer(r"[^\n]*\n|[^\n]+", text):
        if _fits(paragraph.group()):
            yield paragraph.span()
            continue
        for sentence in re.finditer(r"[^。；！？]*[。；！？]+|[^。；！？]+", paragraph.group()):
            first, last = paragraph.start() + sentence.start(), paragraph.start() + sentence.end()
            step = last - first if _fits(sentence.group()) else _PIECE // 5  # &amp; is the longest that a character becomes
            for start in range(first, last, step):
                yield start, min(start + step, last)


def _fits(text: str) -> bool:
    return length(escaped(text)) <= _PIECE - 100


def blockquotes(text: str, spans: Sequence[Span] = (), shift: int = 0) -> list[str]:
    """``text`` in expandable blockquotes, more than one where it is too long for a message."""
    return [f"<blockquote expandable>{piece.strip()}</blockquote>" for piece in pieces(text, spans, shift)]


def joined(blocks: Iterable[str], limit: int = TEXT_LIMIT) -> tuple[str, ...]:
    """Well-formed ``blocks`` as messages, as many in one as fit, parted by empty lines."""
    messages: list[str] = []
    for block in blocks:
        if messages and length(messages[-1]) + length(block) + 2 <= limit:
            messages[-1] = f"{messages[-1]}\n\n{block}"
        else:
            messages.append(block)
    return tuple(messages)


def cut_to(text: str, limit: int) -> str:
    """Plain text of at most ``limit`` UTF-16 units."""
    text = visible(text)
    if length(text) <= limit:
        return text
    while length(text) > limit - 1:
        text = text[: len(text) - max(1, (length(text) - limit) // 2)]
    return f"{text}…"
