"""Questions about the library itself: of which places it has reports, how many, which were given on a day."""

from __future__ import annotations

import re
from dataclasses import dataclass

_REPORTS = r"(?:政府)?(?:工作)?报告"
_PLACES = r"(?:省区市|省份|省市|省区|省|地方|城市|市|区县|区|县|乡镇|镇|街道|地区|年份|年)"
_HELD = re.compile(
    rf"^(?:请问|你们?|您|这里|这儿|目前|现在|机器人|系统|的)*(?:{_REPORTS})?(?:数据库|资料库|知识库|库)?(?:里面|里|中|内)?(?:面)?"
    rf"(?:目前|现在|一共|总共|共|都|已经|已)*(?:收录|收集|收|包含|包括|覆盖|存|有)(?:了|着|有)?(?:没有)?"
    rf"(?:哪些|哪几个|哪几份|哪几篇|哪|几份|几篇|几个|多少份|多少篇|多少个|多少|什么)?(?:{_PLACES})?(?:的)?{_REPORTS}(?:可以查|可查|能查)?[吗呢啊么?？。]*$"
)
_HELD_OTHERWISE = re.compile(
    rf"^(?:库|数据库|资料库)?(?:里面|里|中|内)?(?:的)?{_REPORTS}(?:目前|现在|一共|总共|共)?有(?:没有)?(?:多少|几)?[份篇个]?[吗呢么?？。]*$"
    rf"|^(?:请问|你们?|您|这里|目前|现在)*(?:(?P<library>数据库|资料库|知识库|库)(?:里面|里|中|内)?)?(?:目前|现在|都)*(?:收录|有)(?:了)?(?:哪些|哪几个|几个|多少个)"
    rf"(?:{_PLACES})(?:的)?(?P<data>数据|资料|材料|信息)?[呢啊?？。]*$"
)
_ASKS = re.compile(r"哪|几|多少|什么|吗|么")
_DAY = re.compile(r"(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]")
_GIVEN = re.compile(rf"{_REPORTS}|开的?会|作的?|召开|开幕")
_WHICH = re.compile(rf"(?:哪些|哪几个|哪个|哪|几个|有谁|谁)(?:{_PLACES})?")
_ABOUT_DAY = re.compile(
    rf"{_REPORTS}|{_PLACES}|(?:人代|人民代表)?大会|会议|政府|作|做|召开|开幕|开|会|在|是|的|有|都|了|这天|那天|上|分别|[\s?？。,，]"
)


@dataclass(frozen=True)
class AboutLibrary:
    """A question about the reports that are held: all of them, or those of ``years``, or given on ``day`` (month, day)."""

    day: tuple[int, int] | None = None
    years: tuple[int, ...] = ()


def read_about_library(text: str) -> AboutLibrary | None:
    """What ``text`` (folded, without places and years) asks of the library itself, or None."""
    plain = re.sub(r"\s+", "", text)
    if _HELD.match(plain) and _ASKS.search(plain):
        return AboutLibrary()
    otherwise = _HELD_OTHERWISE.match(plain)
    if otherwise and _ASKS.search(plain) and ("报告" in plain or otherwise.group("library") or otherwise.group("data")):
        return AboutLibrary()
    day = _DAY.search(plain)
    if day is None or not _GIVEN.search(plain) or not _WHICH.search(plain):
        return None
    left = _ABOUT_DAY.sub("", _WHICH.sub("", _DAY.sub("", plain)))
    return None if left else AboutLibrary((int(day.group("month")), int(day.group("day"))))
