"""Of which area a figure is said, where it is not the report's own place: a larger one (全省), or a zone inside it."""

from __future__ import annotations

import re

from retrieval.language.patterns import pattern

# What speaks of a larger place than the report's: 全省, in a county's report; not 全国重点, 全省首批, which rank or describe its own.
UPPER = pattern("figures.area.upper")
# A clause that turns to a larger place, of which all that follows is until the own one is named: 从全国看,…; 省政府提出,….
_TURNS_TO = pattern("figures.area.turns_to")
_SET = pattern("figures.area.set")
# A clause whose subject or object is a zone: 支持云溪开发区扩区升级. What the next clause gives is the zone's.
_ZONE_CLAUSE = pattern("figures.area.zone_clause")
_NAMELESS_ZONE = pattern("figures.area.nameless_zone")
_AREA = pattern("figures.area.named")


def upper_of(phrase: str, own: tuple[str, ...]) -> str:
    """The larger place that a phrase speaks of, of which the report's (called by ``own``) is but a part; else nothing."""
    said = UPPER.match(phrase)
    return said.group("upper") if said and said.group("upper") not in own else ""


def turned_to(gap: str, own: tuple[str, ...]) -> str:
    """The larger place that the words before a value turn to (从全国看,…); nothing where the own one is named behind that."""
    turns = [*_TURNS_TO.finditer(gap)]
    if not turns or any(name in gap[turns[-1].end() :] for name in (*own, "我们")):
        return ""
    turn = turns[-1]
    upper = turn.group("upper") or f"全{turn.group('body')[:1].replace('中', '国')}"
    return "" if upper in own else upper


def subject_of_upper(upper: str, noun_phrase: str, before: str) -> str:
    """What a figure of a larger place is about: named beside it, or by what was spoken of ``before`` (全市提出增长6%)."""
    return upper + (_SET.sub("", noun_phrase.removeprefix(upper)) or UPPER.sub("", before))


def zone_before(gap: str) -> str:
    """The zone of which the clause before a value's speaks: 支持云溪开发区扩区升级,确保规上工业增加值增长; nothing for one without a name."""
    clauses = re.split(r"[;。:]", gap)[-1].split(",")[:-1]
    found = _ZONE_CLAUSE.match(clauses[-1].strip()) if clauses else None
    return found.group("area") if found and not _NAMELESS_ZONE.match(found.group("area")) else ""


def is_area(part: str, own: tuple[str, ...]) -> bool:
    """Whether a part of the place is an area with a name, by which its other figures can be called, too: 云溪经开区, not 民营企业."""
    return bool(_AREA.search(part)) and not part.startswith(own)
