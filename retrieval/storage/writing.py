"""Writing one change of a library: a report added, derived again or removed, inside the caller's transaction."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from retrieval.embedding.vectors import Vectors, pack
from retrieval.figures.version import reading_version
from retrieval.language.tokens import cut, dictionary_version
from retrieval.models import SKIPPED, Figure
from retrieval.reading.names import suffix_of
from retrieval.report.understood import Understood
from retrieval.storage import changes, database, undo
from retrieval.storage.tokens import count_tokens


@dataclass(frozen=True)
class Document:
    """A file that was added. ``reading`` is its raw text as JSON, where that is kept rather than read again."""

    sha256: str
    file: str
    content: bytes
    reports: int
    url: str | None = None
    published: str | None = None
    reading: str | None = None

    @property
    def stored_as(self) -> str:
        return f"{self.sha256}{suffix_of(self.file)}"


class Change:
    """The writes of one transaction. Originals are written as ``.part`` and take their name once it is committed."""

    def __init__(self, db: Database, originals: Path, fingerprint: str, generation: int) -> None:
        self._db = db
        self._generation = generation
        self._originals = originals
        self._fingerprint = fingerprint
        self._written: list[Path] = []

    def add(
        self,
        document: Document,
        ordinal: int,
        understood: Understood,
        vectors: Vectors,
        corrections: Mapping[str, Any],
        report_id: int | None = None,
        passage_ids: Mapping[tuple[int, int], int] | None = None,
    ) -> int:
        """Stores a new report, under ``report_id`` and ``passage_ids`` (by start and end) when they are given; its id."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        row = self._db.execute("select id from documents where sha256 = ?", [document.sha256]).fetchone()
        if row is None:
            self._write_original(document)
            row = self._db.execute(
                "insert into documents (sha256, file, stored_as, reports, url, published, added_at)"
                " values (?, ?, ?, ?, ?, ?, ?) returning id",
                [
                    document.sha256,
                    document.file,
                    document.stored_as,
                    document.reports,
                    document.url,
                    document.published,
                    now,
                ],
            ).fetchone()
            if document.reading is not None:
                digest = hashlib.sha256(document.reading.encode()).hexdigest()
                self._db.execute("insert into readings values (?, ?, ?)", [row[0], document.reading, digest])
            self._db.execute("delete from doomed_files where name = ?", [document.stored_as])
        if database.setting(self._db, "model") is None:
            self.store_makers()
        new_id = self._db.execute(
            "insert into reports (id, document_id, ordinal, text_sha256, within, evidence, corrections, removals, added_at)"
            " values (?, ?, ?, ?, '[]', '{}', '{}', '[]', ?) returning id",
            [report_id, row[0], ordinal, understood.text_sha256, now],
        ).fetchone()[0]
        self.derive(new_id, understood, vectors, corrections, passage_ids)
        return int(new_id)

    def derive(
        self,
        report_id: int,
        understood: Understood,
        vectors: Vectors,
        corrections: Mapping[str, Any],
        passage_ids: Mapping[tuple[int, int], int] | None = None,
    ) -> None:
        """Stores what was derived from a report, over what was there; passages that did not move keep their ids."""
        self._store_metadata(report_id, understood, corrections)
        self._store_pages(report_id, understood)
        self._store_sections(report_id, understood)
        self._store_passages(report_id, understood, vectors, passage_ids or {})
        self.store_figures(report_id, understood.figures)

    def remove(self, report_id: int) -> None:
        document_id = self._db.execute("select document_id from reports where id = ?", [report_id]).fetchone()[0]
        self._touch(report_id)
        self._drop_passages(report_id)
        self._db.execute("delete from reports where id = ?", [report_id])
        left = self._db.execute("select 1 from reports where document_id = ?", [document_id]).fetchone()
        if left is None:
            name = self._db.execute("select stored_as from documents where id = ?", [document_id]).fetchone()[0]
            self._db.execute("insert or ignore into doomed_files values (?)", [name])
            self._db.execute("delete from documents where id = ?", [document_id])

    def keep_for_undo(self, report_id: int) -> None:
        """Keeps a report that is about to be removed, so that it can be brought back."""
        undo.keep(self._db, report_id)

    def forget_kept(self, report_id: int) -> None:
        """Drops what was kept of a removed report."""
        undo.forget(self._db, [report_id])

    def record(self, actor: str, action: changes.Action, report_id: int, edits: Mapping[str, Any] | None = None) -> None:
        """Logs what was, or is about to be, done to a report that is in the library."""
        changes.record(self._db, actor, action, report_id, edits)

    def store_makers(self) -> None:
        """Stores by which model and which dictionary all passages were made."""
        database.store_setting(self._db, "model", self._fingerprint)
        database.store_setting(self._db, "dictionary", dictionary_version())

    def discard_files(self) -> None:
        """Takes back what was written beside the database, after the transaction failed."""
        for path in self._written:
            path.unlink(missing_ok=True)

    def _write_original(self, document: Document) -> None:
        part = self._originals / f"{document.stored_as}.part"
        self._written.append(part)
        with part.open("wb") as file:
            file.write(document.content)
            file.flush()
            os.fsync(file.fileno())

    def _store_metadata(self, report_id: int, understood: Understood, corrections: Mapping[str, Any]) -> None:
        metadata = understood.metadata
        plain = (
            "title",
            "place",
            "level",
            "review_year",
            "plan_year",
            "delivered_on",
            "meeting",
            "speaker",
            "office",
            "source",
            "kind",
        )
        columns = {name: getattr(metadata, name) for name in plain} | {
            "within": _json(list(metadata.within)),
            "text_sha256": understood.text_sha256,
            "year_said_now": understood.year_said_now,
            "skipped": _json([removal.kind for removal in understood.cleaned.removals if removal.kind in SKIPPED]),
            "evidence": _json({field: [span.start, span.end] for field, span in metadata.evidence.items()}),
            "corrections": _json(dict(corrections)),
            "removals": _json([vars(removal) for removal in understood.cleaned.removals]),
        }
        self._db.execute("insert or replace into texts values (?, ?)", [report_id, understood.text])
        assigned = ", ".join(f"{name} = ?" for name in columns)
        if self._db.execute("select derived from reports where id = ?", [report_id]).fetchone()[0]:
            self._touch(report_id)  # under the place that it had, too
        self._db.execute(f"update reports set {assigned} where id = ?", [*columns.values(), report_id])
        self._touch(report_id)

    def _touch(self, report_id: int) -> None:
        """Notes that a report, of the place that it has now, is another one from this generation on."""
        of_place = "place is (select place from reports where id = ?)"
        self._db.execute(f"delete from touched where report_id = ? and {of_place}", [report_id, report_id])
        self._db.execute("insert into touched select id, place, ? from reports where id = ?", [self._generation, report_id])

    def _store_pages(self, report_id: int, understood: Understood) -> None:
        self._db.execute("delete from pages where report_id = ?", [report_id])
        self._db.conn.executemany(
            "insert into pages values (?, ?, ?, ?, ?)",
            [(report_id, n, page.number, page.start, page.confidence) for n, page in enumerate(understood.cleaned.pages)],
        )

    def _store_sections(self, report_id: int, understood: Understood) -> None:
        self._db.execute("delete from sections where report_id = ?", [report_id])
        self._db.conn.executemany(
            "insert into sections values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (report_id, n, s.parent, s.depth, s.heading, s.start, s.end, s.period, s.ahead, s.multi_year)
                for n, s in enumerate(understood.outline)
            ],
        )

    def _store_passages(
        self, report_id: int, understood: Understood, vectors: Vectors, passage_ids: Mapping[tuple[int, int], int]
    ) -> None:
        rows = self._db.execute("select start, end, id from passages where report_id = ?", [report_id])
        known = {**passage_ids, **{(start, end): id_ for start, end, id_ in rows}}
        self._drop_passages(report_id)
        ids: list[int] = []
        tokens: list[tuple[str, str]] = []
        for passage, heading in zip(understood.passages, understood.headings(), strict=True):
            row = [known.get((passage.start, passage.end)), report_id, passage.section, passage.start, passage.end]
            ids.append(self._db.execute("insert into passages values (?, ?, ?, ?, ?) returning id", row).fetchone()[0])
            tokens.append((" ".join(cut(understood.text[passage.start : passage.end])), " ".join(cut(heading))))
        connection = self._db.conn
        connection.executemany("insert into vectors values (?, ?)", zip(ids, map(pack, vectors), strict=True))
        connection.executemany(
            "insert into passages_fts (rowid, body, heading) values (?, ?, ?)",
            [(id_, *of_passage) for id_, of_passage in zip(ids, tokens, strict=True)],
        )
        self._db.execute(
            "update reports set passages = ?, tokens = ?, first_passage = ?, last_passage = ?, derived = ? where id = ?",
            [
                len(ids),
                count_tokens(connection, tokens, 1),
                min(ids, default=0),
                max(ids, default=0),
                self._generation,
                report_id,
            ],
        )

    def forget_tokens(self) -> None:
        """Empties the lexical index, before all reports are derived again."""
        self._db.execute("delete from passages_fts")
        self._db.execute("delete from tokens")

    def _drop_passages(self, report_id: int) -> None:
        """Drops the passages of a report, with their vectors and tokens."""
        ids = "select id from passages where report_id = ?"
        tokens = self._db.execute(f"select body, heading from passages_fts where rowid in ({ids})", [report_id]).fetchall()
        count_tokens(self._db.conn, tokens, -1)
        self._db.execute(f"delete from passages_fts where rowid in ({ids})", [report_id])
        self._db.execute("delete from passages where report_id = ?", [report_id])

    def store_figures(self, report_id: int, figures: Sequence[Figure]) -> None:
        """Stores the figures of a report, read with today's language data, over those that were there."""
        self._db.execute("delete from figures where report_id = ?", [report_id])
        columns = list(Figure.__dataclass_fields__)
        marks = ", ".join("?" * (len(columns) + 1))
        names = ", ".join(f'"{column}"' for column in columns)
        self._db.conn.executemany(
            f"insert into figures (report_id, {names}) values ({marks})",
            [(report_id, *(getattr(figure, column) for column in columns)) for figure in figures],
        )
        years = {figure.year for figure in figures if figure.year is not None}
        self._db.execute("delete from figure_years where report_id = ?", [report_id])
        self._db.conn.executemany("insert into figure_years values (?, ?)", [(year, report_id) for year in sorted(years)])
        self._db.execute(
            "update reports set figures = ?, figures_read_with = ? where id = ?", [len(figures), reading_version(), report_id]
        )
        self._touch(report_id)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
