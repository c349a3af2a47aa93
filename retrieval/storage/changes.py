"""The log of a library's changes: who added, replaced, edited, removed or restored which report, and when."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlite_utils import Database

Action = Literal["added", "replaced", "edited", "removed", "restored"]


@dataclass(frozen=True)
class LoggedChange:
    """One change. ``actor`` is empty for changes made on the server itself; ``edits`` are the corrected fields."""

    id: int
    at: datetime
    actor: str
    action: Action
    report_id: int
    title: str
    place: str | None
    year: int | None
    edits: Mapping[str, Any]


def record(db: Database, actor: str, action: Action, report_id: int, edits: Mapping[str, Any] | None = None) -> None:
    """Logs a change of a report that is in the library, inside the caller's transaction."""
    db.execute(
        "insert into changes (at, actor, action, report_id, title, place, year, edits)"
        " select ?, ?, ?, r.id, coalesce(r.title, d.file), r.place, coalesce(r.plan_year, r.review_year), ?"
        " from reports r join documents d on d.id = r.document_id where r.id = ?",
        [datetime.now(UTC).isoformat(timespec="seconds"), actor, action, json.dumps(edits or {}, ensure_ascii=False), report_id],
    )


def logged(db: Database, count: int, before: int | None = None) -> list[LoggedChange]:
    """The last ``count`` changes, newest first; with ``before``, of those older than that change."""
    rows = db.query(
        "select * from changes where ? is null or id < ? order by id desc limit ?",
        [before, before, count],
    )
    return [LoggedChange(**{**row, "at": datetime.fromisoformat(row["at"]), "edits": json.loads(row["edits"])}) for row in rows]
