"""Answering from a report's outline: its main targets, the work that it sets out, the difficulties that it names."""

from __future__ import annotations

from retrieval.answers.claims import Claim, Listed, Named, Word, absent, claim
from retrieval.answers.context import PartOfReport, asks_of_plan
from retrieval.answers.headings import headings_of, headings_told
from retrieval.answers.matching.times import relative_year
from retrieval.answers.passage import claim_passage
from retrieval.answers.quoting import quote, shown
from retrieval.models import Span
from retrieval.report.chapters import problems_of

_FEWEST_HEADINGS = 3
_PROBLEMS_BLOCK = 600  # characters


def claim_targets(asked: PartOfReport) -> Claim:
    """The sentence in which a report states its main targets, and those that it lists."""
    library, report, when = asked.library, asked.report, asked.part.when
    if when.several is not None:  # 十四五目标: one year's are not those of a period
        return absent("absent_period", report, place=shown(report), subject=claim("targets"))
    year = relative_year(report, when.relative) if when.relative else asked.year or report.plan_year
    if year is not None and year != report.plan_year:
        return absent("no_targets_of_year", report, place=shown(report), year=year)
    stated = [f for f in library.figures(report.id) if f.primary and f.kind == "target" and f.year == report.plan_year]
    if not stated or year is None:
        return absent("no_targets", report, place=shown(report), year=report.year or "")
    first = stated[0]
    figures = tuple(f for f in stated if f.sentence_start == first.sentence_start)
    told = Listed(tuple(Named(figure) for figure in figures if not figure.blank), "value_glue")
    sentence = Span(first.sentence_start, first.sentence_end)
    quoted = quote(library, report, sentence, [Span(f.start, f.end) for f in figures])
    words: dict[str, Word] = {"place": shown(report), "year": year, "told": told}
    return Claim("main_targets", "answered", report, words, figures, (quoted,))


def claim_work(asked: PartOfReport) -> Claim:
    """The headings under which a report says what is to be done; where it has too few, its main targets or passages."""
    headings = headings_of(asked.library, asked.report, ahead=True)
    past = asks_of_plan(asked.context.query, asked.report) is False
    if past or len(headings) < _FEWEST_HEADINGS or asked.report.plan_year is None:
        return claim_targets(asked) if asked.part.aim == "target" and not asked.part.topic else claim_passage(asked)
    told = headings_told(asked.library, asked.report, headings)
    words: dict[str, Word] = {"place": shown(asked.report), "year": asked.report.plan_year, "headings": told}
    quotes = tuple(quote(asked.library, asked.report, heading) for heading in headings)
    return Claim("main_work", "answered", asked.report, words, quotes=quotes)


def claim_problems(asked: PartOfReport) -> Claim:
    """The part of a report on its difficulties; passages where it has none."""
    library, report = asked.library, asked.report
    section = problems_of(library.text(report.id), library.outline(report.id))
    if section is None:
        return claim_passage(asked)
    spans = [p for p in library.passages(report.id) if section.start <= p.start < section.end]
    end = max((p.end for p in spans if p.end - spans[0].start <= _PROBLEMS_BLOCK), default=spans[0].end)
    quoted = quote(library, report, Span(spans[0].start, end))
    words: dict[str, Word] = {"place": shown(report), "year": report.review_year or ""}
    return Claim("problems", "answered", report, words, quotes=(quoted,))
