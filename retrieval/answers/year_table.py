"""A table of what the reports of a place state year by year: as the one of places, along years, where what is not held is a gap."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.answers.claims import Claim, Computed, Listed, Word, claim
from retrieval.answers.comparing import difference_of
from retrieval.answers.comparison import Row
from retrieval.answers.place_years import PlaceYears
from retrieval.answers.table import Composer, named
from retrieval.models import Kind
from retrieval.question.query import Part
from retrieval.question.selections import Selection


class YearTable(Composer):
    """Rows in the order of years. ``changed``: it is asked how far the last is from the first."""

    axis = "years"

    def __init__(
        self, place: PlaceYears, part: Part, subject: Word, selection: Selection, rows: Sequence[Row], *, changed: bool
    ) -> None:
        super().__init__(part, selection, rows, complete=True)
        self.place = place
        self.subject = subject
        self.changed = changed
        self.titled = True

    def _title(self) -> None:
        self._say("trend_title", place=self.place.name, subject=self.subject)

    def _chart_title(self) -> Word:
        return Listed((self.place.name, self.subject), glue="")

    def _in_order(self, listed: Sequence[Row]) -> list[Row]:
        shown = {id(row) for row in listed}
        return [row for row in self.rows if id(row) in shown]

    def _ordered(self) -> list[Row]:
        by_size = self.selection.order or self.selection.ranked or self.selection.limit
        return super()._ordered() if by_size else list(self.rows)

    def _selected(self, ordered: Sequence[Row]) -> list[Row]:
        chosen = super()._selected(ordered)
        if self.selection.edge is None:
            return chosen
        told = [row for row in self.rows if row.state != "absent" and any(row is one for one in chosen)]
        return told[:1] if self.selection.edge == "first" else told[-1:]

    def _headline(self, listed: Sequence[Row]) -> None:
        if self.selection.edge and listed:
            self._say(f"table_{self.selection.edge}", **named(listed[0]))
        else:
            super()._headline(listed)

    def _compares(self) -> bool:
        return bool(self.selection) and super()._compares()

    def _lines(self, listed: Sequence[Row], numbered: dict[int, int]) -> list[Claim]:
        """A line a row; years one after the other of which no report is held are one gap, the last lines where they are numbered."""
        lines: list[Claim] = []
        for row in sorted(listed, key=_is_gap) if numbered else listed:
            if not _is_gap(row):
                lines += super()._lines([row], numbered)
            elif not any(_is_gap(one) and one.year == row.year - 1 for one in listed):
                lines.append(self._gap(row, listed))
        return lines

    def _gap(self, row: Row, listed: Sequence[Row]) -> Claim:
        """That no report is held which plans (or reviews) a year, and those right after it."""
        last = row.year
        while any(_is_gap(one) and one.year == last + 1 for one in listed):
            last += 1
        kind = claim(f"gap_{self.part.aim}") if self.part.aim and self.place.holds(range(row.year, last + 1)) else ""
        if last == row.year:
            return claim("table_no_report", first=row.year, kind=kind)
        return claim("table_no_reports", first=row.year, last=last, kind=kind)

    def _footer(self, listed: Sequence[Row]) -> None:
        if self.selection:
            super()._footer(listed)
        else:
            self._change()

    def _change(self) -> None:
        """How far the last result (or target, where that is asked for) is from the first, where they can be compared."""
        kinds: tuple[Kind, ...] = ("actual", "target") if self.changed else ("actual",)
        for kind in kinds:
            rows = [row for row in self.told if row.figure and row.figure.kind == kind]
            apart = difference_of(rows[0].figure, rows[-1].figure) if len(rows) > 1 else None
            if apart is not None:
                said = "trend_rose" if apart > 0 else "trend_fell" if apart < 0 else "trend_same"
                value = Computed(abs(apart), self.unit, difference=True)
                self._say(said, first=rows[0].year, last=rows[-1].year, kind=claim(f"kinds.{kind}"), value=value)
                return
        if self.changed and len(self.told) == 2:
            self._difference()

    def _rule(self) -> None:
        pass  # a line a year says of which year it is


def _is_gap(row: Row) -> bool:
    return row.state == "absent" and row.report is None
