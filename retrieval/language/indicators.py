"""The indicators of the genre, and recognising one in a phrase of a report or in a question."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from retrieval.language.data import tables_of
from retrieval.language.folding import fold
from retrieval.language.patterns import pattern
from retrieval.language.places import short_name

_OWN = "\ue000"  # stands for each character of a name of the own place; no text has it, folded or not
_NEAR = 24  # characters: what a short name means is named close before it
_VERBS_AT_END = pattern("figures.indicator.verbs_at_end")
_IN_COMPARISON = pattern("figures.indicator.in_comparison")
_PART = pattern("figures.indicator.part")
_AREA = pattern("figures.indicator.area")
_BEFORE = pattern("figures.indicator.before")
_AFTER = pattern("figures.indicator.after")


@dataclass(frozen=True)
class Indicator:
    """An indicator: canonical ``name``, all names of reports (``aliases``), names of questions only (``asked``).

    ``parts`` are the indicators that a report may give instead of this one. ``forms`` are regular expressions of names that vary too much to be listed. ``short`` are names that mean it only where the sentence spoke of ``after`` before (粮食…,总产762亿斤).
    ``related`` are others that people often mean by this one's name: told by their own name where a report gives none of this. ``lower``
    marks those that are aimed to stay below their target (失业率).
    """

    name: str
    aliases: tuple[str, ...]
    asked: tuple[str, ...]
    usual: Literal["growth", "level"]
    units: tuple[str, ...]
    related: tuple[str, ...] = ()
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
            tuple(entry.get("related", ())),
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
    listed = "|".join(rf"(?<![a-z]){re.escape(n)}(?![a-z])" if n.isascii() else re.escape(n) for n in longest_first)
    forms = "|".join(form for indicator in indicators().values() for form in indicator.forms)
    return re.compile(f"{forms}|{listed}" if forms else listed), names


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


def subject_of(phrase: str, own: tuple[str, ...]) -> Mention | None:
    """The indicator that a phrase before a value is about, or None.

    Only function words may stand before the name (own place and its 全镇/全区 included: ``own``) and after it:
    anything else makes it another, narrower thing (海洋生产总值, 固定资产投资项目).
    """
    for mention in reversed(named(phrase)):
        before, after = phrase[: mention.start], phrase[mention.end :]
        if _IN_COMPARISON.search(before) or not _AFTER.match(after):
            continue
        clause = _before(before, own)
        if clause is not None and not _is_part(clause, own):
            return mention
    return None


def short_subject_of(phrase: str, said_before: str) -> Indicator | None:
    """The indicator that a short name stands for, by what the sentence spoke of last."""
    phrase = phrase.removeprefix("其中")
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
        found = _PART.search(before) or _AREA.search(_VERBS_AT_END.sub("", before))
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
    ("国", "国"),
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
