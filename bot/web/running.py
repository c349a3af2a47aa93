"""Serving the pages: alone until it is told to stop, or beside the bot, which goes on if they fail."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from bot.allocator import give_back
from bot.conversation.limits import REQUESTS
from bot.conversation.services import AnsweringServices, warm_up
from bot.settings import Settings
from bot.web.application import build_application, may_use
from bot.web.connections import LARGEST_HEAD, Connection
from retrieval.errors import ReportBotError
from retrieval.library import Library

_MOST_CONNECTIONS = 1000
_GRACE_SECONDS = 4


class UnusableWebAddress(ReportBotError):
    """The address of the pages can't be listened on."""


class WebServer(uvicorn.Server):
    """The pages on the address of the settings, which is listened on from the beginning. Raises UnusableWebAddress.

    ``is_allowed`` says of a Telegram user whether they may use the Mini App. Signals are for who started it.
    """

    def __init__(self, services: AnsweringServices, is_allowed: Callable[[int], bool], requests_a_minute: int = REQUESTS) -> None:
        super().__init__(
            uvicorn.Config(
                build_application(services, is_allowed, requests_a_minute=requests_a_minute),
                http=Connection,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                proxy_headers=False,  # the application has its own, with the proxies of the settings
                server_header=False,
                limit_concurrency=_MOST_CONNECTIONS,
                timeout_graceful_shutdown=_GRACE_SECONDS,
                h11_max_incomplete_event_size=LARGEST_HEAD,
            )
        )
        self._socket = listening(*services.settings.web_address)

    @property
    def address(self) -> tuple[str, int]:
        """The host and the port that are listened on."""
        name = self._socket.getsockname()
        return name[0], name[1]

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def run_until_stopped(self) -> None:
        """Serves until :meth:`stop`."""
        await self.serve(sockets=[self._socket])

    def stop(self) -> None:
        self.should_exit = True


def listening(host: str, port: int) -> socket.socket:
    """A socket that is bound to an address. Raises UnusableWebAddress."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        opened = socket.socket(family, kind)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(address)
    except OSError as error:
        raise UnusableWebAddress(address=f"{host}:{port}", detail=error.strerror or str(error)) from error
    return opened


def run_web(settings: Settings, library: Library) -> None:
    """Serves the pages until SIGTERM or SIGINT. Raises UnusableWebAddress."""
    asyncio.run(_serve(settings, library))


async def _serve(settings: Settings, library: Library) -> None:
    services = AnsweringServices(settings, library)
    try:
        server = WebServer(services, may_use(settings))
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, server.stop)
        await services.warmed_up(warm_up, services.answerer)
        give_back()
        await server.run_until_stopped()
    finally:
        await services.close()
