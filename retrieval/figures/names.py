"""The names of what figures count: what stands after a value, and what the names of a list share."""

from __future__ import annotations

import re

from retrieval.figures.times import SET_EARLIER
from retrieval.language.folding import chinese_number
from retrieval.language.indicators import function_words_only
from retrieval.language.vocabulary import weak_words

SHORT_NAME = 3  # characters; a name of a list that is no longer leaves something to the other names
_SECOND_COUNT = re.compile(r"^[xX×\d.]+余?[百千万亿]?[个名户人家件项条次类位]+")  # 11类54个基本指标
_ATTRIBUTES = r"(?:率|比例|比重|数量|[人起件户家次]数|人次|花费|面积|产量|产值|总额|金额|收入|支出|投资|出口|进口|增加值)$"
_ITEM_MARK = re.compile(
    r"^(?:[、\s-]|[一二三四五六七八九十]是(?=[\u4e00-\u9fff]{2})|[①-⑳]|\d{1,2}(?:[.、](?!\d)|\))|\((?:[一二三四五六七八九十]{1,3}|\d{1,2})\))+"
)
_DEALT_ATTRIBUTE = re.compile(r"(?:总产值|产值|增加值|产量|营业收入|收入|营收|投资|出口|规模|利润|销售额)$")
_OF_WHOLE = re.compile(r"(?:总产|(?P<attribute>产量|产值|面积))$")
_COUNTED_LIST = re.compile(
    r"(?P<names>[^,;。:]*[\u4e00-\u9fff])等?(?P<number>\d{1,2}|[两三四五六七八九十])(?:大类|[大个条类种项家])"
    r"(?P<kind>[\u4e00-\u9fff]*)$"
)
_ATTRIBUTE = re.compile(rf"[\u4e00-\u9fff]{{0,2}}{_ATTRIBUTES}")


def piece_after(rest: str, stops: str = ",;。:!?、(\n") -> str:
    """What stands between a value and the next mark or number, unless it names nothing."""
    rest = _SECOND_COUNT.sub("", rest)
    stop = re.search(rf"[{stops}\dxX×]", rest)
    after = rest[: stop.start()] if stop else rest
    if stop and re.match(r"以及|[和及与、]", after):
        return ""  # 污水3.5万吨和垃圾2万吨: what the next value counts
    bracket = re.match(r"\([\u4e00-\u9fff]{1,4}\)", rest[len(after) :])
    if bracket and len(after) == 1:
        after += bracket.group()  # 11条河(沟)
    return "" if function_words_only(after) else re.sub(r"(?<=[\u4e00-\u9fff]{2})(?:以及|[和及])$", "", after.strip())


def without_verbs(name: str) -> str:
    """``name`` without the weak words it begins with: 新建和改造… counts nothing by itself."""
    while word := next(
        (name[:n] for n in range(min(4, len(name)), 0, -1) if name[:n] in weak_words() or name[:n] in "和及并、"), None
    ):
        name = name[len(word) :]
    return name


def heads_shared(name: str, first: str) -> list[str]:
    """What the first name of a list may have before its attribute (接待人次, or 人次), where ``name`` is an attribute alone."""
    attribute, shortest, longest = _ATTRIBUTE.search(name), re.search(_ATTRIBUTES, first), _ATTRIBUTE.search(first)
    if not attribute or attribute.group() != name or len(first) - len(name) < SHORT_NAME:
        return []
    return [first[: -len(own.group())] for own in (shortest, longest) if own]


def tail_shared(name: str, last: str) -> str:
    """What the last name of a list has and the others share: 民营企业、外资企业出口 -> 出口."""
    if _ATTRIBUTE.search(name):
        return ""
    for length in (2, 1):
        at = last.find(name[-length:])
        if at >= 0 and at + length < len(last):
            return last[at + length :]
    if len(name) <= SHORT_NAME < len(last):
        return last[len(name) :]
    attribute = _ATTRIBUTE.search(last)
    return attribute.group() if attribute else ""


def without_item_mark(phrase: str) -> str:
    """A phrase without the number or mark of the item that it begins: 5.城镇新增就业, 一是…, (2)…"""
    return _ITEM_MARK.sub("", phrase)


def without_setting(phrase: str) -> str:
    """A phrase without the words that recall when its value was set, and how it was met: GDP增速与年初确定的, 未能完成年初确定的增长."""
    found = SET_EARLIER.search(phrase)
    if found is None or not function_words_only(phrase[found.end() :]):
        return phrase
    return phrase[: found.start()] + phrase[found.end() :]


def attribute_dealt_out(words: str) -> str:
    """The attribute that stands behind 分别 instead of in the names: 装备制造、精细化工分别实现产值46亿元、61亿元; else nothing."""
    found = _DEALT_ATTRIBUTE.search(words)
    return found.group() if found else ""


def attribute_of_whole(name: str) -> str:
    """The attribute that a whole shares with its parts: 粮食总产1.8万吨,其中小麦0.9万吨 are both outputs; else nothing."""
    found = _OF_WHOLE.search(name)
    return (found.group("attribute") or "产量") if found else ""


def counted_list(clause: str, count: int) -> str:
    """The names of a list of ``count`` that says how many it names, each with what they all are (光伏、航空2条产业链产值); else nothing."""
    listed = _COUNTED_LIST.match(clause)
    if listed is None or "、" not in listed.group("names"):
        return ""
    number = listed.group("number")
    if (int(number) if number.isdigit() else chinese_number(number)) != count:
        return ""
    return "、".join(f"{name}{listed.group('kind')}" for name in listed.group("names").split("、"))
