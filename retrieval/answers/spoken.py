"""Taking a part that people put in their own words (帮多少人找到了活干) for what reports call it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from retrieval.answers.context import PartOfReport
from retrieval.answers.matching.choice import Choice
from retrieval.answers.matching.facets import Verdict
from retrieval.answers.matching.numbers import RATES, unit_fits
from retrieval.answers.matching.surroundings import Around
from retrieval.answers.matching.wanted import wanted_of
from retrieval.answers.matching.words import match
from retrieval.language.measures import traits_of
from retrieval.language.places import has_suffix
from retrieval.language.spoken import Spoken, nearest_name, says_little
from retrieval.models import Figure
from retrieval.question.spoken import called_as


def spoken_of(asked: PartOfReport) -> Spoken | None:
    """The name that reports have for what is asked; None where it is asked by that alone, or no name is clearly meant."""
    part = asked.part
    if not asked.library.learned or not part.topic or not traits_of(part.measure).spoken:
        return None
    known = asked.context.spoken
    found = known[part] = known.get(part) or nearest_name(asked.library.embed_query(part.wording))
    if part.indicators and (found.name != part.indicators[0].name or not _says_no_more(part.topic, found)):
        return None
    return found if found.clear else None


def _says_no_more(topic: Sequence[str], spoken: Spoken) -> bool:
    """Whether the words beside an indicator are but how people speak of it (GDP干到多少), and make it no other thing."""
    return all(says_little(word) or word in spoken.wordings for word in topic)


def renamed(asked: PartOfReport, spoken: Spoken) -> PartOfReport:
    """``asked`` by that name."""
    return replace(asked, part=called_as(asked.part, spoken.name), before=None)


def met_in_part(asked: PartOfReport, figures: Sequence[Figure]) -> bool:
    """Whether the clause of ``figures``, found by the words of the question, lacks one of them: then they may be of another thing."""
    if not figures:
        return False
    clause = Around.of(asked.library, asked.report).near[figures[0].start].clause
    return any(word not in clause for word in asked.part.topic)


def is_meant(asked: PartOfReport, spoken: Spoken, figures: Sequence[Figure]) -> bool:
    """Whether ``figures``, found by that name, can be what was asked."""
    vetoed_by = _vetoed_by(asked, spoken, figures[0])
    choice = Choice(() if vetoed_by else tuple(figures), (Verdict(figures[0], {"meaning": spoken.near}, vetoed_by),))
    return bool(asked.consider("spoken", choice))


def _vetoed_by(asked: PartOfReport, spoken: Spoken, first: Figure) -> str | None:
    """Why a figure is not what was asked: it is counted otherwise, or not of all that the question names; None where it is.

    A word that reports use, but neither people for this thing nor this report about it, names another thing.
    """
    part = asked.part
    counted_alike = _sort(first.unit) == _sort(part.units[0]) if part.units else unit_fits(wanted_of(part), first)
    if not counted_alike:
        return "unit"
    context = Around.of(asked.library, asked.report).near[first.start].context
    unmet = [word for word in part.topic if not says_little(word) and word not in spoken.wordings and not match(word, context)]
    if not set(part.proper_names) <= set(first.proper_names.split()):
        return "proper_names"
    elsewhere = any(has_suffix(word) for word in unmet) or any(asked.library.token_counts(unmet).holding.values())
    return "words" if elsewhere else None


def _sort(unit: str) -> str:
    """Of which sort a unit is: a rate, money, or a count."""
    return "rate" if unit in RATES else "money" if unit.endswith("元") else "count"
