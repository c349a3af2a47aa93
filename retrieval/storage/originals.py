"""The files that reports were added from: put right after each change, as far as it is on disk."""

from __future__ import annotations

import os
from pathlib import Path

from sqlite_utils import Database

from retrieval.storage import backup, undo


def folder_of(library: Path) -> Path:
    """Where the originals of the library in a folder lie."""
    return library / "originals"


def settle(db: Database, library: Path) -> None:
    """New originals get their names, those that no report needs are deleted, and what can't be brought back is forgotten."""
    originals = folder_of(library)
    undo.forget(db, undo.overdue(db))
    kept = {row[0] for row in db.execute("select stored_as from documents union select stored_as from removed_reports")}
    for part in originals.glob("*.part"):
        name = part.name.removesuffix(".part")
        if name in kept and not (originals / name).exists():
            os.replace(part, originals / name)
        else:
            part.unlink()
    doomed = db.execute("select name from doomed_files").fetchall()
    if not doomed:
        return
    with backup.deleting_originals(library) as may_delete:
        for (name,) in doomed if may_delete else ():
            if name not in kept:
                (originals / name).unlink(missing_ok=True)
            db.execute("delete from doomed_files where name = ?", [name])
