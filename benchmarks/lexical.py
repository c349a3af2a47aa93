"""Cutting text into words: the cutter in Rust beside jieba itself: time to load, memory, speed, and where they part."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.material import notes_on_material, report_texts
from benchmarks.tables import Cell, Column, Say, Table, ratio
from retrieval.language.tokens import Cutter, PythonCutter, RustCutter, user_terms
from retrieval.report.cleaning import clean
from retrieval.report.passages import sentences

_LOADED, _ROUNDS = 5, 5
_LABELS = {"PythonCutter": "baseline: jieba", "RustCutter": "rjieba, the same in Rust"}


def run(_: Path, model: str, say: Say) -> list[Table]:
    """Needs no library. The cutters take turns, so that both see the same machine."""
    texts = [clean(text).text for text in report_texts()]
    parts = [text[span.start : span.end] for text in texts for span in sentences(text, 0, len(text))]
    loads: dict[str, list[list[float]]] = {name: [] for name in _LABELS}
    for _round in range(_LOADED):
        for name, found in loads.items():
            found.append(_loaded(name))
    say(f"loaded each {_LOADED} times")
    cutters: dict[str, Cutter] = {"PythonCutter": PythonCutter(user_terms()), "RustCutter": RustCutter(user_terms())}
    seconds: dict[str, list[float]] = {name: [] for name in cutters}
    for _round in range(_ROUNDS):
        for name, cutter in cutters.items():
            seconds[name].append(_cutting(cutter, parts))
    say(f"cut {len(parts)} sentences {_ROUNDS} times each")
    characters = sum(map(len, parts))
    measured = {
        name: [*map(statistics.median, zip(*loads[name], strict=True)), characters / min(seconds[name])] for name in cutters
    }
    return [
        Table(
            f"Cutting {len(parts)} sentences of {characters} characters",
            (
                Column("cutter"),
                Column("first sentence cut", ".3f", "s"),
                Column("/ jieba", ".2f", "time"),
                Column("memory", ".1f", "MB"),
                Column("/ jieba", ".2f", "memory"),
                Column("speed", ",.0f", "characters/s"),
                Column("x jieba", ".1f", "speed"),
            ),
            [_row(name, own, measured["PythonCutter"]) for name, own in measured.items()],
            [
                _alike(list(cutters.values()), parts),
                f"loading and memory: the median of {_LOADED} processes, jieba from the cache that it keeps in the temporary folder;"
                f" speed: the best of {_ROUNDS} rounds",
                *notes_on_material(),
            ],
        )
    ]


def _row(name: str, own: Sequence[float], baseline: Sequence[float]) -> list[Cell]:
    cells: list[Cell] = [_LABELS[name]]
    for value, other in zip(own, baseline, strict=True):
        cells += [value, ratio(value, other)]
    return cells


def _loaded(name: str) -> list[float]:
    """Seconds until a cutter has cut its first sentence, and the memory that it takes in MB, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.cutter_process", name]
    told: list[float] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout)
    return told


def _cutting(cutter: Cutter, parts: Sequence[str]) -> float:
    """Seconds to cut ``parts`` as for the index, long words with the words inside them."""
    started = time.perf_counter()
    for part in parts:
        cutter.search(part)
    return time.perf_counter() - started


def _alike(cutters: Sequence[Cutter], parts: Sequence[str]) -> str:
    """The shares of ``parts`` that all cut identically, into words and for the index."""
    ways = {
        "into words": [[tuple(cutter.words(part)) for cutter in cutters] for part in parts],
        "with the words inside long ones": [[tuple(cutter.search(part)) for cutter in cutters] for part in parts],
    }
    shares = [f"{sum(len(set(cut)) == 1 for cut in found) / max(len(parts), 1):.2%} {way}" for way, found in ways.items()]
    return f"sentences that both cut identically: {', '.join(shares)}"
