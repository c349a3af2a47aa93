"""What a library holds, read from its database: reports, their texts, outlines, passages and figures."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from retrieval.errors import UnknownReport
from retrieval.figures.version import reading_version
from retrieval.models import Figure, Page, Removal, Report, Section, Span, StoredPassage
from retrieval.ports import Kept, Sought, StatedFigure
from retrieval.reach import ALL, Place, Reach
from retrieval.storage import database
from retrieval.storage import reach as reaching
from retrieval.storage.rows import FIGURE_COLUMNS, REPORT_COLUMNS, figure_of, report_of, with_flags

KEPT_REPORTS = 100  # whose text, outline and figures are kept in memory: about a megabyte each
KNOWN_REPORTS = 50_000  # whose metadata is kept in memory: about a kilobyte each


class StoredReports:
    """Reading the library in ``folder``, as ``ports.Reports`` says and for those who change it. May be shared by threads.

    What was read is kept until the library changes, by this process or another: of a report until that one does.
    """

    def __init__(self, folder: Path, db: Database) -> None:
        self.folder = folder
        self.db = db
        self._reading = threading.RLock()
        self._generation = -1
        self._snapshot_of: int | None = None  # the thread for which nothing changes now
        self._cache: dict[str, Any] = {}
        self._of_reports: OrderedDict[int, dict[str, Any]] = OrderedDict()
        self._known: dict[int, Report] = {}

    @property
    def generation(self) -> int:
        return int(database.setting(self.db, "generation") or 0)

    def reports(self, reach: Reach = ALL, count: int | None = None) -> list[Report]:
        self._forget_if_changed()
        where, given = reaching.condition(reach)
        order = "" if count is None else f"{'desc' if count < 0 else ''} limit {abs(count)}"
        found = self.db.execute(f"select r.id from reports r where {where} order by r.id {order}", given)
        ids = [row[0] for row in found]
        if unknown := [id_ for id_ in ids if id_ not in self._known]:
            read = self._read("r.id in (select value from json_each(?))", [json.dumps(unknown)])
            if len(self._known) + len(read) > KNOWN_REPORTS:
                self._known = {id_: self._known[id_] for id_ in ids if id_ in self._known}
            self._known |= {report.id: report for report in read}
        known = [self._known[id_] for id_ in ids]
        return reach.in_order(known) if len(reach.places) > 1 else known

    def report(self, report_id: int) -> Report:
        """Raises UnknownReport."""
        self._forget_if_changed()
        if report_id not in self._known:
            for report in self._read("r.id = ?", [report_id]):
                self._known[report_id] = report
        if report_id not in self._known:
            raise UnknownReport(id=report_id)
        return self._known[report_id]

    def _read(self, where: str, given: list[Any]) -> list[Report]:
        """Reports as they are in the database at this moment."""
        return [report_of(row) for row in self.db.query(f"{REPORT_COLUMNS} where {where} order by r.id", given)]

    def counted(self, reach: Reach = ALL) -> tuple[int, int]:
        where, given = reaching.condition(reach)
        counts = self.db.execute(f"select count(*), coalesce(sum(r.passages), 0) from reports r where {where}", given)
        reports, passages = counts.fetchone()
        return reports, passages

    def years(self, reach: Reach = ALL) -> list[int]:
        where, given = reaching.condition(reach)
        found = (f"select {column} as year from reports r where {where}" for column in ("review_year", "plan_year"))
        rows = self.db.execute(
            f"select year from ({' union '.join(found)}) where year is not null order by year", [*given, *given]
        )
        return [row[0] for row in rows]

    def places(self, names: Collection[str | None] | None = None) -> list[Place]:
        return reaching.places(self.db, names)

    def changed_places(self, since: int) -> list[str | None]:
        return reaching.changed_places(self.db, since)

    def telling_of(self, year: int, reach: Reach = ALL) -> list[Report]:
        self._forget_if_changed()
        where, given = reaching.condition(reach)
        beside, given_beside = reaching.condition(reach, "c")
        rows = self.db.execute(
            f"select r.id from figure_years y join reports r on r.id = y.report_id where y.year = ? and {where} and not exists ("
            "select 1 from reports c where c.place = r.place and c.within = r.within and ? in (c.plan_year, c.review_year)"
            f" and {beside}) order by r.id",
            [year, *given, year, *given_beside],
        )
        ids = tuple(row[0] for row in rows)
        return self.reports(Reach(ids=ids)) if ids else []

    def spoken_by(self, text: str) -> list[Report]:
        rows = self.db.execute(
            "select id from reports where speaker in (select distinct speaker from reports"
            " where length(speaker) > 1 and instr(?, speaker) > 0) order by id",
            [text],
        )
        ids = tuple(row[0] for row in rows)
        return self.reports(Reach(ids=ids)) if ids else []

    def text(self, report_id: int) -> str:
        self.report(report_id)

        def read() -> str:
            return str(self.db.execute("select text from texts where report_id = ?", [report_id]).fetchone()[0])

        return self.kept_of(report_id, "text", read)

    def mentioning(self, sought: Sequence[Sought], reach: Reach = ALL) -> dict[int, tuple[list[Span], ...]]:
        where, given = reaching.condition(reach)
        within = "" if reach.all else f" where report_id in (select r.id from reports r where {where})"
        found = {}
        for report_id, text in self.db.execute(f"select report_id, text from texts{within} order by report_id", given):
            spans = tuple(one.found_in(text) for one in sought)
            if any(spans):
                found[report_id] = spans
        return found

    def outline(self, report_id: int) -> tuple[Section, ...]:
        def read() -> tuple[Section, ...]:
            rows = self.db.query(
                "select parent, depth, heading, start, end, period, ahead, multi_year from sections"
                " where report_id = ? order by ordinal",
                [report_id],
            )
            return tuple(Section(**with_flags(row, "ahead", "multi_year")) for row in rows)

        return self.kept_of(report_id, "outline", read)

    def passages(self, report_id: int) -> tuple[StoredPassage, ...]:
        def read() -> tuple[StoredPassage, ...]:
            rows = self.db.execute(
                "select id, report_id, section, start, end from passages where report_id = ? order by start",
                [report_id],
            )
            return tuple(StoredPassage(*row) for row in rows)

        return self.kept_of(report_id, "passages", read)

    def passage(self, passage_id: int) -> StoredPassage | None:
        """The passage of that id, which none but it ever has; None where it is gone."""
        row = self.db.execute("select id, report_id, section, start, end from passages where id = ?", [passage_id]).fetchone()
        return StoredPassage(*row) if row else None

    def figures(self, report_id: int) -> tuple[Figure, ...]:
        return self._figures(report_id)[0]

    def stating(self, indicator: str, years: Sequence[int], reach: Reach = ALL) -> dict[int, list[StatedFigure] | None]:
        where, given = reaching.condition(reach)
        rows = self.db.execute(
            f"select f.report_id, substr(t.text, f.sentence_start + 1, f.start - f.sentence_start), {FIGURE_COLUMNS} from reports r"
            " cross join figures f on f.report_id = r.id and f.indicator = ? cross join texts t on t.report_id = r.id"
            f" where (f.year is null or f.year in (select value from json_each(?))) and {where} order by f.start",
            [indicator, json.dumps([*years]), *given],
        )
        found: dict[int, list[StatedFigure]] = {}
        for report_id, before, *row in rows:
            found.setdefault(report_id, []).append(StatedFigure(figure_of(row), before))
        return {**found, **dict.fromkeys(self.read_otherwise())}

    def figures_outdated(self, report_id: int) -> bool:
        return self._figures(report_id)[1] != reading_version()

    def read_otherwise(self) -> list[int]:
        """The reports whose figures were read with other language data than today's, as it is in the database at this moment."""
        version = reading_version()
        others = "figures_read_with < ? or figures_read_with > ?"  # by the index, which <> would not use
        return [row[0] for row in self.db.execute(f"select id from reports where {others} order by id", [version, version])]

    def upgraded(self) -> bool:
        """Whether the figures of a report were read before the schema that is today's."""
        return self.db.execute("select 1 from reports where figures_read_with = '' limit 1").fetchone() is not None

    def is_read_otherwise(self, report_id: int) -> bool:
        """As :meth:`read_otherwise`, of one report; False where it is gone."""
        row = self.db.execute("select figures_read_with from reports where id = ?", [report_id]).fetchone()
        return row is not None and row[0] != reading_version()

    def _figures(self, report_id: int) -> tuple[tuple[Figure, ...], str]:
        """The figures of a report, and what they were read with."""

        def read() -> tuple[tuple[Figure, ...], str]:
            rows = self.db.execute(f"select {FIGURE_COLUMNS} from figures f where report_id = ? order by start", [report_id])
            figures = tuple(map(figure_of, rows))
            with_what = self.db.execute("select figures_read_with from reports where id = ?", [report_id]).fetchone()
            return figures, with_what[0] if with_what else ""

        return self.kept_of(report_id, "figures", read)

    def removals(self, report_id: int) -> tuple[Removal, ...]:
        """What cleaning took out of a report."""
        return tuple(Removal(**one) for one in json.loads(self._column(report_id, "removals")))

    def pages(self, report_id: int) -> tuple[Page, ...]:
        def read() -> tuple[Page, ...]:
            rows = self.db.execute(
                "select number, start, confidence from pages where report_id = ? order by ordinal", [report_id]
            )
            return tuple(Page(*row) for row in rows)

        return self.kept_of(report_id, "pages", read)

    def evidence(self, report_id: int) -> dict[str, Span]:
        stored = json.loads(self._column(report_id, "evidence"))
        return {field: Span(*span) for field, span in stored.items()}

    def kept(self, key: str, make: Callable[[], Kept]) -> Kept:
        self._forget_if_changed()
        return _kept_in(self._cache, key, make)

    def kept_of(self, report_id: int, key: str, make: Callable[[], Kept]) -> Kept:
        self._forget_if_changed()
        of_report = self._of_reports.setdefault(report_id, {})
        self._of_reports.move_to_end(report_id)
        if len(self._of_reports) > KEPT_REPORTS:
            self._of_reports.popitem(last=False)
        return _kept_in(of_report, key, make)

    def _forget_if_changed(self) -> None:
        if self._snapshot_of == threading.get_ident():
            return
        generation = self.generation
        if generation != self._generation:
            self._forget(self._generation if self._generation < generation else -1)
            self._generation = generation

    def forget_kept(self) -> None:
        """Reads everything anew from here on."""
        self._forget(-1)

    def _forget(self, since: int) -> None:
        """Reads anew what is of the whole library, and of reports that changed later than in the generation ``since``."""
        self._cache.clear()
        changed = reaching.changed_reports(self.db, since) if since >= 0 else None
        for kept in (self._known, self._of_reports):
            for report_id in list(kept) if changed is None else changed:
                kept.pop(report_id, None)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        with self._reading:
            if self.db.conn.in_transaction:
                yield
                return
            self.db.execute("begin")
            try:
                self._forget_if_changed()
                self._snapshot_of = threading.get_ident()
                yield
            finally:
                self._snapshot_of = None
                self.db.execute("commit")

    def original(self, report_id: int) -> tuple[str, Path]:
        """The name and the path of the file that a report was added from. Raises UnknownReport."""
        stored = self.stored(report_id)
        return stored["file"], self.folder / "originals" / stored["stored_as"]

    def read_ids(self) -> list[int]:
        """The ids of all reports, as they are in the database at this moment."""
        return [row[0] for row in self.db.execute("select id from reports order by id")]

    def read_report(self, report_id: int) -> Report:
        """A report as it is in the database at this moment, which holds it."""
        return self._read("r.id = ?", [report_id])[0]

    def reports_of(self, place: str, year: int) -> list[Report]:
        """The reports of a place (by its whole name) for a year, as they are in the database at this moment."""
        return self._read("r.place = ? and coalesce(r.plan_year, r.review_year) = ?", [place, year])

    def with_text(self, text_sha256: str) -> int | None:
        """The report of this text (see ``Understood.text_sha256``), as it is in the database at this moment; None without."""
        row = self.db.execute("select id from reports where text_sha256 = ?", [text_sha256]).fetchone()
        return int(row[0]) if row else None

    def stored(self, report_id: int) -> dict[str, Any]:
        """Everything that is stored of a report, by column. Raises UnknownReport."""
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

    def _column(self, report_id: int, column: str) -> Any:
        row = self.db.execute(f"select {column} from reports where id = ?", [report_id]).fetchone()
        if row is None:
            raise UnknownReport(id=report_id)
        return row[0]


def _kept_in(kept: dict[str, Any], key: str, make: Callable[[], Kept]) -> Kept:
    if key not in kept:
        kept[key] = make()
    found: Kept = kept[key]
    return found
