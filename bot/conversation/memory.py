"""What is remembered of conversations: questions and replies, votes, alerts, and each chat's default place."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlite_utils import Database

from retrieval.answers.passage import says_something
from retrieval.replies import RankedPassage, Reply, Tree

CONTEXT_SECONDS = 3600
KEPT_DAYS = 90
_REMEMBERED_TURNS = 20  # of which each may lean on the one before: the first may be the one that names the place
_MOST_ALERTS = 20
DOWN = -1


@dataclass(frozen=True)
class Asked:
    """A question as it was put: where, by whom (an anonymous administrator or channel counts as a person), and what.

    ``message_id`` is negative for what was put by a button: the press has a number, and no message.
    """

    chat_id: int
    user_id: int
    message_id: int
    text: str
    thread_id: int | None = None


@dataclass(frozen=True)
class Pointed:
    """What a question points to: a message that it replies to, and words that stand there (a quoted part, or what somebody wrote).

    ``apart``: it goes on from nothing that its asker said before (a forwarded question).
    """

    message_id: int | None = None
    text: str = ""
    apart: bool = False


NOTHING_POINTED = Pointed()


@dataclass(frozen=True)
class StoredQuestion:
    """A question with its reply as JSON, which :meth:`Reply.from_json` reads.

    ``turns`` are those before it that it was understood by, ``passages`` the ids of those that were ranked but not shown,
    ``sent`` the messages of the answer, ``picture`` that of its chart.
    """

    id: int
    asked: Asked
    turns: tuple[str, ...]
    default_place: str | None
    reply: Tree
    passages: tuple[int, ...]
    sent: tuple[int, ...]
    picture: int | None = None


@dataclass(frozen=True)
class Before:
    """What an answer needs to know: the question as it was put before its edit, the turns that it may refer to, and
    the chat's default place.
    """

    earlier: StoredQuestion | None
    turns: tuple[str, ...]
    place: str | None


@dataclass(frozen=True)
class Alert:
    """Somebody who wants to know when a question can be answered."""

    question_id: int
    asked: Asked
    turns: tuple[str, ...]
    default_place: str | None
    language: str


def mark_of(user_id: int, salt: str) -> str:
    """What stays of somebody who had themselves forgotten. Whoever has a number can tell whether it is theirs, and no more."""
    return f"{salt}:{hashlib.scrypt(str(user_id).encode(), salt=salt.encode(), n=1 << 10, r=8, p=1, dklen=16).hex()}"


class Conversations:
    """Questions and what hangs on them, in the bot's database. Times are seconds since 1970."""

    def __init__(self, db: Database) -> None:
        self._db = db

    # -- chats ------------------------------------------------------------------------------------------------

    def default_place(self, chat_id: int) -> str | None:
        row = self._db.execute("select default_place from chats where id = ?", [chat_id]).fetchone()
        return row[0] if row else None

    def set_default_place(self, chat_id: int, place: str | None) -> None:
        """Sets or clears a chat's default place; what was talked about before it no longer names the place meant."""
        self._db.execute("update questions set open = 0 where chat_id = ?", [chat_id])
        self._db.execute(
            "insert into chats (id, default_place) values (?, ?) on conflict (id) do update set default_place = excluded.default_place",
            [chat_id, place],
        )

    def move_chat(self, old: int, new: int) -> None:
        """A group has become a supergroup: what is remembered of it goes along."""
        with self._db.atomic():
            place = self.default_place(old)
            # A supergroup numbers its messages anew: what the old numbers meant there would be other messages.
            self._db.execute(
                "update questions set chat_id = ?, message_id = 0, sent = '[]', picture = null where chat_id = ?", [new, old]
            )
            self._db.execute("insert or ignore into chats (id, default_place) values (?, ?)", [new, place])
            self._db.execute(
                "insert into chats (id, moved_to) values (?, ?) on conflict (id) do update set moved_to = excluded.moved_to,"
                " default_place = null",
                [old, new],
            )

    def moves(self) -> dict[int, int]:
        """The chats that became others: old id to new id."""
        return dict(self._db.execute("select id, moved_to from chats where moved_to is not null").fetchall())

    # -- questions --------------------------------------------------------------------------------------------

    def before(self, asked: Asked, pointed: Pointed = NOTHING_POINTED) -> Before:
        """What came before a question. One that was edited keeps the turns that it was understood by; one without a message of
        its own (0) was never asked before. What replies to an answer, or to its question, goes on from there, whoever asks.
        """
        earlier = self.question_of_message(asked.chat_id, asked.message_id) if asked.message_id else None
        turns = self._turns_before(asked, pointed) if earlier is None else earlier.turns
        return Before(earlier, turns, self.default_place(asked.chat_id))

    def _turns_before(self, asked: Asked, pointed: Pointed) -> tuple[str, ...]:
        about = self.question_about(asked.chat_id, pointed.message_id) if pointed.message_id is not None else None
        if about is not None:
            turns = (*about.turns, about.asked.text)
        elif pointed.text or pointed.apart:
            turns = ()
        else:
            turns = self._open_turns(asked)
        return (*turns, *filter(None, (pointed.text,)))[-_REMEMBERED_TURNS:]

    def _open_turns(self, asked: Asked) -> tuple[str, ...]:
        """The turns of one person in one chat since the last reset, the last no older than an hour, with those that it went on from."""
        row = self._db.execute(
            "select text, asked_at, reply from questions where chat_id = ? and user_id = ? and open order by id desc limit 1",
            [asked.chat_id, asked.user_id],
        ).fetchone()
        if row is None or time.time() - row[1] > CONTEXT_SECONDS:
            return ()
        return (*json.loads(row[2])["turns"], row[0])[-_REMEMBERED_TURNS:]

    def record(self, asked: Asked, turns: Sequence[str], reply: Reply) -> int:
        """Stores a question with the turns before it and its reply; its id."""
        return int(
            self._db.execute(
                "insert into questions (chat_id, user_id, thread_id, message_id, text, default_place, asked_at, open, status,"
                " seconds, reply, sent) values (?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, '[]') returning id",
                [
                    asked.chat_id,
                    asked.user_id,
                    asked.thread_id,
                    asked.message_id,
                    asked.text,
                    reply.assumed_place,
                    time.time(),
                    _status(reply),
                    reply.seconds,
                    _packed(turns, reply),
                ],
            ).fetchone()[0]
        )

    def answer_again(self, question_id: int, text: str, turns: Sequence[str], reply: Reply) -> None:
        """Stores the new reply to a question, and its new text where it was edited."""
        self._db.execute(
            "update questions set text = ?, status = ?, seconds = ?, reply = ?, default_place = ? where id = ?",
            [text, _status(reply), reply.seconds, _packed(turns, reply), reply.assumed_place, question_id],
        )
        self._db.execute("delete from votes where question_id = ?", [question_id])
        self._db.execute("delete from alerts where question_id = ?", [question_id])

    def sent(self, question_id: int, message_ids: Sequence[int], picture: int | None = None) -> None:
        """Stores which messages an answer is, and which its chart."""
        self._db.execute(
            "update questions set sent = ?, picture = ? where id = ?", [json.dumps(list(message_ids)), picture, question_id]
        )

    def question(self, question_id: int) -> StoredQuestion | None:
        return self._one("id = ?", [question_id])

    def question_of_message(self, chat_id: int, message_id: int) -> StoredQuestion | None:
        """The question that a message of a chat was, if it was one."""
        return self._one("chat_id = ? and message_id = ? order by id desc", [chat_id, message_id])

    def question_about(self, chat_id: int, message_id: int) -> StoredQuestion | None:
        """The question that a message of a chat was, or that its answer, or the chart of that, belongs to."""
        return self._one(
            "chat_id = ? and (message_id = ? or picture = ? or exists (select 1 from json_each(sent) where value = ?))"
            " order by id desc",
            [chat_id, message_id, message_id, message_id],
        )

    def reset(self, chat_id: int, user_id: int) -> None:
        """Ends a person's conversation in a chat; its answers and their buttons stay."""
        self._db.execute("update questions set open = 0 where chat_id = ? and user_id = ?", [chat_id, user_id])

    def forget_person(self, user_id: int) -> int:
        """Deletes all that is stored of a person's questions, votes and alerts; the number of questions.

        It is gone from the file, too: from free pages that an earlier version left, and from the log of what was written.
        """
        with self._db.atomic():
            self._db.execute("insert into forgotten values (?)", [mark_of(user_id, secrets.token_hex(16))])
            self._db.execute("delete from votes where user_id = ?", [user_id])
            self._db.execute("delete from alerts where user_id = ?", [user_id])
            self._db.execute("delete from expected_inputs where user_id = ?", [user_id])
            self._db.execute("delete from pasted where user_id = ?", [user_id])
            self._db.execute("delete from chats where id = ? and moved_to is null", [user_id])
            count: int = self._db.execute("delete from questions where user_id = ?", [user_id]).rowcount
        self._db.execute("vacuum")
        self._db.execute("pragma wal_checkpoint(truncate)").fetchall()
        return count

    def forget_old(self) -> None:
        """Deletes what is older than ``KEPT_DAYS`` days."""
        self._db.execute("delete from questions where asked_at < ?", [time.time() - KEPT_DAYS * 86400])

    # -- votes and alerts -------------------------------------------------------------------------------------

    def vote(self, question_id: int, user_id: int, value: int) -> bool:
        """Stores a vote, over an earlier one; False where it was the same."""
        row = self._db.execute("select value from votes where question_id = ? and user_id = ?", [question_id, user_id]).fetchone()
        self._db.execute(
            "insert into votes values (?, ?, ?) on conflict (question_id, user_id) do update set value = excluded.value",
            [question_id, user_id, value],
        )
        return row is None or row[0] != value

    def want_alert(self, question_id: int, user_id: int, turns: Sequence[str], language: str) -> bool:
        """Stores that somebody waits for an answer; False where a person waits for too many."""
        waiting = self._db.execute("select count(*) from alerts where user_id = ?", [user_id]).fetchone()[0]
        if waiting >= _MOST_ALERTS:
            return False
        self._db.execute(
            "insert or ignore into alerts values (?, ?, ?, ?, ?)",
            [question_id, user_id, json.dumps(list(turns), ensure_ascii=False), language, time.time()],
        )
        return True

    def alerts(self) -> list[Alert]:
        rows = self._db.execute(
            "select q.id, q.chat_id, a.user_id, q.message_id, q.text, q.thread_id, a.turns, q.default_place, a.language"
            " from alerts a join questions q on q.id = a.question_id order by a.created_at"
        )
        return [Alert(row[0], Asked(*row[1:6]), tuple(json.loads(row[6])), row[7], row[8]) for row in rows]

    def alert_done(self, question_id: int) -> None:
        self._db.execute("delete from alerts where question_id = ?", [question_id])

    def _one(self, condition: str, values: Sequence[Any]) -> StoredQuestion | None:
        row = self._db.execute(
            "select id, chat_id, user_id, message_id, text, thread_id, default_place, reply, sent, picture from questions"
            f" where {condition} limit 1",
            values,
        ).fetchone()
        if row is None:
            return None
        told = json.loads(row[7])
        turns, passages, sent = tuple(told["turns"]), tuple(told["passages"]), tuple(json.loads(row[8]))
        return StoredQuestion(row[0], Asked(*row[1:6]), turns, row[6], told["reply"], passages, sent, row[9])


def _status(reply: Reply) -> str:
    """A reply's status; small talk is no question that was asked in vain."""
    return reply.status if reply.is_question else "small_talk"


def unshown(reply: Reply) -> list[RankedPassage]:
    """The passages that stand in none of the quotes; without salutations and the like, which share no word with the question."""
    return [
        one
        for one in reply.passages
        if says_something(one)
        and not any(q.report.id == one.report.id and q.start < one.end and one.start < q.end for q in reply.quotes)
    ]


def _packed(turns: Sequence[str], reply: Reply) -> str:
    """A reply with the turns before it, as JSON. Its passages go by their ids: they are shown as they stand in the library."""
    told = replace(reply, passages=()).as_json()
    return json.dumps({"turns": turns, "reply": told, "passages": [one.id for one in unshown(reply)]}, ensure_ascii=False)
