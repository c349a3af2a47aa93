"""An overview of a report in its own words: main targets and results, the headings of its parts, its problems; or of one theme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from retrieval.answers.claims import Answer, Claim, Line, Listed, Named, Values, Word, best_status, merged, said
from retrieval.answers.context import Context, PartOfReport
from retrieval.answers.figure import state_figure
from retrieval.answers.headings import headings_of, headings_told
from retrieval.answers.missing_scope import no_year
from retrieval.answers.nothing import answer_nothing
from retrieval.answers.passage import lead_of
from retrieval.answers.quoting import quote, shown
from retrieval.answers.themes import claims_on
from retrieval.answers.two_reports import set_beside, two_meant, without_other
from retrieval.language.indicators import indicators
from retrieval.models import Figure, Kind, Report, Span
from retrieval.question.query import Overview, Part, When, part_for
from retrieval.report.chapters import problems_of

_FIGURES, _FIGURES_BESIDE = 6, 5  # of a card, of a line beside another place's
_TRIED = 14  # indicators; a report states a hundred


def answer_overview(context: Context) -> Answer | None:
    """A card of the report that is meant, two of a place beside each other, or a line of each place; None where a theme is asked of no
    place in particular."""
    query, overview = context.query, context.query.overview
    changes = overview is not None and overview.changes
    of_year = [one for one in context.library.reports(replace(context.reach, years=query.years)) if one.year in query.years]
    if overview is None or (query.scope.reach is None and not _of_one_place(context, [] if changes else of_year)):
        return answer_nothing(context) if overview is not None and overview.theme is None else None
    if query.years and not changes and not context.covering(query.years[0]):
        return said(no_year(context))
    places = context.by_place(of_year if of_year and query.scope.reach is None and not changes else context.reports)
    of_two = len(places) == 1 and (changes or len(query.years) > 1)
    two = two_meant(context, places[0]) if of_two else None
    chosen = [_meant(context, reports) for reports in places] if two is None else [(one, overview.side) for one in two]
    if changes and two is None and not _of_one(chosen[0][0], query.years):
        return said(without_other(context, places[0]))
    lines = _lines(context, chosen, two, overview)
    if not lines:
        return None
    quotes = merged(quote for one in lines for quote in one.quotes)
    return Answer(best_status(one.status for one in lines), tuple(Line((one,)) for one in lines), quotes)


def _of_one_place(context: Context, reports: Sequence[Report]) -> bool:
    """Whether all of ``reports`` are of one place; all in scope, where these are none."""
    return len(context.by_place(reports)) == 1 if reports else context.of_one_place


def _lines(
    context: Context, chosen: Sequence[tuple[Report, str | None]], two: tuple[Report, Report] | None, overview: Overview
) -> list[Claim]:
    """What is told of the reports that are meant: of a theme, of ``two`` beside each other, of several places, or of one."""
    if overview.theme is not None:
        return [line for report, side in chosen for line in claims_on(context, report, overview.theme, side)]
    if two is not None:
        return set_beside(context, *two)
    return [_beside(context, report) for report, _ in chosen] if len(chosen) > 1 else _card(context, *chosen[0])


def _meant(context: Context, reports: Sequence[Report]) -> tuple[Report, str | None]:
    """The report of a place that is meant, and which side of it: the latest, or the one of the year that is named."""
    overview = context.query.overview or Overview()
    year = context.query.years[0] if len(context.query.years) == 1 else None
    latest = max(reports, key=lambda report: report.year or 0)
    if year is None:
        return latest, overview.side
    if overview.side != "review" and (planning := [one for one in reports if year == one.year]):
        return planning[0], overview.side
    reviewing = [one for one in reports if one.review_year == year]
    return (reviewing[0], "review") if reviewing else (latest, overview.side)


def _of_one(report: Report, years: Sequence[int]) -> bool:
    """Whether two years are the one that a report reviews and the one that it plans: both stand in it."""
    return len(years) == 2 and set(years) == {report.review_year, report.plan_year}


def _card(context: Context, report: Report, side: str | None) -> list[Claim]:
    """What a report sets out to do, what it says was done, and what it calls its problems."""
    lines = []
    if side != "review":
        lines += [_figures(context, report, "target", _FIGURES), _headings(context, report, ahead=True)]
    if side != "plan":
        lines += [_figures(context, report, "actual", _FIGURES), _headings(context, report, ahead=False)]
    if side is None:
        lines.append(_problems(context, report))
    told = [one for one in lines if one is not None]
    title = Claim("overview.title", "answered", report, {"place": shown(report), "year": report.year or ""})
    return [title, *told] if told else []


def _beside(context: Context, report: Report) -> Claim:
    """A place's main targets and results in a line, to stand below another's."""
    told = [_figures(context, report, kind, _FIGURES_BESIDE) for kind in ("target", "actual")]
    kept = [one for one in told if one is not None]
    quotes = merged(quote for one in kept for quote in one.quotes)
    words: dict[str, Word] = {"place": shown(report), "told": Listed(tuple(kept), "glue")}
    return Claim("overview.beside", "answered" if kept else "not_found", report, words, quotes=quotes)


def _figures(context: Context, report: Report, kind: Kind, count: int) -> Claim | None:
    """The main targets, or the main results, of a report: each as it would be answered on its own."""
    year = report.plan_year if kind == "target" else report.review_year
    if year is None:
        return None
    told: list[Claim] = []
    for name in _names(context.library.figures(report.id), report, kind)[:_TRIED]:
        part = part_for(indicators()[name], kind, when=When((year,)))
        found = state_figure(PartOfReport(context, report, part, year, ()))
        if found.status == "answered" and found.figures:
            told.append(_with_amount(context, report, part, found) if kind == "actual" and not told else found)
        if len(told) == count:
            break
    if not told:
        return None
    words: dict[str, Word] = {"year": year, "told": Listed(tuple(_told(one) for one in told), "glue")}
    quotes = merged(quote for one in told for quote in one.quotes)
    figures = tuple(figure for one in told for figure in one.figures)
    return Claim(f"overview.{kind}", "answered", report, words, figures, quotes)


def _names(figures: Sequence[Figure], report: Report, kind: Kind) -> list[str]:
    """The indicators to tell of: those of the main targets first, then as the report states them."""
    main = [f for f in figures if f.primary and f.kind == "target" and not f.stretch]
    year = report.plan_year if kind == "target" else report.review_year
    stated = [f for f in figures if f.kind == kind and f.year == year and not f.blank and not f.of_place]
    return list(dict.fromkeys(f.indicator for f in (*main, *stated) if f.indicator))


def _with_amount(context: Context, report: Report, part: Part, found: Claim) -> Claim:
    """The first result with its amount before its rate, where the report gives that elsewhere (GDP)."""
    if any(figure.measure != "growth" for figure in found.figures) or part.when.year is None:
        return found
    amount = state_figure(PartOfReport(context, report, replace(part, measure="level"), part.when.year, ()))
    if amount.status != "answered" or any(figure.measure != "level" for figure in amount.figures):
        return found
    return replace(found, figures=(*amount.figures[:1], *found.figures), quotes=merged((*amount.quotes, *found.quotes)))


def _told(one: Claim) -> Word:
    first = one.figures[0]
    if len(one.figures) == 1 or first.measure == "growth":
        return Named(first)
    return Listed((first.indicator or first.subject, Values(one.figures[:2], asked=False)), glue="")


def _headings(context: Context, report: Report, *, ahead: bool) -> Claim | None:
    headings = headings_of(context.library, report, ahead=ahead)
    if not headings:
        return None
    year = report.plan_year if ahead else report.review_year
    words: dict[str, Word] = {"year": year or "", "headings": headings_told(context.library, report, headings)}
    quotes = tuple(quote(context.library, report, heading) for heading in headings)
    return Claim("overview.work" if ahead else "overview.done", "answered", report, words, quotes=quotes)


def _problems(context: Context, report: Report) -> Claim | None:
    """The first sentences of the part on difficulties."""
    library = context.library
    section = problems_of(library.text(report.id), library.outline(report.id))
    passages = [p for p in library.passages(report.id) if section and section.start <= p.start < section.end]
    if not passages:
        return None
    text = library.text(report.id)
    last = passages[min(2, len(passages) - 1)]
    sentence = text[passages[0].start : last.end]
    behind = sentence.partition("：")[2] or sentence.partition(":")[2]  # 也清醒地看到不少困难和问题：龙头企业不多
    quoted = quote(library, report, Span(passages[0].start, last.end))
    return Claim("overview.problems", "answered", report, {"lead": lead_of(behind.strip() or sentence)}, quotes=(quoted,))
