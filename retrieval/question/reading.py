"""Reading a question: the turns of a conversation, each with what it takes from the one before, and the last as a Query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.errors import EmptyQuestion
from retrieval.language.patterns import pattern
from retrieval.models import Report
from retrieval.ports import LibraryView
from retrieval.question.asks import Ask
from retrieval.question.ellipsis import is_bare
from retrieval.question.fillers import without_fillers
from retrieval.question.parsing import Question, merge, normalise, parse
from retrieval.question.parts import names_nothing, part_of
from retrieval.question.query import Course, Intent, Part, Query
from retrieval.question.scope import PlaceNames, Scope

_EXCEPT = pattern("questions.put_to.except")
_BOTH = pattern("questions.put_to.both")


@dataclass(frozen=True)
class Turn:
    """What a turn of a conversation came to be understood as, what it inherits included.

    ``earlier`` is the scope of the turn before, where this one moved on to another place; ``without`` are reports that it
    leaves out (除西藏外).
    """

    question: Question
    scope: Scope
    text: str
    assumed_place: str | None = None
    earlier: Scope | None = None
    without: tuple[Report, ...] = ()


class QuestionReader:
    """Reads the turns of conversations over one library."""

    def __init__(self, library: LibraryView) -> None:
        self._library = library
        self._names: tuple[int, PlaceNames] | None = None

    def read(self, turns: Sequence[str], default_place: str | None = None) -> Query:
        """The last of ``turns``, with what it takes from those before. Raises EmptyQuestion or QuestionTooLong for it."""
        return _query(self._last(turns, default_place))

    def _last(self, turns: Sequence[str], default_place: str | None) -> Turn:
        turn: Turn | None = None
        for text in turns[:-1]:
            try:
                said = self._understand(text, turn, default_place)
            except EmptyQuestion:
                continue
            turn = turn if said.question.chat or said.question.about_library else said
        return self._understand(turns[-1], turn, default_place)

    def places(self) -> PlaceNames:
        """The names of the places of the library, as it is now."""
        generation = self._library.generation
        if self._names is None or self._names[0] != generation:
            self._names = (generation, PlaceNames(self._library.reports()))
        return self._names[1]

    def _understand(self, text: str, before: Turn | None, default_place: str | None = None) -> Turn:
        """A turn with what it inherits of the one before: place, year, indicator."""
        assumed: str | None = None
        plain, without = self._exception(without_fillers(normalise(text)))
        own = self.places().own_place(plain, default_place)
        scope = own or self.places().resolve(plain)
        if own and own.reports and default_place:
            assumed = own.places[0]
        if before and before.earlier and not scope.named and _BOTH.search(plain):
            scope = replace(before.scope.with_places_of(before.earlier), rest=scope.rest)
        question = parse(scope.rest, self._places_asked(scope, before))
        if not scope.named:
            scope, question = self._about_speaker(plain, scope, question)
        if before is not None and not question.chat and not question.about_library:
            follows = not scope.named or all(ask.empty or is_bare(ask) for ask in question.asks)
            moved = scope.named
            if not scope.named and not question.everywhere:
                scope, assumed = replace(before.scope, rest=scope.rest), before.assumed_place
            if follows:
                question = merge(before.question, question, moved=moved)
        if default_place and not (scope.named or question.chat or question.everywhere or question.about_library):
            scope, assumed = replace(self.places().resolve(normalise(default_place)), rest=scope.rest), default_place
        earlier = before.scope if before is not None and scope.named and before.scope.named else None
        return Turn(question, scope, plain, assumed, earlier, without)

    def _exception(self, plain: str) -> tuple[str, tuple[Report, ...]]:
        """A question without the places that it leaves out, and their reports."""
        match = _EXCEPT.search(plain)
        found = self.places().resolve(match.group(1)) if match else None
        if match is None or found is None or not found.reports:
            return plain, ()
        return f"{plain[: match.start()]}{plain[match.end() :]}", found.reports

    @staticmethod
    def _places_asked(scope: Scope, before: Turn | None) -> int:
        """How many places a question is put to, by their names or going on from the one before; 0 where by none."""
        if scope.named or before is None:
            return len(scope.places)
        return len(before.scope.places) or (2 if before.question.everywhere else 0)

    def _about_speaker(self, plain: str, scope: Scope, question: Question) -> tuple[Scope, Question]:
        """A question about somebody who gave a report is about that report: 何才是哪个镇的镇长."""
        reports = tuple(r for r in self._library.reports() if r.speaker and len(r.speaker) > 1 and r.speaker in plain)
        if not reports:
            return scope, question
        places = tuple(dict.fromkeys(report.place or "" for report in reports))
        without_name = parse(scope.rest.replace(reports[0].speaker or "", " "))
        if not any(ask.kind == "fact" for ask in without_name.asks):
            without_name = replace(question, asks=(Ask(plain, "fact", fact="speaker"),), everywhere=False)
        return replace(scope, named=True, reports=reports, places=places), without_name


def _query(turn: Turn) -> Query:
    """A turn read to the end."""
    question = turn.question
    course, held = question.course if question.course and question.course.whole else None, question.about_library
    parts = tuple(part_of(ask) for ask in question.asks)
    if all(names_nothing(ask) for ask in question.asks):
        parts = tuple(replace(part, intent=Intent.NOTHING) for part in parts)
    return Query(
        turn.text,
        _intent(question, parts),
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
    )


def _intent(question: Question, parts: Sequence[Part]) -> Intent:
    if question.chat:
        return Intent.TALK
    if question.about_library:
        return Intent.HOLDINGS
    first = parts[0].intent if parts else Intent.NOTHING
    if question.course and question.course.whole and first is not Intent.MENTION:
        return Intent.MET if question.course.kind == "met" else Intent.TREND
    return first
