"""Which reports there are, by place, level and year; and a search in all of their texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from bot import wording
from bot.web.templates import emphasised
from bot.web.views import View
from retrieval.language.mentioned import Mentioned
from retrieval.models import Report, Span
from retrieval.reach import of_ids
from retrieval.replies import RankedPassage

_PER_PAGE = 50
_HITS, _REPORTS, _AROUND, _NEAREST = 3, 30, 40, 5


async def reports(request: Request) -> Response:
    return await View.of(request).answered(_reports)


def chosen_reports(view: View) -> list[Report]:
    """The reports that the address asks for, by ``place``, ``level``, ``year`` and ``kind``."""
    place, level, kind, year = view.text("place"), view.text("level"), view.text("document"), view.number("year")
    of_place = {one.id for one in view.answerer.reports_of(place)} if place else set()
    return [
        one
        for one in view.library.reports()
        if (not place or one.id in of_place or place in (one.place or "") or place in one.name)
        and (not level or one.level == level)
        and (not kind or one.kind == kind)
        and (year is None or year in (one.year, one.review_year, one.plan_year))
    ]


def _reports(view: View) -> Response:
    held = view.library.reports()
    found = sorted(chosen_reports(view), key=lambda one: (one.place or one.name, -(one.year or 0), one.id))
    at = max(view.number("page") or 1, 1)
    pages = max(-(-len(found) // _PER_PAGE), 1)
    return view.page(
        "reports.html",
        found=found[(at - 1) * _PER_PAGE : at * _PER_PAGE],
        count=len(found),
        held=len(held),
        at=at,
        pages=pages,
        levels=list(dict.fromkeys(one.level for one in held if one.level)),
        years=sorted({year for one in held for year in (one.review_year, one.plan_year) if year}, reverse=True),
        place=view.text("place"),
        level=view.text("level"),
        year=view.number("year"),
    )


@dataclass(frozen=True)
class Hit:
    """Where something stands in a report, with what is around it."""

    words: Markup
    passage: str
    where: str = ""


@dataclass(frozen=True)
class Found:
    """A report that says something, how often, and the first places."""

    report: Report
    count: int
    hits: list[Hit]


async def search(request: Request) -> Response:
    return await View.of(request).answered(_search)


def _search(view: View) -> Response:
    asked = view.text("q")
    scanned = chosen_reports(view) if asked else []
    where = view.library.mentioning([Mentioned(asked)], of_ids(tuple(one.id for one in scanned))) if asked else {}
    found = sorted(((one, where[one.id][0]) for one in scanned if one.id in where), key=lambda pair: -len(pair[1]))
    nearest = [] if found or not asked else view.answerer.search(asked, _NEAREST)
    return view.page(
        "search.html",
        asked=asked,
        place=view.text("place"),
        found=[Found(one, len(spans), _hits(view, one, spans)) for one, spans in found[:_REPORTS]],
        count=sum(len(spans) for _, spans in found),
        reports=len(found),
        shown=_REPORTS,
        scanned=len(scanned),
        nearest=[_near(view, one) for one in nearest],
    )


def _hits(view: View, report: Report, spans: Sequence[Span]) -> list[Hit]:
    text = view.library.text(report.id)
    return [_hit(view, report, text, one) for one in spans[:_HITS]]


def _hit(view: View, report: Report, text: str, span: Span) -> Hit:
    start = max(text.rfind("\n", 0, span.start) + 1, span.start - _AROUND)
    stop = text.find("\n", span.end)
    end = min(stop if stop >= 0 else len(text), span.end + _AROUND)
    words = emphasised(text[start:end], [span], start)
    return Hit(words, view.passage(report.id, span))


def _near(view: View, one: RankedPassage) -> Hit:
    span = Span(one.start, one.end)
    passage = view.passage(one.report.id, span)
    return Hit(emphasised(one.text, []), passage, wording.where(one.report, one.section))
