"""Search from ten thousand passages up: time of scoped and unscoped questions, recall, memory, disk, time to build."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import numpy as np

from benchmarks.corpus import PASSAGES, Corpus, Generated
from benchmarks.stopwatch import Stopwatch
from benchmarks.tables import Column, Ratio, Say, Table, percentile, ratio
from retrieval.embedding.embedder import Embedder, open_embedder
from retrieval.embedding.vectors import Vectors
from retrieval.library import Library
from retrieval.models import Report
from retrieval.reach import ALL, Reach, of_ids
from retrieval.search import candidates as candidates_side
from retrieval.search import lexical as lexical_side
from retrieval.search.ranking import search
from retrieval.storage import index as index_side
from retrieval.storage.writing import Document

SIZES = tuple(int(size) for size in os.environ.get("BENCH_PASSAGES", "10000,100000,1000000").split(","))
_QUESTIONS = 60
_COMPARED = 20  # of them, with what an exact search finds
_AT_ONCE = 40  # reports a transaction
_RECALL_AT = 10
_GOAL = 0.98


class _GivenVectors:
    """An embedder that is told the vectors of its queries: what is measured is searching."""

    learned = False

    def __init__(self, embedder: Embedder) -> None:
        self.dimension = embedder.dimension
        self.fingerprint = embedder.fingerprint
        self.given: dict[str, Vectors] = {}

    def embed_passages(self, texts: Sequence[str], progress: object = None) -> Vectors:
        raise AssertionError("generated reports bring their vectors")

    def embed_query(self, text: str) -> Vectors:
        return next(vector for query, vector in self.given.items() if text.endswith(query))


@dataclass(frozen=True)
class _Measured:
    """One size. Times are seconds, of each question; ``disk`` and ``memory`` are MB."""

    passages: int
    storing: float
    indexing: float
    opening: float
    scoped: list[float]
    level: list[float]
    unscoped: list[float]
    exact: list[float]
    recall: float
    disk: float
    memory: float
    kind: str


def run(_: Path, model: str, say: Say) -> list[Table]:
    """Needs no library of an earlier run: it grows one of its own from size to size."""
    plain = open_embedder(model)
    say("embedding the sentences that reports are made of")
    corpus = Corpus(plain)
    embedder = _GivenVectors(plain)
    measured = []
    with tempfile.TemporaryDirectory(prefix="reportbot-bench-") as temporary:
        folder = Path(temporary) / "library"
        held = 0
        for size in SIZES:
            reports = size // PASSAGES
            storing, indexing = _grow(folder, embedder, corpus, held, reports, say)
            held = reports
            measured.append(_measure(folder, embedder, corpus, reports, storing, indexing))
            say(f"{size:,} passages: recall {measured[-1].recall:.3f}")
    return _tables(measured)


def _grow(folder: Path, embedder: Embedder, corpus: Corpus, held: int, wanted: int, say: Say) -> tuple[float, float]:
    """Adds generated reports until there are ``wanted``: the seconds of storing them, and of indexing them."""
    watch = Stopwatch()
    library = Library.open(folder, embedder)
    pending: list[Generated] = []
    for number, report in enumerate(corpus.reports(wanted - held, held), held + 1):
        pending.append(report)
        if len(pending) == _AT_ONCE or number == wanted:
            with watch.running("storing"), patch.object(library.store.indexer, "catch_up"), library.transaction() as change:
                for one in pending:
                    content = one.understood.text.encode()
                    document = Document(one.understood.text_sha256, f"{number}.txt", content, 1)
                    with _unsynced():
                        change.add(document, 1, one.understood, one.vectors, {})
            pending = []
            if number % 400 == 0:
                say(f"{number * PASSAGES:,} passages stored")
    with watch.running("indexing"):
        library.store.indexer.catch_up(library.generation, wait=True)
    library.close()
    return watch.seconds["storing"], watch.seconds["indexing"]


@contextmanager
def _unsynced() -> Iterator[None]:
    """Originals are not what is measured: they need not be on disk before the next."""
    with patch.object(os, "fsync"):
        yield


def _measure(folder: Path, embedder: _GivenVectors, corpus: Corpus, reports: int, storing: float, indexing: float) -> _Measured:
    started = time.perf_counter()
    library = Library.open(folder, embedder)
    known = library.reports()
    opening = time.perf_counter() - started
    by_place: dict[str, list[Report]] = {}
    for report in known:
        by_place.setdefault(report.place or "", []).append(report)
    half = of_ids(tuple(report.id for report in known[: max(len(known) // 2, 1)]))
    asked = [corpus.question(number, reports) for number in range(_QUESTIONS)]
    embedder.given = {text: vector for _, text, vector in asked}
    times: dict[str, list[float]] = {"scoped": [], "level": [], "unscoped": [], "exact": []}
    shared = 0
    for round_ in (0, 1):  # the first fills the system's caches
        for number, (place, text, _vector) in enumerate(asked):
            for name, scope in (("scoped", of_ids((by_place[place][0].id,))), ("level", half), ("unscoped", ALL)):
                started = time.perf_counter()
                found = search(library, text, scope, _RECALL_AT)
                if round_:
                    times[name].append(time.perf_counter() - started)
            if round_ and number < _COMPARED:
                started = time.perf_counter()
                with _exactly(library):
                    expected = search(library, text, ALL, _RECALL_AT)
                times["exact"].append(time.perf_counter() - started)
                shared += len({one.id for one in expected} & {one.id for one in found})
    index = library.store.indexer._usable(library.generation)[1]
    result = _Measured(
        passages=sum(report.passages for report in known),
        storing=storing,
        indexing=indexing,
        opening=opening,
        scoped=times["scoped"],
        level=times["level"],
        unscoped=times["unscoped"],
        exact=times["exact"],
        recall=shared / (_COMPARED * _RECALL_AT),
        disk=sum(path.stat().st_size for path in folder.glob("*") if path.is_file()) / 1e6,
        memory=_resident(),
        kind="exact" if index is None or index.exact else f"IVF{index.lists}",
    )
    library.close()
    return result


@contextmanager
def _exactly(library: Library) -> Iterator[None]:
    """Every vector is looked at, and every passage with any of the query's tokens, and ten times as many of both are scored."""

    def nearest(query: Vectors, count: int, reach: Reach = ALL) -> list[int]:
        best: list[tuple[float, int]] = []
        for ids, vectors in _all_vectors(library):
            scores = vectors @ query
            top = np.argsort(-scores)[:count]
            best += zip(scores[top].tolist(), ids[top].tolist(), strict=True)
        return [id_ for _, id_ in sorted(best, reverse=True)[:count]]

    everything = {"_SCORED_AT_MOST": 10**12, "_COUNTED_AT_MOST": 10**12}
    more = patch.object(candidates_side, "_EACH_SIDE", 10 * candidates_side._EACH_SIDE)
    with more, patch.object(library, "nearest", nearest), patch.multiple(lexical_side, spec=None, **everything):  # type: ignore[call-overload]
        yield


def _all_vectors(library: Library) -> Iterator[tuple[index_side.Ids, Vectors]]:
    from retrieval.storage.indexing import vectors_of

    return vectors_of(library.store.db.conn, [report.id for report in library.reports()])


def _resident() -> float:
    """The memory of this process, in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _tables(measured: Sequence[_Measured]) -> list[Table]:
    return [_searching(measured), _building(measured)]


def _searching(measured: Sequence[_Measured]) -> Table:
    first = statistics.median(measured[0].scoped)
    columns = [
        Column("passages", ",d"),
        Column("one report", ".1f", "ms, p50"),
        Column("p95", ".1f", "ms"),
        Column("/ smallest", ".2f", "p50"),
        Column("half", ".1f", "ms, p50"),
        Column("all", ".1f", "ms, p50"),
        Column("p95", ".1f", "ms"),
        Column("/ exact", ".3f", "p50"),
        Column(f"recall@{_RECALL_AT}", ".3f"),
    ]
    rows = [
        (
            one.passages,
            statistics.median(one.scoped) * 1000,
            percentile(one.scoped, 0.95) * 1000,
            ratio(statistics.median(one.scoped), first),
            statistics.median(one.level) * 1000,
            statistics.median(one.unscoped) * 1000,
            percentile(one.unscoped, 0.95) * 1000,
            ratio(statistics.median(one.unscoped), statistics.median(one.exact)),
            one.recall,
        )
        for one in measured
    ]
    return Table(
        "Search as the library grows (the embedding of the question left out)",
        columns,
        rows,
        [
            f"scopes: one report; half of all; all. Exact: all vectors, all passages with a token, ten times the candidates; goal of recall {_GOAL}",
            f"candidates of each side in a wide scope: {candidates_side._EACH_SIDE}; other sizes: BENCH_PASSAGES=10000,5000000",
        ],
        [ratio_ for one in measured[1:] for ratio_ in _ratios(measured[0], one)],
    )


def _building(measured: Sequence[_Measured]) -> Table:
    columns = [
        Column("passages", ",d"),
        Column("index"),
        Column("stored", ".0f", "s"),
        Column("indexed", ".0f", "s"),
        Column("opened", ".2f", "s"),
        Column("disk", ",.0f", "MB"),
        Column("memory", ",.0f", "MB"),
    ]
    rows = [(m.passages, m.kind, m.storing, m.indexing, m.opening, m.disk, m.memory) for m in measured]
    notes = ["stored: what was added since the size before; memory: of this process, the benchmark's own material included"]
    return Table("What a library of this size takes", columns, rows, notes)


def _ratios(first: _Measured, one: _Measured) -> list[Ratio]:
    """How a size compares with the smallest one, and with searching everything."""
    size, grown = f"{one.passages:,} passages", f"{one.passages / first.passages:,.0f} times the passages"
    smallest = f"{first.passages:,} passages"
    unscoped, exact = statistics.median(one.unscoped) * 1000, statistics.median(one.exact) * 1000
    scoped, scoped_first = statistics.median(one.scoped) * 1000, statistics.median(first.scoped) * 1000
    return [
        Ratio(f"a question on one report of {size}, p50", scoped, smallest, scoped_first, "ms", f"far below {grown}"),
        Ratio(f"a question on all of {size}, p50", unscoped, "searching all of it exactly", exact, "ms"),
        Ratio(f"recall@{_RECALL_AT} among {size}", one.recall, "exact", 1.0, "", f"at least {_GOAL}"),
    ]
