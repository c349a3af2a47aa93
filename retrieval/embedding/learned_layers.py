"""The upper layers of the bundled model, as they were learned anew of questions and the sentences that answer them (``make train``).

multilingual-e5-small knows that 下馆子 and 餐饮业 are near, but not that the one asks for the other. ``learned_layers.npz`` holds the
last layers of its network after they were trained on invented pairs (``benchmarks/encoder.py``); below them it stays as it is.
Each matrix is in 7 bits with a scale for each of its outputs, as the graph has them, under the names of the weight file.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from retrieval.embedding.weight_file import Architecture, Blocks, Pieces, WeightFile

FILE = "learned_layers.npz"
# Two products of an 8-bit activation and a weight must fit 16 bits (255 * 63 * 2 < 2**15): processors without VNNI add them up there.
LARGEST = 63
_SCALES = ".scales"

Floats = NDArray[np.float32]


class Network:
    """The network of a weight file, with ``learned`` tensors in place of its own."""

    def __init__(self, file: WeightFile, learned: Mapping[str, Floats]) -> None:
        self._file = file
        self._learned = learned

    @property
    def architecture(self) -> Architecture:
        return self._file.architecture

    @property
    def pieces(self) -> Pieces:
        return self._file.pieces

    def words(self) -> Blocks:
        """The embeddings of all pieces, as they are in the file: ``(vocabulary, hidden)``."""
        return self._file.blocks("emb.word", self.architecture.vocabulary, self.architecture.hidden)

    def floats(self, name: str, *shape: int) -> Floats:
        """A bias, a norm or a table of embeddings. Raises DamagedWeights."""
        return self._learned[name].reshape(shape) if name in self._learned else self._file.floats(name, *shape)

    def matrix(self, name: str, outputs: int, inputs: int) -> Floats:
        """The weights of a linear map, of shape ``(outputs, inputs)``. Raises DamagedWeights."""
        return self._learned[name] if name in self._learned else self._file.blocks(name, outputs, inputs).as_floats()


def as_learned(file: WeightFile) -> Network:
    """The network of a weight file with the layers that are installed. Raises DamagedWeights when its tensors are read."""
    return Network(file, unpacked(learned()))


def rounded(matrix: Floats) -> tuple[NDArray[np.int8], Floats]:
    """A matrix ``(outputs, inputs)`` as integers up to ``LARGEST``, and the scale of each output."""
    scales = np.maximum(np.abs(matrix).max(axis=1) / LARGEST, np.float32(np.finfo(np.float32).tiny))
    return np.rint(matrix / scales[:, None]).astype(np.int8), scales


def packed(layers: Mapping[str, Floats]) -> bytes:
    """``layers`` as the file holds them."""
    kept: dict[str, NDArray[np.generic]] = {}
    for name, values in layers.items():
        if values.ndim == 1:
            kept[name] = values.astype(np.float32)
            continue
        kept[name], kept[name + _SCALES] = rounded(values)
    file = io.BytesIO()
    np.savez_compressed(file, **kept)  # type: ignore[arg-type]
    return file.getvalue()


def unpacked(content: bytes) -> dict[str, Floats]:
    """The tensors by their names in the weight file."""
    with np.load(io.BytesIO(content)) as kept:
        scales = {name: kept[name] for name in kept.files if name.endswith(_SCALES)}
        return {
            name: kept[name] if name + _SCALES not in scales else kept[name] * scales[name + _SCALES][:, None]
            for name in kept.files
            if name not in scales
        }


def learned() -> bytes:
    """The file, as it is installed."""
    return (resources.files("retrieval.embedding") / FILE).read_bytes()


@lru_cache(maxsize=1)
def version() -> str:
    """Another one whenever the file is: its SHA-256, in hexadecimal."""
    return hashlib.sha256(learned()).hexdigest()
