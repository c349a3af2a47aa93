"""From a question to a reply: it is read once, answered by the module for its kind, put into words, and proved."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from retrieval.answers.claims import Answer, Listed, absent, said
from retrieval.answers.composition import Composition
from retrieval.answers.context import Context, OfReport, Whole, in_scope
from retrieval.answers.intents import INTENTS
from retrieval.answers.missing_scope import no_place
from retrieval.answers.proof import proved
from retrieval.answers.provenance import with_provenance
from retrieval.answers.quoting import shown
from retrieval.answers.referring import referred
from retrieval.answers.suggestions import suggestions
from retrieval.answers.taken import taken_over
from retrieval.answers.trend import answer_over_years
from retrieval.answers.unheld import answer_unheld
from retrieval.answers.wording.renderer import Renderer, rendered
from retrieval.errors import EmptyQuestion, UnknownPlace
from retrieval.messages import speaking, spoken
from retrieval.models import Report
from retrieval.ports import LibraryView
from retrieval.question.parsing import normalise
from retrieval.question.query import Intent, Query
from retrieval.question.reading import QuestionReader
from retrieval.reach import ALL
from retrieval.replies import RankedPassage, Reply
from retrieval.search.ranking import search

_OF_REPORT = {intent: handler for intent, handler in INTENTS.items() if isinstance(handler, OfReport)}


class Answerer:
    """Answers questions over one library; ``renderer`` puts what they come to into words."""

    def __init__(self, library: LibraryView, renderer: Renderer = rendered) -> None:
        self.library = library
        self._renderer = renderer
        self._reader = QuestionReader(library)

    def ask(self, turns: Sequence[str], default_place: str | None = None) -> Reply:
        """Answers the last of ``turns``; the earlier ones tell what it leaves out.

        Where no turn names a place, ``default_place`` is taken. Raises EmptyQuestion or QuestionTooLong for the last
        turn, OtherModel for a library of another model.
        """
        started = time.perf_counter()
        if not turns:
            raise EmptyQuestion()
        with self.library.snapshot():
            context = self.context(self._reader.read(turns, default_place))
            answer = self.answer(context)
            reply = self.proved(context, answer, self.worded(context, answer))
        return replace(reply, seconds=time.perf_counter() - started)

    def reports_of(self, place: str) -> tuple[Report, ...]:
        """The reports that a place's name means, as a question would; none where it is no name of a held place."""
        with self.library.snapshot():
            reach = self._reader.places().resolve(normalise(place)).reach
            return tuple(self.library.reports(reach)) if reach else ()

    def reports_named(self, place: str) -> tuple[Report, ...]:
        """As :meth:`reports_of`; raises UnknownPlace where no report of the library is of that place."""
        reports = self.reports_of(place)
        if not reports:
            raise UnknownPlace(place=place)
        return reports

    def search(self, text: str, count: int) -> list[RankedPassage]:
        """The ``count`` passages that say most about ``text``, best first, of the places that it names, else of all."""
        with self.library.snapshot():
            plain = normalise(text)
            scope = self._reader.places().resolve(plain)
            words = scope.rest if scope.reach and scope.rest.strip() else plain
            reach = scope.reach or ALL
            alone = self.library.counted(reach)[0] == 1
            return search(self.library, words, reach, count, place=shown(self.library.reports(reach)[0]) if alone else "")

    def read(self, turns: Sequence[str], default_place: str | None = None) -> Query:
        """The last of ``turns`` as it is understood. Raises EmptyQuestion or QuestionTooLong."""
        return self._reader.read(turns, default_place)

    def context(self, query: Query) -> Context:
        """What ``query`` is answered from."""
        held = self._reader.places().held
        return Context(self.library, query, in_scope(query, self.library, held), held)

    def answer(self, context: Context) -> Answer:
        """What a question comes to, not yet in words, with what it took from the turn before and what it owes to its files."""
        answer = referred(context, self._answer(context))
        query = context.query
        if query.untranslated and not answer.states:  # whether a report says it is not known: it was looked for in English
            unknown = said(absent("untranslated", words=Listed(query.untranslated)))
            related = answer.status == "related"  # whose last line says that the quotes only stand nearest
            answer = replace(answer, lines=(*unknown.lines, *answer.lines[-1:])) if related else unknown
        taken = taken_over(query) if answer.is_question else None
        return with_provenance(context, answer.with_lines([taken]) if taken is not None else answer)

    def _answer(self, context: Context) -> Answer:
        query = context.query
        if not context.held.of_name:
            return said(absent("empty_library"))
        composition = Composition(context, _OF_REPORT)
        if query.intent is not Intent.TALK and query.scope.named and query.scope.reach is None:
            return answer_unheld(context, composition) or said(*no_place(context))
        handler = INTENTS[query.intent]
        if isinstance(handler, Whole) and (answer := handler.answer(context)) is not None:
            return answer
        answer = composition.answer()
        if not answer.states and query.intent is Intent.TREND:
            return answer_over_years(context) or answer
        return answer

    def worded(self, context: Context, answer: Answer) -> Reply:
        """``answer`` in words, not yet proved."""
        query = context.query
        with speaking("en" if query.english and not answer.is_question else spoken()):
            wording = self._renderer(answer)
        return Reply(
            answer.status,
            wording.text,
            answer.quotes,
            answer.passages,
            emphasis=wording.emphasis,
            assumed_place=query.assumed_place,
            is_question=answer.is_question,
            comparisons=wording.comparisons,
            intent=query.intent,
        )

    def proved(self, context: Context, answer: Answer, worded: Reply) -> Reply:
        """``worded`` as far as its quotes prove it, with questions to go on with."""
        return replace(proved(worded, self.library), suggestions=suggestions(context, answer))
