"""Places that a question may mean where it names none that is held: whose names sound or look like what is written."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz, process

from retrieval.language.folding import HAN
from retrieval.language.pinyin import pinyin
from retrieval.language.places import gazetteer, has_suffix, level_of, short_name
from retrieval.question.held_places import HeldPlaces, PlaceKeys
from retrieval.question.named_places import NamedPlace

_NEAR, _NEARER = 50.0, 60.0


def sounding_alike(held: HeldPlaces, question: str, missing: Sequence[NamedPlace]) -> NamedPlace | None:
    """The one place whose name sounds like something written: 九龙冈镇 for 九龙岗镇. Known places are themselves."""
    known = {named.name for named in missing if named.divisions}
    if known:
        return None
    found: dict[str, tuple[int, int]] = {}
    for start in range(len(question)):
        for length in range(3, min(held.longest, len(question) - start) + 1):
            piece = question[start : start + length]
            if not re.fullmatch(rf"[{HAN}]+", piece) or piece in gazetteer() or piece in held.names:
                continue
            for name in held.pinyin_names.get(pinyin(piece), ()):
                if name not in found or length > found[name][1] - found[name][0]:
                    found[name] = (start, start + length)
    return _only(held, found)


def in_latin(held: HeldPlaces, question: str) -> NamedPlace | None:
    """The one place whose name is written in pinyin: huilongba, Huilongba Town."""
    found: dict[str, tuple[int, int]] = {}
    runs = [match.span() for match in re.finditer(r"[A-Za-z']+", question)]
    for first in range(len(runs)):
        for last in range(first, min(first + 5, len(runs))):
            start, end = runs[first][0], runs[last][1]
            written = re.sub(r"[^a-z]", "", question[start:end].lower())
            for name in held.pinyin_names.get(written, ()) if len(written) >= 4 else ():
                place = held.names[name][0].name or name
                end = runs[last][1] + (not has_suffix(name) and question[runs[last][1] :].startswith(place[-1]))  # qinghe镇
                if name not in found or end - start > found[name][1] - found[name][0]:
                    found[name] = (start, end)
    return _only(held, found)


def _only(held: HeldPlaces, found: dict[str, tuple[int, int]]) -> NamedPlace | None:
    places = {place for name in found for place in held.names[name]}
    keys = PlaceKeys((place.name, place.within) for place in places)
    if len({keys.of(place.name, place.within, place.first) for place in places}) != 1:
        return None
    name = max(found, key=lambda one: found[one][1] - found[one][0])
    return NamedPlace(*found[name], next(iter(places)).name or name, tuple(held.names[name]))


def near_names(held: HeldPlaces, missing: Sequence[str]) -> tuple[str, ...]:
    """The places that are held whose names are like one of ``missing``."""
    near = []
    for name in missing:
        short = short_name(name)
        places, shorts = held.of_levels({division.level for division in gazetteer().get(name, ())} or {level_of(name)})
        least = _NEAR if name in gazetteer() else _NEARER
        for _, _, position in process.extract(short, shorts, scorer=fuzz.ratio, score_cutoff=least, limit=3):
            if len(shorts[position]) == len(short) or len(short) > 2:
                near.append(places[position])
    return tuple(dict.fromkeys(near))
