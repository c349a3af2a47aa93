"""Work that takes too long is stopped, the next one goes on, and an exception never reaches what it is not for."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from bot.conversation.deadlines import StoppableThread, TookTooLong


def endless() -> None:
    while True:
        sum(range(100))


@pytest.fixture
def thread() -> Iterator[StoppableThread]:
    one = StoppableThread("test")
    yield one
    one.shutdown()


def test_what_loops_for_ever_is_stopped_and_what_waited_is_done(thread: StoppableThread):
    async def run() -> list[object]:
        works = [thread.call(endless, 0.2), thread.call(lambda: threading.current_thread().name, 0.2)]
        return await asyncio.gather(*works, return_exceptions=True)

    stopped, name = asyncio.run(run())
    assert isinstance(stopped, TookTooLong)
    assert name == "test_0"


def test_the_time_of_what_waits_does_not_count(thread: StoppableThread):
    async def run() -> list[None]:
        return await asyncio.gather(*[thread.call(lambda: time.sleep(0.1), 0.25) for _ in range(6)])

    assert asyncio.run(run()) == [None] * 6


def test_errors_are_those_of_the_work(thread: StoppableThread):
    with pytest.raises(ZeroDivisionError):
        asyncio.run(thread.call(lambda: 1 // 0, 1))


def test_work_that_ends_at_its_deadline_is_done_or_stopped_and_its_thread_lives(thread: StoppableThread):
    def until(end: float) -> str:
        while time.perf_counter() < end:
            pass
        return "done"

    async def run() -> set[str]:
        outcomes = set()
        for _ in range(300):
            seconds = random.uniform(0.0015, 0.0025)
            try:
                outcomes.add(await thread.call(lambda s=seconds: until(time.perf_counter() + s), 0.002))
            except TookTooLong:
                outcomes.add("stopped")
            assert await thread.call(lambda: 7, 5) == 7
        return outcomes

    assert asyncio.run(run()) <= {"done", "stopped"}


def test_what_can_not_be_stopped_ends_the_process():
    code = """
import asyncio, time
from bot.conversation import deadlines
deadlines.STOP_SECONDS = 0.3
asyncio.run(deadlines.StoppableThread("test").call(lambda: time.sleep(100), 0.2))
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, text=True)
    assert ended.returncode == 70
    assert "can't be stopped" in ended.stderr
    assert "Current thread" in ended.stderr or "Thread 0x" in ended.stderr


@pytest.mark.parametrize("kind", ["in time", "stopped", "at its deadline"])
def test_nothing_is_left_to_be_raised_that_the_interpreter_looks_for_at_every_step(kind: str):
    """Where something is, the first call that is traced never begins (CPython 3.11)."""
    code = f"""
import asyncio, sys, time
from bot.conversation.deadlines import StoppableThread, TookTooLong

def until(end):
    while time.perf_counter() < end:
        pass

async def run(thread):
    for _ in range(200 if {kind!r} == "at its deadline" else 1):
        try:
            long = {{"in time": 0, "stopped": 0.1, "at its deadline": 0.002}}[{kind!r}]
            await thread.call(lambda: until(time.perf_counter() + long), 0.002)
        except TookTooLong:
            pass

thread = StoppableThread("test")
asyncio.run(run(thread))
thread.shutdown()
sys.setprofile(lambda *_: None)
until(0)
sys.setprofile(None)
print("went on")
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=20, text=True)
    assert ended.stdout == "went on\n", ended.stderr
