"""Figures that are asked for in people's own words: fits what each kind of evidence weighs (``make train``), and measures it.

Strangers wrote the reports and questions of ``data/asked``, who had seen neither the program nor any other question. A logistic
regression tells the figure that is meant from the others (iteratively reweighted least squares; Hastie, Tibshirani and Friedman, The
Elements of Statistical Learning, 4.4.1), with a little ridge.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import groupby
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from benchmarks.tables import Column, Say, Table
from retrieval.answers import meaning
from retrieval.answers.answerer import Answerer
from retrieval.answers.context import PartOfReport
from retrieval.answers.figure import figures_by_time
from retrieval.answers.meaning import CLEARLY, ENOUGH, Evidence, weighed_of
from retrieval.embedding.embedder import open_embedder
from retrieval.language import spoken
from retrieval.library import Library
from retrieval.models import Figure
from retrieval.question.query import Intent

_ASKED = Path(__file__).parent / "data" / "asked"
_NAMES = [field.name for field in fields(Evidence)]
_RIDGE, _STEPS = 1.0, 25
_LEAST, _MARGINS = (-2.0, -1.5, ENOUGH, -0.5, 0.0), (0.3, 0.6, CLEARLY)
Weighed: TypeAlias = list[tuple[Figure, Evidence]]


@dataclass(frozen=True)
class Question:
    """A question of stranger ``who``, the figures that it may mean with their evidence, and the one meant, if the report states it."""

    who: str
    weighed: Weighed
    stated: bool
    meant: tuple[bool, ...]


def train() -> None:
    """Writes the weights to ``lexicon/meaning.toml``."""
    weights = _fitted(list(_questions()))
    lines = [f"{name} = {round(value, 2)}" for name, value in weights.items()]
    path = Path(spoken.__file__).parent / "lexicon" / meaning.WEIGHTS
    path.write_text(
        "\n".join(("# What each kind of evidence weighs, for answers/meaning: written by `make train`.", "[weights]", *lines, ""))
    )


def run(folder: Path, model: str, say: Say) -> list[Table]:
    """One table: what is let through at several thresholds, with weights fitted on the questions of other strangers."""
    asked = list(_questions())
    say(f"{len(asked)} questions for figures")
    scored = []
    for who in sorted({one.who for one in asked}):
        weights = _fitted([one for one in asked if one.who != who])
        scored += [(one, [evidence.log_odds(weights) for _, evidence in one.weighed]) for one in asked if one.who == who]
    stated, others = [one for one in asked if one.stated], [one for one in asked if not one.stated]
    rows = []
    for least in _LEAST:
        for margin in _MARGINS:
            came = Counter(_outcome(one, odds, least, margin) for one, odds in scored)
            mark = " = product" if (least, margin) == (ENOUGH, CLEARLY) else ""
            right, wrong = came["right"] / len(stated), came["wrong"] / len(stated)
            rows.append((f"{least} and {margin}{mark}", right, wrong, came["not stated"] / len(others)))
    columns = (
        Column("log odds from, and more than the next"),
        *(Column(n, ".1%") for n in ("right", "wrong", "of what none states")),
    )
    notes = [f"{len(stated)} questions whose figure the report has, {len(others)} for what it does not state; by meaning alone"]
    return [Table("Figures by what they mean, weights fitted on other strangers", columns, rows, notes)]


def _outcome(question: Question, odds: Sequence[float], least: float, margin: float) -> str:
    if not odds or max(odds) < least:
        return "refused"
    best = int(np.argmax(odds))
    thing = [_thing(figure) == _thing(question.weighed[best][0]) for figure, _ in question.weighed]
    if max((of_one for of_one, same in zip(odds, thing, strict=True) if not same), default=-np.inf) > odds[best] - margin:
        return "refused"
    if not question.stated:
        return "not stated"
    return "right" if any(meant and same for meant, same in zip(question.meant, thing, strict=True)) else "wrong"


def _thing(figure: Figure) -> tuple[str, int]:
    return figure.subject, figure.sentence_start


def _questions() -> Iterator[Question]:
    """The questions for one figure of one report."""
    embedder = open_embedder("bundled")
    for who, texts in groupby(sorted(_ASKED.glob("*.txt")), lambda path: path.stem[0]):
        with tempfile.TemporaryDirectory() as folder:
            library = Library.open(Path(folder), embedder)
            list(library.add(list(texts)))
            answerer = Answerer(library)
            for line in (_ASKED / f"{who}.jsonl").read_text(encoding="utf-8").splitlines():
                told = json.loads(line)
                if (weighed := _weighed(answerer, told["turns"])) is not None and (told["figure"] or not told["stated"]):
                    meant = tuple(_is_meant(library, figure, told) for figure, _ in weighed)
                    yield Question(who, weighed, told["stated"], meant)
            library.close()


def _weighed(answerer: Answerer, turns: Sequence[str]) -> Weighed | None:
    """None where it is no question for one figure of one report by its words."""
    query = answerer.read(turns)
    context = answerer.context(query)
    if (
        len(context.reports) != 1
        or len(query.parts) != 1
        or query.parts[0].indicators
        or query.parts[0].intent is not Intent.FIGURE
    ):
        return None
    part, report = query.parts[0], context.reports[0]
    asked = PartOfReport(context, report, part, part.when.year, context.ranked([report]))
    return weighed_of(asked, figures_by_time(asked))


def _is_meant(library: Library, figure: Figure, told: Mapping[str, str]) -> bool:
    if not told["figure"]:
        return False
    text = next(library.text(r.id) for r in library.reports() if figure in library.figures(r.id))
    around = _squeezed(text[max(figure.sentence_start - 40, 0) : figure.sentence_end + 40])
    return _squeezed(told["figure"]) in _squeezed(figure.value) and _squeezed(told["sentence"])[:8] in around


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text).replace("％", "%")


def _fitted(questions: Sequence[Question]) -> dict[str, float]:
    """The weights that tell the figures that are meant from the others."""
    rows = [[1.0, *asdict(evidence).values()] for one in questions for _, evidence in one.weighed]
    values, meant = np.array(rows), np.array([one for question in questions for one in question.meant], float)
    weights, ridge = np.zeros(values.shape[1]), np.diag([0.0, *[_RIDGE] * len(_NAMES)])
    for _ in range(_STEPS):
        expected: NDArray[np.float64] = 1 / (1 + np.exp(-values @ weights))
        curvature = (values * (expected * (1 - expected))[:, None]).T @ values + ridge
        weights += np.linalg.solve(curvature, values.T @ (meant - expected) - ridge @ weights)
    return dict(zip(("constant", *_NAMES), map(float, weights), strict=True))


if __name__ == "__main__":
    train()
