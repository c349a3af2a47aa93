"""Amounts written in Chinese numerals: 百分之十一点八, 三亿六千万斤, 百分之八至九."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from retrieval.language.folding import chinese_number
from retrieval.language.units import UNIT

_SCALES = {"亿": 1e8, "万": 1e4}
_DIGIT = "零〇一二三四五六七八九十百千两"
_WHOLE = f"[一二三四五六七八九十两][{_DIGIT}万亿]{{0,16}}"
_PLAIN = f"[{_DIGIT}]{{1,6}}(?:点[零〇一二三四五六七八九]{{1,4}})?"
_BEFORE = r"(?P<before>不少于|不低于|不超过|不高于|超过|突破|将近|接近|近|约|大约|至少)?"
_AFTER = r"(?P<after>左右|以上|以下|以内|之内|上下|多)?"
SHARE = re.compile(
    rf"{_BEFORE}(?P<value>(?P<of>[百千])分之(?P<low>{_PLAIN})(?:(?:至|到|-{{1,2}}|~)(?:[百千]分之)?(?P<high>{_PLAIN}))?)"
    rf"(?!点)(?P<more>多)?{_AFTER}"
)
# Of amounts only those that no idiom is made of (三个, 十件实事): from a hundred on, of what is measured (四十三公里) from ten on.
AMOUNT = re.compile(
    rf"{_BEFORE}(?P<value>(?P<number>{_WHOLE}(?:点[零〇一二三四五六七八九]{{1,4}})?[万亿]{{0,2}})(?P<more>多|余)?(?P<scale>(?<=[多余])[万亿]{{1,2}})?(?P<unit>{UNIT}))(?!(?<=人)口|[之第])"
)
_NAMES_AMOUNT = re.compile("[十百千万亿]")
_MEASURED = frozenset(
    ("公里", "千米", "吨", "公斤", "斤", "担", "亩", "公顷", "平方米", "平方公里", "立方米", "千瓦", "千瓦时", "元")
)


@dataclass(frozen=True)
class ChineseValue:
    """An amount in Chinese numerals, from ``start`` to ``end``; ``low`` and ``high`` are its numbers in ``unit``."""

    start: int
    end: int
    low: float
    high: float
    unit: str
    comparator: str


_PASSED = re.compile(r"(?:[两二三四多]次|接连|连续|先后)[迈跨越冲][过上越破]$")
_MILESTONE = re.compile(
    r"(?:[、和][一二两三四五六七八九十百千万亿]{1,8}[元斤吨])?(?:新)?(?:台阶|大关|关口)"
)  # a mark that was passed, no amount


def chinese_values(folded: str) -> Iterator[ChineseValue]:
    """The amounts in Chinese numerals of a folded text."""
    if "分之" in folded:
        for match in SHARE.finditer(folded):
            low = chinese_decimal(match.group("low"))
            high = chinese_decimal(match.group("high") or match.group("low"))
            if low is not None and high is not None and low <= high:
                yield ChineseValue(
                    match.start(), match.end(), low, high, "%" if match.group("of") == "百" else "‰", _comparator(match)
                )
    for match in AMOUNT.finditer(folded):
        written = match.group("number") + (match.group("scale") or "")  # 七亿七千多万
        number = chinese_decimal(written) if _NAMES_AMOUNT.search(written) else None
        least = 11 if match.group("unit") in _MEASURED else 100
        if number is not None and number >= least and not _is_milestone(folded, match):
            yield ChineseValue(match.start(), match.end(), number, number, match.group("unit"), _comparator(match))


def _is_milestone(folded: str, match: re.Match[str]) -> bool:
    return bool(_MILESTONE.match(folded, match.end()) or _PASSED.search(folded[max(match.start() - 6, 0) : match.start()]))


def _comparator(match: re.Match[str]) -> str:
    said = match.groupdict()
    return said["before"] or said.get("after") or said.get("more") or ""


def chinese_decimal(text: str) -> float | None:
    """The number that a Chinese numeral stands for, of any size: 三亿六千万, 十一点八; None for what is none."""
    whole, _, part = text.replace(".", "点").partition("点")
    for name, scale in _SCALES.items():
        head, found, tail = whole.partition(name)
        if found:
            before, after = chinese_decimal(head) if head else 1.0, chinese_decimal(tail) if tail else 0.0
            return None if before is None or after is None else before * scale + after
    scale = 1.0
    while part and part[-1] in _SCALES:
        scale, part = scale * _SCALES[part[-1]], part[:-1]
    number = int(whole) if whole.isdigit() else chinese_number(whole)
    if number is None:
        return None
    digits = part if part.isdigit() else "".join(str(chinese_number(char) or 0) for char in part)
    return float(f"{number}.{digits or 0}") * scale
