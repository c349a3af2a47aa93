"""A part of a question in the words of reports, where it was asked in people's own."""

from __future__ import annotations

from dataclasses import replace

from retrieval.language.indicators import indicators
from retrieval.language.periods import PARTS_OF_YEAR
from retrieval.question.asks import read_asks
from retrieval.question.parts import part_of
from retrieval.question.query import Part


def called_as(part: Part, name: str) -> Part:
    """``part`` as if it had called what it asks for by ``name``; aim, time and measure stay as they were said."""
    of_year = tuple(word for word in part.topic if word in PARTS_OF_YEAR)
    if indicator := indicators().get(name):
        return replace(part, indicators=(indicator,), named=(name,), topic=of_year, head=(), units=())
    asked = part_of(read_asks(f"{name}多少")[0])
    return replace(
        part,
        indicators=asked.indicators,
        named=asked.named,
        topic=(*of_year, *asked.topic),
        head=asked.head,
        wording=name,
        proper_names=(),
    )
