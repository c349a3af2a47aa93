"""A report's pages: its text with any passage by its address, what was read from a figure, and the file that it came from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from bot import exports, wording
from bot.addresses import anchor, passage_query
from bot.web.body import Report as Shown
from bot.web.body import body
from bot.web.failures import Refusal
from bot.web.templates import emphasised
from bot.web.views import View
from retrieval.errors import UnknownReport
from retrieval.messages import message
from retrieval.models import Report, Section, Span
from retrieval.report.outline import section_path
from retrieval.search.figure_lookup import FigureQuery, StoredFigure, select_figures, stored

_DEEPEST = 3  # headings of the outline
_BINARY = "application/octet-stream"
# The only types that an original is sent as, whatever is in it; what is not here is bytes.
_TYPES = {
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/plain; charset=utf-8",
    ".pdf": "application/pdf",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".rtf": "application/rtf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".zip": "application/zip",
}
_SPREADSHEETS = {
    "csv": (exports.csv_table, "text/csv; charset=utf-8"),
    "xlsx": (exports.xlsx_table, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@dataclass(frozen=True)
class Entry:
    """A heading of the outline, and those below it."""

    number: int
    heading: str
    period: str
    below: tuple[Entry, ...]


async def report(request: Request) -> Response:
    return await View.of(request).answered(_report)


def _number_of(view: View) -> int:
    return int(view.request.path_params["id"])


def _report(view: View) -> Response:
    library, shown = view.library, view.library.report(_number_of(view))
    text, outline = library.text(shown.id), library.outline(shown.id)
    marked, with_removed = view.pieces(len(text)), view.text("removed") == "1"
    removed = library.removals(shown.id)

    def written() -> Markup:
        passages, figures = library.passages(shown.id), library.figures(shown.id)
        return body(Shown(shown.id, text, outline, passages, figures, marked, removed if with_removed else ()))

    plain = not marked and not with_removed
    return view.page(
        "report.html",
        report=shown,
        fields=named_fields(shown),
        outline=_entries(outline),
        body=library.kept_of(shown.id, "web page", written) if plain else written(),
        marked=marked,
        lost=bool(view.text("c")) and not marked,
        passage=passage_query(marked),
        anchor=anchor(marked[0]) if marked else "",
        removed=Counter(one.kind for one in removed),
        with_removed=with_removed,
        skipped=[message(f"removals.{kind}") for kind in shown.skipped],
        description=wording.title_of(shown),
    )


def named_fields(shown: Report) -> list[tuple[str, str]]:
    """What is known of a report, each with its name; what its text does not state is left out."""
    return [(message(f"fields.{field}"), value) for field, value in wording.fields_of(shown) if value]


def _entries(outline: Sequence[Section]) -> tuple[Entry, ...]:
    """The headings as a tree; those without words are left out, and what is below them goes up."""
    below: dict[int | None, list[int]] = {}
    for number, section in enumerate(outline):
        below.setdefault(section.parent, []).append(number)

    def of(parent: int | None) -> tuple[Entry, ...]:
        found: list[Entry] = []
        for number in below.get(parent, []):
            section = outline[number]
            children = of(number) if section.depth < _DEEPEST else ()
            if section.heading.strip():
                period = message(f"periods.{section.period}") if section.period and section.depth == 1 else ""
                found.append(Entry(number, wording.shortened(section.heading, 40), period, children))
            else:
                found += children
        return tuple(found)

    return of(None)


async def figure(request: Request) -> Response:
    return await View.of(request).answered(_figure)


def _figure(view: View) -> Response:
    """What was read from the number at an offset of a report."""
    library, shown = view.library, view.library.report(_number_of(view))
    at = int(view.request.path_params["at"])
    found = [one for one in library.figures(shown.id) if one.start == at]
    if not found:
        raise UnknownReport(id=f"{shown.id}/{at}")
    figures = [_read(view, stored(library, shown, one)) for one in found]
    return view.page("figure.html", report=shown, figures=figures)


@dataclass(frozen=True)
class Read:
    """What was read from a figure, for people."""

    name: str
    value: str
    facts: list[tuple[str, str]]
    sentence: Markup
    where: str
    passage: str


def _read(view: View, one: StoredFigure) -> Read:
    figure = one.figure
    record = exports.shown_cells(one)
    names = ("kind", "year", "indicator", "subject", "measure", "value", "low", "high", "unit", "comparator", "estimated")
    facts = [
        (message(f"columns.{name}"), str(record[name])) for name in (*names, "stretch", "blank") if record[name] not in ("", None)
    ]
    said = {name: getattr(figure, name) for name in ("flow_words", "basis", "whole", "compared_with", "of_place")}
    facts += [(message(f"web.figure_{name}"), value) for name, value in said.items() if value]
    span = Span(figure.sentence_start, figure.sentence_end)
    passage = view.passage(one.report.id, span)
    sentence = emphasised(one.sentence, [Span(figure.start, figure.end)], figure.sentence_start)
    path = section_path(view.library.outline(one.report.id), figure.section)
    return Read(
        figure.indicator or figure.subject, wording.value_of(figure), facts, sentence, wording.where(one.report, path), passage
    )


async def original(request: Request) -> Response:
    """The file that a report was added from: bytes to keep, never shown by the browser."""
    view = View.of(request)
    name, path = await view.answered(lambda view: view.library.original(_number_of(view)))
    if not path.is_file():
        raise Refusal(HTTPStatus.NOT_FOUND, message("telegram.no_file"))
    kind = _TYPES.get(Path(name).suffix.lower(), _BINARY)
    headers = {"Content-Security-Policy": "sandbox; default-src 'none'", "Content-Type": kind}
    return FileResponse(path, headers=headers, filename=Path(name).name or "original", content_disposition_type="attachment")


async def figures(request: Request) -> Response:
    """All figures of a report as a spreadsheet."""
    view = View.of(request)
    suffix = request.path_params["suffix"]
    if suffix not in _SPREADSHEETS:
        return Response(status_code=404)

    def table(view: View) -> tuple[Report, list[StoredFigure]]:
        shown = view.library.report(_number_of(view))
        return shown, select_figures(view.library, [shown], FigureQuery())

    shown, found = await view.answered(table)
    return await spreadsheet(view, wording.title_of(shown), suffix, found)


async def spreadsheet(view: View, name: str, suffix: str, found: Sequence[StoredFigure]) -> Response:
    """Figures as a file to keep."""
    writer, kind = _SPREADSHEETS[suffix]
    content = await view.services.drawn(writer, found)
    return Response(content, headers={"Content-Disposition": disposition(f"{name}.{suffix}"), "Content-Type": kind})


def disposition(name: str) -> str:
    """As RFC 6266 has it, with the name in UTF-8."""
    return f"attachment; filename*=utf-8''{quote(name, safe='')}"
