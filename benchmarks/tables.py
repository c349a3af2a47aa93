"""Tables of raw numbers that are printed for people (rich) or given out as JSON."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import rich.box
from rich.console import Console, Group
from rich.table import Table as RichTable
from rich.text import Text

Cell = str | float | int | None
Say = Callable[[str], None]
_PLAIN_WIDTH = 130


@dataclass(frozen=True)
class Column:
    """A column; ``shown`` is the format of its numbers, and ``unit`` (s, ms, MB, ...) stands under its title."""

    title: str
    shown: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Ratio:
    """What a benchmark comes down to: ``what`` was measured, ``beside`` what of the same run, both in ``unit``; ``goal`` in words."""

    what: str
    measured: float
    beside: str
    baseline: float
    unit: str
    goal: str = ""


@dataclass(frozen=True)
class Table:
    """One table of a benchmark. A cell is a number in its column's unit, a text, or None where nothing was measured.

    ``ratios`` are what of it stands in the summary of a run.
    """

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = ()
    ratios: Sequence[Ratio] = ()

    def for_people(self) -> Group:
        table = RichTable(title=self.title, title_justify="left", title_style="bold", box=rich.box.SIMPLE_HEAD)
        for position, column in enumerate(self.columns):
            title = f"{column.title}\n{column.unit}" if column.unit else column.title
            table.add_column(Text(title), justify="right" if position else "left", no_wrap=not position)
        for row in self.rows:
            table.add_row(*(Text(_shown(cell, column)) for cell, column in zip(row, self.columns, strict=True)))
        return Group(table, *(Text(f"  {note}", style="dim") for note in self.notes), Text())

    def as_json(self) -> dict[str, Any]:
        names = [f"{column.title} ({column.unit})" if column.unit else column.title for column in self.columns]
        rows = [dict(zip(names, row, strict=True)) for row in self.rows]
        return {"title": self.title, "rows": rows, "notes": list(self.notes)}


def summary(results: dict[str, list[Table]]) -> Table:
    """The ratios of all benchmarks of a run in one table, with the command that repeats each."""
    rows = [
        (
            one.what,
            f"{_brief(one.measured)} {one.unit}",
            f"{one.beside}: {_brief(one.baseline)} {one.unit}",
            ratio(one.measured, one.baseline),
            one.goal,
            name,
        )
        for name, tables in results.items()
        for table in tables
        for one in table.ratios
    ]
    columns = (
        Column("measured"),
        Column(""),
        Column("beside"),
        Column("ratio", ".3g"),
        Column("goal"),
        Column("python -m benchmarks"),
    )
    return Table("Summary", columns, rows)


def _brief(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def terminal(*, errors: bool = False) -> Console:
    """The console to print on; wide enough for the tables where the output is no terminal."""
    console = Console(stderr=errors, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = _PLAIN_WIDTH
    return console


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of ``values`` that at least ``share`` of them do not exceed (nearest rank, no interpolation)."""
    return sorted(values)[max(math.ceil(share * len(values)) - 1, 0)]


def ratio(value: float, baseline: float) -> float | None:
    return value / baseline if baseline else None


def _shown(cell: Cell, column: Column) -> str:
    if cell is None:
        return "-"
    return cell if isinstance(cell, str) else format(cell, column.shown)
