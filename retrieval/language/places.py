"""Names of places: their parts, levels and short forms, and the gazetteer of China's divisions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from retrieval.language.data import tables_of
from retrieval.language.folding import HAN

# Longer suffixes first, so that 自治区 is not read as 区.
_SUFFIX = "特别行政区|自治区|自治州|自治县|自治旗|开发区|高新区|经开区|新区|街道|地区|苏木|林区|特区|省|市|州|盟|县|区|旗|镇|乡"
PLACEHOLDER = re.compile(r"^[xX×某]{1,4}(?:省|市|县|区|镇|乡|街道)$")
_UNIT = re.compile(rf"(?:[xX×]{{1,4}}|[{HAN}]{{1,12}}?)(?:{_SUFFIX})(?!(?:{_SUFFIX}))")
_ENDS_IN_SUFFIX = re.compile(rf"(?:{_SUFFIX})$")
_NATIONALITY = re.compile(
    r"(?:壮族|回族|维吾尔|(?<!内)蒙古族?|藏族|彝族|苗族|土家族|侗族|布依族|哈尼族|傣族|白族|羌族|朝鲜族|满族|瑶族|黎族|哈萨克|柯尔克孜|景颇族|傈僳族|土族|各族|畲族|仡佬族|水族|东乡族|撒拉族|纳西族|拉祜族|佤族|布朗族|独龙族|怒族|普米族|裕固族|保安族|毛南族|仫佬族|锡伯|塔吉克|达斡尔族|鄂温克族|鄂伦春)+$"
)
_MUNICIPALITIES = frozenset({"北京市", "天津市", "上海市", "重庆市"})


@dataclass(frozen=True)
class Division:
    """An administrative division: official ``name``, ``short`` form, ``level`` and the divisions it lies ``within``."""

    name: str
    short: str
    level: str
    within: tuple[str, ...]


@lru_cache(maxsize=1)
def _provinces() -> list[dict[str, Any]]:
    provinces: list[dict[str, Any]] = tables_of("divisions.toml")["province"]
    return provinces


@lru_cache(maxsize=1)
def gazetteer() -> dict[str, tuple[Division, ...]]:
    """Official and short names of the divisions down to the county, each with the divisions that bear it."""
    found: dict[str, list[Division]] = {}
    for province in _provinces():
        name = province["name"]
        divisions = [Division(name, province["short"], "省", ())]
        divisions += [Division(city, short_name(city), "市", (name,)) for city in province["cities"]]
        divisions += [Division(county, short_name(county), "区县", (name,)) for county in province["counties"]]
        for division in divisions:
            for key in {division.name, division.short}:
                found.setdefault(key, []).append(division)
    return {key: tuple(divisions) for key, divisions in found.items()}


@lru_cache(maxsize=1)
def colloquial_names() -> dict[str, tuple[str, ...]]:
    """What people call a province for short, beside its short form: 内蒙 for 内蒙古; by official name."""
    return {province["name"]: tuple(province.get("colloquial", ())) for province in _provinces()}


@lru_cache(maxsize=1)
def province_letters() -> dict[str, Division]:
    """The provinces by the one character that stands for each: 京, 沪, 粤; some have two (川, 蜀)."""
    found = {}
    for province in _provinces():
        division = Division(province["name"], province["short"], "省", ())
        for letter in (province["letter"], *province.get("letters", ())):
            found[letter] = division
    return found


NATION = "全国"


def short_name(name: str) -> str:
    """``name`` without its suffix (回龙坝镇 -> 回龙坝); the whole name where less than two characters would be left."""
    stem = _ENDS_IN_SUFFIX.sub("", name)
    if name.endswith(("自治区", "自治州", "自治县", "自治旗")):
        stem = _NATIONALITY.sub("", stem) or stem
    return stem if len(stem) >= 2 else name


def has_suffix(name: str) -> bool:
    """Whether ``name`` ends as the name of a division does (镇, 区, 自治州, ...)."""
    return bool(_ENDS_IN_SUFFIX.search(name))


def official_name(name: str) -> str:
    """The official name of the province or city that ``name`` is short for; ``name`` itself otherwise."""
    if has_suffix(name):
        return name
    for division in gazetteer().get(name, ()):
        if division.level != "区县":
            return division.name
    return name


def level_of(name: str) -> str | None:
    """The level of a place by its name, or None where the name does not tell."""
    known = gazetteer().get(name, ())
    if name == NATION:
        return "国"
    if name.endswith(("省", "自治区", "特别行政区")) or name in _MUNICIPALITIES:
        return "省"
    if name.endswith("市"):
        return "区县" if known and all(division.level == "区县" for division in known) else "市"
    if name.endswith(("自治州", "地区", "盟", "州")):
        return "市"
    if name.endswith(("镇", "乡", "苏木")):
        return "乡镇"
    if name.endswith("街道"):
        return "街道"
    if name.endswith(("县", "区", "旗")):
        return "区县"
    return None


def split_chain(text: str) -> tuple[str, ...]:
    """The divisions named one after the other in ``text``, outermost first: 重庆市沙坪坝区回龙坝镇 has three.

    Empty when ``text`` is not such a chain from its first to its last character.
    """
    names: list[str] = []
    at = 0
    while at < len(text):
        known = _longest_known(text, at)
        if known is None:
            match = _UNIT.match(text, at)
            if match is None:
                return ()
            known = match.group()
        names.append(official_name(known))
        at += len(known)
    return tuple(names)


def _longest_known(text: str, at: int) -> str | None:
    """The longest official name at ``at``, or a province's short name where it ends the text or a chain goes on."""
    names = gazetteer()
    for length in range(min(15, len(text) - at), 1, -1):
        piece = text[at : at + length]
        divisions = names.get(piece)
        if not divisions:
            continue
        ends = at + length == len(text)
        if has_suffix(piece) and any(division.name == piece for division in divisions):
            return piece
        if any(division.level == "省" for division in divisions) and (ends or _UNIT.match(text, at + length)):
            follows_suffix = _ENDS_IN_SUFFIX.search(text[at + length : at + length + 1])
            if not follows_suffix:
                return piece
    return None
