"""Finding the figures of an answer that stand in none of its quotes."""

from __future__ import annotations

import re

from retrieval.language.folding import squeeze
from retrieval.language.values import find_values
from retrieval.replies import Reply

_COMPUTED = re.compile(r"\([^()]*计算值[^()]*\)|[\d.]+[^\d:：(（。\n]{0,8}\(计算值[^()]*\)")
_EXEMPT = re.compile(r"(?:19|20)\d\d年|\d+份|^\d+\. |(?<=[:：”])\d+次|\(\d+次\)", re.M)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def unquoted(reply: Reply) -> list[str]:
    """The values in an answer that no quote holds, number by number; computed values, years and counts of reports aside."""
    text = reply.answer.replace("（", "(").replace("）", ")")
    text = _EXEMPT.sub("", _COMPUTED.sub("", text))
    held = {number for quote in reply.quotes for number in _NUMBER.findall(squeeze(quote.text).replace(",", ""))}
    missing = []
    for line in text.split("\n"):
        for value in find_values(line):
            written = line[value.start : value.end]
            missing += [written for number in _NUMBER.findall(squeeze(written)) if number not in held]
    return missing
