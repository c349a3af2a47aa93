"""The application: every page in one list, and the guard before them."""

from __future__ import annotations

from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from bot.conversation.limits import REQUESTS
from bot.conversation.services import AnsweringServices
from bot.settings import Settings
from bot.web import api, asking, assets, comparing, listing, miniapp, places, reading
from bot.web.failures import refusal_of, refused
from bot.web.guard import Guard, Rules
from bot.web.site import Site, site_of
from bot.web.templates import compile_all
from retrieval.errors import ReportBotError

_GZIP_FROM = 1024  # bytes


async def static(request: Request) -> Response:
    found = assets.asset(request.path_params["address"])
    if found is None:
        return Response(status_code=404)
    content, kind = found
    return Response(content, headers={"Content-Type": f"{kind}; charset=utf-8", "Cache-Control": assets.FOR_EVER})


async def health(_: Request) -> Response:
    """Whether the process answers, for whoever watches it."""
    return Response("ok", media_type="text/plain")


ROUTES = [
    Route("/", asking.ask),
    Route("/chart.png", asking.chart),
    Route("/card.png", asking.card),
    Route("/reports", listing.reports),
    Route("/search", listing.search),
    Route("/reports/{id:int}", reading.report),
    Route("/reports/{id:int}/original", reading.original),
    Route("/reports/{id:int}/figures.{suffix:str}", reading.figures),
    Route("/reports/{id:int}/figures/{at:int}", reading.figure),
    Route("/places/{name:path}/chart.png", places.chart),
    Route("/places/{name:path}", places.place),
    Route("/compare", comparing.compare),
    Route("/compare.png", comparing.chart),
    Route("/compare.{suffix:str}", comparing.table),
    Route("/app", miniapp.shell),
    Route("/app/{path:path}", miniapp.shell),
    Route("/api/ask", api.ask, methods=["GET", "POST"]),
    Route("/api/reports", api.reports),
    Route("/api/figures", api.figures),
    Route("/api/compare", api.compare),
    Route("/api/openapi.json", api.openapi),
    Route("/static/{address:path}", static),
    Route("/health", health),
]


def build_application(
    services: AnsweringServices,
    is_allowed: Callable[[int], bool],
    *,
    requests_a_minute: int = REQUESTS,
) -> ASGIApp:
    """The pages over a library. ``is_allowed`` says of a Telegram user whether they may use the Mini App."""
    compile_all()
    settings = services.settings
    site = site_of(settings.web_url, settings.web_address[0])
    handlers = {ReportBotError: _told, HTTPException: _told}
    pages = GZipMiddleware(ExceptionMiddleware(Router(ROUTES), handlers), minimum_size=_GZIP_FROM)
    guarded = Guard(pages, services, site, rules_of(settings, is_allowed, requests_a_minute))
    return ProxyHeadersMiddleware(guarded, list(settings.web_proxies))  # type: ignore[arg-type, return-value]


def rules_of(settings: Settings, is_allowed: Callable[[int], bool], requests_a_minute: int) -> Rules:
    key, token = settings.web_access, settings.telegram_bot_token
    return Rules(key.value if key else None, token.value if token else None, is_allowed, requests_a_minute)


def may_use(settings: Settings) -> Callable[[int], bool]:
    """Whether a Telegram user may, as the settings say: where no bot runs beside that knows more administrators."""
    allowed = settings.allowed_chat_ids
    return lambda user_id: not allowed or user_id in allowed or user_id in settings.admin_ids


async def _told(request: Request, error: Exception) -> Response:
    """What a failure says, in the form of the page that failed."""
    refusal = refusal_of(error)
    if refusal is None:
        raise error
    site: Site = request.scope["state"]["site"]
    return refused(request, site, refusal)
