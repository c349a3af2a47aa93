"""Reading a question: the turns of a conversation, each with what it takes from the one before, and the last as a Query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from retrieval.errors import EmptyQuestion
from retrieval.language.indicators import named
from retrieval.language.patterns import pattern
from retrieval.models import Report
from retrieval.ports import LibraryView
from retrieval.question.asks import Ask, as_figure
from retrieval.question.beside import asked_together, beside_places, gone_through, of_places_before, of_times_before
from retrieval.question.checks import claims_in, read_claim, with_what_is_checked
from retrieval.question.english import in_chinese, is_english
from retrieval.question.fillers import without_fillers
from retrieval.question.following import beside_overview, lacks_subject, merge, of_years_before, without_years
from retrieval.question.parsing import Question, normalise, parse
from retrieval.question.query import NO_TIME, Intent, Query, Reference, Talk
from retrieval.question.references import moved_in_time, put_right, read_reference, without_pointing, years_away
from retrieval.question.scope import PlaceNames, Scope
from retrieval.question.talk import read_talk
from retrieval.question.times import read_when
from retrieval.question.turns import Turn, finished
from retrieval.reach import ALL, Place, Reach

_EXCEPT = pattern("questions.put_to.except")
_NOWHERE = Scope((), None, False)


class QuestionReader:
    """Reads the turns of conversations over one library."""

    def __init__(self, library: LibraryView) -> None:
        self._library = library
        self._names = PlaceNames(library)

    def read(self, turns: Sequence[str], default_place: str | None = None) -> Query:
        """The last of ``turns``, with what it takes from those before. Raises EmptyQuestion or QuestionTooLong for it."""
        turns = with_what_is_checked(turns)
        claims = claims_in(normalise(turns[-1]))
        told = [finished(self._last([*turns[:-1], *claims[:n], claim], default_place)) for n, claim in enumerate(claims)]
        if told and told[0].intent is Intent.CLAIM:
            return replace(told[0], also=tuple(told[1:]))
        return finished(self._last(turns, default_place))

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
        return self._names.current()

    def _understand(self, text: str, before: Turn | None, default_place: str | None = None) -> Turn:
        """A turn with what it inherits of the one before: place, year, indicator, each where it names none."""
        written = normalise(text)
        said = read_talk(written, self._names_something)
        if said.talk is None and is_english(written):
            turn = self._in_chinese(in_chinese(said.rest), before, default_place)
            return replace(turn, english=True)
        return replace(self._in_chinese(written, before, default_place), english=is_english(written))

    def _in_chinese(self, written: str, before: Turn | None, default_place: str | None) -> Turn:
        if before is not None and (turn := self._referring(without_fillers(written), before)) is not None:
            return turn
        said = read_talk(written, self._names_something)
        if said.talk is not None:
            return Turn(Question(said.rest, (), False, None), _NOWHERE, said.rest, talk=said.talk)
        claimed, words = read_claim(without_fillers(said.rest))
        plain, without = self._exception(without_pointing(put_right(words)) if before else words)
        if before and (referring := self._referring_of_place(plain, before)):
            return referring
        turn = self._by_itself(plain, before, default_place)
        if before is not None and not turn.question.about_library:
            turn = self._following(turn, before)
        if default_place and not (turn.scope.named or turn.question.everywhere or turn.question.about_library):
            home = self.places().resolve(normalise(default_place))
            turn = replace(turn, scope=replace(home, rest=turn.scope.rest), assumed_place=default_place)
        places = gone_through(before.places if before is not None else (), turn.scope)
        return _of_figures(replace(turn, places=places, without=without, claimed=claimed), before)

    def _by_itself(self, plain: str, before: Turn | None, default_place: str | None) -> Turn:
        """What a turn says; of the one before only the places that it names with its own (两个都, 和它比)."""
        own = self.places().own_place(plain, default_place)
        scope = own or self.places().resolve(plain)
        if before and not scope.named and (together := of_places_before(plain, before.places)):
            scope = replace(together, rest=asked_together(plain, scope.rest))
        elif before and scope.reach is not None and (asked := beside_places(scope.rest)) is not None:
            scope = replace(scope.with_places_of(before.scope) if len(scope.places) == 1 else scope, rest=asked)
        question = parse(scope.rest, self._places_asked(scope, before))
        if not scope.named:
            scope, question = self._about_speaker(plain, scope, question)
        return Turn(question, scope, plain, own.places[0] if own and own.reach and default_place else None)

    def _following(self, turn: Turn, before: Turn) -> Turn:
        """``turn`` with the places, the time and the subject of the turn before, as far as it names none."""
        scope, question = turn.scope, of_years_before(before.question, turn.question)
        turn = replace(turn, question=question)
        lacks_place = not (scope.named or question.everywhere)
        if lacks_place and not before.failed:
            turn = replace(turn, scope=replace(before.scope, rest=scope.rest), assumed_place=before.assumed_place)
        whole = question.overview is not None and question.overview.by_words  # 总结一下, 新提了什么: complete but for its place
        if whole:
            return replace(turn, question=beside_overview(before.question, question))
        if not (lacks_place or lacks_subject(question)):
            return turn
        said_time = question.time
        if question.overview is not None and not question.overview.by_words and before.question.overview is None:
            bare = tuple(replace(ask, topic=(), head=()) for ask in question.asks)  # 上海怎么样, 上海怎么说的
            question = replace(question, overview=None, asks=bare)
        moved = turn.scope.named and not lacks_place
        question = merge(self._without_unknown_years(before), question, moved=moved)
        beside = None if moved else _of_other_time(question, before)
        return replace(turn, question=question, beside=beside, taken_time=NO_TIME if said_time.said else question.time)

    def _referring(self, plain: str, before: Turn) -> Turn | None:
        """The turn before again, where this one asks for more of its answer, or for the same of another year; None where it asks itself."""
        reference = read_reference(plain)
        if reference is not None:
            return replace(before, reference=reference)
        if apart := of_times_before(plain, before.question, before.beside, len(before.places)):
            return replace(before, question=apart[0], other=apart[1], reference=None)
        years = years_away(plain)
        if not years:
            return None
        kinds = {ask.aim for ask in before.question.asks}
        covered = [report.plan_year if kinds == {"target"} else report.review_year for report in self._reports_of(before)]
        latest = max((year for year in covered if year is not None), default=None)
        moved = moved_in_time(before.question, years, latest)
        return replace(before, question=moved, beside=_of_other_time(moved, before), reference=None)

    def _referring_of_place(self, plain: str, before: Turn) -> Turn | None:
        """The turn before again for one place, where more of its answer is asked for (西藏为什么这么高)."""
        scope = self.places().resolve(plain)
        if scope.reach is None or read_reference(scope.rest) != Reference():
            return None
        return replace(before, scope=scope, places=gone_through(before.places, scope), reference=Reference())

    def _names_something(self, text: str) -> bool:
        """Whether ``text`` names a place, a time or an indicator: what a report may tell of."""
        return bool(self.places().resolve(text).named or named(text, question=True) or read_when(text)[0].said or "报告" in text)

    def _without_unknown_years(self, before: Turn) -> Question:
        """The question of the turn before, without years that no report of its places covers: those were not answered."""
        years = before.question.years
        covered = bool(years) and self._library.counted(replace(before.scope.reach or ALL, years=years))[0]
        return before.question if covered or not years else without_years(before.question)

    def _reports_of(self, turn: Turn) -> list[Report]:
        """The reports of the places that a turn names."""
        return self._library.reports(turn.scope.reach) if turn.scope.reach else []

    def _exception(self, plain: str) -> tuple[str, tuple[Place, ...]]:
        """A question without the places that it leaves out, and these."""
        match = _EXCEPT.search(plain)
        found = self.places().resolve(match.group(1)) if match else None
        if match is None or found is None or found.reach is None:
            return plain, ()
        return f"{plain[: match.start()]}{plain[match.end() :]}", tuple(place for group in found.reach.places for place in group)

    @staticmethod
    def _places_asked(scope: Scope, before: Turn | None) -> int:
        """How many places a question is put to, by their names or going on from the one before; 0 where by none."""
        if scope.named or before is None:
            return len(scope.places)
        return len(before.scope.places) or (2 if before.question.everywhere else 0)

    def _about_speaker(self, plain: str, scope: Scope, question: Question) -> tuple[Scope, Question]:
        """A question about somebody who gave a report is about that report: 何才是哪个镇的镇长."""
        reports = self._library.spoken_by(plain)
        if not reports:
            return scope, question
        places = tuple(dict.fromkeys(report.place or "" for report in reports))
        without_name = parse(scope.rest.replace(reports[0].speaker or "", " "))
        if not any(ask.kind == "fact" for ask in without_name.asks):
            without_name = replace(question, asks=(Ask(plain, "fact", fact="speaker"),), everywhere=False)
        return replace(scope, named=True, reach=Reach(ids=tuple(report.id for report in reports)), places=places), without_name


def _of_other_time(question: Question, before: Turn) -> Ask | None:
    """What was asked before of another time or kind, where ``question`` is for the same; None where it is for something else."""
    asked, earlier = (next(iter(one.asks), None) for one in (question, before.question))
    if asked is None or earlier is None or (asked.indicators, asked.topic) != (earlier.indicators, earlier.topic):
        return None
    return before.beside if (asked.when, asked.aim) == (earlier.when, earlier.aim) else earlier


def _of_figures(turn: Turn, before: Turn | None) -> Turn:
    """``turn`` as one for figures, where a value is to be checked or another side is set against what it asks."""
    side = turn.question.other_side if turn.question.asks else None
    if turn.claimed is None and side is None:
        return turn
    asks = tuple(as_figure(ask) for ask in turn.question.asks)
    answered = before.question.asks[0] if before is not None and before.question.asks else None
    return replace(turn, question=replace(turn.question, asks=asks), other=side.of(asks[0], answered) if side else None)
