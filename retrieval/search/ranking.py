"""Ranking passages: scope first, then BM25 and vectors, fused as a weighted sum of both scores.

What a passage's score is does not depend on which others are scored beside it, so that an approximate search ranks what it
finds as an exact one does. (Standardised over the candidates, both scores changed with every candidate found or missed: of five
million passages that alone cost a twentieth of the ten best, and among several reports the right one came first half as often.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from retrieval.models import Period
from retrieval.ports import Candidates, LibraryView
from retrieval.reach import Reach
from retrieval.replies import RankedPassage
from retrieval.report.outline import section_path
from retrieval.search.candidates import candidates
from retrieval.search.lexical import bm25, lexical_query

# Chosen by measurement (benchmarks/ranking.py): the share of the vectors, what the most of BM25 stands for beside them (in
# standard deviations of the query's inner products over the library), and what the right period is worth.
DENSE_WEIGHT = 0.6
LEXICAL_SPREADS = 10.0
PERIOD_BONUS = 1.0


def search(
    library: LibraryView,
    query: str,
    reach: Reach,
    count: int = 10,
    periods: Sequence[Period] = (),
    place: str = "",
) -> list[RankedPassage]:
    """The ``count`` best passages for ``query`` of the reports that are meant, best first.

    The score is the weighted sum of BM25, as a share of the most that the query could get, and of the inner product, standardised
    over a sample of the library. An engine that has not learned how people ask finds more with ``place`` (and year) before the
    query, as before passages. Passages of ``periods`` get a bonus. Raises OtherModel.
    """
    library.check_model()
    _, passages = library.counted(reach)
    if not passages:
        return []
    terms = lexical_query(library, query)
    vector = library.embed_query(query if library.learned else f"{place}{query}")
    found = candidates(library, terms, vector, reach, passages)
    lexical = bm25(terms, found.tokens)
    dense = (found.vectors @ vector).astype(np.float64)
    deviation = _standardised(dense, library.sampled_vectors() @ vector)
    fused = DENSE_WEIGHT * deviation
    if terms.most:
        fused += (1 - DENSE_WEIGHT) * LEXICAL_SPREADS * lexical / terms.most
    if periods:
        fused += PERIOD_BONUS * np.array([period in periods for period in found.periods])
    best = np.argsort(-fused, kind="stable")[:count]
    return [
        replace(
            _passage(library, found, int(n)),
            score=float(fused[n]),
            lexical=float(lexical[n]),
            dense=float(dense[n]),
            deviation=float(deviation[n]),
        )
        for n in best
    ]


def _passage(library: LibraryView, found: Candidates, n: int) -> RankedPassage:
    """The passage at ``n``, not yet scored."""
    passage = found.passages[n]
    return RankedPassage(
        passage.id,
        library.report(passage.report_id),
        section_path(library.outline(passage.report_id), passage.section),
        found.periods[n],
        library.text(passage.report_id)[passage.start : passage.end],
        passage.start,
        passage.end,
        score=0.0,
        lexical=0.0,
        dense=0.0,
    )


def _standardised(scores: NDArray[np.float64], sample: NDArray[np.float32]) -> NDArray[np.float64]:
    """``scores`` less the mean of ``sample``, in its standard deviations; zeros where it has none."""
    spread = float(sample.std())
    return (scores - float(sample.mean())) / spread if spread else np.zeros_like(scores)
