"""What a proof of a library's invariant reads from its database: each method one thing that can be compared with another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from sqlite_utils import Database

from retrieval.storage import database
from retrieval.storage.indexing import Ids


@dataclass(frozen=True)
class StoredDocument:
    """A file as it was added. ``reading`` is its raw text as JSON where that is kept, ``read_as`` that text's SHA-256."""

    id: int
    sha256: str
    file: str
    stored_as: str
    reading: str | None
    read_as: str | None


class Audit:
    """Reads past whatever is kept in memory. Every method raises sqlite3.DatabaseError where a page is damaged."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def damage(self) -> str | None:
        """What SQLite's own check finds first, or None."""
        lines = (line for (line,) in self._db.execute("pragma integrity_check"))
        return next((line for line in lines if line != "ok"), None)

    def model(self) -> str | None:
        """The fingerprint of the model that made the vectors; None before the first report."""
        return database.setting(self._db, "model")

    def dictionary(self) -> str | None:
        """The version of the dictionary that the tokens were cut with; None before the first report."""
        return database.setting(self._db, "dictionary")

    def documents(self) -> Iterator[StoredDocument]:
        """All files, one after the other: what was read of scans is long."""
        rows = self._db.execute(
            "select d.id, d.sha256, d.file, d.stored_as, g.raw, g.sha256 from documents d"
            " left join readings g on g.document_id = d.id"
        )
        return (StoredDocument(*row) for row in rows)

    def originals_of_removed(self) -> set[str]:
        """The names of the originals of reports that can still be brought back."""
        return {row[0] for row in self._db.execute("select stored_as from removed_reports")}

    def texts_of(self, document_id: int) -> list[tuple[int, int, str]]:
        """The id, the ordinal (from 1) and the text of each report of a file."""
        return self._db.execute(
            "select id, ordinal, text from reports join texts on report_id = id where document_id = ?", [document_id]
        ).fetchall()

    def unmatched_tokens(self) -> tuple[int, int]:
        """How many passages lack their tokens, and how many tokens lack their passage."""
        missing, extra = self._db.execute(
            "select (select count(*) from passages where id not in (select rowid from passages_fts)),"
            " (select count(*) from passages_fts where rowid not in (select id from passages))"
        ).fetchone()
        return missing, extra

    def token_counts_hold(self) -> bool:
        """Whether the stored number of passages of each token is the one that counting them gives."""
        counted = Counter[str]()
        for body, heading in self._db.execute("select body, heading from passages_fts"):
            counted.update({*body.split(), *heading.split()})
        return dict(self._db.execute("select token, passages from tokens").fetchall()) == counted

    def passages_until(self, generation: int) -> Ids:
        """The ids of the passages of reports that have not changed since ``generation``."""
        rows = self._db.execute(
            "select p.id from passages p join reports r on r.id = p.report_id where r.derived <= ?", [generation]
        )
        return np.array([row[0] for row in rows.fetchall()], np.int64)
