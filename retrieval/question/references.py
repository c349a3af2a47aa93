"""Turns that refer to the answer before them, or put right what was understood: 第二个呢, 原文呢, 不是增速，是总量, 再往前一年."""

from __future__ import annotations

from dataclasses import replace

from retrieval.language.folding import chinese_number
from retrieval.language.patterns import pattern
from retrieval.question.covering import covered
from retrieval.question.parsing import Question
from retrieval.question.query import Reference, Relative, When

_MEANT = pattern("checks.refer.meant")
_LEVEL = pattern("checks.refer.level")
_ITEM = pattern("checks.refer.item")
_MORE = (("more", pattern("checks.refer.more")), ("beside", pattern("checks.refer.beside_more")))
_FURTHER = pattern("checks.refer.further")
_POINTING = pattern("checks.refer.pointing")
_YEAR_BEFORE = pattern("checks.refer.year_before")
_YEAR_AFTER = pattern("checks.refer.year_after")
_EARLIER: dict[Relative, Relative] = {"next": "this", "this": "last", "last": "before_last", "after_next": "next"}


def put_right(text: str) -> str:
    """What somebody says they meant (我问的是去年, 换成镇里的), to be read as a follow-up; ``text`` where it is no correction."""
    if level := _LEVEL.match(text):
        return f"各{level.group('level')}呢"
    match = _MEANT.match(text)
    if match is None:
        return text
    return match.group("meant") or match.group("rather") or match.group("wanted")


def without_pointing(text: str) -> str:
    """A follow-up without the words that only point back (那边的社零呢, 整年算下来呢); as it is where nothing else is left."""
    plain = _POINTING.sub("", text)
    return plain if plain.strip("?？。 ") else text


def read_reference(text: str) -> Reference | None:
    """What of the answer before ``text`` asks for: one thing of its list, its surroundings; None where it asks something itself."""
    plain = text.strip()
    names = {name for name, _ in covered(plain, _MORE)}
    if "more" in names and "" not in names:
        return Reference()
    if _FURTHER.match(plain):
        return Reference(further=True)
    item = _ITEM.match(plain)
    if item is None:
        return None
    said = item.group("number")
    number = int(said) if said.isdigit() else chinese_number(said)
    return Reference(number) if number else None


def years_away(text: str) -> int:
    """By how many years a turn moves away from the time asked about: 再往前一年 is -1; 0 where it doesn't."""
    return -1 if _YEAR_BEFORE.match(text) else 1 if _YEAR_AFTER.match(text) else 0


def moved_in_time(question: Question, years: int, latest: int | None) -> Question:
    """``question`` of a time ``years`` away; ``latest`` is the year that it was answered for where it named none."""
    return replace(question, asks=tuple(replace(ask, when=_moved(ask.when, years, latest)) for ask in question.asks))


def _moved(when: When, years: int, latest: int | None) -> When:
    if when.years:
        return When(tuple(year + years for year in when.years))
    if when.relative in _EARLIER and years == -1:
        return When(relative=_EARLIER[when.relative])
    return When((latest + years,)) if latest else When(relative="last" if years < 0 else "next")
