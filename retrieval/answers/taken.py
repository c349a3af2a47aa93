"""What a question took from the turn before it, which its answer says."""

from __future__ import annotations

from retrieval.answers.claims import Claim, Listed, Word, claim
from retrieval.question.query import Query


def taken_over(query: Query) -> Claim | None:
    """The time that was taken over; None where none was, or where the turn asks for more of the same answer.

    The place and the subject stand in every answer, and so does the year; that nobody named it in this turn does not.
    """
    if query.reference is not None:
        return None
    when = query.taken_time
    times: list[Word] = [claim("year", year=year) for year in when.years]
    if when.relative is not None and not times:
        times.append(claim(f"taken.{when.relative}"))
    if not times:
        return None
    return claim("taken.over", what=Listed(tuple(claim("term", term=one) for one in times), glue=""))
