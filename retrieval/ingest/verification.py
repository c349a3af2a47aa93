"""Proving a library's invariant: database, originals and index say the same."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator

import numpy as np

from retrieval.errors import ReportBotError
from retrieval.ingest.understanding import read_reports
from retrieval.language.tokens import dictionary_version
from retrieval.messages import message
from retrieval.models import Report
from retrieval.reading.loading import read_file
from retrieval.reading.raw import RawText
from retrieval.storage import originals
from retrieval.storage.audit import Audit, StoredDocument
from retrieval.storage.index import VectorIndex
from retrieval.storage.indexing import index_files
from retrieval.storage.reports import StoredReports
from retrieval.storage.store import Store


def disagreements(store: Store) -> list[str]:
    """A sentence for each disagreement; empty when the library is sound."""
    store.reader.forget_kept()  # what counts is what is on disk
    audit = Audit(store.db)
    problems: list[str] = []
    try:
        for check in (_database, _originals, _texts, _tokens, _index):
            problems += check(store, audit)
    except sqlite3.DatabaseError as error:  # a damaged page: what lies on it can't be compared with anything
        problems.append(message("verify.database", detail=error))
    return problems


def _database(store: Store, audit: Audit) -> Iterator[str]:
    damage = audit.damage()
    if damage is not None:
        yield message("verify.database", detail=damage)
        return
    if audit.dictionary() not in (None, dictionary_version()):
        yield message("verify.dictionary")
    made_by = audit.model()
    if made_by is not None and made_by != store.embedder.fingerprint:
        yield message("verify.model", made_by=made_by, now=store.embedder.fingerprint)


def _originals(store: Store, audit: Audit) -> Iterator[str]:
    folder = originals.folder_of(store.folder)
    known = audit.originals_of_removed()
    for document in audit.documents():
        known.add(document.stored_as)
        path = folder / document.stored_as
        try:
            content = path.read_bytes()
        except OSError:
            yield message("verify.original_missing", file=document.file, path=path)
            continue
        if hashlib.sha256(content).hexdigest() != document.sha256:
            yield message("verify.original_changed", file=document.file, path=path)
            continue
        if document.reading is not None and hashlib.sha256(document.reading.encode()).hexdigest() != document.read_as:
            yield message("verify.reading_changed", file=document.file)
            continue
        yield from _against_original(audit, document, content)
    for path in sorted(folder.iterdir()):
        if path.name not in known and path.suffix != ".part":
            yield message("verify.original_unknown", path=path)


def _against_original(audit: Audit, document: StoredDocument, content: bytes) -> Iterator[str]:
    """The original is read again, unless that takes recognising letters or another program: then as it was read once."""
    try:
        kept = document.reading
        raw = read_file(content, document.file) if kept is None else RawText.from_json(json.loads(kept))
        parts = read_reports(raw)
    except ReportBotError as error:
        yield message("verify.original_unreadable", file=document.file, detail=error.user_message)
        return
    for report_id, ordinal, text in audit.texts_of(document.id):
        if ordinal > len(parts) or parts[ordinal - 1].text != text:
            yield message("verify.text_differs", id=report_id, file=document.file)


def _texts(store: Store, _: Audit) -> Iterator[str]:
    """Everything derived points into its report's text, and is what it says it is."""
    for report in store.reader.reports():
        for problem in _of_report(store.reader, report, store.reader.text(report.id)):
            yield message("verify.report", id=report.id, detail=problem)


def _of_report(reader: StoredReports, report: Report, text: str) -> Iterator[str]:
    outline = reader.outline(report.id)
    if not outline or outline[0].start != 0 or max(section.end for section in outline) != len(text):
        yield message("verify.outline")
    if len(reader.passages(report.id)) != report.passages or len(reader.figures(report.id)) != report.figures:
        yield message("verify.counts")
    for passage in reader.passages(report.id):
        if not 0 <= passage.start < passage.end <= len(text) or passage.section >= len(outline):
            yield message("verify.passage", id=passage.id)
    starts = [page.start for page in reader.pages(report.id)]
    if starts != sorted(starts) or not all(0 <= start <= len(text) for start in starts):
        yield message("verify.pages")
    for figure in reader.figures(report.id):
        held = figure.sentence_start <= figure.start < figure.end <= figure.sentence_end <= len(text)
        if not held or text[figure.start : figure.end] != figure.value:
            yield message("verify.figure", value=figure.value, start=figure.start)
    for field, span in reader.evidence(report.id).items():
        if not 0 <= span.start < span.end <= len(text):
            yield message("verify.evidence", field=message(f"fields.{field}"))


def _tokens(_: Store, audit: Audit) -> Iterator[str]:
    missing, extra = audit.unmatched_tokens()
    if missing or extra:
        yield message("verify.tokens", missing=missing, extra=extra)
    elif not audit.token_counts_hold():
        yield message("verify.token_counts")


def _index(store: Store, audit: Audit) -> Iterator[str]:
    """An index may lag behind; but what it has of a report that has not changed since is what the database has."""
    ids, vectors = store.passages.stored_vectors()
    files = index_files(store.folder)
    if not files:
        if ids:
            yield message("verify.index_missing")
        return
    held, path = max(files.items())
    try:
        found = VectorIndex.read(path, mapped=False)
    except RuntimeError:
        yield message("verify.index_damaged")
        return
    known, in_index, generation = audit.passages_until(held), found.ids(), store.reader.generation
    missing = len(np.setdiff1d(known, in_index))
    extra = len(np.setdiff1d(in_index, known)) if held == generation else 0
    if missing or extra or held > generation:
        yield message("verify.index_ids", missing=missing, extra=extra)
        return
    in_order = np.isin(in_index, known)
    stored = vectors[np.searchsorted(ids, in_index[in_order])]
    kept = found.vectors(in_index)[in_order]
    if len(kept) and float((kept * stored).sum(axis=1).min()) < found.closeness:
        yield message("verify.index_vectors")
