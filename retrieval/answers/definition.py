"""Answering what a word means: with the sentence of a report that says it (名词解释, a note), never with a figure."""

from __future__ import annotations

import re

from retrieval.answers.claims import Asked, Claim, Word, absent
from retrieval.answers.context import PartOfReport
from retrieval.answers.quoting import quote, sentence_around, shown
from retrieval.language.folding import HAN, fold

# Between a word and what it means: marks, a bracket with another name of it, and 是指, or in a list of words a colon.
_NAMED = r"[”\"』」》]?(?:\([^()\n]{1,30}\))?\s?"
_MEANS = r"[:,]?\s?(?:主要|一般|通常)?(?:是|系|即)?指(?![标导挥数令定引明示责派望出])"
_LISTED = r"(?::|——)(?=[^\n\d]{8})"
_BEFORE = r"(?:^|[\n。;；])[\s\d.、()\[\]*注:①-⑳➀-➓❶-❿]{0,8}(?:关于|所谓)?[“\"『「《]?"


def claim_definition(asked: PartOfReport) -> Claim:
    """The sentence in which a report says what the word means; not found where it doesn't."""
    report, term = asked.report, asked.part.term
    folded = fold(asked.library.text(report.id))
    for wanted in dict.fromkeys((term, term.replace("规上", "规模以上"), term.replace("规模以上", "规上"))):
        named = r"[”\"“]{0,2}".join(map(re.escape, fold(wanted)))
        for written in (rf"{_BEFORE}{named}{_NAMED}(?:{_MEANS}|{_LISTED})", rf"{named}[{HAN}]{{0,6}}{_NAMED}{_MEANS}"):
            found = re.search(written, folded)
            if found:
                blanks = len(found.group()) - len(found.group().lstrip("\n。;； "))
                span = sentence_around(asked.library, report, found.start() + blanks, found.end())
                words: dict[str, Word] = {
                    "place": shown(report),
                    "said": Asked(_shown(asked.library.text(report.id)[span.start : span.end], wanted)),
                }
                return Claim("definition", "answered", report, words, quotes=(quote(asked.library, report, span),))
    return absent("no_definition", report, place=shown(report), year=report.year or "", term=term)


def _shown(sentence: str, term: str) -> str:
    """A sentence from the word that it explains on, on one line and without its full stop."""
    at = max(fold(sentence).find(fold(term)), 0)
    return re.sub(r"\s*\n\s*", "", sentence[at:]).rstrip("。 ”")
