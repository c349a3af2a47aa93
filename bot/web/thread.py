"""A conversation as a token: it holds the turns itself, so that the server remembers nobody and any of its processes can go on."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Sequence

from retrieval.errors import ReportBotError

_MOST_TURNS = 20
_LONGEST_TOKEN, _LONGEST_TEXT = 8192, 65_536


class UnknownConversation(ReportBotError):
    """A token is none that was given out."""


def token_of(turns: Sequence[str]) -> str:
    """The token of a conversation with these turns, the first of which go where it would be too long."""
    kept = list(turns[-_MOST_TURNS:])
    while True:
        packed = zlib.compress(json.dumps(kept, ensure_ascii=False).encode(errors="replace"), 9)
        token = base64.urlsafe_b64encode(packed).decode().rstrip("=")
        if len(token) <= _LONGEST_TOKEN or not kept:
            return token
        del kept[0]


def turns_in(token: str) -> list[str]:
    """The turns that a token holds. Raises UnknownConversation."""
    if not token:
        return []
    try:
        if len(token) > _LONGEST_TOKEN:
            raise UnknownConversation()
        packed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        opened = zlib.decompressobj()
        turns = json.loads(opened.decompress(packed, _LONGEST_TEXT))
        if opened.unconsumed_tail or not opened.eof:
            raise UnknownConversation()
    except (ValueError, binascii.Error, zlib.error, RecursionError):
        raise UnknownConversation() from None
    if not isinstance(turns, list) or len(turns) > _MOST_TURNS or not all(isinstance(one, str) for one in turns):
        raise UnknownConversation()
    return turns
