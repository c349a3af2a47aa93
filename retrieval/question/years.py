"""Questions over several years of one place: how a figure went on, and whether a target was met."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from retrieval.language.folding import chinese_number
from retrieval.question.asks import Ask, as_figure, read_asks

_RECENT = re.compile(
    r"(?:最近|近|过去|这|前)(?P<count>[二两三四五六七八九十]|\d{1,2})年(?:来|间|内|以来)?|近几年|这几年|近年来?|历年来?|逐年|各年度?|每年|历次报告"
)
_RANGE = re.compile(r"(?:从|由)?(?P<first>20\d{2})\s*年?\s*(?:到|至|-+)\s*(?P<last>20\d{2})\s*年?")
_COURSE = re.compile(r"(?:变化|发展|增长)?(?:趋势|走势)|(?:年度|逐年)变化|变化情况|怎么变(?:化)?的?|如何变化|有什么变化")
_AGAINST = re.compile(r"(?P<first>20\d{2})\s*年(?P<between>[^,;]{0,24}?)比(?P<last>20\d{2})\s*年")
_BY_HOW_MUCH = re.compile(
    r"(?:实际)?(?:产量|数量|水平)?(?:增加|提高|上升|下降|减少|降低|多|少|高|低|增长)(?:了|出)?(?:多少|几)(?:个?百分点|万?亿?[元亩吨斤人个户家])?|变化(?:了)?(?:多少)?"
)
_TOGETHER = re.compile(r"年均|累计|总共|合计|一共")
_DONE = r"(?:完成|实现|达到|达成|兑现)"
_AIMED = r"(?:目标|任务|预期|指标)"
_ASKED = r"(?:了)?(?:吗|没有|没|么|与否|如何|怎么样|怎样|了没)"
_MET = re.compile(
    rf"{_AIMED}(?:值|数)?(?:的)?(?:都|全部|是否|有没有|全)?{_DONE}(?:得|情况)?{_ASKED}?(?:[?？]|$)|(?:有没有|是否|是不是|没有){_DONE}[^,;]{{0,14}}{_AIMED}|{_DONE}(?:了)?[^,;]{{0,14}}{_AIMED}{_ASKED}"
    rf"|{_AIMED}(?:值|数)?[^,;]{{0,6}}(?:有没有|是否|是不是)(?:都|全部)?{_DONE}|达标(?:了)?(?:吗|没有|没|情况|$)|(?:有没有|是否)达标|(?:跟|与|和){_AIMED}(?:比|相比)"
    rf"|{_AIMED}(?:值|数)?(?:与|和|跟|同)实际(?:{_DONE})?(?:情况|结果|值|数)?的?(?:对比|比较|相比|差距|相差|差多少)"
)
_MET_WORDS = re.compile(
    rf"有没有|是否|是不是|{_DONE}|{_AIMED}(?:值|数)?|情况|达标|如何|怎么样|怎样|与否|了没|没有|全部|(?:跟|与|和|同)(?=[?？]|$)|(?:跟|与|和|同)?实际(?:情况|结果|值|数)?|对比|比较|差距|相差|差多少|相比|[吗么]|都"
)


@dataclass(frozen=True)
class CourseOfAsks:
    """What is asked over years: the ``trend`` of figures, or whether targets were ``met``; ``asks`` are for which.

    ``first`` and ``last`` are years, ``count`` how many of the latest; all None for all that are there. ``together``
    asks for one figure over them all (五年累计), ``against`` how two years differ.
    """

    kind: Literal["trend", "met"]
    asks: tuple[Ask, ...]
    first: int | None = None
    last: int | None = None
    count: int | None = None
    together: bool = False
    against: bool = False


def _without_aim(asks: Sequence[Ask]) -> tuple[Ask, ...]:
    return tuple(replace(as_figure(ask), aim=None) for ask in asks if not ask.empty)


def read_course(text: str) -> CourseOfAsks | None:
    """What ``text`` (folded, without places) asks over years, or None."""
    if _MET.search(text):
        bare = _MET_WORDS.sub(" ", text)
        return CourseOfAsks("met", tuple(as_figure(ask) for ask in read_asks(bare) if not ask.empty))
    against = _AGAINST.search(text)
    if against:
        bare = _BY_HOW_MUCH.sub(" ", f"{text[: against.start()]}{against.group('between')} {text[against.end() :]}")
        asks = _without_aim(read_asks(bare))
        if not re.search("增速|增长率|增幅", text):
            asks = tuple(replace(ask, measure="level") if ask.measure is None else ask for ask in asks)
        years = sorted((int(against.group("first")), int(against.group("last"))))
        return CourseOfAsks("trend", asks, years[0], years[1], against=True) if asks else None
    spoken_range, recent, course = _RANGE.search(text), _RECENT.search(text), _COURSE.search(text)
    if not (spoken_range or recent or course):
        return None
    bare = re.sub("变化|变动", " ", _COURSE.sub(" ", _RECENT.sub(" ", _RANGE.sub(" ", text))))
    asks = tuple(as_figure(ask) for ask in read_asks(bare) if not ask.empty)
    if re.search("目标", text) and re.search("结果|完成|实际|实绩", text):
        asks = _without_aim(asks)
    if not asks or not all(ask.kind == "figure" for ask in asks):
        return None
    first, last = (int(spoken_range.group("first")), int(spoken_range.group("last"))) if spoken_range else (None, None)
    counted = recent.group("count") if recent and not spoken_range else None
    count = None if counted is None else int(counted) if counted.isdigit() else chinese_number(counted)
    return CourseOfAsks("trend", asks, first, last, count, bool(_TOGETHER.search(text)))
