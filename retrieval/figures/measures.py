"""What a figure measures: one of the table's measures by its words, else an amount or its change."""

from __future__ import annotations

from retrieval.language.indicators import Indicator
from retrieval.language.measures import Sort, traits_of
from retrieval.language.patterns import pattern, pattern_group
from retrieval.language.values import RANK_UNIT, Value
from retrieval.models import Measure

_BY_WORDS = pattern_group("measure.told")  # in the order of the file: the first that is found counts
_GROWTH = pattern("figures.change.growth")
_DECLINE = pattern("figures.change.decline")
_REACHED = pattern("figures.change.reached")
_OVER_LAST_YEAR = pattern("figures.change.over_last_year")
_TIMES = pattern("figures.change.times")
# Targets that are words alone: 进出口促稳提质.
IN_WORDS = pattern("figures.change.in_words")


def measure_of(clause: str, value: Value, indicator: Indicator | None) -> tuple[Measure, str]:
    """What a value measures, by the words before it: an amount, a rate of change, a share, ...; and its direction."""
    if value.unit == RANK_UNIT:
        return "rank", ""
    clause = clause.replace("增加值", "").replace("提升改造", "").replace("改造提升", "")
    if value.unit == "倍" and _TIMES.search(clause):
        return "relative", ""
    grows, falls = bool(_GROWTH.search(clause)), bool(_DECLINE.search(clause))
    direction = "下降" if falls else ""
    sort = _sort(value, grows)
    if measure := _by_words(clause, sort, indicator):
        return measure, direction if traits_of(measure).falls else ""
    if sort == "points":
        return "change", direction
    if sort == "percent":
        return _of_percent(clause, indicator, grows, direction)
    changed = (grows or falls) and not _REACHED.search(clause) and indicator
    return ("change", direction) if changed or _OVER_LAST_YEAR.search(clause) else ("level", "")


def _sort(value: Value, grows: bool) -> Sort:
    if value.unit in ("%", "‰", "‱") or (value.unit == "倍" and grows):
        return "percent"
    return "points" if value.unit.endswith("百分点") else "amount"


def _by_words(clause: str, sort: Sort, indicator: Indicator | None) -> Measure | None:
    """The measure that the words say, and that a value of the ``sort`` can be of."""
    itself_a_ratio = indicator is not None and indicator.usual == "level" and "%" in indicator.units
    for measure, said in _BY_WORDS.items():
        traits = traits_of(measure)
        if sort in traits.values and not (itself_a_ratio and traits.or_level) and said.search(clause):
            return measure
    return None


def _of_percent(clause: str, indicator: Indicator | None, grows: bool, direction: str) -> tuple[Measure, str]:
    """Whether a percentage is how far something rose or fell, or an amount: what it came to, what is counted in per cent."""
    usual = indicator.usual if indicator else None
    if _REACHED.search(clause) or (usual == "level" and not grows and not direction):
        return "level", ""
    if usual == "level" and indicator and indicator.counts("%"):
        return "level", direction
    return ("growth", direction) if grows or direction or usual == "growth" else ("level", "")
