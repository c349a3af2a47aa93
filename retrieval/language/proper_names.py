"""Things of a kind that a text calls by a name of their own: 三峡机场, 宁德集团, 上河村."""

from __future__ import annotations

import re
from typing import NamedTuple

from retrieval.language.folding import HAN
from retrieval.language.patterns import pattern

_KIND = pattern("figures.facet.kind_named")
_NO_NAME = pattern("figures.facet.names_nothing")
_TWO_CHARACTERS = re.compile(rf"[{HAN}]{{2}}")
_NAME = 2  # characters of a name before its kind


class Named(NamedTuple):
    start: int
    end: int
    name: str
    kind: str


def things_named(text: str) -> list[Named]:
    """Every place of ``text`` where such a name may stand, also where one overlaps another; 三个村 is none."""
    return [one for one in _of_kinds(text) if _is_name(one)]


def proper_names(text: str) -> tuple[str, ...]:
    """The names in ``text``, in its order, none of which overlaps another."""
    found: list[Named] = []
    for one in _of_kinds(text):
        if not found or found[-1].end <= one.start:
            found.append(one)
    return tuple(one.name for one in found if _is_name(one))


def _of_kinds(text: str) -> list[Named]:
    """The things of a kind with the two characters before it, whatever those say."""
    found = []
    for kind in _KIND.finditer(text):
        start = kind.start() - _NAME
        if start >= 0 and _TWO_CHARACTERS.match(text, start):
            found.append(Named(start, kind.end(), text[start : kind.end()], kind.group()))
    return found


def _is_name(one: Named) -> bool:
    return not _NO_NAME.search(one.name[:_NAME])
