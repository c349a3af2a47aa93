"""Ranking: how often the right passage comes first, within the right report, for the signals and for ways to fuse them.

The searches are those that the product makes for the questions; only the constants of ``retrieval.search.ranking`` differ.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import retrieval.answers.context as answering
import retrieval.search.lexical as lexical
import retrieval.search.ranking as searching
from benchmarks.material import Item, questions
from benchmarks.stopwatch import RememberingEmbedder
from benchmarks.tables import Cell, Column, Say, Table, ratio
from retrieval.answers.answerer import Answerer
from retrieval.embedding.embedder import open_embedder
from retrieval.language.folding import fold
from retrieval.library import Library
from retrieval.models import Period, Report
from retrieval.question.reading import QuestionReader
from retrieval.reach import ALL, Reach, of_ids
from retrieval.replies import RankedPassage

_DEPTH = 10
_RANK_CONSTANT = 60  # of reciprocal rank fusion, as in Cormack, Clarke and Buettcher (2009)


@dataclass(frozen=True)
class _Setting:
    """The constants of ``retrieval.search.ranking`` and ``retrieval.search.lexical``; ``by_rank`` fuses by reciprocal ranks instead, which knows no bonus.

    ``everywhere``: among the passages of all reports, and not of the right one alone.
    """

    dense: float = searching.DENSE_WEIGHT
    heading: float = lexical.HEADING_WEIGHT
    bonus: float = searching.PERIOD_BONUS
    by_rank: bool = False
    everywhere: bool = False

    @property
    def label(self) -> str:
        if self.by_rank:
            return "baseline: rank fusion"
        name = {0.0: "BM25 alone", 1.0: "vectors alone"}.get(self.dense, "weighted sum")
        return f"{name} = product" if replace(self, everywhere=False) == _PRODUCT else name


_PRODUCT = _Setting()
_BASELINE = _Setting(bonus=0.0, by_rank=True)
_WEIGHTS = sorted({0.0, 0.3, 0.5, 0.7, 1.0, _PRODUCT.dense})
_SETTINGS = {
    "fusing, without the bonus": [_BASELINE, *(replace(_PRODUCT, dense=dense, bonus=0.0) for dense in _WEIGHTS)],
    "fusing": [replace(_PRODUCT, dense=dense) for dense in _WEIGHTS],
    "fusing, among all reports": [
        replace(_BASELINE, everywhere=True),
        *(replace(_PRODUCT, dense=dense, everywhere=True) for dense in _WEIGHTS),
    ],
    "a heading's weight against its sentence in BM25": [
        replace(_PRODUCT, heading=heading) for heading in sorted({0.0, 0.2, 0.4, 0.7, 1.0, _PRODUCT.heading})
    ],
    "the bonus for the period asked for": [
        replace(_PRODUCT, bonus=bonus) for bonus in sorted({0.0, 0.25, 0.5, 1.0, 2.0, _PRODUCT.bonus})
    ],
}


@dataclass(frozen=True)
class _Case:
    """A search within the right report. A right passage holds a text of ``evidence``, or lies in one of ``spans``."""

    query: str
    report: Report
    periods: tuple[Period, ...]
    place: str
    evidence: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()

    def holds(self, passage: RankedPassage) -> bool:
        if passage.report.id != self.report.id:
            return False
        text = _squeeze(passage.text)
        if any(_squeeze(either) in text for either in self.evidence):
            return True
        return any(passage.start <= start and end <= passage.end for start, end in self.spans)


@dataclass(frozen=True)
class _Quality:
    """Shares of the questions whose right passage came first or among the first five or ten; the mean reciprocal rank."""

    first: float
    five: float
    ten: float
    reciprocal: float

    @classmethod
    def of(cls, places: Sequence[int | None]) -> _Quality:
        found = [place for place in places if place is not None]
        total = max(len(places), 1)
        first, five, ten = (sum(place <= depth for place in found) / total for depth in (1, 5, _DEPTH))
        return cls(first, five, ten, sum(1 / place for place in found) / total)

    def cells(self) -> tuple[float, ...]:
        return self.first, self.five, self.ten, self.reciprocal


def run(folder: Path, model: str, say: Say) -> list[Table]:
    """Ranks the passages of the right report for every question that tells which passage is right."""
    library = Library.open(folder, RememberingEmbedder(open_embedder(model)))
    searched = [(item, _case(library, item)) for item in questions(library.reports()) if item.place]
    quoted = [replace(case, evidence=tuple(item.evidence[0].split("|"))) for item, case in searched if case and item.evidence]
    stated = [_stated(library, item, case) for item, case in searched if case and item.type == "target" and not item.evidence]
    stated = [case for case in stated if case.spans]
    if not quoted:
        library.close()
        return [Table("Ranking", (Column("not measured"),), [], ["the question files of ../shared/eval are missing"])]
    say(f"{len(quoted)} questions with evidence, {len(stated)} with a stated figure")
    tables = []
    baseline = _Quality.of(_places(library, _BASELINE, [*quoted, *stated]))
    for title, settings in _SETTINGS.items():
        rows = [_row(library, setting, quoted, stated, baseline) for setting in settings]
        tables.append(_table(title, rows, len(quoted), len(stated)))
        say(title)
    library.close()
    return tables


# -- the questions --------------------------------------------------------------------------------------------


def _case(library: Library, item: Item) -> _Case | None:
    """The search that the product makes for a question, put to the right report; None where no report is the right one."""
    made: list[tuple[Any, ...]] = []

    def recorded(library: Library, query: str, reach: Reach, count: int = 10, *more: Any) -> list[RankedPassage]:
        made.append((query, library.reports(reach), *more))
        return searching.search(library, query, reach, count, *more)

    with patch.object(answering, "search", recorded):
        Answerer(library).ask(item.turns)
    right = [report for report in library.reports() if item.place and item.place in (report.place or "")]
    if not right:
        return None
    query, reports, periods, place = (*made[0], (), "")[:4] if made else (item.turns[-1], (), (), "")
    report = next((one for one in right if one in reports), right[0])
    return _Case(query, report, tuple(periods), place or report.place or "")


def _stated(library: Library, item: Item, case: _Case) -> _Case:
    """``case`` with where its answer stands: the figures of the indicator asked for whose value is the expected one."""
    query = QuestionReader(library).read(item.turns[-1:])
    asked = {indicator.name for part in query.parts for indicator in part.indicators}
    spans = tuple(
        (figure.start, figure.end)
        for figure in library.figures(case.report.id)
        if figure.indicator in asked and any(re.search(fact, _squeeze(fold(figure.value))) for fact in item.facts)
    )
    return replace(case, spans=spans)


def _squeeze(text: str) -> str:
    """As shared/eval/score.py compares: without blanks, with half-width percent signs."""
    return re.sub(r"\s+", "", text).replace("％", "%")


# -- the rankings ---------------------------------------------------------------------------------------------


def _places(library: Library, setting: _Setting, cases: Sequence[_Case]) -> list[int | None]:
    """The rank, from 1, of the first right passage of each case; None beyond ``_DEPTH``."""
    ranked = [_ranked(library, setting, case) for case in cases]
    return [
        next((rank for rank, passage in enumerate(passages, 1) if case.holds(passage)), None)
        for case, passages in zip(cases, ranked, strict=True)
    ]


def _ranked(library: Library, setting: _Setting, case: _Case) -> list[RankedPassage]:
    """The first ``_DEPTH`` passages, by the product's own search under other constants."""
    constants = {"DENSE_WEIGHT": setting.dense, "PERIOD_BONUS": setting.bonus}
    reach = ALL if setting.everywhere else of_ids((case.report.id,))
    count = library.counted(reach)[1] if setting.by_rank else _DEPTH
    heading = patch.object(lexical, "HEADING_WEIGHT", setting.heading)
    with heading, patch.multiple(searching, **constants):  # type: ignore[call-overload]
        ranked = searching.search(library, case.query, reach, count, case.periods, case.place)
    return _by_rank(ranked)[:_DEPTH] if setting.by_rank else ranked


def _by_rank(passages: Sequence[RankedPassage]) -> list[RankedPassage]:
    """``passages`` by the sum of their reciprocal ranks; one without a word of the query has no rank in BM25."""
    by_words = sorted((passage for passage in passages if passage.lexical > 0), key=lambda one: -one.lexical)
    by_vectors = sorted(passages, key=lambda one: -one.dense)
    scores: dict[int, float] = {}
    for ranking in (by_words, by_vectors):
        for rank, passage in enumerate(ranking, 1):
            scores[passage.id] = scores.get(passage.id, 0.0) + 1 / (_RANK_CONSTANT + rank)
    return sorted(passages, key=lambda one: -scores[one.id])


def _row(
    library: Library, setting: _Setting, quoted: Sequence[_Case], stated: Sequence[_Case], baseline: _Quality
) -> tuple[Cell, ...]:
    places = _places(library, setting, [*quoted, *stated])
    own, other = _Quality.of(places[: len(quoted)]), _Quality.of(places[len(quoted) :])
    constants = (None, setting.heading, None) if setting.by_rank else (setting.dense, setting.heading, setting.bonus)
    told = other.cells() if stated else (None,) * 4
    return setting.label, *constants, *own.cells(), *told, ratio(_Quality.of(places).reciprocal, baseline.reciprocal)


def _table(title: str, rows: Sequence[Sequence[Cell]], quoted: int, stated: int) -> Table:
    columns = [Column("setting"), Column("dense", ".1f"), Column("head", ".1f"), Column("bonus", ".2f")]
    for group in ("quoted", "stated"):
        columns += [Column(name, ".2f", group) for name in ("1st", "1-5", f"1-{_DEPTH}", "MRR")]
    return Table(
        f"Ranking: {title}",
        [*columns, Column("/ fusion", ".3f", "MRR, all")],
        rows,
        [
            f"quoted: {quoted} questions whose right passage holds the evidence of the question file",
            f"stated: {stated} on provincial targets; a right passage states the indicator's figure with the expected value",
            "dense, head, bonus: DENSE_WEIGHT, PERIOD_BONUS of retrieval/search.py, HEADING_WEIGHT of retrieval/lexical.py; MRR: mean reciprocal rank",
        ],
    )
