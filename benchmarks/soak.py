"""``python -m benchmarks.soak [--minutes 10] [--library DIR]``: the bot under load, its memory and its file handles watched.

Two hundred people ask again and again, an administrator adds a report and removes it, the daily backup is made meanwhile.
Exits 1 where an answer is lost, wrong or refused, where the log has an error, or where memory or handles grow.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import adding
from benchmarks.material import questions
from benchmarks.serving import batch
from benchmarks.tables import Column, Say, Table, percentile, terminal
from bot.settings import load_settings
from retrieval.embedding.embedder import open_embedder
from retrieval.library import Library
from retrieval.messages import message
from tests.bot_api import BotApiServer, Chat, User
from tests.bot_api.acting import Message

_PEOPLE = 200
_BETWEEN = 10.0  # seconds at least between two questions of one person: the bot lets everybody ask twenty a minute
_ADMINISTRATOR = 999
_WARM = 0.2  # of the time: until then caches fill
_GROWTH_ALLOWED, _HANDLES_ALLOWED = 0.05, 3
_REPORT = (
    "2025年溪口镇政府工作报告\n\n各位代表：\n一、2024年工作回顾\n新建农村公路{n}公里。\n二、2025年工作安排\n改造老旧小区{n}个。\n"
)


@dataclass
class _Watch:
    """What was seen of the bot: (seconds, MB, handles, threads) again and again, waits, and what went wrong."""

    samples: list[tuple[float, float, int, int]] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    lost: int = 0
    wrong: int = 0
    changes: int = 0

    def sample(self, pid: int, started: float) -> None:
        fields = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line)
        try:
            handles = len(os.listdir(f"/proc/{pid}/fd"))
        except PermissionError:  # the bot lets nobody look into it: then as many as it has had room for
            handles = int(fields["FDSize"])
        megabytes = int(fields["VmRSS"].split()[0]) / 1024
        self.samples.append((time.monotonic() - started, megabytes, handles, int(fields["Threads"])))


def run(folder: Path, model: str, minutes: float, say: Say) -> tuple[Table, bool]:
    """The table, and whether all was well."""
    with tempfile.TemporaryDirectory(prefix="reportbot-soak-") as temporary:
        copy, log = Path(temporary) / "library", Path(temporary) / "log"
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("telegram"))
        asked, answers = _steady(copy, model)
        say(f"{len(asked)} questions whose answers an added report does not change")
        with BotApiServer() as server, _bot(server, copy, model, log) as process:
            watch = _load(server, process.pid, copy, asked, answers, minutes * 60, say)
            refused = [str(one) for one in server.refusals]
        written = log.read_text(encoding="utf-8", errors="replace")
        errors = [line for line in written.splitlines() if line.startswith(("ERROR", "CRITICAL", "Traceback"))]
        backups = len(list((Path(temporary) / "library-backups").glob("*.zip")))
        for line in [*errors, *refused][:10]:
            say(line[:300])
        return _judged(watch, minutes, len(refused), len(errors), backups)


def _steady(folder: Path, model: str) -> tuple[list[str], list[str]]:
    """Questions that are answered alike with and without the report that comes and goes, and their answers."""
    embedder = open_embedder(model)
    library = Library.open(folder, embedder)
    items = list(questions(library.reports()))
    library.close()
    _, without = batch(folder, model, items)
    with tempfile.TemporaryDirectory(prefix="reportbot-soak-") as temporary:
        more, file = Path(temporary) / "library", Path(temporary) / "more.txt"
        shutil.copytree(folder, more)
        file.write_text(_REPORT.format(n=7), encoding="utf-8")
        library = Library.open(more, embedder)
        list(library.add([file]))
        library.close()
        _, with_it = batch(more, model, items)
    kept = [(item.turns[-1], answer) for item, answer, other in zip(items, without, with_it, strict=True) if answer == other]
    return [question for question, _ in kept], [answer for _, answer in kept]


@contextmanager
def _bot(server: BotApiServer, folder: Path, model: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """``reportbot run``, as everybody runs it."""
    environment = {
        **os.environ,
        "TELEGRAM_BOT_TOKEN": server.token,
        "TELEGRAM_API_BASE_URL": server.url,
        "ADMIN_IDS": str(_ADMINISTRATOR),
        "EMBEDDING_MODEL": model,
        "LOG_LEVEL": "WARNING",
        "BACKUPS": "on",
    }
    command = [sys.executable, "-m", "bot.cli", "run", "--library", str(folder)]
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    try:
        server.wait(lambda: server.called("setMyCommands"), timeout=120, what="the bot to start")
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


def _load(server: BotApiServer, pid: int, folder: Path, asked: list[str], answers: list[str], seconds: float, say: Say) -> _Watch:
    people = [server.user(10_000 + n, f"user {n}") for n in range(_PEOPLE)]
    chats = [server.private(person, started=True) for person in people]
    administrator = server.user(_ADMINISTRATOR, "administrator")
    office = server.private(administrator, started=True)
    watch, started, wave = _Watch(), time.monotonic(), 0
    while time.monotonic() - started < seconds:
        began = time.monotonic()
        _change(server, folder, administrator, office, wave, watch)
        _ask(server, people, chats, asked, answers, wave, watch)
        watch.sample(pid, started)
        at, megabytes, handles, threads = watch.samples[-1]
        say(f"wave {wave}: {at:.0f} s, {megabytes:.0f} MB, {handles} handles, {threads} threads")
        wave += 1
        time.sleep(max(0.0, _BETWEEN - (time.monotonic() - began)))
    return watch


def _ask(
    server: BotApiServer, people: list[User], chats: list[Chat], asked: list[str], answers: list[str], wave: int, watch: _Watch
) -> None:
    """Everybody asks one question; the first line of each answer is to be the one that ``batch`` gives."""
    # So that nothing is meant that was asked before.
    for chat, reset in [(chat, server.send(chat, person, "/reset")) for person, chat in zip(people, chats, strict=True)]:
        server.wait_reply(chat, after=reset, timeout=90)
    sent = []
    for number, (person, chat) in enumerate(zip(people, chats, strict=True)):
        which = (number * 7 + wave * 13) % len(asked)
        sent.append((time.monotonic(), chat, server.send(chat, person, asked[which]), answers[which]))
    for at, chat, question, answer in sent:
        try:
            reply = server.wait_reply(chat, after=question, timeout=90)
        except AssertionError:
            watch.lost += 1
            continue
        watch.waits.append(time.monotonic() - at)
        watch.wrong += not _shown(server, chat, reply, answer.split("\n")[0])


def _shown(server: BotApiServer, chat: Chat, reply: list[Message], line: str) -> bool:
    """Whether a reply holds a line, or the message after it does, where the first is a picture."""
    if any(line in one["text"] for one in reply):
        return True
    try:
        return any(line in one["text"] for one in server.wait_reply(chat, after=reply[0], timeout=10))
    except AssertionError:
        return False


def _change(server: BotApiServer, folder: Path, administrator: User, office: Chat, wave: int, watch: _Watch) -> None:
    """The administrator adds a report, and removes it in the next wave."""
    if wave % 2:
        command = server.send(office, administrator, f"/remove {_added(folder)}")
        asked = server.wait_reply(office, after=command, timeout=60)[-1]
        server.press(asked, message("buttons.remove"), user=administrator)
        server.wait(lambda: _offers(server, office, asked, message("buttons.undo")), timeout=60, what="the removal")
    else:
        sent = server.send_document(office, administrator, "more.txt", _REPORT.format(n=wave + 3).encode())
        preview = server.wait_reply(office, after=sent, timeout=60)[-1]
        server.press(preview, message("buttons.add"), user=administrator)
        done = lambda: any(one["text"].startswith("✅") for one in server.messages(office)[-3:])  # noqa: E731
        server.wait(done, timeout=120, what="the report to be added")
    watch.changes += 1


def _added(folder: Path) -> int:
    """The number of the report that was added last."""
    with closing(sqlite3.connect(folder / "library.db")) as connection:
        return int(connection.execute("select max(id) from reports").fetchone()[0])


def _offers(server: BotApiServer, chat: Chat, given: dict[str, Any], text: str) -> bool:
    (now,) = [one for one in server.messages(chat) if one["message_id"] == given["message_id"]]
    markup = now["reply_markup"] or {}
    return any(button["text"] == text for row in markup.get("inline_keyboard", []) for button in row)


def _judged(watch: _Watch, minutes: float, refused: int, errors: int, backups: int) -> tuple[Table, bool]:
    warm = [one for one in watch.samples if one[0] >= minutes * 60 * _WARM]
    third = max(len(warm) // 3, 1)
    first, last = warm[:third], warm[-third:]
    rows, grown = [], []
    for name, position, allowed in (("memory (MB)", 1, None), ("file handles", 2, _HANDLES_ALLOWED), ("threads", 3, 1)):
        early, late = (statistics.median(one[position] for one in some) for some in (first, last))
        limit = early * _GROWTH_ALLOWED if allowed is None else allowed
        grown.append(late - early > limit)
        rows.append((name, watch.samples[0][position], early, late, max(one[position] for one in watch.samples), late - early))
    well = not (any(grown) or watch.lost or watch.wrong or refused or errors)
    notes = [
        f"{len(watch.waits)} questions of {_PEOPLE} people, {watch.changes} changes, {backups} backup(s);"
        f" wait p50 {percentile(watch.waits, 0.5):.1f} s, p95 {percentile(watch.waits, 0.95):.1f} s",
        f"lost: {watch.lost}; answered otherwise than by batch: {watch.wrong}; refused by the server: {refused};"
        f" errors in the log: {errors}",
        f"goal: memory grows less than {_GROWTH_ALLOWED:.0%}, handles at most {_HANDLES_ALLOWED}; {'held' if well else 'NOT HELD'}",
    ]
    columns = (
        Column("of the bot"),
        Column("after the first wave", ".0f"),
        Column("early third", ".0f"),
        Column("last third", ".0f"),
        Column("most", ".0f"),
        Column("growth", "+.1f"),
    )
    return Table(f"The bot under load for {minutes:g} minutes", columns, rows, notes), well


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--library", type=Path, metavar="DIR", help="a library to copy; made when none is given")
    options = parser.parse_args()
    model, started, console = load_settings().embedding_model, time.monotonic(), terminal(errors=True)

    def say(text: str) -> None:
        console.print(f"{time.monotonic() - started:6.0f} s  {text}", style="dim", soft_wrap=True)

    with tempfile.TemporaryDirectory(prefix="reportbot-soak-") as temporary:
        folder = options.library or Path(temporary) / "library"
        if options.library is None:
            adding.build(folder, model, say, baseline=False)
        table, well = run(folder, model, options.minutes, say)
    terminal().print(table.for_people())
    return int(not well)


if __name__ == "__main__":
    sys.exit(main())
