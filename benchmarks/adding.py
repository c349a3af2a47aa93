"""Adding: the time of a whole library by stage, beside the time that embedding the same texts alone takes."""

from __future__ import annotations

import resource
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import retrieval.ingest.adding as adding_product
import retrieval.storage.writing as storing_product
from benchmarks.material import notes_on_material, report_paths
from benchmarks.stopwatch import Stopwatch, TimedEmbedder
from benchmarks.tables import Column, Ratio, Say, Table, ratio
from retrieval.embedding.embedder import open_embedder
from retrieval.library import Library
from retrieval.storage.indexing import Indexer
from retrieval.storage.store import Store

_GOAL = 1.15
_STAGES = ("reading, cleaning, splitting", "understanding", "embedding", "storing")
_WITHIN_STORING = ("cutting tokens", "index")


@dataclass(frozen=True)
class Added:
    """What adding came to. ``whole``, ``alone`` and ``stages`` are seconds, ``peak`` is MB, ``characters`` code points."""

    whole: float
    alone: float
    stages: dict[str, float]
    reports: int
    passages: int
    characters: int
    peak: float


def build(folder: Path, model: str, say: Say, *, baseline: bool = True) -> Added:
    """Adds the reports to a new library in ``folder``; with ``baseline``, embeds their texts again afterwards."""
    watch = Stopwatch()
    plain = open_embedder(model)
    embedder = TimedEmbedder(plain, watch)
    plain.embed_query("loaded before anything is measured")
    with instrumented(watch), watch.running("whole"):
        library = Library.open(folder, embedder)
        for outcome in library.add(report_paths()):
            say(f"{outcome.outcome} {outcome.report.title if outcome.report else outcome.file}")
    alone = Stopwatch()
    for texts in embedder.texts if baseline else ():
        with alone.running("embedding"):
            plain.embed_passages(texts)
    reports = library.reports()
    characters = sum(len(library.text(report.id)) for report in reports)
    library.close()
    return Added(
        whole=watch.seconds["whole"],
        alone=alone.seconds["embedding"],
        stages={name: watch.seconds[name] for name in (*_STAGES, *_WITHIN_STORING)},
        reports=len(reports),
        passages=sum(report.passages for report in reports),
        characters=characters,
        peak=_peak(),
    )


def tables(added: Added) -> list[Table]:
    """The measured times, in seconds and as shares of embedding alone."""
    rows = [(name, added.stages[name]) for name in _STAGES]
    rows += [(f"  of which {name}", added.stages[name]) for name in _WITHIN_STORING]
    rows += [("whole", added.whole), ("baseline: embedding the same texts alone", added.alone)]
    notes = [
        f"goal: whole / embedding alone at most {_GOAL}; here {added.whole / added.alone:.3f}",
        "the stages overlap: while one report is stored, the next is read and embedded",
        f"peak memory of this process (benchmark included): {added.peak:.0f} MB",
    ]
    return [
        Table(
            f"Adding {added.reports} reports ({added.characters:,} characters, {added.passages:,} passages)",
            (Column("stage"), Column("time", ".2f", "s"), Column("of whole", ".1%"), Column("/ embedding alone", ".3f")),
            [(name, seconds, seconds / added.whole, ratio(seconds, added.alone)) for name, seconds in rows],
            [*notes, *notes_on_material()],
            [
                Ratio(
                    f"adding {added.reports} reports",
                    added.whole,
                    "embedding their texts alone",
                    added.alone,
                    "s",
                    f"at most {_GOAL}",
                )
            ],
        )
    ]


@contextmanager
def instrumented(watch: Stopwatch) -> Iterator[None]:
    """The library's own functions, timed: the names below are those that they are called by."""
    with ExitStack() as stack:
        for owner, attribute, name in (
            (adding_product, "read_file", "reading, cleaning, splitting"),
            (adding_product, "read_reports", "reading, cleaning, splitting"),
            (adding_product, "understand_report", "understanding"),
            (storing_product, "cut", "cutting tokens"),
            (Indexer, "catch_up", "index"),
        ):
            stack.enter_context(patch.object(owner, attribute, watch.around(name, getattr(owner, attribute))))
        storing = watch.around_context("storing", Store.transaction)
        stack.enter_context(patch.object(Store, "transaction", storing))
        yield


def _peak() -> float:
    """The most memory that this process ever held, in MB."""
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / 1e6 if sys.platform == "darwin" else used * 1024 / 1e6
