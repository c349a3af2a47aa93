"""Asking: the time per question, by type, beside the time that embedding one question alone takes."""

from __future__ import annotations

import statistics
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from benchmarks.material import Item, notes_on_material, questions
from benchmarks.stopwatch import Stopwatch, TimedEmbedder
from benchmarks.tables import Cell, Column, Say, Table, percentile, ratio
from retrieval.answers.answerer import Answerer
from retrieval.embedding.embedder import Embedder, open_embedder
from retrieval.library import Library

_ROUNDS = 3
_GOAL = 40


@dataclass(frozen=True)
class _Asked:
    """The median times of one question over the rounds, in ms: whole, spent embedding in it, and embedding it alone."""

    whole: float
    within: float
    alone: float


def run(folder: Path, model: str, say: Say) -> list[Table]:
    """Asks every question ``_ROUNDS`` times in one process, after one that is not counted."""
    watch = Stopwatch()
    plain = open_embedder(model)
    library = Library.open(folder, TimedEmbedder(plain, watch))
    answerer = Answerer(library)
    items = questions(library.reports())
    answerer.ask(items[0].turns)
    asked: dict[str, list[_Asked]] = defaultdict(list)
    for number, item in enumerate(items, 1):
        asked[item.type].append(_ask(answerer, plain, watch, item))
        if number % 25 == 0 or number == len(items):
            say(f"{number} of {len(items)} questions")
    library.close()
    every = [one for ones in asked.values() for one in ones]
    alone = [one.alone for one in every]
    rows = [_row(kind, ones) for kind, ones in sorted(asked.items())] + [_row("all", every)]
    baseline = (
        "baseline: one query embedding",
        len(alone),
        statistics.median(alone),
        percentile(alone, 0.95),
        max(alone),
        None,
        1.0,
        ratio(percentile(alone, 0.95), statistics.median(alone)),
    )
    return [
        Table(
            f"Asking {len(items)} questions, the median of {_ROUNDS} rounds each",
            (
                Column("type"),
                Column("questions", "d"),
                Column("p50", ".1f", "ms"),
                Column("p95", ".1f", "ms"),
                Column("slowest", ".1f", "ms"),
                Column("p50 without embedding", ".1f", "ms"),
                Column("p50 / one embedding", ".2f"),
                Column("p95 / one embedding", ".2f"),
            ),
            [*rows, baseline],
            [
                f"goal: p95 of all under {_GOAL} ms; here {percentile([one.whole for one in every], 0.95):.1f}",
                "ratios are to the median of the baseline, one query embedding, taken right after each answer to the same questions",
                *notes_on_material(),
            ],
        )
    ]


def _ask(answerer: Answerer, plain: Embedder, watch: Stopwatch, item: Item) -> _Asked:
    rounds = [_once(answerer, plain, watch, item) for _ in range(_ROUNDS)]
    whole, within, alone = (1000 * statistics.median(times) for times in zip(*rounds, strict=True))
    return _Asked(whole, within, alone)


def _once(answerer: Answerer, plain: Embedder, watch: Stopwatch, item: Item) -> tuple[float, float, float]:
    """Seconds for the answer, for the embedding inside it, and for embedding the last turn alone right after."""
    embedded = watch.seconds["embedding"]
    started = time.perf_counter()
    answerer.ask(item.turns)
    answered = time.perf_counter()
    plain.embed_query(item.turns[-1])
    return answered - started, watch.seconds["embedding"] - embedded, time.perf_counter() - answered


def _row(kind: str, asked: list[_Asked]) -> tuple[Cell, ...]:
    whole = [one.whole for one in asked]
    alone = statistics.median(one.alone for one in asked)
    return (
        kind,
        len(asked),
        statistics.median(whole),
        percentile(whole, 0.95),
        max(whole),
        statistics.median(one.whole - one.within for one in asked),
        ratio(statistics.median(whole), alone),
        ratio(percentile(whole, 0.95), alone),
    )
