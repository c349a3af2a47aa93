"""The FAISS index: exact while that is fast, approximate beyond, in a file that is memory-mapped.

It is a cache of the vectors in SQLite; :mod:`retrieval.storage.indexing` keeps it up to date.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import faiss as _typed_faiss
import numpy as np
from numpy.typing import NDArray

from retrieval.embedding.vectors import Vectors

# Chosen by measurement (python -m benchmarks scale): an exact search of so many takes as long as embedding its query does.
EXACT_LIMIT = 100_000
# With sqrt(N) lists a million vectors are trained and added in a minute on two cores; 4 sqrt(N), which FAISS's guidelines begin
# with, took ten times as long to train. HNSW (32 links, efSearch 350) found .992 of the ten best among 350 of a hundred thousand
# vectors in 2.0 ms, built in 51 s; 1264 lists .995 in 0.7 ms, built in 23 s.
_LISTS_PER_ROOT = 1
_TRAINED_ON = 50  # vectors a list; FAISS warns below 39
_TRAININGS = 10
# Lists that a search looks through, or their share where that is more: of a million vectors it finds 0.999 of the ten best
# among 350. Of five million, 32 lists would find .936 of the three hundred best, this share .95.
_PROBED, _PROBED_SHARE = 32, 0.032
_EXACT_CLOSENESS, _LISTED_CLOSENESS = 0.999, 0.9  # a byte a number clips what lies outside of what it was trained on
_RETRAINED = 4  # an index is trained anew once it holds so many times the vectors that it was trained for
_SEALED, _SEAL = b"reportix", struct.Struct("<8sQI")  # behind what FAISS wrote: a mark, its length, its CRC-32
_CHUNK = 1 << 20
faiss: Any = _typed_faiss  # its stubs lack what SWIG makes of C++ at run time
Ids = NDArray[np.int64]
_NO_IDS: Ids = np.empty(0, np.int64)


class VectorIndex:
    """Inner-product search over unit vectors; ids are passage ids.

    Vectors are kept at half precision, as SQLite has them, up to ``EXACT_LIMIT``; beyond that they lie in inverted lists, at
    a byte a number: who searches an approximate index scores what is found by the stored vectors.
    """

    def __init__(self, faiss_index: Any) -> None:
        self._faiss = faiss_index

    @classmethod
    def of(cls, ids: Sequence[int] | Ids, vectors: Vectors) -> VectorIndex:
        """An index over ``vectors`` of shape ``(len(ids), dimension)``."""
        index = cls.trained(vectors, len(vectors))
        index.add(ids, vectors)
        return index

    @classmethod
    def trained(cls, sample: Vectors, size: int) -> VectorIndex:
        """An empty index for ``size`` vectors like those of ``sample``, shape ``(vectors, dimension)``."""
        dimension = sample.shape[1]
        if size <= EXACT_LIMIT:
            flat = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
            return cls(faiss.IndexIDMap(flat))
        lists = lists_for(size)
        inverted = faiss.index_factory(dimension, f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
        inverted.cp.niter = _TRAININGS
        inverted.cp.spherical = True
        inverted.train(np.ascontiguousarray(sample))
        return cls(inverted)

    @classmethod
    def read(cls, path: Path, *, mapped: bool = True) -> VectorIndex:
        """The index stored at ``path``; ``mapped`` leaves the vectors on disk. Raises RuntimeError where it is damaged."""
        check_seal(path)
        try:
            return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC if mapped else 0))
        except RuntimeError:
            if not mapped or not path.exists():
                raise
            return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP))

    def write(self, path: Path) -> None:
        """Writes the index with its seal; it is on disk afterwards. Raises RuntimeError or OSError."""
        faiss.write_index(self._faiss, str(path))
        with path.open("r+b") as written:
            seal = _seal_of(written, os.fstat(written.fileno()).st_size)
            written.write(seal)
            written.flush()
            os.fsync(written.fileno())

    def add(self, ids: Sequence[int] | Ids, vectors: Vectors) -> None:
        """Adds ``vectors`` of shape ``(len(ids), dimension)``."""
        if len(ids):
            self._faiss.add_with_ids(np.ascontiguousarray(vectors, dtype=np.float32), np.asarray(ids, dtype=np.int64))

    def remove(self, ids: Sequence[int] | Ids) -> None:
        """Removes those of ``ids`` that it holds; it must not be mapped."""
        if len(ids):
            self._faiss.remove_ids(np.asarray(ids, dtype=np.int64))

    def __len__(self) -> int:
        return int(self._faiss.ntotal)

    @property
    def dimension(self) -> int:
        return int(self._faiss.d)

    @property
    def exact(self) -> bool:
        """Whether a search looks at every vector."""
        return isinstance(self._faiss, faiss.IndexIDMap)

    @property
    def lists(self) -> int:
        """How many inverted lists there are; 0 of an exact index."""
        return 0 if self.exact else int(self._faiss.nlist)

    @property
    def closeness(self) -> float:
        """How close, as a cosine, what it keeps of a vector is to that vector, at the least."""
        return _EXACT_CLOSENESS if self.exact else _LISTED_CLOSENESS

    def outgrown_by(self, size: int) -> bool:
        """Whether ``size`` vectors call for an index of another kind, or one trained anew."""
        if self.exact:
            return size > EXACT_LIMIT
        return size <= EXACT_LIMIT // 2 or lists_for(size) ** 2 > self._faiss.nlist**2 * _RETRAINED

    def ids(self) -> Ids:
        """The passage ids that the index holds, in its own order."""
        if self.exact:
            return np.asarray(faiss.vector_to_array(self._faiss.id_map))
        lists = self._faiss.invlists
        sizes = [lists.list_size(n) for n in range(self._faiss.nlist)]
        found = [faiss.rev_swig_ptr(lists.get_ids(n), size).copy() for n, size in enumerate(sizes) if size]
        return np.concatenate(found) if found else _NO_IDS

    def vectors(self, ids: Ids) -> Vectors:
        """The vectors of ``ids``, which must be :meth:`ids`; shape ``(len(ids), dimension)``; the index must not be mapped."""
        if not len(ids):
            return np.empty((0, self.dimension), np.float32)
        if self.exact:
            return np.asarray(faiss.downcast_index(self._faiss.index).reconstruct_n(0, len(ids)))
        self._faiss.set_direct_map_type(faiss.DirectMap.Hashtable)
        return np.asarray(self._faiss.reconstruct_batch(ids))

    def nearest(self, query: Vectors, count: int, within: Sequence[range] | None = None) -> tuple[Ids, Vectors]:
        """The ids of (about) the ``count`` vectors nearest to ``query`` (shape ``(dimension,)``), and their inner products.

        With ``within``, only ids in those ranges are looked at.
        """
        if not len(self):
            return _NO_IDS, np.empty(0, np.float32)
        selector = _Selector(within) if within is not None else None
        params = self._parameters(selector)
        threads = faiss.omp_get_max_threads()
        faiss.omp_set_num_threads(1)  # one query gains nothing from threads, which spin and are missed elsewhere
        try:
            found, labels = self._faiss.search(query.reshape(1, -1), min(count, len(self)), params=params)
        finally:
            faiss.omp_set_num_threads(threads)
        held = labels[0] >= 0
        return labels[0][held], found[0][held]

    def _parameters(self, selector: _Selector | None) -> Any:
        """How to search: where few ids are looked at, the approximate index opens as many more of its lists."""
        options: dict[str, Any] = {"sel": selector.faiss} if selector else {}
        if self.exact:
            return faiss.SearchParameters(**options) if selector else None
        share = min(1.0, selector.size / len(self)) if selector else 1.0
        lists = self._faiss.nlist
        probed = min(int(max(_PROBED, _PROBED_SHARE * lists) / max(share, 1e-6)), lists)
        return faiss.SearchParametersIVF(nprobe=probed, **options)


def check_seal(path: Path) -> None:
    """Raises RuntimeError where a file is not, to the byte, what :meth:`VectorIndex.write` wrote.

    FAISS reads what it is given: of a file with other bytes in it, it takes sizes, and ids, and returns nonsense or crashes. A
    checksum of a hundred megabytes takes some 60 ms; CRC-32 misses one accident in four billion.
    """
    try:
        with path.open("rb") as file:
            length = os.fstat(file.fileno()).st_size - _SEAL.size
            if length > 0 and _seal_of(file, length) == file.read():
                return
    except OSError as error:
        raise RuntimeError(f"{path.name} can't be read: {error}") from error
    raise RuntimeError(f"{path.name} is damaged")


def _seal_of(file: BinaryIO, length: int) -> bytes:
    """The seal of the first ``length`` bytes of a file, which then stands behind them."""
    checksum, left = 0, length
    while left and (chunk := file.read(min(_CHUNK, left))):
        checksum = zlib.crc32(chunk, checksum)
        left -= len(chunk)
    return _SEAL.pack(_SEALED, length, checksum)


class _Selector:
    """The ids in some ranges, for FAISS."""

    def __init__(self, ranges: Iterable[range]) -> None:
        ranges = list(ranges)
        chosen = np.zeros(max((one.stop for one in ranges), default=0), bool)
        for one in ranges:
            chosen[one.start : one.stop] = True
        self.size = int(chosen.sum())
        self._bits = np.packbits(chosen, bitorder="little")  # FAISS keeps a pointer to it
        self.faiss = faiss.IDSelectorBitmap(self._bits)


def lists_for(size: int) -> int:
    """How many inverted lists ``size`` vectors lie in."""
    return int(_LISTS_PER_ROOT * size**0.5)


def sample_size(size: int) -> int:
    """How many of ``size`` vectors an index is trained on."""
    return size if size <= EXACT_LIMIT else min(size, _TRAINED_ON * lists_for(size))
