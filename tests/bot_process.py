"""The bot as a process of its own beside a fake Bot API: started, stopped, killed, and talked to."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest
from bot_api import BotApiServer, Chat, User
from invented import SHIDU, YUNXI, two_chapters

from retrieval.messages import message

ROOT = Path(__file__).parent.parent
ADMINS = tuple(range(9001, 9021))
ANSWER = "7%以上，力争8%"
QUESTION = "云溪镇2025年固定资产投资目标是多少"
QUOTE = YUNXI[YUNXI.index("2025年全镇经济社会发展") : YUNXI.index("（一）做强工业支撑")].strip()
TITLE = "松岭区云溪镇2024年政府工作报告"
VILLAGES = ("青岚镇", "白沙镇", "柳塘镇", "枫桥镇", "桐坞镇", "梅岭镇", "竹溪镇", "莲湖镇", "兰亭镇", "荷塘镇")
Message = dict[str, Any]


def button(name: str) -> str:
    return message(f"buttons.{name}")


def said(name: str, **values: Any) -> str:
    return message(f"telegram.{name}", **values)


def village_report(ordinal: int) -> str:
    """The report of ``VILLAGES[ordinal]``, which plans :func:`roads` kilometres."""
    return two_chapters(plan=f"新建农村公路{roads(ordinal)}，改造老旧小区{ordinal + 11}个。", place=VILLAGES[ordinal])


def roads(ordinal: int) -> str:
    return f"{ordinal + 1}7公里"


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library that each bot gets a copy of; one for all modules that import this fixture."""
    folder = tmp_path_factory.getbasetemp() / "bot_process"
    folder.mkdir(exist_ok=True)
    return built_library(folder)


@cache
def built_library(folder: Path) -> Path:
    """A library with YUNXI (1), SHIDU (2) and ten short reports, to be copied; ``folder`` keeps the files that were added."""
    texts = {"yunxi": YUNXI, "shidu": SHIDU} | {f"village{n}": village_report(n) for n in range(len(VILLAGES))}
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    paths = [str(folder / f"{name}.txt") for name in texts]
    library = folder / "library"
    run = [sys.executable, "-m", "bot.cli", "add", *paths, "--library", str(library)]
    subprocess.run(run, check=True, cwd=folder, env=environment(), capture_output=True, timeout=120)
    return library


def environment(**extra: object) -> dict[str, str]:
    """Only what a process needs, so that no setting of the machine gets in."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    given = {name: str(value) for name, value in extra.items()}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "HF_HUB_OFFLINE": "1"} | given


class BotProcess:
    """``reportbot run`` on a library of its own; ``start`` again after it has ended. Its output is one file."""

    def __init__(self, server: BotApiServer, folder: Path, template: Path, **settings: object) -> None:
        self.folder = folder
        self.library = folder / "library"
        self.log_file = folder / "output.log"
        folder.mkdir(parents=True, exist_ok=True)
        if not self.library.exists():
            shutil.copytree(template, self.library)
        self.environment = environment(
            **{
                "TELEGRAM_BOT_TOKEN": server.token,
                "TELEGRAM_API_BASE_URL": server.url,
                "REPORTBOT_LIBRARY": self.library,
                "ADMIN_IDS": ",".join(map(str, ADMINS)),
                "LOG_LEVEL": "INFO",
            }
            | settings
        )
        self.process: subprocess.Popen[bytes] | None = None
        self.command = ["-m", "bot.cli", "run"]

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()

    def start(self) -> None:
        with self.log_file.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, *self.command],
                env=self.environment,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def stop(self) -> tuple[int, float]:
        """SIGTERM; the exit code and the seconds it took."""
        assert self.process
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(20)
        return code, time.monotonic() - began

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait(10)

    def exit_code(self, timeout: float = 20) -> int:
        assert self.process
        return self.process.wait(timeout)

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def output(self) -> str:
        return self.log_file.read_text(encoding="utf-8", errors="replace")


class Talk:
    """A person in a chat; by default their private chat."""

    def __init__(self, server: BotApiServer, user: User, chat: Chat | None = None, thread: int | None = None) -> None:
        self.server = server
        self.user = user
        self.chat = chat or server.private(user)
        self.thread = thread

    def send(self, text: str, **fields: Any) -> Message:
        return self.server.send(self.chat, self.user, text, thread=self.thread, **fields)

    def says(self, text: str, timeout: float = 20, **fields: Any) -> Message:
        """The bot's first message after this one."""
        return self.server.wait_reply(self.chat, after=self.send(text, **fields), timeout=timeout)[0]

    def sends_file(self, name: str, content: bytes | str, **fields: Any) -> Message:
        content = content.encode() if isinstance(content, str) else content
        sent = self.server.send_document(self.chat, self.user, name, content, **fields)
        return self.server.wait_reply(self.chat, after=sent)[0]

    def is_told(self, text: str, after: Message) -> Message:
        """The bot's message with this text, new since ``after``."""
        return self.server.wait(lambda: self.newest(text, after), what=f"a message with {text!r} in {self.chat.id}")

    def newest(self, text: str, after: Message) -> Message | None:
        found = [one for one in self.since(after) if text in one["html"] or text in one.get("caption", "")]
        return found[-1] if found else None

    def since(self, after: Message) -> list[Message]:
        return [one for one in self.server.messages(self.chat) if one["message_id"] > after["message_id"]]

    def now(self, given: Message) -> Message:
        """A message of the bot as it stands now."""
        (found,) = [one for one in self.server.messages(self.chat) if one["message_id"] == given["message_id"]]
        return found

    def press(self, given: Message, text: str | None = None, **data: str) -> str:
        """Presses and waits until the bot has answered; what it said in the notice."""
        query = self.server.press(given, text, user=self.user, **data)
        answers = self.server.callback_answers
        self.server.wait(lambda: query in answers, what=f"an answer to the button {text or data}")
        return str(answers[query]["text"])

    def turns(self, given: Message, text: str, into: str | Callable[[Message], Any]) -> Message:
        """Presses a button and waits until the message is edited to hold a text, or to what a function accepts."""
        self.press(given, text)
        return self.becomes(given, into)

    def becomes(self, given: Message, into: str | Callable[[Message], Any]) -> Message:
        fits = (lambda one: into in one["html"]) if isinstance(into, str) else into
        self.server.wait(lambda: fits(self.now(given)), what=f"message {given['message_id']} to become {into!r}")
        return self.now(given)


def labels(one: Message) -> list[str]:
    """The texts of a message's buttons."""
    markup = one["reply_markup"] or {}
    rows = markup.get("inline_keyboard") or markup.get("keyboard") or []
    return [key["text"] for row in rows for key in row]


def answered(one: Message) -> bool:
    return one["html"].startswith(f"<b>{ANSWER}</b>")
