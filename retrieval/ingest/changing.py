"""Changing reports that a library holds: corrected, removed, brought back, or all of them derived again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from retrieval.errors import NothingToRestore, ReportBotError
from retrieval.ingest import adding
from retrieval.ingest.adding import Decision
from retrieval.ingest.understanding import checked, embedded, read_reports, understand_report
from retrieval.models import Removal, Report
from retrieval.ports import Progress
from retrieval.reading.loading import read_file
from retrieval.reading.raw import RawText
from retrieval.report.cleaning import Cleaned
from retrieval.storage import originals, undo
from retrieval.storage.store import Store
from retrieval.storage.writing import Document


def edit(store: Store, report_id: int, corrections: Mapping[str, Any], progress: Progress | None, actor: str) -> Report:
    """See :meth:`retrieval.library.Library.edit`."""
    stored = store.reader.stored(report_id)
    given = checked(corrections)
    merged = {**json.loads(stored["corrections"]), **given}
    understood = understand_report(_cleaned(store, stored), merged)
    vectors = embedded(understood, store.embedder, progress)
    with store.transaction() as change:
        change.derive(report_id, understood, vectors, merged)
        change.record(actor, "edited", report_id, given)
    return store.reader.report(report_id)


def remove(store: Store, report_ids: Iterable[int], actor: str, undoable: bool) -> list[Report]:
    """See :meth:`retrieval.library.Library.remove`."""
    removed = [store.reader.report(report_id) for report_id in report_ids]
    with store.transaction() as change:
        for report in removed:
            change.record(actor, "removed", report.id)
            if undoable:
                change.keep_for_undo(report.id)
            change.remove(report.id)
    return removed


def restore(store: Store, report_id: int, actor: str) -> Report:
    """See :meth:`retrieval.library.Library.restore`."""
    kept = undo.kept_report(store.db, report_id)
    if kept is None:
        raise NothingToRestore()
    try:
        content = (originals.folder_of(store.folder) / kept.stored_as).read_bytes()
    except OSError as error:
        raise NothingToRestore() from error
    understood = understand_report(kept.cleaned, kept.corrections)
    vectors = kept.vectors_of(understood)
    if vectors is None:
        vectors = embedded(understood, store.embedder, None)
    with store.transaction() as change:
        adding.refuse_if_known(store, understood, Decision(kept.corrections))
        url, published = kept.cleaned.url, kept.cleaned.published
        document = Document(kept.sha256, kept.file, content, kept.parts, url, published, kept.reading)
        change.add(document, kept.ordinal, understood, vectors, kept.corrections, report_id, kept.passage_ids)
        change.forget_kept(report_id)
        change.record(actor, "restored", report_id)
    return store.reader.report(report_id)


def rebuild(store: Store, progress: Progress | None) -> int:
    """See :meth:`retrieval.library.Library.rebuild`."""
    with store.transaction() as change:
        report_ids = store.reader.read_ids()
        change.forget_tokens()
        for report_id in report_ids:
            stored = store.reader.stored(report_id)
            corrections = json.loads(stored["corrections"])
            understood = understand_report(_reread(store, stored) or _cleaned(store, stored), corrections)
            change.derive(report_id, understood, embedded(understood, store.embedder, progress), corrections)
        change.store_makers()
    return len(report_ids)


def _cleaned(store: Store, stored: Mapping[str, Any]) -> Cleaned:
    removals = tuple(Removal(**one) for one in json.loads(stored["removals"]))
    return Cleaned(stored["text"], removals, store.reader.pages(stored["id"]), stored["url"], stored["published"])


def _reread(store: Store, stored: Mapping[str, Any]) -> Cleaned | None:
    """What the report's original reads as today, or None where it can't be told."""
    try:
        if stored["reading"] is None:
            content = (originals.folder_of(store.folder) / stored["stored_as"]).read_bytes()
            reports = read_reports(read_file(content, stored["file"]))
        else:
            reports = read_reports(RawText.from_json(json.loads(stored["reading"])))
    except (OSError, ReportBotError):
        return None
    return reports[stored["ordinal"] - 1] if len(reports) == stored["parts"] else None
