"""Places that a question names otherwise than each by its name: regions, letters of provinces, the nation, those inside another."""

from __future__ import annotations

from dataclasses import dataclass

from retrieval.language.indicators import named as indicators_named
from retrieval.language.patterns import pattern
from retrieval.language.places import Division, province_letters
from retrieval.language.regions import regions

_REGION = pattern("places.name.region", regions="|".join(sorted(regions(), key=len, reverse=True)))
# Several provinces by their letters: 京沪两地, 苏粤GDP目标. Without a count one of the letters must be no word of its own.
_LETTERS = pattern("places.name.letters", letters="".join(province_letters()))
_PLAIN_LETTERS = frozenset("京津冀沪浙皖闽赣鲁豫鄂湘粤琼渝黔滇")
_LETTER = pattern("places.name.letter", letters="".join(sorted(_PLAIN_LETTERS)))
_ASKED_NEXT = pattern("places.name.asked_next")
_IN_REGION = pattern("places.name.in_region")
_MEMBERS = pattern("places.name.members")
_NATION = pattern("places.name.nation")
_NOT_NATION = pattern("places.name.not_nation")
_THEME = pattern("places.name.theme")
_LEVELS = {
    "市": ("市",),
    "区县": ("区县",),
    "县市": ("区县",),
    "县": ("区县",),
    "区": ("区县",),
    "乡镇": ("乡镇",),
    "镇": ("乡镇",),
    "街道": ("街道",),
}


@dataclass(frozen=True)
class Collective:
    """Several places named at once, from ``start`` to ``end``: ``members``, or those of ``levels`` in them."""

    start: int
    end: int
    members: tuple[Division, ...]
    levels: tuple[str, ...] = ()


def region_at(question: str, at: int) -> Collective | None:
    """The region named at ``at``; none where its name goes on (西部陆海新通道)."""
    match = _REGION.match(question, at)
    rest = question[match.end() :] if match else ""
    if match is None or not (_IN_REGION.match(rest) or _is_asked_next(rest)):
        return None
    return Collective(at, match.end(), regions()[match.group("region")], _LEVELS.get(match.group("level") or "", ()))


def letters_at(question: str, at: int) -> list[tuple[int, int, Division]]:
    """The provinces named at ``at`` by a letter each; none where that is no more than part of a name (京沪高铁)."""
    match = _LETTERS.match(question, at)
    if match is None:
        one = _LETTER.match(question, at)
        alone = one is not None and _is_asked_next(question[one.end() :])
        return [(at, one.end(), province_letters()[one.group("letter")])] if one and alone else []
    asked = _is_asked_next(question[match.end() :])
    if not match.group("counted") and not (asked and _PLAIN_LETTERS & set(match.group("letters"))):
        return []
    letters = [(place, letter) for place, letter in enumerate(match.group("letters"), at) if letter != "、"]
    ends = [*(place for place, _ in letters[1:]), match.end()]
    return [(start, end, province_letters()[letter]) for (start, letter), end in zip(letters, ends, strict=True)]


def nation_at(question: str, at: int) -> int | None:
    """Where a word for the whole country ends that stands at ``at``; None where there is none, or its places are meant."""
    match = _NATION.match(question, at)
    return match.end() if match and not _NOT_NATION.match(question, match.end()) else None


def levels_inside(question: str, at: int) -> tuple[tuple[str, ...], int]:
    """The levels of the places asked for inside the one that ends at ``at`` (重庆各区县), and where that is said; none where itself is."""
    match = _MEMBERS.match(question, at)
    return (_LEVELS[match.group("level")], match.end()) if match else ((), at)


def _is_asked_next(rest: str) -> bool:
    """Whether ``rest`` goes on with what is asked, and not with a name."""
    return bool(_ASKED_NEXT.match(rest)) or any(mention.start == 0 for mention in indicators_named(rest.lstrip(), question=True))


def is_theme(rest: str) -> bool:
    """Whether a place that ``rest`` follows is what a question is about, and not the place that it asks of (台湾问题)."""
    return bool(_THEME.match(rest))
