"""Whether a figure was aimed at or reached, and in which year."""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.language.periods import period_end
from retrieval.language.values import RANK_UNIT, Value
from retrieval.models import Kind, Measure, Metadata, Section

_TIME = re.compile(
    r"(?P<until>到|至)?\s*(?P<year>20\d{2}|19\d{2})\s*年(?P<since>以?来)?(?P<span>\s*(?:-+|至|到)\s*20\d{2}\s*年)?|(?<![比较与同超])(?P<last>去年|上年|上一年)(?!同期|底|末)|(?P<past>过去的?一年|这一年)"
    r"|(?P<now>今年|本年)|(?P<next>明年|下一年)|(?P<multi>(?:未来|今后|过去|近|这|连续)?[三四五十两\d]+年(?:来|间|内|以来)(?!首|最|第一|新[高低])|(?:未来|今后|过去|近|这)的?[三四五两]年(?!来?(?:首|最|第一|新[高低]))|用[三四五两\d]+年(?:左右)?的?时间|[\d三四]\s*(?:-+|至|到)\s*[\d五]\s*年(?:时间|内|左右)"
    r"|“?十[三四五六]五”?(?:期间|时期|以来|末)|[三四五]年(?:累计|年均|共|新增|新建|新改建|引进))|(?P<whole>全年)"
)
_YEARS_RUNNING = re.compile(r"连续[\d一二三四五六七八九十两]+年[^,;。]{0,8}$")
_EXISTING = re.compile(r"(?:现有|已有|原有)的?(?:[xX×\d]+[户人家个名位])?$")
_COMPARED = re.compile(r"(?:比|较|与|同|超)\s*$")
_BASE = re.compile(r"(?<![自理缘])[由从]\s*$")
_MULTIPLE = re.compile(r"的?\s*[\d.]+倍")
_OF_BASE = re.compile(r"(?:底|末)?的?[^,;。\d]{0,6}$")
_SINCE = re.compile(r"(?:比|较|与|同|是)\s*(20\d{2}|19\d{2})\s*年[^,;。]*$|(?:比|较|是)“?十[三四五六]五”?[^,;。]*$")
_MOVED = re.compile(r"(?:增加|增长|增|减少|减|提高|提升|下降|降低|上升|缩短|扩大|多|少)(?![到至长])[^,;。\d]{0,14}$")
_THEN_COMPARED = re.compile(
    r"[^;。,]{0,20},?\s*(?:是|较|比)\s*(?:20\d{2}\s*年|“?十[三四五六]五”?)(?:末|底)?的?(?:[\d.]+倍|(?:分别)?(?:翻|增|提高|提升|上升|下降|降|减))"
)
_STANDING = re.compile(
    r"(?:人均[^,;。]{2,14}|余额|总里程|(?<![增效])率|比重|占比|强度)(?:达到?|突破|超过?|为|提高到|提高至|升至)$"
)
_ADDED_UP = re.compile(r"累计|合计|共(?![同享建治产和])|总计|年均|新增|净增")
_MEAN_GROWTH = re.compile(r"年均(?!浓度|值|气温|温度|降[水雨])[^,;。:]*$")
_MEAN_AMOUNT = re.compile(r"年均(?:分别)?(?:新增|增加|净增|投入|完成|实现|引进|接待|减少|培训|新建)[^,;。:]*$")
_OF_BASE_YEAR = re.compile(r"(?:年?同期)?的(?:约|近)?")
ESTIMATE = re.compile(r"预计|预估|初步|有望")
SET_EARLIER = re.compile(
    r"(?:虽然?|但|均|都|略|仍|还|也)*(?:与|较|距离?|低于|高于|好于|快于|超过|达到|超额|未能?|没有|没能|如期|实现|完成)*(?:了)?"
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


def kind_and_year(folded: str, value: Value, context: Context, reached: bool = False) -> tuple[Kind, int | None]:
    """Whether the value was aimed at or reached, and in which year: the section's, unless the sentence says else.

    ``reached`` marks what something rose or fell to in the end (由10亿元增加到16亿元).
    """
    kind: Kind = "target" if context.ahead else "actual"
    told = _told(folded, value)
    year = _year_told(told, context) if told is not None else context.default_year
    if told is not None and year is not None:
        if context.ahead and context.plan_year is not None and year < context.plan_year:
            kind = "actual"
        elif not context.ahead and context.review_year is not None and year > context.review_year:
            kind = "target"
    if kind == "target" and _EXISTING.search(folded[: value.start]):
        kind, year = "actual", context.review_year
    if kind == "actual" and _recalls_target(folded, value):
        kind = "target"
    if value.unit != RANK_UNIT and _YEARS_RUNNING.search(folded[: value.start]):
        year = None  # 连续8年稳定在1300亿斤以上
    elif year is None and kind == "actual" and not context.ahead and (reached or _is_of_the_last(folded, value)):
        year = _last_of(told, context)
    return kind, year


def over_several_years(folded: str, value: Value, measure: Measure, year: int | None) -> bool:
    """Whether a value of ``year`` is a yearly mean (年均增长8%) or a change from further back than the year before."""
    before = folded[: value.start]
    rate = measure in ("growth", "change")
    if measure == "relative" and value.unit == "倍":
        return False  # 是2019年的3.4倍 says itself of which year
    if is_mean(before):
        return rate or bool(_MEAN_AMOUNT.search(before))
    since = _SINCE.search(before)
    if since is None or _is_year_before(since, year):
        return False
    return rate or value.unit in ("%", "倍") or bool(_MOVED.search(since.group()))


def is_mean(before: str) -> bool:
    """Whether the words before a value make it what there was in a year on average: 年均增长."""
    return bool(_MEAN_GROWTH.search(before))


def _told(folded: str, value: Value) -> re.Match[str] | None:
    """The last time named before a value; none that something is compared with, or that a value before it was of."""
    told = None
    for match in _TIME.finditer(folded[: value.start]):
        before, between = folded[: match.start()], folded[match.end() : value.start]
        compared = _COMPARED.search(before) or (before.endswith("是") and _MULTIPLE.match(folded, match.end()))
        compared = compared or (value.unit in ("倍", "%") and _OF_BASE_YEAR.fullmatch(between))  # 是2017年的3.4倍
        of_one_value = _BASE.search(before) or (match.group("until") and between.startswith("的"))  # 由2016年的…到2021年的…
        if not compared and (not of_one_value or _OF_BASE.fullmatch(between)):
            told = match
    return told


def _year_told(told: re.Match[str], context: Context) -> int | None:
    """The year that a named time stands for; None for several years."""
    since = told.group("since") and int(told.group("year")) != context.review_year
    if told.group("multi") or told.group("span") or since:
        return period_end(told.group()) if told.group().endswith("末") else None
    if told.group("year"):
        return int(told.group("year"))
    if told.group("last"):
        return context.now - 1 if context.now else context.review_year
    if told.group("past"):
        return context.review_year
    if told.group("now"):
        return context.plan_year if context.ahead else context.review_year
    if told.group("next"):
        return context.plan_year if context.now == context.review_year else (context.plan_year or 0) + 1
    return context.plan_year if context.ahead else context.review_year


def _is_of_the_last(folded: str, value: Value) -> bool:
    """Whether a value told of several years can only be that of the last one: a rate or a balance that was reached, or
    what is set beside an earlier year's after it (达到80亿元,是2016年的1.6倍)."""
    clause = re.split(r"[,;。:]", folded[: value.start])[-1]
    if _ADDED_UP.search(clause):
        return False
    plain = value.unit not in ("%", "‰", "倍")
    return bool(_STANDING.search(clause + value.comparator) or (plain and _THEN_COMPARED.match(folded, value.end)))


def _last_of(told: re.Match[str] | None, context: Context) -> int | None:
    """The last of several years: the one reviewed, or a five-year plan's last one before it."""
    if told is not None and told.group("span"):
        return None
    end = period_end(told.group()) if told is not None else None
    return min(end, context.review_year) if end and context.review_year else context.review_year


def _is_year_before(since: re.Match[str], year: int | None) -> bool:
    return year is not None and since.group(1) is not None and int(since.group(1)) == year - 1


def _recalls_target(folded: str, value: Value) -> bool:
    """Whether a review says of the value that it had been aimed at: 提出的地区生产总值增长6%左右…预期目标如期实现."""
    before, after = folded[: value.start], folded[value.end :]
    set_before = re.search(r"(?:提出|确定|制定|下达|明确)(?:了)?的(?:(?!目标)[^;。])*$", before)
    return bool(_TARGET_MET.match(after) or (set_before and re.match(r"[^;。]{0,60}目标", after)))
