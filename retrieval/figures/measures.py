"""What a figure measures: an amount, a rate of change, a share, a comparison, a rank."""

from __future__ import annotations

from retrieval.language.indicators import Indicator
from retrieval.language.patterns import pattern
from retrieval.language.values import RANK_UNIT, Value
from retrieval.models import Measure

_GROWTH = pattern("figures.measure.growth")
_DECLINE = pattern("figures.measure.decline")
_SHARE = pattern("figures.measure.share")
_COMPLETION = pattern("figures.measure.completion")
_RELATIVE = pattern("figures.measure.relative")
_REACHED = pattern("figures.measure.reached")
_OVER_LAST_YEAR = pattern("figures.measure.over_last_year")
_TIMES = pattern("figures.measure.times")
# Targets that are words alone: 进出口促稳提质.
IN_WORDS = pattern("figures.measure.in_words")


def measure_of(clause: str, value: Value, indicator: Indicator | None) -> tuple[Measure, str]:
    """What a value measures, by the words before it: an amount, a rate of change, a share, ...; and its direction."""
    if value.unit == RANK_UNIT:
        return "rank", ""
    clause = clause.replace("增加值", "").replace("提升改造", "").replace("改造提升", "")
    percent = value.unit in ("%", "‰", "‱") or (value.unit == "倍" and bool(_GROWTH.search(clause)))
    falls = bool(_DECLINE.search(clause))
    direction = "下降" if falls else ""
    if value.unit == "倍" and _TIMES.search(clause):
        return "relative", ""
    if percent and _COMPLETION.search(clause):
        return "completion", ""
    itself_a_share = indicator is not None and indicator.usual == "level" and "%" in indicator.units
    if percent and not itself_a_share and _SHARE.search(clause):
        return "share", ""
    if (percent or value.unit.endswith("百分点")) and _RELATIVE.search(clause):
        return "relative", direction
    if value.unit.endswith("百分点"):
        return "change", direction
    if percent:
        usual = indicator.usual if indicator else None
        if _REACHED.search(clause) or (usual == "level" and not _GROWTH.search(clause) and not falls):
            return "level", ""
        if usual == "level" and indicator and indicator.counts("%"):
            return "level", direction if falls else ""
        if _GROWTH.search(clause) or falls or usual == "growth":
            return "growth", direction
        return "level", ""
    if _OVER_LAST_YEAR.search(clause):
        return "change", direction
    if (_GROWTH.search(clause) or falls) and not _REACHED.search(clause) and indicator:
        return "change", direction
    return "level", ""
