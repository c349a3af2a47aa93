"""Ranking passages: scope first, then BM25 and vectors, fused as a weighted sum of standardised scores."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.folding import fold
from retrieval.library import Library, StoredPassage
from retrieval.models import Period, RankedPassage, Report
from retrieval.outline import section_path
from retrieval.tokens import cut, words
from retrieval.vocabulary import synonyms

# Chosen by measurement (benchmarks/ranking.py): the share of the vectors, and of a heading against its sentence.
DENSE_WEIGHT = 0.5
HEADING_WEIGHT = 0.4
PERIOD_BONUS = 1.0


def search(
    library: Library,
    query: str,
    reports: Sequence[Report],
    count: int = 10,
    periods: Sequence[Period] = (),
    place: str = "",
) -> list[RankedPassage]:
    """The ``count`` best passages of ``reports`` for ``query``, best first.

    The score is the weighted sum of both scores, each standardised over the scope's passages; passages of
    ``periods`` get a bonus. ``place`` (with year) goes before the query for the vectors, as it does before passages.
    Raises OtherModel.
    """
    passages = [passage for report in reports for passage in library.passages(report.id)]
    if not passages:
        return []
    ids = [passage.id for passage in passages]
    lexical = np.array(_lexical(library, query, ids))
    dense = np.array(_dense(library, f"{place}{query}", ids))
    fused = (1 - DENSE_WEIGHT) * _standardised(lexical) + DENSE_WEIGHT * _standardised(dense)
    if periods:
        told = {report.id: library.outline(report.id) for report in reports}
        fused += PERIOD_BONUS * np.array([told[p.report_id][p.section].period in periods for p in passages])
    best = np.argsort(-fused, kind="stable")[:count]
    known = {report.id: report for report in reports}
    return [
        _ranked(library, known[passages[n].report_id], passages[n], float(fused[n]), float(lexical[n]), float(dense[n]))
        for n in best
    ]


def _ranked(
    library: Library, report: Report, passage: StoredPassage, score: float, lexical: float, dense: float
) -> RankedPassage:
    outline = library.outline(report.id)
    return RankedPassage(
        passage.id,
        report,
        section_path(outline, passage.section),
        outline[passage.section].period,
        library.text(report.id)[passage.start : passage.end],
        passage.start,
        passage.end,
        score,
        lexical,
        dense,
    )


def _lexical(library: Library, query: str, ids: Sequence[int]) -> list[float]:
    """BM25 of each passage over the query's tokens and their synonyms; 0 where none occurs."""
    tokens = dict.fromkeys(cut(query))
    for word in words(fold(query)):
        for other in synonyms(word):
            tokens.update(dict.fromkeys(cut(other)))
    if not tokens:
        return [0.0] * len(ids)
    expression = " OR ".join(f'"{token.replace(chr(34), "")}"' for token in tokens)
    rows = library.db.execute(
        "select rowid, -bm25(passages_fts, 1.0, ?) from passages_fts where passages_fts match ? and rowid between ? and ?",
        [HEADING_WEIGHT, expression, min(ids), max(ids)],
    )
    found = dict(rows.fetchall())
    return [max(found.get(one, 0.0), 0.0) for one in ids]


def _dense(library: Library, query: str, ids: Sequence[int]) -> list[float]:
    found = library.index().scores(library.embedder.embed_query(query), ids)
    return [found.get(one, 0.0) for one in ids]


def _standardised(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    spread = float(scores.std())
    return (scores - scores.mean()) / spread if spread else np.zeros_like(scores)
