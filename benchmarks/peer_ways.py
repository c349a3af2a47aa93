"""The passages that ``peers`` works on, and the ways to find them: ours, and those of each peer."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.material import Item
from benchmarks.peer_engines import PEERS, Engine
from benchmarks.stopwatch import Stopwatch
from benchmarks.tables import Say
from retrieval.answers.answerer import Answerer
from retrieval.embedding.embedder import Embedder
from retrieval.embedding.vectors import Vectors
from retrieval.ingest.understanding import understand_report
from retrieval.library import Library
from retrieval.question.parsing import normalise
from retrieval.reach import ALL, Reach, of_ids
from retrieval.replies import RankedPassage
from retrieval.report.cleaning import Cleaned
from retrieval.search.ranking import search

COUNT = 10
_CHUNK = 64  # texts that are embedded of one variant before it is the other's turn
BARE, HEADED = "sentences", "with headings"  # what peers are given of a passage; we embed the second

Found = Sequence[tuple[str, str]]  # the texts of passages, best first, and the places of their reports


@dataclass(frozen=True)
class Passages:
    """The passages of a library. ``reports`` are positions in ``places``; texts, vectors and seconds to embed by variant."""

    places: list[str]
    reports: list[int]
    texts: Mapping[str, list[str]]
    vectors: Mapping[str, Vectors]
    seconds: Mapping[str, float]


@dataclass(frozen=True)
class Way:
    """One way to find passages, within what it says it searches."""

    name: str
    within: str
    find: Callable[[Item], Found]


def passages_of(library: Library, plain: Embedder, say: Say) -> Passages:
    """The passages in both variants, which are embedded in turn, so that both see the same machine."""
    reports: list[int] = []
    texts: dict[str, list[str]] = {BARE: [], HEADED: []}
    for number, report in enumerate(library.reports()):
        understood = understand_report(Cleaned(library.text(report.id), ()), {})
        texts[BARE] += [understood.text[one.start : one.end] for one in understood.passages]
        texts[HEADED] += understood.embedded_texts()
        reports += [number] * len(understood.passages)
    say(f"embedding {len(reports)} passages, with and without place, year and heading")
    watch = Stopwatch()
    parts: dict[str, list[Vectors]] = {variant: [] for variant in texts}
    for start in range(0, len(reports), _CHUNK):
        for variant, own in texts.items():
            with watch.running(variant):
                parts[variant].append(plain.embed_passages(own[start : start + _CHUNK]))
    vectors = {variant: np.concatenate(own) for variant, own in parts.items()}
    return Passages([report.place or "" for report in library.reports()], reports, texts, vectors, watch.seconds)


def peers_with_texts() -> dict[tuple[str, str], Callable[[], Engine]]:
    """Each peer with each variant of the texts."""
    return {(name, variant): peer for variant in (BARE, HEADED) for name, peer in PEERS.items()}


def folder_of(temporary: Path, name: str, variant: str) -> Path:
    """Where a peer's index stands; ours stands in ``_ours``."""
    return temporary / f"{name} {variant}"


def folder_of_ours(temporary: Path) -> Path:
    return temporary / "reportbot"


def rank_of(item: Item, found: Found) -> int | None:
    """The rank, from 1, of the first passage that is right; as shared/eval/score.py compares."""
    wanted = [_squeeze(either) for either in item.evidence[0].split("|")]
    for rank, (text, place) in enumerate(found, 1):
        if (item.place or "") in place and any(one in _squeeze(text) for one in wanted):
            return rank
    return None


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text).replace("％", "%")


def own_ways(library: Library) -> list[Way]:
    answerer = Answerer(library)
    known = library.reports()

    def right(item: Item) -> Reach:
        return of_ids((next(report.id for report in known if (item.place or "") in (report.place or "")),))

    def searched(item: Item, reach: Reach) -> Found:
        return _told(search(library, normalise(_asked(item)), reach, COUNT))

    return [
        Way("reportbot: answering", "as it finds", lambda item: _told(answerer.ask(item.turns).passages)),
        Way("reportbot: search", "as it finds", lambda item: _told(answerer.search(_asked(item), COUNT))),
        Way("reportbot: search", "all reports", lambda item: searched(item, ALL)),
        Way("reportbot: search", "right report", lambda item: searched(item, right(item))),
    ]


def _told(passages: Sequence[RankedPassage]) -> Found:
    return [(passage.text, passage.report.place or "") for passage in passages]


def _asked(item: Item) -> str:
    return " ".join(item.turns)


def peer_ways(temporary: Path, embedder: Embedder, passages: Passages) -> list[Way]:
    ways = []
    for (name, variant), peer in peers_with_texts().items():
        engine = peer()
        engine.open(folder_of(temporary, name, variant))
        for within in ("all reports", "right report"):
            ways.append(Way(f"{name}, {variant}", within, _finding(engine, embedder, passages, within == "right report")))
    return ways


def _finding(engine: Engine, embedder: Embedder, passages: Passages, scoped: bool) -> Callable[[Item], Found]:
    """What a peer finds; the passages' own texts are judged, not the headings that it may have been given."""

    def find(item: Item) -> Found:
        report = next(n for n, place in enumerate(passages.places) if (item.place or "") in place) if scoped else None
        found = engine.find(_asked(item), embedder.embed_query(_asked(item)), report, COUNT)
        return [(passages.texts[BARE][n], passages.places[passages.reports[n]]) for n in found]

    return find
