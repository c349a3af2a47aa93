"""The time that a question names: years by their numbers, years relative to a report's, several years at once."""

from __future__ import annotations

import re

from retrieval.language.folding import chinese_number
from retrieval.language.patterns import pattern
from retrieval.question.periods import read_several
from retrieval.question.query import Relative, When

_YEAR = pattern("questions.time.year")
_OF_REPORT = pattern("questions.time.of_report")
_SESSION = pattern("questions.time.session")
_QUOTED = pattern("mentions.term.quoted")
_STANDS_FOR_NAME = 0xE800
_BASE_YEAR = pattern("questions.time.base_year")
# The first that is found counts: 上上年 ends in 上年.
_RELATIVE: tuple[tuple[Relative, re.Pattern[str]], ...] = (
    ("before_last", pattern("questions.time.before_last")),
    ("last", pattern("questions.time.last")),
    ("this", pattern("questions.time.this")),
    ("after_next", pattern("questions.time.after_next")),
    ("next", pattern("questions.time.next")),
)


def read_when(text: str) -> tuple[When, str]:
    """The time that ``text`` names, and ``text`` without it."""
    text = _BASE_YEAR.sub("是", text)
    of_report = bool(_OF_REPORT.search(text))
    text, names = _without_names(_SESSION.sub(" ", text))
    years: list[int] = []
    for match in _YEAR.finditer(text):
        if match.group("full"):
            years.append(int(match.group("full")))
        elif match.group("short"):
            years.append(2000 + int(match.group("short")))
        else:
            value = chinese_number(match.group("chinese"))
            if value is not None:
                years.append(value)
    bare = _YEAR.sub(" ", text)
    several, bare = read_several(bare, years)
    relative = next((name for name, said in _RELATIVE if said.search(bare)), None)
    for _, said in _RELATIVE:
        bare = said.sub(" ", bare)
    for number, name in enumerate(names):
        bare = bare.replace(chr(_STANDS_FOR_NAME + number), name)
    years = list(dict.fromkeys(years))
    return When(tuple(years), relative, several, of_report and len(years) == 1), bare.strip()


def _without_names(text: str) -> tuple[str, list[str]]:
    """``text`` with a private character for each name in quotation marks that has a number and no year (“海绵行动2025”)."""
    names = [name for name in _QUOTED.findall(text) if re.search(r"\d", name) and "年" not in name]
    for number, name in enumerate(names):
        text = text.replace(name, chr(_STANDS_FOR_NAME + number))
    return text, names
