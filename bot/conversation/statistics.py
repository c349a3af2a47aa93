"""What administrators are told of the questions: how many, how fast, which in vain, which answers were disliked."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from bot.conversation.memory import DOWN

_WEEK = 7 * 86400
_LISTED, _IN_VAIN = 15, 60


@dataclass(frozen=True)
class Told:
    """A question that is told to administrators: how often it was asked in vain, or disliked; never by whom. ``id`` is the last of them."""

    text: str
    count: int
    id: int


@dataclass(frozen=True)
class Figures:
    """``median_seconds`` is None on a day without questions."""

    questions_today: int
    median_seconds: float | None
    unanswered: tuple[Told, ...]
    disliked: tuple[Told, ...]


class Statistics:
    def __init__(self, db: Database) -> None:
        self._db = db

    def figures(self) -> Figures:
        midnight = datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
        seconds = [row[0] for row in self._db.execute("select seconds from questions where asked_at >= ?", [midnight])]
        return Figures(
            len(seconds),
            statistics.median(seconds) if seconds else None,
            self.in_vain(),
            self._told(
                "join votes v on v.question_id = q.id where v.value = ? and q.asked_at >= ?", [DOWN, time.time() - _WEEK], _LISTED
            ),
        )

    def in_vain(self) -> tuple[Told, ...]:
        """The questions of a week that no report answers, the most asked first."""
        return self._told("where q.status in ('not_found', 'related') and q.asked_at >= ?", [time.time() - _WEEK], _IN_VAIN)

    def _told(self, condition: str, values: list[float], most: int) -> tuple[Told, ...]:
        rows = self._db.execute(
            f"select q.text, count(*), max(q.id) from questions q {condition} group by q.text"
            " order by 2 desc, max(q.asked_at) desc limit ?",
            [*values, most],
        )
        return tuple(Told(*row) for row in rows)
