"""What time Telegram has: the clock of this machine may be wrong, and messages are dated by Telegram's."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

_log = logging.getLogger(__name__)
_WRONG_SECONDS = 120.0


class Clock:
    """Learns from the answers to requests how wrong the machine's clock is; :meth:`now` is right all the same."""

    def __init__(self) -> None:
        self.ahead = 0.0  # seconds that this machine is before Telegram

    def now(self) -> datetime:
        return datetime.fromtimestamp(datetime.now(UTC).timestamp() - self.ahead, UTC)

    @property
    def is_wrong(self) -> bool:
        return abs(self.ahead) > _WRONG_SECONDS

    async def look_at(self, response: Any) -> None:
        """Takes the time of an answer over HTTP, which it names to the second; to be called with each."""
        try:
            said = parsedate_to_datetime(response.headers.get("date", ""))
        except (TypeError, ValueError):
            return
        if said.tzinfo is None:
            return
        was_wrong = self.is_wrong
        self.ahead = (datetime.now(UTC) - said).total_seconds()
        if self.is_wrong and not was_wrong:
            _log.error("the clock of this machine is wrong by %d seconds; messages are judged by Telegram's", self.ahead)
