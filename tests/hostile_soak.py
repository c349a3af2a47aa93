"""``python tests/hostile_soak.py [QUESTIONS [FILES [RESTARTS]]]``: strangers and hostile files against a running bot.

Fifty ordinary people ask beside them all the while. Then the bot is restarted in the middle of answering, again and again,
and killed as often. Exits 1 where the process ended by itself, where an ordinary answer took over two seconds or was lost,
where the server refused a request, where memory grew, or where more than one answer in a thousand came twice.
"""

from __future__ import annotations

import random
import sys
import tempfile
import threading
import time
from pathlib import Path

import bad_inputs
from bot_api import BotApiServer
from bot_process import ADMINS, ANSWER, QUESTION, BotProcess, Talk, answered, built_library

from fuzz.mutations import mutated

FILES = sorted(
    path
    for path in (Path(__file__).parent / "formats" / "files").iterdir()
    if path.suffix in (".docx", ".odt", ".rtf", ".pdf", ".html", ".zip") and path.stem != "scan"  # which takes a minute
)
ORDINARY, EACH, LONGEST = 50, 15, 2.0
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


class Ordinary(threading.Thread):
    """People who ask one after the other, and how long each waited."""

    def __init__(self, talks: list[Talk]) -> None:
        super().__init__(daemon=True)
        self.talks, self.waits, self.lost, self.done = talks, [], 0, threading.Event()

    def run(self) -> None:
        turn = 0
        while not self.done.wait(0.25):
            talk = self.talks[turn % len(self.talks)]
            turn += 1
            began = time.monotonic()
            try:
                reply = talk.says(QUESTION)
            except AssertionError:
                self.lost += 1
                continue
            self.waits.append(time.monotonic() - began)
            self.lost += ANSWER not in reply["text"]


def resident(bot: BotProcess) -> float:
    assert bot.process
    lines = Path(f"/proc/{bot.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def attack(server: BotApiServer, bot: BotProcess, questions: int, files: int, luck: random.Random) -> list[float]:
    """Memory, before and again and again."""
    office = Talk(server, server.world.users[ADMINS[0]])
    samples = [resident(bot)]
    per_wave = 200
    for wave in range(-(-questions // per_wave)):
        people = [Talk(server, server.user(100_000 + wave * 100 + n, "stranger")) for n in range(-(-per_wave // EACH))]
        last = [talk.send(question(luck)[:4000]) for talk in people for _ in range(EACH)][-1]
        for _ in range(round(files * per_wave / questions)):
            path = luck.choice(FILES)
            content = mutated(luck, [path.read_bytes()]) if luck.random() < 0.8 else luck.choice([*bad_inputs.BAD.values()])[1]()
            sent = server.send_document(office.chat, office.user, path.name, content)
            server.wait_reply(office.chat, after=sent, timeout=120)
        server.wait_reply(people[-1].chat, after=last, timeout=120)
        samples.append(resident(bot))
    return samples


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
    return asked, lost, twice


def main(questions: int = 10_000, files: int = 2_000, restarts: int = 1_000) -> int:
    luck = random.Random(18)
    with tempfile.TemporaryDirectory(prefix="reportbot-soak-") as temporary, BotApiServer() as server:
        folder = Path(temporary)
        for number in ADMINS:
            server.private(server.user(number, f"Admin{number}", language="zh-hans"), started=True)
        with BotProcess(server, folder / "bot", built_library(folder)) as bot:
            ordinary = Ordinary([Talk(server, server.user(5000 + n, "ordinary")) for n in range(ORDINARY)])
            assert answered(ordinary.talks[0].says(QUESTION))
            assert bot.process
            process = bot.process.pid
            ordinary.start()
            samples = attack(server, bot, questions, files, luck)
            ordinary.done.set()
            ordinary.join()
            same = bot.process.poll() is None and bot.process.pid == process
            third = max(len(samples) // 3, 1)
            grown = sum(samples[-third:]) / third - sum(samples[1 : third + 1]) / third if len(samples) > 3 else 0.0
            waits = sorted(ordinary.waits)
            print(f"{questions} questions, {files} files: {'the same process' if same else 'RESTARTED'}; memory {grown:+.1f} MB")
            print(
                f"{len(waits)} ordinary answers: p50 {waits[len(waits) // 2]:.2f} s, longest {waits[-1]:.2f} s; lost {ordinary.lost}"
            )
            well = same and waits[-1] <= LONGEST and not ordinary.lost and grown < 0.05 * samples[-1] + 5
            for how in ("stopped", "killed"):
                asked, lost, twice = restart(server, bot, restarts, how)
                print(f"{restarts} times {how} in the middle: {asked} questions, lost {lost}, twice {twice}")
                well = well and not lost and (how == "killed" or twice * 1000 <= asked)
            refused = [str(one) for one in server.refusals]
            print(f"refused by the server: {len(refused)} {refused[:3]}")
    return int(not well or bool(refused))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
