"""What the machine's processor has: how many cores this process may use, and which instructions for int8 products."""

from __future__ import annotations

import math
import os
import platform
from functools import lru_cache
from importlib import import_module
from pathlib import Path

# Names of /proc/cpuinfo, best first, and what they are called: onnxruntime has int8 kernels for each of these.
_INSTRUCTIONS = (
    ("amx_int8", "AMX"),
    ("avx512_vnni", "AVX-512 VNNI"),
    ("avx_vnni", "AVX2 VNNI"),
    ("avx512bw", "AVX-512"),
    ("avx2", "AVX2"),
    ("avx", "AVX"),
    ("i8mm", "NEON I8MM"),
    ("asimddp", "NEON dot product"),
    ("asimd", "NEON"),
)
# What numpy calls them, for systems without /proc/cpuinfo. Its group AVX512_ICL holds VNNI.
_OF_NUMPY = (("AVX512_ICL", "AVX-512 VNNI"), ("AVX512_SKX", "AVX-512"), ("AVX2", "AVX2"), ("ASIMDDP", "NEON dot product"))
_CPU_INFO = Path("/proc/cpuinfo")
_QUOTA = Path("/sys/fs/cgroup/cpu.max")
_QUOTA_OF_VERSION_1 = (Path("/sys/fs/cgroup/cpu/cpu.cfs_quota_us"), Path("/sys/fs/cgroup/cpu/cpu.cfs_period_us"))


@lru_cache
def instruction_set() -> str:
    """The best instructions for int8 products that the processor has, by name: ``AVX-512 VNNI``, ``AVX2``, ..."""
    flags: set[str] = set()
    for line in _lines(_CPU_INFO):
        name, _, values = line.partition(":")
        if name.strip() in ("flags", "Features"):
            flags.update(values.split())
            break
    names = [name for flag, name in _INSTRUCTIONS if flag in flags] or _found_by_numpy()
    return names[0] if names else platform.machine()


@lru_cache
def usable_cores() -> int:
    """The physical cores that this process may use: by its affinity, and by the quota of its container. At least 1."""
    allowed = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set(range(os.cpu_count() or 1))
    return max(1, math.ceil(min(_physical(allowed), _quota())))


def _physical(allowed: set[int]) -> int:
    """How many physical cores the logical ones in ``allowed`` are: two threads of one core share its int8 units."""
    cores: dict[int, tuple[str, str]] = {}
    number, package = -1, ""
    for line in _lines(_CPU_INFO):
        name, _, value = (part.strip() for part in line.partition(":"))
        if name == "processor" and value.isdecimal():
            number = int(value)
        elif name == "physical id":
            package = value
        elif name == "core id":
            cores[number] = (package, value)
    known = {cores[one] for one in allowed if one in cores}
    return len(known) + sum(one not in cores for one in allowed)


def _quota() -> float:
    """How many cores' time the container may use; infinite where it is not limited."""
    limits = " ".join(_lines(_QUOTA)).split() or [value for path in _QUOTA_OF_VERSION_1 for value in _lines(path)]
    try:
        quota, period = (float(value) for value in limits)
    except ValueError:  # "max 100000", or no such file
        return math.inf
    return quota / period if quota > 0 and period > 0 else math.inf


def _found_by_numpy() -> list[str]:
    try:
        features = import_module("numpy._core._multiarray_umath").__cpu_features__
    except (ImportError, AttributeError):  # it is numpy's own affair
        return []
    return [name for feature, name in _OF_NUMPY if features.get(feature)]


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
