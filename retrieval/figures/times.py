"""Whether a figure was aimed at or reached, and in which year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from retrieval.language.measures import traits_of
from retrieval.language.patterns import pattern
from retrieval.language.periods import period_end
from retrieval.language.places import NATION
from retrieval.language.values import RANK_UNIT, Value
from retrieval.models import Kind, Measure, Metadata, Section

_TIME = pattern("figures.time.named")
GROUND = "的基础上"  # behind what had been before, and goes on from there
_ASIDE = re.compile(r"\([^()]*\)")
_YEARS_RUNNING = pattern("figures.time.years_running")
_EXISTING = pattern("figures.time.existing")
_COMPARED = pattern("figures.time.compared")
_BASE = pattern("figures.time.base")
_MULTIPLE = pattern("figures.time.multiple")
_OF_BASE = pattern("figures.time.of_base")
_SINCE = pattern("figures.time.since")
_MOVED = pattern("figures.time.moved")
_THEN_COMPARED = pattern("figures.time.then_compared")
_STANDING = pattern("figures.time.standing")
_ADDED_UP = pattern("figures.time.added_up")
_MEAN_GROWTH = pattern("figures.time.mean_growth")
_MEAN_AMOUNT = pattern("figures.time.mean_amount")
_OF_BASE_YEAR = pattern("figures.time.of_base_year")
_SO_FAR = re.compile(r"以来|(?:头|前)?[一二三1-3]\s*(?:个?月|季度)|上半年")
_PERIOD_TARGET = pattern("figures.time.period_target")
ESTIMATE = pattern("figures.time.estimate")
SET_EARLIER = pattern("figures.time.set_earlier")
_CAME_TO = pattern("figures.time.came_to")
_OVER_THE_YEARS = pattern("figures.time.over_the_years")
_AIMED_AT = pattern("figures.time.aimed_at")
_TARGET_MET = pattern("figures.time.target_met")
_SET_BEFORE = pattern("figures.time.set_before")
_TARGET_AFTER = pattern("figures.time.target_after")
_LABELLED = pattern("figures.time.labelled")


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
    if metadata.plan_year is None or metadata.review_year is None or metadata.place == NATION:
        return metadata.plan_year  # the State Council's is given in the year that it plans
    chapters = [section for section in outline if section.depth == 1 and section.period]
    done = "".join(text[s.start : s.end] for s in chapters if not s.ahead)
    to_do = "".join(text[s.start : s.end] for s in chapters if s.ahead and s.period)
    if "明年" in to_do or ("今年" in done and "今年" not in to_do):
        return metadata.review_year
    return metadata.plan_year


def asides(folded: str) -> Iterator[tuple[int, int]]:
    """The brackets of a sentence that tell an amount of another time: 增长6.5%（2024年为6.3%）."""
    for aside in _ASIDE.finditer(folded):
        told = _TIME.search(aside.group())
        if told and re.search(r"\d", aside.group()[: told.start()] + aside.group()[told.end() :]):
            yield aside.span()


def without_asides(folded: str, position: int) -> str:
    """A sentence without the asides before ``position``, of the same length: their times hold for them alone."""
    for start, end in asides(folded[:position]):
        folded = folded[:start] + " " * (end - start) + folded[end:]
    return folded


def with_asides_open(folded: str) -> str:
    """A sentence whose asides are clauses like others, of the same length: they go on with what was named, and so does what follows."""
    for start, end in asides(folded):
        folded = f"{folded[:start]},{folded[start + 1 : end - 1]},{folded[end:]}"
    return folded


def kind_and_year(folded: str, value: Value, context: Context, reached: bool = False) -> tuple[Kind, int | None]:
    """Whether the value was aimed at or reached, and in which year: the section's, unless the sentence says else.

    ``reached`` marks what something rose or fell to in the end (由10亿元增加到16亿元).
    """
    kind: Kind = "target" if context.ahead else "actual"
    told = _told(folded, value)
    if told is not None and reached and not told.group("span") and _BASE.search(folded[: told.start()]):
        told = None  # of what it had been
    year = _year_told(told, context) if told is not None else context.default_year
    if told is None and year is not None and context.ahead and year == context.review_year != context.plan_year:
        kind = "actual"
    if told is not None and year is not None:
        if context.ahead and context.plan_year is not None and year < context.plan_year:
            kind = "actual"
        elif not context.ahead and context.review_year is not None and year > context.review_year:
            kind = "target"
    if _PERIOD_TARGET.search(folded[: value.start]) and year is None:
        return "target", None
    if kind == "target" and _EXISTING.search(folded[: value.start]):
        kind, year = "actual", context.review_year
    if kind == "actual" and _recalls_target(folded, value):
        kind = "target"
    if kind == "actual" and not context.ahead and _AIMED_AT.search(folded[: value.start].rsplit("。", 1)[-1]):
        kind = "target"  # 展望了新的一年:今年地区生产总值预期增长12%, among what a news story tells of the year reviewed
        year = year if told is not None and told.group("year") else context.plan_year
    if labelled := _LABELLED.search(folded[: value.start]):  # a table's head before what it is of
        kind = "target" if labelled.group("aimed") else "actual"
        if told is None and kind == "actual" and context.ahead:
            year = context.review_year
    if value.unit != RANK_UNIT and _YEARS_RUNNING.search(folded[: value.start]):
        year = None  # 连续8年稳定在1300亿斤以上
    elif year is None and kind == "actual" and not context.ahead and (reached or _is_of_the_last(folded, value)):
        year = _last_of(told, context, reached)
    return kind, year


def over_several_years(folded: str, value: Value, measure: Measure, year: int | None) -> bool:
    """Whether a value of ``year`` is a yearly mean (年均增长8%) or a change from further back than the year before."""
    before = folded[: value.start]
    rate = traits_of(measure).moves
    if traits_of(measure).compared and value.unit == "倍":
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
        base = not match.group("span") and _BASE.search(before)
        moved = base or match.group("until")  # 由2020年的48.2%提高到2024年的56.7%
        compared = bool(_COMPARED.search(before) or (before.endswith("是") and _MULTIPLE.match(folded, match.end())))
        compared |= value.unit in ("倍", "%") and not moved and bool(_OF_BASE_YEAR.fullmatch(between))  # 是2017年的3.4倍
        compared |= GROUND in between  # 在2020年增长5%的基础上,又增长6%
        of_one_value = base or (match.group("until") and between.startswith("的"))  # 由2016年的…到2021年的…
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
    if told.group("last") and not context.ahead and context.review_year and _BASE.search(told.string[: told.start()]):
        return context.review_year - 1  # of a review, 由上年的3家增加到5家
    if told.group("last"):
        return context.now - 1 if context.now else context.review_year
    if told.group("past"):
        return context.review_year
    if told.group("now") and NATION in context.own and context.now and not _SO_FAR.match(told.string, told.end()):
        return context.now  # chapters of the State Council's reports review and plan at once
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
    said = clause + value.comparator
    if _STANDING.search(said):
        return True
    if value.unit in ("%", "‰", "倍"):
        return False
    went_on = _CAME_TO.search(said) and _OVER_THE_YEARS.match(folded, value.end)
    return bool(_THEN_COMPARED.match(folded, value.end) or went_on)


def _last_of(told: re.Match[str] | None, context: Context, reached: bool) -> int | None:
    """The last of several years: the one reviewed, or a five-year plan's last one before it.

    Of a span that is named it is the year of what something came to (从1978年到1983年,…由175元提高到288元), and of nothing else.
    """
    if told is not None and told.group("span"):
        return int(re.findall(r"\d{4}", told.group("span"))[-1]) if reached else None
    end = period_end(told.group()) if told is not None else None
    return min(end, context.review_year) if end and context.review_year else context.review_year


def _is_year_before(since: re.Match[str], year: int | None) -> bool:
    return year is not None and since.group(1) is not None and int(since.group(1)) == year - 1


def _recalls_target(folded: str, value: Value) -> bool:
    """Whether a review says of the value that it had been aimed at: 提出的地区生产总值增长6%左右…预期目标如期实现."""
    before, after = folded[: value.start], folded[value.end :]
    set_before = _SET_BEFORE.search(before)
    return bool(_TARGET_MET.match(after) or (set_before and _TARGET_AFTER.match(after)))
