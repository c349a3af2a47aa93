"""Who is known to a library's bots: who administers, and who had themselves forgotten. A restored backup brings nobody back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from bot.conversation.memory import Conversations, mark_of
from bot.conversation.state import open_state


@dataclass(frozen=True)
class Changes:
    """What a backup would change of people; administrators by name and number.

    ``returning`` administer in the backup and not now, ``leaving`` now and not in the backup; ``forgotten`` people, who had
    themselves forgotten since, stand in it.
    """

    returning: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()
    forgotten: int = 0

    def __bool__(self) -> bool:
        return bool(self.returning or self.leaving or self.forgotten)


@dataclass(frozen=True)
class _People:
    administrators: dict[int, tuple[object, ...]]
    forgotten: frozenset[str]  # by their marks


def changes(now: Path, restored: Path) -> Changes:
    """What the library in the folder ``restored`` would change of the people of the one in ``now``."""
    returning: list[str] = []
    leaving: list[str] = []
    gone = 0
    for old, new in _states(now, restored):
        before, after = _people(old), _people(new)
        returning += [_shown(one) for user, one in after.administrators.items() if user not in before.administrators]
        leaving += [_shown(one) for user, one in before.administrators.items() if user not in after.administrators]
        with closing(_opened(new)) as connection:
            gone += len(_forgotten_in(connection, before, after))
    return Changes(tuple(returning), tuple(leaving), gone)


def keep(now: Path, restored: Path) -> None:
    """Leaves the people of the library in ``restored`` as they are in ``now``."""
    for old, new in _states(now, restored):
        before, after = _people(old), _people(new)
        with closing(open_state(new)) as db:
            db.execute("delete from admins")
            for administrator in before.administrators.values():
                db.execute("insert into admins values (?, ?, ?, ?)", list(administrator))
            for user in _forgotten_in(db.conn, before, after):
                Conversations(db).forget_person(user)
            for mark in before.forgotten:
                db.execute("insert or ignore into forgotten values (?)", [mark])
            db.execute("vacuum")
            db.execute("pragma journal_mode = delete")


def _states(now: Path, restored: Path) -> Iterator[tuple[Path, Path]]:
    """The databases of the bots that both libraries know."""
    for new in sorted((restored / "telegram").glob("*.db")):
        old = now / "telegram" / new.name
        if old.is_file():
            yield old, new


def _people(state: Path) -> _People:
    """Nobody where it can't be read: then nothing is known of now."""
    with suppress(sqlite3.DatabaseError), closing(_opened(state)) as connection:
        administrators = {row[0]: row for row in connection.execute("select user_id, name, added_by, added_at from admins")}
        forgotten: frozenset[str] = frozenset()
        if connection.execute("select 1 from sqlite_schema where name = 'forgotten'").fetchone():
            forgotten = frozenset(row[0] for row in connection.execute("select mark from forgotten"))
        return _People(administrators, forgotten)
    return _People({}, frozenset())


def _forgotten_in(restored: sqlite3.Connection, before: _People, after: _People) -> list[int]:
    """Those whose questions stand in a backup that knows nothing yet of their having themselves forgotten."""
    marks = before.forgotten - after.forgotten
    if not marks:
        return []
    users = [row[0] for row in restored.execute("select distinct user_id from questions")]
    return [user for user in users if any(mark_of(user, mark.partition(":")[0]) == mark for mark in marks)]


def _opened(state: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{state.absolute().as_uri()}?mode=ro", uri=True)


def _shown(administrator: tuple[object, ...]) -> str:
    return f"{administrator[1]} ({administrator[0]})"
