"""What a report says on one theme (民生方面说了什么): the chapters headed by it, with their parts; else the passages on it."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.answers.claims import Claim, Listed, Word
from retrieval.answers.context import RANKED, Context, PartOfReport
from retrieval.answers.headings import heading_told
from retrieval.answers.passage import lead_of, passages_on, says_something
from retrieval.answers.quoting import quote, shown
from retrieval.language.vocabulary import synonyms
from retrieval.models import Report, Section, Span, StoredPassage
from retrieval.question.query import Intent, Part
from retrieval.reach import of_ids
from retrieval.replies import Quote
from retrieval.search.ranking import search

_CHAPTERS = 3
_PARTS = 5
_SHORTEST = 8  # characters of a passage that is told
_BLOCK = 300


def claims_on(context: Context, report: Report, theme: str, side: str | None) -> list[Claim]:
    """A line for each chapter on ``theme``, of one side of the report where that is asked."""
    words = (theme, *sorted(synonyms(theme)))
    outline = context.library.outline(report.id)
    chapters = [
        number
        for number, one in enumerate(outline)
        if one.depth and any(word in one.heading for word in words) and (side is None or one.ahead == (side == "plan"))
    ]
    tops = [number for number in chapters if outline[number].parent not in chapters and outline[number].period]
    # Whole chapters come before parts of others, what is to be done before what was; of equals the first of the text.
    tops.sort(key=lambda number: (outline[number].depth, not outline[number].ahead))
    found = (_chapter(context, report, outline, number) for number in tops)
    told = [one for one in found if one is not None][:_CHAPTERS]
    return told or _passages(context, report, theme, side)


def _chapter(context: Context, report: Report, outline: Sequence[Section], number: int) -> Claim | None:
    library, section = context.library, outline[number]
    text = library.text(report.id)
    parts = [one for one in outline if one.parent == number and one.heading and text.startswith(one.heading, one.start)]
    passages = [p for p in library.passages(report.id) if section.start <= p.start < section.end]
    told: list[str] = [heading_told(one.heading) for one in parts[:_PARTS]]
    quotes = [quote(library, report, Span(one.start, one.start + len(one.heading))) for one in parts[:_PARTS]]
    if not told:
        kept = [p for p in _own_passages(text, section, passages) if p.end - p.start >= _SHORTEST][:_PARTS]
        told = [lead_of(text[p.start : p.end]).rstrip("…") for p in kept]
        quotes = [quote(library, report, Span(p.start, p.end)) for p in kept]
    if not told:
        return None
    end = max((p.end for p in passages if p.end - section.start <= _BLOCK), default=section.start + len(section.heading))
    whole = quote(library, report, Span(section.start, max(end, section.start + len(section.heading))))
    year = (report.plan_year if section.ahead else report.review_year) or report.year or ""
    words: dict[str, Word] = {
        "place": shown(report),
        "year": year,
        "heading": heading_told(section.heading),
        "told": Listed(tuple(told), "glue"),
    }
    return Claim(
        "overview.chapter", "answered", report, words, quotes=(whole, *(one for one in quotes if not _within(one, whole)))
    )


def _own_passages(text: str, section: Section, passages: Sequence[StoredPassage]) -> list[StoredPassage]:
    """The passages below a heading; below one that opens a paragraph those of that paragraph: what follows has no heading."""
    end = section.start + len(section.heading)
    below = [one for one in passages if one.start >= end]
    runs_in = bool(below) and "\n" not in text[end : below[0].start]
    return [one for one in below if "\n" not in text[end : one.start]] if runs_in else below


def _within(one: Quote, whole: Quote) -> bool:
    return whole.start <= one.start and one.end <= whole.end


def _passages(context: Context, report: Report, theme: str, side: str | None) -> list[Claim]:
    """Passages on a theme that no chapter is headed by, which name it; else those that come nearest, as other questions get them."""
    library = context.library
    ranked = search(library, theme, of_ids((report.id,)), RANKED, (), shown(report))
    of_side = [one for one in ranked if side is None or (one.period in ("plan", "governance")) == (side == "plan")]
    naming = [one for one in of_side if theme in one.text and says_something(one)][:_PARTS]
    if not naming:
        part = Part(Intent.PASSAGE, theme, topic=(theme,))
        found = passages_on(PartOfReport(context, report, part, None, ranked), None if side is None else side == "plan")
        return [found] if found.states else []
    told = Listed(tuple(lead_of(one.text) for one in naming), "glue")
    words: dict[str, Word] = {"place": shown(report), "year": report.year or "", "heading": theme, "told": told}
    quotes = tuple(quote(library, report, Span(one.start, one.end)) for one in naming)
    return [Claim("overview.chapter", "answered", report, words, quotes=quotes)]
