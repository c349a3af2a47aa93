"""Starting: a whole process from its start to its end, and what the running bot holds, beside a Python that does nothing."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import launch
from benchmarks.material import Item, notes_on_material, questions
from benchmarks.memory import Memory, memory_of
from benchmarks.serving import running_bot
from benchmarks.tables import Column, Ratio, Say, Table, ratio
from retrieval.embedding.embedder import open_embedder
from retrieval.library import Library
from tests.bot_api import BotApiServer

_TIMES = 5
_GOAL_SECONDS, _GOAL_MEGABYTES = 0.7, 250
_ASKED = 20
_IDLE = "from telegram.ext import Application; print(flush=True); input()"


def run(folder: Path, model: str, say: Say) -> list[Table]:
    """The commands first, which take turns, so that all see the same machine; then the bot."""
    library = Library.open(folder, open_embedder(model))
    items = questions(library.reports())
    library.close()
    return [_commands(folder, model, items, say), _bot(folder, model, items, say)]


def _program() -> list[str]:
    installed = Path(sys.executable).parent / "reportbot"
    return [str(installed)] if installed.exists() else [sys.executable, "-m", "bot.cli"]


def _commands(folder: Path, model: str, items: tuple[Item, ...], say: Say) -> Table:
    """Runs each command ``_TIMES`` times; asks what needs the whole way: a search with an embedding, and a figure."""
    question = next(item for item in items if item.type == "target").turns[-1]
    asking = f"reportbot ask {question}"
    commands = {
        "baseline: python -c pass": [sys.executable, "-c", "pass"],
        "reportbot list": [*_program(), "list", "--library", str(folder)],
        asking: [*_program(), "ask", question, "--library", str(folder)],
    }
    measured: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    failed = []
    for number in range(1, _TIMES + 1):
        for name, command in commands.items():
            seconds, peak, status = _launched(command, model)
            measured[name].append((seconds, peak))
            failed += [f"{name}: exit status {status}"] * bool(status)
        say(f"round {number} of {_TIMES}")
    medians = {name: [statistics.median(values) for values in zip(*runs, strict=True)] for name, runs in measured.items()}
    base_seconds, base_peak = next(iter(medians.values()))
    return Table(
        f"Starting: a whole process, the median of {_TIMES}",
        (
            Column("command"),
            Column("time", ".2f", "s"),
            Column("/ python", ".1f"),
            Column("peak memory", ".0f", "MB"),
            Column("/ python", ".1f", "memory"),
        ),
        [
            (name, seconds, ratio(seconds, base_seconds), peak, ratio(peak, base_peak))
            for name, (seconds, peak) in medians.items()
        ],
        [
            f"goal: library opened and first answer, cold, in under {_GOAL_SECONDS} s; here {medians[asking][0]:.2f}",
            *dict.fromkeys(failed),
        ],
        [
            Ratio(
                "opening a library and first answer, cold",
                medians[asking][0],
                "python -c pass",
                base_seconds,
                "s",
                f"under {_GOAL_SECONDS} s",
            )
        ],
    )


def _bot(folder: Path, model: str, items: tuple[Item, ...], say: Say) -> Table:
    """What ``reportbot run`` holds, started against a Bot API server, before and after it was asked."""
    idle = _idle()
    with tempfile.TemporaryDirectory(prefix="reportbot-starting-") as temporary:
        copy = Path(temporary) / "library"
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("telegram"))
        with (
            BotApiServer() as server,
            running_bot(server, copy, model, [*_program(), "run", "--library"]) as bot,
        ):
            started = memory_of(bot.process_id)
            for number, item in enumerate(items[:: max(len(items) // _ASKED, 1)][:_ASKED], 1):
                person = server.user(10_000 + number, f"user {number}")
                chat = server.private(person, started=True)
                server.wait_reply(chat, after=server.send(chat, person, item.turns[-1]), timeout=60)
            asked = memory_of(bot.process_id)
    say(f"asked the bot {_ASKED} questions")
    rows = [
        ("baseline: python-telegram-bot imported", idle),
        ("bot, started", started),
        (f"bot, asked {_ASKED} questions", asked),
    ]
    return Table(
        "Starting: the memory of the running bot",
        (
            Column("process"),
            Column("now", ".0f", "MB"),
            Column("/ baseline", ".2f", "now"),
            Column("peak", ".0f", "MB"),
            Column("/ baseline", ".2f", "peak"),
        ),
        [(name, one.now, ratio(one.now, idle.now), one.peak, ratio(one.peak, idle.peak)) for name, one in rows],
        [f"goal: under {_GOAL_MEGABYTES} MB; here {asked.now:.0f}", *notes_on_material()],
        [Ratio("memory of the running bot", asked.now, "python-telegram-bot", idle.now, "MB", f"under {_GOAL_MEGABYTES} MB")],
    )


def _idle() -> Memory:
    """What a Python holds that has but imported the framework of bots."""
    process = subprocess.Popen([sys.executable, "-c", _IDLE], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    held = memory_of(process.pid)
    process.communicate(b"\n")
    return held


def _launched(command: list[str], model: str) -> tuple[float, float, int]:
    """Seconds, peak memory in MB and exit status of a command."""
    environment = {**os.environ, "EMBEDDING_MODEL": model}
    told = subprocess.run(
        [sys.executable, "-S", launch.__file__, *command], env=environment, stdout=subprocess.PIPE, check=True, text=True
    )
    result = json.loads(told.stdout)
    return result["seconds"], result["peak"], result["status"]
