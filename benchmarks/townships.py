"""A library as large as wanted: the sample reports with other places, years and numbers, written straight into a store.

Every piece keeps its length, so that all that was understood of a sample holds of what is made of it, and nothing is read or
embedded again. Four hundred reports are made so; the others are copies of them under other names, row by row, which takes a
millisecond each. Names come again in other counties, as those of real townships do.
"""

from __future__ import annotations

import json
import os
import random
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np

from benchmarks.material import sample_paths
from benchmarks.tables import Say
from retrieval.embedding.vectors import Vectors
from retrieval.ingest.understanding import read_reports, understand_report
from retrieval.library import Library
from retrieval.models import Figure
from retrieval.reading.loading import read_file
from retrieval.report.cleaning import Cleaned
from retrieval.report.understood import Understood
from retrieval.storage.writing import Document

YEARS = range(2016, 2026)  # planned for
MADE = 400  # reports; the others are copies of these
_A_COUNTY = 19  # towns in each county
_CITIES = ("澄江市", "云泽市", "丰陵市", "桐岭市", "沧浦市")
_FIRST = "青云石柳松泉溪桥岭坪湾坝塘龙凤永清白竹梅荷莲墨砚"
_SECOND = "川河山林原江坡岗口田沟渡洲台埠港峰崖岩涧渊沙滩浦津屿屯寨堡坊庄铺驿关亭楼阁桂桃杏枫樟槐榆桑茶麦稻粟苇萍藻兰芷菱芦葵"
_EVERY = 3  # passage of a sample is kept as one: what is measured here is what does not depend on their number
_POOL = 4096  # vectors that passages take one of
_COUNTED = re.compile(r"(?<![\d.])\d+(?:\.\d+)?(?![\d.]|[月日届次周])")
_YEAR = re.compile(r"20\d\d")


class Townships:
    """Reports of towns and of the counties around them, ten years of each; the same for the same number."""

    def __init__(self, dimension: int) -> None:
        found = [_skeleton(path) for path in sample_paths()]
        self._towns = [one for one in found if one.metadata.level == "乡镇"]
        self._counties = [one for one in found if one.metadata.level == "区县"]
        vectors = np.random.default_rng(1).standard_normal((_POOL, dimension)).astype(np.float32)
        self._pool = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    @staticmethod
    def place(number: int) -> tuple[str, ...]:
        """The place of the ``number``-th report, with what it lies in around it."""
        county, town = divmod(number // len(YEARS), _A_COUNTY + 1)
        around = (_CITIES[county % len(_CITIES)], f"{_name(0, county)}区")
        return around if not town else (*around, f"{_name(town, county)}镇")

    def report(self, number: int) -> Understood:
        """The ``number``-th report."""
        chance = random.Random(number)
        *within, place = self.place(number)
        kind = self._towns if len(within) == 2 else self._counties
        return _changed(kind[number % len(kind)], place, tuple(within), YEARS[number % len(YEARS)], chance)

    def vectors(self, number: int, understood: Understood) -> Vectors:
        """The vectors of its passages, shape ``(passages, dimension)``."""
        chosen = np.random.default_rng(number).integers(0, _POOL, len(understood.passages))
        return np.asarray(self._pool[chosen], np.float32)

    def fill(self, library: Library, wanted: int, say: Say) -> None:
        """Makes an empty library one of ``wanted`` reports, a multiple of ``MADE``."""
        with _unsynced(), patch.object(library.store.indexer, "catch_up"), library.transaction() as change:
            for number in range(MADE):
                one = self.report(number)
                change.add(Document(one.text_sha256, f"{number}.txt", b"", 1), 1, one, self.vectors(number, one), {})
        with patch.object(library.store.indexer, "catch_up"), library.transaction():
            _copy(library.store.db.conn, wanted // MADE, say)
        say("indexing")
        library.keep_up(wait=True)


def _copy(connection: sqlite3.Connection, times: int, say: Say) -> None:
    """Puts as many copies beside the reports of a library, each under other names and ids."""
    connection.create_function("renamed", 4, _renamed, deterministic=True)
    for table in ("documents", "reports", "passages", "figures"):
        connection.execute(f"create temp table most_{table} as select max(id) as id from {table}")
    for nth in range(1, times):
        for table in ("documents", "reports", "texts", "sections", "passages", "vectors", "passages_fts", "figures"):
            columns = [row[1] for row in connection.execute(f"pragma table_info({table})")]
            columns = ["rowid", *columns] if table == "passages_fts" else columns
            told = [_copied(table, column, nth) for column in columns]
            names = ", ".join(f'"{column}"' for column in columns)
            around = "" if table != "texts" else " join reports r on r.id = texts.report_id"
            key = {"sections": "report_id", "texts": "report_id", "passages_fts": "rowid"}.get(table, "id")
            of = {"texts": "reports", "sections": "reports", "vectors": "passages", "passages_fts": "passages"}.get(table, table)
            connection.execute(
                f"insert into {table} ({names}) select {', '.join(told)} from {table}{around}"
                f" where {table}.{key} <= (select id from most_{of})"
            )
        if nth % 10 == 0:
            say(f"{nth * MADE:,} reports")
    connection.execute("update tokens set passages = passages * ?", [times])


_OF = {"documents": "documents", "reports": "reports", "passages": "passages", "figures": "figures", "vectors": "passages"}
_MOVED = {
    "document_id": "documents",
    "report_id": "reports",
    "rowid": "passages",
    "first_passage": "passages",
    "last_passage": "passages",
}


def _copied(table: str, column: str, nth: int) -> str:
    """What the ``nth`` copy has in a column, as SQL."""
    if column == "id" or column in _MOVED:
        of = _OF[table] if column == "id" else _MOVED[column]
        return f'{table}."{column}" + {nth} * (select id from most_{of})'
    if column in ("sha256", "stored_as", "text_sha256"):
        return f"{column} || ':{nth}'"
    if table in ("reports", "texts") and column in ("place", "within", "title", "text"):
        return f"renamed({column}, place, within, {nth})"
    return f'{table}."{column}"'


def _renamed(text: str, place: str, within: str, nth: int) -> str:
    """``text`` of a report with its place, and those around it, under the names of the ``nth`` copy."""
    *outer, _ = around = [*json.loads(within), place]
    for name in around[(len(outer) and 1) or 0 :]:
        second = _SECOND[(_SECOND.index(name[1]) + 2 * nth) % len(_SECOND)]
        text = text.replace(name[:2], name[0] + second)
    return text.replace(around[0], _CITIES[(_CITIES.index(around[0]) + nth // 8) % len(_CITIES)])


@contextmanager
def _unsynced() -> Iterator[None]:
    """Originals are not what is measured: they need not be on disk before the next."""
    with patch.object(os, "fsync"):
        yield


def _skeleton(path: Path) -> Understood:
    understood = understand_report(read_reports(read_file(path.read_bytes(), path.name))[0], {})
    figures = tuple(one for one in understood.figures if understood.text[one.start : one.end] == one.value)
    return replace(understood, passages=understood.passages[::_EVERY], figures=figures)


def _changed(one: Understood, place: str, within: tuple[str, ...], plan_year: int, chance: random.Random) -> Understood:
    """A skeleton with other names of as many characters, other numbers of as many digits, and its years moved along."""
    own, old = one.metadata, one.metadata.plan_year or plan_year
    moved = plan_year - old
    names = [((own.place or "")[:-1], place[:-1])]
    names += [(outer[:-1], within[-1][:-1]) for outer in own.within if within and len(outer) == len(within[-1])]
    text = _YEAR.sub(lambda found: str(int(found.group()) + moved), one.text)
    text = _COUNTED.sub(lambda found: _other_number(found.group(), chance), text)
    for before, after in names:
        text = text.replace(before, after)
    metadata = replace(
        own,
        title=f"{place}{plan_year}年政府工作报告",
        place=place,
        within=within,
        review_year=plan_year - 1,
        plan_year=plan_year,
        delivered_on=None,
    )
    figures = tuple(_moved(figure, text, moved, names) for figure in one.figures)
    said_now = one.year_said_now + moved if one.year_said_now else None
    return Understood(Cleaned(text, ()), metadata, said_now, one.outline, one.passages, figures)


def _other_number(written: str, chance: random.Random) -> str:
    if _YEAR.fullmatch(written):
        return written
    return re.sub(r"\d", lambda digit: str(chance.randint(1 if digit.start() == 0 else 0, 9)), written)


def _moved(figure: Figure, text: str, moved: int, names: list[tuple[str, str]]) -> Figure:
    """A figure as the changed text has it."""
    value = text[figure.start : figure.end]
    before, after = (re.findall(r"\d+(?:\.\d+)?", one) for one in (figure.value, value))
    ratios = [float(new) / float(old) for old, new in zip(before, after, strict=True) if float(old)] or [1.0]
    subject = figure.subject
    for old, new in names:
        subject = subject.replace(old, new)
    low = figure.low * ratios[0] if figure.low is not None else None
    high = figure.high * ratios[-1] if figure.high is not None else None
    year = figure.year + moved if figure.year else None
    return replace(figure, value=value, low=low, high=high, year=year, subject=subject)


def _name(first: int, second: int) -> str:
    return f"{_FIRST[first]}{_SECOND[second]}"
