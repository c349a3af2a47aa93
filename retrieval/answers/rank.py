"""Answering for ranks: 全区排名第九, 列渝西地区第一."""

from __future__ import annotations

import re

from retrieval.answers.claims import Asked, Claim, Word, absent
from retrieval.answers.context import PartOfReport
from retrieval.answers.matching.choice import Choice
from retrieval.answers.matching.facets import CLAUSE_SHARE, Verdict
from retrieval.answers.matching.words import word_weights
from retrieval.answers.quoting import quote, sentence_around, shown
from retrieval.language.folding import bare
from retrieval.language.patterns import pattern
from retrieval.models import Figure, Span

_RANKED_BY = pattern("figures.read.ranked_by")
_RANK_WORD = re.compile(r"第|排|名|位次|位列|居")


def claim_rank(asked: PartOfReport) -> Claim:
    """The rank that a report states of the thing asked about, in the clause of its figure or the one after.

    Where a part asks more of the figure before it, that one's sentence is the only one looked at.
    """
    report, part = asked.report, asked.part
    topic = [word for word in part.topic if not _RANK_WORD.search(word)]
    what = "".join([*topic, *(indicator.name for indicator in part.indicators)])
    rank = _best(asked, [*part.named, *topic])
    if rank is None:
        return absent("no_rank", report, place=shown(report), subject=what)
    sentence = sentence_around(asked.library, report, rank.start, rank.end)
    quoted = quote(asked.library, report, sentence, [Span(rank.start, rank.end)])
    by = _RANKED_BY.search(asked.library.text(report.id)[rank.sentence_start : rank.start])
    told = f"{by.group()}{rank.value}" if by else rank.value
    words: dict[str, Word] = {"value": Asked(told), "place": shown(report), "subject": what}
    return Claim("rank", "answered", report, words, (rank,), (quoted,))


def _best(asked: PartOfReport, terms: list[str]) -> Figure | None:
    """The rank whose clause meets the words of the question best, and well enough."""
    library, report, part = asked.library, asked.report, asked.part
    before = asked.before if part.continues else None
    text, weights = library.text(report.id), word_weights(library, report)
    verdicts: list[Verdict] = []
    for figure in library.figures(report.id) if terms else ():
        if figure.measure != "rank" or (before and figure.sentence_start != before.sentence_start):
            continue
        clauses = re.split(r"[,，;；。]", text[figure.sentence_start : figure.start])
        met = weights.coverage(terms, bare("".join([figure.subject, *clauses[-2:], figure.value])))
        if part.indicators and figure.indicator == part.indicators[0].name:
            met = max(met, 1.0)
        verdicts.append(Verdict(figure, {"nearness": met}, None if met >= CLAUSE_SHARE else "nearness"))
    fitting = [one for one in verdicts if not one.vetoed_by]
    best = max(fitting, key=lambda one: one.score, default=None)
    asked.consider("rank", Choice((best.figure,) if best else (), tuple(verdicts)))
    return best.figure if best else None
