"""What a part of a question wants of the figure that answers it: as finished a value as a figure is."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from retrieval.language.indicators import Indicator
from retrieval.language.measures import Traits, traits_of
from retrieval.language.vocabulary import doings
from retrieval.question.query import Part
from retrieval.question.said import said_by

FlowWanted = Literal["total", "added", "made", ""]

_OF_MONEY = re.compile(r"(?:资|资金|资本|收入|支出|[款税])$")
_PEOPLE = re.compile(r"(?<!法)人$|人口|群众|儿童|孩子|娃娃?|学生|职工|员工|干部|党员|青年|居民|村民|农民工?$")
_COUNTED_NOUN = re.compile(r"(?:[户人]|人口|企业|家庭|群众|儿童|学生|职工|项目|学校|医院|公司)$")


@dataclass(frozen=True)
class Wanted:
    """What a ``part`` wants of a figure, beyond what it says; what is empty, None or False is not asked for.

    ``named`` are the words that name its ``indicator``, as the texts are that they are compared with. ``flow`` is a ``total``, what was
    ``added`` and nothing else, or what was ``made``, which no total is. ``compared_with`` is the other side of a comparison or a
    multiple, ``doings`` what was done to what is counted, each kind by all its words. ``multiple``: how many times as much;
    ``counts_noun``: of households, firms and the like, which no money counts; ``counts_people``: of people, who are no sets or seats; ``of_money``: an amount of money by its name;
    ``by_amount``: by how much something that is counted was added to (学位增加多少). ``amount`` is what is wanted first, where its
    rate of change is asked for beside it (产值和增速).
    """

    part: Part
    traits: Traits
    indicator: Indicator | None
    named: tuple[str, ...]
    flow: FlowWanted
    compared_with: str
    doings: tuple[frozenset[str], ...]
    multiple: bool
    counts_noun: bool
    counts_people: bool
    of_money: bool
    by_amount: bool
    amount: Wanted | None


@lru_cache(maxsize=256)
def wanted_of(part: Part) -> Wanted:
    """What ``part`` wants, by its words."""
    return Wanted(
        part,
        traits_of(part.measure),
        part.indicators[0] if part.indicators else None,
        tuple(name.lower() for name in part.named),
        _flow(part),
        # Of a multiple only what it is said to be of: 全国…是2017年的几倍 compares with a year.
        part.said.multiple_of if part.units[:1] == ("倍",) else part.said.compared_with,
        tuple(kind for kind in doings() if any(word in kind for word in part.topic)),
        multiple=part.units[:1] == ("倍",) and part.measure != "growth",
        counts_people=bool(_PEOPLE.search("".join(part.head) or "".join(part.topic[-1:]))),
        counts_noun=bool(_COUNTED_NOUN.search("".join(part.head) or "".join(part.topic[-1:]))),
        of_money=bool(_OF_MONEY.search("".join(part.head))),
        by_amount=not part.indicators and part.said.by_amount,
        amount=_amount(part),
    )


def _flow(part: Part) -> FlowWanted:
    said = part.said
    if said.total and said.added:
        return ""  # 累计新增: what was added, summed up
    if said.total or (part.aim is None and said.stock and not said.added):
        return "total"
    if said.more:
        return "added"
    return "made" if said.added else ""


def _amount(part: Part) -> Wanted | None:
    """The amount, where its rate of change is asked for beside it (产值和增速)."""
    if part.measure != "growth" or not part.said.amount:
        return None
    return wanted_of(replace(part, measure="level", wording=part.said.amount, said=said_by(part.said.amount)))
