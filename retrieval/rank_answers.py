"""Answering for ranks: 全区排名第九, 列渝西地区第一."""

from __future__ import annotations

import re

from retrieval.asks import Ask
from retrieval.figure_choice import CLAUSE_SHARE
from retrieval.findings import Finding, not_found, quote, sentence_around, shown
from retrieval.library import Library
from retrieval.matching import word_weights
from retrieval.messages import message
from retrieval.models import Figure, Report, Span

_RANKED = re.compile(
    r"(?:全[国省市区县球]|[东中西]部|[\u4e00-\u9fff]{2}地区)[^,，;；。\d]{0,8}(?:排名)?第[一二三四五六七八九十\d]+位?名?|(?:位居|排名|稳居|居|列)[^,，;；。]{0,10}(?:第[一二三四五六七八九十\d]+位?名?|首位|前列)"
)


_RANK_WORD = re.compile(r"第|排|名次|位次|位列|居")


def answer_rank(library: Library, report: Report, ask: Ask, before: Figure | None) -> Finding:
    """The rank that a report states of the thing asked about, in the clause of its figure or the one after.

    ``before`` is the figure that answered the part before, whose sentence then is the only one looked at.
    """
    terms = [*ask.named, *(word for word in ask.topic if not _RANK_WORD.search(word))]
    text, weights = library.text(report.id), word_weights(library, report)
    best: tuple[float, Span, Span] | None = None
    for passage in library.passages(report.id):
        if before and not passage.start <= before.start < passage.end:
            continue
        piece = text[passage.start : passage.end]
        for found in _RANKED.finditer(piece):
            clauses = re.split(r"[,，;；。]", piece[: found.start()])
            met = weights.coverage(terms, "".join(clauses[-2:]) + found.group())
            if terms and met >= CLAUSE_SHARE and (best is None or met > best[0]):
                rank = Span(passage.start + found.start(), passage.start + found.end())
                best = (met, rank, sentence_around(library, report, rank.start, rank.end))
    what = "".join(
        [*(word for word in ask.topic if not _RANK_WORD.search(word)), *(indicator.name for indicator in ask.indicators)]
    )
    if best is None:
        return not_found(message("answers.no_rank", place=shown(report), subject=what), report)
    _, rank, sentence = best
    value = text[rank.start : rank.end]
    said = message("answers.rank", value=value, place=shown(report), subject=what)
    return Finding("answered", said, said, (quote(library, report, sentence, [rank]),), report, (value,))
