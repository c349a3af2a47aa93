"""Fetching what a link leads to: only from the public internet, only so much, only for so long.

A name may resolve to another address each time it is asked for, so every connection, that of a redirect included, is made
to an address that was checked and not to a name. Proxies of the environment are not used: they would resolve by themselves.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

import httpcore

from retrieval.errors import LinkFailed, UnusableLink
from retrieval.messages import message
from retrieval.reading.limits import (
    LINK_BYTES,
    LINK_CHARACTERS,
    LINK_REDIRECTS,
    LINK_SECONDS,
    LINK_WAIT_SECONDS,
    NAME_CHARACTERS,
)
from retrieval.reading.names import without_user

AddressPolicy = Callable[[str, int], bool]
_PORTS = (80, 443, 8080, 8443)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_REDIRECTS = (301, 302, 303, 307, 308)
# Networks whose addresses stand for the one of the old kind that they end in (RFC 6052, RFC 8215).
_EMBEDDING = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
_HEADERS = (
    ("User-Agent", "Mozilla/5.0 (compatible; reportbot)"),
    ("Accept", "text/html,*/*;q=0.8"),
    ("Accept-Language", "zh-CN,zh"),
)


def public_only(address: str, port: int) -> bool:
    """Whether an IP address is one of the public internet, and the port one that web sites use."""
    return port in _PORTS and is_public(address)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, the addresses of the old kind inside new ones included."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:  # with a zone, fe80::1%eth0
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inside = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
        inside += [ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) for network in _EMBEDDING if ip in network]
        if any(old is not None and not is_public(str(old)) for old in inside):
            return False
        if ip.is_site_local or int(ip) >> 32 == 0:  # ::a.b.c.d, long out of use
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def fetch(url: str, allowed: AddressPolicy | None = None) -> tuple[bytes, str]:
    """What an address leads to, and the address it was found at in the end: the name of a web page.

    Raises UnusableLink or LinkFailed.
    """
    shown = without_user(url)[:NAME_CHARACTERS]
    ends = time.monotonic() + LINK_SECONDS  # of all of it: names, redirects, headers, pieces
    try:
        with httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(),
            network_backend=_CheckedBackend(allowed or public_only, shown, ends),
            max_connections=1,
        ) as pool:
            at = url
            for _ in range(LINK_REDIRECTS + 1):
                content, onward = _get(pool, _checked(at, shown), shown)
                if onward is None:
                    return content, at
                at = urljoin(at, onward)
    except httpcore.TimeoutException as error:
        raise LinkFailed(url=shown, reason=message("links.too_slow")) from error
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol, ssl.SSLError, OSError) as error:
        raise LinkFailed(url=shown, reason=message("links.no_answer")) from error
    raise LinkFailed(url=shown, reason=message("links.redirects"))


def _checked(url: str, shown: str) -> SplitResult:
    """The parts of an address. Raises UnusableLink for what is none of a public page, by its looks."""
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode() if not _is_address(parts.hostname) else parts.hostname
    except (ValueError, UnicodeError) as error:
        raise UnusableLink(url=shown, reason=message("links.malformed")) from error
    if parts.scheme.lower() not in _DEFAULT_PORTS:
        raise UnusableLink(url=shown, reason=message("links.scheme"))
    if parts.username is not None or parts.password is not None:
        raise UnusableLink(url=shown, reason=message("links.credentials"))
    if not host or len(url) > LINK_CHARACTERS or any(ord(char) <= 32 or ord(char) == 127 for char in url):
        raise UnusableLink(url=shown, reason=message("links.malformed"))
    named = f"[{host}]" if ":" in host else host
    return parts._replace(scheme=parts.scheme.lower(), netloc=named if port is None else f"{named}:{port}", fragment="")


def _is_address(host: str | None) -> bool:
    try:
        ipaddress.ip_address(host or "")
    except ValueError:
        return False
    return True


def _get(pool: httpcore.ConnectionPool, parts: SplitResult, shown: str) -> tuple[bytes, str | None]:
    """One request: the content, or where it leads on to."""
    target = urlunsplit(parts._replace(path=_quoted(parts.path or "/"), query=_quoted(parts.query)))
    timeout = dict.fromkeys(("connect", "read", "write", "pool"), LINK_WAIT_SECONDS)
    headers = [*_HEADERS, ("Host", parts.netloc), ("Accept-Encoding", "identity"), ("Connection", "close")]
    with pool.stream("GET", target, headers=headers, extensions={"timeout": timeout}) as response:
        told = {name.lower(): value for name, value in response.headers}
        if response.status in _REDIRECTS and b"location" in told:
            return b"", told[b"location"].decode("utf-8", errors="replace")
        if response.status != 200:
            raise LinkFailed(url=shown, reason=message("links.status", status=response.status))
        if told.get(b"content-encoding", b"identity").lower() not in (b"identity", b""):
            raise LinkFailed(url=shown, reason=message("links.no_answer"))
        return _received(response.iter_stream(), shown), None


def _received(pieces: Iterable[bytes], shown: str) -> bytes:
    held = bytearray()
    for piece in pieces:
        held += piece
        if len(held) > LINK_BYTES:
            raise LinkFailed(url=shown, reason=message("links.too_large", limit=LINK_BYTES >> 20))
    return bytes(held)


def _quoted(text: str) -> str:
    """Characters beyond ASCII as a browser sends them; what is escaped already stays."""
    return quote(text, safe="/%:=&?~#+!$,;'@()*[]-._")


class _CheckedBackend(httpcore.SyncBackend):
    """Connects to addresses that were checked; the name stays what the certificate must be for. All of it ``ends`` in time."""

    def __init__(self, allowed: AddressPolicy, shown: str, ends: float) -> None:
        super().__init__()
        self._allowed = allowed
        self._shown = shown
        self._ends = ends

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        try:
            found = self._found(host, port)
        except (OSError, UnicodeError) as error:
            raise LinkFailed(url=self._shown, reason=message("links.unknown_host")) from error
        addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
        if not addresses or not all(self._allowed(address, port) for address in addresses):
            key = "port" if addresses and all(is_public(address) for address in addresses) else "private"
            raise UnusableLink(url=self._shown, reason=message(f"links.{key}"))
        failure: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in addresses[:3]:
            try:
                left = _left(timeout, self._ends, httpcore.ConnectTimeout)
                return _EndingStream(super().connect_tcp(address, port, left, local_address, socket_options), self._ends)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        assert failure is not None
        raise failure

    def connect_unix_socket(self, *args: Any, **options: Any) -> httpcore.NetworkStream:
        raise UnusableLink(url=self._shown, reason=message("links.private"))

    def _found(self, host: str, port: int) -> list[Any]:
        """What a name resolves to, in a thread of its own: the system's resolver knows no deadline of ours. Raises OSError."""
        found: list[Any] = []
        failures: list[Exception] = []

        def resolve() -> None:
            try:
                found.extend(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
            except (OSError, UnicodeError) as error:
                failures.append(error)

        resolving = threading.Thread(target=resolve, daemon=True)
        resolving.start()
        resolving.join(_left(LINK_WAIT_SECONDS, self._ends, httpcore.ConnectTimeout))
        if resolving.is_alive():
            raise httpcore.ConnectTimeout
        if failures:
            raise failures[0]
        return found


class _EndingStream(httpcore.NetworkStream):
    """A connection of which no read and no write outlasts the end of the whole transfer, however often it is called."""

    def __init__(self, stream: httpcore.NetworkStream, ends: float) -> None:
        self._stream = stream
        self._ends = ends

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout, self._ends, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout, self._ends, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _left(timeout, self._ends, httpcore.ConnectTimeout)
        return _EndingStream(self._stream.start_tls(ssl_context, server_hostname, left), self._ends)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(timeout: float | None, ends: float, late: type[httpcore.TimeoutException]) -> float:
    """What may be waited now. Raises ``late`` where nothing is left."""
    left = ends - time.monotonic()
    if left <= 0:
        raise late
    return left if timeout is None else min(timeout, left)
