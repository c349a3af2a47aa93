"""What a user would pick instead of this project: a hybrid index of txtai; bm25s and FAISS, fused by reciprocal rank.

Both keep passages with the number of their report in a folder, find them again after opening that folder, and are handed
vectors rather than making them. They need the extra ``bench``, and import it when they are used.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from retrieval.embedding.vectors import Vectors

_DEPTH = 100  # passages of either side that are fused; txtai's own default for ten results
_RANK_CONSTANT = 60  # of reciprocal rank fusion, as in Cormack, Clarke and Buettcher (2009)


class Engine(Protocol):
    """Finds passages by their positions in what it was built of."""

    def build(self, folder: Path, texts: Sequence[str], reports: Sequence[int], vectors: Vectors) -> None:
        """Indexes ``texts`` with their vectors of shape ``(len(texts), dimension)`` and writes all to ``folder``."""
        ...

    def open(self, folder: Path) -> None:
        """Reads what :meth:`build` wrote."""
        ...

    def find(self, question: str, vector: Vectors, report: int | None, count: int) -> list[int]:
        """The best ``count`` passages, best first; with ``report`` of that one only. ``vector`` is the question's."""
        ...


class Txtai:
    """A hybrid index with content, all settings as they come; one report by a ``where`` clause."""

    def __init__(self) -> None:
        os.environ["HF_HUB_OFFLINE"] = "1"
        self._known: dict[str, Any] = {}
        self._embeddings: Any = None

    def build(self, folder: Path, texts: Sequence[str], reports: Sequence[int], vectors: Vectors) -> None:
        from txtai import Embeddings

        self._known = dict(zip(texts, vectors, strict=True))
        embeddings = Embeddings(method="external", transform=self._transform(), hybrid=True, content=True)
        embeddings.index(
            (n, {"text": text, "report": report}) for n, (text, report) in enumerate(zip(texts, reports, strict=True))
        )
        embeddings.save(str(folder))
        embeddings.close()

    def open(self, folder: Path) -> None:
        from txtai import Embeddings

        self._known = {}
        self._embeddings = Embeddings()
        self._embeddings.load(str(folder), config={"transform": self._transform()})

    def find(self, question: str, vector: Vectors, report: int | None, count: int) -> list[int]:
        self._known = {question: vector}
        # The clause is applied to what the index has found: without a number of its own that is too little of one report.
        where = (
            "similar(:question)" if report is None else f"similar(:question, {self._embeddings.count()}) and report = {report}"
        )
        found = self._embeddings.search(
            f"select id, text, score from txtai where {where} limit {count}", parameters={"question": question}
        )
        return [int(row["id"]) for row in found]

    def _transform(self) -> Callable[[Sequence[str]], Vectors]:
        return lambda texts: np.stack([self._known[text] for text in texts])


class Bm25AndFaiss:
    """bm25s over jieba's words (cut in Rust, as ours) and a flat FAISS index; one report by a mask."""

    def __init__(self) -> None:
        self._words: Any = None
        self._vectors: Any = None

    def build(self, folder: Path, texts: Sequence[str], reports: Sequence[int], vectors: Vectors) -> None:
        import bm25s
        import rjieba

        from retrieval.storage.index import faiss

        rows = [{"id": n, "text": text, "report": report} for n, (text, report) in enumerate(zip(texts, reports, strict=True))]
        words = bm25s.BM25()
        words.index([rjieba.cut_for_search(text) for text in texts], show_progress=False)
        words.save(str(folder), corpus=rows, show_progress=False)
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        faiss.write_index(index, str(folder / "vectors.faiss"))

    def open(self, folder: Path) -> None:
        import bm25s

        from retrieval.storage.index import faiss

        self._words = bm25s.BM25.load(str(folder), load_corpus=True, show_progress=False)
        self._vectors = faiss.read_index(str(folder / "vectors.faiss"))
        self._reports = np.array([row["report"] for row in self._words.corpus])

    def find(self, question: str, vector: Vectors, report: int | None, count: int) -> list[int]:
        import rjieba

        from retrieval.storage.index import faiss

        within = None if report is None else self._reports == report
        depth = min(_DEPTH, len(self._reports))
        asked = [rjieba.cut_for_search(question)]
        numbers = np.arange(len(self._reports))  # in place of the corpus, which is read for what is given back alone
        rows, scores = self._words.retrieve(asked, numbers, k=depth, show_progress=False, weight_mask=within)
        by_words = [int(n) for n, score in zip(rows[0], scores[0], strict=True) if score > 0]
        chosen = None if within is None else faiss.SearchParameters(sel=faiss.IDSelectorBatch(np.flatnonzero(within)))
        _, ids = self._vectors.search(vector[np.newaxis], depth, params=chosen)
        fused: dict[int, float] = {}
        for ranking in (by_words, [int(n) for n in ids[0] if n >= 0]):
            for rank, n in enumerate(ranking, 1):
                fused[n] = fused.get(n, 0.0) + 1 / (_RANK_CONSTANT + rank)
        best = sorted(fused, key=lambda n: -fused[n])[:count]
        return [self._words.corpus[n]["id"] for n in best]


PEERS: Mapping[str, Callable[[], Engine]] = {"txtai": Txtai, "bm25s + FAISS": Bm25AndFaiss}
