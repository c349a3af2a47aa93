"""Proving an answer against the reports: every number of its wording stands in a quote, and every quote in its report.

What can't be proved is never shown: the bare quotes are, and the incident is logged.
"""

from __future__ import annotations

import logging
import re
from dataclasses import replace

from retrieval.language.folding import fold, squeeze
from retrieval.language.values import find_values
from retrieval.messages import message
from retrieval.ports import Reports
from retrieval.replies import Quote, Reply

_log = logging.getLogger(__name__)
# Numbers that no report writes: computed ones, which the wording marks, years, counts of reports and of mentions, list numbers.
_COMPUTED = re.compile(r"\([^()]*(?:计算值|computed)[^()]*\)|[\d.]+[^\d:：(（。\n]{0,8}\((?:计算值|computed)[^()]*\)")
_EXEMPT = re.compile(r"(?:19|20)\d\d年|\d+ ?份|\d+ reports?|\d+个年份|^\d+\. |(?<=[:：”])\d+次|\(\d+次\)", re.M)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


def proved(reply: Reply, library: Reports) -> Reply:
    """``reply`` as it is where it is proved; else its quotes alone, as far as they are true."""
    untrue = [quote for quote in reply.quotes if not is_verbatim(quote, library)]
    unproved = unquoted(reply)
    if not untrue and not unproved:
        return reply
    _log.error(
        "an answer is not proved: intent %s, %d numbers unquoted, %d quotes untrue", reply.intent, len(unproved), len(untrue)
    )
    quotes = tuple(quote for quote in reply.quotes if quote not in untrue)
    if not quotes:
        return replace(
            reply, status="not_found", answer=message("answers.unproved_unquoted"), quotes=(), emphasis=(), comparisons=()
        )
    return replace(reply, answer=message("answers.unproved"), quotes=quotes, emphasis=(), comparisons=())


def is_verbatim(quote: Quote, library: Reports) -> bool:
    """Whether a quote is the piece of its report's text that it says it is."""
    return library.text(quote.report.id)[quote.start : quote.end] == quote.text


def unquoted(reply: Reply) -> list[str]:
    """The values in an answer that no quote holds, number by number; computed values, years and counts of reports aside."""
    text = fold(reply.answer)
    text = _EXEMPT.sub("", _COMPUTED.sub("", text))
    held = {number for quote in reply.quotes for number in _NUMBER.findall(_THOUSANDS.sub("", fold(squeeze(quote.text))))}
    missing = []
    for line in text.split("\n"):
        for value in find_values(line):
            written = line[value.start : value.end]
            missing += [written for number in _NUMBER.findall(_THOUSANDS.sub("", squeeze(written))) if number not in held]
    return missing
