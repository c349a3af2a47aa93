"""Showing what stands nearest where nothing states what was asked: quoted, and called that, without a figure of its own."""

from __future__ import annotations

from dataclasses import replace

from retrieval.answers.claims import Answer, Line, claim, merged
from retrieval.answers.context import Context
from retrieval.answers.matching.times import relative_year
from retrieval.answers.passage import surroundings
from retrieval.answers.quoting import quote
from retrieval.models import Span
from retrieval.question.query import Part
from retrieval.replies import Quote, RankedPassage

_QUOTES = 3
# Fitted by benchmarks/gates.py, which prints how many answerable questions these let through, and how many others.
LEAST_LEXICAL, LEAST_DEVIATION = 2.5, 3.0


def related_to(context: Context, answer: Answer) -> Answer:
    """``answer``, which states nothing, with the passages nearest to the question; as it is where none is near."""
    near = [passage for passage in answer.passages if is_near(passage)] if _is_of_their_years(context) else []
    quotes = _quotes(context, near)
    if not quotes:
        return answer
    lines = (Line(tuple(one for line in answer.lines for one in line.claims), whole=True), Line((claim("nearest"),)))
    return replace(answer, status="related", lines=lines, quotes=quotes)


def is_near(passage: RankedPassage) -> bool:
    """Whether a passage has to do with the question: by rare words that both have, or by what they mean."""
    return passage.lexical >= LEAST_LEXICAL or passage.deviation >= LEAST_DEVIATION


def _is_of_their_years(context: Context) -> bool:
    """Whether the reports in scope review or plan a year that is asked about; what they say of others is nothing near."""
    years = {year for report in context.reports for year in (report.review_year, report.plan_year)}
    asked = {_year(context, part) for part in context.query.parts}
    return not asked or None in asked or bool(asked & years)


def _year(context: Context, part: Part) -> int | None:
    """The year that a part asks about, of the latest report in scope where it is a relative one; None where it names none."""
    if part.when.relative is None or part.when.year is not None:
        return part.when.year
    latest = max(context.reports, key=lambda report: report.year or 0)
    return relative_year(latest, part.when.relative) or -1


def _quotes(context: Context, passages: list[RankedPassage]) -> tuple[Quote, ...]:
    """The first passages with what stands around them, each piece of a text once."""
    found: list[tuple[int, Span, Quote]] = []
    for passage in passages:
        block = surroundings(context.library, passage.report, passage)
        if any(report == passage.report.id and span.start < block.end and block.start < span.end for report, span, _ in found):
            continue
        quoted = quote(context.library, passage.report, block, [Span(passage.start, passage.end)])
        found.append((passage.report.id, block, quoted))
        if len(found) == _QUOTES:
            break
    return merged(quoted for _, _, quoted in found)
