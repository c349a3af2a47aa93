"""The numbers from which on things are counted: 40万以上的村, 亿元以上项目, 过4000万元的村."""

from __future__ import annotations

import re

from retrieval.language.folding import squeeze
from retrieval.language.patterns import pattern

_THRESHOLD = pattern("figures.facet.threshold")


def thresholds_said(text: str) -> tuple[str, ...]:
    """The thresholds that ``text`` names, however it writes them: 亿元以上 and 过1亿元 are the same."""
    found = (match.group("over") or match.group("from") for match in _THRESHOLD.finditer(squeeze(text)))
    return tuple(dict.fromkeys(re.sub(r"^1(?=[百千万亿])", "", number) for number in found))
