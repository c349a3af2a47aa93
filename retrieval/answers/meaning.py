"""Answering for a figure whose name a question says in other words: 老人拿高龄补贴 for 享受高龄津贴, 打工的人回去上班 for 返岗就业.

Words come first; only where they find nothing, and the question names no indicator that the report would call by its name, the figures
near the question are compared with it by their vectors. The nearest is taken where it is near enough and clearly nearer than the next,
and the answer says as what the question was taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.answers.context import PartOfReport
from retrieval.answers.matching.choice import Choice
from retrieval.answers.matching.facets import Verdict
from retrieval.answers.matching.numbers import fits
from retrieval.answers.matching.surroundings import Around
from retrieval.answers.matching.wanted import wanted_of
from retrieval.answers.matching.words import match
from retrieval.language.measures import traits_of
from retrieval.language.vocabulary import weak_words
from retrieval.models import Figure

_PASSAGES = 6  # in whose sentences figures are looked for
_COMPARED = 12  # figures; each takes one embedding
_BY_RANK = 0.008  # of the inner product, for each passage that the search found nearer
_CLEARLY = 0.004  # nearer than the next figure of another thing
_USED = 2  # passages of the library: a word that so many hold is one of the reports


def nearest_in_meaning(asked: PartOfReport, figures: Sequence[Figure]) -> Sequence[Figure]:
    """Of ``figures`` the one that is meant, with its amount or rate beside it; empty where none is, or that can't be told."""
    alike = asked.library.alike
    if alike is None or asked.part.indicators or not asked.part.topic:
        return ()
    compared = _compared(asked, figures)
    return asked.consider("meaning", _choice(asked, compared, alike)) if compared else ()


def _choice(asked: PartOfReport, compared: Sequence[tuple[float, Figure]], alike: float) -> Choice:
    """The first of ``compared`` unless it is too far, of another thing, or no nearer than the next."""
    score, best = compared[0]
    others = [near for near, figure in compared if not _same_thing(figure, best)]
    reasons = (
        (score < alike, "alike"),
        (others and score - others[0] < _CLEARLY, "clearly_nearest"),
        (score >= alike and _names_another(asked, best), "words"),
    )
    vetoed_by = next((name for holds, name in reasons if holds), None)
    verdicts = [
        Verdict(figure, {"meaning": near}, vetoed_by if figure is best else None if _same_thing(figure, best) else "meaning")
        for near, figure in compared
    ]
    if vetoed_by:
        return Choice((), tuple(verdicts))
    beside = [figure for _, figure in compared if _same_thing(figure, best) and figure.measure != best.measure]
    return Choice(tuple(sorted([best, *beside[:1]], key=lambda figure: figure.start)), tuple(verdicts))


def _same_thing(figure: Figure, other: Figure) -> bool:
    return (figure.subject, figure.sentence_start) == (other.subject, other.sentence_start)


def _compared(asked: PartOfReport, figures: Sequence[Figure]) -> list[tuple[float, Figure]]:
    """The figures of the passages nearest to the question that can be counted as it asks, the nearest in meaning first."""
    wanted, library = wanted_of(asked.part), asked.library
    own = [passage for passage in asked.ranked if passage.report.id == asked.report.id][:_PASSAGES]
    near = [
        (rank, figure)
        for rank, passage in enumerate(own)
        for figure in figures
        if passage.start <= figure.start < passage.end and _may_be_meant(asked, figure) and fits(wanted, figure)
    ][:_COMPARED]
    if not near:
        return []
    query = library.embed_query(asked.part.wording)
    told = [(float(query @ library.embed_query(_named(asked, figure))) - _BY_RANK * rank, figure) for rank, figure in near]
    return sorted(told, key=lambda one: -one[0])


def _may_be_meant(asked: PartOfReport, figure: Figure) -> bool:
    plain = not (figure.blank or figure.in_words or figure.earlier or figure.mean or figure.of_place)
    named = set(asked.part.proper_names) <= set(figure.proper_names.split())
    measure = asked.part.measure  # shares and the like are asked for as such
    fits = figure.measure == measure if traits_of(measure).lead else traits_of(figure.measure).plain
    return plain and named and fits


def _names_another(asked: PartOfReport, figure: Figure) -> bool:
    """Whether the question has a word that reports use, and that this one does not have about the figure: then it is of another thing.

    People's own words (打工, 娃娃) stand in no report: they are what meaning is for.
    """
    context = Around.of(asked.library, asked.report).near[figure.start].context
    unmet = [word for word in asked.part.topic if len(word) > 1 and word not in weak_words() and not match(word, context)]
    if any(word.endswith("率") for word in asked.part.topic) and figure.unit != "%":
        return True
    return any(held >= _USED for held in asked.library.token_counts(unmet).holding.values())


def _named(asked: PartOfReport, figure: Figure) -> str:
    """What a figure is called, and the clause that it stands in."""
    text = asked.library.text(asked.report.id)
    before = re.split(r"[,，;；。]", text[figure.sentence_start : figure.end])[-1]
    after = re.split(r"[,，;；。]", text[figure.end : figure.sentence_end])[0]
    return f"{figure.subject} {before}{after}"
