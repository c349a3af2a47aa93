"""Weight files of the format ``E5S1``, small and made by hand, for the tests of what reads them."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

import numpy as np

HIDDEN, FEED_FORWARD, PIECES, POSITIONS = 32, 64, ("<s>", "<pad>", "</s>", "<unk>", "▁", "年", "增长"), 8


@dataclass
class Written:
    """A file in its parts; a test changes one of them before it asks for the bytes."""

    magic: bytes = b"E5S1"
    version: int = 1
    sizes: tuple[int, ...] = (HIDDEN, 1, 2, FEED_FORWARD, len(PIECES), POSITIONS, 2)
    epsilon: float = 1e-12
    block: int = 32
    specials: tuple[int, ...] = (0, 2, 1, 3)
    offsets: list[int] = field(default_factory=lambda: np.cumsum([0, *(len(one.encode()) for one in PIECES)]).tolist())
    pieces: bytes = "".join(PIECES).encode()
    normalisation: dict[str, str] = field(default_factory=lambda: {"％": "%", "㎡": "m2", "\x01": ""})
    tensors: dict[str, tuple[int, int, bytes]] = field(default_factory=dict)
    tail: bytes = b""

    def blocks(self, name: str, rows: int, columns: int, block: bytes) -> None:
        """A tensor of 4-bit blocks, all of them the same 18 bytes."""
        self.tensors[name] = 1, rows * columns, block * (rows * columns // 32)

    def floats(self, name: str, values: list[float]) -> None:
        self.tensors[name] = 0, len(values), struct.pack(f"<{len(values)}f", *values)

    def as_bytes(self) -> bytes:
        count = len(self.offsets) - 1
        entries = b"".join(
            struct.pack(f"<IB{len(to)}I", ord(one), len(to), *map(ord, to)) for one, to in self.normalisation.items()
        )
        start = b"".join(
            [
                self.magic,
                struct.pack("<I7ifi", self.version, *self.sizes, self.epsilon, self.block),
                struct.pack("<5iQ", count, *self.specials, len(self.pieces)),
                struct.pack(f"<{count + 1}I{count}f", *self.offsets, *(-float(number) for number in range(count))),
                self.pieces,
                struct.pack("<iI", len(self.normalisation), len(entries)),
                entries,
                struct.pack("<i", len(self.tensors)),
            ]
        )
        directory = len(start) + sum(2 + len(name) + 21 for name in self.tensors)
        data = b""
        for name, (kind, elements, values) in self.tensors.items():
            place = struct.pack("<BIQQ", kind, elements, directory + len(data), len(values))
            start += struct.pack("<H", len(name)) + name.encode() + place
            data += values
        return start + data + self.tail
