"""Answering for figures: target or result and of which year, the figure chosen, or which of these is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from retrieval.answers.claims import Claim, Listed, Values, What, Word, absent, claim, merged
from retrieval.answers.context import PartOfReport, asks_of_plan
from retrieval.answers.matching.choice import (
    blank_beside,
    by_indicator,
    by_share,
    by_topic,
    disagreeing,
    more_of,
    on_another_basis,
)
from retrieval.answers.matching.missing import missing
from retrieval.answers.matching.other_places import OtherPlace, of_place, of_upper, upper_asked
from retrieval.answers.matching.outdated import named_by_subject
from retrieval.answers.matching.periods import is_of_several
from retrieval.answers.matching.subjects import subject_of_place, subject_told
from retrieval.answers.matching.surroundings import Around
from retrieval.answers.matching.times import Choices, choices, over_several_years
from retrieval.answers.meaning import is_outweighed, nearest_in_meaning
from retrieval.answers.passage import passages_on
from retrieval.answers.quoting import quote, sentence_around, shown
from retrieval.answers.spoken import is_meant, met_in_part, renamed, spoken_of
from retrieval.language.folding import bare
from retrieval.language.indicators import indicators
from retrieval.language.measures import traits_of
from retrieval.language.periods import WHOLE_YEAR
from retrieval.language.vocabulary import weak_words
from retrieval.models import Figure, Kind, Report, Span
from retrieval.question.query import FLOW_WORDS, Intent, Part


def claim_figure(asked: PartOfReport) -> Claim:
    """The figure that is asked for; where the report gives none, its parts (incomes in town and country), or how it is (招商引资情况)."""
    told = state_figure(asked)
    if told.states:
        return _as_people_say(asked, told) or told
    return _in_parts(asked) or _of_related(asked) or _in_other_words(asked) or _how_it_is(asked) or told


def state_figure(asked: PartOfReport) -> Claim:
    """The figure of a report that a part is for; blank where the report leaves it out; absent otherwise."""
    report, part = asked.report, asked.part
    if traits_of(part.measure).of_results:
        asked = replace(asked, part=(part := replace(part, aim="actual")))  # how much of a target was completed is a result
    chosen = choices(report, part, asked.year)
    upper = upper_asked(part, report)
    for kind, year in (*chosen.pairs, *over_several_years(part, chosen)):
        figures = _figures_of(asked, kind, year)
        if upper:
            of_it = replace(part, topic=tuple(word for word in part.topic if word != upper))
            if of_larger := asked.consider("place", of_upper(upper, of_it, figures)):
                return _stated(replace(asked, part=of_it), of_larger, place=upper)
        elif found := _chosen(asked, figures):
            found = amount_first(part, found)
            blanked = part.measure is None and blank_beside(found[0], figures)
            basis = None if part.said.bases else on_another_basis(found[0], figures)
            other = basis or disagreeing(found[0], figures, Around.of(asked.library, asked.report))
            return _stated(asked, found, other=other, amount_blank=blanked)
    if planned := _planned_change(asked, chosen):
        return planned
    return _none_of(upper, asked, chosen) if upper else missing(asked, chosen)


def _planned_change(asked: PartOfReport, chosen: Choices) -> Claim | None:
    """By how much a plan sets something above the year before (比去年增加400万元), which is asked for as if it had been reached."""
    year = chosen.asked_year
    if asked.part.aim != "actual" or not asked.part.said.by_amount or year is None or year != asked.report.plan_year:
        return None
    changes = [one for one in _figures_of(asked, "target", year) if one.measure == "change"]
    planned = replace(asked, part=replace(asked.part, aim="target"))
    return _stated(planned, found) if (found := _chosen(planned, changes)) else None


def amount_first(part: Part, figures: Sequence[Figure]) -> Sequence[Figure]:
    """The amount before its change where neither is asked for: 增长37.1%,达到8512万美元 is first of all 8512万美元."""
    amount = next((one for one in figures if one.measure == "level" and one.indicator == figures[0].indicator), None)
    if part.measure is not None or amount is None or not traits_of(figures[0].measure).moves:
        return figures
    return (amount, *(one for one in figures if one is not amount))


def state_of_place(asked: PartOfReport, place: OtherPlace) -> Claim:
    """What a report says of another place by its name (云溪镇粮食产量…, in a county's report); absent where it doesn't."""
    report, part = asked.report, asked.part
    chosen = choices(report, part, asked.year)
    over_years: tuple[tuple[Kind, None], ...] = (
        () if chosen.asked_year or part.when.said or chosen.aim == "target" else (("actual", None),)
    )
    for kind, year in (*chosen.pairs, *over_years) if part.measure != "rank" else ():
        figures = [f for f in asked.library.figures(report.id) if f.kind == kind and f.year == year]
        if year is None:
            figures = [f for f in figures if not _of_other_years(f)]
        if found := asked.consider("place", of_place(asked.library, report, place, part, figures)):
            return _stated(asked, found, place=place.name)
    return _none_of(place.name, asked, chosen)


def _figures_of(asked: PartOfReport, kind: Kind, year: int | None) -> list[Figure]:
    """The figures of a kind and year; those over several years only as far as they can be what is asked for."""
    library, report, part = asked.library, asked.report, asked.part
    figures = [f for f in library.figures(report.id) if f.kind == kind and f.year == year]
    if part.when.several is not None:
        figures = [f for f in figures if is_of_several(library, report, part.when.several, f)]
    return [figure for figure in figures if may_answer(report, part, figure)]


def may_answer(report: Report, part: Part, figure: Figure) -> bool:
    """Whether a figure can answer at all: one of no single year only where several are asked about, or the report names none; one in
    words where no number is wanted."""
    several = figure.year is None and report.year is not None and part.when.several is None
    if several and _of_other_years(figure):
        return False
    return not (figure.in_words and (part.number_wanted or part.measure is not None))


def _of_other_years(figure: Figure) -> bool:
    """Whether a figure of no single year is what something had been (由69家增加到…), or a yearly mean."""
    return figure.measure == "growth" or figure.earlier or figure.mean


def _chosen(asked: PartOfReport, figures: Sequence[Figure]) -> Sequence[Figure]:
    library, report, part = asked.library, asked.report, asked.part
    chosen: Sequence[Figure] = more_of(asked.before, part, figures) if asked.before and part.continues else ()
    if not chosen and part.indicators:
        named = named_by_subject(library, report, part.indicators[0], figures)
        chosen = asked.consider("indicator", by_indicator(part, [*figures, *named], Around.of(library, report)))
    if not chosen and part.indicators and traits_of(part.measure).whole:
        chosen = asked.consider("share", by_share(part, figures, Around.of(library, report)))
    if not chosen and (part.topic or not part.indicators):
        chosen = asked.consider("topic", by_topic(library, report, part, figures, asked.ranked))
    return chosen


def _stated(
    asked: PartOfReport,
    figures: Sequence[Figure],
    *,
    other: Figure | None = None,
    amount_blank: bool = False,
    place: str = "",
) -> Claim:
    """The claim that ``figures`` answer; ``other`` is what the same report says of the same thing elsewhere, quoted, too.

    ``amount_blank``: the amount is left blank. ``place`` is the other place that they are said of, where it is not the report's.
    """
    library, report, part = asked.library, asked.report, asked.part
    first = figures[0]
    span = sentence_around(library, report, min(f.start for f in figures), max(f.end for f in figures))
    quotes = [quote(library, report, span, [Span(f.start, f.end) for f in figures])]
    named, subject = subject_of_place(part, place) if place else (shown(report), subject_told(library, report, part, first))
    what = What(first, named, subject)
    if first.blank:
        return Claim("blank", "blank", report, {"what": what}, tuple(figures), tuple(quotes))
    notes = [*_notes(asked, first)]
    if amount_blank:
        notes.append(claim("amount_blank"))
    notes += _flow_note(asked, first)
    if place:
        notes.append(claim("said_in", place=shown(report)))
    if other is not None:
        of_basis = other.basis != first.basis
        notes.append(claim("other_basis" if of_basis else "disagrees", value=other.value, basis=other.basis))
        around = sentence_around(library, report, other.start, other.end)
        quotes.append(quote(library, report, around, [Span(other.start, other.end)]))
    words: dict[str, Word] = {"value": Values(tuple(figures)), "what": what}
    return Claim("figure", "answered", report, words, tuple(figures), tuple(quotes), tuple(notes))


def _notes(asked: PartOfReport, figure: Figure) -> list[Claim]:
    notes = [claim("estimated")] if figure.estimated else []
    part_of_year = Around.of(asked.library, asked.report).near[figure.start].part_of_year
    if part_of_year not in ("", WHOLE_YEAR):
        notes.append(claim("stock_or_flow", word=part_of_year))
    return [*notes, claim("basis", basis=figure.basis)] if figure.basis else notes


def _flow_note(asked: PartOfReport, figure: Figure) -> list[Claim]:
    """What the report says beside a number that the question does not: that it is what came to be in all, or was added."""
    said = next((word for word in figure.flow_words.split() if word in FLOW_WORDS), "")
    if not said or said in asked.part.flow_words or figure.measure != "level":
        return []
    return [claim("stock_or_flow", word=said)]


def _in_other_words(asked: PartOfReport) -> Claim | None:
    """The figure that the question means by other words, and as what it was taken."""
    return _by_meaning(asked) or _as_people_say(asked)


def _as_people_say(asked: PartOfReport, instead_of: Claim | None = None) -> Claim | None:
    """The figure that the question asks for in people's own words, where it is certain ``instead_of`` one that its words found."""
    if instead_of and not met_in_part(asked, instead_of.figures):
        return None
    spoken = spoken_of(asked)
    if spoken is None or (instead_of and not spoken.certain):
        return None
    told = state_figure(renamed(asked, spoken))
    if not told.figures or not is_meant(asked, spoken, told.figures) or (instead_of and told.figures == instead_of.figures):
        return None
    if not instead_of and is_outweighed(asked, told.figures[0], figures_by_time(asked)):
        return None
    return replace(told, notes=(*told.notes, claim("understood_as", subject=spoken.name)))


def figures_by_time(asked: PartOfReport) -> list[list[Figure]]:
    """The figures of each time, and kind, that the question may mean, the likeliest first."""
    chosen = choices(asked.report, asked.part, asked.year)
    return [_figures_of(asked, kind, year) for kind, year in (*chosen.pairs, *over_several_years(asked.part, chosen))]


def _by_meaning(asked: PartOfReport) -> Claim | None:
    if upper_asked(asked.part, asked.report) or not (found := nearest_in_meaning(asked, figures_by_time(asked))):
        return None
    told = _stated(asked, found)
    return replace(told, notes=(*told.notes, claim("understood_as", subject=found[0].indicator or found[0].subject)))


def _none_of(place: str, asked: PartOfReport, chosen: Choices) -> Claim:
    """That a report does not say it of another ``place``."""
    report = asked.report
    year = chosen.asked_year or (report.plan_year if chosen.aim == "target" else report.review_year) or report.year or ""
    subject = f"{place}{asked.part.subject.removeprefix(place)}"
    return absent("absent", report, place=shown(report), year=year, subject=subject)


def _in_parts(asked: PartOfReport) -> Claim | None:
    """What a report states of the parts of an indicator that it gives no figure of itself."""
    part = asked.part
    if not part.indicators or not part.indicators[0].parts or _narrowed(part):
        return None
    of_it = [indicators()[name] for name in part.indicators[0].parts]
    told = [state_figure(replace(asked, part=replace(part, indicators=(one,), named=(one.name,)), before=None)) for one in of_it]
    stated = [one for one in told if one.status == "answered"]
    if len(stated) < 2:
        return stated[0] if stated else None
    quotes = merged(quote for one in stated for quote in one.quotes)
    return Claim("parts", "answered", asked.report, {"parts": Listed(tuple(stated), "glue")}, quotes=quotes)


def _narrowed(part: Part) -> bool:
    """Whether words beside its indicator make a part another, narrower thing: 双桥经开区的GDP, not 老百姓的收入."""
    return any(word not in weak_words() for word in part.topic)


def related_parts(part: Part) -> list[Part]:
    """``part`` for each indicator that people often mean by the name of its own."""
    if not part.indicators or _narrowed(part):
        return []
    return [replace(part, indicators=(indicators()[name],), named=(name,)) for name in part.indicators[0].related]


def _of_related(asked: PartOfReport) -> Claim | None:
    """What a report states of an indicator that people often mean by the name of the one it gives no figure of; by its own name."""
    part = asked.part
    if not (related := related_parts(part)):
        return None
    meant = part.indicators[0]
    pairs = set(choices(asked.report, part, asked.year).pairs)
    if any(f.indicator == meant.name and (f.kind, f.year) in pairs for f in asked.library.figures(asked.report.id)):
        return None  # in another measure: that is said
    for one in related:
        told = state_figure(replace(asked, part=one, before=None))
        if told.status == "answered":
            return replace(told, notes=(*told.notes, claim("of_related", asked=part.subject)))
    return None


def _how_it_is(asked: PartOfReport) -> Claim | None:
    """What a report says of an indicator in words, where a passage will do, too."""
    part = asked.part
    if not part.or_passage or not part.indicators:
        return None
    of_passages = replace(part, intent=Intent.PASSAGE, topic=(*part.topic, *part.named))
    found = passages_on(replace(asked, part=of_passages), asks_of_plan(asked.context.query, asked.report))
    names = (*part.named, *part.indicators[0].aliases)
    return found if any(name in bare(quote.text) for quote in found.quotes for name in names) else None
