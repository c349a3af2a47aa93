"""The webhook: a small HTTP server that takes updates from whoever knows its path and its secret, and nothing from others.

Both are looked at before anything of the body is kept. Everything has a size and a deadline, so that strangers who stall
cost a socket each and no more, and of too many the one that has waited longest goes.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from http import HTTPStatus

from telegram import Bot, Update
from telegram.error import NetworkError
from tornado.http1connection import HTTP1Connection
from tornado.httpserver import HTTPServer
from tornado.httputil import (
    HTTPConnection,
    HTTPHeaders,
    HTTPMessageDelegate,
    HTTPServerConnectionDelegate,
    RequestStartLine,
    ResponseStartLine,
)
from tornado.iostream import IOStream, StreamClosedError

_log = logging.getLogger(__name__)
_BODY_BYTES = 1 << 20  # an update has a few kilobytes; a message of 4,096 characters with all its entities 100
_REFUSED_BYTES = 1 << 16  # of a refused body, which are thrown away so that the refusal arrives
_HEADER_BYTES = 1 << 14
_HEADER_SECONDS, _BODY_SECONDS, _REFUSED_SECONDS = 20.0, 20.0, 3.0  # between two requests, too; Telegram connects again
_CONNECTIONS = 500  # Telegram opens 40 at most
_SECRET = "X-Telegram-Bot-Api-Secret-Token"


class Webhook(HTTPServerConnectionDelegate):
    """Puts the updates that are sent to ``path`` with ``secret`` into a queue."""

    def __init__(self, path: str, secret: str, bot: Bot, queue: asyncio.Queue[object]) -> None:
        self._path = f"/{path.strip('/')}".encode()
        self._secret = secret.encode()
        self._bot = bot
        self._queue = queue
        self._taking: set[asyncio.Task[None]] = set()
        self._server = _Server(
            self,
            max_header_size=_HEADER_BYTES,
            max_body_size=_BODY_BYTES,
            max_buffer_size=2 * _BODY_BYTES,
            idle_connection_timeout=_HEADER_SECONDS,
            body_timeout=_BODY_SECONDS,
        )

    def listen(self, host: str, port: int) -> None:
        """Begins to accept connections. Raises OSError where the address can't be had."""
        self._server.listen(port, address=host)

    async def close(self) -> None:
        """Accepts no more; what has been received is kept first."""
        self._server.stop()
        if self._taking:
            await asyncio.wait(self._taking)
        await self._server.close_all_connections()

    def start_request(self, server_conn: object, request_conn: HTTPConnection) -> HTTPMessageDelegate:
        assert isinstance(request_conn, HTTP1Connection)
        return _Request(self, request_conn)

    def refusal(self, start_line: RequestStartLine, headers: HTTPHeaders) -> HTTPStatus | None:
        """Why a request is not taken, by its first lines; how long it takes to see that tells nothing of path and secret."""
        path = start_line.path.partition("?")[0].rstrip("/").encode("utf-8", "surrogateescape")
        right_path = hmac.compare_digest(path, self._path)
        right_secret = hmac.compare_digest(headers.get(_SECRET, "").encode("utf-8", "surrogateescape"), self._secret)
        if not right_path:
            return HTTPStatus.NOT_FOUND
        if not right_secret:
            return HTTPStatus.FORBIDDEN
        return None if start_line.method == "POST" else HTTPStatus.METHOD_NOT_ALLOWED

    def trust(self, stream: IOStream) -> None:
        """Who knows path and secret is no stranger."""
        self._server.strangers.pop(stream, None)

    def take(self, request: _Request, body: bytes) -> None:
        """Keeps an update, and answers only then."""
        task = asyncio.get_running_loop().create_task(self._kept(request, body))
        self._taking.add(task)
        task.add_done_callback(self._taking.discard)

    async def _kept(self, request: _Request, body: bytes) -> None:
        try:
            update = Update.de_json(json.loads(body), self._bot)
            await self._queue.put(update)
        except NetworkError as error:  # it can't be written down: Telegram sends it again
            _log.warning("an update has to be sent again: %s", error)
            await request.answer(HTTPStatus.SERVICE_UNAVAILABLE)
        except Exception as error:  # no update at all
            _log.warning("a request with path and secret was no update: %r", error)
            await request.answer(HTTPStatus.BAD_REQUEST)
        else:
            await request.answer(HTTPStatus.OK)


class _Request(HTTPMessageDelegate):
    """One request."""

    def __init__(self, webhook: Webhook, connection: HTTP1Connection) -> None:
        self._webhook = webhook
        self._connection = connection
        self._refused: HTTPStatus | None = HTTPStatus.BAD_REQUEST
        self._body = bytearray()

    def headers_received(self, start_line: RequestStartLine | ResponseStartLine, headers: HTTPHeaders) -> None:
        assert isinstance(start_line, RequestStartLine)
        self._refused = self._webhook.refusal(start_line, headers)
        if self._refused is not None:
            self._connection.set_max_body_size(_REFUSED_BYTES)
            self._connection.set_body_timeout(_REFUSED_SECONDS)
        else:
            self._webhook.trust(self._connection.stream)

    def data_received(self, chunk: bytes) -> None:
        if self._refused is None:
            self._body += chunk

    def finish(self) -> None:
        if self._refused is None:
            self._webhook.take(self, bytes(self._body))
        else:
            asyncio.get_running_loop().create_task(self.answer(self._refused))

    def on_connection_close(self) -> None:
        self._body.clear()

    async def answer(self, status: HTTPStatus) -> None:
        headers = HTTPHeaders({"Content-Length": "0"})
        try:
            self._connection.write_headers(ResponseStartLine("HTTP/1.1", status.value, status.phrase), headers)
            self._connection.finish()
        except StreamClosedError:
            pass


class _Server(HTTPServer):
    """Lets the longest-waiting stranger go where there are too many connections."""

    def initialize(self, *args: object, **kwargs: object) -> None:  # tornado's own way of constructing
        super().initialize(*args, **kwargs)  # type: ignore[arg-type]
        self.strangers: dict[IOStream, None] = {}

    def handle_stream(self, stream: IOStream, address: tuple[object, ...]) -> None:
        if len(self._connections) >= _CONNECTIONS:
            self.strangers = {one: None for one in self.strangers if not one.closed()}
            oldest = next(iter(self.strangers), None)
            if oldest is None:
                stream.close()
                return
            oldest.close()
            del self.strangers[oldest]
        self.strangers[stream] = None
        super().handle_stream(stream, address)
