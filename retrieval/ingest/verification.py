"""Proving a library's invariant: database, originals and index say the same."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from retrieval.errors import ReportBotError
from retrieval.ingest.understanding import read_reports
from retrieval.language.tokens import dictionary_version
from retrieval.messages import message
from retrieval.models import Report
from retrieval.reading.loading import read_file
from retrieval.reading.raw import RawText
from retrieval.storage import database
from retrieval.storage.indexing import index_files

if TYPE_CHECKING:
    from retrieval.library import Library


def disagreements(library: Library) -> list[str]:
    """A sentence for each disagreement; empty when the library is sound."""
    problems: list[str] = []
    try:
        for check in (_database, _originals, _texts, _tokens, _index):
            problems += check(library)
    except sqlite3.DatabaseError as error:  # a damaged page: what lies on it can't be compared with anything
        problems.append(message("verify.database", detail=error))
    return problems


def _database(library: Library) -> Iterator[str]:
    for (line,) in library.db.execute("pragma integrity_check"):
        if line != "ok":
            yield message("verify.database", detail=line)
            return
    made_with = database.setting(library.db, "dictionary")
    if made_with is not None and made_with != dictionary_version():
        yield message("verify.dictionary")
    made_by = database.setting(library.db, "model")
    if made_by is not None and made_by != library.embedder.fingerprint:
        yield message("verify.model", made_by=made_by, now=library.embedder.fingerprint)


def _originals(library: Library) -> Iterator[str]:
    folder = library.folder / "originals"
    known = {row[0] for row in library.db.execute("select stored_as from removed_reports")}
    documents = "select d.id, d.sha256, d.file, d.stored_as, g.raw, g.sha256 as read_as from documents d"
    for row in library.db.query(f"{documents} left join readings g on g.document_id = d.id"):
        known.add(row["stored_as"])
        path = folder / row["stored_as"]
        try:
            content = path.read_bytes()
        except OSError:
            yield message("verify.original_missing", file=row["file"], path=path)
            continue
        if hashlib.sha256(content).hexdigest() != row["sha256"]:
            yield message("verify.original_changed", file=row["file"], path=path)
            continue
        if row["raw"] is not None and hashlib.sha256(row["raw"].encode()).hexdigest() != row["read_as"]:
            yield message("verify.reading_changed", file=row["file"])
            continue
        yield from _against_original(library, row["id"], row["file"], content, row["raw"])
    for path in sorted(folder.iterdir()):
        if path.name not in known and path.suffix != ".part":
            yield message("verify.original_unknown", path=path)


def _against_original(library: Library, document_id: int, file: str, content: bytes, reading: str | None) -> Iterator[str]:
    """The original is read again, unless that takes recognising letters or another program: then as it was read once."""
    try:
        raw = read_file(content, file) if reading is None else RawText.from_json(json.loads(reading))
        parts = read_reports(raw)
    except ReportBotError as error:
        yield message("verify.original_unreadable", file=file, detail=error.user_message)
        return
    rows = library.db.execute(
        "select id, ordinal, text from reports join texts on report_id = id where document_id = ?", [document_id]
    )
    for report_id, ordinal, text in rows.fetchall():
        if ordinal > len(parts) or parts[ordinal - 1].text != text:
            yield message("verify.text_differs", id=report_id, file=file)


def _texts(library: Library) -> Iterator[str]:
    """Everything derived points into its report's text, and is what it says it is."""
    for report in library.reports():
        text = library.text(report.id)
        for problem in _of_report(library, report, text):
            yield message("verify.report", id=report.id, detail=problem)


def _of_report(library: Library, report: Report, text: str) -> Iterator[str]:
    outline = library.outline(report.id)
    if not outline or outline[0].start != 0 or max(section.end for section in outline) != len(text):
        yield message("verify.outline")
    if len(library.passages(report.id)) != report.passages or len(library.figures(report.id)) != report.figures:
        yield message("verify.counts")
    for passage in library.passages(report.id):
        if not 0 <= passage.start < passage.end <= len(text) or passage.section >= len(outline):
            yield message("verify.passage", id=passage.id)
    starts = [page.start for page in library.pages(report.id)]
    if starts != sorted(starts) or not all(0 <= start <= len(text) for start in starts):
        yield message("verify.pages")
    for figure in library.figures(report.id):
        held = figure.sentence_start <= figure.start < figure.end <= figure.sentence_end <= len(text)
        if not held or text[figure.start : figure.end] != figure.value:
            yield message("verify.figure", value=figure.value, start=figure.start)
    evidence = json.loads(library.db.execute("select evidence from reports where id = ?", [report.id]).fetchone()[0])
    for field, (start, end) in evidence.items():
        if not 0 <= start < end <= len(text):
            yield message("verify.evidence", field=message(f"fields.{field}"))


def _tokens(library: Library) -> Iterator[str]:
    unmatched = library.db.execute(
        "select (select count(*) from passages where id not in (select rowid from passages_fts)),"
        " (select count(*) from passages_fts where rowid not in (select id from passages))"
    ).fetchone()
    if any(unmatched):
        yield message("verify.tokens", missing=unmatched[0], extra=unmatched[1])
        return
    counted = Counter[str]()
    for body, heading in library.db.execute("select body, heading from passages_fts"):
        counted.update({*body.split(), *heading.split()})
    if dict(library.db.execute("select token, passages from tokens").fetchall()) != counted:
        yield message("verify.token_counts")


def _index(library: Library) -> Iterator[str]:
    """An index may lag behind; but what it has of a report that has not changed since is what the database has."""
    ids, vectors = library.stored_vectors()
    files = index_files(library.folder)
    if not files:
        if ids:
            yield message("verify.index_missing")
        return
    from retrieval.storage.index import VectorIndex

    held, path = max(files.items())
    try:
        found = VectorIndex.read(path, mapped=False)
    except RuntimeError:
        yield message("verify.index_damaged")
        return
    rows = library.db.execute("select p.id from passages p join reports r on r.id = p.report_id where r.derived <= ?", [held])
    known, in_index = np.array([row[0] for row in rows.fetchall()], np.int64), found.ids()
    missing = len(np.setdiff1d(known, in_index))
    extra = len(np.setdiff1d(in_index, known)) if held == library.generation else 0
    if missing or extra or held > library.generation:
        yield message("verify.index_ids", missing=missing, extra=extra)
        return
    in_order = np.isin(in_index, known)
    stored = vectors[np.searchsorted(ids, in_index[in_order])]
    kept = found.vectors(in_index)[in_order]
    if len(kept) and float((kept * stored).sum(axis=1).min()) < found.closeness:
        yield message("verify.index_vectors")
