"""Answering for figures: target or result and of which year, the figure chosen, or which of these is missing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.answers.findings import Finding, not_found, shown
from retrieval.answers.matching.choice import accounts_for, blank_beside, by_indicator, by_share, by_topic, disagreeing, more_of
from retrieval.answers.matching.other_places import OtherPlace, of_place, of_upper, upper_asked
from retrieval.answers.matching.outdated import named_by_subject
from retrieval.answers.matching.periods import choices_over_years, is_of_several
from retrieval.answers.rank import answer_rank
from retrieval.answers.wording.figures import stated
from retrieval.figures.measures import IN_WORDS
from retrieval.language.folding import fold
from retrieval.messages import message
from retrieval.models import Figure, Kind, RankedPassage, Report
from retrieval.ports import LibraryView
from retrieval.question.asks import Ask, Relative

_NUMBER_ASKED = re.compile(r"多少|百分|几个|增[长速幅]|涨幅")  # to which 促稳提质 is no answer


@dataclass(frozen=True)
class Wanted:
    """The kinds and years of figures that a question may be answered with, in the order of preference."""

    choices: tuple[tuple[Kind, int | None], ...]
    asked_year: int | None
    aim: Kind | None


def wanted(report: Report, ask: Ask, year: int | None) -> Wanted:
    """Target or result, and of which year, a question asks of this report. 今年 is the year planned for."""
    if ask.when.several is not None:
        return Wanted(choices_over_years(report, ask.when.several, ask.aim), None, ask.aim)
    if ask.when.relative is not None and year is None:
        year = relative_year(report, ask.when.relative)
        if year is None:
            return Wanted((), None, ask.aim)
    if year is None:
        choices: list[tuple[Kind, int | None]] = [("actual", report.review_year), ("target", report.plan_year)]
    elif year == report.plan_year != report.review_year:
        choices = [("target", year)]
    elif year == report.review_year != report.plan_year:
        choices = [("actual", year)]
    else:
        choices = [("actual", year), ("target", year)]
    if ask.aim is not None:
        choices = [(ask.aim, asked) for kind, asked in choices if kind == ask.aim] or [(ask.aim, year)]
    return Wanted(tuple((kind, asked) for kind, asked in choices if asked is not None), year, ask.aim)


def relative_year(report: Report, relative: Relative) -> int | None:
    """The year that 今年, 去年, ... stand for in a question about ``report``; None where it can't be told."""
    years = {
        "this": report.plan_year,
        "last": report.review_year,
        "before_last": report.review_year - 1 if report.review_year else None,
        "next": report.year_said_now + 1 if report.year_said_now else None,
        "after_next": report.year_said_now + 2 if report.year_said_now else None,
    }
    return years[relative]


def answer_figure(
    library: LibraryView,
    report: Report,
    ask: Ask,
    year: int | None,
    ranked: Sequence[RankedPassage],
    before: Figure | None = None,
) -> tuple[Finding, tuple[Figure, ...]]:
    """The figure of ``report`` that ``ask`` is for; blank where the report leaves it out; not found otherwise.

    ``before`` is the figure that answered the part before, of which ``ask`` may want to know more; the figures that
    answered this part are returned beside the finding.
    """
    if ask.measure == "completion":
        ask = replace(ask, aim="actual")  # how much of a target was completed is a result
    want = wanted(report, ask, year)
    if ask.measure == "rank":
        return answer_rank(library, report, ask, before if ask.continues else None), ()
    upper = upper_asked(ask, report)
    for kind, of_year in (*want.choices, *_over_years(ask, want)):
        figures = [f for f in library.figures(report.id) if f.kind == kind and f.year == of_year]
        if ask.when.several is not None:
            figures = [f for f in figures if is_of_several(library, report, ask.when.several, f)]
        elif of_year is None:
            figures = [f for f in figures if not _of_other_years(library, report, f)]
        if _NUMBER_ASKED.search(ask.text) or ask.measure is not None:
            figures = [f for f in figures if not IN_WORDS.fullmatch(f.value)]
        if upper:
            of_it = replace(ask, topic=tuple(word for word in ask.topic if word != upper))
            if of_larger := of_upper(upper, of_it, figures):
                return stated(library, report, of_it, of_larger, place=upper), tuple(of_larger)
            continue
        chosen = more_of(before, ask, figures) if before and ask.continues else []
        if not chosen and ask.indicators:
            named = named_by_subject(library, report, ask.indicators[0], figures)
            chosen = by_indicator(library, report, ask, [*figures, *named])
        if not chosen and ask.indicators and ask.measure == "share":
            chosen = by_share(library, report, ask, figures)
        if not chosen and (ask.topic or not ask.indicators):
            narrowed = [f for f in figures if not ask.indicators or accounts_for(library, report, ask.topic, f)]
            chosen = by_topic(library, report, ask, narrowed, ranked)
        if chosen:
            blanked = ask.measure is None and blank_beside(chosen[0], figures)
            return stated(library, report, ask, chosen, disagreeing(chosen[0], figures), blanked), tuple(chosen)
    if upper:
        return _absent(_none_of(upper, report, ask, want), report), ()
    return _missing(library, report, ask, want), ()


def _over_years(ask: Ask, want: Wanted) -> tuple[tuple[Kind, None], ...]:
    """Results over several years, where no year is asked for and what is counted is no indicator: 2018年以来累计关闭企业73家."""
    plain = ask.when.said or ask.indicators or want.aim == "target" or want.asked_year is not None
    return () if plain else (("actual", None),)


def _of_other_years(library: LibraryView, report: Report, figure: Figure) -> bool:
    """Whether a figure of no single year is what something had been (由69家增加到…), or a yearly mean."""
    before = library.text(report.id)[figure.sentence_start : figure.start]
    return figure.measure == "growth" or bool(re.search(r"(?:从|由)[^，,；;。\d]{0,8}$|年均[^，,；;。]{0,12}$", before))


def subject_of(ask: Ask) -> str:
    """What an ask is for, in the words of the question; without numbers."""
    subject = "".join([*ask.topic, *(indicator.name for indicator in ask.indicators[:1])]) or ask.text
    return re.sub(r"(?<![A-Za-z.])\d\S*", "", subject) or message("answers.it")


def figures_of(library: LibraryView, report: Report, place: OtherPlace, ask: Ask, year: int | None) -> Finding:
    """What a report says of another place by its name (云溪镇粮食产量…, in a county's report); not found where it doesn't."""
    want = wanted(report, ask, year)
    over_years: tuple[tuple[Kind, None], ...] = (
        () if want.asked_year or ask.when.said or want.aim == "target" else (("actual", None),)
    )
    for kind, of_year in (*want.choices, *over_years) if ask.measure != "rank" else ():
        figures = [f for f in library.figures(report.id) if f.kind == kind and f.year == of_year]
        if of_year is None:
            figures = [f for f in figures if not _of_other_years(library, report, f)]
        if found := of_place(library, report, place, ask, figures):
            return stated(library, report, ask, found, place=place.name)
    return _absent(_none_of(place.name, report, ask, want), report)


def _missing(library: LibraryView, report: Report, ask: Ask, want: Wanted) -> Finding:
    """Which of year, kind or fact is missing, and what there is instead; without a figure."""
    place = shown(report)
    subject = subject_of(ask)
    if ask.when.several is not None:
        return _absent(message("answers.absent_period", place=place, subject=subject), report)
    if not want.choices and want.asked_year is None and want.aim is None and report.plan_year is None:
        return _absent(message("answers.no_plan", place=place, year=report.review_year), report)
    plain = ask.indicators and not ask.topic
    told = {(f.kind, f.year) for f in library.figures(report.id) if plain and f.indicator == ask.indicators[0].name}
    others = {kind for kind, of_year in told if of_year}
    planned = {of_year for kind, of_year in told if kind == "target" and of_year}
    same = {kind for kind, of_year in told if of_year == want.asked_year}
    aims = {kind for kind, _ in want.choices} or ({want.aim} if want.aim else set())
    year = want.asked_year or (report.plan_year if aims == {"target"} else report.review_year) or report.year or ""
    if aims == {"target"} and want.asked_year is not None and want.asked_year == report.review_year != report.plan_year:
        text = message("answers.no_past_target", place=place, year=year, subject=subject)
    elif len(aims) == 1 and (aims <= same or (aims == {"target"} and year in planned)):
        text = message("answers.other_measure", place=place, year=year, subject=subject)
    elif aims == {"target"} and planned and year not in planned:
        text = message("answers.target_of_other_year", place=place, year=year, subject=subject, other=max(planned))
    elif (aims == {"target"} and ("target", None) in told) or (
        aims == {"actual"} and ("actual", None) in told and "target" in others
    ):
        text = message("answers.absent_of_year", place=place, year=year, subject=subject)
    elif aims == {"target"} and "actual" in others and not _named_with_a_number(library, report, ask, ahead=True):
        text = message("answers.no_target", place=place, year=year, subject=subject, other=report.review_year or "")
    elif aims == {"actual"} and "target" in others and not _named_with_a_number(library, report, ask, ahead=False):
        text = message("answers.no_actual", place=place, year=year, subject=subject, other=report.plan_year or "")
    else:
        text = message("answers.absent", place=place, year=year, subject=subject)
    in_words = [f.value for f in library.figures(report.id) if _is_in_words(f, ask, year)] if plain else []
    if in_words and aims == {"target"}:
        text = message("answers.in_words", place=place, year=year, subject=subject, words=in_words[0])
    related = ask.indicators[0].related if plain else None
    if related and any(f.indicator == related for f in library.figures(report.id)):
        text += message("answers.related", related=related)
    return _absent(text, report)


def _is_in_words(figure: Figure, ask: Ask, year: int | str) -> bool:
    """Whether a figure is a target of the indicator and year asked for that is words alone."""
    of_it = figure.indicator == ask.indicators[0].name and figure.kind == "target" and figure.year == year
    return of_it and bool(IN_WORDS.fullmatch(figure.value))


def _named_with_a_number(library: LibraryView, report: Report, ask: Ask, *, ahead: bool) -> bool:
    """Whether a sentence of the part on the year ahead (or behind) names the indicator before a number, however it is read:
    then nobody can say that the report states none."""
    outline, text = library.outline(report.id), library.text(report.id)
    names = "|".join(re.escape(name) for name in ask.indicators[0].aliases)
    number = re.compile(rf"(?:{names})[^。;；]*?[\d一二两三四五六七八九十]", re.I)
    return any(
        outline[passage.section].ahead == ahead and number.search(fold(text[passage.start : passage.end]))
        for passage in library.passages(report.id)
    )


def _none_of(place: str, report: Report, ask: Ask, want: Wanted) -> str:
    year = want.asked_year or (report.plan_year if want.aim == "target" else report.review_year) or report.year or ""
    return message("answers.absent", place=shown(report), year=year, subject=f"{place}{subject_of(ask).removeprefix(place)}")


def _absent(text: str, report: Report) -> Finding:
    return not_found(text, report, text)
