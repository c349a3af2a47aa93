"""Any sentence-transformers model, by the package itself (the extra ``models``)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import cached_property
from importlib import util
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.embedding.batching import batches
from retrieval.embedding.model_folder import ONNX, folder_hash
from retrieval.embedding.vectors import Vectors
from retrieval.errors import ModelsNotInstalled, UnavailableModel

_BATCH_CHARACTERS = 1024  # of a batch, padding included; its tokens are hardly more
_ALWAYS_THERE = "config.json"
# The files of a faster backend in a model's folder, and the module that sentence-transformers needs for it.
_BACKENDS = (
    ("openvino", Path("openvino") / "openvino_model.xml", "optimum.intel"),
    ("onnx", ONNX, "optimum.onnxruntime"),
)


class SentenceTransformerEmbedder:
    """Any sentence-transformers model, by name or folder, with its own query and document prompts."""

    learned = False

    def __init__(self, name: str) -> None:
        self.name = name
        self._model: Any = None
        self._loading = threading.Lock()

    @cached_property
    def backend(self) -> str:
        """``openvino`` or ``onnx`` where there is such a model and its package is installed, else ``torch``."""
        return next((name for name, file, module in _BACKENDS if _installed(module) and self._has(file)), "torch")

    def _has(self, file: Path) -> bool:
        """Whether the model has ``file``. Of one by name, what was downloaded decides; the hub is asked about one that wasn't."""
        folder = self.name if Path(self.name).is_dir() else self._downloaded()
        if folder:
            return (Path(folder) / file).is_file()
        try:
            import huggingface_hub

            return bool(huggingface_hub.file_exists(self.name, file.as_posix()))
        except (ImportError, OSError, ValueError):  # not installed; no network; no name that the hub knows
            return False

    def _downloaded(self) -> str | None:
        """The folder in the hub's cache that the model was downloaded to, or None."""
        try:
            import huggingface_hub

            found = huggingface_hub.try_to_load_from_cache(self.name, _ALWAYS_THERE)
        except (ImportError, ValueError):
            return None
        return str(Path(found).parent) if isinstance(found, str) else None

    @property
    def fingerprint(self) -> str:
        folder = Path(self.name)
        backend = "" if self.backend == "torch" else f"{self.backend}:"
        return f"sentence-transformers:{backend}{folder_hash(folder) if folder.is_dir() else self.name}"

    @property
    def dimension(self) -> int:
        model = self._loaded()
        size = getattr(model, "get_embedding_dimension", model.get_sentence_embedding_dimension)
        return int(size())

    def embed_passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """Vectors of shape ``(len(texts), dimension)``; ``progress`` is told how many are done."""
        model = self._loaded()
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        done = 0
        for batch in batches([len(text) for text in texts], _BATCH_CHARACTERS):
            given = [texts[position] for position in batch]
            vectors[batch] = model.encode_document(
                given, batch_size=len(given), normalize_embeddings=True, show_progress_bar=False
            )
            done += len(batch)
            if progress:
                progress(done)
        return vectors

    def embed_query(self, text: str) -> Vectors:
        """A vector of shape ``(dimension,)``."""
        vector = self._loaded().encode_query(text, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vector, dtype=np.float32)

    def _loaded(self) -> Any:
        with self._loading:
            if self._model is None:
                try:
                    from sentence_transformers import SentenceTransformer
                except ImportError as error:
                    raise ModelsNotInstalled(model=self.name) from error
                try:
                    backend: Any = self.backend
                    # optimum asks the hub for a list of files, unless it is given the folder.
                    source = self.name if backend == "torch" else self._downloaded() or self.name
                    self._model = SentenceTransformer(source, device="cpu", backend=backend)
                except Exception as error:  # the hub, the folder and torch each fail in ways of their own
                    raise UnavailableModel(model=self.name) from error
            return self._model


def _installed(module: str) -> bool:
    try:
        return util.find_spec(module) is not None
    except ImportError:  # the package that the module is in is missing
        return False
