"""Our search beside what a user would pick instead, on the same passages, with the same vectors, in the same run."""

from __future__ import annotations

import importlib.util
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from benchmarks.adding import instrumented
from benchmarks.material import Item, notes_on_material, questions, report_paths
from benchmarks.peer_engines import PEERS
from benchmarks.peer_ways import (
    HEADED,
    Passages,
    folder_of,
    folder_of_ours,
    own_ways,
    passages_of,
    peer_ways,
    peers_with_texts,
    rank_of,
)
from benchmarks.stopwatch import GivenVectors, Stopwatch, TimedEmbedder
from benchmarks.tables import Cell, Column, Ratio, Say, Table, percentile, ratio
from retrieval.embedding.embedder import Embedder, open_embedder
from retrieval.library import Library

_NEEDED = ("txtai", "bm25s")
_ROUNDS = 3
_OURS, _FROM_FILES = "reportbot: storing", "reportbot: whole, from files"


def run(folder: Path, model: str, say: Say) -> list[Table]:
    """Builds every index ``_ROUNDS`` times, then puts each question with a known passage to all of them, in turn."""
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        note = f"not installed: {', '.join(missing)}; `make bench` installs the extra `bench`, as does pip install -e '.[bench]'"
        return [Table("Peers", (Column("not measured"),), [], [note])]
    plain = open_embedder(model)
    library = Library.open(folder, plain)
    passages = passages_of(library, plain, say)
    items = [item for item in questions(library.reports()) if item.evidence and item.place]
    library.close()
    with tempfile.TemporaryDirectory(prefix="reportbot-peers-") as temporary:
        tables = [
            _adding(Path(temporary), plain, passages, say),
            _opening(Path(temporary), plain, passages, say),
        ]
        if items:
            tables.append(_asking(Path(temporary), plain, passages, items, say))
    return tables


# -- adding ---------------------------------------------------------------------------------------------------


def _adding(temporary: Path, plain: Embedder, passages: Passages, say: Say) -> Table:
    """Every index is built anew in every round, and written to disk; the last ones stay."""
    seconds: dict[tuple[str, str], list[float]] = defaultdict(list)
    for round_ in range(1, _ROUNDS + 1):
        for path in temporary.iterdir():
            shutil.rmtree(path)
        whole, storing = _add_to_library(folder_of_ours(temporary), plain, passages)
        seconds[_OURS, HEADED].append(storing)
        seconds[_FROM_FILES, HEADED].append(whole)
        for (name, variant), peer in peers_with_texts().items():
            folder = folder_of(temporary, name, variant)
            folder.mkdir()
            started = time.perf_counter()
            peer().build(folder, passages.texts[variant], passages.reports, passages.vectors[variant])
            seconds[name, variant].append(time.perf_counter() - started)
        say(f"built all indexes, round {round_} of {_ROUNDS}")
    medians = {way: statistics.median(times) for way, times in seconds.items()}
    ours = medians[_OURS, HEADED]
    rows: list[tuple[Cell, ...]] = []
    for (name, variant), median in medians.items():
        own = name in (_OURS, _FROM_FILES)
        embedding = passages.seconds[variant]
        disk = _size(folder_of_ours(temporary) if own else folder_of(temporary, name, variant))
        including = ratio(median + embedding, ours + passages.seconds[HEADED])
        rows.append((name, variant, median, ratio(median, ours), median + embedding, including, disk))
    return Table(
        f"Peers: adding {len(passages.reports):,} passages of {len(passages.places)} reports, the median of {_ROUNDS}",
        (
            Column("way"),
            Column("texts"),
            Column("without embedding", ".2f", "s"),
            Column("/ ours", ".2f", "without"),
            Column("with embedding", ".1f", "s"),
            Column("/ ours", ".2f", "with"),
            Column("disk", ".1f", "MB"),
        ),
        rows,
        [
            "the same vectors for all, made once; peers index and save ready passages",
            "storing: passages, tokens, figures, the originals and the index, report by report, each safe on disk before the next",
            "whole, from files: with reading and cleaning them, and with outline, passages, metadata and figures",
            *notes_on_material(),
        ],
        [Ratio("storing ready passages", ours, name, medians[name, HEADED], "s") for name in PEERS],
    )


def _add_to_library(folder: Path, plain: Embedder, passages: Passages) -> tuple[float, float]:
    """Seconds to add the reports from their files, and those of them that storing took."""
    vectors = dict(zip(passages.texts[HEADED], passages.vectors[HEADED], strict=True))
    embedder = GivenVectors(plain.fingerprint, vectors, passages.vectors[HEADED][0])
    watch = Stopwatch()
    with instrumented(watch), watch.running("whole"):
        library = Library.open(folder, embedder)
        for _outcome in library.add(report_paths()):
            pass
        library.close()
    return watch.seconds["whole"], watch.seconds["storing"]


def _size(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


# -- opening --------------------------------------------------------------------------------------------------


def _opening(temporary: Path, plain: Embedder, passages: Passages, say: Say) -> Table:
    """Each in a process of its own: from before its imports to its first answer."""
    question = f"{passages.places[0]}今年地区生产总值增长目标是多少"
    given = {"question": question, "vector": plain.embed_query(question).tolist(), "fingerprint": plain.fingerprint}
    file = temporary / "question.json"
    file.write_text(json.dumps(given), encoding="utf-8")
    folders = {"": folder_of_ours(temporary)} | {name: folder_of(temporary, name, HEADED) for name in PEERS}
    told: dict[str, list[list[float]]] = {name: [] for name in folders}
    for _round in range(_ROUNDS):
        for name, folder in folders.items():
            command = [sys.executable, "-m", "benchmarks.peer_process", str(folder), name, str(file)]
            told[name].append(json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout))
    say(f"opened each {_ROUNDS} times")
    medians = {name: [statistics.median(values) for values in zip(*runs, strict=True)] for name, runs in told.items()}
    seconds, memory = medians[""]
    return Table(
        f"Peers: opening and one question, in a process of its own, without an embedding model, the median of {_ROUNDS}",
        (
            Column("way"),
            Column("first answer", ".2f", "s"),
            Column("/ ours", ".2f", "time"),
            Column("memory", ".0f", "MB"),
            Column("/ ours", ".2f", "memory"),
        ),
        [(name or "reportbot", one, ratio(one, seconds), held, ratio(held, memory)) for name, (one, held) in medians.items()],
        ["from before the imports, with them; memory is what the process holds after the answer beyond a bare Python"],
        [Ratio("opening and one question, without embedding", seconds, name, medians[name][0], "s") for name in PEERS],
    )


# -- asking ---------------------------------------------------------------------------------------------------


def _asking(temporary: Path, plain: Embedder, passages: Passages, items: Sequence[Item], say: Say) -> Table:
    watch = Stopwatch()
    embedder = TimedEmbedder(plain, watch)
    library = Library.open(folder_of_ours(temporary), embedder)
    ways = [*own_ways(library), *peer_ways(temporary, embedder, passages)]
    for way in ways:
        way.find(items[0])  # what is read when it is first needed
    times: dict[int, list[tuple[float, float]]] = defaultdict(list)
    hits: dict[int, list[int | None]] = defaultdict(list)
    for item in items:
        rounds: dict[int, list[tuple[float, float]]] = defaultdict(list)
        for _round in range(_ROUNDS):
            for number, way in enumerate(ways):
                embedded, started = watch.seconds["embedding"], time.perf_counter()
                found = way.find(item)
                whole = time.perf_counter() - started
                rounds[number].append((whole, whole - (watch.seconds["embedding"] - embedded)))
                if not _round:
                    hits[number].append(rank_of(item, found))
        for number, measured in rounds.items():
            whole, without = (1000 * statistics.median(values) for values in zip(*measured, strict=True))
            times[number].append((whole, without))
    library.close()
    say(f"asked {len(items)} questions {_ROUNDS} times")
    baseline = [without for _, without in times[0]]
    rows: list[tuple[Cell, ...]] = []
    told: list[tuple[str, float, float]] = []
    for number, way in enumerate(ways):
        wholes, withouts = zip(*times[number], strict=True)
        p50, p95 = statistics.median(withouts), percentile(withouts, 0.95)
        first, five = (sum(rank is not None and rank <= depth for rank in hits[number]) / len(items) for depth in (1, 5))
        against = ratio(p50, statistics.median(baseline)), ratio(p95, percentile(baseline, 0.95))
        rows.append((way.name, way.within, p50, against[0], p95, against[1], statistics.median(wholes), first, five))
        told.append((f"{way.name}, {way.within}", p50, first))
    return Table(
        f"Peers: {len(items)} questions whose right passage is known, the median of {_ROUNDS} rounds each",
        (
            Column("way"),
            Column("searched"),
            Column("p50", ".2f", "ms"),
            Column("/ ours", ".2f", "p50"),
            Column("p95", ".2f", "ms"),
            Column("/ ours", ".2f", "p95"),
            Column("with embedding", ".1f", "ms, p50"),
            Column("hit@1", ".3f"),
            Column("hit@5", ".3f"),
        ),
        rows,
        [
            "times without embedding but for the one column; a hit: the evidence of the question file stands in one of the first"
            " passages, and that is of the right report",
            "reportbot answering: the passages beside the answer, which with scope and figures is in its time; turns before a"
            " follow-up go to it as turns, to all others in one line",
            "peers, one report: txtai by a where clause over as many candidates as there are passages, bm25s and FAISS by masks",
        ],
        [
            *(
                Ratio("a question answered, p50 without embedding", told[0][1], name, p50, "ms")
                for name, p50, _ in told
                if HEADED in name
            ),
            *(Ratio("hit@1", told[0][2], name, first, "") for name, _, first in told if HEADED in name),
        ],
    )
