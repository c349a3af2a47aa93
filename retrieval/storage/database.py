"""The SQLite side of a library: opening it, its migrations, and whether this program may write it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
from sqlite_utils import Database, Migrations

from retrieval.embedding.vectors import pack
from retrieval.errors import NewerLibrary, OlderLibrary
from retrieval.storage.tokens import count_tokens

_BUSY_SECONDS = 60.0
migrations = Migrations("reportbot")


@migrations(name="0001_initial")
def _initial(db: Database) -> None:
    db.execute("create table settings (key text primary key, value text not null)")
    db.execute(
        """create table documents (
            id integer primary key, sha256 text not null unique, file text not null, stored_as text not null,
            reports integer not null, added_at text not null)"""
    )
    db.execute(
        """create table reports (
            id integer primary key autoincrement, document_id integer not null references documents(id),
            ordinal integer not null, text text not null, text_sha256 text not null unique,
            title text, place text, level text, within text not null, review_year integer, plan_year integer,
            year_said_now integer, delivered_on text, meeting text, speaker text, office text, source text,
            evidence text not null, corrections text not null, removals text not null, added_at text not null,
            unique (document_id, ordinal))"""
    )
    db.execute(
        """create table sections (
            report_id integer not null references reports(id) on delete cascade, ordinal integer not null,
            parent integer, depth integer not null, heading text not null, start integer not null,
            end integer not null, period text, ahead integer not null, multi_year integer not null,
            primary key (report_id, ordinal)) without rowid"""
    )
    db.execute(
        """create table passages (
            id integer primary key autoincrement,
            report_id integer not null references reports(id) on delete cascade,
            section integer not null, start integer not null, end integer not null, vector blob not null)"""
    )
    db.execute("create index passages_by_report on passages (report_id, start)")
    db.execute(
        """create virtual table passages_fts using fts5(
            body, heading, tokenize = "unicode61 remove_diacritics 0 tokenchars '%.+&-_'")"""
    )
    db.execute(
        """create table figures (
            id integer primary key autoincrement,
            report_id integer not null references reports(id) on delete cascade,
            indicator text, subject text not null, kind text not null, year integer, measure text not null,
            value text not null, low real, high real, unit text not null, comparator text not null,
            direction text not null, blank integer not null, stretch integer not null, estimated integer not null,
            "primary" integer not null, section integer not null, start integer not null, end integer not null,
            sentence_start integer not null, sentence_end integer not null)"""
    )
    db.execute("create index figures_by_report on figures (report_id, indicator)")
    # Originals to be deleted once the transaction that dropped their last report is on disk.
    db.execute("create table doomed_files (name text primary key)")
    db.execute("insert into settings values ('generation', '0')")


@migrations(name="0002_changes")
def _changes(db: Database) -> None:
    db.execute(
        """create table changes (
            id integer primary key autoincrement, at text not null, actor text not null, action text not null,
            report_id integer not null, title text not null, place text, year integer, edits text not null)"""
    )
    db.execute(
        """create table removed_reports (
            report_id integer primary key, removed_at text not null, sha256 text not null, file text not null,
            stored_as text not null, parts integer not null, ordinal integer not null, text text not null,
            removals text not null, corrections text not null, passages text not null, vectors blob not null)"""
    )


@migrations(name="0003_scales")
def _scales(db: Database) -> None:
    # The figures themselves are read again by the library, which finds that an older program read them.
    db.execute("alter table figures add column scale text not null default ''")


@migrations(name="0004_scale")
def _scale(db: Database) -> None:
    # Vectors (at half precision) and texts in tables of their own, so that listing and counting does not walk through them;
    # what a search needs to know of a report, or of a token, counted once.
    db.execute("create table texts (report_id integer primary key references reports(id) on delete cascade, text text not null)")
    db.execute("insert into texts select id, text from reports")
    db.execute("alter table reports drop column text")
    db.execute("create table vectors (id integer primary key references passages(id) on delete cascade, vector blob not null)")
    db.execute("create table tokens (token text primary key, passages integer not null) without rowid")
    for column in ("passages", "figures", "tokens", "derived", "first_passage", "last_passage"):
        db.execute(f"alter table reports add column {column} integer not null default 0")
    for id_, blob in db.execute("select id, vector from passages").fetchall():
        db.execute("insert into vectors values (?, ?)", [id_, _halved(blob)])
    db.execute("alter table passages drop column vector")
    for id_, blob in db.execute("select report_id, vectors from removed_reports").fetchall():
        db.execute("update removed_reports set vectors = ? where report_id = ?", [_halved(blob), id_])
    for (report_id,) in db.execute("select id from reports").fetchall():
        rows = db.execute(
            "select f.body, f.heading from passages p join passages_fts f on f.rowid = p.id where p.report_id = ?", [report_id]
        ).fetchall()
        tokens = count_tokens(db.conn, rows, 1)
        db.execute("update reports set tokens = ? where id = ?", [tokens, report_id])
    db.execute(
        """update reports set (passages, first_passage, last_passage) =
            (select count(*), coalesce(min(id), 0), coalesce(max(id), 0) from passages p where p.report_id = reports.id),
            figures = (select count(*) from figures f where f.report_id = reports.id),
            derived = (select value from settings where key = 'generation')"""
    )
    db.execute("create index reports_by_derived on reports (derived, passages, tokens)")
    db.execute("create index reports_by_place on reports (place)")


def _halved(vectors: bytes) -> bytes:
    return pack(np.frombuffer(vectors, dtype=np.float32))


@migrations(name="0005_pages")
def _pages(db: Database) -> None:
    # A confidence is that of letters that were recognised; null where the page had its text.
    db.execute(
        """create table pages (
            report_id integer not null references reports(id) on delete cascade, ordinal integer not null,
            number integer not null, start integer not null, confidence real,
            primary key (report_id, ordinal)) without rowid"""
    )
    # The text of a file as it was read, where reading it again is slow or depends on other programs (scans, .doc).
    db.execute(
        """create table readings (
            document_id integer primary key references documents(id) on delete cascade,
            raw text not null, sha256 text not null)"""
    )
    db.execute("alter table documents add column url text")
    db.execute("alter table documents add column published text")
    db.execute("alter table removed_reports add column pages text not null default '[]'")
    db.execute("alter table removed_reports add column reading text")
    db.execute("alter table removed_reports add column url text")
    db.execute("alter table removed_reports add column published text")


@migrations(name="0006_facets")
def _facets(db: Database) -> None:
    # What the words around a number make of it; the figures themselves are read again by the library.
    for column in ("flow", "flow_words", "basis", "whole", "compared_with", "lead", "of_place", "proper_names"):
        db.execute(f"alter table figures add column {column} text not null default ''")
    for column in ("mean", "earlier", "in_words", "shared"):
        db.execute(f"alter table figures add column {column} integer not null default 0")
    # With which grammar and language data the figures of a report were read; of none yet, so that all are read again.
    db.execute("alter table reports add column figures_read_with text not null default ''")
    db.execute("create index reports_by_read_with on reports (figures_read_with)")
    db.execute("delete from settings where key = 'figures'")


@migrations(name="0007_kind")
def _kind(db: Database) -> None:
    # What a text is (a report, news of one), and what of its file was not read: of earlier ones both are told by a rebuild.
    db.execute("alter table reports add column kind text not null default 'report'")
    db.execute("alter table reports add column skipped text not null default '[]'")


@migrations(name="0008_touched")
def _touched(db: Database) -> None:
    # Which reports, of which places, changed in which generation, so that what is kept in memory is kept on but for these.
    db.execute(
        """create table touched (
            report_id integer not null, place text, generation integer not null, unique (report_id, place))"""
    )
    db.execute("create index touched_by_generation on touched (generation, report_id, place)")
    # Of which years the figures of a report are.
    db.execute(
        """create table figure_years (
            year integer not null, report_id integer not null references reports(id) on delete cascade,
            primary key (year, report_id)) without rowid"""
    )
    db.execute("create index figure_years_by_report on figure_years (report_id)")
    db.execute("insert into figure_years select distinct year, report_id from figures where year is not null order by 1, 2")
    db.execute("drop index reports_by_place")
    db.execute("create index reports_by_place on reports (place, within, level, plan_year, review_year)")
    db.execute("create index reports_by_plan_year on reports (plan_year)")
    db.execute("create index reports_by_review_year on reports (review_year)")
    db.execute("create index reports_by_level on reports (level)")
    db.execute("create index reports_by_speaker on reports (speaker)")
    db.execute("create index reports_holed on reports (id) where skipped <> '[]'")


def open_database(path: Path, lock: AbstractContextManager[object], back_up: Callable[[str], None]) -> Database:
    """The database at ``path``, created or migrated to the newest schema while holding ``lock``.

    ``back_up`` is called with the old schema before reports are migrated. Raises NewerLibrary for a schema of a later program,
    sqlite3.DatabaseError (and no OperationalError) where the file can't be read as a database, and what ``back_up`` raises.
    """
    db = connect_for_writing(path)
    connection = db.conn
    try:
        newer = [applied.name for applied in migrations.applied(db) if applied.name not in known_schemas()]
        if newer:
            raise NewerLibrary(library=path.parent, schema=newer[-1])
        if migrations.pending(db) or connection.execute("pragma journal_mode").fetchone() != ("wal",):
            with lock:
                if migrations.pending(db) and _holds_reports(connection):
                    back_up(schema_of(connection))
                connection.execute("pragma journal_mode = wal")
                migrations.apply(db)
    except BaseException:
        connection.close()
        raise
    return db


def _holds_reports(connection: sqlite3.Connection) -> bool:
    """Whether a database, of whatever schema, has a report in it."""
    there = connection.execute("select 1 from sqlite_schema where name = 'reports'").fetchone()
    return bool(there) and bool(connection.execute("select 1 from reports limit 1").fetchone())


def connect(path: Path) -> sqlite3.Connection:
    """Another connection to the database at ``path``, for reading it from another thread."""
    return sqlite3.connect(path, timeout=_BUSY_SECONDS, check_same_thread=False, isolation_level=None)


def connect_for_writing(path: Path) -> Database:
    """The database at ``path``, of the newest schema, over a connection that may write it."""
    connection = connect(path)
    connection.execute("pragma synchronous = full")
    connection.execute("pragma foreign_keys = on")
    return Database(connection)


def connect_as_permitted(path: Path) -> sqlite3.Connection:
    """A connection to the database at ``path``; where its folder can't be written, to the file as it stands on disk."""
    return connect(path) if os.access(path.parent, os.W_OK) else _connect_for_reading(path)


def _connect_for_reading(path: Path) -> sqlite3.Connection:
    uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    return sqlite3.connect(uri, uri=True, check_same_thread=False, isolation_level=None)


def schema_of(connection: sqlite3.Connection) -> str:
    """The newest migration that was applied to a database. Raises sqlite3.DatabaseError where it is no library's."""
    applied = [one.name for one in migrations.applied(Database(connection))]
    if not applied:
        raise sqlite3.DatabaseError("no library")
    return max(applied)


def newest_schema() -> str:
    """The newest migration that this program knows."""
    return known_schemas()[-1]


def known_schemas() -> list[str]:
    """The migrations of this program, oldest first."""
    return [migration.name for migration in migrations._migrations]


def open_for_reading(path: Path) -> Database:
    """The database at ``path`` in a folder that can't be written: as it stands on disk, without its journal.

    Raises OlderLibrary, or sqlite3.DatabaseError where the file can't be read as a database.
    """
    connection = _connect_for_reading(path)
    db = Database(connection)
    if migrations.pending(db):
        connection.close()
        raise OlderLibrary(library=path.parent)
    return db


def setting(db: Database, key: str) -> str | None:
    """The value stored under ``key`` in the library's own settings, or None."""
    row = db.execute("select value from settings where key = ?", [key]).fetchone()
    return None if row is None else str(row[0])


def store_setting(db: Database, key: str, value: str) -> None:
    """Stores ``value`` under ``key``, over what was there."""
    db.execute("insert into settings values (?, ?) on conflict (key) do update set value = excluded.value", [key, value])
