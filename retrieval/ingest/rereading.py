"""Figures that were read with other language data than today's are read again, report by report, each in its own transaction.

Every report remembers what its figures were read with, so that a process that ends in the middle leaves the rest to the next
one that opens the library. Until then questions are answered by the old figures, in all processes: the library's generation
grows with the last report.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Sequence
from contextlib import closing

from filelock import FileLock, Timeout

from retrieval.errors import LibraryBusy, ReportBotError
from retrieval.models import Figure, Metadata
from retrieval.storage.store import Store

AT_ONCE = 10  # reports; reading the figures of so many takes some 0.3 s, and whoever asks once would not wait for more
# Figures of an earlier schema lack what matching decides by, so that these come first: half a minute, once after an upgrade.
AT_ONCE_AFTER_UPGRADE = 1_000
_PATIENCE = 1.0  # seconds that the lock is waited for before it is looked whether to stop
_TOLD_AGAIN = 60.0  # seconds
_log = logging.getLogger(__name__)


class Rereading:
    """The reading of one library's figures again: before anything else while that takes no time, else in the background.

    One process is at it at a time, and it works no more than half of the time: questions come first.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._done = self._total = 0

    def begin(self) -> None:
        """Reads again what is to be read again; nothing in a folder that can't be written."""
        outdated = self._store.reader.read_otherwise() if self._store.writable else []
        self._total = len(outdated)
        if len(outdated) > (AT_ONCE_AFTER_UPGRADE if self._store.reader.upgraded() else AT_ONCE):
            self._thread = threading.Thread(target=self._read, args=(outdated,), name="figures", daemon=True)
            self._thread.start()
        elif outdated:
            self._read(outdated)

    @property
    def progress(self) -> tuple[int, int] | None:
        """How many reports of how many were read again in the background; None when that is over."""
        return (self._done, self._total) if self._thread is not None and self._thread.is_alive() else None

    def stop(self) -> None:
        """Ends what goes on in the background, after the report that is being read."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _read(self, report_ids: Sequence[int]) -> None:
        folder = self._store.folder
        try:
            with FileLock(folder / "figures.lock", timeout=0), closing(self._store.apart(_PATIENCE)) as store:
                _log.info("the language data is another one: figures of %d reports in %s are read again", self._total, folder)
                self._read_all(store, report_ids)
                _log.info("figures of %d reports of %d were read again", self._done, self._total)
        except Timeout:
            _log.info("another process reads the figures of %s again", folder)
        except (ReportBotError, sqlite3.Error, OSError) as error:
            _log.warning("figures of %d reports in %s are still the old ones: %s", self._total - self._done, folder, error)

    def _read_all(self, store: Store, report_ids: Sequence[int]) -> None:
        told = time.monotonic()
        for report_id in report_ids:
            started = time.monotonic()
            self._store_again(store, report_id, _figures_of(store, report_id), last=report_id == report_ids[-1])
            self._done += 1
            if started - told > _TOLD_AGAIN:
                _log.info("figures of %d reports of %d were read again so far", self._done, self._total)
                told = started
            if self._thread is not None and self._stopping.wait(time.monotonic() - started):
                break
        if self._done < self._total:
            with store.transaction():
                pass  # so that what was read so far is seen

    def _store_again(self, store: Store, report_id: int, figures: Sequence[Figure] | None, *, last: bool) -> None:
        """Raises LibraryBusy, in the background only once it is to stop."""
        while True:
            try:
                with store.transaction() if last else store.rewriting() as change:
                    if figures is not None and store.reader.is_read_otherwise(report_id):  # unless it was changed meanwhile
                        change.store_figures(report_id, figures)
                return
            except LibraryBusy:
                if self._thread is None or self._stopping.is_set():
                    raise


def _figures_of(store: Store, report_id: int) -> Sequence[Figure] | None:
    """What is read of a report today; None where it is gone, or was derived again meanwhile."""
    from retrieval.figures.extraction import read_figures  # most processes find nothing to read again

    reader = store.reader
    with reader.snapshot():
        if not reader.is_read_otherwise(report_id):
            return None
        report, text, outline = reader.report(report_id), reader.text(report_id), reader.outline(report_id)
    metadata = Metadata(
        place=report.place,
        level=report.level,
        within=report.within,
        review_year=report.review_year,
        plan_year=report.plan_year,
    )
    return read_figures(text, outline, metadata)
