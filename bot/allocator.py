"""Keeping a long-running process small: freed memory goes back to the system instead of staying with the allocator."""

from __future__ import annotations

import ctypes
from typing import Any

# glibc's malloc.h. Each thread would otherwise have an arena of its own, and the top of the heap stays until 64 MB are free.
_M_TRIM_THRESHOLD, _M_ARENA_MAX = -1, -8
_TRIM_BYTES, _ARENAS = 65_536, 2


def keep_small() -> bool:
    """Tells the allocator to give back what is freed; False where it is not glibc's and can't be told."""
    libc = _libc()
    if libc is None:
        return False
    return bool(libc.mallopt(_M_ARENA_MAX, _ARENAS) and libc.mallopt(_M_TRIM_THRESHOLD, _TRIM_BYTES))


def give_back() -> bool:
    """Gives back now what was freed before :func:`keep_small`; whether there was something."""
    libc = _libc()
    return bool(libc is not None and libc.malloc_trim(0))


def _libc() -> Any:
    try:
        libc = ctypes.CDLL(None)
    except (OSError, TypeError):  # Windows
        return None
    return libc if hasattr(libc, "mallopt") and hasattr(libc, "malloc_trim") else None
