"""Word's automatic numbering, which its text does not hold: rebuilt as Word shows it."""

from __future__ import annotations

import re
from typing import Any

from retrieval.reading.word_package import W
from retrieval.reading.word_styles import Styles

_DIGITS = "〇一二三四五六七八九"
_CHINESE = (
    "chineseCounting",
    "chineseCountingThousand",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
    "japaneseCounting",
    "ideographDigital",
)
_LEVELS = 9
_MOST = 10_000  # a number past it is no heading's


class Numbers:
    """The numbering of a file. ``of`` is asked paragraph by paragraph, in their order."""

    def __init__(self, root: Any, styles: Styles) -> None:
        self._styles = styles
        self._abstract: dict[str | None, Any] = {}
        self._numbers: dict[str | None, Any] = {}
        for one in root if root is not None else ():
            if one.tag == f"{W}abstractNum":
                self._abstract[one.get(f"{W}abstractNumId")] = one
            elif one.tag == f"{W}num":
                self._numbers[one.get(f"{W}numId")] = one
        self._counts: dict[str | None, list[int | None]] = {}

    def of(self, paragraph: Any) -> str:
        """The number that a paragraph begins with (一、, （二）, 3.); empty where it has none, or a dot."""
        properties = self._styles.numbering(paragraph)
        if properties is None:
            return ""
        number = _value(properties, "numId")
        level = _value(properties, "ilvl") or "0"
        listed = self._numbers.get(number)
        if listed is None or not level.isdigit() or int(level) >= _LEVELS:
            return ""
        abstract = _value(listed, "abstractNumId")
        depth = int(level)
        defined = self._level(listed, abstract, depth)
        if defined is None:
            return ""
        counts = self._counts.setdefault(abstract, [None] * _LEVELS)
        before = counts[depth]
        counts[depth] = self._start(listed, abstract, depth) if before is None else min(before + 1, _MOST)
        counts[depth + 1 :] = [None] * (_LEVELS - depth - 1)
        return self._shown(listed, abstract, defined, counts)

    def _shown(self, listed: Any, abstract: str | None, defined: Any, counts: list[int | None]) -> str:
        if _value(defined, "numFmt") in (None, "bullet", "none"):
            return ""

        def one(match: re.Match[str]) -> str:
            depth = int(match.group(1)) - 1
            of_level = self._level(listed, abstract, depth)
            count = counts[depth]
            if count is None:
                count = self._start(listed, abstract, depth)
            return _written(count, _value(of_level, "numFmt") if of_level is not None else None)

        return re.sub(r"%([1-9])", one, (_value(defined, "lvlText") or "")[:40])

    def _level(self, listed: Any, abstract: str | None, depth: int) -> Any:
        for override in listed.iter(f"{W}lvlOverride"):
            if override.get(f"{W}ilvl") == str(depth) and (own := override.find(f"{W}lvl")) is not None:
                return own
        root = self._abstract.get(abstract)
        levels = root.iter(f"{W}lvl") if root is not None else ()
        return next((one for one in levels if one.get(f"{W}ilvl") == str(depth)), None)

    def _start(self, listed: Any, abstract: str | None, depth: int) -> int:
        overrides = (one for one in listed.iter(f"{W}lvlOverride") if one.get(f"{W}ilvl") == str(depth))
        said = next((value for one in overrides if (value := _value(one, "startOverride"))), None)
        level = self._level(listed, abstract, depth)
        said = said or (_value(level, "start") if level is not None else None)
        return min(int(said), _MOST) if said and said.isdigit() else 1


def _value(element: Any, name: str) -> str | None:
    found = element.find(f"{W}{name}") if element is not None else None
    return found.get(f"{W}val") if found is not None else None


def _written(count: int, form: str | None) -> str:
    if form in _CHINESE:
        return chinese(count)
    if form in ("upperLetter", "lowerLetter") and 0 < count <= 26:
        return chr((64 if form == "upperLetter" else 96) + count)
    if form == "decimalEnclosedCircle" and 0 < count <= 20:
        return chr(0x245F + count)
    if form in ("decimalFullWidth", "decimalFullWidth2"):
        return "".join(chr(ord(digit) + 0xFEE0) for digit in str(count))
    return str(count)


def chinese(count: int) -> str:
    """A number below a hundred as headings write it (十二, 三十); a larger one digit by digit."""
    if not 0 < count < 100:
        return "".join(_DIGITS[int(digit)] for digit in str(count))
    tens, ones = divmod(count, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones else "")
