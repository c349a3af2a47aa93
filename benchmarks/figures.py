"""Figures: reading them beside cutting the same text with jieba, questions over thirty-one reports, drawing their chart."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from benchmarks.material import notes_on_material, report_texts
from benchmarks.tables import Column, Say, Table, percentile, ratio
from bot import charts
from retrieval.answers.answerer import Answerer
from retrieval.embedding.embedder import Embedder, open_embedder
from retrieval.embedding.vectors import Vectors
from retrieval.figures.extraction import read_figures
from retrieval.ingest.understanding import understand_report
from retrieval.language.places import gazetteer, short_name
from retrieval.language.tokens import PythonCutter, RustCutter, user_terms
from retrieval.library import Library
from retrieval.report.cleaning import clean
from retrieval.report.outline import read_outline
from retrieval.report.understood import Understood

_ROUNDS = 5
_REPORTS = 31
_GOAL = 100
_QUESTIONS = (
    ("table", "各省2025年GDP增长目标分别是多少"),
    ("table", "各省今年城镇新增就业目标是多少"),
    ("table", "各省2024年固定资产投资增长了多少"),
    ("highest", "哪个省2025年GDP增长目标最高"),
    ("highest", "城镇调查失业率目标最低的是谁"),
    ("first three", "粮食产量目标前三名"),
    ("threshold", "GDP增长目标超过5.5%的有哪些"),
    ("average", "各省社会消费品零售总额增长目标平均是多少"),
    ("by topic", "各省高新技术企业有多少家"),
    ("by topic", "各省新增停车位多少个"),
    ("mention", "哪些省份提到了低空经济"),
    ("mention", "不提冰雪经济的有哪些省"),
    ("two themes", "既提到人形机器人又提到银发经济的省有哪些"),
)


class _QuickPassages:
    """An embedder whose vectors of passages cost nothing: what is measured is asking, not adding."""

    learned = False

    def __init__(self, model: Embedder) -> None:
        self._model = model
        self.dimension = model.dimension
        self.fingerprint = model.fingerprint
        self._random = np.random.default_rng(1)

    def embed_passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        vectors = self._random.standard_normal((len(texts), self.dimension)).astype(np.float32)
        lengths: Vectors = np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors / lengths

    def embed_query(self, text: str) -> Vectors:
        return self._model.embed_query(text)


def run(_: Path, model: str, say: Say) -> list[Table]:
    """Needs no library of an earlier run: it makes one of its own."""
    texts = report_texts()
    say(f"reading figures from {len(texts)} reports")
    reading = _reading([understand_report(clean(text), {}) for text in texts])
    with tempfile.TemporaryDirectory(prefix="reportbot-bench-") as temporary:
        embedder = open_embedder(model)
        library = Library.open(Path(temporary) / "library", _QuickPassages(embedder))
        say(f"adding {_REPORTS} reports")
        _add(library, texts, Path(temporary))
        asking = _asking(library, embedder, say)
        library.close()
    return [reading, asking]


def _reading(reports: Sequence[Understood]) -> Table:
    """Characters a second, the best of ``_ROUNDS`` over all reports, of each step alone."""
    characters = sum(len(report.text) for report in reports)
    jieba, rust = PythonCutter(user_terms()), RustCutter(user_terms())
    steps: dict[str, Callable[[Understood], object]] = {
        "baseline: jieba cuts it into words": lambda one: jieba.words(one.text),
        "the same, in Rust": lambda one: rust.words(one.text),
        "outline": lambda one: read_outline(one.text),
        "figures": lambda one: read_figures(one.text, one.outline, one.metadata),
    }
    speeds = {name: characters / min(_seconds(step, reports) for _ in range(_ROUNDS)) for name, step in steps.items()}
    slowest = speeds["baseline: jieba cuts it into words"]
    figures = sum(len(report.figures) for report in reports)
    return Table(
        f"Reading {figures} figures from {characters} characters, the best of {_ROUNDS} rounds",
        (Column("step"), Column("speed", ",.0f", "characters/s"), Column("x jieba", ".2f")),
        [(name, speed, ratio(speed, slowest)) for name, speed in speeds.items()],
        notes_on_material(),
    )


def _seconds(step: Callable[[Understood], object], reports: Sequence[Understood]) -> float:
    step(reports[0])
    started = time.perf_counter()
    for report in reports:
        step(report)
    return time.perf_counter() - started


def _add(library: Library, texts: Sequence[str], folder: Path) -> None:
    """Thirty-one reports: those there are, in turn, each under the name of another province."""
    provinces = sorted({division.name for found in gazetteer().values() for division in found if division.level == "省"})
    files = []
    for number, place in enumerate(provinces[:_REPORTS]):
        text = texts[number % len(texts)]
        own = understand_report(clean(text), {}).metadata.place or ""
        renamed = text.replace(own, place).replace(short_name(own), short_name(place)) if own else text
        path = folder / f"{place}.txt"
        path.write_text(f"{renamed}\n（{place}）\n", encoding="utf-8")
        files.append(path)
    for path in files:
        for _ in library.add([path], {"place": path.stem}):
            pass


def _asking(library: Library, embedder: Embedder, say: Say) -> Table:
    answerer = Answerer(library)
    reports, passages = len(library.reports()), sum(report.passages for report in library.reports())
    for question in dict(_QUESTIONS).values():
        answerer.ask([question])  # what is kept of a library is read when it is first needed
    times: dict[str, list[float]] = {}
    alone: list[float] = []
    drawn: list[float] = []
    for kind, question in _QUESTIONS:
        for round_ in range(_ROUNDS):
            started = time.perf_counter()
            reply = answerer.ask([question])
            times.setdefault(kind, []).append(1000 * (time.perf_counter() - started))
            started = time.perf_counter()
            embedder.embed_query(question)
            alone.append(1000 * (time.perf_counter() - started))
            comparison = charts.chart_of(reply)
            if comparison is not None and round_:  # the first loads matplotlib
                started = time.perf_counter()
                charts.draw(comparison)
                drawn.append(1000 * (time.perf_counter() - started))
    say(f"asked {len(_QUESTIONS)} questions {_ROUNDS} times")
    every = [one for ones in times.values() for one in ones]
    unit = statistics.median(alone)

    def row(name: str, ones: list[float]) -> tuple[str, int, float, float, float, float | None]:
        return name, len(ones), statistics.median(ones), percentile(ones, 0.95), max(ones), ratio(percentile(ones, 0.95), unit)

    rows = [row(name, ones) for name, ones in times.items()] + [row("all", every)]
    rows += [row("drawing the chart", drawn)] if drawn else []
    rows.append(row("baseline: one query embedding", alone))
    return Table(
        f"Questions over {reports} reports of {passages} passages",
        (
            Column("question"),
            Column("asked", "d"),
            Column("p50", ".1f", "ms"),
            Column("p95", ".1f", "ms"),
            Column("slowest", ".1f", "ms"),
            Column("p95 / one embedding", ".2f"),
        ),
        rows,
        [
            f"goal: p95 of all under {_GOAL} ms; here {percentile(every, 0.95):.1f}",
            "the reports in turn under the names of provinces; vectors of passages are random, those of questions real",
            *notes_on_material(),
        ],
    )
