"""Our search beside what a user would pick instead, on the same passages, with the same vectors, in the same run."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.adding import instrumented
from benchmarks.material import Item, notes_on_material, questions, report_paths
from benchmarks.peer_engines import PEERS, Engine
from benchmarks.stopwatch import GivenVectors, Stopwatch, TimedEmbedder
from benchmarks.tables import Cell, Column, Say, Table, percentile, ratio
from retrieval.answering import Answerer
from retrieval.cleaning import Cleaned
from retrieval.embedding import Embedder, open_embedder
from retrieval.library import Library
from retrieval.models import RankedPassage, Report
from retrieval.question import normalise
from retrieval.search import search
from retrieval.understanding import understand_report
from retrieval.vectors import Vectors

_NEEDED = ("txtai", "bm25s")
_ROUNDS = 3
_COUNT = 10
_CHUNK = 64  # texts that are embedded of one variant before it is the other's turn
_BARE, _HEADED = "sentences", "with headings"  # what peers are given of a passage; we embed the second
_OURS, _FROM_FILES = "reportbot: storing", "reportbot: whole, from files"

Found = Sequence[tuple[str, str]]  # the texts of passages, best first, and the places of their reports


@dataclass(frozen=True)
class _Passages:
    """The passages of a library. ``reports`` are positions in ``places``; texts, vectors and seconds to embed by variant."""

    places: list[str]
    reports: list[int]
    texts: Mapping[str, list[str]]
    vectors: Mapping[str, Vectors]
    seconds: Mapping[str, float]


@dataclass(frozen=True)
class _Way:
    """One way to find passages, within what it says it searches."""

    name: str
    within: str
    find: Callable[[Item], Found]


def run(folder: Path, model: str, say: Say) -> list[Table]:
    """Builds every index ``_ROUNDS`` times, then puts each question with a known passage to all of them, in turn."""
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        note = f"not installed: {', '.join(missing)}; `make bench` installs the extra `bench`, as does pip install -e '.[bench]'"
        return [Table("Peers", (Column("not measured"),), [], [note])]
    plain = open_embedder(model)
    library = Library.open(folder, plain)
    passages = _passages(library, plain, say)
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


def _passages(library: Library, plain: Embedder, say: Say) -> _Passages:
    """The passages in both variants, which are embedded in turn, so that both see the same machine."""
    reports: list[int] = []
    texts: dict[str, list[str]] = {_BARE: [], _HEADED: []}
    for number, report in enumerate(library.reports()):
        understood = understand_report(Cleaned(library.text(report.id), ()), {})
        texts[_BARE] += [understood.text[one.start : one.end] for one in understood.passages]
        texts[_HEADED] += understood.embedded_texts()
        reports += [number] * len(understood.passages)
    say(f"embedding {len(reports)} passages, with and without place, year and heading")
    watch = Stopwatch()
    parts: dict[str, list[Vectors]] = {variant: [] for variant in texts}
    for start in range(0, len(reports), _CHUNK):
        for variant, own in texts.items():
            with watch.running(variant):
                parts[variant].append(plain.embed_passages(own[start : start + _CHUNK]))
    vectors = {variant: np.concatenate(own) for variant, own in parts.items()}
    return _Passages([report.place or "" for report in library.reports()], reports, texts, vectors, watch.seconds)


def _peers() -> dict[tuple[str, str], Callable[[], Engine]]:
    """Each peer with each variant of the texts."""
    return {(name, variant): peer for variant in (_BARE, _HEADED) for name, peer in PEERS.items()}


def _folder(temporary: Path, name: str, variant: str) -> Path:
    """Where a peer's index stands; ours stands in ``_ours``."""
    return temporary / f"{name} {variant}"


def _ours(temporary: Path) -> Path:
    return temporary / "reportbot"


# -- adding ---------------------------------------------------------------------------------------------------


def _adding(temporary: Path, plain: Embedder, passages: _Passages, say: Say) -> Table:
    """Every index is built anew in every round, and written to disk; the last ones stay."""
    seconds: dict[tuple[str, str], list[float]] = defaultdict(list)
    for round_ in range(1, _ROUNDS + 1):
        for path in temporary.iterdir():
            shutil.rmtree(path)
        whole, storing = _add_to_library(_ours(temporary), plain, passages)
        seconds[_OURS, _HEADED].append(storing)
        seconds[_FROM_FILES, _HEADED].append(whole)
        for (name, variant), peer in _peers().items():
            folder = _folder(temporary, name, variant)
            folder.mkdir()
            started = time.perf_counter()
            peer().build(folder, passages.texts[variant], passages.reports, passages.vectors[variant])
            seconds[name, variant].append(time.perf_counter() - started)
        say(f"built all indexes, round {round_} of {_ROUNDS}")
    medians = {way: statistics.median(times) for way, times in seconds.items()}
    ours = medians[_OURS, _HEADED]
    rows: list[tuple[Cell, ...]] = []
    for (name, variant), median in medians.items():
        own = name in (_OURS, _FROM_FILES)
        embedding = passages.seconds[variant]
        disk = _size(_ours(temporary) if own else _folder(temporary, name, variant))
        including = ratio(median + embedding, ours + passages.seconds[_HEADED])
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
    )


def _add_to_library(folder: Path, plain: Embedder, passages: _Passages) -> tuple[float, float]:
    """Seconds to add the reports from their files, and those of them that storing took."""
    vectors = dict(zip(passages.texts[_HEADED], passages.vectors[_HEADED], strict=True))
    embedder = GivenVectors(plain.fingerprint, vectors, passages.vectors[_HEADED][0])
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


def _opening(temporary: Path, plain: Embedder, passages: _Passages, say: Say) -> Table:
    """Each in a process of its own: from before its imports to its first answer."""
    question = f"{passages.places[0]}今年地区生产总值增长目标是多少"
    given = {"question": question, "vector": plain.embed_query(question).tolist(), "fingerprint": plain.fingerprint}
    file = temporary / "question.json"
    file.write_text(json.dumps(given), encoding="utf-8")
    folders = {"": _ours(temporary)} | {name: _folder(temporary, name, _HEADED) for name in PEERS}
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
    )


# -- asking ---------------------------------------------------------------------------------------------------


def _asking(temporary: Path, plain: Embedder, passages: _Passages, items: Sequence[Item], say: Say) -> Table:
    watch = Stopwatch()
    embedder = TimedEmbedder(plain, watch)
    library = Library.open(_ours(temporary), embedder)
    ways = [*_own_ways(library), *_peer_ways(temporary, embedder, passages)]
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
                    hits[number].append(_rank(item, found))
        for number, measured in rounds.items():
            whole, without = (1000 * statistics.median(values) for values in zip(*measured, strict=True))
            times[number].append((whole, without))
    library.close()
    say(f"asked {len(items)} questions {_ROUNDS} times")
    baseline = [without for _, without in times[0]]
    rows: list[tuple[Cell, ...]] = []
    for number, way in enumerate(ways):
        whole, without = zip(*times[number], strict=True)
        p50, p95 = statistics.median(without), percentile(without, 0.95)
        first, five = (sum(rank is not None and rank <= depth for rank in hits[number]) / len(items) for depth in (1, 5))
        against = ratio(p50, statistics.median(baseline)), ratio(p95, percentile(baseline, 0.95))
        rows.append((way.name, way.within, p50, against[0], p95, against[1], statistics.median(whole), first, five))
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
    )


def _rank(item: Item, found: Found) -> int | None:
    """The rank, from 1, of the first passage that is right; as shared/eval/score.py compares."""
    wanted = [_squeeze(either) for either in item.evidence[0].split("|")]
    for rank, (text, place) in enumerate(found, 1):
        if (item.place or "") in place and any(one in _squeeze(text) for one in wanted):
            return rank
    return None


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text).replace("％", "%")


def _own_ways(library: Library) -> list[_Way]:
    answerer = Answerer(library)
    known = library.reports()

    def right(item: Item) -> list[Report]:
        return [next(report for report in known if (item.place or "") in (report.place or ""))]

    def searched(item: Item, reports: Sequence[Report]) -> Found:
        return _told(search(library, normalise(_asked(item)), reports, _COUNT))

    return [
        _Way("reportbot: answering", "as it finds", lambda item: _told(answerer.ask(item.turns).passages)),
        _Way("reportbot: search", "all reports", lambda item: searched(item, known)),
        _Way("reportbot: search", "right report", lambda item: searched(item, right(item))),
    ]


def _told(passages: Sequence[RankedPassage]) -> Found:
    return [(passage.text, passage.report.place or "") for passage in passages]


def _asked(item: Item) -> str:
    return " ".join(item.turns)


def _peer_ways(temporary: Path, embedder: Embedder, passages: _Passages) -> list[_Way]:
    ways = []
    for (name, variant), peer in _peers().items():
        engine = peer()
        engine.open(_folder(temporary, name, variant))
        for within in ("all reports", "right report"):
            ways.append(_Way(f"{name}, {variant}", within, _finding(engine, embedder, passages, within == "right report")))
    return ways


def _finding(engine: Engine, embedder: Embedder, passages: _Passages, scoped: bool) -> Callable[[Item], Found]:
    """What a peer finds; the passages' own texts are judged, not the headings that it may have been given."""

    def find(item: Item) -> Found:
        report = next(n for n, place in enumerate(passages.places) if (item.place or "") in place) if scoped else None
        found = engine.find(_asked(item), embedder.embed_query(_asked(item)), report, _COUNT)
        return [(passages.texts[_BARE][n], passages.places[passages.reports[n]]) for n in found]

    return find
