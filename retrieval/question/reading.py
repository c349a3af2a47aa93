"""Reading a question: the turns of a conversation, each with what it takes from the one before, and the last as a Query."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.errors import EmptyQuestion
from retrieval.language.folding import HAN
from retrieval.language.indicators import named
from retrieval.language.patterns import pattern
from retrieval.language.values import Value
from retrieval.models import Report
from retrieval.ports import LibraryView
from retrieval.question.asks import Ask, as_figure
from retrieval.question.checks import read_claim
from retrieval.question.fillers import without_fillers
from retrieval.question.following import lacks_subject, merge, without_years
from retrieval.question.parsing import Question, normalise, parse
from retrieval.question.parts import names_nothing, part_of
from retrieval.question.query import NO_TIME, Against, Course, Intent, Part, Query, Reference, Talk, When
from retrieval.question.references import asks_who_is_more, moved_in_time, put_right, read_reference, sets_beside, years_away
from retrieval.question.scope import PlaceNames, Scope
from retrieval.question.talk import read_talk
from retrieval.question.times import read_when

_EXCEPT = pattern("questions.put_to.except")
_BOTH = pattern("questions.put_to.both")
_CHINESE, _ENGLISH = re.compile(rf"[{HAN}]"), re.compile(r"[A-Za-z]{2}")
_NOWHERE = Scope((), (), False)


@dataclass(frozen=True)
class Turn:
    """What a turn of a conversation came to be understood as, what it inherits included.

    ``earlier`` is the scope of the turn before, where this one moved on to another place; ``without`` are reports that it
    leaves out (除西藏外). ``taken_time`` is what it took from the turn before.
    """

    question: Question
    scope: Scope
    text: str
    assumed_place: str | None = None
    earlier: Scope | None = None
    without: tuple[Report, ...] = ()
    talk: Talk | None = None
    taken_time: When = NO_TIME
    claimed: Value | None = None
    other: Ask | None = None
    reference: Reference | None = None

    @property
    def failed(self) -> bool:
        """Whether it named places of which no report is held."""
        return self.scope.named and not self.scope.reports

    @property
    def can_be_followed(self) -> bool:
        """Whether the turn after may lean on it: it asks for something, and not of the library itself."""
        nothing = not self.scope.named and all(names_nothing(ask) for ask in self.question.asks)
        return not (self.talk or self.question.about_library or nothing)


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
            turn = said if said.can_be_followed else turn
        last = self._understand(turns[-1], turn, default_place)
        return turn if turn is not None and last.talk is Talk.AGAIN else last

    def places(self) -> PlaceNames:
        """The names of the places of the library, as it is now."""
        generation = self._library.generation
        if self._names is None or self._names[0] != generation:
            self._names = (generation, PlaceNames(self._library.reports()))
        return self._names[1]

    def _understand(self, text: str, before: Turn | None, default_place: str | None = None) -> Turn:
        """A turn with what it inherits of the one before: place, year, indicator, each where it names none."""
        written = normalise(text)
        if before is not None and (turn := self._referring(without_fillers(written), before)) is not None:
            return turn
        said = read_talk(written, self._names_something)
        if said.talk is not None:
            return Turn(Question(said.rest, (), False, None), _NOWHERE, said.rest, talk=said.talk)
        claimed, words = read_claim(without_fillers(said.rest))
        plain, without = self._exception(put_right(words) if before else words)
        turn = self._by_itself(plain, before, default_place)
        if before is not None and not turn.question.about_library:
            turn = self._following(turn, before)
        if default_place and not (turn.scope.named or turn.question.everywhere or turn.question.about_library):
            home = self.places().resolve(normalise(default_place))
            turn = replace(turn, scope=replace(home, rest=turn.scope.rest), assumed_place=default_place)
        earlier = before.scope if before is not None and turn.scope.named and before.scope.named else None
        return _of_figures(replace(turn, earlier=earlier, without=without, claimed=claimed), before)

    def _by_itself(self, plain: str, before: Turn | None, default_place: str | None) -> Turn:
        """What a turn says; of the one before only the places that it names with its own (两个都, 和它比)."""
        own = self.places().own_place(plain, default_place)
        scope = own or self.places().resolve(plain)
        if before and before.earlier and not scope.named and (_BOTH.search(plain) or asks_who_is_more(plain)):
            scope = replace(before.scope.with_places_of(before.earlier), rest=scope.rest)
        if before and scope.named and sets_beside(scope.rest):
            scope = replace(scope.with_places_of(before.scope), rest="")
        question = parse(scope.rest, self._places_asked(scope, before))
        if not scope.named:
            scope, question = self._about_speaker(plain, scope, question)
        return Turn(question, scope, plain, own.places[0] if own and own.reports and default_place else None)

    def _following(self, turn: Turn, before: Turn) -> Turn:
        """``turn`` with the places, the time and the subject of the turn before, as far as it names none."""
        scope, question = turn.scope, turn.question
        lacks_place = not (scope.named or question.everywhere)
        if lacks_place and not before.failed:
            turn = replace(turn, scope=replace(before.scope, rest=scope.rest), assumed_place=before.assumed_place)
        if not (lacks_place or lacks_subject(question)):
            return turn
        said_time = question.time
        if question.overview is not None and not question.overview.by_words and before.question.overview is None:
            bare = tuple(replace(ask, topic=(), head=()) for ask in question.asks)  # 上海怎么样, 上海怎么说的
            question = replace(question, overview=None, asks=bare)
        question = merge(self._without_unknown_years(before), question, moved=turn.scope.named and not lacks_place)
        return replace(turn, question=question, taken_time=NO_TIME if said_time.said else question.time)

    def _referring(self, plain: str, before: Turn) -> Turn | None:
        """The turn before again, where this one asks for more of its answer, or for the same of another year; None where it asks itself."""
        reference = read_reference(plain)
        if reference is not None:
            return replace(before, reference=reference)
        years = years_away(plain)
        if not years:
            return None
        kinds = {ask.aim for ask in before.question.asks}
        covered = [report.plan_year if kinds == {"target"} else report.review_year for report in before.scope.reports]
        latest = max((year for year in covered if year is not None), default=None)
        return replace(before, question=moved_in_time(before.question, years, latest), reference=None)

    def _names_something(self, text: str) -> bool:
        """Whether ``text`` names a place, a time or an indicator: what a report may tell of."""
        return bool(self.places().resolve(text).named or named(text, question=True) or read_when(text)[0].said or "报告" in text)

    def _without_unknown_years(self, before: Turn) -> Question:
        """The question of the turn before, without years that no report of its places covers: those were not answered."""
        reports = before.scope.reports or self._library.reports()
        covered = {year for report in reports for year in (report.review_year, report.plan_year)}
        years = before.question.years
        return without_years(before.question) if years and covered.isdisjoint(years) else before.question

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


def _of_figures(turn: Turn, before: Turn | None) -> Turn:
    """``turn`` as one for figures, where a value is to be checked or another side is set against what it asks."""
    side = turn.question.other_side if turn.question.asks else None
    if turn.claimed is None and side is None:
        return turn
    asks = tuple(as_figure(ask) for ask in turn.question.asks)
    answered = before.question.asks[0] if before is not None and before.question.asks else None
    return replace(turn, question=replace(turn.question, asks=asks), other=side.of(asks[0], answered) if side else None)


def _query(turn: Turn) -> Query:
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
        english=_ENGLISH.search(turn.text) is not None and _CHINESE.search(turn.text) is None,
        taken_time=turn.taken_time,
    )


def _intent(turn: Turn, parts: Sequence[Part]) -> Intent:
    question = turn.question
    if turn.talk:
        return Intent.TALK
    if question.about_library:
        return Intent.HOLDINGS
    facts = any(ask.fact for ask in question.asks)
    if question.overview and not (question.everywhere or facts) and (turn.scope.reports or question.overview.by_words):
        return Intent.OVERVIEW
    first = parts[0].intent if parts else Intent.NOTHING
    if turn.other is not None:
        return Intent.DIFFERENCE
    if turn.claimed is not None and len(parts) == 1 and first in (Intent.FIGURE, Intent.RANK, Intent.AMOUNT):
        return Intent.CLAIM
    if question.course and question.course.whole and first is not Intent.MENTION:
        return Intent.MET if question.course.kind == "met" else Intent.TREND
    return first
