"""A place: what is known of it, its targets and results over the years as a table and a picture, and its reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from bot import charts, wording
from bot.web.asking import drawn
from bot.web.reading import named_fields
from bot.web.views import View
from retrieval.answers.chosen import Chosen, OverYears, courses, over_years
from retrieval.answers.place_years import Told
from retrieval.language.indicators import indicators
from retrieval.models import Kind, Report, Span
from retrieval.question.held_places import place_keys
from retrieval.replies import Comparison, Reply

_KINDS: tuple[Kind, ...] = ("target", "actual")


@dataclass(frozen=True)
class Cell:
    """What a year's target or result is, and where it stands."""

    value: str
    passage: str


async def place(request: Request) -> Response:
    return await View.of(request).answered(_place)


def _place(view: View) -> Response:
    name = view.request.path_params["name"]
    reports = _reports_of(view, name)
    places = _told_apart(reports)
    if len(places) > 1:
        return view.page("which.html", name=name, places=places)
    latest = max(reports, key=lambda one: (one.year or 0, one.id))
    years, told = view.library.kept_of(latest.id, "web courses", lambda: courses(view.answerer, reports))
    chosen = indicator_of(view) or (told[0].indicator if told else None)
    rows = [(one.indicator, [[_cell(view, one, kind, year) for kind in _KINDS] for year in years]) for one in told]
    reply = _over_years(view, reports, chosen) if chosen else None
    return view.page(
        "place.html",
        name=name,
        place=latest.place or latest.name,
        fields=[(label, value) for label, value in named_fields(latest) if value != latest.place],
        latest=latest,
        reports=sorted(reports, key=lambda one: -(one.year or 0)),
        years=years,
        rows=rows,
        indicators=[one.indicator for one in told],
        chosen=chosen,
        told=reply.answer if reply else "",
        chart=reply is not None and charts.chart_of(reply) is not None,
        description=latest.place or latest.name,
    )


def _over_years(view: View, reports: Sequence[Report], name: str) -> Reply | None:
    """An indicator over the years in its usual measure, in which targets and results are told alike; else in whichever there is."""
    indicator = indicators()[name]
    usual = over_years(view.answerer, reports, Chosen(indicator, measure=indicator.usual))
    return usual or over_years(view.answerer, reports, Chosen(indicator))


def _reports_of(view: View, name: str) -> list[Report]:
    """The reports of the place with that name; a report of no place goes by its own. Raises UnknownPlace."""
    named = [one for one in view.library.reports() if one.place is None and one.name == name]
    return named or list(view.answerer.reports_named(name))


def _told_apart(reports: list[Report]) -> list[str]:
    """The names of the places that reports are of, each with what it lies in where there are several."""
    keys = place_keys(reports)
    by_key = {keys[one.id]: "".join((*one.within, one.place or one.name)) for one in reports}
    return list(by_key.values())


def indicator_of(view: View) -> str | None:
    """The indicator that the address asks for, by its own name."""
    asked = view.text("indicator")
    return asked if asked in indicators() else None


def _cell(view: View, course: OverYears, kind: Kind, year: int) -> Cell | None:
    told = course.of(kind, year)
    if told is None or told.figure is None or not told.claim.quotes:
        return None
    quote = told.claim.quotes[0]
    span = Span(quote.start, quote.end)
    return Cell(_value(told), view.passage(quote.report.id, span))


def _value(told: Told) -> str:
    """The number itself, with the one beside it where the report tells both."""
    return " / ".join(dict.fromkeys(wording.value_of(one) for one in told.figures[:2]))


async def chart(request: Request) -> Response:
    view = View.of(request)
    return await drawn(view, await view.answered(_comparison))


def _comparison(view: View) -> Comparison | None:
    name = indicator_of(view)
    reports = _reports_of(view, view.request.path_params["name"])
    reply = _over_years(view, reports, name) if name else None
    return charts.chart_of(reply) if reply is not None else None
