"""Spoken wordings of questions, put into the words that the rest of the reading knows."""

from __future__ import annotations

import re

from retrieval.language.folding import chinese_number
from retrieval.language.patterns import pattern

# 粮食产了多少, 汽车生产了多少辆 ask for what reports call 产量; 投产 and 增产 are other things.
_PRODUCED = pattern("questions.wording.produced")
# 户数和人数, 多少户多少人: two counts of one thing.
_TWO_COUNTS = pattern("questions.wording.two_counts")
_COUNT_AFTER_COUNT = pattern("questions.wording.count_after_count")
_HOW = pattern("questions.wording.how")
_PROBLEMS = pattern("questions.wording.problems")
_FIRST_HALF = pattern("questions.wording.first_half")
_SECOND_HALF = pattern("questions.wording.second_half")
_RESEARCH_SHARE = pattern("questions.wording.research_share")
_POINTS = pattern("questions.wording.points")
_NUMERAL = pattern("questions.wording.numeral")
_TIME = pattern("questions.wording.time")
_NO_SUBJECT = pattern("questions.wording.no_subject")
_OF_GROWTH = pattern("questions.wording.of_growth")
_SHORTEST_SUBJECT = 2  # characters; 2024年目标和2023年完成情况 is of nothing in particular
_TARGET_AND_RESULT = pattern("questions.wording.target_and_result")


def reworded(text: str) -> str:
    """A question (folded, without its places) in the words that its parts are read from.

    Target and result asked for at once (投资的实际和目标) are two parts, and so are two counts (多少户多少人).
    """
    text = _PRODUCED.sub("产量", _HOW.sub("怎么", text))
    text = _SECOND_HALF.sub("下半年", _FIRST_HALF.sub("上半年", text))
    text = _POINTS.sub("个百分点", text)
    text = _NUMERAL.sub(lambda match: str(chinese_number(match.group("numeral")) or match.group()), text)
    text = _PROBLEMS.sub("问题", text)
    text = _RESEARCH_SHARE.sub("研发投入强度", text)
    text = _TWO_COUNTS.sub(r"多少\g<one>,多少\g<two>", text)
    text = _COUNT_AFTER_COUNT.sub(",", text)
    return _target_and_result(text)


def _target_and_result(text: str) -> str:
    match = _TARGET_AND_RESULT.search(text)
    if match is None:
        return text
    subject = text[: match.start()].removesuffix("的")
    if len(_NO_SUBJECT.sub("", subject)) < _SHORTEST_SUBJECT:
        return text
    result = _time(match.group("result") or match.group("result2"))
    target = _time(match.group("target") or match.group("target2"))
    said = match.group("result") or match.group("result2")
    actual = "实际增速" if _OF_GROWTH.search(said) else "实际"
    if match.group("target"):
        return f"{subject}{target}目标是多少,{subject}{result or _written_out(target)}{actual}是多少"
    return f"{subject}{result}{actual}是多少,{subject}{target or _written_out(result)}目标是多少"


def _written_out(time: str) -> str:
    """A year written out, which holds for both; 今年 and 去年 are said of one."""
    return time if re.search(r"\d", time) else ""


def _time(said: str) -> str:
    """The time that stands before 目标 or 实际."""
    found = _TIME.match(said)
    return found.group() if found else ""
