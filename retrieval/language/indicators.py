"""The indicators of the genre, and recognising one in a phrase of a report or in a question."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from retrieval.language.data import tables_of
from retrieval.language.folding import fold
from retrieval.language.places import short_name

_FUNCTION_BEFORE = (
    r"(?:[到至]?20\d\d\s*年(?:度|底|末)?|十[三四五六]五”?(?:时期|期间|末)|(?:过去|今后|未来|这)?五年来?|建议|安排|设定|提出|确定|新建|建成|建设|新改建|改造|改造提升|上半年|前[三十]?一?(?:季度|个月)|\d{0,2}月?-\d{1,2}月(?:份)?|初步(?:统计|核算)|预计|预期|预估|力争|确保|努力|争取|实现|完成|累计|其中|主要|推动|保持|"
    r"促进|达到|带动|拉动|使得?|和|及|以及|年度|当年|同比|(?:自然|可比|同|还原)口径|地方|地区|全社会|[省市区县镇乡]级|本级|今年|去年|全年|明年|要|将|我们|继续|进一步|同时|"
    r"虽然?|但|却|并|也|年末|年底|到年底|一年来|过去一年|城乡|全口径|总体|的|年均|、|“|”|\s|\ue000)"
)
_OWN = "\ue000"  # stands for each character of a name of the own place; no text has it, folded or not
# What may hold any words, also those that stand around it, is no word of a repetition: two of it are as many as there are.
_AS = r"按[^,]{1,8}(?:计算|口径)"
_NEAR = 24  # characters: what a short name means is named close before it
_VERBS = r"(?:提出的|确定的|制定的|下达的|明确的|实现|完成|带动|拉动|推动|促进|确保|力争|预计|使|保持|目标[:是为]|努力|争取)"
_PART = re.compile(r"[\u4e00-\u9fff]{1,10}(?:区|县|镇|乡|园|园区|集团|公司|企业|产业|行业|基地|村)$")
_AREA = re.compile(r"[\u4e00-\u9fff]{2,10}(?:区|县|镇|乡|园区|村)$")
_FUNCTION_AFTER = (
    r"(?:改造提升|建设|建成|占比|同比|均值|平均值?|超额|圆满|顺利|比上年|较上年|较去年(?:同期)?|比去年(?:同期)?|相比去年同期|环比|预计|预期|预估|力争|争取|努力|确保|实现|完成|达|稳定|保持|控制|在|于|为|是|到|"
    r"约|突破|超过|超|逾|分别|均|都|双双|总量|总额|总值|规模|总计|累计|年均|今年|全年|去年|要|将|继续|增长|增速|增幅|涨幅|上涨|上升|下降|降低|减少|提高|提升|"
    r"增加|回升|回落|缩小|增|降|升|仅|也|又|再|进一步|迈上|跃上|迈过|首次|首破|连续\d+年|(?:自然|可比|同|还原)口径|每立方米|名义|实际|有望|可|和|及|的|净增|率|目标|设定|定在|预算|"
    r"左右|不低于|不少于|不超过|至|新台阶|大关|\([^)]*\)|居民|保|快速|平稳|较快|加快|稳步|持续|总体|明显|由[负降跌减增升正]转[正升涨增稳降负减]|扭[负跌降]为[正升增]|止[跌降滑]回[升稳暖]|企稳回[升暖]|触底(?:回升|反弹)|转[负降]为[正升]|降幅收窄|稳中[有向][进升好]|创(?:历史|近年来?)?(?:新高|最好水平)|当年|年度|、|:|“|”|\s)"
)


@dataclass(frozen=True)
class Indicator:
    """An indicator: canonical ``name``, all names of reports (``aliases``), names of questions only (``asked``).

    ``parts`` are the indicators that a report may give instead of this one. ``forms`` are regular expressions of names that vary too much to be listed. ``short`` are names that mean it only where the sentence spoke of ``after`` before (粮食…,总产762亿斤).
    ``related`` is another that people often mean by this one's name; it is pointed to, never answered with. ``lower``
    marks those that are aimed to stay below their target (失业率).
    """

    name: str
    aliases: tuple[str, ...]
    asked: tuple[str, ...]
    usual: Literal["growth", "level"]
    units: tuple[str, ...]
    related: str | None = None
    short: tuple[str, ...] = ()
    after: str = ""
    lower: bool = False
    forms: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()

    def counts(self, unit: str) -> bool:
        """Whether an amount of this indicator can be given in ``unit``."""
        return not self.units or not unit or any(unit.endswith(one) for one in self.units)


@dataclass(frozen=True)
class Mention:
    """An indicator named in a phrase, at ``phrase[start:end]``."""

    indicator: Indicator
    start: int
    end: int


@lru_cache(maxsize=1)
def indicators() -> dict[str, Indicator]:
    """All indicators by canonical name, in the order of the data file."""
    entries = tables_of("indicators.toml")["indicator"]
    return {
        entry["name"]: Indicator(
            entry["name"],
            (entry["name"], *(fold(alias) for alias in entry.get("aliases", ()))),
            tuple(entry.get("asked", ())),
            entry["usual"],
            tuple(entry.get("units", ())),
            entry.get("related"),
            tuple(entry.get("short", ())),
            entry.get("after", ""),
            entry.get("lower", False),
            tuple(entry.get("forms", ())),
            tuple(entry.get("parts", ())),
        )
        for entry in entries
    }


@lru_cache(maxsize=2)
def _names(questions: bool) -> tuple[re.Pattern[str], dict[str, Indicator]]:
    names: dict[str, Indicator] = {}
    for indicator in indicators().values():
        for name in (*indicator.aliases, *(indicator.asked if questions else ())):
            names.setdefault(name.lower(), indicator)
    longest_first = sorted(names, key=len, reverse=True)
    pattern = "|".join(rf"(?<![a-z]){re.escape(n)}(?![a-z])" if n.isascii() else re.escape(n) for n in longest_first)
    forms = "|".join(form for indicator in indicators().values() for form in indicator.forms)
    return re.compile(f"{forms}|{pattern}" if forms else pattern), names


@lru_cache(maxsize=256)
def _of_form(name: str) -> Indicator:
    """The indicator of which ``name`` is one of the varying names."""
    return next(one for one in indicators().values() if any(re.fullmatch(form, name) for form in one.forms))


def named(phrase: str, *, question: bool = False) -> list[Mention]:
    """The indicators that ``phrase`` (folded) names, longest names first where they overlap, left to right."""
    pattern, names = _names(question)
    found = pattern.finditer(phrase.lower())
    return [Mention(names.get(m.group()) or _of_form(m.group()), m.start(), m.end()) for m in found]


@lru_cache(maxsize=64)
def _own_place(own: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(map(re.escape, own))})(?!级)")


def _before(before: str, own: tuple[str, ...]) -> str | None:
    """What stands before the verb (nothing where none does), where the rest are function words and names of the own place.

    A name is read before the words are: it is anything that a title says, so that a repetition of both could be read in
    many ways. 镇级 of 云溪镇级 is a word and no part of the name.
    """
    masked = _own_place(own).sub(lambda name: _OWN * len(name.group()), before) if own else before
    found = _BEFORE.match(masked)
    return before[: found.end("clause")] if found and found.group("clause") else "" if found else None


_BEFORE = re.compile(
    rf"^(?:(?P<clause>.*?){_VERBS})?{_FUNCTION_BEFORE}*(?:(?:{_AS}|截[至止][^,]{{1,8}}底){_FUNCTION_BEFORE}*){{0,2}}$"
)
_AFTER = re.compile(rf"^{_FUNCTION_AFTER}*(?:{_AS}{_FUNCTION_AFTER}*){{0,2}}$")


def subject_of(phrase: str, own: tuple[str, ...]) -> Mention | None:
    """The indicator that a phrase before a value is about, or None.

    Only function words may stand before the name (own place and its 全镇/全区 included: ``own``) and after it:
    anything else makes it another, narrower thing (海洋生产总值, 固定资产投资项目).
    """
    for mention in reversed(named(phrase)):
        before, after = phrase[: mention.start], phrase[mention.end :]
        if re.search(r"(?:占|相当于|与|同|高于|低于|快于|超出)[^,]{0,6}$", before) or not _AFTER.match(after):
            continue
        clause = _before(before, own)
        if clause is not None and not _is_part(clause, own):
            return mention
    return None


def short_subject_of(phrase: str, said_before: str) -> Indicator | None:
    """The indicator that a short name stands for, by what the sentence spoke of last."""
    for name, indicator in _short_names():
        if phrase.startswith(name) and _AFTER.match(phrase[len(name) :]):
            return indicator if indicator.after in said_before[-_NEAR:] else None
    return None


@lru_cache(maxsize=1)
def _short_names() -> tuple[tuple[str, Indicator], ...]:
    return tuple((name, indicator) for indicator in indicators().values() for name in indicator.short)


def _is_part(clause: str, own: tuple[str, ...]) -> bool:
    """Whether the words before 实现 and the like name a part of the place, not the place itself."""
    return bool(_PART.search(clause)) and not any(clause.endswith(name) for name in own)


def part_spoken_of(phrase: str) -> str:
    """The part of the place whose indicator a phrase names (滨海新区地区生产总值, 云溪经开区完成规上工业产值); else nothing."""
    for mention in named(phrase)[:1]:
        before = phrase[: mention.start]
        found = _PART.search(before) or _AREA.search(re.sub(rf"{_VERBS}+$", "", before))
        if found:
            return found.group()
    return ""


def speaks_narrowly(phrase: str) -> bool:
    """Whether a phrase ends in an indicator's name with words before it that narrow it: 农产品网络零售额."""
    mentions = named(phrase)
    return bool(mentions) and mentions[-1].start > 0


def function_words_only(phrase: str) -> bool:
    """Whether ``phrase`` names nothing: a value after it belongs to what was named before."""
    return bool(_AFTER.match(phrase))


# By the end of a place's name, longer ones first: what it calls itself after 全, 我 and 本. 全市 in a county's report is not the county.
_WHOLES = (
    ("自治区", "区|自治区|疆"),
    ("地区", "地区"),
    ("街道", "街道"),
    ("省", "省"),
    ("州", "州"),
    ("盟", "盟"),
    ("市", "市"),
    ("县", "县"),
    ("旗", "旗"),
    ("区", "区"),
    ("镇", "镇|乡"),
    ("乡", "镇|乡"),
)
_WHOLES_OF_LEVELS = {"省": "省|区|市|自治区|疆", "市": "市|州|盟|地区", "区县": "区|县|市|旗", "乡镇": "镇|乡", "街道": "街道"}
_ANY = "省|市|区|县|镇|乡|街道|州|盟|旗"


def own_names(place: str | None, within: tuple[str, ...], level: str | None) -> tuple[str, ...]:
    """The words by which a report calls its own place: its name, short name, 全镇/我镇, by its level."""
    wholes = next(
        (words for suffix, words in _WHOLES if (place or "").endswith(suffix)), _WHOLES_OF_LEVELS.get(level or "", _ANY)
    )
    names = [f"{word}{whole}" for whole in wholes.split("|") for word in ("全", "我", "本")]
    names += [part for part in wholes.split("|") if len(part) > 1]
    for name in (*within, place) if place else ():
        names += [name, short_name(name)]
    return tuple(sorted(set(names), key=len, reverse=True))
