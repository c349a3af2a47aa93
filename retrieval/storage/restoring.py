"""Restoring a backup: all of it verified in a folder beside, then put in the library's place by two renames.

The old library is kept under a dated name. A process killed before the first rename has changed nothing; one killed between
the two has left a finished library beside an empty place, where :func:`finish_restore`, which every opener calls, puts it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from retrieval.errors import (
    DamagedBackup,
    LibraryBusy,
    LibraryInUse,
    MissingPath,
    NewerBackup,
    NotABackup,
    RestoreFailed,
    StorageFailed,
)
from retrieval.messages import message
from retrieval.ports import Progress
from retrieval.storage import database
from retrieval.storage.backup import FORMAT, LIBRARY, MANIFEST
from retrieval.storage.backup_folder import stamp
from retrieval.storage.files import force_to_disk, reason_of

RESTORED = "restored.json"  # in a library that was restored: from what, and where the old one is kept
_CHUNK = 1 << 20
_LONGEST_MANIFEST = 100 << 20  # half a million members


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
            manifest = _Unpacking(file, staging, progress or _silent).unpack()
            database.open_database(staging / LIBRARY, FileLock(staging / "library.lock"), lambda _: None).close()
            problems = verified(staging)
            kept = _beside(folder, f"before-restore-{stamp()}") if folder.exists() else None
            _mark_ready(staging, file, kept)
            _swap(staging, folder, kept)
    except StorageFailed as error:
        raise RestoreFailed(library=folder, reason=error.values["reason"]) from error
    except (OSError, sqlite3.OperationalError) as error:
        raise RestoreFailed(library=folder, reason=message(f"storage.{reason_of(error)}")) from error
    return Restored(manifest["reports"], manifest["made_at"], kept, problems)


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


# -- the backup -----------------------------------------------------------------------------------------------------------


class _Unpacking:
    """Unpacks a backup; no name in it decides where anything is written."""

    def __init__(self, file: Path, staging: Path, progress: Progress) -> None:
        self._file = file
        self._staging = staging
        self._progress = progress

    def unpack(self) -> dict[str, Any]:
        """Unpacks and verifies everything; the manifest. Raises NotABackup, NewerBackup or DamagedBackup."""
        try:
            with zipfile.ZipFile(self._file) as archive:
                if MANIFEST not in archive.namelist():
                    raise NotABackup(file=self._file)
                manifest = self._manifest(archive)
                self._refuse_newer(manifest)
                self._unpack_members(archive, manifest["members"])
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            if not _has_end(self._file):
                raise NotABackup(file=self._file) from error
            raise DamagedBackup(file=self._file, detail=message("backups.checksum", member=MANIFEST)) from error
        self._check_database(manifest)
        return manifest

    def _manifest(self, archive: zipfile.ZipFile) -> dict[str, Any]:
        if archive.getinfo(MANIFEST).file_size > _LONGEST_MANIFEST:
            raise self._damaged(MANIFEST)
        try:
            manifest = json.loads(archive.read(MANIFEST))
            members = manifest["members"]
            whole = isinstance(manifest["format"], int) and isinstance(manifest["schema"], str) and LIBRARY in members
            whole = whole and all(isinstance(one["sha256"], str) and isinstance(one["size"], int) for one in members.values())
            manifest["reports"], manifest["made_at"], manifest["missing"]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise self._damaged(MANIFEST) from error
        if not whole or {*archive.namelist()} != {*members, MANIFEST}:
            raise self._damaged(MANIFEST)
        return dict(manifest)

    def _refuse_newer(self, manifest: dict[str, Any]) -> None:
        if manifest["format"] > FORMAT or manifest["schema"] not in database.known_schemas():
            raise NewerBackup(file=self._file, schema=manifest["schema"])

    def _unpack_members(self, archive: zipfile.ZipFile, members: dict[str, dict[str, Any]]) -> None:
        done, total = 0, sum(one["size"] for one in members.values())
        if total > shutil.disk_usage(self._staging).free:
            raise RestoreFailed(library=self._staging.parent, reason=message("storage.disk_full"))
        for folder in ("originals", "telegram/drafts"):
            (self._staging / folder).mkdir(parents=True)
        for member, expected in members.items():
            digest, left = hashlib.sha256(), expected["size"]
            target = self._target(member, expected)
            try:
                with archive.open(member) as packed, target.open("xb") as unpacked:
                    while chunk := packed.read(min(_CHUNK, left + 1)):
                        left -= len(chunk)
                        if left < 0:
                            break
                        digest.update(chunk)
                        unpacked.write(chunk)
                        done += len(chunk)
                        self._progress("verifying", -(-done // 1_000_000), -(-total // 1_000_000))
            except (zipfile.BadZipFile, zlib.error, EOFError, FileExistsError) as error:
                raise self._damaged(member) from error
            if left or digest.hexdigest() != expected["sha256"]:
                raise self._damaged(member)

    def _target(self, member: str, expected: dict[str, Any]) -> Path:
        """Where a member belongs: its own name counts only as far as it is one of those that we give."""
        kind, _, name = member.rpartition("/")
        if member == LIBRARY:
            return self._staging / LIBRARY
        if kind == "originals" and _is_plain(expected.get("as")):
            return self._staging / "originals" / str(expected["as"])
        if kind == "telegram" and _is_plain(name) and name.removesuffix(".db").isdecimal():
            return self._staging / "telegram" / name
        if kind == "telegram/drafts" and _is_plain(name):
            return self._staging / "telegram" / "drafts" / name
        raise self._damaged(member)

    def _check_database(self, manifest: dict[str, Any]) -> None:
        """The database is sound, is of the schema that the manifest names, and has all of its originals."""
        path = self._staging / LIBRARY
        try:
            with closing(sqlite3.connect(path)) as connection:
                (found,) = connection.execute("pragma integrity_check(1)").fetchone()
                if found != "ok" or database.schema_of(connection) != manifest["schema"]:
                    raise self._damaged(LIBRARY)
                named = {row[0] for row in connection.execute("select stored_as from documents")}
        except sqlite3.OperationalError as error:
            if not str(error).startswith("no such"):
                raise
            raise self._damaged(LIBRARY) from error
        except sqlite3.DatabaseError as error:
            raise self._damaged(LIBRARY) from error
        there = {one.name for one in (self._staging / "originals").iterdir()}
        lacking = named - there - set(manifest["missing"])
        if lacking:
            raise self._damaged(f"originals/{min(lacking)}")

    def _damaged(self, member: str) -> DamagedBackup:
        return DamagedBackup(file=self._file, detail=message("backups.checksum", member=member))


def _is_plain(name: Any) -> bool:
    """Whether a name is that of a file in a folder, and of nothing elsewhere."""
    return (
        isinstance(name, str)
        and 0 < len(name.encode()) <= 255
        and name.isprintable()
        and not name.startswith(".")
        and not any(char in name for char in "/\\:")
    )


def _has_end(path: Path) -> bool:
    """Whether a file begins as a zip file does: what does not was never a backup."""
    with path.open("rb") as file:
        return file.read(2) == b"PK"


def _silent(stage: str, done: int, total: int) -> None:
    """Progress that nobody looks at."""
