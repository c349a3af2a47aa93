"""The questions that were asked in vain, by what they are about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.conversation.statistics import Told
from retrieval.answers.answerer import Answerer
from retrieval.errors import ReportBotError
from retrieval.messages import message

_LONGEST = 12  # characters of a theme


@dataclass(frozen=True)
class Theme:
    """Questions about one thing, the most asked first."""

    name: str
    questions: tuple[Told, ...]

    @property
    def count(self) -> int:
        return sum(one.count for one in self.questions)


def by_theme(answerer: Answerer, questions: Sequence[Told]) -> list[Theme]:
    """``questions`` by the thing that they ask for, or as those of places that are not held; the most asked theme first."""
    themes: dict[str, list[Told]] = {}
    for one in questions:
        themes.setdefault(_theme_of(answerer, one.text), []).append(one)
    found = [Theme(name, tuple(told)) for name, told in themes.items()]
    return sorted(found, key=lambda theme: -theme.count)


def _theme_of(answerer: Answerer, text: str) -> str:
    try:
        query = answerer.read([text])
    except ReportBotError:
        return message("telegram.theme_other")
    if query.scope.named and query.scope.reach is None:
        return message("telegram.theme_not_held")
    names = [part.indicators[0].name if part.indicators else "".join(part.topic) for part in query.parts]
    return next((name[:_LONGEST] for name in names if name), message("telegram.theme_other"))
