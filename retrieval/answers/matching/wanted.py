"""What a part of a question wants of the figure that answers it: as finished a value as a figure is."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from retrieval.language.indicators import Indicator
from retrieval.language.measures import Traits, traits_of
from retrieval.language.vocabulary import doings
from retrieval.models import Basis, Measure
from retrieval.question.query import Aim, Part
from retrieval.question.said import said_by

FlowWanted = Literal["total", "added", "made", ""]

_OF_MONEY = re.compile(r"(?:资|资金|资本|收入|支出|[款税])$")
_COUNTED_NOUN = re.compile(r"(?:[户人]|人口|企业|家庭|群众|儿童|学生|职工|项目|学校|医院|公司)$")


@dataclass(frozen=True)
class Wanted:
    """What is wanted of a figure; what is empty, None or False is not asked for.

    ``indicator`` is what it is of, by the words ``named`` or, for a part of it, beside the words ``topic``; ``head`` are the words that
    say what is counted. ``flow`` is a ``total``, what was ``added`` and nothing else, or what was ``made``, which no total is;
    ``says_added`` and ``says_total`` tell that the question has words of either. ``bases`` are those on which a rate may be
    computed, ``whole`` what a share is to be of, ``compared_with`` the other side of a comparison. ``proper_names`` are
    things that nothing else answers for, ``doings`` what was done to what is counted, each kind by all its words.
    ``multiple``: how many times as much. ``counts``: how many came, not by how much their number grew; ``counts_noun``: of
    households, firms and the like, which no money counts; ``of_money``: an amount of money by its name. ``by_amount``: by how
    much something that is counted was added to (学位增加多少). ``town_and_country``: of both (城乡低保标准).
    ``thresholds`` are those from which on things are counted. ``amount`` is what is wanted first, where its rate of change is asked for beside it (产值和增速). ``wording`` is to be
    compared for similarity.
    """

    wording: str
    indicator: Indicator | None
    named: tuple[str, ...]
    topic: tuple[str, ...]
    head: tuple[str, ...]
    aim: Aim | None
    measure: Measure | None
    units: tuple[str, ...]
    flow: FlowWanted
    says_added: bool
    says_total: bool
    bases: tuple[Basis, ...]
    whole: str
    compared_with: str
    proper_names: tuple[str, ...]
    doings: tuple[frozenset[str], ...]
    multiple: bool
    counts: bool
    counts_noun: bool
    of_money: bool
    by_amount: bool
    town_and_country: bool
    thresholds: tuple[str, ...]
    amount: Wanted | None = None

    @property
    def traits(self) -> Traits:
        """What holds of the measure that is asked for."""
        return traits_of(self.measure)


@lru_cache(maxsize=256)
def wanted_of(part: Part) -> Wanted:
    """What ``part`` wants, by its words."""
    said = part.said
    return Wanted(
        part.wording,
        part.indicators[0] if part.indicators else None,
        tuple(name.lower() for name in part.named),  # as the texts are that they are compared with
        part.topic,
        part.head,
        part.aim,
        part.measure,
        part.units,
        flow=_flow(part),
        says_added=said.added,
        says_total=said.total,
        bases=said.bases,
        whole=said.whole,
        # Of a multiple only what it is said to be of: 全国…是2017年的几倍 compares with a year.
        compared_with=said.multiple_of if part.units[:1] == ("倍",) else said.compared_with,
        proper_names=part.proper_names,
        doings=tuple(kind for kind in doings() if any(word in kind for word in part.topic)),
        multiple=part.units[:1] == ("倍",) and part.measure != "growth",
        counts=said.counts,
        counts_noun=bool(_COUNTED_NOUN.search("".join(part.head) or "".join(part.topic[-1:]))),
        of_money=bool(_OF_MONEY.search("".join(part.head))),
        by_amount=not part.indicators and said.by_amount,
        town_and_country=said.town_and_country,
        thresholds=said.thresholds,
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
