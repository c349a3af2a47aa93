"""What the tests of the pages share: the application over a library, asked without a network, and start data as Telegram signs it."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx
from bs4 import BeautifulSoup

from bot.conversation.services import AnsweringServices
from bot.settings import settings_from
from bot.web.application import build_application, may_use
from retrieval.library import Library

TOKEN = "12345:abcdefghijklmnopqrstuvwxyz012345678"
KEY = "correct-horse-battery"
HOST = "http://127.0.0.1:8090"


@dataclass
class Site:
    """The pages over a library; each request is one of its own, from ``client``."""

    app: Any
    services: AnsweringServices
    runner: asyncio.Runner

    def get(self, address: str, client: str = "127.0.0.1", **more: Any) -> httpx.Response:
        return self.request("GET", address, client, **more)

    def post(self, address: str, client: str = "127.0.0.1", **more: Any) -> httpx.Response:
        return self.request("POST", address, client, **more)

    def request(self, method: str, address: str, client: str = "127.0.0.1", **more: Any) -> httpx.Response:
        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=(client, 1))
            async with httpx.AsyncClient(transport=transport, base_url=HOST, timeout=60) as http:
                return await http.request(method, address, **more)

        return self.runner.run(asked())

    def page(self, address: str, **more: Any) -> BeautifulSoup:
        """A page that is there."""
        response = self.get(address, **more)
        assert response.status_code == 200, response.text
        assert response.headers["content-type"] == "text/html; charset=utf-8"
        return BeautifulSoup(response.text, "html.parser")


@contextmanager
def site(library: Library, *, requests_a_minute: int = 10_000, **settings: str) -> Iterator[Site]:
    read = settings_from({"REPORTBOT_LIBRARY": str(library.folder), **settings})
    services = AnsweringServices(read, library)
    with asyncio.Runner() as runner:
        yield Site(build_application(services, may_use(read), requests_a_minute=requests_a_minute), services, runner)
        runner.run(services.close())


def start_data(user_id: int = 7, /, *, token: str = TOKEN, at: float | None = None, **fields: str) -> str:
    """What Telegram starts a Mini App with, signed for the bot of ``token``."""
    told = {
        "auth_date": str(int(time.time() if at is None else at)),
        "query_id": "AAF",
        "signature": "by-another-key",
        "user": json.dumps({"id": user_id, "first_name": "李", "language_code": "zh-hans"}, ensure_ascii=False),
        **fields,
    }
    checked = "\n".join(f"{name}={told[name]}" for name in sorted(told))
    secret = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    return urlencode({**told, "hash": hmac.new(secret, checked.encode(), hashlib.sha256).hexdigest()})


def in_mini_app(data: str) -> dict[str, str]:
    return {"Authorization": f"tma {data}"}
