"""By what an e-mail or a web archive is known: the lines that it begins with."""

from __future__ import annotations

import re

_HEADERS = re.compile(rb"(?:[A-Za-z][A-Za-z-]{1,40}:[^\n]{0,2000}\n(?:[ \t][^\n]{0,2000}\n){0,40}){2,}")
_TELLING = re.compile(rb"^(?:mime-version|content-type|subject|received|return-path|message-id|date|from):", re.I | re.M)


def is_mail(content: bytes) -> bool:
    """Whether bytes begin as an e-mail or a web archive does."""
    head = _HEADERS.match(content[:20_000].lstrip(b"\xef\xbb\xbf\r\n ").replace(b"\r\n", b"\n"))
    return head is not None and len({found.lower() for found in _TELLING.findall(head.group())}) >= 2
