"""The passages of a library as a search finds them: by report, by token, by vector."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any

from sqlite_utils import Database

from retrieval.embedding.embedder import Embedder
from retrieval.embedding.vectors import Vectors, dimension_of, unpack
from retrieval.errors import OtherModel
from retrieval.models import StoredPassage
from retrieval.ports import Candidates, TokenCounts
from retrieval.reach import ALL, Reach
from retrieval.storage import database
from retrieval.storage.indexing import Indexer
from retrieval.storage.reach import condition
from retrieval.storage.reports import StoredReports

_VECTORS_KEPT = 2048  # of queries: two KB each
_SAMPLED = 200  # vectors; their standard deviation is within some 5% of all passages'
_SCORED_BY = """select p.id, p.report_id, p.section, p.start, p.end, s.period, v.vector
    from passages p join vectors v on v.id = p.id join sections s on s.report_id = p.report_id and s.ordinal = p.section"""


class StoredPassages:
    """The passages of the library that ``reader`` reads, as ``ports.PassageIndex`` says; ``indexer`` keeps their vectors, which ``embedder`` makes."""

    def __init__(self, db: Database, reader: StoredReports, indexer: Indexer, embedder: Embedder) -> None:
        self._db = db
        self._reader = reader
        self._indexer = indexer
        self._embedder = embedder
        # A question is put to each report, and what figures are called is compared with one question after the other.
        self._vector_of = lru_cache(maxsize=_VECTORS_KEPT)(self._read_only_vector)

    def check_model(self) -> None:
        made_by = database.setting(self._db, "model")
        if made_by is not None and made_by != self._embedder.fingerprint:
            raise OtherModel(library=self._reader.folder, made_by=made_by, now=self._embedder.fingerprint)

    # -- what passages are scored by --------------------------------------------------------------------------

    def of_reports(self, report_ids: Iterable[int]) -> Candidates:
        of_one = f"{_SCORED_BY} where p.report_id = ? order by p.start"
        return self._collected([row for report_id in report_ids for row in self._db.execute(of_one, [report_id])])

    def by_ids(self, ids: Collection[int]) -> Candidates:
        given = [json.dumps(sorted(ids))]
        rows = self._db.execute(f"{_SCORED_BY} where p.id in (select value from json_each(?)) order by p.id", given)
        return self._collected(rows.fetchall())

    def _collected(self, rows: Sequence[tuple[Any, ...]]) -> Candidates:
        ids = json.dumps([row[0] for row in rows])
        tokens = {
            id_: (body, heading)
            for id_, body, heading in self._db.execute(
                "select rowid, body, heading from passages_fts where rowid in (select value from json_each(?))", [ids]
            )
        }
        return Candidates(
            tuple(StoredPassage(*row[:5]) for row in rows),
            tuple(row[5] for row in rows),
            tuple(tokens.get(row[0], ("", "")) for row in rows),
            self._unpacked([row[6] for row in rows]),
        )

    # -- by token ---------------------------------------------------------------------------------------------

    def token_counts(self, tokens: Iterable[str]) -> TokenCounts:
        passages, total = self._reader.kept("sums", self._sums)
        rows = self._db.execute(
            "select token, passages from tokens where token in (select value from json_each(?)) order by passages, token",
            [json.dumps(list(tokens))],
        )
        return TokenCounts(dict(rows.fetchall()), passages, total)

    def _sums(self) -> tuple[int, int]:
        """How many passages there are, and how many tokens they have."""
        found: tuple[int, int] = self._db.execute(
            "select coalesce(sum(passages), 0), coalesce(sum(tokens), 0) from reports"
        ).fetchone()
        return found

    def likely(
        self,
        needed: Sequence[str],
        beside: Sequence[str],
        heading_weight: float,
        count: int,
        reach: Reach = ALL,
    ) -> list[int]:
        one_of = " OR ".join(map(_quoted, needed))
        expression = f"({one_of}) AND ({one_of} OR {' OR '.join(map(_quoted, beside))})" if beside else one_of
        return self._matching(expression, heading_weight, count, reach, "order by f.rank")

    def holding_all(self, tokens: Sequence[str], count: int, reach: Reach = ALL) -> list[int]:
        return self._matching(" AND ".join(map(_quoted, tokens)), 1.0, count, reach, "")

    def _matching(self, expression: str, heading_weight: float, count: int, reach: Reach, order: str) -> list[int]:
        where, given = condition(reach)
        within = "" if reach.all else f" and p.report_id in (select r.id from reports r where {where})"
        rows = self._db.execute(
            "select f.rowid from passages_fts f cross join passages p on p.id = f.rowid"
            f" where f.passages_fts match ?{within} and f.rank match 'bm25(1.0, {heading_weight})' {order} limit ?",
            [expression, *given, count],
        )
        return [row[0] for row in rows]

    # -- by vector --------------------------------------------------------------------------------------------

    def embed_query(self, text: str) -> Vectors:
        """The vector of a query, of shape ``(dimension,)``, by the model of this process; not to be changed."""
        return self._vector_of(text)

    def _read_only_vector(self, text: str) -> Vectors:
        vector = self._embedder.embed_query(text)
        vector.flags.writeable = False
        return vector

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return self._embedder.embed_passages(texts)

    def nearest(self, query: Vectors, count: int, reach: Reach = ALL) -> list[int]:
        self.check_model()
        return self._indexer.nearest(query, count, reach, self._reader.generation)

    def stored_vectors(self) -> tuple[list[int], Vectors]:
        """All passage ids with their vectors, by id; shape ``(passages, dimension)``."""
        rows = self._db.execute("select id, vector from vectors order by id").fetchall()
        return [row[0] for row in rows], self._unpacked([row[1] for row in rows])

    def sampled_vectors(self) -> Vectors:
        return self._reader.kept("sampled vectors", self._sample)

    def _sample(self) -> Vectors:
        # Each by itself, so that it is looked up: asked for both at once, SQLite walks through all vectors.
        first, last = self._db.execute("select (select min(id) from vectors), (select max(id) from vectors)").fetchone()
        positions = sorted({first + (last - first) * n // (_SAMPLED - 1) for n in range(_SAMPLED)}) if first is not None else []
        nearest = "select (select vector from vectors where id >= value order by id limit 1) from json_each(?)"
        return self._unpacked([row[0] for row in self._db.execute(nearest, [json.dumps(positions)]) if row[0]])

    def _unpacked(self, blobs: Sequence[bytes]) -> Vectors:
        return unpack(blobs, dimension_of(blobs[0]) if blobs else self._embedder.dimension)


def _quoted(token: str) -> str:
    """A token as FTS5's expressions have it."""
    return '"' + token.replace('"', "") + '"'
