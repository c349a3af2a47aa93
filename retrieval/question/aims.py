"""Whether a part of a question asks for a target or a result, and for which measure of a thing: its change, its share, ..."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.language.indicators import Mention
from retrieval.language.measures import traits_of
from retrieval.language.patterns import pattern, pattern_group
from retrieval.models import Measure
from retrieval.question.query import Aim

_TARGET = pattern("questions.aim.target")
_ACTUAL = pattern("questions.aim.actual")
_PLANNED_ALREADY = pattern("questions.aim.planned_already")
_AIMED_AT = pattern("questions.aim.aimed_at")
_FULFILLED = pattern("questions.aim.fulfilled")
_MEASURES = pattern_group("measure.asked")  # in the order of the file
_RATE = pattern("questions.change.rate")
_NAMED_RATE = pattern("questions.change.named_rate")
_BY_HOW_MUCH = pattern("questions.change.by_how_much")
_GROWTH = pattern("questions.change.growth")
_CHANGED = pattern("questions.change.changed")
_TOTAL_BESIDE = pattern("questions.change.total_beside")
_LEVEL = pattern("questions.change.level")


def aim_of(text: str) -> tuple[Aim | None, str]:
    """Whether a target or a result is asked for, and the words that say so."""
    target, actual = _TARGET.search(text), _ACTUAL.search(text)
    if target and actual:
        aimed = _AIMED_AT.search(text)
        if aimed and not _FULFILLED.search(text):
            return "target", aimed.group()
        return "actual", actual.group()
    if target:
        return "target", target.group()
    if actual and not _PLANNED_ALREADY.search(text):
        return "actual", actual.group()
    return None, ""


def measure_of(text: str, mentions: Sequence[Mention]) -> tuple[Measure | None, str]:
    """Which measure of a thing is asked for, by the words beside the indicators' names; and those words."""
    bare = text
    for mention in reversed(mentions):
        bare = f"{bare[: mention.start]} {bare[mention.end :]}"
    bare = bare.replace("增长极", "").replace("改造提升", "改造").replace("提升改造", "改造")
    for measure, asks in _MEASURES.items():
        if said := asks.search(text if traits_of(measure).in_names else bare):
            return measure, said.group()
    if any(_NAMED_RATE.search(text[mention.start : mention.end]) for mention in mentions):
        return "growth", "增长率"
    if any("总量" in text[mention.start : mention.end] for mention in mentions):
        return "level", "总量"
    if (rate := _RATE.search(bare)) and "增长率" not in bare:
        return "level", rate.group()
    if by_how_much := _BY_HOW_MUCH.search(bare):
        return "growth", by_how_much.group()
    growth = _GROWTH.search(bare)
    if growth and _TOTAL_BESIDE.search(bare):
        return None, ""
    if growth:
        rates = all(m.indicator.usual == "growth" or not m.indicator.counts("%") or not m.indicator.units for m in mentions)
        return ("growth", growth.group()) if rates or _CHANGED.search(bare) else (None, "")
    level = _LEVEL.search(bare)
    return ("level", level.group()) if level else (None, "")
