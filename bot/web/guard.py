"""Around every page: whom a request is from, whether they may, in which language, and what each response carries."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.conversation.services import AnsweringServices
from bot.conversation.turns import Places
from bot.web.failures import Refusal, refused
from bot.web.identity import holds_key, started_by
from bot.web.site import Site
from retrieval.errors import ReportBotError
from retrieval.messages import LANGUAGES, language_of, message, speak

_log = logging.getLogger(__name__)
_AT_ONCE = 32  # requests; others wait, who had least of late comes first
_LONGEST_ADDRESS = 24_576  # bytes: a conversation of Chinese questions is ten thousand
_NETWORK = 64  # bits of an address that one household has
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'{images}; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors {frames}"
)
_ORDINARY = _POLICY.format(images="", frames="'none'")
# Telegram for the web shows a Mini App in a frame; pictures come with the signed start data, not by their address alone.
_IN_TELEGRAM = _POLICY.format(images=" blob:", frames="https://web.telegram.org")
_MINI_APP = "tma"  # the scheme by which Mini Apps send what Telegram signed


@dataclass(frozen=True)
class Rules:
    """Who may see the pages: ``key`` opens them (None: they are everybody's), ``token`` is the bot's, whose Mini App's users may as
    ``is_allowed`` says."""

    key: str | None
    token: str | None
    is_allowed: Callable[[int], bool]
    requests_a_minute: int


class Guard:
    """Lets through who may, marks a request with its client and its language, and ends what fails in one sentence."""

    def __init__(self, app: ASGIApp, services: AnsweringServices, site: Site, rules: Rules) -> None:
        self._app = app
        self._services = services
        self._site = site
        self._rules = rules
        self._places = Places(_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        if self._site.prefix and (path == self._site.prefix or path.startswith(f"{self._site.prefix}/")):
            path = path[len(self._site.prefix) :] or "/"
        scope = {**scope, "app": self, "path": path, "raw_path": path.encode()}
        request = Request(scope)
        lang = _chosen(request)
        scope["state"] = {"services": self._services, "site": self._site, "lang": lang}
        speak(lang or _preferred(request.headers))
        sent = _Sent(send, path)
        try:
            if path.startswith("/static/"):
                await self._app(scope, receive, sent)
                return
            client = await self._admitted(request)
            async with self._places.held(client):
                await self._app(scope, receive, sent)
        except Refusal as error:
            await sent.instead(refused(request, self._site, error), scope, receive)
        except Exception as error:
            incident = uuid.uuid4().hex[:8]
            _log.error("incident %s", incident, exc_info=error)
            said = Refusal(HTTPStatus.INTERNAL_SERVER_ERROR, message("errors.unexpected", incident=incident))
            await sent.instead(refused(request, self._site, said), scope, receive)

    async def _admitted(self, request: Request) -> object:
        """Whom the request is from. Raises Refusal."""
        if not self._site.is_host(request.headers.get("host", "")):
            raise Refusal(HTTPStatus.MISDIRECTED_REQUEST, message("web.other_host"))
        if len(request.scope["query_string"]) > _LONGEST_ADDRESS:
            raise Refusal(HTTPStatus.REQUEST_URI_TOO_LONG, message("web.too_large"))
        client = _client(request)
        authorization = request.headers.get("authorization", "")
        if authorization.lower().startswith(f"{_MINI_APP} "):
            # Who forges is held up by their address.
            client = await self._mini_app_user(authorization.partition(" ")[2], client, request)
            await self._limited(client)
            return client
        await self._limited(client)
        opened = self._rules.key is None or request.scope["path"].startswith("/app") or request.scope["path"] == "/health"
        if not opened and not holds_key(authorization, self._rules.key or ""):
            raise Refusal(HTTPStatus.UNAUTHORIZED, message("web.needs_key"), {"WWW-Authenticate": 'Basic realm="reportbot"'})
        return client

    async def _mini_app_user(self, init_data: str, client: object, request: Request) -> object:
        try:
            if self._rules.token is None:
                raise Refusal(HTTPStatus.UNAUTHORIZED, message("web.no_mini_app"))
            user = started_by(init_data, self._rules.token)
        except ReportBotError as error:
            await self._limited(client)
            raise Refusal(HTTPStatus.UNAUTHORIZED, error.user_message) from None
        if not self._rules.is_allowed(user.id):
            await self._limited(client)
            raise Refusal(HTTPStatus.FORBIDDEN, message("telegram.not_allowed", chat=user.id))
        if request.scope["state"]["lang"] is None and user.language:
            speak(language_of(user.language))
        return "user", user.id

    async def _limited(self, client: object) -> None:
        if not await self._services.limits.admit_request(client, self._rules.requests_a_minute):
            raise Refusal(HTTPStatus.TOO_MANY_REQUESTS, message("telegram.too_many"), {"Retry-After": "60"})


class _Sent:
    """What goes out: with the headers that every response has."""

    def __init__(self, send: Send, path: str) -> None:
        self._send = send
        self._path = path
        self._begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._begun = True
            headers = MutableHeaders(raw=message["headers"])
            in_telegram = self._path == "/app" or self._path.startswith("/app/")
            headers.setdefault("Content-Security-Policy", _IN_TELEGRAM if in_telegram else _ORDINARY)
            headers["X-Content-Type-Options"] = "nosniff"
            headers["Referrer-Policy"] = "no-referrer"
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
            headers["Cross-Origin-Resource-Policy"] = "same-origin"
            headers.setdefault("Cache-Control", "private, no-cache")
            if not self._path.startswith("/static/"):
                headers.add_vary_header("Accept-Language, Authorization")
            message = {**message, "headers": headers.raw}
        await self._send(message)

    async def instead(self, response: ASGIApp, scope: Scope, receive: Receive) -> None:
        """Sends a response in place of one that failed, unless that one has begun."""
        if not self._begun:
            await response(scope, receive, self)


def _chosen(request: Request) -> str | None:
    """The language that the address asks for."""
    lang = request.query_params.get("lang")
    return lang if lang in LANGUAGES else None


def _preferred(headers: Headers) -> str:
    """The language that the browser would like best of those that there are."""
    wanted: list[tuple[float, str]] = []
    for part in headers.get("accept-language", "")[:200].split(","):
        code, _, weight = part.partition(";q=")
        try:
            wanted.append((-float(weight or 1), code.strip()))
        except ValueError:
            continue
    known = [code for _, code in sorted(wanted, key=lambda one: one[0]) if code.lower().partition("-")[0] in LANGUAGES]
    return language_of(known[0] if known else None)


def _client(request: Request) -> Any:
    """The address that a request is from; of IPv6 the network that one household has."""
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return str(ip_network((address, _NETWORK), strict=False)) if isinstance(address, IPv6Address) else host
