"""What lies between people's questions and the sentences that answer them: learns it (``make train``), and measures it.

A bilinear form is fitted so that of all sentences of ``data/pairs.txt`` each question is nearest to its own (softmax over all
sentences, as in InfoNCE; van den Oord et al., 2018, https://arxiv.org/abs/1807.03748), drawn to where the vectors' principal
components lie, and noised by leaving out components of the vectors at random.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from benchmarks.tables import Column, Say, Table
from retrieval.embedding.embedder import Embedder, open_embedder
from retrieval.language import likeness
from retrieval.language.likeness import Form

Matrix: TypeAlias = NDArray[np.float32]

COMPONENTS = 256
_PAIRS = Path(__file__).parent / "data" / "pairs.txt"
_EPOCHS, _BATCH, _RATE, _TEMPERATURE, _LEFT_OUT, _DRAWN = 30, 256, 1e-3, 0.05, 0.1, 0.03
_SAME = 0.965  # inner product of two sentences that say the same: neither is wrong for the other's questions
_PARTS = 5  # of the sentences, for measuring on those that were not learned from
_SYLLABLES, _KINDS = "麓禾岚澜栖苍漪渚昶青云溪桥松柏安临泉白", "镇县区市省"


@dataclass(frozen=True)
class Pairs:
    """Sentences as passages are embedded, the questions, and which sentence answers each."""

    sentences: Matrix
    questions: Matrix
    answers: NDArray[np.int64]

    def without(self, sentences: NDArray[np.bool_]) -> Pairs:
        """Those of the other sentences."""
        number = np.cumsum(~sentences) - 1
        kept = ~sentences[self.answers]
        return Pairs(self.sentences[~sentences], self.questions[kept], number[self.answers[kept]])


def train() -> None:
    """Writes ``lexicon/likeness.npz``, of all pairs."""
    learned = fitted(embedded(open_embedder("bundled"), _blocks()))
    kept: dict[str, NDArray[np.generic]] = {"mean_question": learned.mean_question, "mean_passage": learned.mean_passage}
    for side, matrix in (("questions", learned.questions), ("passages", learned.passages)):
        scale = np.abs(matrix).max() / 127
        kept |= {side: np.round(matrix / scale).astype(np.int8), f"{side}_scale": np.float32(scale)}
    np.savez_compressed(Path(likeness.__file__).parent / "lexicon" / likeness.FILE, **kept)  # type: ignore[arg-type]


def run(folder: Path, model: str, say: Say) -> list[Table]:
    """One table: how often a question's own sentence is the nearest of all, by the vectors and by the form, fitted on other sentences."""
    pairs = embedded(open_embedder("bundled"), _blocks())
    say(f"{len(pairs.sentences)} sentences, {len(pairs.questions)} questions")
    part = np.arange(len(pairs.sentences)) % _PARTS
    ranks: dict[str, list[int]] = {"vectors": [], "form": []}
    for n in range(_PARTS):
        learned, asked = fitted(pairs.without(part == n)), np.flatnonzero(part[pairs.answers] == n)
        for question, answer in zip(pairs.questions[asked], pairs.answers[asked], strict=True):
            for way, near in (("vectors", pairs.sentences @ question), ("form", learned.of(question, pairs.sentences))):
                ranks[way].append(int((near > near[answer]).sum()))
        say(f"part {n + 1} of {_PARTS}")
    rows = [(way, *(float(np.mean([rank < first for rank in of_way])) for first in (1, 5, 10))) for way, of_way in ranks.items()]
    columns = [Column(""), *(Column(f"among the {first}", ".1%") for first in ("first", "first 5", "first 10"))]
    return [
        Table(
            "Sentences that answer a question, without its words", columns, rows, [f"{len(pairs.sentences)} invented sentences"]
        )
    ]


def embedded(embedder: Embedder, blocks: Sequence[Sequence[str]]) -> Pairs:
    """``blocks``, each a sentence and its questions, as vectors; sentences behind an invented place and year, as in a library."""
    rng = random.Random(1)
    places = ["".join(rng.sample(_SYLLABLES, 2)) + rng.choice(_KINDS) + f"{rng.randint(2018, 2026)}年" for _ in blocks]
    sentences = embedder.embed_passages([f"{place} {block[0]}" for place, block in zip(places, blocks, strict=True)])
    asked = [(n, question) for n, block in enumerate(blocks) for question in block[1:]]
    questions = np.array([embedder.embed_query(question) for _, question in asked], np.float32)
    return Pairs(sentences, questions, np.array([n for n, _ in asked]))


def fitted(pairs: Pairs) -> Form:
    """The form that is learned from ``pairs``."""
    rng = np.random.default_rng(0)
    means = pairs.questions.mean(axis=0), pairs.sentences.mean(axis=0)
    questions, sentences = _unit(pairs.questions - means[0]), _unit(pairs.sentences - means[1])
    start = np.linalg.svd(np.concatenate([questions, sentences]), full_matrices=False)[2][:COMPONENTS].T.astype(np.float32)
    same = pairs.sentences @ pairs.sentences.T > _SAME
    step = _Adam([start.copy(), start.copy()])
    for _ in range(_EPOCHS):
        order = rng.permutation(len(questions))
        for batch in np.split(order, range(_BATCH, len(order), _BATCH)):
            step.take(
                _gradients(
                    *step.values, _noised(rng, questions[batch]), _noised(rng, sentences), pairs.answers[batch], same, start
                )
            )
    return Form(*means, *step.values)


def _gradients(
    asking: Matrix,
    answering: Matrix,
    questions: Matrix,
    sentences: Matrix,
    answers: NDArray[np.int64],
    same: NDArray[np.bool_],
    start: Matrix,
) -> list[Matrix]:
    """Of the mean cross entropy of ``answers`` among ``sentences``, and of the matrices' squared distance from ``start``."""
    placed = questions @ asking
    length = np.linalg.norm(placed, axis=1, keepdims=True)
    placed /= length
    logits = placed @ answering.T @ sentences.T / _TEMPERATURE
    beside = same[answers]
    beside[np.arange(len(answers)), answers] = False
    logits[beside] = -np.inf
    share = np.exp(logits - logits.max(axis=1, keepdims=True))
    share /= share.sum(axis=1, keepdims=True)
    share[np.arange(len(answers)), answers] -= 1
    by_direction = share @ sentences / (_TEMPERATURE * len(answers))
    by_placed = by_direction @ answering
    by_placed = (by_placed - (by_placed * placed).sum(axis=1, keepdims=True) * placed) / length
    drawn = [2 * _DRAWN * (matrix - start) for matrix in (asking, answering)]
    return [questions.T @ by_placed + drawn[0], by_direction.T @ placed + drawn[1]]


class _Adam:
    """Kingma and Ba, 2015 (https://arxiv.org/abs/1412.6980), with the constants that they propose."""

    def __init__(self, values: list[Matrix]) -> None:
        self.values = values
        self._means = [np.zeros_like(value) for value in values]
        self._squares = [np.zeros_like(value) for value in values]
        self._steps = 0

    def take(self, gradients: Sequence[Matrix]) -> None:
        self._steps += 1
        for value, mean, square, gradient in zip(self.values, self._means, self._squares, gradients, strict=True):
            mean += 0.1 * (gradient - mean)
            square += 0.001 * (gradient**2 - square)
            even = np.sqrt(square / (1 - 0.999**self._steps)) + 1e-8
            value -= _RATE * (mean / (1 - 0.9**self._steps)) / even


def _noised(rng: np.random.Generator, vectors: Matrix) -> Matrix:
    kept: Matrix = (rng.random(vectors.shape, dtype=np.float32) >= _LEFT_OUT).astype(np.float32) / np.float32(1 - _LEFT_OUT)
    return vectors * kept


def _unit(vectors: Matrix) -> Matrix:
    unit: Matrix = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def _blocks() -> list[list[str]]:
    text = "\n".join(line for line in _PAIRS.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return [block.split("\n") for block in re.split(r"\n{2,}", text.strip())]


if __name__ == "__main__":
    train()
