"""Where the pages are: their addresses, from this server's root and from outside."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import quote, urlencode, urlsplit

_LOCAL = ("localhost",)


@dataclass(frozen=True)
class Site:
    """The public address, without a slash at its end; empty where it is not known. ``listens`` is the host listened on."""

    url: str = ""
    listens: str = "127.0.0.1"

    @property
    def prefix(self) -> str:
        """The path that all addresses begin with."""
        return urlsplit(self.url).path

    def path(self, path: str, query: list[tuple[str, str]] | None = None) -> str:
        """An address on this server; ``path`` is quoted."""
        asked = urlencode(query or [])
        return f"{self.prefix}{quote(path)}{'?' if asked else ''}{asked}"

    def is_host(self, header: str) -> bool:
        """Whether a request's ``Host`` is this server: no name that somebody else's page had point here."""
        try:
            host = urlsplit(f"//{header}").hostname or ""
        except ValueError:
            return False
        if host in (*_LOCAL, urlsplit(self.url).hostname, self.listens):
            return True
        try:
            ip_address(host)
        except ValueError:
            return False
        return True


def site_of(web_url: str | None, listens: str) -> Site:
    return Site((web_url or "").rstrip("/"), listens)
