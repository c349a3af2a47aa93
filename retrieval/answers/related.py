"""Showing what stands nearest where nothing states what was asked: quoted, and called that, without a figure of its own."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from retrieval.answers.claims import Answer, Line, claim, merged
from retrieval.answers.context import Context
from retrieval.answers.matching.times import relative_year
from retrieval.answers.passage import quotes_around, says_something
from retrieval.language.tokens import cut
from retrieval.language.vocabulary import stop_words
from retrieval.question.query import Intent, Part
from retrieval.replies import RankedPassage
from retrieval.search.lexical import LexicalQuery, idf, lexical_query

# Fitted by benchmarks/gates.py, which prints how many answerable questions these let through, and how many others.
LEAST_LEXICAL, LEAST_DEVIATION = 2.5, 2.3
_OF_ONE_TERM = 0.5  # of the weight of a token that one passage holds: in a library of a few passages no word is rare


def related_to(context: Context, answer: Answer) -> Answer:
    """``answer``, which states nothing, with the passages nearest to the question; as it is where none is near."""
    query = lexical_query(context.library, context.query.wording)
    words, least = _words(query), min(LEAST_LEXICAL, _OF_ONE_TERM * idf(1, query.passages))
    if not _may_stand(context):
        return answer
    near = [passage for passage in answer.passages if is_near(passage, words, least)]
    refused = merged(quote for line in answer.lines for one in line.claims for quote in one.nearest)
    # What one of them has to do with the question, the nearest in all may say in other words.
    shown = (*near, *filter(says_something, answer.passages)) if near else ()
    quotes = quotes_around(context.library, shown, marked=True, after=refused)
    if not quotes:
        return answer
    denied = [line for line in answer.lines if line.status == "not_found"]
    notes = [line for line in answer.lines if line.status != "not_found"]
    lines = (Line(tuple(one for line in denied for one in line.claims), whole=True), *notes, Line((claim("nearest"),)))
    return replace(answer, status="related", lines=lines, quotes=quotes)


def is_near(passage: RankedPassage, words: Set[str], least: float) -> bool:
    """Whether a passage has to do with the question: by rare ones of its ``words``, from a BM25 of ``least`` on, or by what both
    mean."""
    if passage.deviation >= LEAST_DEVIATION and says_something(passage):
        return True
    return passage.lexical >= least and not words.isdisjoint(cut(" ".join((*passage.section, passage.text))))


def _words(query: LexicalQuery) -> Set[str]:
    """The words of the question that say what it is about: no years, nor 目标 or 完成, nor a single character (了 in 辛苦了),
    which may be rare in a small library."""
    tokens = {term.token for term in query.terms}
    return {token for token in tokens - stop_words() if len(token) > 1 and not token.isdecimal()}


def _may_stand(context: Context) -> bool:
    """Whether something near may stand in the text: not of who, when and where, which stand before it, and not where the
    reports in scope neither review nor plan a year that is asked about."""
    if context.query.parts and all(part.intent is Intent.FACT for part in context.query.parts):
        return False
    asked = {_year(context, part) for part in context.query.parts}
    return not asked or None in asked or not asked.isdisjoint(context.library.years(context.reach))


def _year(context: Context, part: Part) -> int | None:
    """The year that a part asks about, of the latest report in scope where it is a relative one; None where it names none."""
    if part.when.relative is None or part.when.year is not None:
        return part.when.year
    latest = max(context.places, key=lambda place: (place.year or 0, -place.latest))
    return relative_year(context.library.report(latest.latest), part.when.relative) or -1
