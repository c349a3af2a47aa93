"""The grammar of a figure's value: number or blank, scale, unit, qualifiers, ranges and lists."""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.language.chinese_values import chinese_values
from retrieval.language.folding import HAN, chinese_number
from retrieval.language.hidden import MARK, has_hidden, visible
from retrieval.language.units import SCALE, SCALES, UNIT

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"
_BLANK = r"(?:[xX×]{1,4}(?:\.[xX×]{1,2})?|_{2,}|\*{2,})"
_BEFORE = r"(?:跨过|冲过|迈过|越过|冲破|跨越|不少于|不低于|不高于|不超过|不多于|不小于|(?<![达看找得])不到|超过|突破|超出|超|接近|近|(?<![签节契大制条合公履])约|逾|至少|大约|高达|(?<![超通经透跨冲迈越])过)"
_AFTER = r"(?:左右|以上|以下|以内|之内|上下|之间|以外)"
_JOIN = r"\s*+(?:-{1,2}|至|到)\s*+"

VALUE = re.compile(
    rf"(?P<before>{_BEFORE}\s*+)?(?:(?<![\dA-Za-z.·“第前])|(?<=GDP))(?P<sign>(?<=[长速幅别为比])[-+](?=\d)|(?<=[、和及])[-+](?=[\d.]+\s*[%‰]))?(?:"
    rf"(?P<low>{_NUMBER})\s*+(?P<low_scale>{SCALE})?(?P<low_unit>{UNIT})?{_JOIN}(?P<high>{_NUMBER})"
    rf"|(?P<number>{_NUMBER})|(?P<blank>{_BLANK}))"
    rf"\s*+(?P<more>[多余几])?\s*+(?P<scale>{SCALE})?(?P<more2>[多余])?\s*+(?P<unit>{UNIT})?(?P<more3>[多余])?"
    rf"(?P<after>\s*{_AFTER})?"
)
_SHARED_UNIT = re.compile(rf"^\s*[、和及]\s*(?:{_NUMBER}|{_BLANK})")
_PEOPLE = re.compile(rf"[{HAN}]{{0,6}}?(?:人口|居民|群众|职工|学生|党员|村民|农民|市民|游客)")
_NO_FIGURE = re.compile(r"^(?:\s*(?:年|月|日|号|世纪|年代|周年|届|期|路|线|版|名(?!额)|国道|省道|时|点(?!位)|\+|[A-Za-z]))")
_OF_NUMBERS = tuple("0123456789.,-")
_AFTER_NUMBERS = (*_OF_NUMBERS, "%", "‰", "万", "亿", "元")
RANK_UNIT = "名次"
RATIO_UNIT = "∶1"
SHARES_UNIT = "∶∶"  # of three parts that make a whole: 31:16:53
_SHARES = re.compile(r"(?<![\d.])(?<!\d:)\d{1,2}(?:\.\d{1,2})?(?:\s?[:∶﹕]\s?\d{1,2}(?:\.\d{1,2})?){2}(?![\d.:%])")
_RATIO = re.compile(
    r"(?<![\d.:])(?:(?P<ratio>\d\.\d{1,3})\s*[:∶﹕比]\s*1(?![\d.:%])"
    r"|(?<=[倍入][差比])(?:缩小|下降|降低|控制|保持|稳定)?(?:至|到|为|在)?(?P<multiple>\d\.\d{1,3})(?![\d.:∶﹕%个百万亿元倍]))(?P<after>以内|左右|以下)?"
)
_ORDINAL = r"第[一二三四五六七八九十]{1,3}位?名?|第\d{1,3}位?名?|第[xX×]{1,3}(?:位|名)|首位|榜首|前列"
_AMONG = re.compile(rf"全[国省市区县州盟球]|世界|亚洲|大陆|[东中西]部|同类|[{HAN}]{{2}}地区")
_RANK = re.compile(
    rf"(?<!更多)(?:(?:{_AMONG.pattern})[^,;。:!?、“”\d]{{0,10}}?"
    rf"|(?:排名|排位|位次|位居|位列|跃居|升至|稳居|[上提跃]升[为到至]|前移[到至]|[下后退][降滑移][为到至])[^,;。:!?、“”\d]{{0,4}}?)(?P<ordinal>{_ORDINAL})"
    # 第三批, 第一产业, 第二方阵, 行业第一的企业: ordinals that rank nothing
    r"(?![批个梯方家阶期届轮次园动责时产书线步代站要议的支大者部轮台”])"
)


@dataclass(frozen=True)
class Value:
    """A value in a folded text. ``low`` and ``high`` are in ``unit``; ``scale`` is the multiplier that the text writes beside
    the unit (万, 亿), already applied.
    """

    start: int
    end: int
    low: float | None
    high: float | None
    unit: str
    comparator: str
    blank: bool
    scale: str = ""


def find_values(folded: str) -> list[Value]:
    """The values and ranks in a folded text, left to right. Years, dates and model numbers are none."""
    found = [*_amounts(folded), *_ranks(folded), *_ratios(folded), *_shares(folded), *_in_numerals(folded)]
    found.sort(key=lambda value: value.start)
    if found and has_hidden(folded):
        shown = visible(folded)
        return [value for value in found if not _is_cut(shown, value)]
    return found


def _shares(folded: str) -> list[Value]:
    """The shares of three parts of a whole, as one value; what adds up to no whole is a time of day or a score."""
    found = []
    for match in _SHARES.finditer(folded):
        parts = [float(part) for part in re.findall(r"[\d.]+", match.group())]
        if 99 <= sum(parts) <= 101:
            found.append(Value(match.start(), match.end(), parts[0], parts[0], SHARES_UNIT, "", False))
    return found


def _in_numerals(folded: str) -> list[Value]:
    """Amounts in Chinese numerals (百分之八, 三亿六千万斤)."""
    return [Value(one.start, one.end, one.low, one.high, one.unit, one.comparator, False, "") for one in chinese_values(folded)]


def _is_cut(shown: str, value: Value) -> bool:
    """Whether something unseen parts a value from more of it: what is read then is not what anybody sees."""
    before = shown[: value.start].rstrip(MARK)
    after = shown[value.end :].lstrip(MARK)
    cut_before = len(before) < value.start and before.endswith(_OF_NUMBERS)
    return cut_before or (len(after) < len(shown) - value.end and after.startswith(_AFTER_NUMBERS))


def _ratios(folded: str) -> list[Value]:
    """Ratios to one (2.31:1), or without it where a name that means one stands before (倍差缩小到1.83)."""
    found = []
    for match in _RATIO.finditer(folded):
        group = "ratio" if match.group("ratio") else "multiple"
        number = float(match.group(group))
        found.append(Value(match.start(group), match.end(), number, number, RATIO_UNIT, match.group("after") or "", False))
    return found


def _ranks(folded: str) -> list[Value]:
    """Ranks, with what they are among (全区排名第九, 渝西地区第一); ``low`` is the rank's number, None for 前列."""
    found = []
    for match in _RANK.finditer(folded):
        blank = bool(re.search(r"[xX×]", match.group("ordinal")))
        rank = None if blank else _rank_number(match.group("ordinal"))
        among = _AMONG.search(folded, match.start(), match.end())  # 跃居全省第13位: the verb is no part of it
        start = among.start() if among else match.start()
        found.append(Value(start, match.end(), rank, rank, RANK_UNIT, "", blank))
    return found


def _rank_number(ordinal: str) -> float | None:
    if ordinal == "前列":
        return None
    number = chinese_number(re.sub(r"[第位名]", "", ordinal)) if ordinal.startswith("第") else 1
    digits = re.search(r"\d+", ordinal)
    return float(digits.group()) if digits else None if number is None else float(number)


def _amounts(folded: str) -> list[Value]:
    found: list[Value] = []
    pending: list[re.Match[str]] = []
    for match in VALUE.finditer(folded):
        value = _read(match, folded)
        if value is None:
            waits = not match.group("unit") and not match.group("scale") and _SHARED_UNIT.match(folded[match.end() :])
            pending = [*pending, match] if waits else []
            continue
        found += [_with_unit(before, value) for before in pending]
        pending = []
        found.append(value)
    return found


def _read(match: re.Match[str], folded: str) -> Value | None:
    unit, scale = match.group("unit") or "", match.group("scale") or ""
    if not unit and scale not in ("万", "亿", "万亿", "千万", "百万"):
        return None
    people = not unit and bool(_PEOPLE.match(folded, match.end()))  # 约9万实际管理人口
    bare = not unit and not people and bool(re.match(rf"[{HAN}]", folded[match.end() : match.end() + 1]))
    if bare and not _ends_bare(folded, match):
        return None
    unit = "人" if people else unit
    if not unit and _NO_FIGURE.match(folded[match.end() :]):
        return None
    if unit in ("小时", "分钟") and re.match(rf"[{HAN}]", folded[match.end() :]) and not match.group("after"):
        return None  # 240小时过境免签, 15分钟生活圈
    if match.group("blank") and unit == "场" and folded[match.end() :].startswith("镇"):
        return None  # xx场镇 is a blanked name
    if unit in ("级", "期", "届", "班", "T", "m", "度", "面", "成") and match.group("number") and not scale and unit != "度":
        return None
    multiplier = SCALES.get(scale, 1.0)
    comparator = (match.group("before") or "").strip() or (match.group("after") or "").strip()
    comparator = comparator or (match.group("more") or match.group("more2") or match.group("more3") or "")
    if match.group("blank"):
        return Value(match.start(), match.end(), None, None, unit, comparator, True, scale)
    if match.group("number"):
        number = _number(match.group("number")) * (-multiplier if match.group("sign") == "-" else multiplier)
        return Value(match.start(), match.end(), number, number, unit, comparator, False, scale)
    low_multiplier = SCALES.get(match.group("low_scale") or scale, 1.0)
    low, high = _number(match.group("low")) * low_multiplier, _number(match.group("high")) * multiplier
    return Value(match.start(), match.end(), low, high, unit, comparator, False, scale)


def _ends_bare(folded: str, match: re.Match[str]) -> bool:
    """Whether a bare 万 or 亿 ends its clause by a word that can follow an amount (10万以上、整改)."""
    return bool(match.group("after"))


def _with_unit(match: re.Match[str], value: Value) -> Value:
    """The value of a list's earlier number, whose unit stands at the list's end (0.4、7.8、2.4个百分点)."""
    if match.group("blank"):
        return Value(match.start(), match.end(), None, None, value.unit, value.comparator, True, value.scale)
    number = _number(match.group("number") or match.group("low")) * SCALES.get(value.scale, 1.0)
    return Value(match.start(), match.end(), number, number, value.unit, value.comparator, False, value.scale)


def _number(text: str) -> float:
    return float(text.replace(",", ""))
