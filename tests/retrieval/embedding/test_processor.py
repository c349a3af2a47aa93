"""What is read of the processor, by files as Linux writes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.embedding import processor

TWO_CORES_OF_TWO_THREADS = "\n\n".join(
    f"processor\t: {number}\nphysical id\t: 0\ncore id\t\t: {number % 2}\nflags\t\t: fpu sse2 {{flags}}" for number in range(4)
)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch):
    """Sets what the processor's and the container's files say, and which logical cores are allowed."""

    def machine(info: str = "", quota: str | None = None, allowed: set[int] | None = None) -> None:
        (tmp_path / "cpuinfo").write_text(info)
        monkeypatch.setattr(processor, "_CPU_INFO", tmp_path / "cpuinfo")
        monkeypatch.setattr(processor, "_QUOTA", tmp_path / "cpu.max")
        monkeypatch.setattr(processor, "_QUOTA_OF_VERSION_1", ())
        if quota is not None:
            (tmp_path / "cpu.max").write_text(quota)
        monkeypatch.setattr(processor.os, "sched_getaffinity", lambda process: allowed or {0, 1, 2, 3}, raising=False)
        processor.instruction_set.cache_clear()
        processor.usable_cores.cache_clear()

    yield machine
    monkeypatch.undo()
    processor.instruction_set.cache_clear()
    processor.usable_cores.cache_clear()


@pytest.mark.parametrize(
    "flags, name",
    [
        ("avx2 avx512bw avx512_vnni amx_int8", "AMX"),
        ("avx2 avx512bw avx512_vnni", "AVX-512 VNNI"),
        ("avx2 avx_vnni", "AVX2 VNNI"),
        ("avx avx2", "AVX2"),
    ],
)
def test_the_best_instructions_are_named(machine, flags, name):
    machine(TWO_CORES_OF_TWO_THREADS.format(flags=flags))
    assert processor.instruction_set() == name


def test_without_the_file_numpy_or_the_architecture_tells(machine):
    machine()
    assert processor.instruction_set()


@pytest.mark.parametrize(
    "allowed, quota, cores",
    [
        ({0, 1, 2, 3}, None, 2),
        ({0, 2}, None, 1),
        ({0, 1, 2, 3}, "max 100000", 2),
        ({0, 1, 2, 3}, "150000 100000", 2),
        ({0, 1, 2, 3}, "50000 100000", 1),
    ],
)
def test_threads_of_one_core_count_once_and_a_quota_limits(machine, allowed, quota, cores):
    machine(TWO_CORES_OF_TWO_THREADS.format(flags="avx2"), quota, allowed)
    assert processor.usable_cores() == cores


def test_cores_that_the_file_does_not_describe_count_each(machine):
    machine("", None, {0, 1, 2})
    assert processor.usable_cores() == 3
