"""Updates that were being handled when the process ended: one of them may have ended it.

Each is tried once more after the next start, alone. What ends the process then, too, is set aside under an incident number
until an administrator has it tried again, or for a week.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass

from sqlite_utils import Database

from bot.telegram.inbox import OLDEST_SECONDS

KEPT_DAYS = 7
# A stop that was ordered is no fault of what was being handled, unless it had hung before.
_HANGS_AFTER = 60.0
_KINDS = ("message", "edited_message", "callback_query", "inline_query")


@dataclass(frozen=True)
class SetAside:
    """An update that ended the process, by the number it is told under; ``payload`` is its JSON."""

    incident: str
    update_id: int
    payload: str


class Suspects:
    """What has begun to be handled and has not ended, and what was set aside."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def begin(self, update_id: int) -> None:
        """Notes that an update is being handled from now on; one that is tried alone stays noted as that."""
        self._db.execute(
            "insert into begun values (?, ?, 0) on conflict (id) do update set at = excluded.at", [update_id, time.time()]
        )

    def end(self, update_id: int) -> None:
        """Its handler has come to an end, whether the update counts as handled or not."""
        self._db.execute("delete from begun where id = ?", [update_id])

    def stop(self) -> None:
        """The process ends because it was told to: what is being handled now is taken up like anything else."""
        self._db.execute("delete from begun where at > ?", [time.time() - _HANGS_AFTER])

    def set_aside(self) -> list[SetAside]:
        """Sets aside what ended the process alone, or is too old to be tried again; to be called once at a start."""
        with self._db.atomic():
            self._db.execute("delete from begun where id not in (select id from updates where handled = 0)")
            rows = self._db.execute(
                "select id, payload from updates join begun using (id) where alone = 1 or received_at < ? order by id",
                [time.time() - OLDEST_SECONDS],
            ).fetchall()
            found = [SetAside(uuid.uuid4().hex[:8], *row) for row in rows]
            for one in found:
                values = [one.incident, one.update_id, one.payload, time.time()]
                self._db.execute("insert into set_aside values (?, ?, ?, ?, 0)", values)
                self._db.execute("update updates set handled = 1, payload = '' where id = ?", [one.update_id])
                self._db.execute("delete from begun where id = ?", [one.update_id])
        return found

    def next_alone(self) -> str | None:
        """The payload of the next update to be tried alone, which is noted first; None where there is none left."""
        row = self._db.execute("select id, payload from updates join begun using (id) where alone = 0 order by id").fetchone()
        if row is None:
            return None
        self._db.execute("update begun set alone = 1, at = ? where id = ?", [time.time(), row[0]])
        return str(row[1])

    def untold(self) -> list[SetAside]:
        """What administrators were not told of."""
        rows = self._db.execute("select incident, update_id, payload from set_aside where told = 0 order by update_id")
        return [SetAside(*row) for row in rows.fetchall()]

    def told(self, incident: str) -> None:
        self._db.execute("update set_aside set told = 1 where incident = ?", [incident])

    def take_back(self, incident: str) -> str | None:
        """The payload of what was set aside, which is unfinished again, and suspect; None where it is not there any more."""
        row = self._db.execute("select update_id, payload from set_aside where incident = ?", [incident]).fetchone()
        if row is None:
            return None
        update_id, payload = row
        with self._db.atomic():
            self._db.execute("delete from set_aside where incident = ?", [incident])
            self._db.execute("insert or replace into updates values (?, ?, ?, 0, 0)", [update_id, payload, time.time()])
            self._db.execute("insert or replace into begun values (?, ?, 1)", [update_id, time.time()])
        return str(payload)

    def forget_person(self, user_id: int) -> None:
        """Deletes what a person sent."""
        sender = "coalesce(" + ", ".join(f"json_extract(payload, '$.{kind}.from.id')" for kind in _KINDS) + ")"
        self._db.execute(f"delete from set_aside where {sender} = ?", [user_id])

    def forget_old(self) -> None:
        self._db.execute("delete from set_aside where at < ?", [time.time() - KEPT_DAYS * 86400])
