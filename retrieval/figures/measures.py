"""What a figure measures: an amount, a rate of change, a share, a comparison, a rank."""

from __future__ import annotations

import re

from retrieval.language.indicators import Indicator
from retrieval.language.values import RANK_UNIT, Value
from retrieval.models import Measure

_GROWTH = re.compile(r"增长|增速|增幅|涨幅|上涨|上升|提高|提升|同比增|同比|环比|增加|回升")
_DECLINE = re.compile(r"压降|下降|降低|减少|回落|压减|降幅|下跌|核减")
_SHARE = re.compile(r"占[^,;]{0,24}$|比重|占比|比例(?:为|达|达到|超过|提高到)?$|相当于")
_COMPLETION = re.compile(
    r"完成(?:了)?[^,;]{0,10}(?:任务|目标|计划|预算)[^,;]{0,4}的?$|完成任务量?的|(?:任务|目标|计划)(?:量|数)?的$|完成率"
)
_RELATIVE = re.compile(r"(?:超出|高于|低于|快于|好于|超过|超额|优于|少于)[^,;\d]{2,}$")
_REACHED = re.compile(r"(?:提高|提升|增加|下降|降低|减少|上升|升|降|回落|增长|扩大)(?:到|至)(?:\d{4}年(?:底|末)?)?[^,;]{0,4}$")
_TIMES = re.compile(r"(?:是|为|相当于|达到?)[^,;]{1,10}的$")  # 是2017年的3.4倍
# Targets that are words alone: 进出口促稳提质.
IN_WORDS = re.compile(
    r"(?:促|保)稳提质|量稳质升|稳[量中]提质|稳中有[升进增]|稳规模优结构|(?:总体|基本|大体|保持)+(?:稳定|平稳|平衡)|持续改善|(?:实现)?正增长|止跌回[升稳]"
)


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
    if (_GROWTH.search(clause) or falls) and not _REACHED.search(clause) and indicator:
        return "change", direction
    return "level", ""
