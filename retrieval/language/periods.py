"""The periods that the genre names beside years: parts of one, and five-year plans."""

from __future__ import annotations

import re

WHOLE_YEAR = "全年"
PARTS_OF_YEAR = frozenset({"上半年", "下半年", "半年", "一季度", "前三季度", "三季度", "季度"})
_PLAN_PERIOD = re.compile(r"十([一二三四五六])五")


def period_end(said: str) -> int | None:
    """The last year of a five-year plan that is named: 2025 of “十四五”."""
    plan = _PLAN_PERIOD.search(said)
    return 2010 + 5 * "一二三四五六".index(plan.group(1)) if plan else None
