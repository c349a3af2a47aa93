"""Answering for a figure of several reports: a table with a line a report, ordered, chosen or computed as asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.answers.claims import Claim, Word
from retrieval.answers.comparing import Quantity, all_fall, prevailing, quantity
from retrieval.answers.context import PartOfReport
from retrieval.answers.figure import state_figure
from retrieval.answers.many import stated_by_each
from retrieval.answers.quoting import shown
from retrieval.models import Figure, Kind, Measure, Report
from retrieval.question.held_places import place_keys
from retrieval.question.query import Part
from retrieval.question.selections import Selection
from retrieval.replies import LineState


@dataclass(frozen=True)
class Row:
    """What one report states, or none where none is held; ``quantity`` is None where it can't be compared with the other rows.

    ``name`` is what tells it from the others: a place, or a year, which ``year`` is then. ``asked`` is what it answers.
    """

    name: Word
    report: Report | None
    claim: Claim
    figure: Figure | None
    quantity: Quantity | None
    year: int = 0
    asked: PartOfReport | None = None

    def in_full(self) -> Row:
        """The row with its quotes and notes, where it was one of very many."""
        return self if self.asked is None or self.claim.words else replace(self, claim=state_figure(self.asked))

    @property
    def state(self) -> LineState:
        if self.claim.status == "blank":
            return "blank"
        if not self.claim.states:
            return "absent"
        return "stated" if self.quantity else "other"


def rows_of(asked: Sequence[PartOfReport], selection: Selection) -> list[Row]:
    """A row for each report, of the measure that the selection means where two reports or more give it."""
    meant = _meant(asked[0].part, selection)
    if meant is not None:
        part = replace(asked[0].part, measure=meant)
        rows = _rows([replace(one, part=part) for one in asked])
        if sum(row.quantity is not None for row in rows) > 1:
            return rows
    return _rows(asked)


def _meant(part: Part, selection: Selection) -> Measure | None:
    """The measure by which lines are to be ordered or chosen, where the question names none: 最多 and 超过1万亿 mean amounts,
    最快 rates; the highest result is the largest amount, the highest target the most that is aimed at."""
    if part.measure is not None or not part.indicators:
        return None
    usual = part.indicators[0].usual
    if selection.amounts is not None and usual == "growth":
        return "level" if selection.amounts else "growth"
    return "level" if selection.order and (part.aim != "target" or usual == "level") else None


def _rows(asked: Sequence[PartOfReport]) -> list[Row]:
    asked, claims = _once_a_place(*_of_prevailing_kind(asked))
    standard = prevailing([one.figures for one in claims])
    asked, claims = _of_measure(standard, asked, claims)
    rows = []
    for one, told in zip(asked, claims, strict=True):
        figure = of_standard(standard, told.figures)
        compared = figure or (told.figures[0] if told.figures else None)
        rows.append(Row(shown(one.report), one.report, told, compared, quantity(figure) if figure else None, asked=one))
    if asked and not asked[0].part.indicators:
        rows = _of_one_indicator(rows)
    figures = [row.figure for row in rows if row.figure and row.quantity]
    return [by_fall(row) for row in rows] if all_fall(figures) else rows


def _of_measure(
    standard: tuple[str, str] | None, asked: list[PartOfReport], claims: list[Claim]
) -> tuple[list[PartOfReport], list[Claim]]:
    """What states another measure than the prevailing one, where no measure was asked for, by that one where it states it, too."""
    if standard is None or standard[0] not in ("growth", "level"):
        return asked, claims
    others = [n for n, one in enumerate(claims) if one.figures and of_standard(standard, one.figures) is None]
    others = [n for n in others if asked[n].part.measure is None]
    measured = [replace(asked[n], part=replace(asked[n].part, measure=standard[0])) for n in others]
    asked, claims = [*asked], [*claims]
    for n, one, told in zip(others, measured, stated_by_each(measured), strict=True):
        if of_standard(standard, told.figures) is not None:
            asked[n], claims[n] = one, told
    return asked, claims


def _of_prevailing_kind(asked: Sequence[PartOfReport]) -> tuple[list[PartOfReport], list[Claim]]:
    """Results before targets where neither is asked for, unless targets are what the reports state."""
    aim = asked[0].part.aim
    kinds: tuple[Kind, ...] = (aim,) if aim else ("actual", "target")
    tries = []
    for kind in kinds:
        part = replace(asked[0].part, aim=kind)
        of_kind = [replace(one, part=part) for one in asked]
        tries.append((of_kind, stated_by_each(of_kind)))
    counts = [sum(bool(one.figures) for one in claims) for _, claims in tries]
    return tries[-1] if counts[-1] > 2 * counts[0] else tries[0]


def _of_one_indicator(rows: list[Row]) -> list[Row]:
    """Rows that can be compared by a word that is no indicator: 收入 is one place's tax revenue, another's fiscal revenue.

    Those whose figures are of the indicator that more than half are of can; else none.
    """
    names = Counter(row.figure.indicator for row in rows if row.figure and row.quantity)
    if len(names) < 2:
        return rows
    name, count = names.most_common(1)[0]
    same = name if 2 * count > names.total() else None
    return [row if same and row.figure and row.figure.indicator == same else replace(row, quantity=None) for row in rows]


def _once_a_place(asked: list[PartOfReport], claims: list[Claim]) -> tuple[list[PartOfReport], list[Claim]]:
    """Without those of a place and year of which another report tells: 2024 is planned in one, reviewed in the next."""
    keys = place_keys(one.report for one in asked)
    places = [(keys[one.report.id], one.year) for one in asked]
    told = {place for place, claim in zip(places, claims, strict=True) if claim.states}
    first = {place: number for number, place in reversed([*enumerate(places)])}
    kept = [
        number
        for number, (place, claim) in enumerate(zip(places, claims, strict=True))
        if claim.states or (place not in told and first[place] == number)
    ]
    return [asked[number] for number in kept], [claims[number] for number in kept]


def of_standard(standard: tuple[str, str] | None, figures: Sequence[Figure]) -> Figure | None:
    """The figure that is of the prevailing measure and dimension."""
    for figure in figures:
        counted = quantity(figure)
        if counted and not figure.stretch and (figure.measure, counted.dimension) == standard:
            return figure
    return None


def by_fall(row: Row) -> Row:
    if row.quantity is None:
        return row
    return replace(row, quantity=Quantity(-row.quantity.high, -row.quantity.low, row.quantity.dimension))
