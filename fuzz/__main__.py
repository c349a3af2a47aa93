"""Feeds mutated inputs to the targets, each in a process of its own, and tells what is no clear refusal.

An input that ends in anything but a result or a ReportBotError, or takes longer than ``--seconds``, is kept in
``fuzz/found``: it becomes a test.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import signal
import sys
import time
import traceback
from pathlib import Path
from types import FrameType

from fuzz.mutations import mutated
from fuzz.targets import TARGETS
from retrieval.errors import ReportBotError

FOUND = Path(__file__).parent / "found"


class TooSlow(BaseException):
    """An input kept its target for too long."""


def main() -> int:
    """Runs the targets; 1 where something was found."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)}; all by default")
    parser.add_argument("--inputs", type=int, help="how many for each target; by default as many as TARGETS says")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=20.0, help="the longest that one input may take")
    options = parser.parse_args()
    total = bad = 0
    for name in options.targets or TARGETS:
        inputs = options.inputs or TARGETS[name].inputs
        results: multiprocessing.SimpleQueue[tuple[int, int]] = multiprocessing.SimpleQueue()
        started = time.perf_counter()
        process = multiprocessing.Process(target=_run, args=(name, inputs, options.seed, options.seconds, results))
        process.start()
        process.join()
        done, found = results.get() if not results.empty() else (0, 1)
        if process.exitcode:
            print(f"{name}: the process died ({process.exitcode}); the input is {FOUND / f'{name}.last'}", flush=True)
        print(f"{name}: {done:,} inputs, {found} findings, {time.perf_counter() - started:.0f} s", flush=True)
        total, bad = total + done, bad + found
    print(f"all: {total:,} inputs, {bad} findings")
    return int(bad > 0)


def _run(name: str, inputs: int, seed: int, seconds: float, results: multiprocessing.SimpleQueue[tuple[int, int]]) -> None:
    FOUND.mkdir(exist_ok=True)
    target = TARGETS[name]
    rng = random.Random(f"{name} {seed}")
    seeds = target.seeds()
    run = target.make()
    last = FOUND / f"{name}.last"
    signal.signal(signal.SIGALRM, _too_slow)
    found = 0
    for number in range(inputs):
        data = mutated(rng, seeds)
        if target.may_die:
            last.write_bytes(data)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            run(data)
        except ReportBotError:
            pass
        except BaseException as error:
            signal.setitimer(signal.ITIMER_REAL, 0)
            if isinstance(error, KeyboardInterrupt):
                raise
            found += 1
            path = FOUND / f"{name}-{number}"
            path.write_bytes(data)
            if found <= 20:
                print(f"{name}: {path}\n{traceback.format_exc(limit=-4)}", flush=True)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    last.unlink(missing_ok=True)
    results.put((inputs, found))


def _too_slow(number: int, frame: FrameType | None) -> None:
    raise TooSlow


if __name__ == "__main__":
    sys.exit(main())
