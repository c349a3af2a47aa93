"""In which units a question counts: 多少家, 多少钱, 多大面积."""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.language.indicators import Indicator
from retrieval.language.units import ANSWERS, asked_for

ASKED_UNIT = re.compile(rf"(?:多少|(?<!哪)几)(?:万|亿|千|百)?(?P<unit>{asked_for()})")
_MONEY = re.compile(r"多少(?:钱|资金|经费|投资|金额)|资金(?:有)?多少|花了多少|投入(?:了)?多少|金额")
_OF_MONEY = re.compile(
    r"(?:投资|资金|成交额|营收|产值)(?:额|总额|规模)?(?:目标)?(?:各?是|有|为|达到?|完成)?(?:了)?(?:多少|几|[?？的]|$)"
)
_HUNDRED_MILLIONS = re.compile(r"(?:多少|几个?)(?:万)?亿(?![\u4e00-\u9fff])")
_AREA = re.compile(r"多大面积|面积(?:有|是)?多[少大]|面积(?=(?:的)?(?:目标|任务|数)?[?？呢]*$)")
# What is done to something is counted by its area (改造老旧小区面积); else 面积 is what the report has to tell (森林面积).
_DONE_TO = re.compile(
    r"[修建造拆治改征售销流转复垦]了?|整治|整改|清理|出让|供应|收购|盘活|绿化|退养|恢复|修复|推广|搬迁|多大面积|多少面积"
)


def units_asked(text: str) -> tuple[str, ...]:
    """The units that an answer to ``text`` may be in, the one asked for first; none where it may be in any."""
    asked = tuple(match.group("unit") for match in ASKED_UNIT.finditer(text))
    if asked and asked[0] in ("人", "名", "位"):
        return ANSWERS["people"]
    if asked and asked[0] in ANSWERS["bodies"]:
        return (asked[0], *(unit for unit in ANSWERS["bodies"] if unit != asked[0]))
    if asked and asked[0] == "平方米":
        return ANSWERS["square_metres"]
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
    return ASKED_UNIT.sub(" ", text)


def can_be_counted_in(indicator: Indicator, units: Sequence[str]) -> bool:
    """Whether a question that counts in ``units`` can be for an indicator: 招商引资签约项目几个 is not for an amount of money."""
    return not units or any(unit == "倍" or unit.endswith("百分点") or indicator.counts(unit) for unit in units)
