"""What is left to be read of a part once all turns are known: its intent, and all that decides between answers."""

from __future__ import annotations

import re

from retrieval.language.proper_names import proper_names
from retrieval.question.asks import Ask
from retrieval.question.ellipsis import is_bare
from retrieval.question.query import FLOW_WORDS, Intent, Part
from retrieval.question.said import said_by

_PROBLEMS = frozenset({"困难", "问题", "不足", "短板", "挑战", "压力", "差距", "薄弱环节"})
_NUMBER_WANTED = re.compile(r"多少|百分|几个|增[长速幅]|涨幅")  # to which 促稳提质 is no answer
# With no year named, 进展如何 is first looked for in the review; 怎么推进 in the plan, but not 怎么处理的.
_WHAT_WAS_DONE = re.compile(r"成果|成效|成绩|进展|情况")
_HOW_TO = re.compile(r"(?:怎么|如何|怎样|咋)(?=[\u4e00-\u9fff])(?![样会了的])(?!.*(?:[了过]|的[?？。]*$))")
# 产量目标 is a number: a passage on the thing does not answer for it.
_NAMES_NUMBER = re.compile(
    r"(?:[产总数质存容]量|产能|用电量|[率额值]|里程|面积|人[数次]|规模|收入|投资|户数|比[例重])(?:的)?(?:增长|增速)?(?:控制)?(?:目标|指标)(?:值|数)?[?？。]*$"
)


def part_of(ask: Ask) -> Part:
    """``ask``, read to the end."""
    return Part(
        _intent(ask),
        ask.text,
        indicators=ask.indicators,
        named=ask.named,
        topic=ask.topic,
        head=ask.head,
        aim=ask.aim,
        measure=ask.measure,
        units=ask.units,
        said=said_by(ask.text),
        when=ask.when,
        fact=ask.fact,
        office=ask.office,
        themes=ask.themes,
        whole_theme=ask.whole,
        continues=ask.continues,
        or_passage=ask.either,
        proper_names=proper_names(ask.text),
        flow_words=tuple(word for word in FLOW_WORDS if word in ask.text),
        number_wanted=bool(_NUMBER_WANTED.search(ask.text)),
        names_number=bool(_NAMES_NUMBER.search(ask.text)),
        ahead=_ahead(ask),
        evidence=ask.evidence,
    )


def names_nothing(ask: Ask) -> bool:
    """Whether an ask has nothing to look for: no subject, no main targets or work, or but a verb."""
    return (ask.empty and ask.aim is None and not ask.main_work) or (is_bare(ask) and not ask.units)


def _intent(ask: Ask) -> Intent:
    if ask.kind == "mention":
        return Intent.MENTION
    if ask.kind == "fact":
        return Intent.FACT
    if ask.kind == "figure":
        return Intent.RANK if ask.measure == "rank" else Intent.FIGURE
    if ask.either and ask.topic:
        return Intent.AMOUNT
    if ask.topic and set(ask.topic) <= _PROBLEMS:
        return Intent.PROBLEMS
    if ask.main_work:
        return Intent.WORK
    return Intent.TARGETS if ask.empty and ask.aim == "target" else Intent.PASSAGE


def _ahead(ask: Ask) -> bool | None:
    """Whether the wording of an ask that names no year is of what is to be done, or has been."""
    if _WHAT_WAS_DONE.search(ask.text):
        return False
    return True if _HOW_TO.search(ask.text) and not ask.when.said else None
