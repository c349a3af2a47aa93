"""The HTTP side: routes, the token, planned failures, and the log."""

from __future__ import annotations

import asyncio
import re
import time
import traceback
from typing import Any

from aiohttp import web

# Imported for their entries in the table of methods.
from . import chats, editing, profile, queries, sending  # noqa: F401
from .calls import Call, Failure, Failures, Log
from .errors import Refused, bad_request
from .methods import ASYNC_METHODS, METHODS
from .params import Params, read_params
from .world import World

_TOKEN = re.compile("[1-9][0-9]*:[A-Za-z0-9_-]{3,80}")
_BODY_LIMIT = 80 << 20  # above the 50 MB of a document, so that the refusal is Telegram's own
_PHRASES = {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}


class Web:
    """Answers requests. Everything here runs in the server's loop."""

    def __init__(self, world: World, log: Log, failures: Failures, token: str) -> None:
        self.world = world
        self.log = log
        self.failures = failures
        self.token = token

    def application(self) -> web.Application:
        application = web.Application(client_max_size=_BODY_LIMIT)
        application.router.add_route("*", "/bot{token:[^/]+}/{method:[^/]*}", self._call)
        application.router.add_get("/file/bot{token:[^/]+}/{path:.+}", self._download)
        application.router.add_route("*", "/{other:.*}", self._nowhere)
        return application

    async def _nowhere(self, request: web.Request) -> web.StreamResponse:
        return _refusal(Refused(404, "Not Found"))

    async def _download(self, request: web.Request) -> web.StreamResponse:
        file = self.world.paths.get(request.match_info["path"])
        try:
            self._check_token(request)
        except Refused as refused:
            return _refusal(refused)
        if file is None:
            return _refusal(Refused(404, "Not Found"))
        return web.Response(body=file.content, content_type="application/octet-stream")

    async def _call(self, request: web.Request) -> web.StreamResponse:
        arrived = time.monotonic()
        name = request.match_info["method"]
        failure = self.failures.take(name)
        params = Params()
        result: Any = None
        refused: Refused | None = _ordered(failure)
        planned = refused is not None or (failure is not None and failure.drop is not None)
        try:
            params = await read_params(request)
            if failure is not None and failure.delay:
                await asyncio.sleep(failure.delay)
            if not planned or (failure and failure.drop == "after"):
                self._check_token(request)
                result = await self._carry_out(name, params)
        except Refused as error:
            refused = error
        except asyncio.CancelledError:
            self._record(name, params, arrived, None, "the client hung up", planned=planned)
            raise
        except Exception as error:
            # A mistake of this server, not of the bot; it has to be seen in the test.
            traceback.print_exc()
            refused = Refused(500, f"Internal Server Error: {error!r}")
        if failure is not None and failure.drop and not (refused and failure.drop == "after"):
            self._record(name, params, arrived, result, f"connection dropped {failure.drop} the work", planned=True)
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        self._record(name, params, arrived, result, None, refused, planned)
        return _refusal(refused) if refused else web.json_response({"ok": True, "result": result})

    def _check_token(self, request: web.Request) -> None:
        token = request.match_info["token"]
        if not _TOKEN.fullmatch(token):
            raise Refused(404, "Not Found")
        if token != self.token:
            raise Refused(401, "Unauthorized")

    async def _carry_out(self, name: str, params: Params) -> Any:
        key = name.lower()
        if key not in METHODS and key not in ASYNC_METHODS:
            raise Refused(404, "Not Found: method not found")
        if self.world.logged_out:
            raise bad_request("Logged out")
        if key in ASYNC_METHODS:
            return await ASYNC_METHODS[key](self.world, params)
        with self.world.lock:
            return METHODS[key](self.world, params)

    def _record(
        self,
        name: str,
        params: Params,
        arrived: float,
        result: Any,
        error: str | None,
        refused: Refused | None = None,
        planned: bool = False,
    ) -> None:
        ok = refused is None and error is None
        description = refused.description if refused else error
        code = refused.code if refused else None
        call = Call(name, params.log(), ok, description, arrived, time.monotonic(), code, result, planned)
        with self.world.lock:
            self.log.add(call)
            self.world.changed.notify_all()


def _ordered(failure: Failure | None) -> Refused | None:
    """The refusal a test has ordered."""
    if failure is None or failure.drop or failure.error_code is None:
        return None
    if failure.error_code == 429:
        return Refused(429, f"Too Many Requests: retry after {failure.retry_after}", retry_after=failure.retry_after)
    phrase = failure.description or _PHRASES.get(failure.error_code, "Bad Request: ordered by the test")
    return Refused(failure.error_code, phrase)


def _refusal(refused: Refused) -> web.Response:
    return web.json_response(refused.payload(), status=refused.code)
