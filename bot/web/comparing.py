"""Places beside each other: one indicator of the places that were chosen, sorted, as a table, a picture and a spreadsheet."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from bot import charts, wording
from bot.web.asking import drawn, quoted
from bot.web.reading import spreadsheet
from bot.web.templates import emphasised
from bot.web.views import View
from retrieval.answers.chosen import Chosen, compared, indicators_of
from retrieval.errors import ReportBotError
from retrieval.language.folding import fold
from retrieval.language.indicators import indicators, named
from retrieval.language.measures import MEASURES
from retrieval.messages import message
from retrieval.models import Report, Span
from retrieval.question.selections import Order
from retrieval.replies import Reply
from retrieval.search.figure_lookup import StoredFigure

_MEASURES = ("level", "growth", "share")


class UnknownIndicator(ReportBotError):
    """No indicator has the name that was given."""


def chosen_of(view: View) -> Chosen | None:
    """What the address compares; None where it names no indicator. Raises UnknownIndicator."""
    asked = fold(view.text("indicator"))
    if not asked:
        return None
    meant = next((one.indicator for one in named(asked, question=True) if one.end - one.start == len(asked)), None)
    meant = indicators().get(view.text("indicator"), meant)
    if meant is None:
        raise UnknownIndicator(indicator=view.text("indicator"))
    measure = view.text("measure")
    return Chosen(meant, view.kind(), view.number("year"), measure if measure in MEASURES else None)


def places_of(view: View) -> list[Report]:
    """The reports of the places that the address names, or of all of its level. Raises UnknownPlace."""
    level, names = view.text("level"), view.texts("place")
    reports = [report for name in names for report in view.answerer.reports_named(name)] if names else view.library.reports()
    return [one for one in dict.fromkeys(reports) if not level or one.level == level]


def order_of(view: View) -> Order:
    return "lowest" if view.text("order") == "lowest" else "highest"


def comparison_of(view: View) -> tuple[Chosen, Reply, list[StoredFigure]] | None:
    """What the address compares, and how that comes out; None where it names no indicator."""
    chosen = chosen_of(view)
    if chosen is None:
        return None
    reply, figures = compared(view.answerer, places_of(view), chosen, order_of(view))
    return chosen, reply, figures


async def compare(request: Request) -> Response:
    return await View.of(request).answered(_compare)


def _compare(view: View) -> Response:
    held = view.library.reports()
    made = comparison_of(view)
    chosen, reply, figures = made or (None, None, [])
    return view.page(
        "compare.html",
        chosen=chosen,
        reply=reply,
        told=emphasised(reply.answer, reply.emphasis) if reply else "",
        quotes=[quoted(view, one) for one in reply.quotes] if reply else [],
        chart=reply is not None and charts.chart_of(reply) is not None,
        rows=[_row(view, one) for one in figures],
        indicators=indicators_of(view.answerer, held),
        places=list(dict.fromkeys(one.place for one in held if one.place)),
        levels=list(dict.fromkeys(one.level for one in held if one.level)),
        years=sorted({year for one in held for year in (one.review_year, one.plan_year) if year}, reverse=True),
        measures=[(name, message(f"measures.{name}")) for name in _MEASURES],
        picked=view.texts("place"),
        wanted={name: view.text(name) for name in ("indicator", "kind", "year", "measure", "level", "order")},
        address=view.request.url.query,
    )


@dataclass(frozen=True)
class Row:
    """A figure of the table, and where it stands."""

    place: str | None
    value: str
    kind: str
    year: str
    measure: str
    title: str
    passage: str


def _row(view: View, one: StoredFigure) -> Row:
    figure, span = one.figure, Span(one.figure.sentence_start, one.figure.sentence_end)
    return Row(
        one.report.place,
        wording.value_of(figure),
        message(f"kinds.{figure.kind}"),
        str(figure.year or ""),
        message(f"measures.{figure.measure}"),
        wording.title_of(one.report),
        view.passage(one.report.id, span),
    )


async def chart(request: Request) -> Response:
    view = View.of(request)
    made = await view.answered(comparison_of)
    return await drawn(view, charts.chart_of(made[1]) if made else None)


async def table(request: Request) -> Response:
    """The figures of a comparison as a spreadsheet, in its order."""
    view = View.of(request)
    made = await view.answered(comparison_of)
    if made is None:
        return Response(status_code=404)
    chosen, _, figures = made
    name = wording.shortened(f"{chosen.indicator.name}{chosen.year or ''}", 60)
    return await spreadsheet(view, name, request.path_params["suffix"], figures)
