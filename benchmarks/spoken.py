"""People's own words for figures: makes the vectors they are known by (``make train``), and measures them on words of somebody else.

Two ways are compared on ``data/spoken.txt``: the words of a question alone (pairs of characters), and the vectors that the
program uses, at several thresholds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from benchmarks.tables import Column, Say, Table
from retrieval.embedding.embedder import open_embedder
from retrieval.language import spoken
from retrieval.language.indicators import indicators
from retrieval.language.spoken import LEAST_MARGIN, LEAST_NEAR, NAMELESS, VECTORS, Spoken, nearest_name, wordings

Matrix: TypeAlias = NDArray[np.float32]

COMPONENTS = 128
_SCALE = 381  # of components of unit vectors, which rarely pass a third: the integers then use all of their eight bits
_TEST = Path(__file__).parent / "data" / "spoken.txt"
_NEAR, _MARGINS = (0.35, LEAST_NEAR, 0.55), (0.0, LEAST_MARGIN, 0.06)


def train() -> None:
    """Writes ``lexicon/spoken.npz``, of all wordings of ``lexicon/spoken.txt``."""
    embedder = open_embedder("bundled")
    said: dict[str, list[str]] = {}
    for name, wording in wordings():
        said.setdefault(name, []).append(wording)
    vectors = np.array([embedder.embed_query(wording) for of_name in said.values() for wording in of_name], np.float32)
    mean = vectors.mean(axis=0)
    centred = _unit(vectors - mean)
    components = np.linalg.svd(centred, full_matrices=False)[2][:COMPONENTS]
    placed = np.clip(np.round(_unit(centred @ components.T) * _SCALE), -127, 127).astype(np.int8)
    path = Path(spoken.__file__).parent / "lexicon" / VECTORS
    np.savez_compressed(path, vectors=placed, components=components.astype(np.float16), mean=mean)


def run(folder: Path, model: str, say: Say) -> list[Table]:
    """One table: how many wordings get their name, another one, and how many get one that are for something else."""
    items = [(name, said) for name, _, said in (line.partition("\t") for line in _lines())]
    embedder = open_embedder("bundled")
    say(f"{len(items)} wordings")
    found = [nearest_name(embedder.embed_query(wording)) for _, wording in items]
    by_words = _by_words()
    rows = [_row("words alone", [name for name, _ in items], [by_words(wording) for _, wording in items])]
    for near in _NEAR:
        for margin in _MARGINS:
            taken = [one.name if _is_clear(one, near, margin) else NAMELESS for one in found]
            chosen = " (used)" if (near, margin) == (LEAST_NEAR, LEAST_MARGIN) else ""
            rows.append(_row(f"vectors, {near:g} and {margin:g}{chosen}", [name for name, _ in items], taken))
    columns = [Column(""), Column("right", ".1%"), Column("wrong", ".1%"), Column("of something else", ".1%")]
    return [Table("People's own words for indicators", columns, rows, [f"{len(items)} wordings by somebody who saw no others"])]


def _lines() -> list[str]:
    return [line for line in _TEST.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


def _is_clear(one: Spoken, near: float, margin: float) -> bool:
    return one.name != NAMELESS and one.near >= near and one.margin >= margin


def _row(title: str, meant: Sequence[str], taken: Sequence[str]) -> list[str | float]:
    named = [(name, got) for name, got in zip(meant, taken, strict=True) if name in indicators()]
    others = [got for name, got in zip(meant, taken, strict=True) if name == NAMELESS]
    right = sum(name == got for name, got in named) / len(named)
    wrong = sum(got not in (name, NAMELESS) for name, got in named) / len(named)
    return [title, right, wrong, sum(got in indicators() for got in others) / len(others)]


def _by_words() -> Callable[[str], str]:
    """The name of the wording that shares most pairs of characters, for their number."""
    known = [(name, _pairs(said)) for name, said in wordings()]

    def nearest(wording: str) -> str:
        own = _pairs(wording)
        score, name = max((len(own & said) / (len(own | said) or 1), name) for name, said in known)
        return name if score > 0 else NAMELESS

    return nearest


def _pairs(text: str) -> set[str]:
    return {text[n : n + 2] for n in range(len(text) - 1)}


def _unit(vectors: Matrix) -> Matrix:
    unit: Matrix = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


if __name__ == "__main__":
    train()
