"""Which reports are meant, as a condition that the database answers; and the places that reports are of."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any

from sqlite_utils import Database

from retrieval.reach import Place, Reach

# Of each place its first report and its latest one, of several of a year the first.
_PLACES = """select place, level, within, first, id, year from (
    select place, level, within, id, coalesce(plan_year, review_year) as year, min(id) over named as first,
        row_number() over (named order by coalesce(plan_year, review_year, 0) desc, id) as nth
    from reports {where}
    window named as (partition by place, within, level, iif(place is null, id, 0))) where nth = 1 order by first"""
_OF_PLACES = """select m.id from json_each(?) p cross join reports m on m.place is json_extract(p.value, '$[0]')
    where m.within = json_extract(p.value, '$[1]') and m.level is json_extract(p.value, '$[2]')"""


def condition(reach: Reach, report: str = "r") -> tuple[str, list[Any]]:
    """What holds of the reports that are meant, ``report`` being the table's name in the query; with what is to be given for it."""
    said: list[str] = []
    given: list[Any] = []
    if not reach.everywhere:
        named = [f"{report}.id in ({_OF_PLACES})"] if reach.places else []
        ids = [f"{report}.id in (select value from json_each(?))"] if reach.ids else []
        said.append(f"({' or '.join((*named, *ids))})")
        given += [_told(place for group in reach.places for place in group)] if named else []
        given += [json.dumps(reach.ids)] if ids else []
    if reach.level is not None:
        said.append(f"{report}.level = ?")
        given.append(reach.level)
    if reach.years:
        marks = ", ".join("?" * len(reach.years))
        said.append(f"({report}.plan_year in ({marks}) or {report}.review_year in ({marks}))")
        given += [*reach.years, *reach.years]
    if reach.without:
        said.append(f"{report}.id not in ({_OF_PLACES})")
        given.append(_told(reach.without))
    if reach.holed:
        said.append(f"{report}.skipped <> '[]'")
    return " and ".join(said) or "1", given


def _told(meant: Iterable[Place]) -> str:
    """Places by what is stored of them."""
    return json.dumps(
        [[one.name, json.dumps(list(one.within), ensure_ascii=False), one.level] for one in meant], ensure_ascii=False
    )


def places(db: Database, names: Collection[str | None] | None = None) -> list[Place]:
    """The places that reports are of, in the order of their first reports; of these ``names`` alone if given."""
    where, given = "", []
    if names is not None:
        unnamed = " or place is null" if None in names else ""
        where, given = f"where place in (select value from json_each(?)){unnamed}", [json.dumps([*filter(None, names)])]
    rows = db.execute(_PLACES.format(where=where), given)
    return [Place(name, level, _within(within), first, latest, year) for name, level, within, first, latest, year in rows]


def changed_places(db: Database, since: int) -> list[str | None]:
    """The names of places of which reports were added, changed or removed later than in the generation ``since``."""
    return [row[0] for row in db.execute("select distinct place from touched where generation > ?", [since])]


def changed_reports(db: Database, since: int) -> list[int]:
    """The reports that were added, changed, read again or removed later than in the generation ``since``."""
    return [row[0] for row in db.execute("select distinct report_id from touched where generation > ?", [since])]


def _within(stored: str) -> tuple[str, ...]:
    return tuple(json.loads(stored)) if stored != "[]" else ()
