"""Answering with passages: what a report says on something, where no single figure or fact is asked for."""

from __future__ import annotations

import re

from retrieval.answers.claims import Claim, absent, claim
from retrieval.answers.context import PartOfReport, asks_of_plan
from retrieval.answers.matching.words import bare, word_weights
from retrieval.answers.quoting import quote, section_at, sentence_around, shown
from retrieval.models import Report, Span
from retrieval.ports import LibraryView
from retrieval.replies import RankedPassage

_AHEAD = ("plan", "governance")
_QUOTES = 3
_BLOCK = 260
# Chosen by trying questions that the reports answer and that they don't: the share of a question's words that a passage must meet.
_ENOUGH, _ENOUGH_ANYWHERE = 0.34, 0.7
_EXACT = 0.9
_COVERAGE_WEIGHT = 2.0


def claim_passage(asked: PartOfReport) -> Claim:
    """The passages on what is asked, of the year that the question, or else its wording, is about."""
    planned = asks_of_plan(asked.context.query, asked.report)
    if planned is None and asked.part.ahead is not None:
        found = passages_on(asked, asked.part.ahead)
        if found.states:
            return found
    return passages_on(asked, planned)


def passages_on(asked: PartOfReport, planned: bool | None, *, exact: bool = False) -> Claim:
    """The passages on what is asked, in their surroundings; not found when none meets its words.

    ``planned`` tells whether it is asked of the plan or of the review; ``exact`` that only a passage from there which meets every word answers.
    """
    library, report, part = asked.library, asked.report, asked.part
    scored = _scored(asked, planned, exact=exact)
    enough = _EXACT if exact else _ENOUGH if asked.context.query.scope.named else _ENOUGH_ANYWHERE
    if not part.topic or not scored or max(met for _, met, _ in scored) < enough:
        subject = re.sub(r"\d\S*", "", "".join(part.topic)) or claim("it")
        return absent("no_passage", report, place=shown(report), year=report.year or "", subject=subject)
    best = scored[0][1]
    ahead = scored[0][2].period in _AHEAD
    chosen = [p for _, met, p in scored if met >= min(enough, best) and (p.period in _AHEAD) == ahead][:_QUOTES]
    spans: list[Span] = []
    for passage in chosen:
        block = _block(library, report, passage)
        if not any(span.start < block.end and block.start < span.end for span in spans):
            spans.append(block)
    quotes = tuple(quote(library, report, span) for span in spans)
    period = chosen[0].period or "plan"
    year = (report.plan_year if period in _AHEAD else report.review_year) or report.year or ""
    return Claim(f"passage_{period}", "answered", report, {"place": shown(report), "year": year}, quotes=quotes)


def _scored(asked: PartOfReport, planned: bool | None, *, exact: bool) -> list[tuple[float, float, RankedPassage]]:
    """The report's ranked passages with their score and the share of the question's words that each meets, best first."""
    part = asked.part
    own = [passage for passage in asked.ranked if passage.report.id == asked.report.id]
    if part.or_passage:
        own = [passage for passage in own if all(name in passage.text for name in part.proper_names)]
    of_time = [p for p in own if planned is None or (p.period in _AHEAD) == planned]
    own = of_time if exact else of_time or own
    weights = word_weights(asked.library, asked.report)
    scored = []
    for passage in own:
        met = weights.coverage(part.topic, bare(" ".join((*passage.section, passage.text))))
        scored.append((passage.score + _COVERAGE_WEIGHT * met, met, passage))
    return sorted(scored, key=lambda one: -one[0])


def _block(library: LibraryView, report: Report, passage: RankedPassage) -> Span:
    """A passage with the sentences after and before it, as far as its own section and a readable length go."""
    home = section_at(library, report, passage.start)
    near = [p for p in library.passages(report.id) if p.section == home]
    near = near or [p for p in library.passages(report.id) if p.start == passage.start]
    text = library.text(report.id)
    sentence = sentence_around(library, report, passage.start, passage.end)
    start, end = min(sentence.start, passage.start), max(sentence.end, passage.end)
    for after in (p for p in near if p.start >= end):
        if after.end - start > _BLOCK or "\n" in text[end : after.start]:
            break
        end = after.end
    for before in reversed([p for p in near if p.end <= start]):
        if end - before.start > _BLOCK or "\n" in text[before.end : start]:
            break
        start = before.start
    return Span(start, end)
