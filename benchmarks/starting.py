"""Starting: a whole process from its start to its end, and its peak memory, beside a Python that does nothing."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

from benchmarks import launch
from benchmarks.material import questions
from benchmarks.tables import Column, Say, Table, ratio
from retrieval.embedding import open_embedder
from retrieval.library import Library

_TIMES = 5
_GOAL_SECONDS, _GOAL_MEGABYTES = 2, 400


def run(folder: Path, model: str, say: Say) -> list[Table]:
    """Runs each command ``_TIMES`` times, the commands in turn, so that all see the same machine."""
    program = [sys.executable, "-m", "bot.cli"]
    installed = Path(sys.executable).parent / "reportbot"
    program = [str(installed)] if installed.exists() else program
    question = _question(folder, model)
    commands = {
        "baseline: python -c pass": [sys.executable, "-c", "pass"],
        "reportbot list": [*program, "list", "--library", str(folder)],
        f"reportbot ask {question}": [*program, "ask", question, "--library", str(folder)],
    }
    measured: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    failed = []
    for number in range(1, _TIMES + 1):
        for name, command in commands.items():
            seconds, peak, status = _launched(command, model)
            measured[name].append((seconds, peak))
            failed += [f"{name}: exit status {status}"] * bool(status)
        say(f"round {number} of {_TIMES}")
    medians = {name: [statistics.median(values) for values in zip(*runs, strict=True)] for name, runs in measured.items()}
    base_seconds, base_peak = next(iter(medians.values()))
    return [
        Table(
            f"Starting: a whole process, the median of {_TIMES}",
            (
                Column("command"),
                Column("time", ".2f", "s"),
                Column("/ python", ".1f"),
                Column("peak memory", ".0f", "MB"),
                Column("/ python", ".1f", "memory"),
            ),
            [
                (name, seconds, ratio(seconds, base_seconds), peak, ratio(peak, base_peak))
                for name, (seconds, peak) in medians.items()
            ],
            [f"goals: the answer in under {_GOAL_SECONDS} s and {_GOAL_MEGABYTES} MB", *dict.fromkeys(failed)],
        )
    ]


def _question(folder: Path, model: str) -> str:
    """The first question of the material, which needs the whole way: a search with an embedding, and a figure."""
    library = Library.open(folder, open_embedder(model))
    first = next(item for item in questions(library.reports()) if item.type == "target")
    library.close()
    return first.turns[-1]


def _launched(command: list[str], model: str) -> tuple[float, float, int]:
    """Seconds, peak memory in MB and exit status of a command."""
    environment = {**os.environ, "EMBEDDING_MODEL": model}
    told = subprocess.run(
        [sys.executable, "-S", launch.__file__, *command], env=environment, stdout=subprocess.PIPE, check=True, text=True
    )
    result = json.loads(told.stdout)
    return result["seconds"], result["peak"], result["status"]
