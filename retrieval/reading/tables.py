"""Tables as text: its heads, then a line a row, in which every value stands beside what it is of.

A row of a table of figures becomes 2024年实际：地区生产总值38.6亿元；2025年目标：地区生产总值增长6.5%左右。 Other rows name
their heads (任务：修路；责任单位：经发办) or, where there are none, part their cells by a mark that can be seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retrieval.language.folding import fold
from retrieval.language.indicators import subject_of
from retrieval.language.patterns import pattern
from retrieval.language.units import SCALE, UNIT

Row = Sequence[str]

_VALUE = pattern("tables.cell.value")
_YEAR = pattern("tables.cell.year")
_TIME = pattern("tables.cell.time")
_NOTHING = pattern("tables.cell.nothing")
_A_UNIT = rf"(?:{SCALE})?(?:{UNIT})"
_HAS_UNIT = pattern("tables.cell.has_unit", unit=_A_UNIT)
_UNIT = pattern("tables.head.unit", unit=_A_UNIT)
_UNIT_OF_TABLE = pattern("tables.head.of_table")
_UNIT_HEAD = pattern("tables.head.units")
_ORDINAL_HEAD = pattern("tables.head.ordinals")
_LABEL_HEAD = pattern("tables.head.names")
_YEAR_HEAD = pattern("tables.head.years")
_VALUE_HEAD = pattern("tables.head.values")
_MEASURE = pattern("tables.head.measure")
_KIND = pattern("tables.head.kind")
_HEADED = 4  # rows at most that head a table
_LONG = 40  # characters: what is longer is text and no head
_BETWEEN = " | "
_BETWEEN_VALUES = re.compile(r",(?!\d{3}(?!\d))|[;、]")
COLUMNS, ROWS = 60, 20_000


@dataclass(frozen=True)
class Cell:
    """A cell of a table and over how many columns and rows it goes."""

    text: str
    columns: int = 1
    rows: int = 1


def spread(rows: Sequence[Sequence[Cell]]) -> list[list[str]]:
    """A table whose every row has every column: what goes over several stands in each of them."""
    grid: list[list[str]] = []
    open_: dict[int, tuple[str, int]] = {}  # by column: what comes from above, and for how many more rows
    for row in rows[:ROWS]:
        texts: list[str] = []
        waiting = list(row)
        below: dict[int, tuple[str, int]] = {}
        while (waiting or len(texts) in open_) and len(texts) < COLUMNS:
            if len(texts) in open_:
                text, left = open_[len(texts)]
                if left > 1:
                    below[len(texts)] = (text, left - 1)
                texts.append(text)
                continue
            cell = waiting.pop(0)
            text = _one_line(cell.text)
            for _ in range(max(min(cell.columns, COLUMNS - len(texts)), 1)):
                if cell.rows > 1:
                    below[len(texts)] = (text, cell.rows - 1)
                texts.append(text)
        open_ = below
        grid.append(texts)
    return grid


def lines_of(rows: Sequence[Row], before: str = "") -> list[str]:
    """A table as lines. ``before`` is the line above it, which may name the unit of all of it."""
    table = [[_one_line(cell) for cell in row] for row in rows[:ROWS]]
    table = [row for row in table if any(row)]
    if not table:
        return []
    width = max(map(len, table))
    if width == 1:
        return [row[0] for row in table]
    if width > COLUMNS:  # no table that anybody made; to tell its heads would take the square of its width
        return [_parted(row) for row in table]
    table = [[*row, *[""] * (width - len(row))] for row in table]
    heads = _head_rows(table)
    return list(_Table(table, heads, before).lines())


def _one_line(text: str) -> str:
    """A cell's text on one line; words that a cell breaks go on."""
    return re.sub(r"[ \u3000\t\xa0]+", " ", re.sub(r"\s*\n\s*", "", text)).strip()


def _unit_of_table(line: str) -> str:
    found = _UNIT_OF_TABLE.search(fold(line[-80:]))
    return found.group("unit") if found else ""


def is_value(cell: str) -> bool:
    """Whether a cell is a value, or several: 1432.6亿元，增长5.3%."""
    pieces = [piece.strip() for piece in _BETWEEN_VALUES.split(fold(cell).rstrip("。; "))]
    return all(_VALUE.fullmatch(piece) for piece in pieces)


def _head_rows(table: list[list[str]]) -> int:
    """How many rows head the table: those before the first one that has a value, if they have no long text; else none."""
    for number, row in enumerate(table[: _HEADED + 1]):
        if any(is_value(cell) and not _YEAR.fullmatch(fold(cell)) for cell in row[1:]):
            return number
    first = table[0]
    is_head = len(table) > 1 and all(0 < len(cell) <= 12 for cell in first) and len(set(first)) == len(first)
    plain = all(len(cell) <= _LONG for row in table for cell in row[:1])
    return 1 if is_head and plain and not re.search(r"[。；;：:]", "".join(first)) else 0


class _Table:
    def __init__(self, table: list[list[str]], heads: int, before: str) -> None:
        width = len(table[0])
        unit = _unit_of_table(before)
        head_rows = []
        for row in table[:heads]:
            if len(set(filter(None, row))) == 1:  # the title of the table, or its unit
                unit = _unit_of_table(row[0]) or unit
            else:
                head_rows.append(row)
        first = table.index(head_rows[0]) if head_rows else heads
        self.above = [_first(row) for row in table[:first]]
        self.groups = [_first(row) for row in table[first:heads] if row not in head_rows]  # of the rows that follow
        self.unit = unit
        self.heads = [_joined(row[column] for row in head_rows) for column in range(width)]
        named = set(_TIME.findall(fold(before)))
        timed = any(_TIME.search(fold(head)) for head in self.heads)
        self.time = next(iter(named)) if len(named) == 1 and not timed else ""
        self.body = table[heads:]
        self.has_heads = bool(head_rows)
        self.ordinals = [column for column in range(width) if _ORDINAL_HEAD.fullmatch(fold(self.heads[column]))]
        self.unit_column = next((c for c in range(width) if _UNIT_HEAD.fullmatch(fold(self.heads[c]))), None)
        self.values = [column for column in range(1, width) if self._is_of_values(column)]
        naming = [c for c in range(width) if c not in (*self.values, *self.ordinals, self.unit_column)]
        self.labels = [c for c in naming if not self.values or c < self.values[0]]
        self.fronts = self._fronts()
        self.labels = [c for c in self.labels if c not in self.fronts]
        self.others = [c for c in naming if c not in (*self.labels, *self.fronts)]

    def lines(self) -> Iterator[str]:
        yield from self.above
        if self.has_heads:
            yield _BETWEEN.join(_distinct(head for head in self.heads if head))
        yield from self.groups
        for row in self.body:
            if len({cell for cell in row if cell}) == 1 and row[0] and not is_value(row[0]):
                self.unit = _unit_of_table(row[0]) or self.unit
                yield row[0]  # a group of rows, or a note
            elif self.values and any(_says(row[c]) for c in self.values):
                yield self._of_values(row)
            elif self.has_heads and not self.values:
                yield "；".join(_headed(self.heads[c], row[c]) for c in range(len(row)) if row[c])
            else:
                yield _parted(row)

    def _is_of_values(self, column: int) -> bool:
        """Whether a column has values: more of its cells than not."""
        if column in self.ordinals or column == self.unit_column or _LABEL_HEAD.fullmatch(fold(self.heads[column])):
            return False
        cells = [row[column] for row in self.body if row[column] and len(set(row)) > 1]
        told = [cell for cell in cells if _says(cell)]
        return bool(told) and sum(map(is_value, told)) * 2 >= len(told)

    def _fronts(self) -> list[int]:
        """The columns that tell of each row its year, and whether it was aimed at or reached, beside one that names it."""
        said = {c: [row[c] for row in self.body if row[c]] for c in self.labels}
        years = [c for c in said if said[c] and _YEAR_HEAD.fullmatch(fold(self.heads[c])) and all(map(_YEAR.fullmatch, said[c]))]
        kinds = [c for c in said if said[c] and len(set(said[c])) < len(said[c]) and all(map(_KIND.match, said[c]))]
        fronts = [*years[:1], *kinds[:1]]
        return fronts if years and len(fronts) < len(self.labels) else []

    def _of_values(self, row: list[str]) -> str:
        ordinal = "".join(f"{row[c].rstrip('.、．')}、" for c in self.ordinals if row[c])
        name, own_unit = _without_unit("".join(_distinct(row[c] for c in self.labels if row[c])))
        unit = row[self.unit_column] if self.unit_column is not None else own_unit
        of_years = bool(_YEAR.fullmatch(fold(name)))
        of_row = _year(" ".join(row[c] for c in self.fronts)).replace(" ", "")
        said, subject = [], "" if of_years else name
        for column in (c for c in self.values if _says(row[c])):
            front, measure, head_unit = self._head(column)
            front = f"{of_row}{front}"
            if of_years:  # a row is a year, a column what is counted
                changes = bool(_MEASURE.search(measure))
                front, subject, measure = _year(name), subject if changes else measure, measure if changes else ""
            of_change = bool(_MEASURE.search(measure))
            own = head_unit or ("" if of_change and "%" not in unit else unit)
            shown = self._with_unit(row[column], own or self._common_unit(subject, of_change))
            between = "" if of_change and (_tells_change(subject) or _has_words(row[column])) else measure
            said.append(
                f"{front}：{subject}{between}{shown}" if front else f"{subject}{between or ('' if head_unit else '：')}{shown}"
            )
        said += [_headed(self.heads[c], row[c]) for c in self.others if row[c]]
        return f"{ordinal}{'；'.join(said)}。"

    def _head(self, column: int) -> tuple[str, str, str]:
        """What a column's head says before a row's name, what after it, and its unit: 2024年实际; 增长; %."""
        head, unit = _without_unit(self.heads[column])
        if not unit and _HAS_UNIT.fullmatch(fold(head)):
            head, unit = "", head
        measure = _MEASURE.search(fold(head))
        front = (f"{head[: measure.start()]}{head[measure.end() :]}" if measure else head).strip(" ，、")
        said = head[measure.start() : measure.end()] if measure else ""
        if not _TIME.search(fold(front)) and not _KIND.search(front):
            counted = "" if _VALUE_HEAD.fullmatch(fold(front)) else front
            front, said = self.time, f"{counted}{said}"  # what is counted of the row's name: its investment, its length
        elif self.time and not _TIME.search(fold(front)):
            front = f"{self.time}{front}"
        return _year(front), said.replace("增减", "增长").replace("±", "增长"), unit or ("%" if "±" in said else "")

    def _common_unit(self, subject: str, of_change: bool) -> str:
        """The unit of the whole table that a value of what a row names is in.

        Of two (亿元、%) changes have the rate, and amounts the other one where the name is known to be counted in it.
        """
        units = [unit for unit in re.split(r"[、,，/或和]", self.unit.replace("％", "%")) if unit]
        if len(units) == 1:
            return "" if of_change or units == ["%"] else units[0]
        if len(units) != 2 or "%" not in units:
            return ""
        if of_change:
            return "%"
        amount = next(unit for unit in units if unit != "%")
        named = subject_of(fold(subject), ())
        return amount if named and named.indicator.counts(amount.lstrip("十百千万亿")) else ""

    @staticmethod
    def _with_unit(value: str, unit: str) -> str:
        value = value.rstrip("。；; ")
        return value if _HAS_UNIT.search(fold(value)) or not is_value(value) else f"{value}{unit}"


def _first(row: Row) -> str:
    return next(filter(None, row), "")


def _year(text: str) -> str:
    """A head whose years are written as years are."""
    return re.sub(r"((?:19|20)\d\d)(?![\d年—\-.])", r"\1年", text)


def _says(cell: str) -> bool:
    return bool(cell) and not _NOTHING.fullmatch(fold(cell))


def _tells_change(name: str) -> bool:
    return name.endswith(("增长", "增速", "增幅", "增长率"))


def _has_words(value: str) -> bool:
    """Whether a value says by itself what it does: 增长6.5%."""
    return bool(re.match(r"[^\d]{2,}", value))


def _without_unit(head: str) -> tuple[str, str]:
    """A head and the unit that it names: 地区生产总值（亿元）, 增长%."""
    found = _UNIT.search(fold(head))
    if found is None:
        return head, ""
    return f"{head[: found.start()]}{head[found.end() :]}".strip(), found.group("bracketed") or found.group("bare")


def _headed(head: str, cell: str) -> str:
    return f"{head}：{cell}" if head else cell


def _parted(row: Row) -> str:
    """A row without heads: a name and what is said of it, else cells apart."""
    told = [cell for cell in row if cell]
    if len(told) == 2 and not is_value(told[0]) and len(told[0]) <= _LONG:
        return f"{told[0].rstrip('：:')}：{told[1]}"
    return _BETWEEN.join(told)


def _distinct(cells: Iterator[str]) -> Iterator[str]:
    """Cells without those that say again what the one before said, as merged cells do."""
    before = ""
    for cell in cells:
        if cell and cell != before:
            yield cell
        before = cell


def _joined(cells: Iterator[str]) -> str:
    return "".join(_distinct(cells))
