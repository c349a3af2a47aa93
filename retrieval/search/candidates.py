"""The passages that a search scores: all of a narrow scope; of a wide one those that either side finds likely."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from retrieval.embedding.vectors import Vectors, dimension_of, unpack
from retrieval.models import Period, Report, StoredPassage
from retrieval.ports import LibraryView
from retrieval.storage.lexical import LexicalQuery, likely

# Scoring a passage takes some 10 microseconds; the seven seed reports hold 1,100 passages, a provincial one 300.
NARROW = 2000
_EACH_SIDE = 300  # recall of the ten best against scoring everything: python -m benchmarks scale
_COLUMNS = "p.id, p.report_id, p.section, p.start, p.end, s.period, v.vector"
_TABLES = """passages p join vectors v on v.id = p.id
    join sections s on s.report_id = p.report_id and s.ordinal = p.section"""


@dataclass(frozen=True)
class Candidates:
    """Passages with what they are scored by, all in the same order. ``tokens`` are those of body and headings."""

    passages: tuple[StoredPassage, ...]
    periods: tuple[Period | None, ...]
    tokens: tuple[tuple[str, str], ...]
    vectors: Vectors

    def __len__(self) -> int:
        return len(self.passages)


def candidates(library: LibraryView, query: LexicalQuery, vector: Vectors, reports: Sequence[Report]) -> Candidates:
    """What to score of ``reports`` for a query, whose vector has shape ``(dimension,)``."""
    connection = library.db.conn
    if sum(report.passages for report in reports) <= NARROW:
        return _collected(connection, [row for report in reports for row in _of_report(connection, report.id)])
    within = None if len(reports) == len(library.reports()) else [report.id for report in reports]
    ids = {*likely(connection, query, _EACH_SIDE, within), *library.nearest(vector, _EACH_SIDE, within)}
    return _collected(connection, _of_ids(connection, ids))


def _of_report(connection: sqlite3.Connection, report_id: int) -> Iterable[tuple[Any, ...]]:
    return connection.execute(f"select {_COLUMNS} from {_TABLES} where p.report_id = ? order by p.start", [report_id])


def _of_ids(connection: sqlite3.Connection, ids: Iterable[int]) -> Iterable[tuple[Any, ...]]:
    listed = json.dumps(sorted(ids))
    return connection.execute(
        f"select {_COLUMNS} from {_TABLES} where p.id in (select value from json_each(?)) order by p.id", [listed]
    )


def _collected(connection: sqlite3.Connection, rows: Iterable[tuple[Any, ...]]) -> Candidates:
    held = list(rows)
    blobs = [row[6] for row in held]
    ids = json.dumps([row[0] for row in held])
    tokens = {
        id_: (body, heading)
        for id_, body, heading in connection.execute(
            "select rowid, body, heading from passages_fts where rowid in (select value from json_each(?))", [ids]
        )
    }
    return Candidates(
        tuple(StoredPassage(*row[:5]) for row in held),
        tuple(row[5] for row in held),
        tuple(tokens.get(row[0], ("", "")) for row in held),
        unpack(blobs, dimension_of(blobs[0])) if blobs else unpack([], 1),
    )
