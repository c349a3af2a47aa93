"""What a front end's database remembers, and how much one may ask."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.conversation.limits import Limits
from bot.conversation.memory import Asked, Conversations
from bot.conversation.state import UnusableState, open_state
from retrieval.replies import Reply


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


def test_a_database_that_is_none_is_told_in_one_sentence(tmp_path: Path):
    (tmp_path / "1.db").write_bytes(b"no database " * 1000)
    with pytest.raises(UnusableState, match=r"1\.db"):
        open_state(tmp_path / "1.db")
