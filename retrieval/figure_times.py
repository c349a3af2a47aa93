"""Whether a figure was aimed at or reached, and in which year."""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.models import Kind, Metadata, Section
from retrieval.values import RANK_UNIT, Value

_TIME = re.compile(
    r"(?P<until>到|至)?\s*(?P<year>20\d{2}|19\d{2})\s*年(?P<since>以?来)?(?P<span>\s*(?:-+|至|到)\s*20\d{2}\s*年)?|(?<![比较与同超])(?P<last>去年|上年|上一年)(?!同期|底|末)|(?P<past>过去的?一年|这一年)"
    r"|(?P<now>今年|本年)|(?P<next>明年|下一年)|(?P<multi>(?:未来|今后|过去|近|这|连续)?[三四五十两\d]+年(?:来|间|内|以来)(?!首|最|第一|新[高低])|(?:未来|今后|过去)[的]?[三四五两]年|[\d三四]\s*(?:-+|至|到)\s*[\d五]\s*年(?:时间|内|左右)"
    r"|“?十[三四五六]五”?(?:期间|时期|以来|末)|[三四五]年(?:累计|年均))|(?P<whole>全年)"
)
_YEARS_RUNNING = re.compile(r"连续[\d一二三四五六七八九十两]+年[^,;。]{0,8}$")
_EXISTING = re.compile(r"(?:现有|已有|原有)的?(?:[xX×\d]+[户人家个名位])?$")
_COMPARED = re.compile(r"(?:比|较|与|同|超)\s*$")
_OF_BASE = re.compile(r"(?:年?同期)?的(?:约|近)?")
ESTIMATE = re.compile(r"预计|预估|初步|有望")
SET_EARLIER = re.compile(
    r"(?:虽然?|但|均|都|略|仍|还|也)*(?:与|较|距离?|低于|高于|好于|快于|超过|达到|超额|未能?|没有|没能|如期|实现|完成|达到)*(?:了)?"
    r"(?:年初|年前|原先?|此前)(?:人代会|人大会议?|计划)?(?:所|预期)?(?:确定|提出|制定|下达|明确|预定|设定|定下?|安排)的(?:预期)?"
)
_TARGET_MET = re.compile(r"^[^,;。、超完达高快]{0,4}(?:的|预期|年初|年度)[^,;。]{0,6}目标")


@dataclass(frozen=True)
class Context:
    """What a sentence inherits from its section and its report."""

    section: int
    ahead: bool
    default_year: int | None
    review_year: int | None
    plan_year: int | None
    now: int | None
    own: tuple[str, ...]


def year_said_now(text: str, outline: tuple[Section, ...], metadata: Metadata) -> int | None:
    """The year that the report calls 今年: the one planned for, or, in a report given before its year ended, the one reviewed."""
    if metadata.plan_year is None or metadata.review_year is None:
        return metadata.plan_year
    chapters = [section for section in outline if section.depth == 1 and section.period]
    done = "".join(text[s.start : s.end] for s in chapters if not s.ahead)
    to_do = "".join(text[s.start : s.end] for s in chapters if s.ahead and s.period)
    if "明年" in to_do or ("今年" in done and "今年" not in to_do):
        return metadata.review_year
    return metadata.plan_year


def kind_and_year(folded: str, value: Value, context: Context) -> tuple[Kind, int | None]:
    """Whether the value was aimed at or reached, and in which year: the section's, unless the sentence says else."""
    kind: Kind = "target" if context.ahead else "actual"
    year = context.default_year
    told = None
    for match in _TIME.finditer(folded[: value.start]):
        base = value.unit in ("倍", "%") and _OF_BASE.fullmatch(folded[match.end() : value.start])  # 是2017年的3.4倍
        if not base and not _COMPARED.search(folded[: match.start()]):
            told = match
    if told is not None:
        since = told.group("since") and int(told.group("year")) != context.review_year
        if told.group("multi") or told.group("span") or since:
            year = None
        elif told.group("year"):
            year = int(told.group("year"))
        elif told.group("last"):
            year = context.now - 1 if context.now else context.review_year
        elif told.group("past"):
            year = context.review_year
        elif told.group("now"):
            year = context.default_year if not context.ahead else context.plan_year
            if not context.ahead:
                year = context.review_year
        elif told.group("next"):
            year = context.plan_year if context.now == context.review_year else (context.plan_year or 0) + 1
        elif told.group("whole"):
            year = context.plan_year if context.ahead else context.review_year
    if told is not None and year is not None and not told.group("multi"):
        if context.ahead and context.plan_year is not None and year < context.plan_year:
            kind = "actual"
        elif not context.ahead and context.review_year is not None and year > context.review_year:
            kind = "target"
    if value.unit != RANK_UNIT and _YEARS_RUNNING.search(folded[: value.start]):
        year = None  # 连续8年稳定在1300亿斤以上
    if kind == "target" and _EXISTING.search(folded[: value.start]):
        kind, year = "actual", context.review_year
    if kind == "actual" and _recalls_target(folded, value):
        kind = "target"
    return kind, year


def _recalls_target(folded: str, value: Value) -> bool:
    """Whether a review says of the value that it had been aimed at: 提出的地区生产总值增长6%左右…预期目标如期实现."""
    before, after = folded[: value.start], folded[value.end :]
    set_before = re.search(r"(?:提出|确定|制定|下达|明确)(?:了)?的(?:(?!目标)[^;。])*$", before)
    return bool(_TARGET_MET.match(after) or (set_before and re.match(r"[^;。]{0,60}目标", after)))
