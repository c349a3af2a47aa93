"""A library of reports: one folder with a database, the originals that were added, and an index derived from both.

What changes a library is loaded when it is first used: most processes only ask.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout
from sqlite_utils import Database

from retrieval.embedding.embedder import Embedder
from retrieval.embedding.vectors import Vectors, dimension_of, unpack
from retrieval.errors import DamagedLibrary, LibraryBusy, MissingLibrary, OtherModel, ReplacedLibrary
from retrieval.ingest import recovery
from retrieval.models import Report
from retrieval.storage import backup, changes, database, indexing, restoring, undo
from retrieval.storage.backup_folder import backup_folder, way_back
from retrieval.storage.damage import write_failures_named
from retrieval.storage.reports import StoredReports

if TYPE_CHECKING:
    from retrieval.ingest.adding import Decision, Original, Outcome, Preview
    from retrieval.ingest.understanding import Understood
    from retrieval.storage.writing import Change

Progress = Callable[[str, int, int], None]
_LOCK_SECONDS = 3600.0
_SAMPLED = 200  # vectors; their standard deviation is within some 5% of all passages'


class Library(StoredReports):
    """The reports, and everything derived from them. Open one with :meth:`open`; it may be shared by threads.

    Invariant (proved by :meth:`verify`): every report's text equals what its original reads as; every passage and
    figure is a piece of that text; what the index holds of a passage is that passage's vector.
    """

    def __init__(self, folder: Path, db: Database, embedder: Embedder, lock: FileLock, *, writable: bool = True) -> None:
        super().__init__(folder, db)
        self.embedder = embedder
        self.lock = lock
        self._file = _identity(folder)
        path = folder / "library.db"
        self.indexer = indexing.Indexer(folder, db.conn, (lambda: database.connect(path)) if writable else None)

    @classmethod
    def open(cls, folder: Path, embedder: Embedder, *, create: bool = True, backups: Path | None = None) -> Library:
        """The library in ``folder``, created when it isn't there, unless ``create`` is False.

        One of an older program is upgraded, after a backup to the folder ``backups`` (by default beside the library). A folder
        that can't be written is opened for reading. Raises MissingLibrary, NewerLibrary, OlderLibrary, DamagedLibrary,
        UpgradeNeedsBackup or StorageFailed.
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
                (folder / "originals").mkdir(parents=True, exist_ok=True)
                _refuse_emptied(folder)
                back_up = partial(backup.before_upgrade, folder, backups or backup_folder(folder))
                db = database.open_database(path, lock, back_up)
        except sqlite3.DatabaseError as error:
            raise DamagedLibrary(library=folder, way=way_back(folder, backups)) from error
        library = cls(folder, db, embedder, lock)
        recovery.finish_interrupted(library)
        recovery.read_figures_again(library)
        return library

    def close(self) -> None:
        self.indexer.settle()
        self.db.close()

    # -- searching ---------------------------------------------------------------------------------------------

    def nearest(self, query: Vectors, count: int, report_ids: Sequence[int] | None = None) -> list[int]:
        """The ids of (about) the ``count`` passages nearest to ``query`` (shape ``(dimension,)``), best first.

        With ``report_ids``, only passages of those reports. Raises OtherModel where the vectors were made by another
        embedding model.
        """
        self.check_model()
        return self.indexer.nearest(query, count, report_ids, self.generation)

    @property
    def indexing(self) -> bool:
        """Whether the index is being brought up to date in the background; :meth:`close` waits for it."""
        return self.indexer.busy

    def check_model(self) -> None:
        """Raises OtherModel where the vectors were made by another embedding model."""
        made_by = database.setting(self.db, "model")
        if made_by is not None and made_by != self.embedder.fingerprint:
            raise OtherModel(library=self.folder, made_by=made_by, now=self.embedder.fingerprint)

    def stored_vectors(self) -> tuple[list[int], Vectors]:
        """All passage ids with their vectors, by id; shape ``(passages, dimension)``."""
        rows = self.db.execute("select id, vector from vectors order by id").fetchall()
        blobs = [row[1] for row in rows]
        return [row[0] for row in rows], unpack(blobs, dimension_of(blobs[0]) if blobs else self.embedder.dimension)

    def sampled_vectors(self) -> Vectors:
        """Some two hundred vectors, taken evenly from all passages: what inner products with a query are like in this library.

        Shape ``(vectors, dimension)``.
        """

        def read() -> Vectors:
            first, last = self.db.execute("select min(id), max(id) from vectors").fetchone()
            positions = (
                sorted({first + (last - first) * n // (_SAMPLED - 1) for n in range(_SAMPLED)}) if first is not None else []
            )
            nearest = "select (select vector from vectors where id >= value order by id limit 1) from json_each(?)"
            blobs = [row[0] for row in self.db.execute(nearest, [json.dumps(positions)]) if row[0]]
            return unpack(blobs, dimension_of(blobs[0]) if blobs else self.embedder.dimension)

        sampled: Vectors = self.kept("sampled vectors", read)
        return sampled

    def keep_up(self, *, wait: bool = False) -> None:
        """Brings the index up to date, in the background or with ``wait``, if it lags far behind.

        From here on one that is found to be missing or damaged is replaced however large it is: there is time for it.
        """
        self.indexer.long_lived = True
        self.indexer.catch_up(self.generation, wait=wait)

    # -- changing ---------------------------------------------------------------------------------------------

    def add(
        self,
        paths: Iterable[Path | str],
        corrections: Mapping[str, Any] | None = None,
        *,
        replace: int | None = None,
        keep_both: bool = False,
        progress: Progress | None = None,
    ) -> Iterator[Outcome]:
        """Adds files, the files of folders and archives, and web pages (a ``str`` is an address), report by report.

        Tells what became of each.

        Each report is added in one transaction. A failure that concerns one file is an outcome ``refused``; one that
        concerns the library (StorageFailed, OtherModel, LibraryBusy, UnknownReport) is raised.
        """
        from retrieval.ingest import adding

        self.check_model()
        if replace is not None:
            self.report(replace)
        yield from adding.add_files(self, paths, adding.Decision(corrections or {}, replace, keep_both), progress)

    def preview(self, original: Original, ordinal: int, corrections: Mapping[str, Any]) -> Preview:
        """What adding the report at ``ordinal`` (from 1) of a file would come to. Raises InvalidYear or EmptyCorrection."""
        from retrieval.ingest import adding

        return adding.preview_part(self, original, ordinal, corrections)

    def add_part(self, original: Original, ordinal: int, decision: Decision, progress: Progress | None = None) -> Outcome:
        """Adds the report at ``ordinal`` (from 1) of a file.

        Raises StorageFailed, OtherModel, LibraryBusy, UnknownReport, InvalidYear or EmptyCorrection.
        """
        from retrieval.ingest import adding

        self.check_model()
        if decision.replace is not None:
            self.report(decision.replace)
        return adding.add_part(self, original, ordinal, decision, progress)

    def edit(self, report_id: int, corrections: Mapping[str, Any], progress: Progress | None = None, actor: str = "") -> Report:
        """Corrects what was understood of a report; the correction survives :meth:`rebuild`.

        Raises UnknownReport, InvalidYear or EmptyCorrection.
        """
        from retrieval.ingest import changing

        self.check_model()
        return changing.edit(self, report_id, corrections, progress, actor)

    def remove(self, report_ids: Iterable[int], actor: str = "", *, undoable: bool = False) -> list[Report]:
        """Removes reports and everything derived from them. Raises UnknownReport before anything is removed.

        With ``undoable`` each can be brought back by :meth:`restore` for ``UNDO_SECONDS``.
        """
        from retrieval.ingest import changing

        return changing.remove(self, report_ids, actor, undoable)

    def restore(self, report_id: int, actor: str = "") -> Report:
        """Brings back a report that was removed, as it was: id, corrections, passage ids.

        Raises NothingToRestore where the time for it is over, DuplicateReport or ConflictingReport where it, or another
        of its place and year, was added meanwhile.
        """
        from retrieval.ingest import changing

        self.check_model()
        return changing.restore(self, report_id, actor)

    def rebuild(self, progress: Progress | None = None) -> int:
        """Derives everything again from the originals; ids, corrections and removals stay. The number of reports.

        A report whose original is gone is derived from its stored text. Questions see the old state until all is done.
        """
        from retrieval.ingest import changing

        count = changing.rebuild(self, progress)
        self.indexer.settle()
        self.indexer.catch_up(self.generation, wait=True)
        return count

    def forget_removed(self) -> None:
        """Deletes for good what was removed longer than ``UNDO_SECONDS`` ago."""
        if not undo.overdue(self.db):
            return
        try:
            with write_failures_named(self.folder), self.lock:
                recovery.finish_files(self)
        except Timeout as error:
            raise LibraryBusy(library=self.folder) from error

    def logged_changes(self, count: int, before: int | None = None) -> list[changes.LoggedChange]:
        """The last ``count`` changes of the library, newest first; with ``before`` those before that change."""
        return changes.logged(self.db, count, before)

    def verify(self) -> list[str]:
        """Every disagreement between database, originals and index, each as a sentence; empty when there is none."""
        from retrieval.ingest.verification import disagreements

        self.forget_kept()  # what counts is what is on disk
        return disagreements(self)

    @contextmanager
    def transaction(self) -> Iterator[Change]:
        """One change of the library: database first, then originals and index; wholly there or not at all."""
        from retrieval.storage.writing import Change

        try:
            with write_failures_named(self.folder), self.lock:
                if _identity(self.folder) != self._file:
                    raise ReplacedLibrary(library=self.folder)
                generation = self.generation + 1
                change = Change(self.db, self.folder / "originals", self.embedder.fingerprint, generation)
                try:
                    with self.db.atomic():
                        yield change
                        database.store_setting(self.db, "generation", str(generation))
                except BaseException:
                    change.discard_files()
                    raise
                recovery.finish_files(self)
                self.indexer.catch_up(generation)
        except Timeout as error:
            raise LibraryBusy(library=self.folder) from error

    def embed(self, understood: Understood, progress: Progress | None) -> Vectors:
        """The vectors of a report's passages, in their order."""
        texts = understood.embedded_texts()
        if not progress:
            return self.embedder.embed_passages(texts)
        progress("embedding", 0, len(texts))
        return self.embedder.embed_passages(texts, lambda done: progress("embedding", done, len(texts)))


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
    path = folder / "library.db"
    if not (path.exists() and path.stat().st_size) and any(one.suffix != ".part" for one in (folder / "originals").iterdir()):
        raise sqlite3.DatabaseError("the database is gone")
