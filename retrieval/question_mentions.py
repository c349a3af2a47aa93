"""Questions about mentions: whether, and which, reports mention something, or do not."""

from __future__ import annotations

import re

from retrieval.asks import FIGURE, Ask

_MENTION_VERB = r"(?:提到|提及|提过|提了|讲到?|写进|写入|写到|写了|涉及|谈到|讲到|说到|出现|列入|纳入)"
_WHICH = r"(?:哪些|哪几个|哪个|哪几份|哪份|几个|几份|多少个?|有哪些|哪)"
_UNITS_OF_REPORTS = r"(?:省区市|省份|省市|省区|省|地方|报告|城市|市|区县|区|县|乡镇|镇|地区|材料|文件)"
_MENTION_LISTS = (
    re.compile(
        rf"(?:{_WHICH}{_UNITS_OF_REPORTS}?|谁)[^,]{{0,12}}?{_MENTION_VERB}(?:了|过|到)?(?P<term>(?!(?:政府)?(?:工作)?报告)(?!政府)[^,]+?)(?:的?(?:有)?(?:哪些|几个)?{_UNITS_OF_REPORTS}?)?$"
    ),
    re.compile(
        rf"^(?P<term>.+?)(?:被|在|是|都|有)?{_WHICH}{_UNITS_OF_REPORTS}?[^,]{{0,10}}?(?:{_MENTION_VERB}(?:进|入|了|过|到)?(?:了)?(?:政府工作报告|工作报告|报告)?|有)$"
    ),
    re.compile(rf"{_MENTION_VERB}(?:了|过|到)?(?P<term>[^,]+?)的(?:有|是)?{_WHICH}"),
    re.compile(
        rf"{_MENTION_VERB}(?:了|过|到)?(?P<term>[^,]+?)的?{_UNITS_OF_REPORTS}(?:有|是|都)*(?:哪些|哪几个|几个|多少|谁)?(?:个)?{_UNITS_OF_REPORTS}?$"
    ),
    re.compile(
        rf"(?:列出|找出|列举|统计|汇总)(?:一下)?(?:所有|全部)?{_MENTION_VERB}(?:了|过|到)?(?P<term>[^,]+?)的?{_UNITS_OF_REPORTS}?$"
    ),
)
_MENTION_CHECKS = (
    re.compile(rf"(?:有没有|是否|是不是|有无|可曾)(?:都)?{_MENTION_VERB}(?:了|过|到)?(?P<term>[^,]+)$"),
    re.compile(rf"{_MENTION_VERB}(?:了|过|到)?(?P<term>[^,]+?)(?:了)?(?:吗|没有|没|么|不)$"),
    re.compile(rf"(?P<term>[^,]+?)(?:有没有|是否|是不是)(?:被)?{_MENTION_VERB}(?:到|过|了|进)?(?:政府工作报告|工作报告|报告)?$"),
    re.compile(r"报告(?:里|中)(?:有没有|有无|是否有|有)(?P<term>[^,]{2,12}?)(?:吗|没有|这个词|的内容|的提法)?$"),
)
_NO_TERM = re.compile(r"^(?:今年|去年)?的?(?:政府|工作|政府工作|政府工作报告|工作报告|报告)$")
_MENTION_CLEAN = re.compile(
    r"^(?:的|了|到|过|有关|关于|“|\"|《|『)+|(?:这个词|一词|这个说法|的内容|相关内容|的|了|吗|呢|没有|”|\"|》|』)+$"
)
_QUOTED = re.compile(r"[“\"《『]([^”\"》』]{2,24})[”\"》』]")
_NOT = re.compile(r"(?:没有?|未|不|没)(?=被?(?:提|写|涉及|谈|讲|说|出现|列入|纳入))")


def read_mention(text: str) -> Ask | None:
    """The mention that ``text`` asks for, or None. The reports that lack it are asked for where it is ``negated``."""
    plain = text.strip("?？。!！ ")
    quoted = _QUOTED.search(plain)
    negated = bool(_NOT.search(plain)) and not re.search(r"有没有|(?:了|过)?没有?$", plain)
    if (negated and re.search(r"但|而|却|又", plain)) or re.search(r"(?:多少|几)[个项件家类][^,]*(?:纳入|列入|出现)", plain):
        return None  # two conditions at once, or a count: not a plain mention
    plain = _NOT.sub("", plain) if negated else plain
    for pattern in (*_MENTION_CHECKS[:1], *_MENTION_LISTS, *_MENTION_CHECKS[1:]):
        match = pattern.search(plain)
        if match:
            term = match.group("term").strip()
            term = _MENTION_CLEAN.sub(
                "", _MENTION_CLEAN.sub("", re.sub(r"^(?:政府)?(?:工作)?报告(?:里|中)?(?:都)?", "", term))
            ).strip()
            term = quoted.group(1) if quoted else term
            if 2 <= len(term) <= 24 and not FIGURE.search(term) and not _NO_TERM.match(term):
                return Ask(text, "mention", mention=term, negated=negated)
    return None
