"""Answering for ranks: 全区排名第九, 列渝西地区第一."""

from __future__ import annotations

import re

from retrieval.answers.findings import Finding, not_found, quote, sentence_around, shown
from retrieval.answers.matching.choice import CLAUSE_SHARE
from retrieval.answers.matching.words import bare, word_weights
from retrieval.messages import message
from retrieval.models import Figure, Report, Span
from retrieval.ports import LibraryView
from retrieval.question.query import Part

_RANK_WORD = re.compile(r"第|排|名|位次|位列|居")


def answer_rank(library: LibraryView, report: Report, ask: Part, before: Figure | None) -> Finding:
    """The rank that a report states of the thing asked about, in the clause of its figure or the one after.

    ``before`` is the figure that answered the part before, whose sentence then is the only one looked at.
    """
    terms = [*ask.named, *(word for word in ask.topic if not _RANK_WORD.search(word))]
    text, weights = library.text(report.id), word_weights(library, report)
    best: tuple[float, Figure] | None = None
    for figure in library.figures(report.id):
        if figure.measure != "rank" or (before and figure.sentence_start != before.sentence_start):
            continue
        clauses = re.split(r"[,，;；。]", text[figure.sentence_start : figure.start])
        met = weights.coverage(terms, bare("".join([figure.subject, *clauses[-2:], figure.value])))
        if ask.indicators and figure.indicator == ask.indicators[0].name:
            met = max(met, 1.0)
        if terms and met >= CLAUSE_SHARE and (best is None or met > best[0]):
            best = (met, figure)
    what = "".join(
        [*(word for word in ask.topic if not _RANK_WORD.search(word)), *(indicator.name for indicator in ask.indicators)]
    )
    if best is None:
        return not_found(message("answers.no_rank", place=shown(report), subject=what), report)
    rank = best[1]
    sentence = sentence_around(library, report, rank.start, rank.end)
    value = rank.value
    said = message("answers.rank", value=value, place=shown(report), subject=what)
    return Finding("answered", said, said, (quote(library, report, sentence, [Span(rank.start, rank.end)]),), report, (value,))
