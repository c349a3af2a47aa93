"""The webhook among strangers: nothing of theirs is kept, nobody holds it up, and updates arrive."""

from __future__ import annotations

import asyncio
import gc
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from telegram import Update
from telegram.error import NetworkError

from bot.telegram import webhook
from bot.telegram.webhook import Webhook

PATH, SECRET = "hook/abc", "s3cret"
UPDATE = {"update_id": 5}


@dataclass
class Served:
    port: int
    queue: asyncio.Queue[Any]

    async def ask(self, raw: bytes) -> bytes:
        """What comes back for raw bytes; nothing where the connection is closed."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(raw)
        await writer.drain()
        try:
            return await asyncio.wait_for(reader.read(100), 15)
        except ConnectionError:
            return b""
        finally:
            writer.close()


def request(
    body: bytes = json.dumps(UPDATE).encode(),
    *,
    path: str = PATH,
    secret: str | None = SECRET,
    method: str = "POST",
    length: int | None = None,
    more: str = "",
) -> bytes:
    lines = [f"{method} /{path} HTTP/1.1", "Host: x", "Content-Type: application/json"]
    lines += [f"Content-Length: {len(body) if length is None else length}"]
    lines += [f"X-Telegram-Bot-Api-Secret-Token: {secret}"] if secret is not None else []
    return "\r\n".join([*lines, *filter(None, [more]), "", ""]).encode() + body


@asynccontextmanager
async def served(queue: asyncio.Queue[Any] | None = None) -> AsyncIterator[Served]:
    one = Webhook(PATH, SECRET, None, queue := queue or asyncio.Queue())  # type: ignore[arg-type]
    one.listen("127.0.0.1", 0)
    (socket,) = one._server._sockets.values()
    try:
        yield Served(socket.getsockname()[1], queue)
    finally:
        await one.close()


def run(scenario: Any, queue: asyncio.Queue[Any] | None = None) -> Any:
    async def all_of_it() -> Any:
        async with served(queue) as server:
            return await scenario(server)

    return asyncio.run(all_of_it())


def status(answer: bytes) -> int:
    return int(answer.split()[1]) if answer else 0


def test_an_update_arrives_and_is_answered_when_it_is_kept():
    async def scenario(server: Served) -> None:
        assert status(await server.ask(request())) == 200
        assert server.queue.get_nowait() == Update(5)

    run(scenario)


def test_one_connection_brings_many():
    async def scenario(server: Served) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        for number in range(20):
            writer.write(request(json.dumps({"update_id": number}).encode()))
            assert b"200" in await reader.readuntil(b"\r\n\r\n")
        assert server.queue.qsize() == 20
        writer.close()

    run(scenario)


@pytest.mark.parametrize(
    "raw, expected",
    [
        (request(path="hook/abd"), 404),
        (request(path=""), 404),
        (request(secret="s3creT"), 403),
        (request(secret=""), 403),
        (request(secret=None), 403),
        (request(secret="密".encode().decode("latin-1")), 403),
        (request(method="GET"), 405),
        (request(b"no json"), 400),
        (request(b"[1]"), 400),
    ],
)
def test_others_are_refused(raw: bytes, expected: int):
    async def scenario(server: Served) -> None:
        assert status(await server.ask(raw)) == expected
        assert server.queue.empty()

    run(scenario)


def test_an_update_that_can_not_be_written_down_is_to_be_sent_again():
    class Full(asyncio.Queue):
        async def put(self, item: object) -> None:
            raise NetworkError("the disk is full")

    async def scenario(server: Served) -> None:
        assert status(await server.ask(request())) == 503

    run(scenario, Full())


@pytest.mark.parametrize("secret", [SECRET, "wrong"])
def test_a_body_over_a_megabyte_is_refused_by_its_length_alone(secret: str):
    async def scenario(server: Served) -> float:
        began = time.monotonic()
        assert status(await server.ask(request(b"", secret=secret, length=(1 << 20) + 1))) in (0, 400, 413)
        return time.monotonic() - began

    assert run(scenario) < 1


def test_a_body_in_pieces_without_an_end_is_cut_off():
    async def scenario(server: Served) -> None:
        head = request(b"", more="Transfer-Encoding: chunked").replace(b"Content-Length: 0\r\n", b"")
        piece = b"10000\r\n" + bytes(1 << 16) + b"\r\n"
        assert status(await server.ask(head + 40 * piece)) in (0, 400)
        assert server.queue.empty()

    run(scenario)


@pytest.mark.parametrize("stalled", [b"", b"POST /", request(b"", length=100)[:-4], request(b"{", length=100)])
def test_who_stalls_is_let_go(monkeypatch, stalled: bytes):
    for name in ("_HEADER_SECONDS", "_BODY_SECONDS", "_REFUSED_SECONDS"):
        monkeypatch.setattr(webhook, name, 0.3)

    async def scenario(server: Served) -> float:
        began = time.monotonic()
        await server.ask(stalled)
        return time.monotonic() - began

    assert run(scenario) < 5


def test_headers_without_an_end_are_let_go():
    async def scenario(server: Served) -> None:
        assert status(await server.ask(b"POST /hook/abc HTTP/1.1\r\n" + b"X: y\r\n" * 10_000)) in (0, 400, 431)

    run(scenario)


def test_two_thousand_strangers_who_stall_cost_megabytes_and_hold_nobody_up():
    async def scenario(server: Served) -> tuple[float, int]:
        before = resident()
        strangers = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(100)]
        kinds = [b"", b"POST /hook/abc HTTP/1.1\r\n", request(bytes(60_000), secret="no", length=65_000)]
        for number in range(1900):
            try:
                opened = await asyncio.open_connection("127.0.0.1", server.port)
                opened[1].write(kinds[number % 3])
                strangers.append(opened)
            except ConnectionError:
                continue
        began = time.monotonic()
        assert status(await server.ask(request())) == 200
        seconds = time.monotonic() - began
        grown = resident() - before
        for _, writer in strangers:
            writer.close()
        return seconds, grown

    gc.collect()
    seconds, grown = run(scenario)
    print(f"an update took {seconds:.3f} s among 2,000 strangers; {grown >> 20} MB for both ends")
    assert seconds < 2
    assert grown < 200 << 20


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
