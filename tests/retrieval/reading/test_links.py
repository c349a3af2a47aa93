"""Links: only the public internet, only so much, only so long; a local server stands for the web."""

from __future__ import annotations

import contextlib
import http.server
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.errors import LinkFailed, NoArticle, UnusableLink
from retrieval.library import Library
from retrieval.reading import limits, links
from retrieval.reading.links import fetch, is_public, public_only
from retrieval.reading.loading import read_file
from retrieval.report.cleaning import clean

PAGE = (Path(__file__).parents[2] / "formats" / "files" / "page.html").read_bytes()


TITLE = "云溪镇2025年政府工作报告"
LONG = "全镇上下团结一心，扎实推进各项重点工作，产业结构持续优化，民生福祉不断增进，社会大局保持稳定。" * 4
PARTED = {  # by the name of a page: what it tells, and where it goes on
    "1.html": (f"一、2024年工作回顾。{LONG}全镇粮食", "2.html"),
    "2.html": (f"产量3.2万吨。{LONG}", "3.html"),
    "3.html": ("二、2025年工作安排。新建公路12公里。", "3.html"),
    "a.html": (f"一、2024年工作回顾。{LONG}", "gone.html"),
    "b.html": (f"一、2024年工作回顾。{LONG}", "http://other.example/2.html"),
}


def parted(name: str) -> bytes:
    """A page of an article over several."""
    told, onward = PARTED.get(name, ("", ""))
    link = f'<div class="pages"><a href="{onward}">下一页</a></div>'
    return f'<html><meta charset="utf-8"><body><div id="c"><h1>{TITLE}</h1><p>{told}</p>{link}</div></body></html>'.encode()


class Site(http.server.BaseHTTPRequestHandler):
    """A small web site with good and bad pages; it remembers what it was asked for."""

    asked: list[tuple[str, dict[str, str]]]

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        kind, _, rest = self.path.lstrip("/").partition("/")
        if kind == "to":
            self._answer(302, {"Location": rest})
        elif kind == "loop":
            self._answer(302, {"Location": "/loop/"})
        elif kind == "status":
            self._answer(int(rest))
        elif kind == "endless":
            self.send_response(200)
            self.end_headers()
            try:
                while True:
                    self.wfile.write(bytes(1 << 16))
            except OSError:
                pass
        elif kind == "slow":
            self.send_response(200)
            self.end_headers()
            try:
                for _ in range(200):
                    self.wfile.write(b"x")
                    time.sleep(0.1)
            except OSError:
                pass
        elif kind == "packed":
            self._answer(200, {"Content-Encoding": "gzip"}, b"\x1f\x8b")
        elif kind == "menu":
            self._answer(200, {}, "<html><body><p>首页</p></body></html>".encode())
        elif kind == "parted":
            self._answer(200 if rest in PARTED else 404, {"Content-Type": "text/html"}, parted(rest))
        else:
            self._answer(200, {"Content-Type": "text/html"}, PAGE)

    def _answer(self, status: int, headers: dict[str, str] | None = None, body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def site() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    server.asked = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Site.last = server
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def anywhere(address: str, port: int) -> bool:
    return True


def test_a_page_is_fetched_and_read(site: str):
    content, found_at = fetch(f"{site}/zwgk/t1.html", anywhere)
    assert content == PAGE
    assert found_at == f"{site}/zwgk/t1.html"
    raw = read_file(content, found_at)
    text = clean(raw).text
    assert text.startswith("柳浦镇2024年政府工作报告")
    assert "栏目" not in text
    assert (raw.published, raw.kept) == ("2024-02-05", True)


def test_this_machine_is_refused_by_default(site: str):
    with pytest.raises(UnusableLink, match="公共网络"):
        fetch(f"{site}/zwgk/t1.html")
    assert Site.last.asked == []


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "0", "[::1]", "[::ffff:127.0.0.1]", "localhost", "0x7f.1", "2130706433"])
def test_spellings_of_this_machine_are_refused(host: str):
    with pytest.raises((UnusableLink, LinkFailed)):
        fetch(f"http://{host}:80/")


ADDRESSES = {
    "8.8.8.8": True,
    "2400:3200::1": True,
    "127.0.0.1": False,
    "10.1.2.3": False,
    "172.16.0.1": False,
    "192.168.1.1": False,
    "169.254.169.254": False,
    "100.64.0.1": False,
    "0.0.0.0": False,
    "224.0.0.1": False,
    "255.255.255.255": False,
    "::1": False,
    "::": False,
    "::ffff:10.0.0.1": False,
    "::127.0.0.1": False,
    "64:ff9b::a00:1": False,
    "2002:7f00:1::": False,
    "fe80::1%eth0": False,
    "fec0::1": False,
    "fd00::1": False,
    "ff02::1": False,
    "nonsense": False,
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_which_addresses_are_public(address: str):
    assert is_public(address) is ADDRESSES[address]


@pytest.mark.parametrize("port, allowed", [(80, True), (443, True), (22, False), (25, False), (6379, False)])
def test_ports_of_web_sites_only(port: int, allowed: bool):
    assert public_only("8.8.8.8", port) is allowed


UNUSABLE = [
    "ftp://www.example.gov.cn/a",
    "file:///etc/passwd",
    "gopher://a.example/",
    "http://user:password@www.example.gov.cn/",
    "http://user@www.example.gov.cn/",
    "http:///a",
    "http://",
    "http://a.example:99999/",
    "http://[::1/",
    "http://a.example/\r\nHost: b",
    "http://a.example/" + "x" * 3000,
    "http://" + "a" * 80 + ".cn/",
]


@pytest.mark.parametrize("url", UNUSABLE, ids=range(len(UNUSABLE)))
def test_addresses_that_are_none_of_a_page(url: str):
    with pytest.raises(UnusableLink):
        fetch(url, anywhere)


def test_a_password_in_an_address_is_not_repeated(empty_library: Library):
    (refused,) = empty_library.add(["http://user:geheim@www.example.gov.cn/"])
    assert "geheim" not in f"{refused.reason} {refused.file}"


def test_each_redirect_is_checked_again(site: str):
    port = int(site.rsplit(":", 1)[1])
    checked: list[tuple[str, int]] = []

    def policy(address: str, asked_port: int) -> bool:
        checked.append((address, asked_port))
        return asked_port == port

    for onward in ("file:///etc/passwd", "http://user:pw@127.0.0.1/", "http://127.0.0.1:1/x", "//127.0.0.1:1/x"):
        with pytest.raises(UnusableLink):
            fetch(f"{site}/to/{onward}", policy)
    assert ("127.0.0.1", 1) in checked
    content, found_at = fetch(f"{site}/to//zwgk/t1.html", policy)
    assert content == PAGE
    assert found_at.endswith("/zwgk/t1.html")


def test_redirects_end(site: str):
    with pytest.raises(LinkFailed, match="跳转"):
        fetch(f"{site}/loop/", anywhere)


def test_a_name_is_resolved_once_and_the_connection_is_to_what_was_checked(site: str, monkeypatch):
    """A name that resolves to a public address when it is checked, and to this machine afterwards, gets nothing from here."""
    port = int(site.rsplit(":", 1)[1])
    answers = ["127.0.0.1"]
    asked: list[str] = []
    real = socket.getaddrinfo

    def resolve(host, *rest, **more):
        if host == "rebinding.example":
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answers[min(len(asked), len(answers)) - 1], port))]
        return real(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    content, _ = fetch(f"http://rebinding.example:{port}/a", lambda address, _: address == "127.0.0.1")
    assert content == PAGE
    assert asked == ["rebinding.example"]
    assert Site.last.asked[-1][1]["Host"] == f"rebinding.example:{port}"


def test_one_private_address_among_public_ones_is_enough(monkeypatch):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 80)) for one in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(UnusableLink):
        fetch("http://mixed.example/")


def test_size_and_time_are_limited(site: str, monkeypatch):
    monkeypatch.setattr(links, "LINK_BYTES", 1 << 20)
    with pytest.raises(LinkFailed, match="太大"):
        fetch(f"{site}/endless/", anywhere)
    monkeypatch.setattr(links, "LINK_SECONDS", 1)
    with pytest.raises(LinkFailed, match="太慢"):
        fetch(f"{site}/slow/", anywhere)


def dripping(raw: bytes, step: int, repeat: bytes = b"") -> tuple[str, threading.Event]:
    """A server that sends ``raw`` byte by byte and then ``repeat`` for ever; the event stops it."""
    server, stopped = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def serve() -> None:
        while not stopped.is_set():
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                connection.recv(1 << 16)
                for at in range(0, len(raw), step):
                    connection.sendall(raw[at : at + step])
                    if stopped.wait(0.05):
                        return
                while repeat and not stopped.wait(0.05):
                    connection.sendall(repeat)

    threading.Thread(target=serve, daemon=True).start()
    return f"http://127.0.0.1:{server.getsockname()[1]}/", stopped


DRIPPED = {
    "headers": (b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 10_000, 1, b""),
    "one informational answer after the other": (b"", 1, b"HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n"),
    "the lengths of pieces": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"0" * 10_000, 1, b""),
    "small pieces": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 99, b"1\r\nx\r\n"),
    "redirects, each slowly": (b"HTTP/1.1 302 Found\r\nLocation: /a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", 2, b""),
}


@pytest.mark.parametrize("what", DRIPPED)
def test_the_time_is_that_of_the_whole_transfer(monkeypatch, what: str):
    monkeypatch.setattr(links, "LINK_SECONDS", 1.0)
    url, stopped = dripping(*DRIPPED[what])
    began = time.monotonic()
    with pytest.raises(LinkFailed, match="网站太慢"):
        fetch(url, lambda *_: True)
    assert time.monotonic() - began < 3
    stopped.set()


def test_a_resolver_that_does_not_answer_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(links, "LINK_SECONDS", 0.5)
    monkeypatch.setattr(links.socket, "getaddrinfo", lambda *_, **__: time.sleep(20) or [])
    began = time.monotonic()
    with pytest.raises(LinkFailed, match="网站太慢"):
        fetch("http://www.example.gov.cn/", lambda *_: True)
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("path, said", [("status/404", "404"), ("status/500", "500"), ("packed/", "没有响应")])
def test_pages_that_fail(site: str, path: str, said: str):
    with pytest.raises(LinkFailed, match=said):
        fetch(f"{site}/{path}", anywhere)


def test_a_site_that_is_not_there():
    with pytest.raises(LinkFailed):
        fetch("http://127.0.0.1:9/", anywhere)


def test_no_credentials_and_no_cookies_are_sent(site: str):
    fetch(f"{site}/a", anywhere)
    assert not {"authorization", "cookie"} & {name.lower() for name in Site.last.asked[-1][1]}


def test_a_page_without_text(site: str):
    content, found_at = fetch(f"{site}/menu/", anywhere)
    with pytest.raises(NoArticle):
        read_file(content, found_at)


def test_a_report_behind_a_link_is_added_and_verified(site: str, empty_library: Library, monkeypatch):
    monkeypatch.setattr(links, "public_only", anywhere)
    (added,) = empty_library.add([f"{site}/zwgk/t1.html"])
    assert added.outcome == "added"
    report = empty_library.report(1)
    assert report.file == f"{site}/zwgk/t1.html"
    stored = empty_library.store.db.execute("select url, published from documents").fetchone()
    assert stored == (f"{site}/zwgk/t1.html", "2024-02-05")
    assert empty_library.verify() == []
    (refused,) = empty_library.add([f"{site}/status/404"])
    assert refused.outcome == "refused"
    assert "404" in (refused.reason or "")


def added_text(site: str, library: Library, name: str) -> tuple[str, list[str]]:
    """The text of an article behind a link, and the kinds of what is missing of it."""
    (added,) = library.add([f"{site}/parted/{name}"])
    assert added.outcome == "added", added.reason
    return library.text(1), [one.kind for one in library.removals(1) if one.kind == "more_pages"]


def test_the_further_pages_of_an_article_are_fetched(site: str, empty_library: Library, monkeypatch):
    monkeypatch.setattr(links, "public_only", anywhere)
    text, missing = added_text(site, empty_library, "1.html")
    assert text == f"{TITLE}\n一、2024年工作回顾。{LONG}全镇粮食产量3.2万吨。{LONG}\n二、2025年工作安排。新建公路12公里。"
    assert missing == []
    assert [path for path, _ in Site.last.asked] == ["/parted/1.html", "/parted/2.html", "/parted/3.html"]
    assert empty_library.verify() == []
    assert empty_library.rebuild() == 1
    assert empty_library.text(1) == text


@pytest.mark.parametrize("name", ["a.html", "b.html"])
def test_pages_that_are_gone_or_of_another_site_are_missing(site: str, empty_library: Library, monkeypatch, name: str):
    monkeypatch.setattr(links, "public_only", anywhere)
    text, missing = added_text(site, empty_library, name)
    assert text.endswith(LONG)
    assert missing == ["more_pages"]
    assert all(host.get("Host", "") in site for _, host in Site.last.asked)


def test_the_limits_of_links_are_those_of_files():
    assert limits.LINK_BYTES <= limits.FILE_BYTES
