"""The bot's own database: chats, questions, votes, alerts, drafts, administrators, and updates not yet handled.

It lies in the library's folder beside the library's database, one file a bot, so that message and update numbers of
different bots never meet. Nothing in it is needed to answer; deleting it forgets conversations, no report.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlite_utils import Database, Migrations

from retrieval.errors import OperatorError, ReportBotError
from retrieval.messages import message
from retrieval.storage.files import reason_of

_BUSY_SECONDS = 10.0
migrations = Migrations("telegram")  # the name that existing databases have their steps recorded under


class UnusableState(ReportBotError):
    """The bot's own database can't be opened or written."""


class StateFailed(OperatorError):
    """The bot's own database can't be written or read any more: a full disk, a damaged page."""

    neutral_key = "errors.neutral_state"


@migrations(name="0001_initial")
def _initial(db: Database) -> None:
    for statement in (
        """create table updates (
            id integer primary key, payload text not null, received_at real not null, attempts integer not null,
            handled integer not null)""",
        """create table chats (id integer primary key, default_place text, moved_to integer)""",
        """create table questions (
            id integer primary key autoincrement, chat_id integer not null, user_id integer not null, thread_id integer,
            message_id integer not null, text text not null, default_place text, asked_at real not null, open integer not null,
            status text not null, seconds real not null, reply text not null, sent text not null)""",
        "create index questions_by_asker on questions (chat_id, user_id, asked_at)",
        "create index questions_by_message on questions (chat_id, message_id)",
        "create index questions_by_time on questions (asked_at)",
        """create table votes (
            question_id integer not null references questions(id) on delete cascade, user_id integer not null,
            value integer not null, primary key (question_id, user_id)) without rowid""",
        """create table alerts (
            question_id integer primary key references questions(id) on delete cascade, user_id integer not null,
            turns text not null, language text not null, created_at real not null)""",
        """create table drafts (
            id integer primary key autoincrement, chat_id integer not null, user_id integer not null, message_id integer,
            file text not null, stored_as text not null, ordinal integer not null, parts integer not null,
            corrections text not null, state text not null, created_at real not null)""",
        """create table expected_inputs (
            chat_id integer not null, user_id integer not null, kind text not null, target integer not null,
            asked_at real not null, primary key (chat_id, user_id)) without rowid""",
        """create table pasted (
            chat_id integer not null, user_id integer not null, message_id integer not null, text text not null,
            primary key (chat_id, user_id, message_id)) without rowid""",
        "create table admins (user_id integer primary key, name text not null, added_by integer not null, added_at real not null)",
    ):
        db.execute(statement)


@migrations(name="0002_pictures")
def _pictures(db: Database) -> None:
    db.execute("alter table questions add column picture integer")


@migrations(name="0003_warnings")
def _warnings(db: Database) -> None:
    db.execute("create table warnings (kind text primary key, at real not null) without rowid")


@migrations(name="0004_whole_replies")
def _whole_replies(db: Database) -> None:
    """Replies were packed in a form of their own; now they are what ``Reply.as_json`` tells."""
    db.execute(
        """update questions set reply = json_object(
            'turns', json_extract(reply, '$.turns'),
            'passages', json_extract(reply, '$.passages'),
            'reply', json_object(
                'status', json_extract(reply, '$.status'),
                'answer', json_extract(reply, '$.answer'),
                'quotes', (
                    select json_group_array(json_set(value, '$.report', json_object('id', json_extract(value, '$.report'))))
                    from json_each(reply, '$.quotes')),
                'passages', json('[]'),
                'seconds', seconds,
                'emphasis', json_extract(reply, '$.emphasis'),
                'assumed_place', json_extract(reply, '$.assumed_place'),
                'is_question', json(iif(status = 'small_talk', 'false', 'true'))))"""
    )


@migrations(name="0005_suspects")
def _suspects(db: Database) -> None:
    db.execute("create table begun (id integer primary key, at real not null, alone integer not null)")
    db.execute(
        """create table set_aside (
            incident text primary key, update_id integer not null, payload text not null, at real not null,
            told integer not null) without rowid"""
    )


@migrations(name="0006_forgotten")
def _forgotten(db: Database) -> None:
    """Of who had themselves forgotten a mark, so that no older backup brings them back; it can be compared with a number, not read."""
    db.execute("create table forgotten (mark text primary key) without rowid")


class Warned:
    """Of what administrators were told, and when."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def is_due(self, kind: str, seconds: float = 86400.0) -> bool:
        """Whether they are to be told of this again, which then counts as done."""
        now = time.time()
        return (
            self._db.execute(
                "insert into warnings values (?, ?) on conflict (kind) do update set at = excluded.at where at <= ? or at > ?",
                [kind, now, now - seconds, now],
            ).rowcount
            == 1
        )


@contextmanager
def state_failures_named(path: Path) -> Iterator[None]:
    """Around whatever a front end does with its database at ``path``, and the drafts beside it. Raises StateFailed."""
    try:
        yield
    except (OSError, sqlite3.DatabaseError) as error:
        reason = reason_of(error) if isinstance(error, OSError | sqlite3.OperationalError) else "damaged"
        raise StateFailed(path=path, reason=message(f"storage.{reason}")) from error


def is_sound(path: Path) -> bool:
    """Whether the database at ``path`` can be read to its last page."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return bool(connection.execute("pragma integrity_check(1)").fetchone()[0] == "ok")
    except sqlite3.DatabaseError:
        return False


def open_state(path: Path) -> Database:
    """The database at ``path``, created or migrated. Raises UnusableState."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, check_same_thread=False, isolation_level=None)
        db = Database(connection)
        connection.execute("pragma journal_mode = wal")
        # A crash of the machine may lose the last moments of conversations, a crash of the program nothing.
        connection.execute("pragma synchronous = normal")
        connection.execute("pragma foreign_keys = on")
        connection.execute("pragma secure_delete = on")  # what is deleted is overwritten
        migrations.apply(db)
    except (OSError, sqlite3.DatabaseError) as error:
        raise UnusableState(path=path) from error
    return db
