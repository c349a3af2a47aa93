"""A part of a question in the words of reports, where it was asked in people's own."""

from __future__ import annotations

from dataclasses import replace

from retrieval.language.indicators import indicators
from retrieval.question.asks import read_asks
from retrieval.question.parts import part_of
from retrieval.question.query import Part


def called_as(part: Part, name: str) -> Part:
    """``part`` as if it had called what it asks for by ``name``; aim, time and measure stay as they were said."""
    if indicator := indicators().get(name):
        return replace(part, indicators=(indicator,), named=(name,), topic=(), head=(), units=())
    asked = part_of(read_asks(f"{name}多少")[0])
    return replace(
        part, indicators=asked.indicators, named=asked.named, topic=asked.topic, head=asked.head, wording=name, proper_names=()
    )
