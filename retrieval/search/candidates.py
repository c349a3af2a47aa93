"""The passages that a search scores: all of a narrow scope; of a wide one those that either side finds likely."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from retrieval.ports import Candidates, LibraryView
from retrieval.reach import Reach
from retrieval.search.lexical import LexicalQuery, likely

# Scoring a passage takes some 10 microseconds; the seven seed reports hold 1,100 passages, a provincial one 300.
NARROW = 2000
_EACH_SIDE = 300  # recall of the ten best against scoring everything: python -m benchmarks scale


def candidates(library: LibraryView, query: LexicalQuery, vector: NDArray[np.float32], reach: Reach, passages: int) -> Candidates:
    """What to score for a query, whose vector has shape ``(dimension,)``, of the reports that are meant, which have so many ``passages``."""
    if passages <= NARROW:
        return library.of_reports([report.id for report in library.reports(reach)])
    return library.by_ids({*likely(library, query, _EACH_SIDE, reach), *library.nearest(vector, _EACH_SIDE, reach)})
