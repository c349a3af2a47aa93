"""``python tests/hostile_soak.py [QUESTIONS [FILES [RESTARTS]]]``: strangers and hostile files against a running bot.

Fifty ordinary people ask beside them all the while. Then the bot is restarted in the middle of answering, again and again,
and killed as often. Exits 1 where the process ended by itself, where an ordinary answer took over two seconds or was lost,
where the server refused a request, where memory grew, or where more than one answer in a thousand came twice.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import threading
import time
from itertools import cycle
from pathlib import Path
from typing import Self

import bad_inputs
from bot_api import BotApiServer
from bot_process import ADMINS, ANSWER, QUESTION, BotProcess, Talk, answered, built_library

from fuzz.mutations import mutated

FILES = sorted(
    path
    for path in (Path(__file__).parent / "formats" / "files").iterdir()
    if path.suffix in (".docx", ".odt", ".rtf", ".pdf", ".html", ".zip") and path.stem != "scan"  # which takes a minute
)
PER_WAVE, EACH = 200, 15  # hostile questions at once, and of one person
ORDINARY, AT_ONCE, EVERY, LONGEST = 50, 5, 1.0, 2.0
WORDS = [
    "并且",
    "和",
    "以及",
    "哪些报告提到了",
    "增长",
    "达到",
    "目标",
    "第",
    "至",
    "、",
    "，",
    "。",
    "2025年",
    "15.6%",
    "亿元",
    "省",
    "区",
    "县",
    "对吗",
    "是多少",
    "比",
    "同比",
    "的",
    "不",
    "\u202e",
    "\x1b[31m",
    "̶",
    "[/red]",
    "{0}",
    "%s",
    "'",
    '"',
    "--",
    "<b>",
    "😀",
]


def question(luck: random.Random) -> str:
    """Something nobody means: words over and over, of all kinds. May be longer than a message is."""
    kind = luck.randrange(4)
    if kind == 0:
        return QUESTION + luck.choice(WORDS) * luck.randint(1, 400)
    if kind == 1:
        return "".join(luck.choices(WORDS, k=luck.randint(1, 120)))
    if kind == 2:
        return "".join(
            chr(luck.choice((luck.randint(32, 0x2FFF), luck.randint(0x4E00, 0x9FFF)))) for _ in range(luck.randint(1, 500))
        )
    return (luck.choice(WORDS) + luck.choice(WORDS)) * luck.randint(1, 250)


class Ordinary:
    """People who ask one after the other, some at once, and how long each waited."""

    def __init__(self, talks: list[Talk]) -> None:
        self.talks, self.waits, self.lost = talks, [], []
        self._done = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(talks[n::AT_ONCE],), daemon=True) for n in range(AT_ONCE)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, talks: list[Talk]) -> None:
        for talk in cycle(talks):
            if self._done.wait(EVERY):
                return
            began = time.monotonic()
            try:
                reply = talk.says(QUESTION, timeout=60)["text"]
            except AssertionError:
                reply = "nothing"
            self.waits.append(time.monotonic() - began)
            if ANSWER not in reply:
                self.lost.append(reply[:100])


def resident(bot: BotProcess) -> float:
    assert bot.process
    lines = Path(f"/proc/{bot.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def attack(
    server: BotApiServer, bot: BotProcess, ordinary: Ordinary, questions: int, files: int, luck: random.Random
) -> list[float]:
    """Memory, before and again and again."""
    office, began = Talk(server, server.world.users[ADMINS[0]]), time.monotonic()
    samples, read = [resident(bot)], 0
    for wave in range(-(-questions // PER_WAVE)):
        people = [Talk(server, server.user(100_000 + wave * 100 + n, "stranger")) for n in range(-(-PER_WAVE // EACH))]
        asked = [(talk, talk.send(question(luck)[:4000])) for _ in range(EACH) for talk in people][:PER_WAVE]
        for _ in range(round(files * (wave + 1) * PER_WAVE / questions) - read):
            path = luck.choice(FILES)
            content = mutated(luck, [path.read_bytes()]) if luck.random() < 0.8 else luck.choice([*bad_inputs.BAD.values()])[1]()
            sent = server.send_document(office.chat, office.user, path.name, content)
            server.wait_reply(office.chat, after=sent, timeout=120)
            read += 1
        first = {talk.user.id: message for talk, message in reversed(asked)}
        for talk in people:  # each question has its answer, or is refused
            server.wait_reply(talk.chat, after=first[talk.user.id], count=sum(one is talk for one, _ in asked), timeout=300)
        samples.append(resident(bot))
        waits = sorted(ordinary.waits) or [0.0]
        print(
            f"{time.monotonic() - began:6.0f} s  {min((wave + 1) * PER_WAVE, questions)} questions, {read} files;"
            f" {len(waits)} ordinary answers: p50 {at(waits, 0.5):.2f}, p95 {at(waits, 0.95):.2f}, longest {waits[-1]:.2f} s;"
            f" {samples[-1]:.0f} MB; load {os.getloadavg()[0]:.1f}",
            flush=True,
        )
    return samples


def at(ordered: list[float], share: float) -> float:
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def restart(server: BotApiServer, bot: BotProcess, times: int, how: str) -> tuple[int, int, int]:
    """Questions asked, answers lost, and answers that came twice."""
    people = [Talk(server, server.user(900_000 + n, "patient")) for n in range(20)]
    asked = lost = twice = 0
    for number in range(times):
        sent = [(talk, talk.send(QUESTION)) for talk in people[number % 4 * 5 : number % 4 * 5 + 5]]
        time.sleep(0.02 * (number % 11))
        bot.stop() if how == "stopped" else bot.kill()
        bot.start()
        for talk, message in sent:
            asked += 1
            try:
                server.wait_reply(talk.chat, after=message, timeout=60)
            except AssertionError:
                lost += 1
        time.sleep(0.3)
        for talk, message in sent:
            twice += sum(ANSWER in one["text"] for one in talk.since(message)) > 1
        if number % 50 == 49:
            print(f"{how} {number + 1} times: {asked} questions, lost {lost}, twice {twice}", flush=True)
    return asked, lost, twice


def under_attack(server: BotApiServer, bot: BotProcess, questions: int, files: int) -> bool:
    """Whether nobody was held up, by what is told."""
    people = [Talk(server, server.user(5000 + n, "ordinary")) for n in range(ORDINARY)]
    assert answered(people[0].says(QUESTION, timeout=60))
    assert bot.process
    process = bot.process.pid
    with Ordinary(people) as ordinary:
        samples = attack(server, bot, ordinary, questions, files, random.Random(18))
    same = bot.process.poll() is None and bot.process.pid == process
    third = max(len(samples) // 3, 1)
    grown = sum(samples[-third:]) / third - sum(samples[1 : third + 1]) / third if len(samples) > 3 else 0.0
    waits, late = sorted(ordinary.waits), sum(one > LONGEST for one in ordinary.waits)
    incidents = [line for line in bot.output.splitlines() if line.startswith("ERROR:bot.telegram.incidents")]
    for name, told in (
        ("hostile questions, hostile files", f"{questions}, {files}"),
        ("process", "the same" if same else "RESTARTED"),
        ("memory (MB): first, highest, last third - first third", f"{samples[0]:.0f}, {max(samples):.0f}, {grown:+.1f}"),
        ("ordinary answers", f"{len(waits)} of {ORDINARY} people"),
        ("  seconds: p50, p95, p99, longest", ", ".join(f"{at(waits, share):.2f}" for share in (0.5, 0.95, 0.99, 1.0))),
        (f"  over {LONGEST:g} seconds", f"{late}"),
        ("  lost", f"{len(ordinary.lost)} {ordinary.lost[:3] or ''}"),
        ("incidents in the log", f"{len(incidents)} {incidents[:3] or ''}"),
    ):
        print(f"{name:<56} {told}", flush=True)
    return same and not late and not ordinary.lost and not incidents and grown < 0.05 * samples[-1] + 5


def main(questions: int = 10_000, files: int = 2_000, restarts: int = 1_000) -> int:
    well = True
    with tempfile.TemporaryDirectory(prefix="reportbot-soak-") as temporary, BotApiServer() as server:
        folder = Path(temporary)
        for number in ADMINS:
            server.private(server.user(number, f"Admin{number}", language="zh-hans"), started=True)
        with BotProcess(server, folder / "bot", built_library(folder)) as bot:
            if questions:
                well = under_attack(server, bot, questions, files)
            for how in ("stopped", "killed") if restarts else ():
                asked, lost, twice = restart(server, bot, restarts, how)
                print(f"{restarts} times {how} in the middle: {asked} questions, lost {lost}, twice {twice}", flush=True)
                well = well and not lost and twice * 1000 <= asked
            refused = [str(one) for one in server.refusals]
            print(f"refused by the server: {len(refused)} {refused[:3]}")
    return int(not well or bool(refused))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
