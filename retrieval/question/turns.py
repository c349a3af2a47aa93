"""A turn of a conversation as it was understood, and the Query that it comes to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.language.values import Value
from retrieval.question.asks import Ask
from retrieval.question.parsing import Question
from retrieval.question.parts import names_nothing, part_of
from retrieval.question.query import NO_TIME, Against, Course, Intent, Part, Query, Reference, Talk, When
from retrieval.question.scope import Scope
from retrieval.reach import Place

_LATIN = re.compile(r"[A-Za-z][A-Za-z'’-]{2,}")


@dataclass(frozen=True)
class Turn:
    """What a turn of a conversation came to be understood as, what it inherits included.

    ``places`` are those that the conversation went through, the latest last; ``beside`` is the same asked before of another
    time or kind. ``without`` are places that it leaves out (除西藏外). ``taken_time`` is what it took from the turn before.
    """

    question: Question
    scope: Scope
    text: str
    assumed_place: str | None = None
    places: tuple[Scope, ...] = ()
    beside: Ask | None = None
    without: tuple[Place, ...] = ()
    talk: Talk | None = None
    taken_time: When = NO_TIME
    claimed: Value | None = None
    other: Ask | None = None
    reference: Reference | None = None
    english: bool = False

    @property
    def failed(self) -> bool:
        """Whether it named places of which no report is held."""
        return self.scope.named and self.scope.reach is None

    @property
    def can_be_followed(self) -> bool:
        """Whether the turn after may lean on it: it asks for something, and not of the library itself."""
        overview = self.question.overview
        nothing = not (self.scope.named or (overview and overview.by_words)) and all(map(names_nothing, self.question.asks))
        return not (self.talk or self.question.about_library or nothing)


def finished(turn: Turn) -> Query:
    """A turn read to the end."""
    question = turn.question
    course, held = question.course if question.course and question.course.whole else None, question.about_library
    parts = tuple(part_of(ask) for ask in question.asks)
    if all(names_nothing(ask) for ask in question.asks):
        parts = tuple(replace(part, intent=Intent.NOTHING) for part in parts)
    return Query(
        turn.text,
        _intent(turn, parts),
        parts,
        turn.scope,
        years=held.years if held else question.years,
        relative=question.relative,
        everywhere=question.everywhere,
        level=question.level,
        selection=question.selection,
        course=Course(
            tuple(part_of(ask) for ask in course.asks),
            course.years,
            course.selection,
            course.together,
            course.against,
            course.changed,
        )
        if course
        else None,
        day=held.day if held else None,
        without=turn.without,
        assumed_place=turn.assumed_place,
        talk=turn.talk,
        overview=question.overview,
        claimed=turn.claimed,
        against=Against(part_of(turn.other), question.other_side.direction, question.other_side.checks)
        if turn.other and question.other_side
        else None,
        reference=turn.reference,
        english=turn.english,
        untranslated=_untranslated(turn),
        taken_time=turn.taken_time,
    )


def _untranslated(turn: Turn) -> tuple[str, ...]:
    """The words of an English question that it is for, and that were not put in Chinese."""
    if not turn.english:
        return ()
    asked = [word for ask in turn.question.asks for word in (*ask.topic, *(term for theme in ask.themes for term in theme.terms))]
    left = [word for word in _LATIN.findall(turn.text) if any(word.lower() in one.lower() for one in asked)]
    return tuple(dict.fromkeys(left))


def _intent(turn: Turn, parts: Sequence[Part]) -> Intent:
    question = turn.question
    if turn.talk:
        return Intent.TALK
    if question.about_library:
        return Intent.HOLDINGS
    facts = any(ask.fact for ask in question.asks)
    overview = question.overview
    if overview and not (question.everywhere or facts) and (turn.scope.reach or overview.by_words or overview.changes):
        return Intent.OVERVIEW
    first = parts[0].intent if parts else Intent.NOTHING
    if turn.other is not None:
        return Intent.DIFFERENCE
    if turn.claimed is not None and len(parts) == 1 and first in (Intent.FIGURE, Intent.RANK, Intent.AMOUNT):
        return Intent.CLAIM
    if question.course and question.course.whole and first is not Intent.MENTION:
        return Intent.MET if question.course.kind == "met" else Intent.TREND
    return first
