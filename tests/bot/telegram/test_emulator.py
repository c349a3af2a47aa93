"""The running bot against ``telegram-test-api``, an emulator of the Bot API that others wrote, from npm.

Nothing of the tests' own server in ``bot_api`` takes part, nor how that one reads the Bot API. The emulator checks
neither HTML nor lengths nor buttons. ``emulator/server.js`` starts it. Skipped without node or npm, or where it can't be installed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from bot_process import QUOTE, ROOT, TITLE, BotProcess, button, said
from invented import YUNXI

from retrieval.embedding.embedder import BUNDLED, open_embedder
from retrieval.library import Library

T = TypeVar("T")
Message = dict[str, Any]

EMULATOR = Path(__file__).parents[2] / "emulator"
TARGET, FOLLOW_UP = "云溪镇2025年地区生产总值增长目标是多少", "那2024年实际增长了多少"
PATIENCE = 20.0
INSTALL_SECONDS = 30


@dataclass
class Emulator:
    """The running emulator, seen from the side of people's clients; with what it wrote."""

    url: str
    log: Path
    token: str = "666:emulated"  # it takes any, and calls every bot 666

    def call(self, method: str, **parameters: Any) -> Any:
        response = httpx.post(f"{self.url}/{method}", json=parameters, trust_env=False)
        response.raise_for_status()
        return response.json()["result"]

    def refused(self) -> set[str]:
        """The methods that the bot called and the emulator does not have."""
        return set(re.findall(r"^refused (\w+)$", self.log.read_text(encoding="utf-8"), re.M))


@dataclass
class Person:
    """Somebody in a private chat with the bot."""

    emulator: Emulator
    bot: BotProcess
    id: int
    unread: list[Message] = field(default_factory=list)

    def says(self, text: str) -> Message:
        """Sends a message, or a command; the bot's next message."""
        if text.startswith("/"):
            command = {"type": "bot_command", "offset": 0, "length": len(text.split()[0])}
            self.emulator.call("sendCommand", **self._written(), text=text, entities=[command])
        else:
            self.emulator.call("sendMessage", **self._written(), text=text)
        return self.until(self._next, f"an answer to {text}")

    def presses(self, label: str, message: Message) -> Message:
        """Presses a button under a message; the message as the bot has edited it."""
        rows = message["message"]["reply_markup"]["inline_keyboard"]
        (data,) = [one["callback_data"] for row in rows for one in row if one["text"] == label]
        query = self._written()
        query["message"] = {"message_id": message["messageId"], "chat": query.pop("chat"), "date": query["date"]}
        self.emulator.call("sendCallback", **query, data=data)

        def edited() -> Message | None:
            (now,) = [one for one in self.received() if one["messageId"] == message["messageId"]]
            return now if text_of(now) != text_of(message) else None

        return self.until(edited, f"an edit after {label}")

    def received(self) -> list[Message]:
        """The bot's messages in this chat, as they are now."""
        history = self.emulator.call("getUpdatesHistory", token=self.emulator.token)
        return [one for one in history if one.get("message", {}).get("chat_id") == str(self.id)]

    def until(self, found: Callable[[], T | None], what: str) -> T:
        """What a function returns once that is not None; fails when that takes too long, or the bot ends."""
        deadline = time.monotonic() + PATIENCE
        while (value := found()) is None:
            if time.monotonic() > deadline or not self.bot.running:
                pytest.fail(f"no {what}; the bot's output:\n{self.bot.output}")
            time.sleep(0.05)
        return value

    def _next(self) -> Message | None:
        self.unread += self.emulator.call("getUpdates", token=self.emulator.token, chatId=self.id)
        return self.unread.pop(0) if self.unread else None

    def _written(self) -> dict[str, Any]:
        person = {"id": self.id, "first_name": "测试"}
        return {
            "botToken": self.emulator.token,
            "from": person | {"is_bot": False, "language_code": "zh-hans"},
            "chat": person | {"type": "private"},
            "date": int(time.time()),
        }


def text_of(message: Message) -> str:
    """What people read; the emulator keeps HTML as the bot wrote it."""
    assert message["message"]["parse_mode"] == "HTML"
    return unescape(re.sub(r"</?\w[^>]*>", "", message["message"]["text"]))


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder ``node_modules`` with the emulator: installed once into ``.venv``, where there is one."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed: the emulator needs it")
    environment = ROOT / ".venv"
    folder = environment / "emulator" if environment.is_dir() else tmp_path_factory.mktemp("emulator")
    complete, wanted = folder / "complete", (EMULATOR / "package.json").read_text()
    if not complete.exists() or complete.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        (folder / "package.json").write_text(wanted)
        _install(folder)
        complete.write_text(wanted)
    return folder / "node_modules"


def _install(folder: Path) -> None:
    options = ("--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=0", "--loglevel=error")
    try:
        done = subprocess.run(
            ["npm", "install", *options], cwd=folder, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        pytest.skip(f"npm could not install the emulator within {INSTALL_SECONDS} s")
    if done.returncode:
        reasons = re.findall(r"^npm error (.*reason: .*)$", done.stderr, re.M) or done.stderr.splitlines() or [done.returncode]
        pytest.skip(f"npm could not install the emulator: {reasons[0]}")


@pytest.fixture(scope="module")
def emulator(packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    log = tmp_path_factory.mktemp("emulated") / "emulator.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["node", str(EMULATOR / "server.js")],
            env=os.environ | {"NODE_PATH": str(packages)},
            stdin=subprocess.PIPE,  # its end ends the emulator, too, should the tests be killed
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + PATIENCE
        while (port := re.search(r"^port (\d+)$", log.read_text(encoding="utf-8"), re.M)) is None:
            if time.monotonic() > deadline or process.poll() is not None:
                pytest.fail(f"the emulator did not start:\n{log.read_text(encoding='utf-8')}")
            time.sleep(0.05)
        yield Emulator(f"http://127.0.0.1:{port[1]}", log)
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def bot(emulator: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotProcess]:
    """The bot over a library of one report. At SIGTERM it ends without an error, and none came up until then."""
    folder = tmp_path_factory.mktemp("bot")
    (folder / "yunxi.txt").write_text(YUNXI, encoding="utf-8")
    library = Library.open(folder / "library", open_embedder(BUNDLED))
    assert [one.outcome for one in library.add([folder / "yunxi.txt"])] == ["added"]
    library.close()
    with BotProcess(emulator, folder, folder / "library", ADMIN_IDS="", NO_PROXY="127.0.0.1") as process:
        yield process
        assert process.stop()[0] == 0, process.output
    assert "incident" not in process.output
    assert "uncaught error" not in process.output


@pytest.fixture
def person(emulator: Emulator, bot: BotProcess, numbers: Iterator[int]) -> Person:
    """Somebody whom the bot does not know yet."""
    return Person(emulator, bot, next(numbers))


@pytest.fixture(scope="module")
def numbers() -> Iterator[int]:
    return count(7001)


def test_start_greets_with_three_questions(person: Person) -> None:
    greeting = person.says("/start")
    assert text_of(greeting) == said("welcome", reports=1)
    questions = [key["text"] for row in greeting["message"]["reply_markup"]["keyboard"] for key in row]
    assert len(questions) == 3
    assert all(question.startswith("云溪镇") for question in questions)


def test_a_question_and_the_next_one_are_answered_with_their_quotes(person: Person) -> None:
    answer = person.says(TARGET)
    assert text_of(answer).startswith("6%左右，")
    assert "地区生产总值增长6%左右" in text_of(answer)  # the quote, cut around its figure; whole behind the button
    assert TITLE in text_of(answer)
    later = person.says(FOLLOW_UP)
    assert text_of(later).startswith("6.1%，")
    assert [one["messageId"] for one in person.received()] == [answer["messageId"], later["messageId"]]


def test_a_pressed_button_edits_the_answer_and_the_next_one_edits_it_back(person: Person) -> None:
    answer = person.says(TARGET)
    around = person.presses(button("around"), answer)
    assert QUOTE in text_of(around)
    assert "（一）做强工业支撑" in text_of(around)  # the heading that follows
    back = person.presses(button("back"), around)
    assert back["message"]["text"] == answer["message"]["text"]
    assert back["message"]["reply_markup"] == answer["message"]["reply_markup"]
    assert len(person.received()) == 1


def test_help_names_the_commands_and_an_unknown_command_leads_to_it(person: Person) -> None:
    told = text_of(person.says("/help"))
    assert "@TestNameBot" in told  # as the emulator's getMe says
    assert "\n/reports " in told
    assert "/admins" not in told
    assert text_of(person.says("/nonsense")) == said("unknown_command")


def test_the_bot_goes_on_without_the_methods_that_the_emulator_lacks(person: Person) -> None:
    person.says(TARGET)
    person.until(lambda: "no menu for everyone" in person.bot.output or None, "line about the menu")
    assert person.emulator.refused() == {"setMyCommands", "sendChatAction"}
