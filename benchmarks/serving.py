"""Serving: two hundred people ask the bot at once over HTTP, beside the same questions through ``reportbot batch``."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.material import Item, added_by_hand, notes_on_material, questions
from benchmarks.tables import Column, Say, Table, percentile, ratio
from retrieval.embedding.embedder import open_embedder
from retrieval.library import Library
from tests.bot_api import BotApiServer

_PEOPLE = 200
_ROUNDS = 3
_GOAL_OVERHEAD, _GOAL_BLOCKED = 10, 50
_ADMINISTRATOR = 999


@dataclass(frozen=True)
class _Round:
    """One crowd: when it began, seconds until the last answer, those of each question, and what went wrong."""

    began: float
    whole: float
    each: list[float]
    lost: int
    wrong: int


def run(folder: Path, model: str, say: Say) -> list[Table]:
    """Asks through the bot and through ``batch`` in turn, so that both see the same machine."""
    with tempfile.TemporaryDirectory(prefix="reportbot-serving-") as temporary:
        copy = Path(temporary) / "library"
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("telegram"))
        library = Library.open(copy, open_embedder(model))
        items = questions(library.reports())
        library.close()
        asked = [items[number % len(items)] for number in range(_PEOPLE)]
        watched = [sys.executable, "-m", "benchmarks.bot_process"]
        with BotApiServer() as server, running_bot(server, copy, model, watched) as bot:
            batches, crowds = [], []
            for number in range(_ROUNDS):
                batches.append(batch(copy, model, asked))
                crowds.append(_crowd(server, asked, batches[-1][1], 10_000 * (number + 1)))
                say(f"round {number + 1} of {_ROUNDS}")
            began = time.monotonic()
            steps = _adding(server, say)
            # Beside batch, which takes all cores, the bot is idle: what it waits for then is not its own work.
            busy = [(one.began, one.began + one.whole) for one in crowds] + [(began, time.monotonic())]
            refused = len(server.refusals)
        told: list[tuple[float, float]] = json.loads(bot.written or "[]")
        late = [wait for at, wait in told if any(first <= at <= last for first, last in busy)]
        return [_crowd_table(batches, crowds, late, refused), steps]


@dataclass
class RunningBot:
    """The bot as a process of its own; ``written`` is its standard output, once it has ended."""

    process_id: int
    written: str = ""


@contextmanager
def running_bot(server: BotApiServer, folder: Path, model: str, command: Sequence[str]) -> Iterator[RunningBot]:
    """Starts the bot by ``command``, followed by the library's folder; it serves until the context is left."""
    environment = {
        **os.environ,
        "TELEGRAM_BOT_TOKEN": server.token,
        "TELEGRAM_API_BASE_URL": server.url,
        "ADMIN_IDS": str(_ADMINISTRATOR),
        "EMBEDDING_MODEL": model,
    }
    process = subprocess.Popen([*command, str(folder)], env=environment, stdout=subprocess.PIPE, text=True)
    bot = RunningBot(process.pid)
    try:
        server.wait(lambda: server.called("setMyCommands"), timeout=60, what="the bot to start")
        yield bot
    finally:
        process.send_signal(signal.SIGTERM)
        bot.written, _ = process.communicate(timeout=20)


def batch(folder: Path, model: str, asked: list[Item]) -> tuple[float, list[str]]:
    """Seconds that ``batch`` takes for the questions, its start not counted, and the answers."""
    lines = [json.dumps({"id": str(n), "turns": [item.turns[-1]]}, ensure_ascii=False) for n, item in enumerate(asked)]
    command = [sys.executable, "-m", "bot.cli", "batch", "--library", str(folder)]
    process = subprocess.Popen(
        command, env={**os.environ, "EMBEDDING_MODEL": model}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    for warm in lines[:3]:
        process.stdin.write(warm + "\n")
        process.stdin.flush()
        process.stdout.readline()
    started = time.perf_counter()
    answers = []
    for line in lines:
        process.stdin.write(line + "\n")
        process.stdin.flush()
        answers.append(json.loads(process.stdout.readline())["answer"])
    seconds = time.perf_counter() - started
    process.stdin.close()
    process.wait(timeout=20)
    return seconds, answers


def _crowd(server: BotApiServer, asked: list[Item], answers: list[str], first_user: int) -> _Round:
    """Everybody asks one question in a private chat at the same moment."""
    people = [server.user(first_user + n, f"user {n}") for n in range(len(asked))]
    chats = [server.private(person, started=True) for person in people]
    started = time.monotonic()
    sent = {}
    for person, chat, item in zip(people, chats, asked, strict=True):
        server.send(chat, person, item.turns[-1])
        sent[chat.id] = time.monotonic()
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and not all(server.called("sendMessage", chat_id=chats[-1].id)):
        time.sleep(0.05)
    done: dict[int, float] = {}
    while time.monotonic() < deadline and len(done) < len(chats):
        for call in server.called("sendMessage"):
            done.setdefault(call.params["chat_id"], call.done)
        done = {chat_id: at for chat_id, at in done.items() if chat_id in sent}
        time.sleep(0.05)
    wrong = 0
    for chat, answer in zip(chats, answers, strict=True):
        shown = "".join(message["text"] or "" for message in server.messages(chat))
        wrong += answer.split("\n")[0] not in shown
    each = [at - sent[chat_id] for chat_id, at in done.items()]
    return _Round(started, max(done.values()) - started, each, len(chats) - len(done), wrong)


def _crowd_table(batches: list[tuple[float, list[str]]], crowds: list[_Round], late: list[float], refused: int) -> Table:
    batch = min(seconds for seconds, _ in batches)
    best = min(crowds, key=lambda one: one.whole)
    overhead = 1000 * (best.whole - batch) / _PEOPLE
    rows: list[tuple[Any, ...]] = [
        ("baseline: reportbot batch", _PEOPLE, _PEOPLE / batch, 1000 * batch / _PEOPLE, None, None, 1.0),
        (
            "bot, everybody at once",
            _PEOPLE,
            _PEOPLE / best.whole,
            1000 * best.whole / _PEOPLE,
            percentile(best.each, 0.5),
            percentile(best.each, 0.95),
            ratio(best.whole, batch),
        ),
    ]
    lost, wrong = sum(one.lost for one in crowds), sum(one.wrong for one in crowds)
    return Table(
        f"Serving {_PEOPLE} people who ask at the same moment, the best of {_ROUNDS} rounds each",
        (
            Column("way"),
            Column("questions", "d"),
            Column("answers per second", ".1f"),
            Column("per question", ".1f", "ms"),
            Column("p50 wait", ".2f", "s"),
            Column("p95 wait", ".2f", "s"),
            Column("/ batch", ".2f"),
        ),
        rows,
        [
            f"goal: under {_GOAL_OVERHEAD} ms a question beside batch; here {overhead:.1f}",
            f"of {_PEOPLE * _ROUNDS} questions lost: {lost}; answered in the wrong chat or otherwise than by batch: {wrong};"
            f" requests refused by the server: {refused}",
            f"goal: event loop never blocked longer than {_GOAL_BLOCKED} ms; here {max(late):.1f},"
            f" p99 {percentile(late, 0.99):.1f} (while people were served, and while a report was added)",
            *notes_on_material(),
        ],
    )


def _adding(server: BotApiServer, say: Say) -> Table:
    """An administrator sends a file in a chat and adds it: to its preview, and from the button to its card."""
    path, content = added_by_hand()
    person = server.user(_ADMINISTRATOR, "administrator")
    chat = server.private(person, started=True)
    started = time.monotonic()
    file = server.send_document(chat, person, path.name, content)
    preview = server.wait_reply(chat, after=file, timeout=60)[-1]
    previewed = time.monotonic()
    server.press(preview, "添加" if _has(preview, "添加") else "另存", user=person)
    server.wait(
        lambda: any(m["text"].startswith("✅") for m in server.messages(chat)), timeout=600, what="the report to be added"
    )
    added = time.monotonic()
    edits = len(server.called("editMessageText", chat_id=chat.id))
    say("added a report from a chat")
    return Table(
        f"Adding {path.name} from a chat ({len(content) / 1000:.0f} kB)",
        (Column("step"), Column("time", ".1f", "s")),
        [("file sent to preview", previewed - started), ("button pressed to card", added - previewed)],
        [f"the progress message was edited {edits} times"],
    )


def _has(message: dict[str, Any], text: str) -> bool:
    return any(button["text"] == text for row in message["reply_markup"]["inline_keyboard"] for button in row)
