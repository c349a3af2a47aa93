"""Names of indicators that a text cuts in two or shares between items: 规模以上工业实现总产值76亿元、增加值18亿元."""

from __future__ import annotations

from collections.abc import Iterator

from retrieval.language.indicators import Indicator, function_words_only, subject_of
from retrieval.language.patterns import pattern

_INSIDE = pattern("figures.name.inside")
_TRAILING = pattern("figures.read.trailing")
_LEADING = pattern("figures.read.leading")
_LONGEST_ITEM = 6  # characters; a longer one names its thing itself
_SHORTEST = 2


def bare_name(phrase: str) -> str:
    """A phrase before a value without the function words around the name."""
    return _TRAILING.sub("", _LEADING.sub("", phrase)).strip()


def completed(phrase: str, before: str, own: tuple[str, ...], *, same_unit: bool) -> Indicator | None:
    """The indicator that a phrase names with a word inside its name, or with what it leaves to the name ``before`` it.

    Its head (实际使用内资28亿元、外资346万美元) or, of values of the ``same_unit``, its tail (城镇居民人均可支配收入4万元、农村居民2万元).
    """
    for candidate, joint in _candidates(phrase, before, same_unit):
        mention = subject_of(candidate, own)
        if mention is not None and mention.start < joint < mention.end:
            return mention.indicator
    return None


def _candidates(phrase: str, before: str, same_unit: bool) -> Iterator[tuple[str, int]]:
    """What the phrase may stand for, each with the place where its pieces are joined."""
    for inside in _INSIDE.finditer(phrase):
        yield phrase[: inside.start()] + phrase[inside.end() :], inside.start()
    name = bare_name(phrase)
    if not _SHORTEST <= len(name) <= _LONGEST_ITEM or function_words_only(name) or not before:
        return
    for cut in range(len(before) - _SHORTEST, _SHORTEST - 1, -1):
        yield before[:cut] + name, cut
    for cut in range(_SHORTEST, len(before) - 1) if same_unit else ():
        yield name + before[cut:], len(name)
