"""Restoring a backup: all of it verified in a folder beside, then put in the library's place by two renames.

The old library is kept under a dated name. A process killed before the first rename has changed nothing; one killed between
the two has left a finished library beside an empty place, where :func:`finish_restore`, which every opener calls, puts it.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from retrieval.errors import (
    LibraryBusy,
    LibraryInUse,
    MissingPath,
    RestoreFailed,
    StorageFailed,
)
from retrieval.messages import message
from retrieval.ports import Progress
from retrieval.storage import database
from retrieval.storage.backup import LIBRARY
from retrieval.storage.backup_folder import stamp
from retrieval.storage.files import force_to_disk, reason_of
from retrieval.storage.unpacking import Unpacking

RESTORED = "restored.json"  # in a library that was restored: from what, and where the old one is kept


@dataclass(frozen=True)
class Restored:
    """What was restored. ``kept`` is the old library, ``problems`` what the new one's ``verify`` says."""

    reports: int
    made_at: str
    kept: Path | None
    problems: list[str]


def restore_backup(file: Path, folder: Path, verified: Callable[[Path], list[str]], progress: Progress | None = None) -> Restored:
    """Puts the library of a backup in the place of the one in ``folder``, which is kept beside.

    ``verified`` is called with the folder of the unpacked library, of the newest schema; it makes what a backup does not hold,
    and returns what is wrong. It is restored all the same: the rest is put right by ``rebuild``.

    Raises, with nothing replaced, MissingPath, NotABackup, DamagedBackup, NewerBackup, LibraryInUse, LibraryBusy,
    RestoreFailed, or what ``progress`` raises.
    """
    if not file.is_file():
        raise MissingPath(path=file)
    if os.path.ismount(folder):  # it can't be renamed; better told now than when everything has been unpacked
        raise RestoreFailed(library=folder, reason=message("storage.mount_point"))
    finish_restore(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _unused(folder), _staged(folder) as staging:
            manifest = Unpacking(file, staging, progress or _silent).unpack()
            database.open_database(staging / LIBRARY, FileLock(staging / "library.lock"), lambda _: None).close()
            problems = verified(staging)
            kept = _beside(folder, f"before-restore-{stamp()}") if folder.exists() else None
            _mark_ready(staging, file, kept)
            _swap(staging, folder, kept)
    except StorageFailed as error:
        raise RestoreFailed(library=folder, reason=error.values["reason"]) from error
    except (OSError, sqlite3.OperationalError) as error:
        raise RestoreFailed(library=folder, reason=message(f"storage.{reason_of(error)}")) from error
    return Restored(manifest.reports, manifest.made_at, kept, problems)


def finish_restore(folder: Path) -> None:
    """Puts a restored library in its place where a killed process had only taken the old one away."""
    if (folder / LIBRARY).exists():
        return
    staging = staging_of(folder)
    try:
        kept = json.loads((staging / RESTORED).read_text(encoding="utf-8"))["kept"]
    except (OSError, ValueError, KeyError):
        return
    if kept is None or folder.with_name(kept).exists():
        with suppress(OSError):  # another process was faster, or there is something else now
            os.rename(staging, folder)


def staging_of(folder: Path) -> Path:
    """Where a backup is unpacked and verified."""
    return _beside(folder, "restoring")


def _beside(folder: Path, suffix: str) -> Path:
    whole = folder.absolute()
    return whole.with_name(f"{whole.name}.{suffix}")


@contextmanager
def _staged(folder: Path) -> Iterator[Path]:
    """An empty folder beside the library's, gone in the end unless it has become the library."""
    staging = staging_of(folder)
    lock = FileLock(f"{staging}.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise LibraryBusy(library=folder) from error
    try:
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir()
        try:
            yield staging
        finally:
            if not _is_ready(staging):
                shutil.rmtree(staging, ignore_errors=True)
    finally:
        Path(lock.lock_file).unlink(missing_ok=True)
        lock.release()


def _is_ready(staging: Path) -> bool:
    return (staging / RESTORED).exists()


def _mark_ready(staging: Path, file: Path, kept: Path | None) -> None:
    for path in [*staging.rglob("*"), staging]:
        force_to_disk(path)
    part = staging / f"{RESTORED}.part"
    part.write_text(json.dumps({"from": file.name, "kept": kept.name if kept else None}, ensure_ascii=False), encoding="utf-8")
    force_to_disk(part)
    os.replace(part, staging / RESTORED)
    force_to_disk(staging)


def _swap(staging: Path, folder: Path, kept: Path | None) -> None:
    """Takes the old library away and puts the new one there."""
    try:
        if kept is not None:
            os.rename(folder, kept)
        try:
            os.rename(staging, folder)
        except OSError:
            if kept is not None:
                os.rename(kept, folder)
            raise
    except OSError:
        (staging / RESTORED).unlink(missing_ok=True)
        raise
    force_to_disk(folder.absolute().parent)


# -- the old library ----------------------------------------------------------------------------------------------------


@contextmanager
def _unused(folder: Path) -> Iterator[None]:
    """Nobody else has the library open. Raises LibraryInUse."""
    locks = [FileLock(path) for path in (folder / "telegram").glob("*.lock")]
    locks += [FileLock(folder / "library.lock")] if (folder / LIBRARY).exists() else []
    held: list[FileLock] = []
    try:
        for lock in locks:
            lock.acquire(timeout=0)
            held.append(lock)
        if (folder / LIBRARY).exists() and _is_open(folder / LIBRARY):
            raise LibraryInUse(library=folder)
        yield
    except Timeout as error:
        raise LibraryInUse(library=folder) from error
    finally:
        for lock in held:
            lock.release()


def _is_open(path: Path) -> bool:
    """Whether another connection has a database open: in exclusive mode SQLite then gives it to nobody else.

    A damaged database can't be asked; whoever had it open can't do anything with it either.
    """
    try:
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
            connection.execute("pragma locking_mode = exclusive")
            connection.execute("select count(*) from sqlite_schema").fetchone()
    except sqlite3.OperationalError as error:
        return "locked" in str(error)
    except sqlite3.DatabaseError:
        return False
    return False


def _silent(stage: str, done: int, total: int) -> None:
    """Progress that nobody looks at."""
