"""What single clauses name: the words before a value, behind it, and in the clause before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from retrieval.figures.completing import bare_name
from retrieval.figures.names import SHORT_NAME, piece_after, without_item_mark, without_verbs
from retrieval.language.indicators import Indicator, function_words_only, named, subject_of
from retrieval.language.patterns import pattern
from retrieval.language.values import RANK_UNIT, VALUE, Value

BOUNDARY = re.compile(r"[,;。:!?\n]")
LEADING = pattern("figures.read.leading")
TRAILING = pattern("figures.read.trailing")
NEXT_IN_LIST = pattern("figures.read.next_in_list")
BETWEEN_NAMES = pattern("figures.read.between_names")
SHORTEST_NAME, LONGEST_SUBJECT = 2, 40  # characters
_NAME_ALONE = pattern("figures.name.alone")
_MOVES_ON = pattern("figures.read.moves_on")
_ATTRIBUTED_NAME = pattern("figures.name.attributes")
_SHORT_INDUSTRY = pattern("figures.name.short_industry")
_LAST_INDUSTRY = pattern("figures.name.last_industry")
_ATTRIBUTED = pattern("figures.read.attributed")
_OF_SHARE = pattern("figures.read.of_share")
_CONTINUES = pattern("figures.read.continues")


@dataclass
class Subject:
    """What a value is about: the words of the report, and the indicator they name."""

    phrase: str
    indicator: Indicator | None
    start: int
    of_place: str = ""  # the larger place or the zone that it is of, where that is not the report's own


def indicator_of(phrase: str, own: tuple[str, ...]) -> Indicator | None:
    """The indicator that a phrase is about; the last of several listed with 、."""
    mention = subject_of(phrase, own)
    if mention is None and "、" in phrase:
        mention = subject_of(phrase.rsplit("、", 1)[1], own)
    return mention.indicator if mention else None


def clause_before(gap: str, moves: bool, own: tuple[str, ...]) -> Subject | None:
    """The indicator that the clause before the value's names (地区生产总值稳步提升,增长6%), or None.

    Before what something had been, or came to (``moves``), it may say more of it: 地区生产总值连跨两个台阶,由2万亿元增加到….
    """
    clause = [piece for piece in BOUNDARY.split(gap) if piece.strip()]
    if not clause:
        return None
    mention = subject_of(clause[-1], own)
    if mention is None and moves and _NAME_ALONE.fullmatch(clause[-1]):
        return Subject(clause[-1], None, 0)
    moved = _MOVES_ON.search(clause[-1]) if mention is None and moves else None
    if moved is None:
        return Subject(mention.indicator.name, mention.indicator, 0) if mention else None
    mention = subject_of(clause[-1][: moved.start()], own)
    name = bare_name(clause[-1][: moved.start()])
    if mention is None and not (SHORTEST_NAME < len(name) <= LONGEST_SUBJECT and _ATTRIBUTED_NAME.search(name)):
        return None
    return Subject(mention.indicator.name, mention.indicator, 0) if mention else Subject(name, None, 0)


def led_clause(phrase: str, gap: str) -> Subject | None:
    """The indicator that the clause before begins with, of which a share is told: 经济总量还不够大,占全省比重仅为4.1%."""
    clause = [piece for piece in BOUNDARY.split(gap) if piece.strip()]
    if not clause or not _OF_SHARE.match(phrase):
        return None
    said = without_item_mark(clause[-1])
    mention = next(iter(named(said)), None)
    leads = mention is not None and function_words_only(said[: mention.start])
    return Subject(mention.indicator.name, mention.indicator, 0) if mention and leads else None


def continues(phrase: str) -> bool:
    """Whether a clause says more of what was named before: a share, a rank, a comparison, a completion."""
    return bool(_CONTINUES.match(phrase.strip()))


def around(folded: str, value: Value, noun_phrase: str) -> Indicator | None:
    """The indicator whose name stands around a value, or after it: 城镇新增48.7万人就业, 改造提升112万亩高标准农田."""
    after = piece_after(folded[value.end :])
    bare = without_verbs(noun_phrase)
    if after and bare == after and (found := subject_of(after, ())) and found.start == 0 and found.indicator.counts(value.unit):
        return found.indicator  # 6000多家市场主体保持稳定
    mention = next(iter(named(bare)), None) if after and bare.endswith(after) else None
    whole = mention and (mention.start, mention.end) == (0, len(bare))
    return mention.indicator if mention and whole and mention.indicator.counts(value.unit) else None


def counts_its_own(folded: str, phrase: str, value: Value) -> bool:
    """Whether the value names what it counts after it: 发放资金300万元,为93名残疾人…, not 增长5%."""
    if value.unit == RANK_UNIT or not function_words_only(phrase):
        return False
    if value.unit in ("%", "‰", "‱", "倍") or value.unit.endswith("百分点"):
        return bool(attributed(folded, value))
    return len(piece_after(folded[value.end :])) >= SHORTEST_NAME


def attributed(folded: str, value: Value) -> str:
    """What a percentage is said of right after it: 80%的县级医院达到…"""
    match = _ATTRIBUTED.match(folded, value.end) if value.unit == "%" else None
    return match.group(1) if match else ""


def noun_phrase_of(folded: str, phrase: str, value: Value) -> str:
    """The words of the report that tell what a value counts: before it, and after it up to the clause's end."""
    listed = phrase.rsplit("、", 1)[-1]
    before = TRAILING.sub("", LEADING.sub("", listed)).strip()
    if said_of := attributed(folded, value):
        return said_of[:LONGEST_SUBJECT]
    rest = folded[value.end :]
    after = "" if value.unit == RANK_UNIT else piece_after(rest)
    if not after and len(listed) <= SHORT_NAME < len(phrase):
        before = TRAILING.sub("", LEADING.sub("", phrase)).strip()  # 巡查企业偷排、漏排、直排100余次
    if not after and value.unit.endswith("元") and len(without_verbs(before)) < SHORTEST_NAME and rest[:1] == ",":
        after = VALUE.sub("", re.split(r"[,;。:!?\n]", rest[1:], maxsplit=1)[0])  # 投入45万元,解决…: what the money went into
        after = "" if function_words_only(after) else after.strip()
    return f"{before}{after}"[:LONGEST_SUBJECT]


def listed_values(folded: str, values: Sequence[Value]) -> int:
    count = 1
    for before, after in pairwise(values):
        rates = [one.unit in ("%", "‰") for one in (before, after)]
        if rates[0] != rates[1] or not NEXT_IN_LIST.fullmatch(folded[before.end : after.start]):
            break
        count += 1
    return count


def each_named(clause: str, count: int) -> list[str]:
    """The names that a clause lists, of town and country each by its own."""
    names = [name for name in BETWEEN_NAMES.split(clause) if not function_words_only(name)]
    return town_and_country(names) if count == 2 else names


def industries(names: list[str]) -> list[str]:
    """第一、二、三产业增加值 as three names, each of its own industry."""
    last = _LAST_INDUSTRY.search(names[-1]) if len(names) > 1 else None
    if last is None or not all(_SHORT_INDUSTRY.fullmatch(name) for name in names[:-1]):
        return names
    return [f"第{name.strip('第产业次')}产业{last.group('attribute')}" for name in (*names[:-1], last.group("number"))]


def town_and_country(names: list[str]) -> list[str]:
    """城乡居民收入, before two values, as the incomes in town and in the country."""
    if len(names) != 1 or "城乡" not in names[0]:
        return names
    return [names[0].replace("城乡", "城镇"), names[0].replace("城乡", "农村")]
