"""The memory of processes, as Linux tells it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Memory:
    """What a process holds now, and the most that it ever held, in MB."""

    now: float
    peak: float


def memory_of(process: int | str = "self") -> Memory:
    """The resident memory of a process by its number, or of this one. Raises OSError where there is no ``/proc``."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    told = dict(line.split(":", 1) for line in lines if ":" in line)
    return Memory(*(int(told[name].split()[0]) * 1024 / 1e6 for name in ("VmRSS", "VmHWM")))


def of_files(process: int | str = "self") -> float:
    """How much of a process's memory are pages of files, which the system takes back when it needs them, in MB."""
    told = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return int(told.partition("RssFile:")[2].split()[0]) * 1024 / 1e6
