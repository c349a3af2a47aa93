"""The FAISS index: a cache of the vectors in SQLite, written beside and swapped in atomically.

The file carries the generation of the database it was made from in its name, so that a stale one is never mistaken
for a fresh one: ``index.<generation>.faiss``. A new one is written as ``.part`` before the transaction that makes it
valid, and renamed after; whoever opens the library after a crash in between finishes the rename.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from retrieval.embedding import Vectors


class VectorIndex:
    """Exact inner-product search over unit vectors; ids are passage ids."""

    def __init__(self, dimension: int) -> None:
        self._faiss: Any = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))

    @classmethod
    def of(cls, ids: Sequence[int], vectors: Vectors, dimension: int) -> VectorIndex:
        """An index over ``vectors`` of shape ``(len(ids), dimension)``."""
        index = cls(dimension)
        if len(ids):
            index._faiss.add_with_ids(np.ascontiguousarray(vectors, dtype=np.float32), np.asarray(ids, dtype=np.int64))
        return index

    @classmethod
    def read(cls, path: Path) -> VectorIndex:
        """The index stored at ``path``. Raises RuntimeError where the file is damaged."""
        stored = faiss.read_index(str(path))
        index = cls(stored.d)
        index._faiss = stored
        return index

    def write(self, path: Path) -> None:
        faiss.write_index(self._faiss, str(path))
        with path.open("rb") as written:
            os.fsync(written.fileno())

    def __len__(self) -> int:
        return int(self._faiss.ntotal)

    def ids(self) -> list[int]:
        """The passage ids that the index holds, in its own order."""
        return [int(one) for one in faiss.vector_to_array(self._faiss.id_map)]

    def vectors(self) -> Vectors:
        """The vectors, in the order of :meth:`ids`; shape ``(len(self), dimension)``."""
        flat = faiss.downcast_index(self._faiss.index)
        return np.asarray(flat.reconstruct_n(0, flat.ntotal)) if flat.ntotal else np.empty((0, flat.d), np.float32)

    def scores(self, query: Vectors, ids: Sequence[int]) -> dict[int, float]:
        """The inner product of ``query`` (shape ``(dimension,)``) with each passage of ``ids``."""
        if not len(ids) or not len(self):
            return {}
        wanted = np.asarray(ids, dtype=np.int64)
        everything = len(wanted) >= len(self)
        within: Any = faiss.SearchParameters
        found, labels = self._faiss.search(
            query.reshape(1, -1).astype(np.float32),
            min(len(wanted), len(self)),
            params=None if everything else within(sel=faiss.IDSelectorBatch(wanted)),
        )
        return {int(label): float(score) for label, score in zip(labels[0], found[0], strict=True) if label >= 0}


def index_path(folder: Path, generation: int) -> Path:
    """Where the index of a database of this generation stands."""
    return folder / f"index.{generation}.faiss"


def part_path(folder: Path, generation: int) -> Path:
    """Where it is written before it is valid."""
    return folder / f"index.{generation}.faiss.part"


def finish_swap(folder: Path, generation: int) -> None:
    """Puts the index of ``generation`` in its place if a crash left it unfinished, and drops all others."""
    part, final = part_path(folder, generation), index_path(folder, generation)
    if part.exists():
        os.replace(part, final)
    for other in folder.glob("index.*.faiss*"):
        if other != final:
            other.unlink(missing_ok=True)
