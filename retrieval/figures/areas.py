"""Of which area a figure is said, where it is not the report's own place: a larger one (全省), or a zone inside it."""

from __future__ import annotations

import re

# What speaks of a larger place than the report's: 全省, in a county's report; not 全国重点, 全省首批, which rank or describe its own.
UPPER = re.compile(
    r"(?:其中|预计|预期|今年|去年|20\d\d年|[,、\s])*(?P<upper>全[国省市州盟区县旗]|我[省市区县州盟旗])(?![产要域力球文能]|重点|首)"
)
_SET = re.compile(r"^(?:提出|确定|安排|下达|要求|预计|建议|预期|目标|为|是|的)+")
_ZONE = r"(?:经济技术开发区|经济开发区|开发区|高新区|经开区|工业园区?|产业园区?|园区|新区|保税区|集聚区)"
# A clause whose subject or object is a zone: 支持云溪开发区扩区升级. What the next clause gives is the zone's.
_ZONE_CLAUSE = re.compile(
    r"(?:[\u4e00-\u9fff]{0,4}?(?:支持|推动|推进|促进|引导|鼓励|指导|助力|加快))?"
    rf"(?P<area>[\u4e00-\u9fff]{{2,8}}?{_ZONE})"
    r"(?:加快|积极|全力|成功)?(?:争创|创建|创成|升级|晋[级位]|扩区|提质|打造|建设|发展|跻身|进入|冲刺|入围|争先)"
)
_NAMELESS_ZONE = re.compile(
    r"^(?:国家级?|省级|市级|县级|各类|全[省市区县]|特色|重点|现代|科技|工业|产业|经济|高新|物流|农业|城市|\S{0,4}级){1,8}"  # a zone's name, as _ZONE_CLAUSE finds it, has eight characters at most
    rf"(?:技术)?{_ZONE}$"
)
_AREA = re.compile(r"(?:区|县|园|(?<![城乡])镇|(?<!城)乡|(?<![农乡])村)$")


def upper_of(phrase: str, own: tuple[str, ...]) -> str:
    """The larger place that a phrase speaks of, of which the report's (called by ``own``) is but a part; else nothing."""
    said = UPPER.match(phrase)
    return said.group("upper") if said and said.group("upper") not in own else ""


def subject_of_upper(upper: str, noun_phrase: str, before: str) -> str:
    """What a figure of a larger place is about: named beside it, or by what was spoken of ``before`` (全市提出增长6%)."""
    return upper + (_SET.sub("", noun_phrase.removeprefix(upper)) or UPPER.sub("", before))


def zone_before(gap: str) -> str:
    """The zone of which the clause before a value's speaks: 支持云溪开发区扩区升级,确保规上工业增加值增长; nothing for one without a name."""
    clauses = re.split(r"[;。:]", gap)[-1].split(",")[:-1]
    found = _ZONE_CLAUSE.match(clauses[-1].strip()) if clauses else None
    return found.group("area") if found and not _NAMELESS_ZONE.match(found.group("area")) else ""


def is_area(part: str, own: tuple[str, ...]) -> bool:
    """Whether a part of the place is an area with a name, by which its other figures can be called, too: 云溪经开区, not 民营企业."""
    return bool(_AREA.search(part)) and not part.startswith(own)
