"""Which of the places and years that a question names a library lacks, and what it has instead."""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.answers.claims import Claim, Listed, Word, absent, claim
from retrieval.answers.context import Context
from retrieval.language.folding import HAN
from retrieval.question.query import Query
from retrieval.question.scope import Scope
from retrieval.reach import Reach

_LISTED = 8


def no_place(context: Context) -> list[Claim]:
    """That no report is of the places asked about, and which places are near."""
    scope = context.query.scope
    if scope.own:
        return [absent("own_unknown", own=scope.own)]
    claims = [absent("no_place", place=Listed(scope.missing))]
    for kind, places in (("inside", scope.inside), ("above", scope.above), ("suggested", scope.suggested)):
        if places:
            claims.append(claim(kind, places=_listed(places)))
    if len(claims) == 1:
        places = tuple(dict.fromkeys(place.name for place in context.held.all if place.name))
        claims.append(claim("held", places=_listed(places)))
    return claims


def no_year(context: Context, reach: Reach | None = None) -> Claim:
    """That the reports in scope (or those of ``reach``) don't cover the years asked about, and which they do."""
    years = context.library.years(context.reach if reach is None else reach)
    query = context.query
    places = query.scope.places
    place = claim("of_held_place", place=Listed(places)) if places else claim("library")
    return absent("no_year", place=place, year=Listed(query.years), held=Listed(tuple(years)))


def lacking(query: Query, uncovered: Sequence[int]) -> list[Claim]:
    """What the library lacks of what was asked for: years, places."""
    return [
        *(claim("year_not_covered", year=year) for year in uncovered),
        *_not_held(query.scope.missing),
    ]


def _not_held(places: Sequence[str]) -> list[Claim]:
    if len(places) > 1:
        return [claim("places_not_held", places=Listed(tuple(places)))]
    return [claim("place_not_held", place=place) for place in places]


def heard_otherwise(scope: Scope) -> list[Claim]:
    """What a place's name was taken for, where it was written otherwise, and where no report says that it lies in what was written before."""
    unsaid = [claim("unsaid", place=place, outer=outer) for place, outer in scope.unsaid]
    if scope.heard_as is None:
        return unsaid
    written, place = scope.heard_as
    heard = written != place and re.search(rf"[{HAN}]", written)
    return [*unsaid, *([claim("heard_as", written=written, place=place)] if heard else [])]


def _listed(places: Sequence[str]) -> Word:
    listed = Listed(tuple(places[:_LISTED]))
    return Listed((listed, claim("and_others")), glue="") if len(places) > _LISTED else listed
