"""Two reports of one place beside each other: what was aimed at and reached, what the later one has anew, what it leaves out."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.answers.claims import Claim, Listed, Named, Values, Word, absent
from retrieval.answers.context import Context
from retrieval.answers.headings import heading_told, headings_of
from retrieval.answers.met import met_lines
from retrieval.answers.place_years import PlaceYears, Told, quotes_of, status_of, subject_told
from retrieval.answers.quoting import quote, shown
from retrieval.language.folding import squeeze
from retrieval.language.indicators import indicators
from retrieval.language.tokens import words
from retrieval.language.vocabulary import bare_words, stop_words, synonyms, weak_words
from retrieval.models import Report, Span
from retrieval.question.query import Intent, Part

_MET, _AIMED, _NEW, _HEADINGS = 4, 5, 4, 5  # lines, and things in a line
_HELD = 6  # years


def two_meant(context: Context, reports: Sequence[Report]) -> tuple[Report, Report] | None:
    """The two reports of a place that are meant, the earlier first; None where it is one, or one is not held.

    They are those of the years that are named, or of the one named and the latest, or the two latest.
    """
    of_year = sorted((one for one in reports if one.year is not None), key=lambda one: one.year or 0)
    against = context.query.against
    years = dict.fromkeys((*context.query.years, *(against.part.when.years if against else ())))
    named = [found for year in years if (found := _of_year(of_year, year)) is not None]
    if len(named) < len(years) or len(years) > 2:
        return None
    if len(named) == 1:
        others = [one for one in of_year if one.year != named[0].year]
        earlier = [one for one in others if (one.year or 0) < (named[0].year or 0)]
        is_latest = named[0].year == of_year[-1].year
        named += (earlier[-1:] if is_latest else others[-1:]) if others else []
    elif not named:
        named = of_year[-2:]
    chosen = sorted(dict.fromkeys(named), key=lambda one: one.year or 0)
    return (chosen[0], chosen[1]) if len(chosen) == 2 and chosen[0].year != chosen[1].year else None


def _of_year(reports: Sequence[Report], year: int) -> Report | None:
    """The report for a year, or the one whose title calls it by that year."""
    planning = [one for one in reports if year == one.year]
    return next(iter([*planning, *(one for one in reports if str(year) in one.name)]), None)


def set_beside(context: Context, earlier: Report, later: Report) -> list[Claim]:
    """Both reports in a few lines: targets with their results, targets of both, what is new, what is gone."""
    place = PlaceYears(context, (earlier, later), ())
    first, second = earlier.plan_year, later.plan_year
    told: list[Claim] = []
    if first is not None and first == later.review_year:
        told += met_lines(place, first)[:_MET]
    if first is not None and second is not None:
        told += _targets(place, earlier, later, first, second)
    told += _headings(context, earlier, later)
    if not told:
        return [absent("overview.nothing_beside", place=place.name)]
    title = Claim(
        "overview.two", "answered", later, {"place": place.name, "first": earlier.year or "", "second": later.year or ""}
    )
    return [title, *told]


def _targets(place: PlaceYears, earlier: Report, later: Report, first: int, second: int) -> list[Claim]:
    """The main targets of both, those that only the later report has, and those that only the earlier had."""
    parts = [_part(name) for name in _main(place, earlier, later)]
    pairs = [(part, place.told(part, "target", first), place.told(part, "target", second)) for part in parts]
    both = [pair for pair in pairs if pair[1].state == pair[2].state == "stated"]
    new = [(part, after) for part, before, after in pairs if _only(place, part, after, before, earlier)]
    gone = [(part, before) for part, before, after in pairs if _only(place, part, before, after, later)]
    return [
        *(_pair(part, before, after) for part, before, after in both[:_AIMED]),
        *_listed("overview.new_targets", second, new),
        *_listed("overview.gone_targets", second, gone),
    ]


def _main(place: PlaceYears, earlier: Report, later: Report) -> list[str]:
    """The indicators of the main targets of either report, those of the later first."""
    names: dict[str, None] = {}
    for report in (later, earlier):
        for figure in place.context.library.figures(report.id):
            if figure.primary and figure.kind == "target" and figure.indicator and figure.year == report.plan_year:
                names.setdefault(figure.indicator)
    return list(names)


def _part(name: str) -> Part:
    return Part(Intent.FIGURE, name, indicators=(indicators()[name],), named=(name,))


def _only(place: PlaceYears, part: Part, told: Told, other: Told, of_other: Report) -> bool:
    """Whether one report sets a target that the other does not even speak of."""
    if told.state != "stated" or other.state != "absent":
        return False
    text = squeeze(place.context.library.text(of_other.id))
    return not any(alias in text for alias in part.indicators[0].aliases)


def _pair(part: Part, before: Told, after: Told) -> Claim:
    told = (before, after.like(before.figure))
    words_: dict[str, Word] = {
        "subject": Listed(subject_told(part, told), glue=""),
        "first": before.year,
        "before": Values(before.claim.figures[:2]),
        "second": after.year,
        "after": Values(after.claim.figures[:2]),
    }
    figures = (*before.claim.figures, *after.claim.figures)
    return Claim("overview.two_targets", status_of(told), after.claim.report, words_, figures, quotes_of(told))


def _listed(kind: str, year: int, found: Sequence[tuple[Part, Told]]) -> list[Claim]:
    if not found:
        return []
    told = [one for _, one in found[:_NEW]]
    names = tuple(Named(one.figure) for one in told if one.figure)
    figures = tuple(figure for one in told for figure in one.claim.figures)
    return [
        Claim(kind, "answered", told[0].claim.report, {"year": year, "told": Listed(names, "glue")}, figures, quotes_of(told))
    ]


# -- headings -----------------------------------------------------------------------------------------------------------


def _headings(context: Context, earlier: Report, later: Report) -> list[Claim]:
    """The headings of each report's plan that share no word with those of the other's."""
    before, after = (headings_of(context.library, report, ahead=True) for report in (earlier, later))
    if not before or not after:
        return []
    return [
        *_unlike(context, "overview.new_headings", later, after, earlier, before, later),
        *_unlike(context, "overview.gone_headings", earlier, before, later, after, later),
    ]


def _unlike(
    context: Context, kind: str, report: Report, own: Sequence[Span], other: Report, others: Sequence[Span], later: Report
) -> list[Claim]:
    text, beside = context.library.text(report.id), context.library.text(other.id)
    known = frozenset(word for one in others for word in _content(beside[one.start : one.end]))
    found = [one for one in own if not _content(text[one.start : one.end]) & known][:_HEADINGS]
    if not found:
        return []
    told = Listed(tuple(heading_told(text[one.start : one.end]) for one in found), "glue")
    quotes = tuple(quote(context.library, report, one) for one in found)
    words_: dict[str, Word] = {"year": later.plan_year or later.year or "", "told": told}
    return [Claim(kind, "answered", report, words_, quotes=quotes)]


def _content(heading: str) -> frozenset[str]:
    """The words of a heading that say what it is about, with those that mean the same."""
    said = [one for one in words(heading_told(heading)) if len(one) > 1]
    plain = [one for one in said if one not in stop_words() and one not in weak_words() and one not in bare_words()]
    return frozenset(same for one in plain for same in (one, *synonyms(one)))


def without_other(context: Context, reports: Sequence[Report]) -> Claim:
    """That two reports of a place that could be set beside each other are not held, and which are."""
    held = sorted({one.year for one in reports if one.year is not None})[-_HELD:]
    missing = [year for year in context.query.years if _of_year(reports, year) is None]
    words_: dict[str, Word] = {"place": shown(reports[0]), "held": Listed(tuple(held)), "year": Listed(tuple(missing))}
    return Claim("overview.not_both" if missing else "overview.only_one", "not_found", reports[0], words_)
