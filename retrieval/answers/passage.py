"""Answering with passages: what a report says on something, where no single figure or fact is asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.answers.figure import relative_year
from retrieval.answers.findings import Finding, not_found, quote, section_at, sentence_around, shown
from retrieval.answers.matching.choice import proper_names
from retrieval.answers.matching.words import bare, word_weights
from retrieval.answers.wording.figures import briefly
from retrieval.messages import message
from retrieval.models import Report, Span
from retrieval.ports import LibraryView
from retrieval.question.query import Intent, Part
from retrieval.replies import RankedPassage

_NUMBERED = re.compile(
    r"[(（]?[一二三四五六七八九十]{1,3}[)）、.．]|第[一二三四五六七八九十]{1,2}[,，、]|[一二三四五六七八九十]{1,2}是|\d{1,2}[.．、]"
)
_CHAPTERS_DEPTH, _FEWEST_HEADINGS = 2, 3
_AHEAD = ("plan", "governance")
_QUOTES = 3
_BLOCK = 260
_PROBLEMS_BLOCK = 600
# Chosen by trying questions that the reports answer and that they don't: the share of a question's words that a passage must meet.
_ENOUGH, _ENOUGH_ANYWHERE = 0.34, 0.7
_EXACT = 0.9
_COVERAGE_WEIGHT = 2.0


def answer_passage(
    library: LibraryView,
    report: Report,
    ask: Part,
    ranked: Sequence[RankedPassage],
    named: bool,
    planned: bool | None,
    *,
    exact: bool = False,
) -> Finding:
    """The passages of ``report`` on what is asked, in their surroundings; not found when none meets its words.

    ``planned`` tells whether it is asked of the plan or of the review; ``exact`` that only a passage from there which meets every word answers.
    """
    if ask.intent is Intent.PROBLEMS:
        problems = _problems(library, report)
        if problems:
            return problems
    if ask.intent is Intent.WORK and planned is not False:
        work = _main_work(library, report)
        if work:
            return work
    if ask.intent is Intent.TARGETS:
        return _main_targets(library, report, ask)
    own = [passage for passage in ranked if passage.report.id == report.id]
    if ask.or_passage:
        own = [passage for passage in own if all(name in passage.text for name in proper_names(ask))]
    of_time = [p for p in own if planned is None or (p.period in _AHEAD) == planned]
    own = of_time if exact else of_time or own
    weights = word_weights(library, report)
    scored = []
    for passage in own:
        met = weights.coverage(ask.topic, bare(" ".join((*passage.section, passage.text))))
        scored.append((passage.score + _COVERAGE_WEIGHT * met, met, passage))
    scored.sort(key=lambda one: -one[0])
    enough = _EXACT if exact else _ENOUGH if named else _ENOUGH_ANYWHERE
    if not ask.topic or not scored or max(met for _, met, _ in scored) < enough:
        subject = re.sub(r"\d\S*", "", "".join(ask.topic)) or message("answers.it")
        return not_found(message("answers.no_passage", place=shown(report), year=report.year or "", subject=subject), report)
    best = scored[0][1]
    ahead = scored[0][2].period in _AHEAD
    chosen = [p for _, met, p in scored if met >= min(enough, best) and (p.period in _AHEAD) == ahead][:_QUOTES]
    spans: list[Span] = []
    for passage in chosen:
        block = _block(library, report, passage)
        if not any(span.start < block.end and block.start < span.end for span in spans):
            spans.append(block)
    quotes = tuple(quote(library, report, span) for span in spans)
    return Finding("answered", _where(report, chosen[0]), _where(report, chosen[0]), quotes, report)


def _main_targets(library: LibraryView, report: Report, ask: Part) -> Finding:
    """The sentence in which a report states its main targets, and those that it lists."""
    asked = ask.when.years[0] if ask.when.years else report.plan_year
    if ask.when.relative is not None:
        asked = relative_year(report, ask.when.relative)
    stated = [f for f in library.figures(report.id) if f.primary and f.kind == "target" and f.year == report.plan_year]
    if asked is not None and asked != report.plan_year:
        text = message("answers.no_targets_of_year", place=shown(report), year=asked)
        return not_found(text, report)
    if not stated or asked is None or report.plan_year is None:
        text = message("answers.no_targets", place=shown(report), year=report.year or "")
        return not_found(text, report)
    first = stated[0]
    figures = [f for f in stated if f.sentence_start == first.sentence_start]
    values = tuple(briefly(figure) for figure in figures if not figure.blank)
    told = message("answers.value_glue").join(values)
    text = message("answers.main_targets", place=shown(report), year=report.plan_year, told=told)
    quoted = quote(library, report, Span(first.sentence_start, first.sentence_end), [Span(f.start, f.end) for f in figures])
    return Finding("answered", text, text, (quoted,), report)


def _main_work(library: LibraryView, report: Report) -> Finding | None:
    """The headings under which a report says what is to be done; None where it has too few of them."""
    outline, text = library.outline(report.id), library.text(report.id)
    planned = [one for one in outline if one.ahead and one.depth == _CHAPTERS_DEPTH and one.heading]
    numbered = [one for one in planned if _NUMBERED.match(one.heading)]
    headings = [one for one in (numbered or planned) if text.startswith(one.heading, one.start)]
    if len(headings) < _FEWEST_HEADINGS or report.plan_year is None:
        return None
    told = message("answers.main_work", place=shown(report), year=report.plan_year)
    quotes = tuple(quote(library, report, Span(one.start, one.start + len(one.heading))) for one in headings)
    return Finding("answered", told, told, quotes, report)


def _problems(library: LibraryView, report: Report) -> Finding | None:
    """The part of a report on its difficulties."""
    outline = library.outline(report.id)
    for section in outline:
        if section.period == "problems":
            spans = [p for p in library.passages(report.id) if section.start <= p.start < section.end]
            end = max((p.end for p in spans if p.end - spans[0].start <= _PROBLEMS_BLOCK), default=spans[0].end)
            text = message("answers.problems", place=shown(report), year=report.review_year or "")
            return Finding("answered", text, text, (quote(library, report, Span(spans[0].start, end)),), report)
    return None


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


def _where(report: Report, passage: RankedPassage) -> str:
    year = report.plan_year if passage.period in ("plan", "governance") else report.review_year
    key = f"answers.passage_{passage.period or 'plan'}"
    return message(key, place=shown(report), year=year or report.year or "")
