"""Updates that the library can't read: skipped with a line in the log, where they would be fetched again for ever.

A self-hosted Bot API server of an older version sends objects without fields that this version of the library requires.
It reads updates in ``Update.de_json``, for polling (all of a request fail with one) and for the webhook (which refuses the
update, so that Telegram sends it again) alike.
"""

from __future__ import annotations

import logging
from typing import Any

from telegram import Bot, Update

_log = logging.getLogger(__name__)
_read = Update.de_json


def skip_unreadable_updates() -> None:
    """From now on an update that can't be read is one that says nothing, and is confirmed like any other."""
    Update.de_json = _read_or_skip  # type: ignore[method-assign, assignment]


def _read_or_skip(data: dict[str, Any], bot: Bot | None = None) -> Update:
    try:
        return _read(data, bot)
    except Exception as error:
        update_id = data.get("update_id")
        if not isinstance(update_id, int):
            raise
        kinds = ", ".join(sorted(data.keys() - {"update_id"}))
        _log.warning("update %d (%s) can't be read and is skipped: %r", update_id, kinds, error)
        return Update(update_id)
