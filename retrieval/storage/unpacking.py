"""Unpacking a backup, which is a file from anywhere: no name in it decides where anything is written, and no size what is read."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import zipfile
import zlib
from contextlib import closing
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from retrieval.errors import DamagedBackup, NewerBackup, NotABackup, RestoreFailed
from retrieval.messages import message
from retrieval.ports import Progress
from retrieval.storage import database
from retrieval.storage.backup import FORMAT, LIBRARY, MANIFEST

_CHUNK = 1 << 20
_LONGEST_DIRECTORY = 64 << 20  # of the zip file, and of the manifest: 300,000 members
_TAIL = (1 << 16) + 22 + 20 + 56  # the longest comment, and the records that end a zip file
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # piece by piece; others unfold whole


class Member(msgspec.Struct, frozen=True, rename={"stored_as": "as"}):
    """A file in a backup; ``stored_as`` is the name of an original in the library."""

    sha256: str
    size: Annotated[int, Meta(ge=0, le=1 << 50)]
    stored_as: str | None = None


class Manifest(msgspec.Struct, frozen=True):
    """What a backup says of itself."""

    format: int
    made_at: str
    schema: str
    reports: int
    missing: list[str]
    members: dict[str, Member]


class Unpacking:
    """Unpacks a backup; no name in it decides where anything is written."""

    def __init__(self, file: Path, staging: Path, progress: Progress) -> None:
        self._file = file
        self._staging = staging
        self._progress = progress

    def unpack(self) -> Manifest:
        """Unpacks and verifies everything; the manifest. Raises NotABackup, NewerBackup or DamagedBackup."""
        if _directory_size(self._file) > _LONGEST_DIRECTORY:
            raise self._damaged(MANIFEST)
        try:
            with zipfile.ZipFile(self._file) as archive:
                if MANIFEST not in archive.namelist():
                    raise NotABackup(file=self._file)
                manifest = self._manifest(archive)
                self._refuse_newer(manifest)
                self._unpack_members(archive, manifest.members)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            if not _has_end(self._file):
                raise NotABackup(file=self._file) from error
            raise DamagedBackup(file=self._file, detail=message("backups.checksum", member=MANIFEST)) from error
        self._check_database(manifest)
        return manifest

    def _manifest(self, archive: zipfile.ZipFile) -> Manifest:
        if archive.getinfo(MANIFEST).file_size > _LONGEST_DIRECTORY:
            raise self._damaged(MANIFEST)
        if any(one.compress_type not in _PACKED for one in archive.infolist()):
            raise self._damaged(MANIFEST)
        try:
            manifest = msgspec.json.decode(archive.read(MANIFEST), type=Manifest)
        except ValueError as error:
            raise self._damaged(MANIFEST) from error
        if LIBRARY not in manifest.members or {*archive.namelist()} != {*manifest.members, MANIFEST}:
            raise self._damaged(MANIFEST)
        return manifest

    def _refuse_newer(self, manifest: Manifest) -> None:
        if manifest.format > FORMAT or manifest.schema not in database.known_schemas():
            raise NewerBackup(file=self._file, schema=manifest.schema)

    def _unpack_members(self, archive: zipfile.ZipFile, members: dict[str, Member]) -> None:
        done, total = 0, sum(one.size for one in members.values())
        if total > shutil.disk_usage(self._staging).free:
            raise RestoreFailed(library=self._staging.parent, reason=message("storage.disk_full"))
        for folder in ("originals", "telegram/drafts"):
            (self._staging / folder).mkdir(parents=True)
        for member, expected in members.items():
            digest, left = hashlib.sha256(), expected.size
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
            if left or digest.hexdigest() != expected.sha256:
                raise self._damaged(member)

    def _target(self, member: str, expected: Member) -> Path:
        """Where a member belongs: its own name counts only as far as it is one of those that we give."""
        kind, _, name = member.rpartition("/")
        if member == LIBRARY:
            return self._staging / LIBRARY
        if kind == "originals" and expected.stored_as is not None and _is_plain(expected.stored_as):
            return self._staging / "originals" / expected.stored_as
        if kind == "telegram" and _is_plain(name) and name.removesuffix(".db").isdecimal():
            return self._staging / "telegram" / name
        if kind == "telegram/drafts" and _is_plain(name):
            return self._staging / "telegram" / "drafts" / name
        raise self._damaged(member)

    def _check_database(self, manifest: Manifest) -> None:
        """The database is sound, is of the schema that the manifest names, and has all of its originals."""
        path = self._staging / LIBRARY
        try:
            with closing(sqlite3.connect(path)) as connection:
                (found,) = connection.execute("pragma integrity_check(1)").fetchone()
                if found != "ok" or database.schema_of(connection) != manifest.schema:
                    raise self._damaged(LIBRARY)
                named = {row[0] for row in connection.execute("select stored_as from documents")}
        except sqlite3.OperationalError as error:
            if not str(error).startswith("no such"):
                raise
            raise self._damaged(LIBRARY) from error
        except sqlite3.DatabaseError as error:
            raise self._damaged(LIBRARY) from error
        there = {one.name for one in (self._staging / "originals").iterdir()}
        lacking = named - there - set(manifest.missing)
        if lacking:
            raise self._damaged(f"originals/{min(lacking)}")

    def _damaged(self, member: str) -> DamagedBackup:
        return DamagedBackup(file=self._file, detail=message("backups.checksum", member=member))


def _is_plain(name: str) -> bool:
    """Whether a name is that of a file in a folder, and of nothing elsewhere."""
    return (
        0 < len(name.encode()) <= 255
        and name.isprintable()
        and not name.startswith(".")
        and not any(char in name for char in "/\\:")
    )


def _has_end(path: Path) -> bool:
    """Whether a file begins as a zip file does: what does not was never a backup."""
    with path.open("rb") as file:
        return file.read(2) == b"PK"


def _directory_size(path: Path) -> int:
    """How long the directory of a zip file calls itself: as much ``zipfile`` reads, and an object for each entry."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        tail = file.read()
    sizes = [0]
    for mark, place, length in ((b"PK\x05\x06", 12, 4), (b"PK\x06\x06", 40, 8)):
        found = tail.rfind(mark)
        if found >= 0:
            said = int.from_bytes(tail[found + place : found + place + length], "little")
            sizes.append(0 if length == 4 and said == 0xFFFFFFFF else said)
    return max(sizes)
