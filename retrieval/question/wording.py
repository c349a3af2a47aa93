"""Spoken wordings of questions, put into the words that the rest of the reading knows."""

from __future__ import annotations

import re

# 粮食产了多少, 汽车生产了多少辆 ask for what reports call 产量; 投产 and 增产 are other things.
_PRODUCED = re.compile(r"(?<=[\u4e00-\u9fff])(?:出产|生产|(?<![投达增减停复量转安超])产)(?:出)?了(?=多少|几)")
# 户数和人数, 多少户多少人: two counts of one thing.
_TWO_COUNTS = re.compile(
    r"(?P<one>[户人家个件次起])数(?:和|与|及|以及|、)(?P<two>[户人家个件次起])数(?:各|分别)?(?:是|有|为)?(?:多少)?"
)
_COUNT_AFTER_COUNT = re.compile(r"(?<=多少[户人家个件次起项])(?:和|与|及|、)?(?=多少[户人家个件次起项亩元])")
_RESEARCH_SHARE = re.compile(
    r"(?:全社会)?(?:研发|研究与试验发展|r&d)(?:经费)?(?:投入|支出)?(?:占|相当于)(?:[本全][省市区县])?(?:地区|国内)?(?:生产总值|gdp)的?(?:比例|比重|比值|份额|百分之几|百分比|多少|几成)",
    re.I,
)
_TIME = r"(?:(?:今年|去年|明年|上年|20\d\d\s*年度?)的?)?"
_SHORTEST_SUBJECT = 2  # characters; 2024年目标和2023年完成情况 is of nothing in particular
_TARGET = rf"{_TIME}(?:主要)?(?:预期)?(?:目标|计划|预期)(?:任务)?(?:数|值)?"
_RESULT = rf"{_TIME}(?:的)?(?:实际|完成|执行|结果|实绩)(?:完成|增长|增速|执行)?(?:情况|结果)?(?:数|值|额)?"
_TAIL = r"(?:的)?(?:分别|各自?|都|一共)?(?:是|为|有)?(?:多少|几何|什么|怎么样|如何|情况)?(?:的?(?:对比|比较|差距|相?差多少))?(?:一下)?[?？。]*"
_TARGET_AND_RESULT = re.compile(
    rf"(?:(?P<target>{_TARGET})(?:和|与|跟|及|以及|、|/)(?P<result>{_RESULT})|(?P<result2>{_RESULT})(?:和|与|跟|及|以及|、|/)(?P<target2>{_TARGET})){_TAIL}$"
)


def reworded(text: str) -> str:
    """A question (folded, without its places) in the words that its parts are read from.

    Target and result asked for at once (投资的实际和目标) are two parts, and so are two counts (多少户多少人).
    """
    text = _PRODUCED.sub("产量", text)
    text = _RESEARCH_SHARE.sub("研发投入强度", text)
    text = _TWO_COUNTS.sub(r"多少\g<one>,多少\g<two>", text)
    text = _COUNT_AFTER_COUNT.sub(",", text)
    return _target_and_result(text)


def _target_and_result(text: str) -> str:
    match = _TARGET_AND_RESULT.search(text)
    if match is None:
        return text
    subject = text[: match.start()].removesuffix("的")
    if len(re.sub(rf"{_TIME}|[\d年的 ]", "", subject)) < _SHORTEST_SUBJECT:
        return text
    result = _time(match.group("result") or match.group("result2"))
    target = _time(match.group("target") or match.group("target2"))
    said = match.group("result") or match.group("result2")
    actual = "实际增速" if re.search("增速|增长", said) else "实际"
    if match.group("target"):
        return f"{subject}{target}目标是多少,{subject}{result or _written_out(target)}{actual}是多少"
    return f"{subject}{result}{actual}是多少,{subject}{target or _written_out(result)}目标是多少"


def _written_out(time: str) -> str:
    """A year written out, which holds for both; 今年 and 去年 are said of one."""
    return time if re.search(r"\d", time) else ""


def _time(said: str) -> str:
    """The time that stands before 目标 or 实际."""
    found = re.match(_TIME, said)
    return found.group() if found else ""
