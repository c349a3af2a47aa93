"""Updates on disk, the order they are handled in, limits, and what the bot's database remembers."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlite_utils import Database
from telegram import Bot, Update, User

from bot.conversation.drafts import Drafts
from bot.conversation.limits import Limits
from bot.conversation.memory import Asked, Conversations
from bot.conversation.state import UnusableState, open_state
from bot.telegram.inbox import Inbox, InOrder, UpdateLog
from retrieval.ingest.adding import Original
from retrieval.replies import Reply


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    opened = open_state(tmp_path / "telegram" / "1.db")
    yield opened
    opened.close()


def test_an_update_is_written_down_once_and_taken_up_until_it_is_handled(db: Database):
    log = UpdateLog(db)
    assert [log.arrived(number, f'{{"update_id": {number}}}') for number in (5, 6, 5)] == [True, True, False]
    log.handled(5)
    assert log.unfinished() == ['{"update_id": 6}']
    assert not log.arrived(5, "again")


def test_what_fails_again_and_again_is_given_up(db: Database):
    log = UpdateLog(db)
    log.arrived(1, "{}")
    assert [len(log.unfinished()) for _ in range(5)] == [1, 1, 1, 0, 0]


def test_what_waited_for_more_than_an_hour_is_not_taken_up(db: Database):
    log = UpdateLog(db)
    log.arrived(1, "{}")
    db.execute("update updates set received_at = received_at - 3601")
    assert log.unfinished() == []


def test_the_queue_takes_an_update_only_once(db: Database):
    async def put() -> int:
        with ThreadPoolExecutor(1) as executor:
            inbox = Inbox(UpdateLog(db), executor)
            for number in (1, 2, 1):
                await inbox.put(Update(number))
            await inbox.put("anything else")
            fresh = Inbox(UpdateLog(db), executor)
            await fresh.take_up_unfinished(Bot("1:x"))
            return inbox.qsize() * 10 + fresh.qsize()

    assert asyncio.run(put()) == 32


def test_updates_of_one_person_are_handled_in_order_those_of_others_beside():
    handled: list[str] = []

    async def work(name: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        handled.append(name)

    async def run() -> None:
        processor = InOrder()
        said = lambda user: Update(1, message=SimpleNamespace(from_user=User(user, "u", False), sender_chat=None))  # noqa: E731
        tasks = [(7, "a1", 0.05), (7, "a2", 0.0), (8, "b1", 0.01)]
        await asyncio.gather(*(processor.do_process_update(said(user), work(name, wait)) for user, name, wait in tasks))
        assert processor._locks == {}

    asyncio.run(run())
    assert handled == ["b1", "a1", "a2"]


def test_one_person_and_one_chat_have_their_limits():
    async def run() -> None:
        limits = Limits()
        verdicts = [await limits.admit(7, 7) for _ in range(23)]
        assert verdicts == ["go"] * 20 + ["notice", "silence", "silence"]
        assert await limits.admit(8, 8) == "go"
        group = [await limits.admit(user, -1) for user in range(100, 130)]
        assert group == ["go"] * 20 + ["notice"] + ["silence"] * 9
        assert await limits.admit_inline(7)
        assert await limits.admit_press(7) == "go"

    asyncio.run(run())


def test_old_questions_are_forgotten(db: Database):
    conversations = Conversations(db)
    old = conversations.record(Asked(1, 1, 1, "旧"), [], Reply("answered", "6%"))
    db.execute("update questions set asked_at = asked_at - 91 * 86400")
    new = conversations.record(Asked(1, 1, 2, "新"), [], Reply("answered", "6%"))
    conversations.vote(old, 1, 1)
    conversations.forget_old()
    assert conversations.question(old) is None
    assert conversations.question(new)
    assert list(db.execute("select * from votes")) == []


def test_somebody_may_wait_for_twenty_answers(db: Database):
    conversations = Conversations(db)
    ids = [conversations.record(Asked(1, 1, number, "问"), [], Reply("not_found", "没有")) for number in range(21)]
    assert [conversations.want_alert(id_, 1, ["问"], "zh") for id_ in ids] == [True] * 20 + [False]


def test_the_file_of_a_draft_goes_with_its_last_report(db: Database, tmp_path: Path, files: Path):
    drafts = Drafts(db, tmp_path / "drafts")
    original = Original.read((files / "two_in_one.txt").read_bytes(), "two_in_one.txt")
    first, second = drafts.create(1, 1, original)
    assert drafts.take(first.id)
    assert not drafts.take(first.id)
    assert drafts.original(first) == original
    drafts.finish(first.id)
    assert drafts.original(second) == original
    assert [draft.id for draft in drafts.interrupted()] == []
    drafts.take(second.id)
    assert [draft.id for draft in drafts.interrupted()] == [second.id]
    drafts.finish(second.id)
    assert list((tmp_path / "drafts").iterdir()) == []


def test_a_database_that_is_none_is_told_in_one_sentence(tmp_path: Path):
    (tmp_path / "1.db").write_bytes(b"no database " * 1000)
    with pytest.raises(UnusableState, match=r"1\.db"):
        open_state(tmp_path / "1.db")


def test_the_database_survives_a_kill(tmp_path: Path):
    db = open_state(tmp_path / "1.db")
    UpdateLog(db).arrived(1, "{}")
    other = sqlite3.connect(tmp_path / "1.db")  # what is committed is there for others before the first is closed
    assert other.execute("select count(*) from updates").fetchone() == (1,)
