"""English questions put in Chinese: each known piece by what it is in Chinese, in the order in which Chinese asks.

What is not known stays as it is written: the name of a place in pinyin, or a thing whose Chinese name would have to be known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from retrieval.language.data import tables_of
from retrieval.language.folding import HAN
from retrieval.question.covering import covered

_CHINESE, _ENGLISH = re.compile(rf"[{HAN}]"), re.compile(r"[A-Za-z]{2}")
_WORDS = re.compile(r"(?<![A-Za-z])[A-Za-z]?[a-z]{3,}(?![A-Za-z])")
_POSSESSIVE = re.compile(r"(?<=[A-Za-z])(?:['’]s|s['’])(?![A-Za-z])")  # Shanghai's
_SLOTS = ("head", "place", "time", "term", "aim", "about", "tail")
_SPELLED = ("place", "term")  # which are written in the middle of a Chinese question, too
_YEAR = re.compile(r"(?<![\d.])((?:19|20)\d\d)(?![\d.%])")
_VALUE = re.compile(
    r"(?P<number>\d[\d,]*(?:\.\d+)?)(?:\s*(?P<scale>thousand|million|billion|trillion)(?![a-z])|\s*(?:percent(?![a-z])|%))?"
)
_WHETHER = re.compile(r"(?:did|does|do|is|was|were|are|has|have)\b")  # Did exports exceed 1.2 trillion yuan?
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_CHINESE_SCALES = (("万亿", 1e12), ("亿", 1e8), ("万", 1e4), ("", 1.0))
_BLANK = re.compile(r"[\s,.?!;:\"()“”]+")
_JOINING = ("和",)
_BETWEEN_CHINESE = re.compile(rf"(?<=[{HAN}\d%]) (?=[{HAN}\d，])")


def is_english(text: str) -> bool:
    """Whether a question is asked in English; names of places and things may be Chinese (云溪镇 GDP target)."""
    if not _CHINESE.search(text):
        return bool(_ENGLISH.search(text))
    return any(_pattern(slot).search(text.lower()) for slot in ("aim", "tail", "term")) and bool(_WORDS.search(text))


def in_chinese(question: str) -> str:
    """An English question in Chinese, piece by piece; ``question`` where no piece of it is known."""
    text = _POSSESSIVE.sub(" ", question)
    said = _BLANK.sub(" ", text).strip().lower()
    if said in _table("whole"):
        return _table("whole")[said]
    slots: dict[str, list[str]] = {slot: [] for slot in _SLOTS}
    slots["tail"] += [chinese for words, chinese in _table("apart").items() if re.search(r"\b.*\b".join(words.split()), said)]
    at, last, known = 0, "place", bool(slots["tail"])
    for name, piece in covered(text.lower(), _phrases()):
        written = text[at : at + len(piece)]
        at += len(piece)
        known = known or name not in ("", "blank")
        if name in slots:
            chinese = _table(name)[" ".join(piece.split())]
            slot = last if chinese in _JOINING else name
            slots[slot].append(chinese)
            last = slot if slot in _SPELLED else last
        elif name == "year":
            slots["time"].append(f"{piece}年")
        elif name == "value":
            slots["term"].append(_value(piece))
        elif not name and written.strip():
            slots["place"].append(written.strip())
            last = "place"
    if _WHETHER.match(said) and any(re.match(r"\d", one) for one in slots["term"]) and not slots["tail"]:
        slots["tail"].append("，对吗")
    return _asked(slots) if known else question


def _value(piece: str) -> str:
    """A number as Chinese writes it: 20 million is 2000万."""
    said = _VALUE.match(piece)
    if said is None or said.group("scale") is None:
        return piece.strip().replace("percent", "%").replace(" ", "")
    number = float(said.group("number").replace(",", "")) * _SCALES[said.group("scale")]
    scale, size = next((scale, size) for scale, size in _CHINESE_SCALES if number >= size)
    return f"{number / size:.10g}{scale}"


def with_chinese_names(question: str) -> str:
    """``question`` with the English names of places that pinyin does not give in Chinese."""
    for name, chinese in _table("place").items():
        if name not in ("and", "with", "who") and question.lower().find(name) >= 0:
            question = re.sub(rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])", chinese, question, flags=re.I)
    return question


def _asked(slots: dict[str, list[str]]) -> str:
    """The pieces of a question in the order of Chinese."""
    for slot in _SPELLED:
        while slots[slot] and slots[slot][-1] in _JOINING:
            slots[slot].pop()
        while slots[slot] and slots[slot][0] in _JOINING:
            slots[slot].pop(0)
    tail = list(dict.fromkeys(slots["tail"]))
    aim = slots["aim"][:1] if not any("目标" in one for one in tail) else []
    if slots["about"] and slots["term"]:
        tail = slots["about"][:1]
    elif slots["aim"] and any("完成" in one for one in tail):
        tail = [one for one in tail if "完成" in one]
    asked = " ".join([*slots["head"], *slots["place"], *slots["time"], *slots["term"], *aim, *tail])
    return _BETWEEN_CHINESE.sub("", asked) or "?"


@lru_cache(maxsize=1)
def _tables() -> dict[str, dict[str, str]]:
    return tables_of("english.toml")


def _table(name: str) -> dict[str, str]:
    return _tables()[name]


@lru_cache(maxsize=16)
def _pattern(slot: str) -> re.Pattern[str]:
    return _either(_table(slot))


@lru_cache(maxsize=1)
def _phrases() -> tuple[tuple[str, re.Pattern[str]], ...]:
    known = [(slot, _pattern(slot)) for slot in _SLOTS]
    return (*known, ("year", _YEAR), ("value", _VALUE), ("nothing", _either(_table("nothing")["words"])), ("blank", _BLANK))


def _either(words: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<![a-z])(?:{'|'.join(map(re.escape, longest_first))})(?![a-z])")
