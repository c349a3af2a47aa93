"""Characters that show something else than they are: turned around, unseen, drawn over a digit, or commands to a terminal.

They stay where a report has them, so that what is quoted is what it says and offsets are true. Whoever shows a text to a
person shows a mark in their place, one character for one.
"""

from __future__ import annotations

import re
import unicodedata

MARK = "\ufffd"
# Most of any Chinese text is none; the others are looked up.
_UNUSUAL = re.compile(r"[^\n\t -~·—‘’“”…\u3000-\u3029\u3030-\u3098\u309b-\u3163\u3165-\ud7ff\uf900-\ufaff\uff01-\uff9f]")
_NEVER = ("Cc", "Cf", "Cs", "Zl", "Zp")
_DRAWN_OVER = ("Mn", "Me")
_BLANK_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"  # the fillers of Hangul, and Braille without a dot
_VARIANTS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")  # of a character or a picture
_IDEOGRAPHS = 0x2E80
_MOST_OVER_ONE = 2  # of a Vietnamese letter


def visible(text: str) -> str:
    """``text`` as it can be shown, as long as it is: nothing in it turns, hides, covers or commands."""
    return _UNUSUAL.sub(lambda found: MARK if _deceives(text, found.start()) else found.group(), text)


def has_hidden(text: str) -> bool:
    """Whether :func:`visible` changes anything."""
    return any(_deceives(text, found.start()) for found in _UNUSUAL.finditer(text))


def _deceives(text: str, at: int) -> bool:
    category = unicodedata.category(text[at])
    if category in _DRAWN_OVER:
        return _covers(text, at)
    return category in _NEVER or text[at] in _BLANK_LETTERS


def _covers(text: str, at: int) -> bool:
    """Whether a mark is drawn over what no language has it over: a digit, a sign, an ideograph; or is one of too many."""
    base = at - 1
    while base >= 0 and at - base <= _MOST_OVER_ONE and unicodedata.category(text[base]) in _DRAWN_OVER:
        base -= 1
    if base < 0 or at - base > _MOST_OVER_ONE:
        return True
    kind = unicodedata.category(text[base])
    if _VARIANTS.match(text[at]):
        return kind.startswith("N") or text[base] in "+-.,%％．，"
    return (
        not kind.startswith("L")
        or _IDEOGRAPHS <= ord(text[base]) < 0x3040
        or 0x3100 <= ord(text[base]) < 0xAC00
        or ord(text[base]) > 0xF900
    )
