"""A figure of very many reports: the library is asked at once for what can answer, and only what is shown is read in full.

What is chosen is what :func:`retrieval.answers.figure.state_figure` chooses; but it is not quoted, and where nothing answers, it
is not looked for why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from retrieval.answers.claims import Claim, absent
from retrieval.answers.context import PartOfReport
from retrieval.answers.figure import amount_first, may_answer, state_figure
from retrieval.answers.matching.choice import by_indicator
from retrieval.answers.matching.surroundings import Around, said_before
from retrieval.answers.matching.times import choices
from retrieval.answers.matching.words import Weights
from retrieval.language.measures import traits_of
from retrieval.models import Figure
from retrieval.ports import StatedFigure
from retrieval.question.query import Part

MANY = 100  # reports; of more than that no more are listed, either


def stated_by_each(asked: Sequence[PartOfReport]) -> list[Claim]:
    """What each report states; of very many reports without quotes, where figures of an indicator alone can answer."""
    if len(asked) <= MANY or not _is_plain(asked[0].part):
        return [state_figure(one) for one in asked]
    stated = _stating(asked)
    nothing: list[StatedFigure] = []
    claims = []
    for one in asked:
        figures = stated.get(one.report.id, nothing)
        claims.append(state_figure(one) if figures is None else _claim(one, figures))
    return claims


def _stating(asked: Sequence[PartOfReport]) -> Mapping[int, list[StatedFigure] | None]:
    """The figures of the indicator in the reports that are asked, of the years that they may be asked of."""
    context, part = asked[0].context, asked[0].part
    either = replace(part, aim=None)
    of_any_kind = [choices(one.report, either, one.year) for one in asked]
    years = sorted({year for of_report in of_any_kind for _, year in of_report.pairs if year is not None})
    reach = context.reach_of(list({one.report.id: one.report for one in asked}.values()), context.query.years)
    key = (part.indicators[0].name, tuple(years), reach)
    if key not in context.stated:
        context.stated[key] = context.library.stating(part.indicators[0].name, years, reach)
    return context.stated[key]


def _is_plain(part: Part) -> bool:
    """Whether only figures of the part's indicator can answer it, by what they say of themselves."""
    said, traits = part.said, traits_of(part.measure)
    narrowed = part.topic or part.when.several or part.continues
    by_words = said.thresholds or said.whole or said.upper or said.by_amount
    return bool(part.indicators) and not (narrowed or by_words or traits.whole)


def _of_results(part: Part) -> Part:
    return replace(part, aim="actual") if traits_of(part.measure).of_results else part


def _claim(asked: PartOfReport, stated: Sequence[StatedFigure]) -> Claim:
    """What a report states, by those figures of the indicator that it has."""
    if not stated:
        return absent("absent", asked.report)
    report, part = asked.report, _of_results(asked.part)
    around = Around({one.figure.start: said_before(one.before) for one in stated}, {}, "", Weights(()), ())
    for kind, year in choices(report, part, asked.year).pairs:
        figures = [one.figure for one in stated if (one.figure.kind, one.figure.year) == (kind, year)]
        figures = [figure for figure in figures if may_answer(asked.report, part, figure)]
        if found := by_indicator(part, figures, around).figures if figures else ():
            told: tuple[Figure, ...] = tuple(amount_first(part, found))
            return Claim("figure", "blank" if told[0].blank else "answered", report, figures=told)
    return absent("absent", report)
