"""Answering for a place that has no report of its own, from what the reports of places around it say of it by name."""

from __future__ import annotations

from dataclasses import replace

from retrieval.answers.claims import Answer, line
from retrieval.answers.composition import READ_AT_MOST, Composition
from retrieval.answers.context import RANKED, Context, PartOfReport
from retrieval.answers.figure import state_of_place
from retrieval.answers.matching.other_places import near, other_place
from retrieval.question.query import Intent
from retrieval.reach import ALL, Reach
from retrieval.search.ranking import search

_FIGURES = (Intent.FIGURE, Intent.RANK)


def answer_unheld(context: Context, composition: Composition) -> Answer | None:
    """What reports of other places say of the one place asked about; None where they say nothing.

    Only figures: a sentence that states what is asked of that very place. Reports of other provinces are not looked at.
    """
    query, library = context.query, context.library
    unheld, parts = query.scope.unheld, query.parts
    if len(unheld) != 1 or not parts or not all(part.intent in _FIGURES or part.or_passage for part in parts):
        return None
    name, divisions = unheld[0]
    every = context.held.every
    close = [place for place in every if near(place, divisions)]
    beside = replace(context, reach=ALL if len(close) == len(every) else Reach(tuple((place,) for place in close)))
    around = beside.covering(parts[0].when.year) if close else []
    if len(around) > READ_AT_MOST:
        reach = beside.reach_of(around, [parts[0].when.year] if parts[0].when.year else [])
        around = list(dict.fromkeys(passage.report for passage in search(library, query.text, reach, RANKED)))
    place = other_place(name, divisions)
    lines = []
    for report in around:
        claims = [state_of_place(PartOfReport(context, report, part, part.when.year, ()), place) for part in parts]
        if any(one.states for one in claims):
            lines.append(line(*claims))
    return composition.composed(lines, []) if lines else None
