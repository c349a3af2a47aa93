"""The words that tell whether a number is what was added or what there is in all, of reports and of questions."""

from __future__ import annotations

ADDED_WORDS = ("新增", "新认定", "净增", "新建", "新改建", "新开", "新发展", "新培育", "新获")
TOTAL_WORDS = ("累计", "一共", "总共", "总数", "总里程", "总量", "总计", "合计", "共有")
