"""In which units a question counts: 多少家, 多少钱, 多大面积."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.language.indicators import Indicator
from retrieval.language.patterns import pattern
from retrieval.language.units import ANSWERS, asked_for

ASKED_UNIT = pattern("questions.unit.asked", unit=asked_for())
_MONEY = pattern("questions.unit.money")
_OF_RATE = pattern("questions.unit.of_rate")
_OF_MONEY = pattern("questions.unit.of_money")
_HUNDRED_MILLIONS = pattern("questions.unit.hundred_millions")
_RATE = pattern("questions.unit.rate")
_PEOPLE = pattern("questions.unit.people")
_LENGTH = pattern("questions.unit.length")
_AREA = pattern("questions.unit.area")
# What is done to something is counted by its area (改造老旧小区面积); else 面积 is what the report has to tell (森林面积).
_DONE_TO = pattern("questions.unit.done_to")


def units_asked(text: str) -> tuple[str, ...]:
    """The units that an answer to ``text`` may be in, the one asked for first; none where it may be in any."""
    asked = tuple(match.group("unit") for match in ASKED_UNIT.finditer(text))
    if (asked and asked[0] in ("人", "名", "位")) or (not asked and _PEOPLE.search(text)):
        return ANSWERS["people"]
    if asked and asked[0] in ANSWERS["bodies"]:
        # 个 counts estates and villages, too, which are no households: 老旧小区多少户 is not answered by 46个.
        return (asked[0], *(unit for unit in ANSWERS["bodies"] if unit != asked[0] and (asked[0], unit) != ("户", "个")))
    if asked and asked[0] == "平方米":
        return ANSWERS["square_metres"]
    if not asked and (_OF_RATE.search(text) or _RATE.search(text)):
        return ANSWERS["rate"]
    if not asked and _LENGTH.search(text):
        return ANSWERS["length"]
    if not asked and _HUNDRED_MILLIONS.search(text):
        return ANSWERS["hundred_millions"]
    if not asked and _MONEY.search(text):
        return ANSWERS["money"]
    if not asked and _OF_MONEY.search(text):
        return ("元",)
    if not asked and _AREA.search(text):
        return ANSWERS["area"]
    return asked


def without_units(text: str) -> str:
    """``text`` without the words that only say in which unit it counts."""
    if _DONE_TO.search(text):
        text = _AREA.sub(" ", text)
    return _LENGTH.sub(" ", ASKED_UNIT.sub(" ", text))


def can_be_counted_in(indicator: Indicator, units: Sequence[str]) -> bool:
    """Whether a question that counts in ``units`` can be for an indicator: 招商引资签约项目几个 is not for an amount of money."""
    return not units or any(unit == "倍" or unit.endswith("百分点") or indicator.counts(unit) for unit in units)
