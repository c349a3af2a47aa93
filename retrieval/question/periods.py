"""The several years that a question asks about at once: 未来三年, “十五五”末, 五年累计, 年均."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.language.folding import chinese_number
from retrieval.language.patterns import pattern
from retrieval.language.periods import period_end

_NAMED = pattern("questions.several.named")
_MEAN = pattern("questions.several.mean")


@dataclass(frozen=True)
class Several:
    """Several years at once. ``ahead`` and ``behind`` tell that they are to come or past, as far as the question says so.

    ``count`` is how many, ``plan_end`` the last year of a five-year plan that is named, ``at_end`` that its end is meant.
    ``mean`` asks for what there was in a year on average.
    """

    ahead: bool = False
    behind: bool = False
    count: int | None = None
    plan_end: int | None = None
    at_end: bool = False
    mean: bool = False


def read_several(text: str, years: Sequence[int]) -> tuple[Several | None, str]:
    """The several years that ``text`` (without the ``years`` it names) asks about, and ``text`` without them."""
    mean = bool(_MEAN.search(text)) and not years
    said = None if years else _NAMED.search(text)
    bare = _NAMED.sub(" ", text) if said else text
    bare = _MEAN.sub(" ", bare) if mean else bare
    if said is None:
        return (Several(mean=True) if mean else None), bare
    counted = said.group("coming") or ""
    return Several(
        ahead=bool(said.group("ahead")),
        behind=bool(said.group("behind") or said.group("since")),
        count=int(counted) if counted.isdigit() else chinese_number(counted) if counted not in ("", "几", "两") else None,
        plan_end=period_end(said.group("plan") or ""),
        at_end=bool(said.group("end")),
        mean=mean,
    ), bare
