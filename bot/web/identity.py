"""Who asks: whoever has the password or key, or whom Telegram says that they are when they open the Mini App.

Telegram signs what a Mini App is started with: https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from urllib.parse import parse_qsl

from retrieval.errors import ReportBotError

_KEPT_SECONDS = 86_400  # for which a start is good; rights are looked at with every request
_AHEAD_SECONDS = 300  # by which a clock may be wrong
_LONGEST = 4096


class ForgedStart(ReportBotError):
    """What a Mini App was started with is not signed by Telegram for this bot."""


class ExpiredStart(ReportBotError):
    """A Mini App was started too long ago."""


@dataclass(frozen=True)
class TelegramUser:
    """Somebody as Telegram knows them; ``language`` is the one of their client."""

    id: int
    language: str


def started_by(init_data: str, token: str, now: float | None = None) -> TelegramUser:
    """Who started a Mini App. Raises ForgedStart or ExpiredStart."""
    try:
        fields = dict(parse_qsl(init_data[:_LONGEST], keep_blank_values=True, strict_parsing=True, max_num_fields=30))
        signed = fields.pop("hash", "")
        checked = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
        secret = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
        wanted = hmac.new(secret, checked.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(signed.encode(), wanted.encode()):
            raise ForgedStart()
        began, user = int(fields["auth_date"]), json.loads(fields["user"])
        who = TelegramUser(int(user["id"]), str(user.get("language_code") or ""))
    except (ValueError, KeyError, TypeError):
        raise ForgedStart() from None
    age = (time.time() if now is None else now) - began
    if not -_AHEAD_SECONDS <= age <= _KEPT_SECONDS:
        raise ExpiredStart()
    return who


def holds_key(authorization: str, key: str) -> bool:
    """Whether an ``Authorization`` carries the key: as the password of whatever name, or as a bearer's token."""
    scheme, _, given = authorization.partition(" ")
    if scheme.lower() == "basic":
        try:
            given = base64.b64decode(given.strip(), validate=True).decode(errors="replace").partition(":")[2]
        except (binascii.Error, ValueError):
            return False
    elif scheme.lower() != "bearer":
        return False
    # Digests: the time that comparing takes tells nothing of the key, its length included.
    one, other = (hashlib.sha256(text.strip().encode()).digest() for text in (given, key))
    return hmac.compare_digest(one, other)
