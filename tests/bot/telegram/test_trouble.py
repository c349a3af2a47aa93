"""Ordinary trouble has a sentence of its own, a wrong clock drops nothing, and an answer is sent once."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, TimedOut
from telegram_kit import TOKEN, Person, Session, shown

from bot.cli import main
from bot.commands import shared
from bot.commands.asking import _batch_reply
from bot.conversation.state import open_state
from bot.settings import settings_from
from bot.telegram import upkeep
from bot.telegram.application import UnusableProxy, build_application
from bot.telegram.clock import Clock
from bot.telegram.incidents import _may_have_arrived
from retrieval.answers.answerer import Answerer
from retrieval.library import Library
from retrieval.messages import message
from retrieval.reading import sandbox
from retrieval.replies import Reply
from retrieval.storage.backup_folder import backups_in, daily_name, let_go, newest_backup

ADMIN, ALICE = Person(1), Person(7)
GROUP = -100500
QUESTION = "云溪镇2025年GDP目标是多少"
UNEXPECTED = message("errors.unexpected", incident="").split("（")[0]


@pytest.fixture
def session(library: Library) -> Iterator[Session]:
    with Session(library, settings_from({"TELEGRAM_BOT_TOKEN": TOKEN, "ADMIN_IDS": "1"})) as opened:
        yield opened


def texts(session: Session) -> list[tuple[int, str]]:
    return [(one.parameters["chat_id"], one.text) for one in session.request.requests if one.method == "sendMessage"]


# -- files, chats, proxies ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [BadRequest("file is temporarily unavailable"), InvalidToken("Not Found"), TimedOut()])
def test_a_file_gone_from_the_servers(session: Session, error: Exception):
    session.request.failures["getFile"] = error
    session.send_file(ADMIN, "报告.docx", b"x")
    assert texts(session) == [(ADMIN.id, message("telegram.file_gone", file="报告.docx"))]


@pytest.mark.parametrize("said", ["Not enough rights to send text messages to the chat", "CHAT_WRITE_FORBIDDEN", "Topic_closed"])
def test_no_right_to_write_in_a_group_is_told_in_private(session: Session, monkeypatch, said: str):
    send = session.request._result

    def refused(endpoint: str, values: dict) -> object:
        if endpoint.startswith("send") and int(values["chat_id"]) == GROUP and endpoint != "sendChatAction":
            raise BadRequest(said)
        return send(endpoint, values)

    monkeypatch.setattr(session.request, "_result", refused)
    session.say(ALICE, f"/ask {QUESTION}", GROUP)
    told = [text for chat, text in texts(session) if chat != GROUP]
    assert len(told) == 1
    assert "没有发言的权限" in told[0]
    assert UNEXPECTED not in told[0]


def test_who_has_blocked_the_bot_is_no_incident(session: Session, caplog):
    session.request.failures["sendMessage"] = Forbidden("bot was blocked by the user")
    with caplog.at_level(logging.WARNING):
        session.say(ALICE, QUESTION)
    assert "incident" not in caplog.text


@pytest.mark.parametrize("proxy", ["socks4://127.0.0.1:1", "gopher://127.0.0.1:1"])
def test_a_proxy_of_a_kind_that_can_not_be_used_is_told_at_the_start(library: Library, monkeypatch, proxy: str):
    monkeypatch.setenv("ALL_PROXY", proxy)
    with pytest.raises(UnusableProxy, match="代理"):
        build_application(settings_from({"TELEGRAM_BOT_TOKEN": TOKEN}), library)


# -- the disk -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error, reason",
    [(sqlite3.OperationalError("database or disk is full"), "磁盘已满"), (sqlite3.DatabaseError("malformed"), "已损坏")],
)
def test_the_bots_own_database(session: Session, monkeypatch, error: Exception, reason: str):
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(session.services.conversations, "record", fails)
    session.say(ALICE, QUESTION)
    told = dict(texts(session))
    assert told[ALICE.id].startswith(message("errors.neutral_state"))
    assert str(session.library.folder) not in told[ALICE.id]
    assert reason in told[ADMIN.id]
    assert UNEXPECTED not in "".join(told.values())


def test_an_answer_is_given_though_nothing_can_be_noted(session: Session, monkeypatch):
    def fails(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(session.services.suspects, "begin", fails)
    monkeypatch.setattr(session.services.updates, "handled", fails)
    assert "6%左右" in shown(session.say(ALICE, QUESTION))[0].text


@pytest.mark.parametrize("how", ["deleted", "replaced"])
def test_a_library_that_vanishes_under_the_bot_is_told(session: Session, tmp_path: Path, how: str):
    assert "6%左右" in shown(session.say(ALICE, QUESTION))[0].text
    path = session.library.folder / "library.db"
    if how == "replaced":
        shutil.copy(path, tmp_path / "other.db")
        os.replace(tmp_path / "other.db", path)
    else:
        path.unlink()
    before = len(session.request.requests)
    session.say(ALICE, QUESTION)
    told = {one.parameters["chat_id"]: one.text for one in session.request.requests[before:] if one.method == "sendMessage"}
    assert "6%左右" not in told[ALICE.id]
    assert told[ALICE.id].startswith(message("errors.neutral_library"))
    assert str(session.library.folder) in told[ADMIN.id]


# -- the clock ------------------------------------------------------------------------------------------------------------


def answer_dated(date: datetime) -> SimpleNamespace:
    return SimpleNamespace(headers={"date": format_datetime(date, usegmt=True)})


@pytest.mark.parametrize("hours", [-30, -2, 2, 30])
def test_a_wrong_clock_drops_no_message(session: Session, hours: int):
    telegram = datetime.now(UTC) - timedelta(hours=hours)  # this machine is so many hours ahead of it
    session.run(session.services.clock.look_at(answer_dated(telegram)))
    said = session.message(ALICE, None, text=QUESTION) | {"date": int(telegram.timestamp())}
    assert "6%左右" in shown(session.update(message=said))[0].text


def test_what_is_really_old_is_not_answered_and_leaves_a_line(session: Session, caplog):
    session.run(session.services.clock.look_at(answer_dated(datetime.now(UTC))))
    said = session.message(ALICE, None, text=QUESTION) | {"date": int(time.time()) - 7200}
    assert shown(session.update(message=said)) == []
    assert "more than an hour old" in caplog.text


def test_a_clock_without_a_date_to_go_by_is_believed():
    clock = Clock()
    for header in ({}, {"date": "nonsense"}, {"date": ""}):
        asyncio.run(clock.look_at(SimpleNamespace(headers=header)))
    assert clock.ahead == 0
    assert not clock.is_wrong


def test_a_backup_dated_2099_ends_no_daily_ones(session: Session):
    backups = session.services.backups
    backups.mkdir(parents=True, exist_ok=True)
    (backups / "reportbot-20990101-000000.zip").write_bytes(b"")
    assert upkeep._back_up_if_due(session.services) is not None
    assert upkeep._back_up_if_due(session.services) is None
    newest = newest_backup(backups)
    assert newest is not None
    assert "2099" not in newest.path.name


def test_backups_of_the_future_are_the_first_to_go(tmp_path: Path):
    for name in ("reportbot-20990101-000000.zip", *(daily_name(datetime.now() - timedelta(days=n)) for n in range(3))):
        (tmp_path / name).write_bytes(b"")
    let_go(tmp_path, 3)
    assert "2099" not in "".join(one.path.name for one in backups_in(tmp_path))
    assert len(backups_in(tmp_path)) == 3


def test_a_warning_that_was_given_in_the_future_is_given_again(session: Session):
    session.services.state.execute("insert into warnings values ('disk', ?)", [time.time() + 10**8])
    assert session.services.warned.is_due("disk")
    assert not session.services.warned.is_due("disk")


# -- once -----------------------------------------------------------------------------------------------------------------


def cut(cause: Exception, kind: type[NetworkError] = NetworkError) -> NetworkError:
    error = kind("cut")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error, arrived",
    [
        (cut(httpx.ConnectError("")), False),
        (cut(httpx.WriteError("")), False),
        (cut(httpx.ReadError("")), False),
        (cut(httpx.RemoteProtocolError("Server disconnected without sending a response.")), False),
        (cut(httpx.ReadTimeout(""), TimedOut), True),
        (cut(httpx.ConnectTimeout(""), TimedOut), False),
        (cut(httpx.PoolTimeout(""), TimedOut), False),
        (cut(httpx.WriteTimeout(""), TimedOut), False),
        (NetworkError("Bad Gateway"), False),
    ],
)
def test_what_may_have_arrived_is_not_sent_again(error: NetworkError, arrived: bool):
    assert _may_have_arrived(error) == arrived


def test_what_killed_processes_left_in_the_temporary_folder_is_swept(monkeypatch, tmp_path: Path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(sandbox, "_YOUNG_SECONDS", 0.0)
    monkeypatch.setattr(sys.modules["os"], "environ", {**os.environ, "TMPDIR": str(tmp_path)})
    code = "from retrieval.reading.sandbox import _own_folder\nwith _own_folder() as home: print(home, flush=True); input()"
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen([sys.executable, "-c", code], stdin=-1, stdout=-1, text=True, env=environment) as reading:
        held = Path(reading.stdout.readline().strip())
        sandbox._sweep.cache_clear()
        sandbox._sweep()
        assert held.exists()  # it is in use
        reading.kill()
        reading.wait()
        assert held.exists()
        sandbox._sweep.cache_clear()
        sandbox._sweep()
        assert not held.exists()


@pytest.mark.parametrize(
    "error, said", [(sqlite3.OperationalError("disk I/O error"), "磁盘读写出错"), (sqlite3.DatabaseError("malformed"), "损坏")]
)
def test_batch_says_what_is_wrong_with_the_library(library: Library, tmp_path: Path, error: Exception, said: str):
    class Failing(Answerer):
        def ask(self, *_: object, **__: object) -> Reply:
            raise error

    reply = _batch_reply(Failing(library), b'{"id": 1, "turns": ["x"]}', library.folder, tmp_path)
    assert said in reply["error"]
    assert UNEXPECTED not in reply["error"]


def test_verify_looks_at_the_bots_own_database_too(library: Library, monkeypatch, capsys):
    monkeypatch.setattr(shared, "open_embedder", lambda *_, **__: library.embedder)
    state = library.folder / "telegram" / "7.db"
    open_state(state).close()
    assert main(["verify", "--library", str(library.folder)]) == 0
    state.write_bytes(state.read_bytes()[:4096] + os.urandom(8192))
    assert main(["verify", "--library", str(library.folder)]) == 1
    assert str(state) in capsys.readouterr().err
