"""What a library's opener puts right: what a killed process left half-done, and what an older program read otherwise."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

from filelock import Timeout

from retrieval.errors import LibraryBusy, StorageFailed
from retrieval.figures import extraction
from retrieval.models import Metadata
from retrieval.storage import backup, database, indexing, undo
from retrieval.storage.damage import write_failures_named

if TYPE_CHECKING:
    from retrieval.library import Library

_log = logging.getLogger(__name__)


def finish_interrupted(library: Library) -> None:
    """Finishes what a killed process left half-done, unless another process is at work on it."""
    try:
        with library.lock.acquire(timeout=0), write_failures_named(library.folder):
            finish_files(library)
            indexing.clear_unfinished(library.folder)
            library.indexer.catch_up(library.generation, in_background=False)
    except (Timeout, StorageFailed):
        pass


def read_figures_again(library: Library) -> None:
    """Reads the figures of all reports anew where an older program read them; nothing else depends on them."""
    if database.setting(library.db, "figures") == extraction.VERSION:
        return
    try:
        if not library.reports():
            with write_failures_named(library.folder):
                database.store_setting(library.db, "figures", extraction.VERSION)
            return
        with library.transaction() as change:
            for report in library.reports():
                metadata = Metadata(
                    place=report.place,
                    level=report.level,
                    within=report.within,
                    review_year=report.review_year,
                    plan_year=report.plan_year,
                )
                text, outline = library.text(report.id), library.outline(report.id)
                change.store_figures(report.id, extraction.read_figures(text, outline, metadata))
            database.store_setting(library.db, "figures", extraction.VERSION)
    except (LibraryBusy, StorageFailed):
        _log.warning("the figures of %s are those of an older program", library.folder)


def finish_files(library: Library) -> None:
    """Puts the files of originals right after a change: new ones get their names, those that no report needs are deleted."""
    originals = library.folder / "originals"
    undo.forget(library.db, undo.overdue(library.db))
    kept = {row[0] for row in library.db.execute("select stored_as from documents union select stored_as from removed_reports")}
    for part in originals.glob("*.part"):
        name = part.name.removesuffix(".part")
        if name in kept and not (originals / name).exists():
            os.replace(part, originals / name)
        else:
            part.unlink()
    doomed = library.db.execute("select name from doomed_files").fetchall()
    if not doomed:
        return
    with backup.deleting_originals(library.folder) as may_delete:
        for (name,) in doomed if may_delete else ():
            if name not in kept:
                (originals / name).unlink(missing_ok=True)
            library.db.execute("delete from doomed_files where name = ?", [name])
