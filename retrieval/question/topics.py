"""The content words of a part of a question: what it is about, and which of them say what is counted."""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.language.folding import HAN
from retrieval.language.indicators import Mention
from retrieval.language.patterns import pattern
from retrieval.language.tokens import words
from retrieval.language.vocabulary import stop_words, synonyms, weak_words
from retrieval.question.units import ASKED_UNIT, without_units

FIGURE = pattern("questions.ask.figure")
_LIGHT = pattern("questions.topic.light")
_MOVED = pattern("questions.topic.moved")
_COMPOUND = pattern("questions.topic.compound")
_WHICH = pattern("questions.topic.which")
_AUXILIARY = pattern("questions.topic.auxiliary")
_AIM_WORD = pattern("questions.topic.aim_word")
_AFTER_HOW_MANY = pattern("questions.topic.after_how_many", asked_unit=ASKED_UNIT.pattern)
_INVESTED = pattern("questions.topic.invested")


def topic_of(text: str, mentions: Sequence[Mention]) -> tuple[str, ...]:
    """The content words of a question; beside an indicator those before it, which narrow it (双桥经开区的GDP)."""
    bare = f"{text[: mentions[0].start]} {_joined_on(text, mentions[-1])}" if mentions else text
    bare = _MOVED.sub(" ", _LIGHT.sub(" ", without_units(bare)))
    cut = [_plain_word(part) for word in words(bare) for part in _parts_of(word)]
    found = [word for word in cut if word and word not in stop_words() and not re.fullmatch(r"[\d.%]+|[a-z]", word)]
    return tuple(dict.fromkeys(_joined_verbs(found)))


def _joined_verbs(found: Sequence[str]) -> list[str]:
    """``found`` with a verb and its object of one character each as the word that they are: 修多少路 -> 修路."""
    joined: list[str] = []
    for word in found:
        if joined and len(joined[-1]) == len(word) == 1 and synonyms(joined[-1] + word):
            joined[-1] += word
        else:
            joined.append(word)
    return joined


def _parts_of(word: str) -> tuple[str, ...]:
    """A word that jieba joins a thing and its measure in, as both: 汽车产量 -> 汽车, 产量."""
    compound = _COMPOUND.match(word)
    return compound.groups() if compound else (word,)


def _plain_word(word: str) -> str:
    """A word without the auxiliaries that jieba leaves on it: 要造 -> 造, 拆得 -> 拆."""
    word = _WHICH.sub("", word)
    return _AUXILIARY.sub("", word.rstrip("了过得着"))


def _joined_on(text: str, mention: Mention) -> str:
    """The word joined on to an indicator's name, which makes it another thing: GDP能耗."""
    found = re.match(rf"[{HAN}]+", text[mention.end :])
    word = next(iter(words(found.group())), "") if found else ""
    return "" if len(word) < 2 or word in weak_words() or FIGURE.search(word) or _AIM_WORD.search(word) else word


def head_of(text: str) -> tuple[str, ...]:
    """What is counted: the content words right after 多少 and its unit, else the last ones before (河蟹产量是多少)."""
    match = _AFTER_HOW_MANY.search(text)
    if match:
        return topic_of(match.group("head"), [])
    if _INVESTED.search(text):
        return ("投资",)
    named_before = [word for word in topic_of(text, []) if word not in weak_words() and len(word) > 1]
    return tuple(named_before[-1:])
