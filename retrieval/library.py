"""A library of reports: one folder with a database, the originals that were added, and an index derived from both.

What changes or proves a library is loaded when it is first used: most processes only ask, and start a tenth faster for it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrieval.embedding.embedder import Embedder
from retrieval.embedding.vectors import Vectors
from retrieval.ingest.rereading import Rereading
from retrieval.models import Figure, Page, Removal, Report, Section, Span, StoredPassage
from retrieval.ports import Candidates, Kept, Progress, Sought, StatedFigure, TokenCounts
from retrieval.reach import ALL, Place, Reach
from retrieval.storage import changes, restoring
from retrieval.storage.store import Store

if TYPE_CHECKING:
    from retrieval.ingest.adding import Decision, Original, Outcome, Preview
    from retrieval.storage.writing import Change


class Library:
    """The reports, and everything derived from them. Open one with :meth:`open`; it may be shared by threads.

    It is a :class:`retrieval.ports.LibraryView`, and what may be done to a library.

    Invariant (proved by :meth:`verify`): every report's text equals what its original reads as; every passage and
    figure is a piece of that text; what the index holds of a passage is that passage's vector.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.folder = store.folder
        self.embedder = store.embedder
        self._reader = store.reader
        self._passages = store.passages
        self._rereading = Rereading(store)

    @classmethod
    def open(cls, folder: Path, embedder: Embedder, *, create: bool = True, backups: Path | None = None) -> Library:
        """The library in ``folder``, created when it isn't there, unless ``create`` is False.

        One of an older program is upgraded, after a backup to the folder ``backups`` (by default beside the library). A folder
        that can't be written is opened for reading. Figures that were read with other language data than today's are read again
        (see :attr:`rereading`). Raises MissingLibrary, NewerLibrary, OlderLibrary, DamagedLibrary,
        UpgradeNeedsBackup or StorageFailed.
        """
        library = cls(Store.open(folder, embedder, create=create, backups=backups))
        library._rereading.begin()
        return library

    def close(self) -> None:
        self._rereading.stop()
        self.store.close()

    @property
    def rereading(self) -> tuple[int, int] | None:
        """How many reports of how many had their figures read again in the background; None when that is over.

        They are where the language data has changed since; questions are answered by the old figures meanwhile, and :meth:`close`
        breaks it off, so that the next opening goes on with the rest.
        """
        return self._rereading.progress

    def check_present(self) -> None:
        """Raises MissingLibrary or ReplacedLibrary where the library that was opened is there no more, whatever is remembered."""
        self.store.check_present()

    # -- reading and searching, as retrieval.ports says -------------------------------------------------------

    @property
    def generation(self) -> int:
        return self._reader.generation

    def reports(self, reach: Reach = ALL, count: int | None = None) -> list[Report]:
        return self._reader.reports(reach, count)

    def counted(self, reach: Reach = ALL) -> tuple[int, int]:
        return self._reader.counted(reach)

    def years(self, reach: Reach = ALL) -> list[int]:
        return self._reader.years(reach)

    def places(self, names: Collection[str | None] | None = None) -> list[Place]:
        return self._reader.places(names)

    def changed_places(self, since: int) -> list[str | None]:
        return self._reader.changed_places(since)

    def telling_of(self, year: int, reach: Reach = ALL) -> list[Report]:
        return self._reader.telling_of(year, reach)

    def spoken_by(self, text: str) -> list[Report]:
        return self._reader.spoken_by(text)

    def report(self, report_id: int) -> Report:
        """Raises UnknownReport."""
        return self._reader.report(report_id)

    def text(self, report_id: int) -> str:
        return self._reader.text(report_id)

    def mentioning(self, sought: Sequence[Sought], reach: Reach = ALL) -> dict[int, tuple[list[Span], ...]]:
        return self._reader.mentioning(sought, reach)

    def outline(self, report_id: int) -> tuple[Section, ...]:
        return self._reader.outline(report_id)

    def passages(self, report_id: int) -> tuple[StoredPassage, ...]:
        return self._reader.passages(report_id)

    def passage(self, passage_id: int) -> StoredPassage | None:
        """The passage of that id, which none but it ever has; None where it is gone."""
        return self._reader.passage(passage_id)

    def figures(self, report_id: int) -> tuple[Figure, ...]:
        return self._reader.figures(report_id)

    def stating(self, indicator: str, years: Sequence[int], reach: Reach = ALL) -> dict[int, list[StatedFigure] | None]:
        return self._reader.stating(indicator, years, reach)

    def figures_outdated(self, report_id: int) -> bool:
        return self._reader.figures_outdated(report_id)

    def removals(self, report_id: int) -> tuple[Removal, ...]:
        """What cleaning took out of a report."""
        return self._reader.removals(report_id)

    def pages(self, report_id: int) -> tuple[Page, ...]:
        return self._reader.pages(report_id)

    def evidence(self, report_id: int) -> dict[str, Span]:
        return self._reader.evidence(report_id)

    def original(self, report_id: int) -> tuple[str, Path]:
        """The name and the path of the file that a report was added from. Raises UnknownReport."""
        return self._reader.original(report_id)

    def kept(self, key: str, make: Callable[[], Kept]) -> Kept:
        return self._reader.kept(key, make)

    def kept_of(self, report_id: int, key: str, make: Callable[[], Kept]) -> Kept:
        return self._reader.kept_of(report_id, key, make)

    def snapshot(self) -> AbstractContextManager[None]:
        return self._reader.snapshot()

    def check_model(self) -> None:
        self._passages.check_model()

    @property
    def learned(self) -> bool:
        return self.embedder.learned

    def embed_query(self, text: str) -> Vectors:
        return self._passages.embed_query(text)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return self._passages.embed_passages(texts)

    def of_reports(self, report_ids: Iterable[int]) -> Candidates:
        return self._passages.of_reports(report_ids)

    def by_ids(self, ids: Collection[int]) -> Candidates:
        return self._passages.by_ids(ids)

    def token_counts(self, tokens: Iterable[str]) -> TokenCounts:
        return self._passages.token_counts(tokens)

    def likely(
        self,
        needed: Sequence[str],
        beside: Sequence[str],
        heading_weight: float,
        count: int,
        reach: Reach = ALL,
    ) -> list[int]:
        return self._passages.likely(needed, beside, heading_weight, count, reach)

    def holding_all(self, tokens: Sequence[str], count: int, reach: Reach = ALL) -> list[int]:
        return self._passages.holding_all(tokens, count, reach)

    def nearest(self, query: Vectors, count: int, reach: Reach = ALL) -> list[int]:
        return self._passages.nearest(query, count, reach)

    def sampled_vectors(self) -> Vectors:
        return self._passages.sampled_vectors()

    @property
    def indexing(self) -> bool:
        """Whether the index is being brought up to date in the background; :meth:`close` waits for it."""
        return self.store.indexer.busy

    def keep_up(self, *, wait: bool = False) -> None:
        """Brings the index up to date, in the background or with ``wait``, if it lags far behind.

        From here on one that is found to be missing or damaged is replaced however large it is: there is time for it.
        """
        self.store.indexer.long_lived = True
        self.store.indexer.catch_up(self.generation, wait=wait)

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
        yield from adding.add_files(self.store, paths, adding.Decision(corrections or {}, replace, keep_both), progress)

    def preview(self, original: Original, ordinal: int, corrections: Mapping[str, Any]) -> Preview:
        """What adding the report at ``ordinal`` (from 1) of a file would come to. Raises InvalidYear or EmptyCorrection."""
        from retrieval.ingest import adding

        return adding.preview_part(self.store, original, ordinal, corrections)

    def add_part(self, original: Original, ordinal: int, decision: Decision, progress: Progress | None = None) -> Outcome:
        """Adds the report at ``ordinal`` (from 1) of a file.

        Raises StorageFailed, OtherModel, LibraryBusy, UnknownReport, InvalidYear or EmptyCorrection.
        """
        from retrieval.ingest import adding

        self.check_model()
        if decision.replace is not None:
            self.report(decision.replace)
        return adding.add_part(self.store, original, ordinal, decision, progress)

    def edit(self, report_id: int, corrections: Mapping[str, Any], progress: Progress | None = None, actor: str = "") -> Report:
        """Corrects what was understood of a report; the correction survives :meth:`rebuild`.

        Raises UnknownReport, InvalidYear or EmptyCorrection.
        """
        from retrieval.ingest import changing

        self.check_model()
        return changing.edit(self.store, report_id, corrections, progress, actor)

    def remove(self, report_ids: Iterable[int], actor: str = "", *, undoable: bool = False) -> list[Report]:
        """Removes reports and everything derived from them. Raises UnknownReport before anything is removed.

        With ``undoable`` each can be brought back by :meth:`restore` for ``UNDO_SECONDS``.
        """
        from retrieval.ingest import changing

        return changing.remove(self.store, report_ids, actor, undoable)

    def restore(self, report_id: int, actor: str = "") -> Report:
        """Brings back a report that was removed, as it was: id, corrections, passage ids.

        Raises NothingToRestore where the time for it is over, DuplicateReport or ConflictingReport where it, or another
        of its place and year, was added meanwhile.
        """
        from retrieval.ingest import changing

        self.check_model()
        return changing.restore(self.store, report_id, actor)

    def rebuild(self, progress: Progress | None = None) -> int:
        """Derives everything again from the originals; ids, corrections and removals stay. The number of reports.

        A report whose original is gone is derived from its stored text. Questions see the old state until all is done.
        """
        from retrieval.ingest import changing

        count = changing.rebuild(self.store, progress)
        self.store.indexer.settle()
        self.store.indexer.catch_up(self.generation, wait=True)
        return count

    def forget_removed(self) -> None:
        """Deletes for good what was removed longer than ``UNDO_SECONDS`` ago."""
        self.store.forget_removed()

    def logged_changes(self, count: int, before: int | None = None) -> list[changes.LoggedChange]:
        """The last ``count`` changes of the library, newest first; with ``before`` those before that change."""
        return changes.logged(self.store.db, count, before)

    def verify(self) -> list[str]:
        """Every disagreement between database, originals and index, each as a sentence; empty when there is none."""
        from retrieval.ingest.verification import disagreements

        return disagreements(self.store)

    def transaction(self) -> AbstractContextManager[Change]:
        """One change of the library: database first, then originals and index; wholly there or not at all."""
        return self.store.transaction()


def restore_backup(
    file: Path,
    folder: Path,
    embedder: Embedder,
    progress: Progress | None = None,
    settled: Callable[[Path], None] = lambda staging: None,
) -> restoring.Restored:
    """Puts the library of a backup in the place of the one in ``folder``; see :func:`retrieval.storage.restoring.restore_backup`.

    ``settled`` may change what else lies in the folder of the unpacked library before it takes the place of the old one.
    Raises what that does.
    """

    def verified(staging: Path) -> list[str]:
        problems = _verified(staging, embedder)
        settled(staging)
        return problems

    return restoring.restore_backup(file, folder, verified, progress)


def _verified(folder: Path, embedder: Embedder) -> list[str]:
    """What the library in ``folder``, with a new index, says of itself."""
    library = Library.open(folder, embedder)
    try:
        library.keep_up(wait=True)
        return library.verify()
    finally:
        library.close()
