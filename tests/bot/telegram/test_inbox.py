"""Updates on disk, and the order they are handled in."""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

from sqlite_utils import Database
from telegram import Bot, Update, User

from bot.conversation.state import open_state
from bot.conversation.turns import Places
from bot.telegram.inbox import Inbox, InOrder, UpdateLog


def test_an_update_is_written_down_once_and_taken_up_until_it_is_handled(db: Database):
    log = UpdateLog(db)
    assert log.arrived({5: '{"update_id": 5}', 6: '{"update_id": 6}'}) == {5, 6}
    assert log.arrived({5: "again", 7: '{"update_id": 7}'}) == {7}
    log.handled(5)
    assert log.unfinished() == ['{"update_id": 6}', '{"update_id": 7}']
    assert log.arrived({5: "again"}) == set()


def test_what_fails_again_and_again_is_given_up(db: Database):
    log = UpdateLog(db)
    log.arrived({1: "{}"})
    assert [len(log.unfinished()) for _ in range(5)] == [1, 1, 1, 0, 0]


def test_what_waited_for_more_than_an_hour_is_not_taken_up(db: Database):
    log = UpdateLog(db)
    log.arrived({1: "{}"})
    db.execute("update updates set received_at = received_at - 3601")
    assert log.unfinished() == []


def test_the_queue_takes_an_update_only_once(db: Database):
    async def put() -> int:
        with ThreadPoolExecutor(1) as executor:
            inbox = Inbox(UpdateLog(db), executor)
            for number in (1, 2, 1):
                await inbox.put(Update(number))
            await inbox.put("anything else")
            await inbox.write_down([Update(2), Update(3)])  # what is fetched at once, of which one has arrived before
            for number in (2, 3):
                await inbox.put(Update(number))
            fresh = Inbox(UpdateLog(db), executor)
            await fresh.take_up_unfinished(Bot("1:x"))
            return inbox.qsize() * 10 + fresh.qsize()

    assert asyncio.run(put()) == 43


def test_updates_of_one_person_are_handled_in_order_those_of_others_beside():
    handled: list[str] = []

    async def work(name: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        handled.append(name)

    async def run() -> None:
        processor = InOrder(Places(16))

        def said(user: int) -> Update:
            sender = User(user, "u", False)
            return Update(1, message=SimpleNamespace(from_user=sender, sender_chat=None, chat=None, text=None))

        tasks = [(7, "a1", 0.05), (7, "a2", 0.0), (8, "b1", 0.01)]
        await asyncio.gather(*(processor.do_process_update(said(user), work(name, wait)) for user, name, wait in tasks))
        assert processor._locks == {}

    asyncio.run(run())
    assert handled == ["b1", "a1", "a2"]


def test_the_database_survives_a_kill(tmp_path: Path):
    db = open_state(tmp_path / "1.db")
    UpdateLog(db).arrived({1: "{}"})
    other = sqlite3.connect(tmp_path / "1.db")  # what is committed is there for others before the first is closed
    assert other.execute("select count(*) from updates").fetchone() == (1,)
