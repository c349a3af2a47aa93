"""What one library is kept in: its folder, opened, and the transaction in which all of it changes together."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout
from sqlite_utils import Database

from retrieval.embedding.embedder import Embedder
from retrieval.errors import DamagedLibrary, LibraryBusy, MissingLibrary, ReplacedLibrary, StorageFailed
from retrieval.storage import backup, database, indexing, originals, restoring, undo
from retrieval.storage.backup_folder import backup_folder, way_back
from retrieval.storage.damage import write_failures_named
from retrieval.storage.passages import StoredPassages
from retrieval.storage.reports import StoredReports
from retrieval.storage.writing import Change

_LOCK_SECONDS = 3600.0


class Store:
    """A library's database and files: ``reader`` and ``passages`` to read them, :meth:`transaction` to change them.

    ``lock`` is held by whoever changes the library, of all processes; ``writable`` is False where the folder can't be written.
    """

    def __init__(self, folder: Path, db: Database, embedder: Embedder, lock: FileLock, *, writable: bool = True) -> None:
        self.folder = folder
        self.db = db
        self.embedder = embedder
        self.lock = lock
        self.writable = writable
        self._file = _identity(folder)
        path = folder / "library.db"
        self.reader = StoredReports(folder, db)
        self.indexer = indexing.Indexer(folder, db.conn, (lambda: database.connect(path)) if writable else None)
        self.passages = StoredPassages(db, self.reader, self.indexer, embedder)

    @classmethod
    def open(cls, folder: Path, embedder: Embedder, *, create: bool = True, backups: Path | None = None) -> Store:
        """The library in ``folder``, upgraded where that is due; see :meth:`retrieval.library.Library.open`.

        What a killed process left half-done is finished, unless another process is at work on it.
        """
        restoring.finish_restore(folder)
        path = folder / "library.db"
        if not create and not path.exists():
            raise MissingLibrary(library=folder)
        lock = FileLock(folder / "library.lock", timeout=_LOCK_SECONDS)
        try:
            if path.exists() and not os.access(folder, os.W_OK):
                return cls(folder, database.open_for_reading(path), embedder, lock, writable=False)
            with write_failures_named(folder):
                originals.folder_of(folder).mkdir(parents=True, exist_ok=True)
                _refuse_emptied(folder)
                back_up = partial(backup.before_upgrade, folder, backups or backup_folder(folder))
                db = database.open_database(path, lock, back_up)
        except sqlite3.DatabaseError as error:
            raise DamagedLibrary(library=folder, way=way_back(folder, backups)) from error
        store = cls(folder, db, embedder, lock)
        store._finish_interrupted()
        return store

    def apart(self, lock_seconds: float) -> Store:
        """The same library for another thread, over a connection of its own; it waits for the lock no longer than that."""
        db = database.connect_for_writing(self.folder / "library.db")
        return Store(self.folder, db, self.embedder, FileLock(self.folder / "library.lock", timeout=lock_seconds))

    def close(self) -> None:
        """Waits for an index that is being built, and closes the database."""
        self.indexer.settle()
        self.db.close()

    def check_present(self) -> None:
        """Raises MissingLibrary or ReplacedLibrary where what was opened lies in its folder no more."""
        found = _identity(self.folder)
        if found != self._file:
            raise (ReplacedLibrary if any(found) else MissingLibrary)(library=self.folder)

    @contextmanager
    def transaction(self) -> Iterator[Change]:
        """One change of the library: database first, then originals and index; wholly there or not at all.

        Raises StorageFailed, LibraryBusy, or ReplacedLibrary where another library lies in the folder by now.
        """
        with self._changing():
            generation = self.reader.generation + 1
            with self._written(generation) as change:
                yield change
                database.store_setting(self.db, "generation", str(generation))
            originals.settle(self.db, self.folder)
            self.indexer.catch_up(generation)

    @contextmanager
    def rewriting(self) -> Iterator[Change]:
        """As :meth:`transaction`, of figures alone, which nobody needs to see yet: what others keep in memory they go on to keep
        until the next generation."""
        with self._changing(), self._written(self.reader.generation + 1) as change:
            yield change

    @contextmanager
    def _written(self, generation: int) -> Iterator[Change]:
        if _identity(self.folder) != self._file:
            raise ReplacedLibrary(library=self.folder)
        change = Change(self.db, originals.folder_of(self.folder), self.embedder.fingerprint, generation)
        try:
            with self.db.atomic():
                yield change
        except BaseException:
            change.discard_files()
            raise

    def forget_removed(self) -> None:
        """Deletes for good what was removed longer than ``UNDO_SECONDS`` ago. Raises StorageFailed or LibraryBusy."""
        if undo.overdue(self.db):
            with self._changing():
                originals.settle(self.db, self.folder)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Holds the lock. Raises StorageFailed or LibraryBusy."""
        try:
            with write_failures_named(self.folder), self.lock:
                yield
        except Timeout as error:
            raise LibraryBusy(library=self.folder) from error

    def _finish_interrupted(self) -> None:
        try:
            with self.lock.acquire(timeout=0), write_failures_named(self.folder):
                originals.settle(self.db, self.folder)
                indexing.clear_unfinished(self.folder)
                self.indexer.catch_up(self.reader.generation, in_background=False)
        except (Timeout, StorageFailed):
            pass


def _identity(folder: Path) -> tuple[int, int]:
    """Which file the database is, whatever its name; ``(0, 0)`` where there is none."""
    try:
        found = (folder / "library.db").stat()
    except OSError:
        return 0, 0
    return found.st_dev, found.st_ino


def _refuse_emptied(folder: Path) -> None:
    """A library that has originals had a database, too: an empty or missing one is damage, not a beginning.

    Raises sqlite3.DatabaseError.
    """
    path, held = folder / "library.db", originals.folder_of(folder)
    if not (path.exists() and path.stat().st_size) and any(one.suffix != ".part" for one in held.iterdir()):
        raise sqlite3.DatabaseError("the database is gone")
