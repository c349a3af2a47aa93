"""What an answer owes to where its reports come from: news says 据报道, and what was not read of a file is named before a "not"."""

from __future__ import annotations

from dataclasses import replace

from retrieval.answers.claims import Answer, Claim, Line, Listed, Word, absent, claim
from retrieval.answers.context import Context
from retrieval.answers.quoting import shown
from retrieval.models import Report

_NAMED = 3  # reports at most whose files are named


def with_provenance(context: Context, answer: Answer) -> Answer:
    """``answer`` with what is to be said of the files that its reports come from."""
    lines = tuple(replace(line, reported=_is_news(line)) for line in answer.lines)
    if answer.status == "answered" or not answer.is_question:
        return replace(answer, lines=lines)
    holed = context.library.reports(replace(context.reach, holed=True))
    if not holed:
        return replace(answer, lines=lines)
    if context.count == 1:  # what could not be looked through is not denied
        told = (Line((absent("perhaps_not_read", **_words(holed[0])),), whole=True),)
        return replace(answer, lines=(*told, Line((claim("nearest"),))) if answer.quotes else told)
    return replace(answer, lines=(*lines, *(Line((_note(report),)) for report in holed[:_NAMED])))


def _note(report: Report) -> Claim:
    return claim("not_all_read", **_words(report))


def _words(report: Report) -> dict[str, Word]:
    kinds = dict.fromkeys(report.skipped)
    return {"place": shown(report), "what": Listed(tuple(claim(f"skipped.{kind}") for kind in kinds))}


def _is_news(line: Line) -> bool:
    quotes = line.quotes
    return bool(quotes) and all(quote.report.kind == "news" for quote in quotes)
