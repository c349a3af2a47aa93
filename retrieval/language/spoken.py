"""What people call a figure in their own words (帮多少人找到了活干): the name that reports have for it, by the wordings nearest in meaning.

The wordings stand in ``lexicon/spoken.txt``, their vectors in ``lexicon/spoken.npz``, made by ``make train``: of the bundled int8
engine, less their mean, on their principal components, as integers. A name is as near as its three nearest wordings are on the mean
(k nearest neighbours a class; Fix and Hodges, 1951); the wordings without a name are questions for something else.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from retrieval.language.data import lines_of
from retrieval.language.vocabulary import weak_words

FILE, VECTORS = "spoken.txt", "spoken.npz"
NAMELESS = "-"
# Fitted by `python -m benchmarks spoken`, which prints how many wordings these name rightly, wrongly, and for something else.
LEAST_NEAR, LEAST_MARGIN = 0.45, 0.03
_CERTAIN = 2  # times the margin
_NEAREST = 3  # wordings of a name
_WEIGHED = 3  # names: the nearest, the next, and one more for who asks why
_OF_MANY = 5  # names: a word that people say of so many things tells none of them from another


@dataclass(frozen=True)
class Spoken:
    """The names that reports have for figures which come nearest to a wording, the nearest first, each with how near it comes (a
    cosine); and all that is known of how people say the first."""

    nearest: tuple[tuple[str, float], ...]
    wordings: str

    @property
    def name(self) -> str:
        return self.nearest[0][0]

    @property
    def near(self) -> float:
        return self.nearest[0][1]

    @property
    def margin(self) -> float:
        """By how much it is nearer than the next name."""
        return self.near - self.nearest[1][1]

    @property
    def clear(self) -> bool:
        """Whether it is near enough, and nearer than any other, to be taken for what was meant."""
        return self.name != NAMELESS and self.near >= LEAST_NEAR and self.margin >= LEAST_MARGIN

    @property
    def certain(self) -> bool:
        """Whether it is so clear that it counts more than words that are met in part."""
        return self.clear and self.margin >= _CERTAIN * LEAST_MARGIN


def wordings() -> list[tuple[str, str]]:
    """All known wordings: the name, and how people say it."""
    return [(name, said) for name, _, said in (line.partition("\t") for line in lines_of(FILE))]


def nearest_name(vector: NDArray[np.float32]) -> Spoken:
    """The name nearest to a question's ``vector`` (as the bundled engine embeds queries), of shape ``(dimension,)``."""
    model = _model()
    placed = model.components @ (vector - model.mean)
    near = model.vectors @ (placed / np.linalg.norm(placed))
    by_name = np.array([np.sort(near[start:end])[-_NEAREST:].mean() for start, end in model.spans])
    first = np.argsort(-by_name)[:_WEIGHED]
    return Spoken(tuple((model.names[n], float(by_name[n])) for n in first), " ".join(model.wordings[first[0]]))


@cache
def says_little(word: str) -> bool:
    """Whether a word of a question names nothing: people say it of many things (弄了, 多出来), or it is weak in reports, too."""
    return len(word) < 2 or word in weak_words() or sum(word in " ".join(said) for said in _model().wordings) >= _OF_MANY


@dataclass(frozen=True)
class _Model:
    """``vectors`` of shape ``(wordings, components)``, those of a name together, at its ``spans``."""

    names: list[str]
    wordings: list[list[str]]
    spans: list[tuple[int, int]]
    vectors: NDArray[np.float32]
    components: NDArray[np.float32]
    mean: NDArray[np.float32]


@lru_cache(maxsize=1)
def _model() -> _Model:
    said: dict[str, list[str]] = {}
    for name, wording in wordings():
        said.setdefault(name, []).append(wording)
    with np.load(io.BytesIO((resources.files("retrieval.language") / "lexicon" / VECTORS).read_bytes())) as kept:
        vectors = kept["vectors"].astype(np.float32)
        components, mean = kept["components"].astype(np.float32), kept["mean"].astype(np.float32)
    ends = np.cumsum([len(one) for one in said.values()])
    if ends[-1] != len(vectors):
        raise ValueError(f"{VECTORS} is not of {FILE}: run `make train`")
    spans = [(int(end) - len(one), int(end)) for one, end in zip(said.values(), ends, strict=True)]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return _Model(list(said), list(said.values()), spans, vectors, components, mean)
