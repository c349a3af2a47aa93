"""What a part of a question wants of the figure that answers it: as finished a value as a figure is."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from retrieval.answers.matching.words import bare
from retrieval.language.flow import ADDED_WORDS, TOTAL_WORDS
from retrieval.language.indicators import Indicator
from retrieval.language.vocabulary import doings
from retrieval.models import Basis
from retrieval.question.query import Aim, Asked, Part

FlowWanted = Literal["total", "added", "made", ""]

_LIKE_BASES: dict[Basis, tuple[Basis, ...]] = {"同口径": ("同口径", "可比口径"), "可比口径": ("同口径", "可比口径")}
_BASIS = re.compile(r"自然口径|可比口径|同口径|还原口径")
_COMPARED = re.compile(r"全[国省市区县]")
_MULTIPLE_OF = re.compile(r"(?:是|为|相当于)[^,;]{0,2}(全[国省市区县])[^,;]*倍")
_WHOLE_OF_SHARE = re.compile(r"(?:占|相当于)(?!多少|几|百分|比)([^,;?]{2,16}?)(?:的)?(?:比重|比例|百分之|多少|$)")
_AND_RATE = re.compile(
    r"(?<=[\u4e00-\u9fff])(?:和|与|及|以及|、|(?<=多少))(?:其|同比)?(?:增速|增幅|增长率|增长(?:情况|多少)?|涨幅)"
)
_STOCK = re.compile(r"(?<!没)有(?:多少|几)|拥有|现有")
_MORE = ("新增", "新认定", "净增", "新发展", "新培育")  # 新建 and the like say as well what was done as how many more there are
_OF_MONEY = re.compile(r"(?:资|资金|资本|收入|支出|[款税])$")
_COUNTED_NOUN = re.compile(r"(?:[户人]|人口|企业|家庭|群众|儿童|学生|职工|项目|学校|医院|公司)$")
_ADDED_TO = re.compile(r"增加|新增|净增|减少|压减|削减|核减")
_AS_RATE = re.compile(r"增速|增幅|增长|百分|个点|比例|幅度")
_COUNT = re.compile(r"(?:多少|几[万亿千百]?)(?!百分|个百分|个点)[\u4e00-\u9fff]{2,}")


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
    ``amount`` is what is wanted first, where its rate of change is asked for beside it (产值和增速). ``wording`` is to be
    compared for similarity.
    """

    wording: str
    indicator: Indicator | None
    named: tuple[str, ...]
    topic: tuple[str, ...]
    head: tuple[str, ...]
    aim: Aim | None
    measure: Asked | None
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
    amount: Wanted | None = None


@lru_cache(maxsize=256)
def wanted_of(part: Part) -> Wanted:
    """What ``part`` wants, by its words."""
    said = part.wording
    added, total = any(word in said for word in ADDED_WORDS), any(word in said for word in TOTAL_WORDS)
    return Wanted(
        said,
        part.indicators[0] if part.indicators else None,
        part.named,
        part.topic,
        part.head,
        part.aim,
        part.measure,
        part.units,
        flow=_flow(part, added, total),
        says_added=added,
        says_total=total,
        bases=_bases(said),
        whole=_whole(said),
        compared_with=_compared_with(part),
        proper_names=part.proper_names,
        doings=tuple(kind for kind in doings() if any(word in kind for word in part.topic)),
        multiple=part.units[:1] == ("倍",) and part.measure != "growth",
        counts=bool(_COUNT.search(said)) and not _AS_RATE.search(said),
        counts_noun=bool(_COUNTED_NOUN.search("".join(part.head) or "".join(part.topic[-1:]))),
        of_money=bool(_OF_MONEY.search("".join(part.head))),
        by_amount=not part.indicators and bool(_ADDED_TO.search(said)) and not _AS_RATE.search(said),
        town_and_country="城乡" in said,
        amount=_amount(part),
    )


def _flow(part: Part, added: bool, total: bool) -> FlowWanted:
    if total or (part.aim is None and _STOCK.search(part.wording) and not added):
        return "total"
    if any(word in part.wording for word in _MORE):
        return "added"
    return "made" if added else ""


def _bases(said: str) -> tuple[Basis, ...]:
    found: list[Basis] = _BASIS.findall(said)[:1]
    return _LIKE_BASES.get(found[0], (found[0],)) if found else ()


def _whole(said: str) -> str:
    found = _WHOLE_OF_SHARE.search(said)
    return bare(found.group(1)) if found else ""


def _compared_with(part: Part) -> str:
    """The other side of a comparison; of a multiple only what it is said to be of: 全国…是2017年的几倍 compares with a year."""
    if part.units[:1] == ("倍",):
        found = _MULTIPLE_OF.search(part.wording)
        return found.group(1) if found else ""
    found = _COMPARED.search(part.wording)
    return found.group() if found else ""


def _amount(part: Part) -> Wanted | None:
    rate = _AND_RATE.search(part.wording) if part.measure == "growth" else None
    return wanted_of(replace(part, measure="level", wording=part.wording[: rate.start()])) if rate else None
