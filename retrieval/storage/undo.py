"""Reports that were removed a moment ago: kept whole until it is too late to bring them back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlite_utils import Database

from retrieval.embedding.vectors import Vectors, dimension_of, unpack
from retrieval.models import Page, Removal
from retrieval.report.cleaning import Cleaned
from retrieval.report.understood import Understood

UNDO_SECONDS = 600


@dataclass(frozen=True)
class KeptReport:
    """A removed report: its file, its text, and its passages (by start and end) with their ids and vectors."""

    sha256: str
    file: str
    stored_as: str
    parts: int
    ordinal: int
    cleaned: Cleaned
    corrections: dict[str, Any]
    reading: str | None
    passage_ids: dict[tuple[int, int], int]
    vectors: Vectors

    def vectors_of(self, understood: Understood) -> Vectors | None:
        """The vectors of a report's passages, or None where they are cut differently today."""
        spans = [(passage.start, passage.end) for passage in understood.passages]
        return self.vectors if spans == list(self.passage_ids) else None


def keep(db: Database, report_id: int) -> None:
    """Copies a report that is about to be removed, inside the caller's transaction."""
    rows = db.execute(
        "select p.start, p.end, p.id, v.vector from passages p join vectors v on v.id = p.id where p.report_id = ? order by p.start",
        [report_id],
    ).fetchall()
    pages = db.execute("select number, start, confidence from pages where report_id = ? order by ordinal", [report_id]).fetchall()
    db.execute(
        "insert or replace into removed_reports (report_id, removed_at, sha256, file, stored_as, parts, ordinal, text, removals,"
        " corrections, passages, vectors, url, published, reading, pages) select r.id, ?, d.sha256, d.file, d.stored_as, d.reports,"
        " r.ordinal, t.text, r.removals, r.corrections, ?, ?, d.url, d.published, g.raw, ? from reports r"
        " join texts t on t.report_id = r.id join documents d on d.id = r.document_id"
        " left join readings g on g.document_id = d.id where r.id = ?",
        [_now(), json.dumps([row[:3] for row in rows]), b"".join(row[3] for row in rows), json.dumps(pages), report_id],
    )


def kept_report(db: Database, report_id: int) -> KeptReport | None:
    """The removed report, or None where there is none or its time is over."""
    rows = list(db.query("select * from removed_reports where report_id = ? and removed_at >= ?", [report_id, _limit()]))
    if not rows:
        return None
    row = rows[0]
    passages = json.loads(row["passages"])
    vectors = unpack([row["vectors"]], dimension_of(row["vectors"]) // max(len(passages), 1))
    removals = tuple(Removal(**one) for one in json.loads(row["removals"]))
    pages = tuple(Page(*page) for page in json.loads(row["pages"]))
    cleaned = Cleaned(row["text"], removals, pages, row["url"], row["published"])
    ids = {(start, end): passage_id for start, end, passage_id in passages}
    return KeptReport(
        row["sha256"],
        row["file"],
        row["stored_as"],
        row["parts"],
        row["ordinal"],
        cleaned,
        json.loads(row["corrections"]),
        row["reading"],
        ids,
        vectors,
    )


def overdue(db: Database) -> list[int]:
    """The removed reports that can't be brought back any more."""
    return [row[0] for row in db.execute("select report_id from removed_reports where removed_at < ?", [_limit()])]


def forget(db: Database, report_ids: Iterable[int]) -> None:
    """Drops removed reports; their originals are doomed where no report needs them (see ``doomed_files``)."""
    for report_id in report_ids:
        db.execute(
            "insert or ignore into doomed_files select stored_as from removed_reports where report_id = ?",
            [report_id],
        )
        db.execute("delete from removed_reports where report_id = ?", [report_id])


def _now() -> str:
    return datetime.now(UTC).isoformat()


def _limit() -> str:
    return (datetime.now(UTC) - timedelta(seconds=UNDO_SECONDS)).isoformat()
