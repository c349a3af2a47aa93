"""What leads on from an answer to the reports: surroundings, further passages. All is compared with the text as it is now."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from bot.conversation.memory import StoredQuestion
from retrieval.answers.quoting import page_of
from retrieval.errors import UnknownReport
from retrieval.library import Library
from retrieval.models import Report, Span, StoredPassage
from retrieval.ports import Reports
from retrieval.replies import Quote, Reply
from retrieval.report.outline import section_path

QUOTES_SHOWN = 3  # under an answer; those after them are further evidence
_LED_TO = 8  # quotes whose surroundings are a tap away
_PER_PAGE = 3
_AROUND = 2
_LONGEST_WINDOW = 1500
# A passage without a full stop may be longer than a message; then its beginning is shown.
_LONGEST_SHOWN, _LONGEST_EVIDENCE = 3000, 900


@dataclass(frozen=True)
class Neighbour:
    """A passage that a button or link leads to, with the hash of its text."""

    passage_id: int
    hash: str


@dataclass(frozen=True)
class Window:
    """A contiguous piece of a report around a passage: ``text`` begins at ``start`` of the canonical text.

    ``previous`` and ``next`` are the passages just before and after it; None at the ends of the report.
    """

    report: Report
    section: tuple[str, ...]
    text: str
    start: int
    emphasis: tuple[Span, ...]
    previous: Neighbour | None
    next: Neighbour | None


def resolved(library: Library, stored: StoredQuestion) -> Reply | None:
    """A reply as it was given; None where a report that it quotes is gone or no longer says so."""
    with library.snapshot():
        try:
            reply = Reply.from_json(stored.reply, library.report)
        except UnknownReport:
            return None
        unchanged = all(library.text(one.report.id)[one.start : one.end] == one.text for one in reply.quotes)
    return reply if unchanged else None


def anchors(library: Reports, quotes: Sequence[Quote]) -> list[Neighbour]:
    """The passages that the first quotes stand in."""
    found = []
    with library.snapshot():
        for quote in quotes[:_LED_TO]:
            passages = library.passages(quote.report.id)
            if passages:
                holding = [one for one in passages if one.start <= quote.start]
                found.append(_neighbour(library, holding[-1] if holding else passages[0]))
    return found


def window(library: Library, passage_id: int, expected_hash: str, quotes: Sequence[Quote]) -> Window | None:
    """The passages around one, as they stand in the report; None where it is gone or is another one by now."""
    with library.snapshot():
        middle = library.passage(passage_id)
        if middle is None or _neighbour(library, middle).hash != expected_hash:
            return None
        passages = library.passages(middle.report_id)
        at = passages.index(middle)
        first, last = _extent(passages, at)
        report, text = library.report(middle.report_id), library.text(middle.report_id)
        start = passages[first].start
        end = min(passages[last].end, start + _LONGEST_SHOWN)
        return Window(
            report,
            section_path(library.outline(report.id), middle.section),
            text[start:end],
            start,
            tuple(Span(one.start, one.end) for one in quotes if one.report.id == report.id),
            _neighbour(library, passages[first - 1]) if first > 0 else None,
            _neighbour(library, passages[last + 1]) if last < len(passages) - 1 else None,
        )


def _extent(passages: Sequence[StoredPassage], at: int) -> tuple[int, int]:
    """The first and last passage of a window around ``at`` that is not too long to be shown."""
    first, last = max(at - _AROUND, 0), min(at + _AROUND, len(passages) - 1)
    while last > first and passages[last].end - passages[first].start > _LONGEST_WINDOW:
        first, last = (first + 1, last) if at - first > last - at else (first, last - 1)
    return first, last


def more(library: Library, stored: StoredQuestion, page: int) -> tuple[list[Quote], int]:
    """A page of what the answer did not show - further quotes, then passages by rank - and how many pages there are."""
    reply = resolved(library, stored)
    if reply is None:
        return [], 0
    with library.snapshot():
        rest: list[Quote] = list(reply.quotes[QUOTES_SHOWN:])
        for passage in filter(None, map(library.passage, stored.passages)):
            rest.append(_as_quote(library, passage))
    pages = -(-len(rest) // _PER_PAGE)
    return rest[page * _PER_PAGE : (page + 1) * _PER_PAGE], pages


def _as_quote(library: Library, passage: StoredPassage) -> Quote:
    report = library.report(passage.report_id)
    path = section_path(library.outline(report.id), passage.section)
    end = min(passage.end, passage.start + _LONGEST_EVIDENCE)
    page, recognised = page_of(library, report, Span(passage.start, end))
    return Quote(report, path, library.text(report.id)[passage.start : end], passage.start, end, (), page, recognised)


def _neighbour(library: Reports, passage: StoredPassage) -> Neighbour:
    return Neighbour(passage.id, hash_of(library.text(passage.report_id)[passage.start : passage.end]))


def hash_of(text: str) -> str:
    """A short hash of a passage's text, so that a link in an old message never shows another passage."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]
