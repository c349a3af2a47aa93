"""Inputs made from others: bytes changed, pieces moved, cut, repeated, put in from elsewhere."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

_INTERESTING = (
    b"\0",
    b"\xff",
    b"\xff\xff\xff\xff",
    b"\x00\x00\x00\x80",
    b"%s",
    b"&#0;",
    b"\xef\xbb\xbf",
    b"\r\n",
    "\u202e".encode(),
    b"-1",
    b"99999999999",
)


def mutated(rng: random.Random, seeds: Sequence[bytes]) -> bytes:
    """One of ``seeds`` with a few changes; now and then bytes of no meaning at all."""
    if rng.random() < 0.02:
        return rng.randbytes(rng.randrange(400))
    data = bytearray(rng.choice(seeds))
    for _ in range(1 + min(int(rng.expovariate(0.4)), 30)):
        rng.choice(_CHANGES)(rng, data, seeds)
    return bytes(data)


def _place(rng: random.Random, data: bytearray) -> tuple[int, int]:
    start = rng.randrange(len(data) + 1)
    return start, min(len(data), start + 1 + int(rng.expovariate(0.05)))


def _flip(rng: random.Random, data: bytearray, seeds: Sequence[bytes]) -> None:
    if data:
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def _replace(rng: random.Random, data: bytearray, seeds: Sequence[bytes]) -> None:
    start, end = _place(rng, data)
    data[start:end] = rng.randbytes(end - start)


def _insert(rng: random.Random, data: bytearray, seeds: Sequence[bytes]) -> None:
    start, _ = _place(rng, data)
    data[start:start] = rng.choice(_INTERESTING)


def _delete(rng: random.Random, data: bytearray, seeds: Sequence[bytes]) -> None:
    start, end = _place(rng, data)
    del data[start:end]


def _cut(rng: random.Random, data: bytearray, seeds: Sequence[bytes]) -> None:
    if rng.random() < 0.2:
        del data[rng.randrange(len(data) + 1) :]


def _repeat(rng: random.Random, data: bytearray, seeds: Sequence[bytes]) -> None:
    start, end = _place(rng, data)
    data[start:start] = bytes(data[start:end]) * rng.choice((1, 2, 10, 100))


def _splice(rng: random.Random, data: bytearray, seeds: Sequence[bytes]) -> None:
    other = bytearray(rng.choice(seeds))
    from_start, from_end = _place(rng, other)
    start, _ = _place(rng, data)
    data[start:start] = other[from_start:from_end]


_CHANGES: tuple[Callable[[random.Random, bytearray, Sequence[bytes]], None], ...] = (
    _flip,
    _replace,
    _insert,
    _delete,
    _cut,
    _repeat,
    _splice,
)
