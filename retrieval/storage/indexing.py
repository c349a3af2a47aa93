"""Keeping the vector index beside a library that changes: it may lag behind, and every search makes up for that.

The index file holds the vectors of one generation of the database, which its name says: ``index.<generation>.sealed.faiss``. Reports
that were added, derived again or removed since are known by their own generation (``reports.derived``): their vectors are
searched exactly in SQLite, and what the index still holds of them is left out. So the index is never wrong, only slower the
further it lags; it is brought up to date at once while that takes no time, and in the background when it does. A file is
written as ``.part`` and renamed, so that a crash leaves the one before; one that is damaged all the same is seen by its seal,
passed over, and replaced by whoever finds it.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from retrieval.embedding.vectors import Vectors, dimension_of, unpack
from retrieval.reach import ALL, Reach
from retrieval.storage.reach import condition

if TYPE_CHECKING:  # FAISS is loaded by the first search that needs it
    from retrieval.storage.index import VectorIndex

_log = logging.getLogger(__name__)
Ids = NDArray[np.int64]
IndexState = Literal["current", "lagging", "missing", "damaged"]
AT_ONCE = 20_000  # passages; writing so many takes some 20 ms
_LAGGING = 0.05  # the share of a large library that may lie outside of its index
_WORTH_KEEPING = 0.5  # of an approximate index; with less of it left, it is trained for what there is now
_CHUNK = 20_000
_HEALED_AGAIN_AFTER = 60.0  # seconds, where the disk is full
_MARGIN = 50  # what is asked of the index beyond what is wanted, for what has left the library since


class Indexer:
    """The index of one library, as far as it has come.

    ``connect`` opens another connection to the database, for the background; None where the folder can't be written.
    """

    def __init__(self, folder: Path, connection: sqlite3.Connection, connect: Callable[[], sqlite3.Connection] | None) -> None:
        self._folder = folder
        self._connection = connection
        self._connect = connect
        self._loaded: tuple[int, VectorIndex] | None = None
        self._building: threading.Thread | None = None
        self.long_lived = False  # whether there is time to replace a large index that is found to be missing or damaged
        self._healed_at = -_HEALED_AGAIN_AFTER

    # -- searching --------------------------------------------------------------------------------------------

    def nearest(self, query: Vectors, count: int, reach: Reach, generation: int) -> list[int]:
        """The ids of the ``count`` passages nearest to ``query``, best first, in a database of ``generation``.

        Only passages of the reports that are meant.
        """
        held, index = self._usable(generation)
        found: dict[int, float] = {}
        within = None if reach.all else self._ranges(reach, held)
        if index is not None and (within is None or within):
            ids, scores = index.nearest(query, count + _MARGIN, within)
            current = self._still_held(ids, held, reach)
            found = {id_: score for id_, score in zip(ids.tolist(), scores.tolist(), strict=True) if id_ in current}
        for ids, vectors in self._outside(held, reach):
            found.update(zip(ids.tolist(), (vectors @ query).tolist(), strict=True))
        return sorted(found, key=lambda id_: -found[id_])[:count]

    def _usable(self, generation: int) -> tuple[int, VectorIndex | None]:
        """The newest index not newer than ``generation``, with its own; ``(-1, None)`` where there is none that can be read."""
        from retrieval.storage.index import VectorIndex

        files = index_files(self._folder)
        if not files:
            self._heal()
        for held, path in reversed(files.items()):
            if held > generation:
                continue
            if self._loaded and self._loaded[0] == held:
                return self._loaded
            try:
                self._loaded = (held, VectorIndex.read(path))
            except RuntimeError as error:  # damaged, or replaced this moment: it is a cache
                _log.warning("an index is passed over: %s", error)
                self._heal()
                continue
            return self._loaded
        return -1, None

    def _heal(self) -> None:
        """Replaces an index that is missing or damaged, in the background: whoever found that is in the middle of a question."""
        if self._connect is None or self.busy or time.monotonic() - self._healed_at < _HEALED_AGAIN_AFTER:
            return
        if 0 < _size(self._connection) <= AT_ONCE or self.long_lived:
            self._healed_at = time.monotonic()
            self._start(self._connect)

    def _ranges(self, reach: Reach, held: int) -> list[range]:
        """The passage ids, as ranges, of those reports that are meant and that an index of generation ``held`` knows."""
        where, given = condition(reach)
        rows = self._connection.execute(
            f"select first_passage, last_passage from reports r where passages > 0 and derived <= ? and {where}", [held, *given]
        )
        return [range(first, last + 1) for first, last in rows]

    def _still_held(self, ids: Ids, held: int, reach: Reach) -> set[int]:
        """Those of ``ids`` that are passages, of what is meant, with the vectors that an index of generation ``held`` has of them."""
        where, given = condition(reach)
        rows = self._connection.execute(
            "select p.id from json_each(?) j cross join passages p on p.id = j.value cross join reports r on r.id = p.report_id"
            f" where r.derived <= ? and {where}",
            [json.dumps(ids.tolist()), held, *given],
        )
        return {row[0] for row in rows}

    def _outside(self, held: int, reach: Reach) -> Iterator[tuple[Ids, Vectors]]:
        """The passages, with their vectors, of reports that are meant and newer than an index of generation ``held``."""
        return vectors_of(self._connection, _newer(self._connection, held, reach))

    # -- keeping up -------------------------------------------------------------------------------------------

    def catch_up(self, generation: int, *, wait: bool = False, in_background: bool = True) -> None:
        """Brings the index up to date where that is due: at once if it takes no time, or with ``wait``; else in the background.

        Without ``in_background``, what would take time is left to whoever changes the library next.
        """
        if self._connect is None or not self._due(generation):
            return
        if wait or _size(self._connection) <= AT_ONCE:
            self.settle()
            self._build(self._connection)
        elif in_background and not self.busy:
            self._start(self._connect)

    def _start(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._building = threading.Thread(target=self._build_apart, args=(connect,), name="index", daemon=True)
        self._building.start()

    @property
    def busy(self) -> bool:
        """Whether an index is being built in the background."""
        return self._building is not None and self._building.is_alive()

    def settle(self) -> None:
        """Waits for what is being built in the background."""
        if self._building is not None:
            self._building.join()
            self._building = None

    def _due(self, generation: int) -> bool:
        """Whether so much has changed since the index was written that it is to be written again.

        A damaged one counts as missing only once it was loaded: who merely opens a library leaves it to ``verify`` to tell.
        """
        size = _size(self._connection)
        if not size or max(index_files(self._folder), default=-1) == generation:
            return False
        if size <= AT_ONCE:
            return True
        held, index = self._usable(generation)
        behind = _size(self._connection, newer_than=held)
        gone = len(index) - (size - behind) if index else 0
        return index is None or behind + gone > size * _LAGGING

    def _build_apart(self, connect: Callable[[], sqlite3.Connection]) -> None:
        connection = connect()
        try:
            self._build(connection)
        finally:
            connection.close()

    def _build(self, connection: sqlite3.Connection) -> None:
        """Writes the index of the database as ``connection`` sees it at this moment, and puts it in place of the others.

        Where that fails, searches go on without it, and the next change tries again.
        """
        try:
            with FileLock(self._folder / "index.lock", timeout=0):
                connection.execute("begin")
                try:
                    self._write(connection)
                finally:
                    connection.rollback()  # it was read only
        except Timeout:
            _log.info("another process is writing the index")
        except (sqlite3.Error, OSError, RuntimeError) as error:
            _log.warning("the index could not be brought up to date: %s", error)

    def _write(self, connection: sqlite3.Connection) -> None:
        generation = int(connection.execute("select value from settings where key = 'generation'").fetchone()[0])
        final = index_path(self._folder, generation)
        part = final.with_name(f"{final.name}.part")
        try:
            built(connection, self._newest(connection)).write(part)
            part.replace(final)
        finally:
            part.unlink(missing_ok=True)
        # Of all others, too, that seem newer (of a database that an older copy was put in place of), or that older programs wrote.
        for path in self._folder.glob("index.*faiss"):
            if path != final:
                path.unlink(missing_ok=True)

    def _newest(self, connection: sqlite3.Connection) -> tuple[int, VectorIndex] | None:
        """The newest approximate index on disk, with its generation, where it is worth to be kept on; else None."""
        from retrieval.storage.index import VectorIndex

        size = _size(connection)
        for held, path in reversed(index_files(self._folder).items()):
            try:
                index = VectorIndex.read(path)
                known = size - _size(connection, newer_than=held)
                if index.exact or index.outgrown_by(size) or known < size * _WORTH_KEEPING:
                    return None
                return held, VectorIndex.read(path, mapped=False)
            except RuntimeError:
                continue
        return None


def built(connection: sqlite3.Connection, older: tuple[int, VectorIndex] | None = None) -> VectorIndex:
    """The index of all vectors of a database; ``older`` is an index with its generation, which then is brought up to date."""
    from retrieval.storage.index import VectorIndex, sample_size

    if older is not None:
        held, index = older
        kept = connection.execute("select p.id from passages p join reports r on r.id = p.report_id where r.derived <= ?", [held])
        index.remove(np.setdiff1d(index.ids(), np.fromiter((row[0] for row in kept), np.int64)))
    else:
        held, size = -1, _size(connection)
        index = VectorIndex.trained(_sample(connection, size, sample_size(size)), size)
    for ids, vectors in vectors_of(connection, _newer(connection, held)):
        index.add(ids, vectors)
    return index


def vectors_of(connection: sqlite3.Connection, report_ids: Iterable[int]) -> Iterator[tuple[Ids, Vectors]]:
    """The passage ids and vectors of reports, some thousands at a time."""
    ids: list[int] = []
    blobs: list[bytes] = []
    for report_id in report_ids:
        for id_, blob in connection.execute(
            "select v.id, v.vector from passages p join vectors v on v.id = p.id where p.report_id = ?", [report_id]
        ):
            ids.append(id_)
            blobs.append(blob)
        if len(ids) >= _CHUNK:
            yield np.array(ids, np.int64), unpack(blobs, dimension_of(blobs[0]))
            ids, blobs = [], []
    if ids:
        yield np.array(ids, np.int64), unpack(blobs, dimension_of(blobs[0]))


def index_path(folder: Path, generation: int) -> Path:
    """Where the index of a database of this generation stands."""
    return folder / f"index.{generation}.sealed.faiss"


def index_files(folder: Path) -> dict[int, Path]:
    """The index files in ``folder`` by their generation, oldest first."""
    named = ((path.name.split(".")[1], path) for path in folder.glob("index.*.sealed.faiss"))
    return dict(sorted((int(generation), path) for generation, path in named if generation.isdigit()))


def index_state(folder: Path, connection: sqlite3.Connection) -> IndexState:
    """How the index in ``folder`` stands to the database: lagging, it is slower; missing or damaged, it is being replaced."""
    from retrieval.storage.index import check_seal

    if not _size(connection):
        return "current"
    files = index_files(folder)
    if not files:
        return "missing"
    held, path = max(files.items())
    try:
        check_seal(path)
    except RuntimeError:
        return "damaged"
    generation = int(connection.execute("select value from settings where key = 'generation'").fetchone()[0])
    return "current" if held == generation else "lagging"


def clear_unfinished(folder: Path) -> None:
    """Drops what a killed process left of an index, unless another one is at it."""
    try:
        with FileLock(folder / "index.lock", timeout=0):
            for part in folder.glob("index.*faiss.part"):
                part.unlink(missing_ok=True)
    except Timeout:
        return


def _sample(connection: sqlite3.Connection, size: int, wanted: int) -> Vectors:
    """Some ``wanted`` of all vectors, taken evenly; shape ``(0, 1)`` where there are none."""
    step = max(1, size // max(wanted, 1))
    blobs = [row[0] for row in connection.execute("select vector from vectors where id % ? = 0", [step])] if size else []
    if size and not blobs:
        blobs = [connection.execute("select vector from vectors limit 1").fetchone()[0]]
    return unpack(blobs, dimension_of(blobs[0])) if blobs else np.empty((0, 1), np.float32)


def _newer(connection: sqlite3.Connection, held: int, reach: Reach = ALL) -> list[int]:
    where, given = condition(reach)
    newer = connection.execute(f"select id from reports r where derived > ? and {where} order by id", [held, *given])
    return [row[0] for row in newer]


def _size(connection: sqlite3.Connection, newer_than: int = -1) -> int:
    """How many passages there are, of reports that were derived later than ``newer_than``."""
    row = connection.execute("select coalesce(sum(passages), 0) from reports where derived > ?", [newer_than]).fetchone()
    return int(row[0])
