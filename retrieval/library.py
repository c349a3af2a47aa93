"""A library of reports: one folder with a database, the originals that were added, and an index derived from both."""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlite_utils import Database

from retrieval import adding, backup, changes, database, figures, indexing, restoring, undo
from retrieval.adding import Decision, Original, Outcome, Preview
from retrieval.backup_folder import backup_folder, way_back
from retrieval.cleaning import Cleaned
from retrieval.embedding import Embedder
from retrieval.errors import (
    DamagedLibrary,
    LibraryBusy,
    MissingLibrary,
    NothingToRestore,
    OtherModel,
    ReplacedLibrary,
    ReportBotError,
    StorageFailed,
    UnknownReport,
)
from retrieval.files import reason_of
from retrieval.loading import read_file
from retrieval.messages import message
from retrieval.models import Figure, Metadata, Removal, Report, Section, Span
from retrieval.reading.raw import Page, RawText
from retrieval.storing import Change, Document
from retrieval.tokens import dictionary_version
from retrieval.understanding import Understood, checked, read_reports, understand_report
from retrieval.vectors import Vectors, dimension_of, unpack

_log = logging.getLogger(__name__)
Progress = Callable[[str, int, int], None]
_LOCK_SECONDS = 3600.0
KEPT_REPORTS = 100  # whose text, outline and figures are kept in memory: about a megabyte each
_REPORT_COLUMNS = """select r.id, r.title, r.place, r.level, r.within, r.review_year, r.plan_year, r.delivered_on, r.meeting,
    r.speaker, r.office, r.source, d.file, r.year_said_now, r.passages, r.figures
    from reports r join documents d on d.id = r.document_id"""


@dataclass(frozen=True)
class StoredPassage:
    """A passage as the library holds it: its id, its report and section, and its place in the text."""

    id: int
    report_id: int
    section: int
    start: int
    end: int


class Library:
    """The reports, and everything derived from them. Open one with :meth:`open`; it may be shared by threads.

    Invariant (proved by :meth:`verify`): every report's text equals what its original reads as; every passage and
    figure is a piece of that text; what the index holds of a passage is that passage's vector.
    """

    def __init__(self, folder: Path, db: Database, embedder: Embedder, lock: FileLock, *, writable: bool = True) -> None:
        self.folder = folder
        self.db = db
        self._file = _identity(folder)
        self.embedder = embedder
        self._lock = lock
        path = folder / "library.db"
        self._indexer = indexing.Indexer(folder, db.conn, (lambda: database.connect(path)) if writable else None)
        self._reading = threading.RLock()
        self._generation = -1
        self._cache: dict[str, Any] = {}
        self._of_reports: OrderedDict[int, dict[str, Any]] = OrderedDict()

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
            with _storage_failures(folder):
                (folder / "originals").mkdir(parents=True, exist_ok=True)
                _refuse_emptied(folder)
                back_up = partial(backup.before_upgrade, folder, backups or backup_folder(folder))
                db = database.open_database(path, lock, back_up)
        except sqlite3.DatabaseError as error:
            raise DamagedLibrary(library=folder, way=way_back(folder, backups)) from error
        library = cls(folder, db, embedder, lock)
        library._recover()
        library._read_figures_again()
        return library

    def close(self) -> None:
        self._indexer.settle()
        self.db.close()

    # -- reading ----------------------------------------------------------------------------------------------

    @property
    def generation(self) -> int:
        """A number that grows with every change."""
        return int(database.setting(self.db, "generation") or 0)

    def reports(self) -> list[Report]:
        """All reports, by id."""
        return list(self.kept("reports", self.read_reports).values())

    def report(self, report_id: int) -> Report:
        """Raises UnknownReport."""
        known: dict[int, Report] = self.kept("reports", self.read_reports)
        if report_id not in known:
            raise UnknownReport(id=report_id)
        return known[report_id]

    def text(self, report_id: int) -> str:
        """A report's canonical text. Raises UnknownReport."""
        self.report(report_id)

        def read() -> str:
            return str(self.db.execute("select text from texts where report_id = ?", [report_id]).fetchone()[0])

        text: str = self.kept_of(report_id, "text", read)
        return text

    def outline(self, report_id: int) -> tuple[Section, ...]:
        def read() -> tuple[Section, ...]:
            rows = self.db.query(
                "select parent, depth, heading, start, end, period, ahead, multi_year from sections"
                " where report_id = ? order by ordinal",
                [report_id],
            )
            return tuple(Section(**_with_flags(row, "ahead", "multi_year")) for row in rows)

        outline: tuple[Section, ...] = self.kept_of(report_id, "outline", read)
        return outline

    def passages(self, report_id: int) -> tuple[StoredPassage, ...]:
        """The passages of a report, in the order of its text."""

        def read() -> tuple[StoredPassage, ...]:
            rows = self.db.execute(
                "select id, report_id, section, start, end from passages where report_id = ? order by start",
                [report_id],
            )
            return tuple(StoredPassage(*row) for row in rows)

        passages: tuple[StoredPassage, ...] = self.kept_of(report_id, "passages", read)
        return passages

    def passage(self, passage_id: int) -> StoredPassage | None:
        """The passage of that id, which none but it ever has; None where it is gone."""
        row = self.db.execute("select id, report_id, section, start, end from passages where id = ?", [passage_id]).fetchone()
        return StoredPassage(*row) if row else None

    def figures(self, report_id: int) -> tuple[Figure, ...]:
        """The figures of a report, in the order of its text."""

        def read() -> tuple[Figure, ...]:
            names = ", ".join(f'"{name}"' for name in Figure.__dataclass_fields__)
            rows = self.db.query(f"select {names} from figures where report_id = ? order by start", [report_id])
            return tuple(Figure(**_with_flags(row, "blank", "stretch", "estimated", "primary")) for row in rows)

        found: tuple[Figure, ...] = self.kept_of(report_id, "figures", read)
        return found

    def removals(self, report_id: int) -> tuple[Removal, ...]:
        """What cleaning took out of a report."""
        return tuple(Removal(**one) for one in json.loads(self._column(report_id, "removals")))

    def pages(self, report_id: int) -> tuple[Page, ...]:
        """The pages of a report's file that it has a part of, in order; empty where the file has none."""

        def read() -> tuple[Page, ...]:
            rows = self.db.execute(
                "select number, start, confidence from pages where report_id = ? order by ordinal", [report_id]
            )
            return tuple(Page(*row) for row in rows)

        pages: tuple[Page, ...] = self.kept(f"pages {report_id}", read)
        return pages

    def evidence(self, report_id: int) -> dict[str, Span]:
        """The lines that the report's metadata was read from, by field."""
        stored = json.loads(self._column(report_id, "evidence"))
        return {field: Span(*span) for field, span in stored.items()}

    def kept(self, key: str, make: Callable[[], Any]) -> Any:
        """What ``make`` gives, kept under ``key`` until the library changes, by this process or another."""
        self._forget_if_changed()
        if key not in self._cache:
            self._cache[key] = make()
        return self._cache[key]

    def kept_of(self, report_id: int, key: str, make: Callable[[], Any]) -> Any:
        """As :meth:`kept`, of one report; what was read of the reports that were not asked about for longest is let go."""
        self._forget_if_changed()
        of_report = self._of_reports.setdefault(report_id, {})
        self._of_reports.move_to_end(report_id)
        if len(self._of_reports) > KEPT_REPORTS:
            self._of_reports.popitem(last=False)
        if key not in of_report:
            of_report[key] = make()
        return of_report[key]

    def _forget_if_changed(self) -> None:
        generation = self.generation
        if generation != self._generation:
            self._forget()
            self._generation = generation

    def _forget(self) -> None:
        self._cache.clear()
        self._of_reports.clear()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything read inside is of one moment, whatever another process or another Library changes meanwhile."""
        with self._reading:
            if self.db.conn.in_transaction:
                yield
                return
            self.db.execute("begin")
            try:
                yield
            finally:
                self.db.execute("commit")

    def original(self, report_id: int) -> tuple[str, Path]:
        """The name and the path of the file that a report was added from. Raises UnknownReport."""
        stored = self._stored(report_id)
        return stored["file"], self.folder / "originals" / stored["stored_as"]

    def nearest(self, query: Vectors, count: int, report_ids: Sequence[int] | None = None) -> list[int]:
        """The ids of (about) the ``count`` passages nearest to ``query`` (shape ``(dimension,)``), best first.

        With ``report_ids``, only passages of those reports. Raises OtherModel where the vectors were made by another
        embedding model.
        """
        self.check_model()
        return self._indexer.nearest(query, count, report_ids, self.generation)

    @property
    def indexing(self) -> bool:
        """Whether the index is being brought up to date in the background; :meth:`close` waits for it."""
        return self._indexer.busy

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
        self.check_model()
        if replace is not None:
            self.report(replace)
        yield from adding.add_files(self, paths, Decision(corrections or {}, replace, keep_both), progress)

    def preview(self, original: Original, ordinal: int, corrections: Mapping[str, Any]) -> Preview:
        """What adding the report at ``ordinal`` (from 1) of a file would come to. Raises InvalidYear or EmptyCorrection."""
        return adding.preview_part(self, original, ordinal, corrections)

    def add_part(self, original: Original, ordinal: int, decision: Decision, progress: Progress | None = None) -> Outcome:
        """Adds the report at ``ordinal`` (from 1) of a file.

        Raises StorageFailed, OtherModel, LibraryBusy, UnknownReport, InvalidYear or EmptyCorrection.
        """
        self.check_model()
        if decision.replace is not None:
            self.report(decision.replace)
        return adding.add_part(self, original, ordinal, decision, progress)

    def edit(self, report_id: int, corrections: Mapping[str, Any], progress: Progress | None = None, actor: str = "") -> Report:
        """Corrects what was understood of a report; the correction survives :meth:`rebuild`.

        Raises UnknownReport, InvalidYear or EmptyCorrection.
        """
        self.check_model()
        stored = self._stored(report_id)
        given = checked(corrections)
        merged = {**json.loads(stored["corrections"]), **given}
        understood = understand_report(self._cleaned(stored), merged)
        vectors = self.embed(understood, progress)
        with self.transaction() as change:
            change.derive(report_id, understood, vectors, merged)
            changes.record(self.db, actor, "edited", report_id, given)
        return self.report(report_id)

    def remove(self, report_ids: Iterable[int], actor: str = "", *, undoable: bool = False) -> list[Report]:
        """Removes reports and everything derived from them. Raises UnknownReport before anything is removed.

        With ``undoable`` each can be brought back by :meth:`restore` for ``UNDO_SECONDS``.
        """
        removed = [self.report(report_id) for report_id in report_ids]
        with self.transaction() as change:
            for report in removed:
                changes.record(self.db, actor, "removed", report.id)
                if undoable:
                    undo.keep(self.db, report.id)
                change.remove(report.id)
        return removed

    def restore(self, report_id: int, actor: str = "") -> Report:
        """Brings back a report that was removed, as it was: id, corrections, passage ids.

        Raises NothingToRestore where the time for it is over, DuplicateReport or ConflictingReport where it, or another
        of its place and year, was added meanwhile.
        """
        self.check_model()
        kept = undo.kept_report(self.db, report_id)
        if kept is None:
            raise NothingToRestore()
        try:
            content = (self.folder / "originals" / kept.stored_as).read_bytes()
        except OSError as error:
            raise NothingToRestore() from error
        understood = understand_report(kept.cleaned, kept.corrections)
        vectors = kept.vectors_of(understood)
        if vectors is None:
            vectors = self.embed(understood, None)
        with self.transaction() as change:
            adding.refuse_if_known(self, understood, Decision(kept.corrections))
            url, published = kept.cleaned.url, kept.cleaned.published
            document = Document(kept.sha256, kept.file, content, kept.parts, url, published, kept.reading)
            change.add(document, kept.ordinal, understood, vectors, kept.corrections, report_id, kept.passage_ids)
            undo.forget(self.db, [report_id])
            changes.record(self.db, actor, "restored", report_id)
        return self.report(report_id)

    def forget_removed(self) -> None:
        """Deletes for good what was removed longer than ``UNDO_SECONDS`` ago."""
        if not undo.overdue(self.db):
            return
        try:
            with _storage_failures(self.folder), self._lock:
                self._finish_files()
        except Timeout as error:
            raise LibraryBusy(library=self.folder) from error

    def logged_changes(self, count: int, before: int | None = None) -> list[changes.LoggedChange]:
        """The last ``count`` changes of the library, newest first; with ``before`` those before that change."""
        return changes.logged(self.db, count, before)

    def rebuild(self, progress: Progress | None = None) -> int:
        """Derives everything again from the originals; ids, corrections and removals stay. The number of reports.

        A report whose original is gone is derived from its stored text. Questions see the old state until all is done.
        """
        with self.transaction() as change:
            report_ids = [row[0] for row in self.db.execute("select id from reports order by id")]
            change.forget_tokens()
            for report_id in report_ids:
                stored = self._stored(report_id)
                corrections = json.loads(stored["corrections"])
                understood = understand_report(self._reread(stored) or self._cleaned(stored), corrections)
                change.derive(report_id, understood, self.embed(understood, progress), corrections)
            database.store_setting(self.db, "model", self.embedder.fingerprint)
            database.store_setting(self.db, "dictionary", dictionary_version())
        self._indexer.settle()
        self._indexer.catch_up(self.generation, wait=True)
        return len(report_ids)

    def keep_up(self, *, wait: bool = False) -> None:
        """Brings the index up to date, in the background or with ``wait``, if it lags far behind.

        From here on one that is found to be missing or damaged is replaced however large it is: there is time for it.
        """
        self._indexer.long_lived = True
        self._indexer.catch_up(self.generation, wait=wait)

    def verify(self) -> list[str]:
        """Every disagreement between database, originals and index, each as a sentence; empty when there is none."""
        from retrieval.verification import disagreements

        self._forget()  # what counts is what is on disk
        return disagreements(self)

    # -- inside -----------------------------------------------------------------------------------------------

    def read_reports(self) -> dict[int, Report]:
        """All reports by id, as they are in the database at this moment."""
        rows = self.db.query(f"{_REPORT_COLUMNS} order by r.id")
        return {row["id"]: _report(row) for row in rows}

    def reports_of(self, place: str, year: int) -> list[Report]:
        """The reports of a place (by its whole name) for a year, as they are in the database at this moment."""
        rows = self.db.query(
            f"{_REPORT_COLUMNS} where r.place = ? and coalesce(r.plan_year, r.review_year) = ? order by r.id", [place, year]
        )
        return [_report(row) for row in rows]

    def _column(self, report_id: int, column: str) -> Any:
        row = self.db.execute(f"select {column} from reports where id = ?", [report_id]).fetchone()
        if row is None:
            raise UnknownReport(id=report_id)
        return row[0]

    def _stored(self, report_id: int) -> dict[str, Any]:
        rows = list(
            self.db.query(
                "select r.*, t.text, d.stored_as, d.file, d.reports as parts, d.url, d.published, g.raw as reading"
                " from reports r join texts t on t.report_id = r.id join documents d on d.id = r.document_id"
                " left join readings g on g.document_id = d.id where r.id = ?",
                [report_id],
            )
        )
        if not rows:
            raise UnknownReport(id=report_id)
        return rows[0]

    def _cleaned(self, stored: Mapping[str, Any]) -> Cleaned:
        removals = tuple(Removal(**one) for one in json.loads(stored["removals"]))
        return Cleaned(stored["text"], removals, self.pages(stored["id"]), stored["url"], stored["published"])

    def _reread(self, stored: Mapping[str, Any]) -> Cleaned | None:
        """What the report's original reads as today, or None where it can't be told."""
        try:
            if stored["reading"] is None:
                content = (self.folder / "originals" / stored["stored_as"]).read_bytes()
                reports = read_reports(read_file(content, stored["file"]))
            else:
                reports = read_reports(RawText.from_json(json.loads(stored["reading"])))
        except (OSError, ReportBotError):
            return None
        return reports[stored["ordinal"] - 1] if len(reports) == stored["parts"] else None

    def check_model(self) -> None:
        made_by = database.setting(self.db, "model")
        if made_by is not None and made_by != self.embedder.fingerprint:
            raise OtherModel(library=self.folder, made_by=made_by, now=self.embedder.fingerprint)

    def stored_vectors(self) -> tuple[list[int], Vectors]:
        """All passage ids with their vectors, by id; shape ``(passages, dimension)``."""
        rows = self.db.execute("select id, vector from vectors order by id").fetchall()
        blobs = [row[1] for row in rows]
        return [row[0] for row in rows], unpack(blobs, dimension_of(blobs[0]) if blobs else self.embedder.dimension)

    def _recover(self) -> None:
        """Finishes what a killed process left half-done, unless another process is at work on it."""
        try:
            with self._lock.acquire(timeout=0), _storage_failures(self.folder):
                self._finish_files()
                indexing.clear_unfinished(self.folder)
                self._indexer.catch_up(self.generation, in_background=False)
        except (Timeout, StorageFailed):
            pass

    def _read_figures_again(self) -> None:
        """Reads the figures of all reports anew where an older program read them; nothing else depends on them."""
        if database.setting(self.db, "figures") == figures.VERSION:
            return
        try:
            if not self.reports():
                with _storage_failures(self.folder):
                    database.store_setting(self.db, "figures", figures.VERSION)
                return
            with self.transaction() as change:
                for report in self.reports():
                    metadata = Metadata(
                        place=report.place,
                        level=report.level,
                        within=report.within,
                        review_year=report.review_year,
                        plan_year=report.plan_year,
                    )
                    text, outline = self.text(report.id), self.outline(report.id)
                    change.store_figures(report.id, figures.read_figures(text, outline, metadata))
                database.store_setting(self.db, "figures", figures.VERSION)
        except (LibraryBusy, StorageFailed):
            _log.warning("the figures of %s are those of an older program", self.folder)

    def _finish_files(self) -> None:
        originals = self.folder / "originals"
        undo.forget(self.db, undo.overdue(self.db))
        kept = {row[0] for row in self.db.execute("select stored_as from documents union select stored_as from removed_reports")}
        for part in originals.glob("*.part"):
            name = part.name.removesuffix(".part")
            if name in kept and not (originals / name).exists():
                os.replace(part, originals / name)
            else:
                part.unlink()
        doomed = self.db.execute("select name from doomed_files").fetchall()
        if not doomed:
            return
        with backup.deleting_originals(self.folder) as may_delete:
            for (name,) in doomed if may_delete else ():
                if name not in kept:
                    (originals / name).unlink(missing_ok=True)
                self.db.execute("delete from doomed_files where name = ?", [name])

    @contextmanager
    def transaction(self) -> Iterator[Change]:
        """One change of the library: database first, then originals and index; wholly there or not at all."""
        try:
            with _storage_failures(self.folder), self._lock:
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
                self._finish_files()
                self._indexer.catch_up(generation)
        except Timeout as error:
            raise LibraryBusy(library=self.folder) from error

    def embed(self, understood: Understood, progress: Progress | None) -> Vectors:
        texts = understood.embedded_texts()
        if not progress:
            return self.embedder.embed_passages(texts)
        progress("embedding", 0, len(texts))
        return self.embedder.embed_passages(texts, lambda done: progress("embedding", done, len(texts)))


def _report(row: dict[str, Any]) -> Report:
    return Report(**{**row, "within": tuple(json.loads(row["within"]))})


def _with_flags(row: dict[str, Any], *flags: str) -> dict[str, Any]:
    """A row with its 0 and 1 as truth values."""
    return {**row, **{flag: bool(row[flag]) for flag in flags}}


@contextmanager
def _storage_failures(folder: Path) -> Iterator[None]:
    """Turns the operating system's and SQLite's refusals to write into the one sentence for the user."""
    try:
        yield
    except Timeout:  # an OSError, too, but of a lock
        raise
    except OSError as error:
        raise StorageFailed(folder=folder, reason=message(f"storage.{reason_of(error)}")) from error
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise LibraryBusy(library=folder) from error
        raise StorageFailed(folder=folder, reason=message(f"storage.{reason_of(error)}")) from error


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
