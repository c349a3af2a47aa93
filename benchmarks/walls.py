"""Where a folder of many reports meets the walls of our own code: after a change, at a place's name, over all places, at the start.

Times are of the CPU, in a process of its own that asks each question once before it measures.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks import walls_process
from benchmarks.tables import Column, Ratio, Say, Table
from benchmarks.townships import MADE, Townships
from retrieval.embedding.embedder import open_embedder
from retrieval.library import Library

SIZES = tuple(int(size) for size in os.environ.get("BENCH_REPORTS", "4000,40000").split(","))
# What is measured, in which unit, and how much it may be at forty thousand reports.
_MEASURED = (
    ("first answer after the start", "s", 3.0),
    ("place, held", "ms", 2.0),
    ("place, missing", "ms", 5.0),
    ("figure of one place", "ms", None),
    ("the same after a change: more", "ms", 20.0),
    ("figure of all places", "s", 1.5),
    ("highest of all places", "s", 1.5),
    ("figure without a place", "s", None),
    ("passage without a place", "s", None),
    ("mentioned by whom", "s", 3.0),
    ("mentioned by nobody", "s", 3.0),
    ("memory", "MB", 600.0),
    ("of it, files", "MB", None),
)


def run(_: Path, model: str, say: Say) -> list[Table]:
    """Needs no library of an earlier run: it makes one of each size; ``BENCH_WALLS`` names a folder to keep them in."""
    with tempfile.TemporaryDirectory(prefix="reportbot-bench-") as temporary:
        found = [measured(Path(os.environ.get("BENCH_WALLS", temporary)) / str(size), size, model, say) for size in SIZES]
    return [_table(found)]


def measured(folder: Path, size: int, model: str, say: Say) -> Mapping[str, float]:
    """What is measured of the library in ``folder``, which is made where it is missing."""
    if not folder.exists():
        _made(folder, size // MADE * MADE, model, say)
    say(f"{size:,} reports: asking")
    told = subprocess.run(
        [sys.executable, "-m", walls_process.__name__, str(folder)],
        env={**os.environ, "EMBEDDING_MODEL": model},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    found: dict[str, float] = json.loads(told.stdout)
    return {"reports": size, **found}


def _made(folder: Path, size: int, model: str, say: Say) -> None:
    embedder = open_embedder(model)
    library = Library.open(folder, embedder)
    Townships(embedder.dimension).fill(library, size, say)
    library.close()


def _table(found: list[Mapping[str, float]]) -> Table:
    columns = [
        Column("what"),
        *(Column(f"{one['reports']:,.0f}", ".1f", "reports") for one in found),
        Column("goal", ".1f"),
        Column(""),
    ]
    rows = [(what, *(one.get(what) for one in found), goal, unit) for what, unit, goal in _MEASURED]
    ratios = [
        Ratio(f"{what} among {one['reports']:,.0f} reports", one[what], "the goal", goal, unit, "at most the goal")
        for one in found
        for what, unit, goal in _MEASURED
        if goal is not None and what in one
    ]
    notes = ["times of the CPU, the medians of several questions; other sizes: BENCH_REPORTS=4000"]
    return Table("The walls of our own code as reports become many, in a folder", columns, rows, notes, ratios)
