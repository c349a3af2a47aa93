"""A table of what several reports state: which of its rows are told, in which order, and what is computed from them."""

from __future__ import annotations

import math
import re
import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from retrieval.answers.claims import Chart, ChartLine, Claim, Computed, Listed, Values, What, Word, claim, merged
from retrieval.answers.comparing import fits, in_unit, meets
from retrieval.answers.comparison import Row, rows_of
from retrieval.answers.context import PartOfReport
from retrieval.answers.figure import related_parts
from retrieval.answers.many import MANY
from retrieval.models import Figure
from retrieval.question.query import Part
from retrieval.question.selections import Order, Selection
from retrieval.replies import Axis, Quote, Status

_COMPUTE: dict[str, Callable[[Sequence[float]], float]] = {
    "average": statistics.fmean,
    "median": statistics.median,
    "sum": math.fsum,
}
_SORTED_FROM = 5  # lines
_TITLED_FROM = 3  # lines; fewer are each a phrase of their own
_WITH_QUALIFIER = re.compile(r"左右|以上|以下|以内|超过|不低于|不少于|约|近|突破|余|多")


@dataclass(frozen=True)
class Table:
    """The answer for one part: its claims, a line each, the quotes, and what a chart shows."""

    status: Status
    claims: tuple[Claim, ...]
    quotes: tuple[Quote, ...]
    chart: Chart | None


def compare(asked: Sequence[PartOfReport], selection: Selection, *, complete: bool) -> Table | None:
    """The table for a part put to several reports; None where none of them states it.

    Only figures of one kind (targets or results) stand in one table. ``complete`` shows those that state nothing, too.
    """
    rows = rows_of(asked, selection)
    if all(row.state == "absent" for row in rows):
        return _of_related(asked, selection, complete=complete)
    return Composer(asked[0].part, selection, rows, complete).table()


def _of_related(asked: Sequence[PartOfReport], selection: Selection, *, complete: bool) -> Table | None:
    """The table of an indicator that people often mean by the name of the one that no report gives a figure of, which is said."""
    part = asked[0].part
    for meant in related_parts(part):
        rows = rows_of([replace(one, part=meant) for one in asked], selection)
        if sum(row.state != "absent" for row in rows) > 1:
            table = Composer(meant, selection, rows, complete).table()
            return replace(table, claims=(*table.claims, claim("of_related", asked=part.subject)))
    return None


class Composer:
    """Chooses, orders and computes from the rows of a table. ``axis`` is what its rows are told apart by."""

    axis: Axis = "places"

    def __init__(self, part: Part, selection: Selection, rows: Sequence[Row], complete: bool) -> None:
        self.part = part
        self.selection = selection
        self.rows = [row for row in rows if complete or row.state != "absent"]
        self.told = [row for row in self.rows if row.quantity]
        figures = [row.figure for row in (self.told or self.rows) if row.figure]
        self.figure = figures[0]
        alike = {(figure.kind, figure.year, figure.measure) for figure in figures}
        self.mixed = not part.indicators and len({row.figure.indicator for row in self.rows if row.figure}) > 1
        self.titled = not self.mixed and len(alike) == 1 and len(self.rows) >= _TITLED_FROM
        self.dimension = self.told[0].quantity.dimension if self.told and self.told[0].quantity else ""
        units = Counter(row.figure.unit for row in self.told if row.figure)
        self.unit = units.most_common(1)[0][0] if units else ""
        self.claims: list[Claim] = []
        self.named: list[Row] = []  # rows that are told of beside the list
        names = [row.name for row in self.rows]
        self.alike = Counter(names) if all(isinstance(name, str) for name in names) else None

    def table(self) -> Table:
        selection = self.selection
        ordered = self._ordered() if self._is_sorted() else list(self.rows)
        selected = self._selected(ordered)
        self._headline(selected)
        numbered = self._numbers(selected) if selection.order or selection.ranked or selection.limit else {}
        numbers = [numbered.get(id(row)) for row in selected[:MANY]]
        listed = [row.in_full() for row in selected[:MANY]]
        if listed:
            self._title()
        self.claims += self._lines(listed, {id(row): number for row, number in zip(listed, numbers, strict=True) if number})
        if len(selected) > MANY:
            self._say("table_more", counted=self._counted(len(selected) - MANY))
        self._footer(selected)
        status: Status = "answered" if any(row.state in ("stated", "other") for row in self.rows) else "blank"
        proofs = listed
        if not (selection.lacking or any(row.claim.quotes for row in listed)):
            proofs = [row.in_full() for row in self.told[:MANY]]
        quotes = merged(quote for row in (*proofs, *self.named) for quote in row.claim.quotes)
        return Table(status, tuple(self.claims), quotes, self._chart(listed))

    # -- which rows, in which order ----------------------------------------------------------------------------

    def _is_sorted(self) -> bool:
        """Whether its rows stand by their numbers: where that is asked for, and of more places than are asked for by their names."""
        selection = self.selection
        return bool((selection and not selection.computed) or selection.order) or len(self.rows) >= _SORTED_FROM

    def _ordered(self) -> list[Row]:
        """Rows with a number first, best first; then those that can't be compared, are blank, or state nothing."""
        return self._sorted(self.rows)

    def _sorted(self, rows: Sequence[Row]) -> list[Row]:
        low = self.selection.order == "lowest"
        last = {"other": 1, "blank": 2, "absent": 3}

        def key(row: Row) -> tuple[float, ...]:
            if row.quantity is None:
                return (last[row.state], 0.0, 0.0)
            sign = 1.0 if low else -1.0
            return (0, sign * row.quantity.low, sign * row.quantity.high)

        return sorted(rows, key=key)

    def _selected(self, ordered: Sequence[Row]) -> list[Row]:
        bounds, limit = self.selection.bounds, self.selection.limit
        if self.selection.lacking:
            return [row for row in ordered if row.state == "absent" and row.report]
        if (not bounds and not limit) or (bounds and not self._bounds_fit()):
            return list(ordered)
        chosen = [
            row
            for row in ordered
            if row.quantity and all(meets(row.quantity.low, bound, row.quantity.dimension) for bound in bounds)
        ]
        if limit and len(chosen) > limit:
            numbers = self._numbers(chosen)
            chosen = [row for row in chosen if numbers[id(row)] <= limit]
        return chosen

    def _held(self) -> int:
        return sum(row.report is not None for row in self.rows)

    def _bounds_fit(self) -> bool:
        """Whether the bounds are of the measure that the reports give: 超过1万亿元 says nothing of rates."""
        return all(fits(bound, self.dimension) for bound in self.selection.bounds)

    def _numbers(self, rows: Sequence[Row]) -> dict[int, int]:
        """The place of each row that has a number; equal ones share it (1, 2, 2, 4)."""
        told = [row.quantity.low for row in rows if row.quantity]
        first = {number: place for place, number in reversed([*enumerate(told, 1)])}
        return {id(row): first[row.quantity.low] for row in rows if row.quantity}

    # -- what is said of them ----------------------------------------------------------------------------------

    def _say(self, kind: str, /, **words: Word) -> None:
        self.claims.append(claim(kind, **words))

    def _title(self) -> None:
        if self.titled:
            self._say("table_title", what=self._what(self.figure, ""))

    def _lines(self, listed: Sequence[Row], numbered: dict[int, int]) -> list[Claim]:
        return [self._row(row, numbered.get(id(row))) for row in listed]

    def _in_full(self, rows: Sequence[Row]) -> list[Row]:
        """Rows that are told of beside the list, with their quotes, if they are of very many."""
        full = [row.in_full() for row in rows]
        self.named += [one for one, row in zip(full, rows, strict=True) if one is not row]
        return full

    def _counted(self, count: int) -> Claim:
        """So many of what the rows are of."""
        return claim(f"counted_{self.axis}", count=count)

    def _few(self, count: int) -> Claim:
        return claim(f"counted_few_{self.axis}", count=count)

    def _what(self, figure: Figure, place: Word) -> What:
        """What a figure is, by what the figures of several reports have in common: the question's words, where they are one thing."""
        asked = "" if self.mixed else "".join(self.part.topic)
        return What(figure, place, figure.indicator or asked or figure.subject)

    def _label(self, row: Row) -> Word:
        if not self.titled:
            return self._what(row.figure, row.name) if row.figure else row.name
        alike = self.alike[row.name] if self.alike else sum(one.name == row.name for one in self.rows)
        if alike > 1:
            year = (row.figure.year if row.figure else None) or (row.report.year if row.report else None) or ""
            return Listed((row.name, claim("year", year=year)), glue="")
        return row.name

    def _row(self, row: Row, number: int | None) -> Claim:
        label = self._label(row)
        label = claim("numbered", number=number, label=label) if number else label
        if row.state in ("absent", "blank"):
            return Claim(f"table_{row.state}", row.claim.status, row.report, {"place": label})
        notes = list(row.claim.notes)
        if row.state == "other" and self._compares():
            notes.append(claim("table_other"))
        if converted := self._converted(row):
            notes.append(converted)
        words = {"place": label, "value": Values(row.claim.figures)}
        return Claim("table_line", "answered", row.report, words, row.claim.figures, row.claim.quotes, tuple(notes))

    def _compares(self) -> bool:
        """Whether a row that can't be compared has to say so."""
        return bool(self.told) or self.mixed

    def _converted(self, row: Row) -> Claim | None:
        if row.quantity is None or row.figure is None or row.figure.unit == self.unit or self._same_size(row.figure.unit):
            return None
        return claim("table_converted", value=Computed(row.quantity.low, self.unit))

    def _same_size(self, unit: str) -> bool:
        """Whether a unit is but another name for the one that most rows use: 家 and 户."""
        return in_unit(1.0, unit) == in_unit(1.0, self.unit)

    def _headline(self, listed: Sequence[Row]) -> None:
        selection = self.selection
        if self.mixed and not self.told and selection:
            self._say("table_mixed", subject="".join(self.part.topic))
            return
        if selection.computed:
            self._computed()
        order = selection.order or ("highest" if selection.ranked else None)
        if order and not selection.bounds and selection.computed != "difference":
            self._extreme(order)
            if selection.also:
                self._extreme(selection.also)
        if selection.lacking:
            self._say("table_lacking" if listed else "table_none_lacking", counted=self._counted(len(listed) or self._held()))
        elif selection.bounds and not self._bounds_fit():
            self._say("table_other_measure")
        elif selection.bounds and not listed:
            self._say("table_none_meets", counted=self._counted(len(self.told)))
            self._extreme("highest" if selection.bounds[0].relation in ("above", "at_least") else "lowest")
        elif selection.bounds:
            self._say("table_meet", counted=self._counted(len(listed)))

    def _extreme(self, order: Order) -> None:
        pick: Callable[..., float] = max if order == "highest" else min
        if len(self.told) == 1 and len(self.rows) > 1 and not self.mixed:
            self._say("table_only", **named(self._in_full(self.told)[0]))
        if len(self.told) < 2:
            return
        best = pick(row.quantity.low for row in self.told if row.quantity)
        first = [row for row in self.told if row.quantity and row.quantity.low == best]
        first = self._in_full(first[:MANY])
        names = Listed(tuple(claim("table_named", **named(row)) for row in first))
        self._say(f"table_{order}{'_tied' if len(first) > 1 else ''}", names=names)

    def _computed(self) -> None:
        numbers = [row.quantity.low for row in self.told if row.quantity]
        computed = self.selection.computed
        if len(numbers) < 2:
            self._say("table_too_few", counted=self._counted(2))
        elif computed == "difference":
            self._difference()
        elif computed == "sum" and self.dimension in ("%", "个百分点"):
            self._say("table_no_sum")
        else:
            value = _COMPUTE[computed or "average"](numbers)
            self._say(f"table_{computed}", value=Computed(value, self.unit), counted=self._counted(len(numbers)))

    def _difference(self) -> None:
        """How far the highest and the lowest row are apart."""
        by_size = sorted(self.told, key=lambda row: row.quantity.low if row.quantity else 0.0)
        low, high = self._in_full([by_size[0], by_size[-1]])
        if low.quantity is None or high.quantity is None:
            return
        if low.quantity.low == high.quantity.low:
            self._say("table_same", counted=self._counted(len(self.told)))
            return
        self._say(
            "table_difference",
            value=Computed(high.quantity.low - low.quantity.low, self.unit, difference=True),
            high=high.name,
            high_value=Values(high.claim.figures),
            low=low.name,
            low_value=Values(low.claim.figures),
        )

    def _footer(self, listed: Sequence[Row]) -> None:
        selection = self.selection
        if selection.compared and not selection and len(self.told) == 2 == len(self.rows):
            self._difference()
        shown = {id(row) for row in listed}
        left = [row for row in self.rows if id(row) not in shown]
        if left and not (selection.lacking and not listed):
            counts = Counter(row.state if row.report else "unheld" for row in left)
            order = ("stated", "other", "blank", "absent", "unheld")
            states = [state for state in order if counts[state]]
            kinds = Listed(tuple(claim(f"table_left_{state}", counted=self._few(counts[state])) for state in states))
            self._say("table_left", counted=self._counted(len(left)), kinds=kinds)
        if (selection or selection.compared) and self.told:
            self._rule()

    def _rule(self) -> None:
        """By which rules the numbers were compared, as far as they matter here."""
        quantities = [row.quantity for row in self.told if row.quantity]
        figures = [row.figure for row in self.told if row.figure]
        rules = {
            "range": any(one.low != one.high for one in quantities),
            "qualifier": any(_WITH_QUALIFIER.search(figure.comparator) for figure in figures),
            "units": len({figure.unit for figure in figures}) > 1,
            "years": len({figure.year for figure in figures}) > 1,
        }
        if any(rules.values()):
            applied = tuple(claim(f"rule_{rule}") for rule, applies in rules.items() if applies)
            self._say("rules", rules=Listed(applied, "glue"))

    def _chart_title(self) -> Word:
        return self._what(self.figure, "")

    def _in_order(self, listed: Sequence[Row]) -> list[Row]:
        """The rows of a chart."""
        return self._sorted(listed)

    def _chart(self, listed: Sequence[Row]) -> Chart | None:
        if not self.told:
            return None
        in_order = self._in_order(listed)
        sources = {row.report.id: row.report for row in in_order if row.report and row.state != "absent"}
        lines = tuple(
            ChartLine(
                label=row.name,
                kind=row.figure.kind if row.figure else self.figure.kind,
                state=row.state,
                figures=row.claim.figures if row.state in ("stated", "other") else (),
                low=row.quantity.low if row.quantity else None,
                high=row.quantity.high if row.quantity else None,
            )
            for row in in_order
        )
        return Chart(self._chart_title(), self.axis, self.dimension, lines, tuple(sources.values()))


def named(row: Row) -> dict[str, Word]:
    """A row by its place and value."""
    return {"place": row.name, "value": Values(row.claim.figures)}
