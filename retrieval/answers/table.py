"""Answering for a figure of several reports: a table with a line a report, ordered, chosen or computed as asked."""

from __future__ import annotations

import math
import re
import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from retrieval.answers.comparing import (
    Quantity,
    all_fall,
    difference_written,
    fits,
    in_unit,
    meets,
    prevailing,
    quantity,
    written,
)
from retrieval.answers.figure import answer_figure
from retrieval.answers.findings import Finding, merged, shown
from retrieval.answers.wording.figures import called, what
from retrieval.messages import message
from retrieval.models import Figure, Kind, Report
from retrieval.ports import LibraryView
from retrieval.question.query import Asked, Part
from retrieval.question.scope import place_keys
from retrieval.question.selections import Order, Selection
from retrieval.replies import ComparedLine, Comparison, LineState, Quote, RankedPassage, Status

_COMPUTE: dict[str, Callable[[Sequence[float]], float]] = {
    "average": statistics.fmean,
    "median": statistics.median,
    "sum": math.fsum,
}
_TITLED_FROM = 3  # lines; fewer are each a phrase of their own
_WITH_QUALIFIER = re.compile(r"左右|以上|以下|以内|超过|不低于|不少于|约|近|突破|余|多")


@dataclass(frozen=True)
class Table:
    """The answer for one ask: its lines of text, each with the values in it, the quotes, and what a chart shows."""

    status: Status
    lines: tuple[tuple[str, tuple[str, ...]], ...]
    quotes: tuple[Quote, ...]
    comparison: Comparison | None


@dataclass(frozen=True)
class _Line:
    """What one report states; ``quantity`` is None where it can't be compared with the other lines."""

    report: Report
    year: int | None
    finding: Finding
    figure: Figure | None
    quantity: Quantity | None

    @property
    def state(self) -> LineState:
        if self.finding.status == "blank":
            return "blank"
        if self.finding.status == "not_found":
            return "absent"
        return "stated" if self.quantity else "other"

    @property
    def value(self) -> str:
        return "".join(self.finding.values)


def answer_table(
    library: LibraryView,
    pairs: Sequence[tuple[Report, int | None]],
    ask: Part,
    selection: Selection,
    ranked: Sequence[RankedPassage],
    complete: bool,
) -> Table | None:
    """The table for ``ask`` over reports, each with the year asked of it; None where none of them states it.

    Only figures of one kind (targets or results) stand in one table. ``complete`` shows those that state nothing, too.
    """
    lines = _lines(library, pairs, ask, selection, ranked)
    if all(line.state == "absent" for line in lines):
        return None
    return _Composer(ask, selection, lines, complete).table()


def _lines(
    library: LibraryView,
    pairs: Sequence[tuple[Report, int | None]],
    ask: Part,
    selection: Selection,
    ranked: Sequence[RankedPassage],
) -> list[_Line]:
    """A line for each pair, of the measure that the selection means where two reports or more give it."""
    meant = _meant(ask, selection)
    if meant is not None:
        lines = _lines_of(library, pairs, replace(ask, measure=meant), ranked)
        if sum(line.quantity is not None for line in lines) > 1:
            return lines
    return _lines_of(library, pairs, ask, ranked)


def _meant(ask: Part, selection: Selection) -> Asked | None:
    """The measure by which lines are to be ordered or chosen, where the question names none: 最多 and 超过1万亿 mean amounts,
    最快 rates; the highest result is the largest amount, the highest target the most that is aimed at."""
    if ask.measure is not None or not ask.indicators or ask.indicators[0].usual != "growth":
        return None
    if selection.amounts is not None:
        return "level" if selection.amounts else "growth"
    return "level" if selection.order and ask.aim != "target" else None


def _lines_of(
    library: LibraryView, pairs: Sequence[tuple[Report, int | None]], ask: Part, ranked: Sequence[RankedPassage]
) -> list[_Line]:
    kinds: tuple[Kind, ...] = (ask.aim,) if ask.aim else ("actual", "target")
    tries = [_found(library, pairs, replace(ask, aim=kind), ranked) for kind in kinds]
    # Results before targets where neither is asked for, unless targets are what the reports state.
    counts = [sum(bool(chosen) for _, chosen in one) for one in tries]
    found = tries[-1] if counts[-1] > 2 * counts[0] else tries[0]
    pairs, found = _once_a_place(pairs, found)
    ask = replace(ask, aim=kinds[int(counts[-1] > 2 * counts[0])] if len(kinds) > 1 else kinds[0])
    standard = prevailing([chosen for _, chosen in found])
    lines = []
    for (report, year), (finding, chosen) in zip(pairs, found, strict=True):
        figure = _of(standard, chosen)
        if figure is None and standard and chosen and ask.measure is None and standard[0] in ("growth", "level"):
            asked = replace(ask, measure="growth" if standard[0] == "growth" else "level")
            other, again = answer_figure(library, report, asked, year, ranked)
            if (figure := _of(standard, again)) is not None:
                finding = other
        compared = figure or (chosen[0] if chosen else None)
        lines.append(_Line(report, year, finding, compared, quantity(figure) if figure else None))
    if not ask.indicators:
        lines = _of_one_indicator(lines)
    figures = [line.figure for line in lines if line.figure and line.quantity]
    return [_by_fall(line) for line in lines] if all_fall(figures) else lines


def _of_one_indicator(lines: list[_Line]) -> list[_Line]:
    """Lines that can be compared by a word that is no indicator: 收入 is one place's tax revenue, another's fiscal revenue.

    Those whose figures are of the indicator that more than half are of can; else none.
    """
    names = Counter(line.figure.indicator for line in lines if line.figure and line.quantity)
    if len(names) < 2:
        return lines
    name, count = names.most_common(1)[0]
    same = name if 2 * count > names.total() else None
    return [line if same and line.figure and line.figure.indicator == same else replace(line, quantity=None) for line in lines]


def _once_a_place(
    pairs: Sequence[tuple[Report, int | None]], found: list[tuple[Finding, tuple[Figure, ...]]]
) -> tuple[list[tuple[Report, int | None]], list[tuple[Finding, tuple[Figure, ...]]]]:
    """The pairs without those of a place and year of which another report tells: 2024 is planned in one, reviewed in the next."""
    keys = place_keys(report for report, _ in pairs)
    places = [(keys[report.id], year) for report, year in pairs]
    told = {place for place, (finding, _) in zip(places, found, strict=True) if finding.status != "not_found"}
    kept = [
        number
        for number, (place, (finding, _)) in enumerate(zip(places, found, strict=True))
        if finding.status != "not_found" or (place not in told and places.index(place) == number)
    ]
    return [pairs[number] for number in kept], [found[number] for number in kept]


def _found(
    library: LibraryView, pairs: Sequence[tuple[Report, int | None]], ask: Part, ranked: Sequence[RankedPassage]
) -> list[tuple[Finding, tuple[Figure, ...]]]:
    return [answer_figure(library, report, ask, year, ranked) for report, year in pairs]


def _of(standard: tuple[str, str] | None, figures: Sequence[Figure]) -> Figure | None:
    """The figure that is of the prevailing measure and dimension."""
    for figure in figures:
        counted = quantity(figure)
        if counted and not figure.stretch and (figure.measure, counted.dimension) == standard:
            return figure
    return None


def _by_fall(line: _Line) -> _Line:
    if line.quantity is None:
        return line
    return replace(line, quantity=Quantity(-line.quantity.high, -line.quantity.low, line.quantity.dimension))


class _Composer:
    """Puts the lines of a table into words."""

    def __init__(self, ask: Part, selection: Selection, lines: Sequence[_Line], complete: bool) -> None:
        self.ask = ask
        self.selection = selection
        self.lines = [line for line in lines if complete or line.state != "absent"]
        self.told = [line for line in self.lines if line.quantity]
        figures = [line.figure for line in (self.told or self.lines) if line.figure]
        self.figure = figures[0]
        alike = {(figure.kind, figure.year, figure.measure) for figure in figures}
        self.mixed = not ask.indicators and len({line.figure.indicator for line in self.lines if line.figure}) > 1
        self.titled = not self.mixed and len(alike) == 1 and len(self.lines) >= _TITLED_FROM
        self.dimension = self.told[0].quantity.dimension if self.told and self.told[0].quantity else ""
        units = Counter(line.figure.unit for line in self.told if line.figure)
        self.unit = units.most_common(1)[0][0] if units else ""
        self.text: list[tuple[str, tuple[str, ...]]] = []

    def table(self) -> Table:
        selection = self.selection
        ordered = self._ordered() if (selection and not selection.computed) or selection.order else list(self.lines)
        listed = self._selected(ordered)
        self._headline(listed)
        if self.titled and listed:
            self._say(message("answers.table_title", what=self._what(self.figure, "")))
        numbered = self._numbers(listed) if selection.order or selection.ranked or selection.limit else {}
        for line in listed:
            self._say(*self._line(line, numbered.get(id(line))))
        self._footer(listed)
        status: Status = "answered" if any(line.state in ("stated", "other") for line in self.lines) else "blank"
        proofs = listed if selection.lacking or any(line.finding.quotes for line in listed) else self.told
        quotes = merged(quote for line in proofs for quote in line.finding.quotes)
        return Table(status, tuple(self.text), quotes, self._comparison(listed))

    # -- which lines, in which order ---------------------------------------------------------------------------

    def _ordered(self) -> list[_Line]:
        """Lines with a number first, best first; then those that can't be compared, are blank, or state nothing."""
        low = self.selection.order == "lowest"
        last = {"other": 1, "blank": 2, "absent": 3}

        def key(line: _Line) -> tuple[float, ...]:
            if line.quantity is None:
                return (last[line.state], 0.0, 0.0)
            sign = 1.0 if low else -1.0
            return (0, sign * line.quantity.low, sign * line.quantity.high)

        return sorted(self.lines, key=key)

    def _selected(self, ordered: Sequence[_Line]) -> list[_Line]:
        bounds, limit = self.selection.bounds, self.selection.limit
        if self.selection.lacking:
            return [line for line in ordered if line.state == "absent"]
        if (not bounds and not limit) or (bounds and not self._bounds_fit()):
            return list(ordered)
        chosen = [
            line
            for line in ordered
            if line.quantity and all(meets(line.quantity.low, bound, line.quantity.dimension) for bound in bounds)
        ]
        if limit and len(chosen) > limit:
            numbers = self._numbers(chosen)
            chosen = [line for line in chosen if numbers[id(line)] <= limit]
        return chosen

    def _bounds_fit(self) -> bool:
        """Whether the bounds are of the measure that the reports give: 超过1万亿元 says nothing of rates."""
        return all(fits(bound, self.dimension) for bound in self.selection.bounds)

    def _numbers(self, lines: Sequence[_Line]) -> dict[int, int]:
        """The place of each line that has a number; equal ones share it (1, 2, 2, 4)."""
        told = [line.quantity.low for line in lines if line.quantity]
        return {id(line): told.index(line.quantity.low) + 1 for line in lines if line.quantity}

    # -- words -------------------------------------------------------------------------------------------------

    def _say(self, text: str, values: Sequence[str] = ()) -> None:
        self.text.append((text, tuple(values)))

    def _what(self, figure: Figure, place: str) -> str:
        return what(figure, place) if self.mixed else called(self.ask, figure, place)

    def _line(self, line: _Line, number: int | None) -> tuple[str, tuple[str, ...]]:
        label = shown(line.report)
        if not self.titled:
            label = self._what(line.figure, label) if line.figure else label
        elif sum(shown(one.report) == label for one in self.lines) > 1:
            label += message("answers.year", year=(line.figure.year if line.figure else None) or line.report.year or "")
        label = f"{number}. {label}" if number else label
        if line.state in ("absent", "blank"):
            return message(f"answers.table_{line.state}", place=label), ()
        note = line.finding.note
        if line.state == "other" and (self.told or self.mixed):
            note += message("answers.table_other")
        note += self._converted(line)
        return message("answers.table_line", place=label, value=line.value, note=note), (line.value,)

    def _converted(self, line: _Line) -> str:
        if line.quantity is None or line.figure is None or line.figure.unit == self.unit or self._same_size(line.figure.unit):
            return ""
        return message("answers.table_converted", value=written(line.quantity.low, self.unit))

    def _same_size(self, unit: str) -> bool:
        """Whether a unit is but another name for the one that most lines use: 家 and 户."""
        return in_unit(1.0, unit) == in_unit(1.0, self.unit)

    def _headline(self, listed: Sequence[_Line]) -> None:
        selection = self.selection
        if self.mixed and not self.told and selection:
            self._say(message("answers.table_mixed", subject="".join(self.ask.topic)))
            return
        if selection.computed:
            self._computed()
        order = selection.order or ("highest" if selection.ranked else None)
        if order and not selection.bounds and selection.computed != "difference":
            self._extreme(order)
            if selection.also:
                self._extreme(selection.also)
        if selection.lacking:
            key = "answers.table_lacking" if listed else "answers.table_none_lacking"
            self._say(message(key, count=len(listed) or len(self.lines)))
        elif selection.bounds and not self._bounds_fit():
            self._say(message("answers.table_other_measure"))
        elif selection.bounds and not listed:
            self._say(message("answers.table_none_meets", count=len(self.told)))
            self._extreme("highest" if selection.bounds[0].relation in ("above", "at_least") else "lowest")
        elif selection.bounds:
            self._say(message("answers.table_meet", count=len(listed)))

    def _extreme(self, order: Order) -> None:
        pick: Callable[..., float] = max if order == "highest" else min
        if len(self.told) == 1 and len(self.lines) > 1 and not self.mixed:
            self._say(
                message("answers.table_only", place=shown(self.told[0].report), value=self.told[0].value), [self.told[0].value]
            )
        if len(self.told) < 2:
            return
        best = pick(line.quantity.low for line in self.told if line.quantity)
        first = [line for line in self.told if line.quantity and line.quantity.low == best]
        names = [message("answers.table_named", place=shown(line.report), value=line.value) for line in first]
        tied = "_tied" if len(first) > 1 else ""
        text = message(f"answers.table_{order}{tied}", names=message("answers.list_glue").join(names))
        self._say(text, [line.value for line in first])

    def _computed(self) -> None:
        numbers = [line.quantity.low for line in self.told if line.quantity]
        computed = self.selection.computed
        if len(numbers) < 2:
            self._say(message("answers.table_too_few"))
        elif computed == "difference":
            self._difference()
        elif computed == "sum" and self.dimension in ("%", "个百分点"):
            self._say(message("answers.table_no_sum"))
        else:
            value = _COMPUTE[computed or "average"](numbers)
            self._say(message(f"answers.table_{computed}", value=written(value, self.unit), count=len(numbers)))

    def _difference(self) -> None:
        """How far the highest and the lowest line are apart."""
        by_size = sorted(self.told, key=lambda line: line.quantity.low if line.quantity else 0.0)
        low, high = by_size[0], by_size[-1]
        if low.quantity is None or high.quantity is None:
            return
        if low.quantity.low == high.quantity.low:
            self._say(message("answers.table_same", count=len(self.told)))
            return
        apart = difference_written(high.quantity.low - low.quantity.low, self.unit)
        places = {"high": shown(high.report), "low": shown(low.report)}
        text = message("answers.table_difference", value=apart, high_value=high.value, low_value=low.value, **places)
        self._say(text, [high.value, low.value])

    def _footer(self, listed: Sequence[_Line]) -> None:
        selection = self.selection
        if selection.compared and not selection and len(self.told) == 2 == len(self.lines):
            self._difference()
        left = [line for line in self.lines if id(line) not in {id(one) for one in listed}]
        if left and not (selection.lacking and not listed):
            counts = Counter(line.state for line in left)
            glue = message("answers.list_glue")
            kinds = [
                message(f"answers.table_left_{state}", count=counts[state])
                for state in ("stated", "other", "blank", "absent")
                if counts[state]
            ]
            self._say(message("answers.table_left", count=len(left), kinds=glue.join(kinds)))
        if (selection or selection.compared) and self.told:
            self._rule()

    def _rule(self) -> None:
        """By which rules the numbers were compared, as far as they matter here."""
        quantities = [line.quantity for line in self.told if line.quantity]
        rules = []
        if any(one.low != one.high for one in quantities):
            rules.append(message("answers.rule_range"))
        if any(line.figure and _WITH_QUALIFIER.search(line.figure.comparator) for line in self.told):
            rules.append(message("answers.rule_qualifier"))
        if len({line.figure.unit for line in self.told if line.figure}) > 1:
            rules.append(message("answers.rule_units"))
        if len({line.figure.year for line in self.told if line.figure}) > 1:
            rules.append(message("answers.rule_years"))
        if rules:
            self._say(message("answers.rules", rules=message("answers.glue").join(rules)))

    def _comparison(self, listed: Sequence[_Line]) -> Comparison | None:
        if not self.told:
            return None
        in_order = [line for line in self._ordered() if id(line) in {id(one) for one in listed}]
        sources = {line.report.id: line.report for line in in_order if line.state != "absent"}
        lines = tuple(
            ComparedLine(
                label=shown(line.report),
                kind=line.figure.kind if line.figure else self.figure.kind,
                state=line.state,
                value=line.value,
                low=line.quantity.low if line.quantity else None,
                high=line.quantity.high if line.quantity else None,
            )
            for line in in_order
        )
        return Comparison(self._what(self.figure, ""), "places", self.dimension, lines, tuple(sources.values()))
