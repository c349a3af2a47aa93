"""The pages as they are served: slow and oversized requests cut off, alone, and beside a bot that goes on without them."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from bot_api import BotApiServer
from bot_process import QUESTION, BotProcess, Talk, environment, template  # noqa: F401

from bot.conversation.services import AnsweringServices
from bot.settings import settings_from
from bot.web import connections
from bot.web.running import UnusableWebAddress, WebServer, listening
from retrieval.library import Library


async def served(library: Library, work) -> object:
    """What ``work`` gives with the port of pages that are served meanwhile."""
    services = AnsweringServices(settings_from({"WEB_LISTEN": "127.0.0.1:0"}), library)
    server = WebServer(services, lambda _: True, requests_a_minute=10_000)
    running = asyncio.ensure_future(server.run_until_stopped())
    try:
        while not server.started:
            await asyncio.sleep(0.01)
        return await work(server.address[1])
    finally:
        server.stop()
        await running
        await services.close()


async def told(port: int, *pieces: bytes, pause: float = 0.0, wait: float = 5.0) -> tuple[bytes, float]:
    """What comes back for pieces of a request, and after how many seconds the connection ends."""
    began = time.monotonic()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    found = b""
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)
        found = await asyncio.wait_for(reader.read(), wait)
    except ConnectionError:
        pass
    finally:
        writer.close()
    return found, time.monotonic() - began


HEAD = b"GET /health HTTP/1.1\r\nHost: localhost\r\n"


@pytest.fixture
def hurried(monkeypatch):
    monkeypatch.setattr(connections, "REQUEST_SECONDS", 0.6)
    monkeypatch.setattr(connections, "TAKEN_SECONDS", 0.6)


def test_a_request_that_comes_drop_by_drop_is_cut(small_library: Library, hurried):
    drops = [bytes([one]) for one in HEAD * 3]

    async def work(port: int):
        return await asyncio.gather(
            told(port, *drops, pause=0.05),
            told(port, HEAD),
            told(port),
            told(port, HEAD + b"\r\n", b"GET / HT", pause=0.2),
            told(port, b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\n{"),
        )

    dripping, unfinished, silent, second, body = asyncio.run(served(small_library, work))
    for found, seconds in (dripping, unfinished, silent, body):
        assert found == b""
        assert seconds < 4
    assert second[0].startswith(b"HTTP/1.1 200")
    assert second[1] < 4


def test_who_takes_nothing_is_cut(small_library: Library, hurried, monkeypatch):
    async def work(port: int):
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        writer.write((b"GET /reports/1 HTTP/1.1\r\nHost: localhost\r\n\r\n") * 400)
        await writer.drain()
        began = time.monotonic()
        while time.monotonic() - began < 8:
            await asyncio.sleep(0.1)
            try:
                writer.write(b"")
                await asyncio.wait_for(writer.drain(), 1)
                if reader.at_eof() or reader.exception():
                    return True
                if writer.transport.is_closing():
                    return True
                os.stat(f"/proc/self/fd/{writer.get_extra_info('socket').fileno()}")
            except (ConnectionError, OSError, TimeoutError):
                return True
        return await told(port, HEAD + b"Connection: close\r\n\r\n")

    assert asyncio.run(served(small_library, work))


def test_an_oversized_head_is_refused(small_library: Library):
    async def work(port: int):
        return await told(port, b"GET /?q=" + b"a" * 60_000 + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")

    found, _ = asyncio.run(served(small_library, work))
    assert found.startswith(b"HTTP/1.1 414")


def test_a_head_without_an_end_is_refused(small_library: Library):
    async def work(port: int):
        return await told(port, HEAD + b"X: " + b"a" * 60_000)

    found, _ = asyncio.run(served(small_library, work))
    assert found == b"" or found.startswith(b"HTTP/1.1 400")


def test_a_long_conversation_still_fits(small_library: Library):
    question = httpx.URL("http://localhost/", params=[("q", "云溪镇2025年固定资产投资目标是多少" * 3)] * 12).raw_path

    async def work(port: int):
        return await told(port, b"GET " + question + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", wait=20)

    found, _ = asyncio.run(served(small_library, work))
    assert found.startswith(b"HTTP/1.1 200")


def test_an_address_that_is_taken_is_told():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UnusableWebAddress) as error:
            listening("127.0.0.1", port)
    assert f"127.0.0.1:{port}" in error.value.user_message
    assert "WEB_LISTEN" in error.value.user_message


# -- as processes -------------------------------------------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def page_at(port: int, path: str = "/health", seconds: float = 90) -> httpx.Response:
    """A page, as soon as there is one."""
    until = time.monotonic() + seconds
    while True:
        try:
            return httpx.get(f"http://127.0.0.1:{port}{path}", timeout=20)
        except httpx.TransportError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def test_several_processes_serve_one_library_and_stop_when_they_are_told(template: Path, tmp_path: Path):  # noqa: F811
    ports = [free_port(), free_port()]
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "web", "--library", str(template)],
            cwd=tmp_path,
            env=environment(WEB_LISTEN=f"127.0.0.1:{port}", WEB_ACCESS="a-long-enough-key"),
            stderr=subprocess.PIPE,
            text=True,
        )
        for port in ports
    ]
    try:
        for process, port in zip(started, ports, strict=True):
            assert page_at(port).text == "ok"
            assert page_at(port, "/reports/1").status_code == 401
            assert b"a-long-enough-key" not in Path(f"/proc/{process.pid}/environ").read_bytes()
    finally:
        for process in started:
            process.send_signal(signal.SIGTERM)
    for process in started:
        said = process.communicate(timeout=20)[1]
        assert process.returncode == 0, said
        assert "Traceback" not in said


def test_beside_the_bot(template: Path, tmp_path: Path):  # noqa: F811
    port = free_port()
    settings = {"WEB_LISTEN": f"127.0.0.1:{port}", "WEB_URL": "https://reports.example.org"}
    with BotApiServer() as server, BotProcess(server, tmp_path / "bot", template, **settings) as bot:
        talk = Talk(server, server.user(501, "张三"))
        answer = talk.says(QUESTION, timeout=60)
        (opening,) = [
            key for row in answer["reply_markup"]["inline_keyboard"] for key in row if key["text"].startswith("在原文中打开")
        ]
        path = opening["web_app"]["url"].removeprefix("https://reports.example.org/app")
        assert "<mark" in page_at(port, path).text
        assert page_at(port, "/reports/99").status_code == 404
        assert talk.says(QUESTION)["html"] == answer["html"]
        code, seconds = bot.stop()
        assert code == 0
        assert seconds < 6


def test_a_bot_whose_pages_have_no_place_does_not_start(template: Path, tmp_path: Path):  # noqa: F811
    with socket.socket() as taken, BotApiServer() as server:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with BotProcess(server, tmp_path / "bot", template, WEB_LISTEN=f"127.0.0.1:{port}") as bot:
            assert bot.exit_code(60) == 1
            assert "WEB_LISTEN" in bot.output
