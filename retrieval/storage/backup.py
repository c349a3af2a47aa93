"""Backups: one file with a library and what the bot remembers beside it, as they were at one moment.

A zip file of ``manifest.json``, ``library.db``, ``originals/`` and ``telegram/``. The manifest has the SHA-256 of every other
member. Databases are copied from a read transaction, so that whoever changes the library meanwhile neither waits nor is seen;
:func:`keeping_originals` stops the deletion of originals for as long. The index is not in it: it is derived.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from filelock import FileLock, Timeout

from retrieval.errors import BackupFailed, DamagedLibrary, LibraryBusy, MissingLibrary, NotABackup, UpgradeNeedsBackup
from retrieval.messages import message
from retrieval.ports import Progress
from retrieval.storage import database
from retrieval.storage.backup_folder import clear_unfinished, upgrade_name, way_back, work_lock
from retrieval.storage.files import put_in_place, reason_of

FORMAT = 1
MANIFEST = "manifest.json"
LIBRARY = "library.db"
_PAGES = 2000  # of a database are copied in one go: 8 MB
_CHUNK = 1 << 20
_PATIENCE = 600.0  # seconds that a backup waits for another one
_LEVEL = 1  # of deflate: level 6 makes a database of vectors 3 % smaller and takes three times as long


@dataclass
class Made:
    """A backup that was written. ``problems`` are sentences about what the library itself lacks."""

    path: Path
    reports: int
    size: int
    problems: list[str] = field(default_factory=list)


def write_backup(
    folder: Path, target: Path, progress: Progress | None = None, backups: Path | None = None, *, chats: bool = True
) -> Made:
    """Backs up the library in ``folder`` to the file ``target``, over an older backup of that name.

    Without ``chats`` what people asked the bot is left out, as in a backup that is sent to somebody.

    Raises MissingLibrary, DamagedLibrary (which names the newest of ``backups``), NotABackup where ``target`` is something
    else, LibraryBusy, BackupFailed; and whatever ``progress`` raises, which is how a backup is broken off.
    """
    if not (folder / LIBRARY).exists():
        raise MissingLibrary(library=folder)
    if target.exists() and not is_backup(target):
        raise NotABackup(file=target)
    work = target.with_name(f"{target.name}.part")
    try:
        with keeping_originals(folder):
            shutil.rmtree(work, ignore_errors=True)
            work.mkdir()
            try:
                with work_lock(work):
                    made = _Writing(folder, work, progress or _silent, chats).write()
                    put_in_place(work / "archive", target)
            finally:
                shutil.rmtree(work, ignore_errors=True)
    except Timeout as error:
        raise LibraryBusy(library=folder) from error
    except (OSError, sqlite3.OperationalError) as error:
        raise BackupFailed(file=target, reason=message(f"storage.{reason_of(error)}")) from error
    except sqlite3.DatabaseError as error:
        raise DamagedLibrary(library=folder, way=way_back(folder, backups)) from error
    return Made(target, made.reports, target.stat().st_size, made.problems)


def before_upgrade(folder: Path, backups: Path, schema: str) -> None:
    """Backs up a library of an older ``schema`` to the folder ``backups``. Raises UpgradeNeedsBackup."""
    try:
        backups.mkdir(parents=True, exist_ok=True)
        clear_unfinished(backups)
        write_backup(folder, backups / upgrade_name(schema))
    except OSError as error:
        reason = message(f"storage.{reason_of(error)}")
        raise UpgradeNeedsBackup(library=folder, folder=backups, reason=reason) from error
    except BackupFailed as error:
        raise UpgradeNeedsBackup(library=folder, folder=backups, reason=error.values["reason"]) from error


def is_backup(path: Path) -> bool:
    """Whether a file looks like one of our backups."""
    try:
        with zipfile.ZipFile(path) as archive:
            return MANIFEST in archive.namelist()
    except (OSError, zipfile.BadZipFile):
        return False


@contextmanager
def keeping_originals(folder: Path) -> Iterator[None]:
    """No original is deleted meanwhile; waits for another backup. Raises Timeout."""
    lock = _originals_lock(folder)
    try:
        lock.acquire(timeout=_PATIENCE)
    except PermissionError:  # who can't write here can't lock; a library on a read-only disk is backed up all the same
        yield
        return
    except OSError as error:
        if reason_of(error) != "read_only":
            raise
        yield
        return
    try:
        yield
    finally:
        lock.release()


@contextmanager
def deleting_originals(folder: Path) -> Iterator[bool]:
    """Whether originals may be deleted now; where not, they wait for the next change."""
    lock = _originals_lock(folder)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


def _originals_lock(folder: Path) -> FileLock:
    return FileLock(folder / "backup.lock")


class _Writing:
    """One backup while it is written into the folder ``work``."""

    def __init__(self, folder: Path, work: Path, progress: Progress, chats: bool) -> None:
        self._folder = folder
        self._work = work
        self._chats = chats
        self._progress = progress
        self._members: dict[str, dict[str, Any]] = {}
        self._packed = self._to_pack = 0  # bytes
        self._missing: list[str] = []
        self.problems: list[str] = []
        self.reports = 0

    def write(self) -> _Writing:
        kept = self._work / LIBRARY
        self._copy(self._folder / LIBRARY, kept)
        states = self._copy_states() if self._chats else []
        with closing(sqlite3.connect(kept)) as connection:
            summary = _summary(connection)
            documents = connection.execute("select stored_as, sha256, file from documents order by id").fetchall()
            documents += _removed_documents(connection)
        self.reports = summary["reports"]
        drafts = _files_of(self._folder / "telegram" / "drafts") if self._chats else []
        self._to_pack = sum(_size(one) for one in (kept, *states, *drafts))
        self._to_pack += sum(_size(self._folder / "originals" / stored_as) for stored_as, _, _ in documents)
        with zipfile.ZipFile(self._work / "archive", "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
            self._pack(archive, kept, LIBRARY)
            for state in states:
                self._pack(archive, state, f"telegram/{state.name}")
            for draft in drafts:
                with suppress(FileNotFoundError):  # decided on this moment
                    self._pack(archive, draft, f"telegram/drafts/{draft.name}")
            for number, document in enumerate(documents, 1):
                self._pack_original(archive, number, *document)
            archive.writestr(MANIFEST, json.dumps(self._manifest(summary), ensure_ascii=False, indent=1))
        return self

    def _copy_states(self) -> list[Path]:
        """The bot's own databases, copied; one that can't be read is left out and told."""
        copies = []
        for state in sorted((self._folder / "telegram").glob("*.db")):
            try:
                self._copy(state, self._work / state.name)
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:
                self.problems.append(message("backups.state_damaged", path=state))
                continue
            copies.append(self._work / state.name)
        return copies

    def _copy(self, source: Path, copy: Path) -> None:
        """Copies a database as it is at this moment. Raises sqlite3.DatabaseError where it is damaged."""
        with closing(database.connect_as_permitted(source)) as live, closing(sqlite3.connect(copy)) as kept:
            live.execute("begin")  # the whole copy is of the moment of the next line
            live.execute("select count(*) from sqlite_schema").fetchone()
            live.backup(kept, pages=_PAGES, progress=lambda _, left, all_: self._progress("copying", all_ - left, all_))
            kept.execute("pragma journal_mode = delete")
            (found,) = kept.execute("pragma quick_check(1)").fetchone()
            if found != "ok":
                raise sqlite3.DatabaseError(found)

    def _pack_original(self, archive: zipfile.ZipFile, number: int, stored_as: str, sha256: str, file: str) -> None:
        member = f"originals/{number:04d}-{_printable(file)}"
        path = self._folder / "originals" / stored_as
        # A change that was committed this moment, or was killed then, has it as .part.
        for candidate in (path, path.with_name(f"{stored_as}.part"), path):
            try:
                packed = self._pack(archive, candidate, member, stored_as)
            except FileNotFoundError:
                continue
            if packed != sha256:
                self.problems.append(message("backups.original_changed", file=file))
            return
        self._missing.append(stored_as)
        self.problems.append(message("backups.original_missing", file=file))

    def _pack(self, archive: zipfile.ZipFile, path: Path, member: str, stored_as: str | None = None) -> str:
        """Packs a file; its SHA-256. Raises FileNotFoundError before anything is written."""
        digest, size = hashlib.sha256(), 0
        with path.open("rb") as source, archive.open(_entry(member, source), "w", force_zip64=True) as packed:
            for chunk in _chunks(source):
                digest.update(chunk)
                packed.write(chunk)
                size += len(chunk)
                self._packed += len(chunk)
                self._progress("packing", _megabytes(self._packed), _megabytes(max(self._to_pack, self._packed)))
        self._members[member] = {"sha256": digest.hexdigest(), "size": size} | ({"as": stored_as} if stored_as else {})
        return digest.hexdigest()

    def _manifest(self, summary: dict[str, Any]) -> dict[str, Any]:
        made_at = datetime.now(UTC).isoformat(timespec="seconds")
        return {"format": FORMAT, "made_at": made_at, **summary, "missing": self._missing, "members": self._members}


def _summary(connection: sqlite3.Connection) -> dict[str, Any]:
    (generation,) = connection.execute("select value from settings where key = 'generation'").fetchone()
    (reports,) = connection.execute("select count(*) from reports").fetchone()
    return {"schema": database.schema_of(connection), "generation": int(generation), "reports": reports}


def _removed_documents(connection: sqlite3.Connection) -> list[tuple[str, str, str]]:
    """The originals of reports that can still be brought back; the oldest schema has none."""
    if not connection.execute("select 1 from sqlite_schema where name = 'removed_reports'").fetchone():
        return []
    return connection.execute(
        "select distinct stored_as, sha256, file from removed_reports where stored_as not in (select stored_as from documents)"
    ).fetchall()


def _files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _megabytes(count: int) -> int:
    return -(-count // 1_000_000)


def _entry(member: str, source: IO[bytes]) -> zipfile.ZipInfo:
    changed = time.localtime(max(os.fstat(source.fileno()).st_mtime, 315_619_200))  # zip files know no date before 1980
    entry = zipfile.ZipInfo(member, changed[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _printable(name: str) -> str:
    """A file's name as it can stand in an archive, for people who look inside."""
    return "".join(char if char.isprintable() and char not in '/\\:*?"<>|' else "_" for char in name)[-100:]


def _chunks(source: IO[bytes]) -> Iterator[bytes]:
    while chunk := source.read(_CHUNK):
        yield chunk


def _silent(stage: str, done: int, total: int) -> None:
    """Progress that nobody looks at."""
