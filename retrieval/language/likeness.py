"""How well a passage may answer a question with which it shares no word: 修了多长的路, and 新建改建农村公路18公里.

The bundled engine's vectors tell whether two texts speak of the same. A question in people's own words and the sentence that answers
it are further apart than two sentences of reports; ``lexicon/likeness.npz`` holds what lies between them, a bilinear form that
``make train`` learns from sentences and questions invented for it (``benchmarks/data/pairs.txt``), for that engine alone.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

FILE = "likeness.npz"


@dataclass(frozen=True)
class Form:
    """Where questions and passages lie on the mean, and how a question's vector becomes the direction of its answers.

    The means have the shape ``(dimension,)``, the matrices ``(dimension, components)``.
    """

    mean_question: NDArray[np.float32]
    mean_passage: NDArray[np.float32]
    questions: NDArray[np.float32]
    passages: NDArray[np.float32]

    def of(self, question: NDArray[np.float32], passages: NDArray[np.float32]) -> NDArray[np.float32]:
        """How well each of ``passages``, of shape ``(count, dimension)``, may answer ``question``: 0 for any, about 0.5 for one that does."""
        placed = (question - self.mean_question) @ self.questions
        direction = self.passages @ (placed / np.linalg.norm(placed))
        # |p - m|² = |p|² + |m|² - 2 p·m, without making another matrix of the passages.
        squares = (
            np.einsum("ij,ij->i", passages, passages) + self.mean_passage @ self.mean_passage - 2 * passages @ self.mean_passage
        )
        likeness: NDArray[np.float32] = (passages @ direction - self.mean_passage @ direction) / np.sqrt(squares)
        return likeness


@lru_cache(maxsize=1)
def form() -> Form:
    """The form that was learned."""
    with np.load(io.BytesIO((resources.files("retrieval.language") / "lexicon" / FILE).read_bytes())) as kept:
        questions, passages = (kept[side].astype(np.float32) * kept[f"{side}_scale"] for side in ("questions", "passages"))
        return Form(kept["mean_question"], kept["mean_passage"], questions, passages)
