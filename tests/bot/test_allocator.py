"""The allocator of a long-running process: told where it is glibc's, left alone elsewhere."""

from __future__ import annotations

import ctypes
import platform
import subprocess
import sys
from types import SimpleNamespace

import pytest

from bot import allocator

_GROW_AND_FREE = """
from pathlib import Path
from bot.allocator import give_back, keep_small
def resident(): return int(Path('/proc/self/statm').read_text().split()[1])
assert keep_small()
held = [bytearray(50_000) for _ in range(2000)]
full = resident()
held.clear()
give_back()
print(full, resident())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the C library is not glibc")
def test_what_is_freed_goes_back_to_the_system():
    told = subprocess.run([sys.executable, "-c", _GROW_AND_FREE], capture_output=True, text=True, check=True).stdout
    full, after = map(int, told.split())
    assert (full - after) * 4096 > 50_000_000


@pytest.mark.parametrize("libc", [OSError(), SimpleNamespace()])
def test_another_allocator_is_left_alone(monkeypatch, libc):
    def opened(_: object) -> object:
        if isinstance(libc, OSError):
            raise libc
        return libc

    monkeypatch.setattr(ctypes, "CDLL", opened)
    assert (allocator.keep_small(), allocator.give_back()) == (False, False)
