"""Answering over several years of one place: targets and results year by year, and whether targets were met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.answers.comparing import difference_written, prevailing, quantity
from retrieval.answers.figure import answer_figure, subject_of
from retrieval.answers.findings import Finding, merged, not_found, shown
from retrieval.answers.table import Table
from retrieval.language.indicators import indicators
from retrieval.messages import message
from retrieval.models import Figure, Kind, Report
from retrieval.ports import LibraryView
from retrieval.question.query import Course, Intent, Part, When
from retrieval.replies import ComparedLine, Comparison, LineState, Quote, RankedPassage, Status

_CEILINGS = ("以内", "以下", "之内", "不超过", "不高于", "不多于")
_MOST_TARGETS = 12


@dataclass(frozen=True)
class _Told:
    """What the reports of a place say of one year: a target or a result."""

    year: int
    kind: Kind
    finding: Finding
    figures: tuple[Figure, ...] = ()

    @property
    def figure(self) -> Figure | None:
        return self.figures[0] if self.figures else None

    def like(self, other: Figure | None) -> _Told:
        """The same, with the figure first that is of the measure of ``other``: 17.1亿元，增长5.8% beside 增长6%."""
        if other is None:
            return self
        return replace(self, figures=tuple(sorted(self.figures, key=lambda one: one.measure != other.measure)))

    @property
    def value(self) -> str:
        return "".join(self.finding.values)

    @property
    def state(self) -> LineState:
        if self.finding.status == "blank":
            return "blank"
        return "stated" if self.figure else "absent"


class PlaceYears:
    """The reports of one place, by the years that they review and plan."""

    def __init__(self, library: LibraryView, reports: Sequence[Report], ranked: Sequence[RankedPassage]) -> None:
        self.library = library
        self.reports = sorted(reports, key=lambda report: -(report.year or 0))
        self.ranked = ranked
        years = {year for report in reports for year in (report.review_year, report.plan_year) if year is not None}
        self.years = sorted(years)

    def told(self, ask: Part, kind: Kind, year: int, *, set_before: bool = False) -> _Told:
        """The figure of a year: from the report that reviews (or plans) it, else from whichever states it.

        With ``set_before`` not from a report that reviews and plans the same year: its targets are for what comes after.
        """
        asked = replace(ask, aim=kind, when=When((year,)))
        first: Finding | None = None
        for report in sorted(self.reports, key=lambda report: not _is_of(report, kind, year)):
            if set_before and report.review_year == report.plan_year == year:
                continue
            finding, chosen = answer_figure(self.library, report, asked, year, self.ranked)
            if finding.status != "not_found":
                return _Told(year, kind, finding, tuple(one for one in chosen if not one.stretch and not one.blank))
            first = first or finding
        return _Told(year, kind, first or not_found(""))


def _is_of(report: Report, kind: Kind, year: int) -> bool:
    return (report.plan_year if kind == "target" else report.review_year) == year


def answer_trend(
    library: LibraryView, reports: Sequence[Report], course: Course, ranked: Sequence[RankedPassage]
) -> Table | None:
    """A table of the years asked for, each with its target and its result; None where nothing is stated of any."""
    place = PlaceYears(library, reports, ranked)
    years = [course.first, course.last] if course.against else _years(place, course)
    asked = [year for year in years if year is not None]
    tables = [table for ask in course.parts if (table := _trend_of(place, ask, asked)) is not None]
    if not tables and course.against:  # no amounts: then how the rates differ
        rates = (replace(ask, measure=None) for ask in course.parts)
        tables = [table for ask in rates if (table := _trend_of(place, ask, asked)) is not None]
    return _joined(tables)


def _years(place: PlaceYears, course: Course) -> list[int]:
    if course.first is not None and course.last is not None:
        return [year for year in range(course.first, course.last + 1) if year - course.first < 30]
    if course.count is not None:
        # 近三年 ends with the last year that was reviewed; what is planned after it is shown, too.
        reviewed = [year for report in place.reports if (year := report.review_year) is not None]
        last = max(reviewed or place.years)
        return [year for year in place.years if year > last - course.count]
    return place.years


def _trend_of(place: PlaceYears, ask: Part, years: Sequence[int]) -> Table | None:
    kinds: tuple[Kind, ...] = (ask.aim,) if ask.aim else ("target", "actual")
    asked_again = ask
    told = [place.told(ask, kind, year) for year in years for kind in kinds]
    standard = prevailing([[one.figure] for one in told if one.figure])
    if ask.measure is None and standard and standard[0] in ("growth", "level"):
        asked_again = replace(ask, measure="growth" if standard[0] == "growth" else "level")
        told = [place.told(asked_again, kind, year) for year in years for kind in kinds]
    stated = [one for one in told if one.state != "absent"]
    if not stated:
        return None
    lines: list[tuple[str, tuple[str, ...]]] = []
    name = shown(place.reports[0])
    subject = _subject(ask, stated)
    lines.append((message("answers.trend_title", place=name, subject=subject), ()))
    for year in years:
        of_year = [one for one in told if one.year == year and one.state != "absent"]
        if not of_year:
            key = "answers.trend_absent" if year in place.years else "answers.trend_no_report"
            lines.append((message(key, year=year), ()))
        lines += [_trend_line(one) for one in of_year]
    lines += _change(told)
    return Table(_status(stated), tuple(lines), _quotes(stated), _comparison(f"{name}{subject}", told, place))


def _trend_line(one: _Told) -> tuple[str, tuple[str, ...]]:
    kind = message(f"kinds.{one.kind}")
    if one.state == "blank":
        return message("answers.trend_blank", year=one.year, kind=kind), ()
    return message("answers.trend_line", year=one.year, kind=kind, value=one.value, note=one.finding.note), (one.value,)


def _change(told: Sequence[_Told]) -> list[tuple[str, tuple[str, ...]]]:
    """How far the last result is from the first, where they can be compared."""
    results = [one for one in told if one.kind == "actual" and one.figure]
    stated = [one for one in told if one.figure]
    if len(results) < 2:
        return _apart(*stated) if len(stated) == 2 and stated[0].year != stated[1].year else []
    first, last = results[0], results[-1]
    before, after = quantity(first.figure), quantity(last.figure)  # type: ignore[arg-type]
    if before is None or after is None or before.dimension != after.dimension:
        return []
    apart = after.low - before.low
    key = "rose" if apart > 0 else "fell" if apart < 0 else "same"
    unit = last.figure.unit if last.figure else after.dimension
    value = difference_written(abs(apart), unit)
    return [(message(f"answers.trend_{key}", first=first.year, last=last.year, value=value), ())]


def _apart(first: _Told, last: _Told) -> list[tuple[str, tuple[str, ...]]]:
    """How far two figures of different kinds are apart: next year's target from this year's result."""
    before, after = quantity(first.figure), quantity(last.figure)  # type: ignore[arg-type]
    if before is None or after is None or before.dimension != after.dimension:
        return []
    value = difference_written(abs(after.low - before.low), first.figure.unit if first.figure else before.dimension)
    return [(message("answers.trend_apart", value=value), ())]


def _comparison(title: str, told: Sequence[_Told], place: PlaceYears) -> Comparison | None:
    counted = [(one, quantity(one.figure) if one.figure else None) for one in told]
    dimensions = [number.dimension for _, number in counted if number]
    if not dimensions:
        return None
    unit = dimensions[0]
    lines = []
    for one, number in counted:
        if number is not None and number.dimension != unit:
            number = None
        state: LineState = one.state if number or one.state != "stated" else "other"
        label = message("answers.year", year=one.year)
        lines.append(
            ComparedLine(label, one.kind, state, one.value, number.low if number else None, number.high if number else None)
        )
    cited = {quote.report.id for one in told for quote in one.finding.quotes}
    return Comparison(title, "years", unit, tuple(lines), tuple(r for r in place.reports if r.id in cited))


# -- whether targets were met ------------------------------------------------------------------------------------------


def answer_met(
    library: LibraryView, reports: Sequence[Report], course: Course, year: int | None, ranked: Sequence[RankedPassage]
) -> Table | None:
    """Each target of ``year`` (the last year reviewed where None) beside its result, with the difference.

    Without a subject, all main targets that the report of the year before set. None where no result is stated.
    """
    place = PlaceYears(library, reports, ranked)
    reviewed = [one for report in reports if (one := report.review_year) is not None]
    if year is None and not reviewed:
        return None
    year = year if year is not None else max(reviewed)
    asks = course.parts or _main_targets(place, year)
    pairs = []
    for ask in asks:
        target = place.told(ask, "target", year, set_before=True)
        pairs.append((ask, target, _result_beside(place, ask, target)))
    told = [one for _, target, result in pairs for one in (target, result) if one.state != "absent"]
    if not told or (course.parts and all(result.state == "absent" for _, _, result in pairs)):
        return None
    lines: list[tuple[str, tuple[str, ...]]] = []
    if all(target.state == "absent" for _, target, _ in pairs):
        lines.append((message("answers.met_no_target", place=shown(place.reports[0]), year=year), ()))
    elif len(pairs) > 1:
        lines.append((message("answers.met_title", place=shown(place.reports[0]), year=year), ()))
    for ask, target, result in pairs:
        if target.state == "absent" and result.state == "absent":
            continue
        lines.append(_met_line(ask, target, result, shown(place.reports[0]) if len(pairs) == 1 else ""))
    compared = (
        [_comparison(f"{shown(place.reports[0])}{_subject(pairs[0][0], told)}", [pairs[0][1], pairs[0][2]], place)]
        if len(pairs) == 1
        else []
    )
    return Table(_status(told), tuple(lines), _quotes(told), next(iter(compared), None))


def _result_beside(place: PlaceYears, ask: Part, target: _Told) -> _Told:
    """The result of a target's year, of the target's measure where there is one: a rate beside a rate."""
    told = place.told(ask, "actual", target.year).like(target.figure)
    aimed, reached = target.figure, told.figure
    if aimed is None or reached is None or aimed.measure == reached.measure or aimed.measure not in ("growth", "level"):
        return told
    again = place.told(replace(ask, measure="growth" if aimed.measure == "growth" else "level"), "actual", target.year)
    return again if again.figure and again.figure.measure == aimed.measure else told


def _main_targets(place: PlaceYears, year: int) -> tuple[Part, ...]:
    """The indicators that a report set main targets for, in its order."""
    names: dict[str, None] = {}
    for report in place.reports:
        for figure in place.library.figures(report.id):
            if (
                figure.kind == "target"
                and figure.year == year != report.review_year
                and figure.primary
                and figure.indicator
                and not figure.stretch
            ):
                names.setdefault(figure.indicator)
    known = indicators()
    return tuple(Part(Intent.FIGURE, name, indicators=(known[name],), named=(name,)) for name in list(names)[:_MOST_TARGETS])


def _met_line(ask: Part, target: _Told, result: _Told, place: str) -> tuple[str, tuple[str, ...]]:
    said = {"absent": message("answers.met_absent"), "blank": message("answers.met_blank")}
    target_value = said.get(target.state) or target.value
    result_value = said.get(result.state) or result.value
    subject = f"{place}{message('answers.year', year=result.year) if place else ''}{_subject(ask, [target, result])}"
    text = message(
        "answers.met_line", subject=subject, target=target_value, result=result_value, verdict=_verdict(target, result)
    )
    return text, tuple(value for value in (target.value, result.value) if value)


def _verdict(target: _Told, result: _Told) -> str:
    """Whether the result reaches the target, with the difference; empty where that can't be told."""
    if target.figure is None or result.figure is None:
        return ""
    aimed, reached = quantity(target.figure), quantity(result.figure)
    same = aimed and reached and aimed.dimension == reached.dimension and target.figure.measure == result.figure.measure
    if aimed is None or reached is None or not same:
        return message("answers.met_other")
    indicator = indicators().get(target.figure.indicator or "")
    ceiling = target.figure.comparator in _CEILINGS or (indicator is not None and indicator.lower)
    apart = (aimed.high - reached.high) if ceiling else (reached.low - aimed.low)
    value = difference_written(abs(apart), target.figure.unit)
    if abs(apart) < 1e-9 * max(abs(aimed.low), 1.0):
        return message("answers.met_even")
    if apart > 0:
        return message("answers.met_below_ceiling" if ceiling else "answers.met", value=value)
    if target.figure.comparator == "左右":
        return message("answers.met_about_ceiling" if ceiling else "answers.met_about", value=value)
    return message("answers.not_met_ceiling" if ceiling else "answers.not_met", value=value)


# -- shared ------------------------------------------------------------------------------------------------------------


def _subject(ask: Part, told: Sequence[_Told]) -> str:
    figure = next((one.figure for one in told if one.figure), None)
    subject = subject_of(ask)
    return subject + message("answers.trend_growth") if figure and figure.measure == "growth" else subject


def _status(told: Sequence[_Told]) -> Status:
    return "answered" if any(one.state == "stated" for one in told) else "blank"


def _quotes(told: Sequence[_Told]) -> tuple[Quote, ...]:
    return merged(quote for one in told for quote in one.finding.quotes)


def _joined(tables: Sequence[Table]) -> Table | None:
    """Several tables as one; the first's chart."""
    if not tables:
        return None
    status: Status = "answered" if any(table.status == "answered" for table in tables) else "blank"
    lines = tuple(line for table in tables for line in table.lines)
    quotes = merged(quote for table in tables for quote in table.quotes)
    return Table(status, lines, quotes, tables[0].comparison)
