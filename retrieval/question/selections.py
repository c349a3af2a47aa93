"""Which lines of a comparison a question asks for: the highest, the first three, those above a number, the average."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from retrieval.language.chinese_values import chinese_decimal
from retrieval.language.folding import chinese_number
from retrieval.language.indicators import named
from retrieval.language.patterns import fragment, pattern
from retrieval.language.units import BOUND_UNIT, SCALE, SCALES

Order = Literal["highest", "lowest"]
Computed = Literal["average", "median", "sum", "difference"]
Edge = Literal["first", "last"]
Relation = Literal["above", "at_least", "below", "at_most", "equal", "unequal"]

_UP = fragment("comparisons.up")
_SUPERLATIVE = pattern("comparisons.select.superlative")
_WHO = pattern("comparisons.select.who")
_LEADS = pattern("comparisons.select.leads")
_TRAILS = pattern("comparisons.select.trails")
_FIRST = pattern("comparisons.select.first")
_WHICH_COUNTED = pattern("comparisons.select.which_counted")
# Twenty digits are more than any number has; without an end to them a search in a row of digits takes its square.
_NUMBER = (
    r"(?:(?P<{n}>\d{{1,20}}+(?:\.\d{{1,20}}+)?+)(?:\s*+(?P<{s}>"
    + SCALE
    + r"))?(?:\s*+(?P<{u}>"
    + BOUND_UNIT
    + r"))?|百分之(?P<{c}>[零一二三四五六七八九十点\d.]{{1,20}}))"
)
_ONE = _NUMBER.format(n="number", s="scale", u="unit", c="chinese")
_OTHER = _NUMBER.format(n="number2", s="scale2", u="unit2", c="chinese2")
# Each takes the numbers that it finds out of the text: 不超过 is read before 超过.
_BOUNDS: tuple[tuple[Relation, re.Pattern[str]], ...] = (
    ("at_least", pattern("comparisons.bound.no_less", one=_ONE)),
    ("at_most", pattern("comparisons.bound.no_more", one=_ONE)),
    ("above", pattern("comparisons.bound.above", one=_ONE)),
    ("below", pattern("comparisons.bound.below", one=_ONE)),
    ("at_least", pattern("comparisons.bound.reaching", one=_ONE)),
    ("equal", pattern("comparisons.bound.equal", one=_ONE)),
)
_OPPOSITE: dict[Relation, Relation] = {
    "above": "at_most",
    "at_least": "below",
    "below": "at_least",
    "at_most": "above",
    "equal": "unequal",
    "unequal": "equal",
}
_EXCLUSIVE = pattern("comparisons.bound.exclusive")
_WITHOUT_EQUAL: dict[Relation, Relation] = {"at_least": "above", "at_most": "below"}
_BOUND_AFTER = pattern("comparisons.bound.after", one=_ONE)
_BETWEEN = pattern("comparisons.bound.between", low=_ONE, high=_OTHER)
# The words of all are taken out; what is computed is the first that is found.
_COMPUTED: tuple[tuple[Computed, re.Pattern[str]], ...] = (
    ("difference", pattern("comparisons.select.difference")),
    ("average", pattern("comparisons.select.average")),
    ("median", pattern("comparisons.select.median")),
    ("sum", pattern("comparisons.select.sum")),
)
_COMPARED = pattern("comparisons.select.compared")
_ASCENDING = pattern("comparisons.select.ascending")
_RANKED = pattern("comparisons.select.ranked")
_LACKING = pattern("comparisons.select.lacking")
_FIRST_OF = pattern("comparisons.years.first_of")
_LAST_OF = pattern("comparisons.years.last_of")
_WHICH = pattern("comparisons.select.which")
_LEFT = pattern("comparisons.select.left")


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
    amounts are meant (最多) or rates (最快), None where it may be either (最高). ``lacking`` asks for those that state none;
    ``edge`` for the first or the last of the years that meet the rest.
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
    edge: Edge | None = None

    def __bool__(self) -> bool:
        return bool(self.order or self.limit or self.bounds or self.computed or self.ranked or self.lacking or self.edge)

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


def read_edge(text: str) -> tuple[Edge | None, str]:
    """Whether the first or the last of the years is asked for that are meant, and ``text`` without the words that say so."""
    edge: Edge | None = None
    for name, said in (("first", _FIRST_OF), ("last", _LAST_OF)):
        if edge is None and (match := said.search(text)):
            edge, text = ("first" if name == "first" else "last"), f"{text[: match.start()]} {text[match.end() :]}"
    return edge, text


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

    def taken(self, said: re.Pattern[str]) -> re.Match[str] | None:
        match = said.search(self._text)
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
        for relation, bound in _BOUNDS:
            while (match := self._taken_bound(bound)) is not None:
                found += _bound(relation, match)
        while (match := self._taken_bound(_BOUND_AFTER)) is not None:
            after = match.group("after")[-1]
            found += _bound("at_least" if after == "上" else "equal" if after == "右" else "at_most", match)
        if _EXCLUSIVE.search(self._text):
            found = [replace(bound, relation=_WITHOUT_EQUAL.get(bound.relation, bound.relation)) for bound in found]
        return tuple(found)

    def _taken_bound(self, bound: re.Pattern[str]) -> re.Match[str] | None:
        match = bound.search(self._text)
        if match is None or not (match.group("unit") or match.group("scale") or match.group("chinese")):
            return None
        return self.taken(bound)

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
        for name, said in _COMPUTED:
            while self.taken(said):
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
        return chinese_decimal(chinese)
    return float(match.group(f"number{suffix}")) * SCALES.get(match.group(f"scale{suffix}") or scale or "", 1.0)


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
