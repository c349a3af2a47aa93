"""The names of what figures count: what stands after a value, and what the names of a list share."""

from __future__ import annotations

import re

from retrieval.figures.times import SET_EARLIER
from retrieval.language.folding import HAN, chinese_number
from retrieval.language.indicators import function_words_only
from retrieval.language.patterns import pattern
from retrieval.language.vocabulary import weak_words

SHORT_NAME = 3  # characters; a name of a list that is no longer leaves something to the other names
_SECOND_COUNT = pattern("figures.name.second_count")
_ATTRIBUTES = pattern("figures.name.attributes")
_ITEM_MARK = pattern("figures.name.item_mark")
_DEALT_ATTRIBUTE = pattern("figures.name.dealt_attribute")
_OF_WHOLE = pattern("figures.name.of_whole")
_COUNTED_LIST = pattern("figures.name.counted_list")
_JOINS_NEXT = pattern("figures.name.joins_next")
_JOINED_AT_END = pattern("figures.name.joined_at_end")
_ATTRIBUTE = pattern("figures.name.attribute")


def piece_after(rest: str, stops: str = ",;。:!?、(\n") -> str:
    """What stands between a value and the next mark or number, unless it names nothing."""
    rest = _SECOND_COUNT.sub("", rest)
    stop = re.search(rf"[{stops}\dxX×]", rest)
    after = rest[: stop.start()] if stop else rest
    if stop and _JOINS_NEXT.match(after):
        return ""  # 污水3.5万吨和垃圾2万吨: what the next value counts
    bracket = re.match(rf"\([{HAN}]{{1,4}}\)", rest[len(after) :])
    if bracket and len(after) == 1:
        after += bracket.group()  # 11条河(沟)
    return "" if function_words_only(after) else _JOINED_AT_END.sub("", after.strip())


def without_verbs(name: str) -> str:
    """``name`` without the weak words it begins with: 新建和改造… counts nothing by itself."""
    while word := next(
        (name[:n] for n in range(min(4, len(name)), 0, -1) if name[:n] in weak_words() or name[:n] in "和及并、"), None
    ):
        name = name[len(word) :]
    return name


def heads_shared(name: str, first: str) -> list[str]:
    """What the first name of a list may have before its attribute (接待人次, or 人次), where ``name`` is an attribute alone."""
    attribute, shortest, longest = _ATTRIBUTE.search(name), _ATTRIBUTES.search(first), _ATTRIBUTE.search(first)
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
