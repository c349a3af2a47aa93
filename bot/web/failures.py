"""What goes wrong, as a page or as JSON: a status and one sentence, never a folder of the server."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.conversation.deadlines import TookTooLong
from bot.web.site import Site
from bot.web.templates import Links, page
from retrieval.errors import OperatorError, ReportBotError, UnknownPlace, UnknownReport
from retrieval.messages import message

_log = logging.getLogger(__name__)
_NOT_THERE = (UnknownReport, UnknownPlace)


class Refusal(Exception):
    """A request that ends with ``status`` and one sentence."""

    def __init__(self, status: HTTPStatus, said: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(said)
        self.status = status
        self.said = said
        self.headers = dict(headers or {})


def refused(request: Request, site: Site, refusal: Refusal) -> Response:
    """The response that tells of a refusal."""
    headers = {**refusal.headers, "Cache-Control": "no-store"}
    path = request.scope["path"]
    if path == "/api" or path.startswith("/api/"):
        return JSONResponse({"error": refusal.said}, refusal.status, headers)
    links = Links(site, request.scope.get("state", {}).get("lang"))
    body = page("refused.html", links, status=int(refusal.status), said=refusal.said)
    return Response(body, refusal.status, headers, "text/html")


def refusal_of(error: Exception) -> Refusal | None:
    """How a failure that somebody can cause, or mend, is told; None for any other."""
    if isinstance(error, HTTPException):
        key = {404: "web.not_found", 405: "web.not_found"}.get(error.status_code, "web.not_understood")
        return Refusal(HTTPStatus(error.status_code), message(key), error.headers)
    if isinstance(error, OperatorError):
        _log.error("%s", error)
        return Refusal(HTTPStatus.SERVICE_UNAVAILABLE, error.neutral_message)
    if isinstance(error, TookTooLong):
        return Refusal(HTTPStatus.SERVICE_UNAVAILABLE, error.user_message, {"Retry-After": "60"})
    if isinstance(error, ReportBotError):
        return Refusal(HTTPStatus.NOT_FOUND if isinstance(error, _NOT_THERE) else HTTPStatus.BAD_REQUEST, error.user_message)
    return None
