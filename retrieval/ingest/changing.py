"""Changing reports that a library holds: corrected, removed, brought back, or all of them derived again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from retrieval.errors import NothingToRestore, ReportBotError
from retrieval.ingest import adding
from retrieval.ingest.adding import Decision
from retrieval.ingest.understanding import checked, read_reports, understand_report
from retrieval.language.tokens import dictionary_version
from retrieval.models import Removal, Report
from retrieval.reading.loading import read_file
from retrieval.reading.raw import RawText
from retrieval.report.cleaning import Cleaned
from retrieval.storage import changes, database, undo
from retrieval.storage.writing import Document

if TYPE_CHECKING:
    from retrieval.library import Library, Progress


def edit(library: Library, report_id: int, corrections: Mapping[str, Any], progress: Progress | None, actor: str) -> Report:
    """See :meth:`Library.edit`."""
    stored = library.stored(report_id)
    given = checked(corrections)
    merged = {**json.loads(stored["corrections"]), **given}
    understood = understand_report(_cleaned(library, stored), merged)
    vectors = library.embed(understood, progress)
    with library.transaction() as change:
        change.derive(report_id, understood, vectors, merged)
        changes.record(library.db, actor, "edited", report_id, given)
    return library.report(report_id)


def remove(library: Library, report_ids: Iterable[int], actor: str, undoable: bool) -> list[Report]:
    """See :meth:`Library.remove`."""
    removed = [library.report(report_id) for report_id in report_ids]
    with library.transaction() as change:
        for report in removed:
            changes.record(library.db, actor, "removed", report.id)
            if undoable:
                undo.keep(library.db, report.id)
            change.remove(report.id)
    return removed


def restore(library: Library, report_id: int, actor: str) -> Report:
    """See :meth:`Library.restore`."""
    kept = undo.kept_report(library.db, report_id)
    if kept is None:
        raise NothingToRestore()
    try:
        content = (library.folder / "originals" / kept.stored_as).read_bytes()
    except OSError as error:
        raise NothingToRestore() from error
    understood = understand_report(kept.cleaned, kept.corrections)
    vectors = kept.vectors_of(understood)
    if vectors is None:
        vectors = library.embed(understood, None)
    with library.transaction() as change:
        adding.refuse_if_known(library, understood, Decision(kept.corrections))
        url, published = kept.cleaned.url, kept.cleaned.published
        document = Document(kept.sha256, kept.file, content, kept.parts, url, published, kept.reading)
        change.add(document, kept.ordinal, understood, vectors, kept.corrections, report_id, kept.passage_ids)
        undo.forget(library.db, [report_id])
        changes.record(library.db, actor, "restored", report_id)
    return library.report(report_id)


def rebuild(library: Library, progress: Progress | None) -> int:
    """See :meth:`Library.rebuild`."""
    with library.transaction() as change:
        report_ids = [row[0] for row in library.db.execute("select id from reports order by id")]
        change.forget_tokens()
        for report_id in report_ids:
            stored = library.stored(report_id)
            corrections = json.loads(stored["corrections"])
            understood = understand_report(_reread(library, stored) or _cleaned(library, stored), corrections)
            change.derive(report_id, understood, library.embed(understood, progress), corrections)
        database.store_setting(library.db, "model", library.embedder.fingerprint)
        database.store_setting(library.db, "dictionary", dictionary_version())
    return len(report_ids)


def _cleaned(library: Library, stored: Mapping[str, Any]) -> Cleaned:
    removals = tuple(Removal(**one) for one in json.loads(stored["removals"]))
    return Cleaned(stored["text"], removals, library.pages(stored["id"]), stored["url"], stored["published"])


def _reread(library: Library, stored: Mapping[str, Any]) -> Cleaned | None:
    """What the report's original reads as today, or None where it can't be told."""
    try:
        if stored["reading"] is None:
            content = (library.folder / "originals" / stored["stored_as"]).read_bytes()
            reports = read_reports(read_file(content, stored["file"]))
        else:
            reports = read_reports(RawText.from_json(json.loads(stored["reading"])))
    except (OSError, ReportBotError):
        return None
    return reports[stored["ordinal"] - 1] if len(reports) == stored["parts"] else None
