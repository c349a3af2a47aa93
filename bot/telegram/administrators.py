"""Who administers: those of ``ADMIN_IDS``, and those that they added from the chat."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True)
class Administrator:
    """``fixed`` are those of the settings, who can't be removed from the chat."""

    user_id: int
    name: str
    fixed: bool


class Administrators:
    """The administrators; asking for them needs no database, so that filters may."""

    def __init__(self, db: Database, fixed: Iterable[int]) -> None:
        self._db = db
        self._fixed = tuple(dict.fromkeys(fixed))
        self._added = dict(db.execute("select user_id, name from admins order by added_at").fetchall())

    def includes(self, user_id: int) -> bool:
        return user_id in self._fixed or user_id in self._added

    def everyone(self) -> list[Administrator]:
        fixed = [Administrator(user_id, "", True) for user_id in self._fixed]
        return fixed + [Administrator(*one, False) for one in self._added.items() if one[0] not in self._fixed]

    def add(self, user_id: int, name: str, added_by: int) -> None:
        self._db.execute("insert or replace into admins values (?, ?, ?, ?)", [user_id, name, added_by, time.time()])
        self._added[user_id] = name

    def remove(self, user_id: int) -> bool:
        """False where that person was none, or is one of the settings."""
        self._db.execute("delete from admins where user_id = ?", [user_id])
        return self._added.pop(user_id, None) is not None
