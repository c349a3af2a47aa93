"""The HTTP interface: what the commands print as JSON, described by ``openapi.json``."""

from __future__ import annotations

import asyncio
import json
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from bot.web.comparing import comparison_of
from bot.web.failures import Refusal
from bot.web.listing import chosen_reports
from bot.web.thread import token_of, turns_in
from bot.web.views import View
from retrieval.errors import ReportBotError
from retrieval.messages import message
from retrieval.search.figure_lookup import FigureQuery, select_figures

_LONGEST_BODY, _BODY_SECONDS = 65_536, 10.0
_PAGE, _LARGEST_PAGE = 200, 1000
_KINDS = ("", "target", "actual")


class NeedsIndicator(ReportBotError):
    """A comparison was asked for without saying of what."""


class _Asked(msgspec.Struct, forbid_unknown_fields=True):
    """The body of a question."""

    question: str
    conversation: str = ""
    place: str = ""
    id: str | None = None


async def ask(request: Request) -> Response:
    """A question, with the conversation that it goes on from."""
    view = View.of(request)
    asked = _decoded(await _body(request)) if request.method == "POST" else _in_address(view)
    turns = [*turns_in(asked.conversation), asked.question]
    reply = await view.answered(lambda view: view.answerer.ask(turns, asked.place or None))
    told: dict[str, Any] = {} if asked.id is None else {"id": asked.id}
    return _json({**told, **reply.as_json(), "conversation": token_of(turns)})


def _in_address(view: View) -> _Asked:
    """A question of the address; ``q`` is its short name, as on the page."""
    params = view.request.query_params
    asked = params.get("question", params.get("q", ""))
    return _Asked(asked, params.get("conversation", ""), params.get("place", ""), params.get("id"))


def _decoded(body: bytes) -> _Asked:
    try:
        return msgspec.json.decode(body, type=_Asked)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Refusal(HTTPStatus.BAD_REQUEST, message("web.not_understood")) from None


async def _body(request: Request) -> bytes:
    """The body of a request. Raises Refusal where it is too long or comes too slowly."""
    found = bytearray()
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            async for piece in request.stream():
                found += piece
                if len(found) > _LONGEST_BODY:
                    raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, message("web.too_large"), {"Connection": "close"})
    except TimeoutError:
        raise Refusal(HTTPStatus.REQUEST_TIMEOUT, message("web.too_slow"), {"Connection": "close"}) from None
    return bytes(found)


async def reports(request: Request) -> Response:
    """The reports, as ``list --json`` prints them."""
    _checked(View.of(request), numbers=("year", "limit", "offset"))
    return _json(await View.of(request).answered(_reports))


def _reports(view: View) -> list[dict[str, Any]]:
    first, last = _window(view)
    return [one.as_json() for one in chosen_reports(view)[first:last]]


async def figures(request: Request) -> Response:
    """Figures, as ``figures --json`` prints them."""
    _checked(View.of(request), numbers=("year", "limit", "offset"))
    return _json(await View.of(request).answered(_figures))


def _figures(view: View) -> list[dict[str, Any]]:
    names = view.texts("place")
    reports = [one for name in names for one in view.answerer.reports_named(name)] if names else view.library.reports()
    query = FigureQuery(view.text("indicator") or None, view.number("year"), view.kind())
    first, last = _window(view)
    return [one.as_json() for one in select_figures(view.library, reports, query)[first:last]]


async def compare(request: Request) -> Response:
    """A figure over places, as a reply to a question, and the figures that it compares."""
    _checked(View.of(request), numbers=("year",))
    return _json(await View.of(request).answered(_compare))


def _compare(view: View) -> dict[str, Any]:
    made = comparison_of(view)
    if made is None:
        raise NeedsIndicator()
    _, reply, found = made
    return {**reply.as_json(), "figures": [one.as_json() for one in found]}


def _window(view: View) -> tuple[int, int]:
    first, count = view.number("offset") or 0, view.number("limit")
    return first, first + min(_PAGE if count is None else count, _LARGEST_PAGE)


def _checked(view: View, numbers: tuple[str, ...]) -> None:
    """Raises Refusal where the address says what can't be meant."""
    wrong = [name for name in numbers if view.text(name) and view.number(name) is None]
    if wrong or view.text("kind") not in _KINDS:
        raise Refusal(HTTPStatus.BAD_REQUEST, message("web.not_understood"))


async def openapi(request: Request) -> Response:
    """The description of this interface; where it is reached is put in."""
    told = {**description(), "servers": [{"url": View.of(request).site.url or "/"}]}
    return _json(told)


@lru_cache(maxsize=1)
def description() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((Path(__file__).parent / "openapi.json").read_text(encoding="utf-8"))
    return found


def _json(value: Any) -> Response:
    # Half a surrogate pair, which a question may hold, is no UTF-8: JSON spells it out.
    written = json.dumps(value, ensure_ascii=False)
    try:
        body = written.encode()
    except UnicodeEncodeError:
        body = json.dumps(value).encode()
    return Response(body, media_type="application/json")
