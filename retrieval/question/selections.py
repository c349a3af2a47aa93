"""Which lines of a comparison a question asks for: the highest, the first three, those above a number, the average."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from retrieval.language.folding import chinese_number
from retrieval.language.indicators import named
from retrieval.language.units import BOUND_UNIT, SCALES

Order = Literal["highest", "lowest"]
Computed = Literal["average", "median", "sum", "difference"]
Relation = Literal["above", "at_least", "below", "at_most", "equal", "unequal"]

_UP, _DOWN = "高大多快长狠", "低小少慢短"
_SUPERLATIVE = re.compile(
    rf"得?(?:最|数)(?P<way>[{_UP}{_DOWN}])(?!生活|工资|限度|人民|程度|气温|跑|检)的?(?:(?P<count>[一二三四五六七八九十两\d]{{1,2}})(?:个|名|位|家)(?:省份|省市|省|市|区县|区|县|乡镇|镇|地方)?)?"
)
_WHO = re.compile(
    rf"(?P<who>谁|哪个|哪一个|哪里|哪边|哪家|哪儿|何者|哪(?=[\u4e00-\u9fff]{{0,6}}[{_UP}{_DOWN}][?？呢些]*$))(?P<between>[^,;]{{0,16}}?)(?:更|比较|要|还|定得|定的|的|得)*(?P<way>[{_UP}{_DOWN}])(?:一些|一点|些)?(?=[?？呢啊]*$)"
)
_LEADS = re.compile(r"(?:排(?:名|在)?|位居|居)?(?:第一(?:名|位)?(?!产业|书记|时间)|榜首|首位|冠军)|领跑|领先")
_TRAILS = re.compile(r"垫底|倒数第一|(?:排(?:名|在)?)?(?:末位|最后(?:一名|一位)?)")
_COUNT = r"(?P<{name}>[一二三四五六七八九十两]{{1,3}}|\d{{1,2}})"
_FIRST = re.compile(
    rf"(?:排(?:名|在)?|位居|位列)?(?:(?P<side>倒数前?|末|垫底的?|最后|[前后])(?:{_COUNT.format(name='count')})(?:名|位|强|个|家)?)(?!年|季|个?月|天|批|届|期|次|周)(?:的?(?:省份|省市|省|市|区县|区|县|乡镇|镇|地方))?"
)
_WHICH_COUNTED = re.compile(
    r"(?:是)?哪(?P<count>[二两三四五六七八九十]|\d{1,2})(?:个|家)?(?:省区市|省份|省市|省|市|区县|县|乡镇|镇|地方)?"
)
# Twenty digits are more than any number has; without an end to them a search in a row of digits takes its square.
_NUMBER = (
    r"(?:(?P<{n}>\d{{1,20}}(?:\.\d{{1,20}})?)(?:\s*+(?P<{s}>万亿|[十百千]?[万亿]|百万|千万))?(?:\s*+(?P<{u}>"
    + BOUND_UNIT
    + r"))?|百分之(?P<{c}>[零一二三四五六七八九十点\d.]{{1,20}}))"
)
_ONE = _NUMBER.format(n="number", s="scale", u="unit", c="chinese")
_RELATIONS: tuple[tuple[Relation, str], ...] = (
    ("at_least", r"不低于|不少于|不小于|不慢于|大于等于|至少"),
    ("at_most", r"不超过|不高于|不多于|不大于|小于等于|至多|最多"),
    ("above", r"超过了?|超出|高于|大于|多于|快于|突破了?|超"),
    ("below", r"低于|小于|少于|慢于|不到|不足|没到"),
    ("at_least", r"达到了?|达"),
    ("equal", r"等于|正好是?|就是|恰好是?|(?:都|均)?(?:定|设|保持|控制)?(?:在|为|是)"),
)
_OPPOSITE: dict[Relation, Relation] = {
    "above": "at_most",
    "at_least": "below",
    "below": "at_least",
    "at_most": "above",
    "equal": "unequal",
    "unequal": "equal",
}
_EXCLUSIVE = re.compile(r"不(?:含|包括|包含)")
_WITHOUT_EQUAL: dict[Relation, Relation] = {"at_least": "above", "at_most": "below"}
_BOUNDS = tuple(
    (
        relation,
        re.compile(rf"(?P<not>没有?|未|不)?(?:{words})\s*{_ONE}(?(number)(?(unit)|\s*))(?P<after>及?以[上下内]|左右)?(?!年)"),
    )
    for relation, words in _RELATIONS
)
_BOUND_AFTER = re.compile(rf"(?<![\d.]){_ONE}\s*(?P<after>及?以[上下内]|之[上下内]|左右)")
_BETWEEN = re.compile(
    rf"(?:在|介于|处于)?{_NUMBER.format(n='number', s='scale', u='unit', c='chinese')}\s*(?:到|至|-|和|与)\s*{_NUMBER.format(n='number2', s='scale2', u='unit2', c='chinese2')}\s*(?:之间|以内|区间|的?范围|(?=的))"
)
_AVERAGE = re.compile(r"平均(?:值|数|水平|下来|起来|增速|一下)?|均值")
_MEDIAN = re.compile(r"中位数")
_SUM = re.compile(r"合计|总和|加起来|加在一起|加总|累加|(?:一共|总共)(?=是?多少)")
_DIFFERENCE = re.compile(
    rf"相差|差多少|差距|差了?(?:多少|几个)|差额|悬殊|(?<!增)(?:[{_UP}{_DOWN}])(?:出|了)?(?:多少|几)(?:个?百分点|个点)?|比(?=[^,;]{{0,20}}[{_UP}{_DOWN}](?:吗|还是|多少|几|了|出))|(?<=比)[{_UP}{_DOWN}](?:吗|还是[{_UP}{_DOWN}])"
)
_COMPARED = re.compile(r"对比|比较|不同|差别|区别|差异|相比|vs", re.I)
_ASCENDING = re.compile(r"(?:从|由)(?:低到高|小到大|少到多|慢到快)")
_RANKED = re.compile(
    r"(?:从|由)(?:高到低|大到小|多到少|快到慢|低到高|小到大|少到多|慢到快)(?:地?(?:排名|排序|排列|排|列))?(?:一下|出来)?|排名(?:情况|如何|怎么样)?|排(?:个|一?下)?(?:序|名|队)|排行榜?|排列|排一排|高低|名次|位次"
)
_LACKING = re.compile(
    r"(?:没有?|未曾?)(?:提出?|提到|提及|设定?|写(?:出|明|到)?|给出?|公布|明确|说明?|制定|定(?!位)出?)(?:了|过)?"
)
_WHICH = re.compile(
    r"(?:都?有|是)?(?:哪些|哪几个|哪几家|几个(?!百分)|多少个(?!百分)|谁|哪个|哪里|哪儿)|的(?:省区市|省份|省市|省|市|区县|县|乡镇|镇|地方|地区|城市|报告)(?=[的有是?？()呢]*$)"
)
_LEFT = re.compile(rf"的(?:是|有)?(?=[的?？呢]*$)|(?:是|有|定得|定的|比)(?=[?？呢]*$)|(?<![多增延])[{_UP}{_DOWN}](?=[?？呢吗]*$)")


@dataclass(frozen=True)
class Bound:
    """A condition on a number; ``unit`` is empty where the question writes none. ``scaled``: it wrote 万 or 亿."""

    relation: Relation
    number: float
    unit: str
    scaled: bool = False


@dataclass(frozen=True)
class Selection:
    """Which lines are asked for and in which order.

    ``also`` is a second order (最高和最低); ``compared`` asks how lines differ, ``which`` for names. ``amounts`` tells that
    amounts are meant (最多) or rates (最快), None where it may be either (最高). ``lacking`` asks for those that state none.
    """

    order: Order | None = None
    also: Order | None = None
    limit: int | None = None
    bounds: tuple[Bound, ...] = ()
    computed: Computed | None = None
    ranked: bool = False
    compared: bool = False
    which: bool = False
    amounts: bool | None = None
    lacking: bool = False

    def __bool__(self) -> bool:
        return bool(self.order or self.limit or self.bounds or self.computed or self.ranked or self.lacking)

    @property
    def of_many(self) -> bool:
        """Whether it can only be meant of several places: the highest, the first three, those above a number."""
        return bool(self.order or self.limit or self.ranked or self.lacking or (self.bounds and self.which))


NO_SELECTION = Selection()


def read_selection(text: str, which: bool = False) -> tuple[Selection, str]:
    """What ``text`` (folded, without places and years) selects, and ``text`` without the words that say so.

    Names of indicators (PM2.5平均浓度) select nothing. ``which`` tells that it asks for names (哪个省) in words that were
    taken out.
    """
    reader = _Reader(text)
    bounds = reader.bounds()
    which = which or bool(_WHICH.search(text))
    order, also, limit = reader.order(which)
    computed = reader.computed()
    lacking = which and bool(reader.taken(_LACKING))
    ranked = reader.taken(_RANKED)
    if ranked and order is None and _ASCENDING.search(text):
        order = "lowest"
    compared, amounts = bool(_COMPARED.search(text)), _amounts(reader, bounds, computed)
    selection = Selection(order, also, limit, bounds, computed, bool(ranked), compared, which, amounts, lacking)
    if not selection:
        return selection, text
    return selection, reader.rest()


def _amounts(reader: _Reader, bounds: tuple[Bound, ...], computed: Computed | None) -> bool | None:
    """Whether amounts are compared, by the unit of a bound or by the word that orders (最多, 最快)."""
    if any(bound.unit or bound.scaled for bound in bounds):
        return not any(bound.unit in ("%", "‰") for bound in bounds)
    if computed == "sum" or reader.way in tuple("多大少小"):
        return True
    return False if reader.way in tuple("快慢") else None


class _Reader:
    """A text whose selecting words are taken out one after the other; names of indicators are left alone."""

    def __init__(self, text: str) -> None:
        self._names: list[str] = []
        self._text = text
        self.way = ""  # the word that orders: 高, 多, 快, ...
        for mention in reversed(named(text, question=True)):
            self._names.append(text[mention.start : mention.end])
            # A private-use character stands for the name, so that no word of it is read as a selection.
            mark = chr(0xE000 + len(self._names) - 1)
            self._text = f"{self._text[: mention.start]}{mark}{self._text[mention.end :]}"

    def taken(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.search(self._text)
        if match:
            self._text = f"{self._text[: match.start()]} {self._text[match.end() :]}"
        return match

    def bounds(self) -> tuple[Bound, ...]:
        between = self.taken(_BETWEEN)
        if between:
            unit = between.group("unit2") or between.group("unit") or ("%" if between.group("chinese2") else "")
            scale = between.group("scale2")
            low, high = _number(between, "", scale), _number(between, "2", scale)
            if low is not None and high is not None:
                return (Bound("at_least", low, unit, bool(scale)), Bound("at_most", high, unit, bool(scale)))
        found: list[Bound] = []
        for relation, pattern in _BOUNDS:
            while (match := self._taken_bound(pattern)) is not None:
                found += _bound(relation, match)
        while (match := self._taken_bound(_BOUND_AFTER)) is not None:
            after = match.group("after")[-1]
            found += _bound("at_least" if after == "上" else "equal" if after == "右" else "at_most", match)
        if _EXCLUSIVE.search(self._text):
            found = [replace(bound, relation=_WITHOUT_EQUAL.get(bound.relation, bound.relation)) for bound in found]
        return tuple(found)

    def _taken_bound(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.search(self._text)
        if match is None or not (match.group("unit") or match.group("scale") or match.group("chinese")):
            return None
        return self.taken(pattern)

    def _of_counted(self) -> int | None:
        """How many are asked for before the word that orders them: 哪三个省接待游客最多."""
        match = self.taken(_WHICH_COUNTED)
        return (chinese_number(match.group("count")) or int(match.group("count"))) if match else None

    def order(self, which: bool) -> tuple[Order | None, Order | None, int | None]:
        first = self.taken(_FIRST)
        superlative = self.taken(_SUPERLATIVE)
        order: Order | None = None
        also: Order | None = None
        limit = chinese_number(first.group("count")) or int(first.group("count")) if first else None
        if superlative:
            order, self.way = _order(superlative), superlative.group("way")
            if superlative.group("count"):
                limit = chinese_number(superlative.group("count")) or int(superlative.group("count"))
            limit = limit or self._of_counted()
            second = self.taken(_SUPERLATIVE)
            also = _order(second) if second and _order(second) != order else None
        elif first is None:
            who = _WHO.search(self._text)
            if who:
                order, self.way = _order(who), who.group("way")
                kept = f"{self._text[: who.start()]} {who.group('between')} "
                self._text = kept + self._text[who.end() :]
            elif which:
                order = "highest" if self.taken(_LEADS) else "lowest" if self.taken(_TRAILS) else None
        if first and first.group("side") != "前":
            order = "lowest" if order in (None, "highest") else "highest"
        return order or ("highest" if limit else None), also, limit

    def computed(self) -> Computed | None:
        found: Computed | None = None
        patterns: tuple[tuple[Computed, re.Pattern[str]], ...] = (
            ("difference", _DIFFERENCE),
            ("average", _AVERAGE),
            ("median", _MEDIAN),
            ("sum", _SUM),
        )
        for name, pattern in patterns:
            while self.taken(pattern):
                found = found or name
        return found

    def rest(self) -> str:
        text = _WHICH.sub(" ", self._text)
        for _ in range(3):
            text = _LEFT.sub(" ", text)
        for number, name in enumerate(self._names):
            text = text.replace(chr(0xE000 + number), name)
        return text


def _order(match: re.Match[str]) -> Order:
    return "highest" if match.group("way") in _UP else "lowest"


def _number(match: re.Match[str], suffix: str, scale: str | None) -> float | None:
    chinese = match.group(f"chinese{suffix}")
    if chinese:
        return _chinese_decimal(chinese)
    return float(match.group(f"number{suffix}")) * SCALES.get(match.group(f"scale{suffix}") or scale or "", 1.0)


def _chinese_decimal(text: str) -> float | None:
    """百分之 五点五 -> 5.5."""
    whole, _, part = text.replace(".", "点").partition("点")
    number = int(whole) if whole.isdigit() else chinese_number(whole)
    if number is None:
        return None
    digits = part if part.isdigit() else "".join(str(chinese_number(char) or 0) for char in part)
    return float(f"{number}.{digits or 0}")


def _bound(relation: Relation, match: re.Match[str]) -> list[Bound]:
    number = _number(match, "", None)
    if number is None:
        return []
    after = match.groupdict().get("after") or ""
    if relation == "equal" and after.endswith(("上", "下", "内")):
        relation = "at_least" if after.endswith("上") else "at_most"
    if match.groupdict().get("not"):
        relation = _OPPOSITE[relation]
    unit = match.group("unit") or ("%" if match.group("chinese") else "")
    return [Bound(relation, number, "%" if unit in ("百分点", "个百分点", "个点") else unit, bool(match.group("scale")))]
