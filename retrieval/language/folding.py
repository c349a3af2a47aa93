"""Folding variants of a character, one for one, so that offsets stay valid.

Reports mix ``％`` and ``%``, full-width and half-width digits, ``，`` and ``,``; some are written in traditional characters. The
canonical text keeps them;
whatever matches it works on the folded copy, where ``fold(text)[i]`` is the character ``text[i]``.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

from retrieval.language.data import lines_of

# The inside of a character class: Chinese characters of all planes. Patterns of the lexicon write \\u4e00-\\u9fff for it.
HAN = "\\u3400-\\u4dbf\\u4e00-\\u9fff\\U00020000-\\U000323af"

# Radicals that PDF fonts give for the characters they look like, beside those that Unicode itself calls compatible.
_RADICALS = dict(
    zip(
        "⺁⺄⺆⺇⺈⺊⺌⺍⺗⺜⺝⺟⺠⺫⺬⺮⺯⺰⺶⺷⺻⺼⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻏⻐⻑⻒⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲",
        "厂乙冂几刀卜小小心日月母民目示竹糸纟羊羊聿肉虎衣西西见角訁讠贝足车辶辶阝钅长镸长门阝雨青韦页风飞食飠饣马骨鬼鱼鸟卤麦黄黾齐齐齿齿龙龙龟龟",
        strict=True,
    )
)
_BLANK = dict.fromkeys(map(ord, "\u3000\xa0\t\r\u2002\u2003\u2009"), " ")
_DASH = dict.fromkeys(map(ord, "－–—―‒‐‑−﹣~～"), "-")
_WIDE = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}


def _ordinary() -> dict[int, str]:
    """What stands for an ordinary Chinese character: radicals (⼯, ⻓) and compatibility forms."""
    compatible = [*range(0x2E80, 0x2FE0), *range(0xF900, 0xFB00), *range(0x2F800, 0x2FA20)]
    found = {code: unicodedata.normalize("NFKC", chr(code)) for code in compatible}
    alike = {code: char for code, char in found.items() if len(char) == 1 and char != chr(code)}
    return alike | {ord(radical): char for radical, char in _RADICALS.items()}


_ORDINARY = _ordinary()
_SIGNS = {ord("﹪"): "%", ord("℅"): "%", ord("〇"): "0", ord("✕"): "×", ord("╳"): "×"}
_TRADITIONAL = {ord(pair[0]): pair[1] for line in lines_of("traditional.txt") for pair in line.split()}
_FORMS = {code: _TRADITIONAL.get(ord(char), char) for code, char in _ORDINARY.items()}  # of a traditional character, too
_TABLE: dict[int, str] = {**_FORMS, **_TRADITIONAL, **_WIDE, **_BLANK, **_DASH, **_SIGNS}

_CHINESE_DIGITS = {char: digit for digit, char in enumerate("零一二三四五六七八九")} | {"0": 0, "〇": 0, "两": 2}
_CHINESE_UNITS = {"十": 10, "百": 100, "千": 1000}
_MARKS = re.compile(r"[“”‘’\"'《》「」『』]")


def ordinary(text: str) -> str:
    """``text`` with ordinary characters for radicals and compatibility forms, which look the same; of the same length."""
    return text.translate(_ORDINARY)


def fold(text: str) -> str:
    """``text`` with variants of width and form, traditional characters and years in numerals (一九八二年, 二00七年) folded; of the
    same length."""
    folded = text.translate(_TABLE)
    return _YEAR_IN_NUMERALS.sub(_year_in_digits, folded) if "年" in folded else folded


@lru_cache(maxsize=1)
def _folded_to() -> dict[str, str]:
    found: dict[str, str] = {}
    for code, char in _TABLE.items():
        found[char] = found.get(char, "") + chr(code)
    return found


def variants(char: str) -> str:
    """The characters that are folded to ``char``, itself the first; it alone where no text has it once it is folded."""
    return char + _folded_to().get(char, "")


_YEAR_IN_NUMERALS = re.compile(
    r"(?<![一二三四五六七八九十百千\dA-Za-z])(?:一九|二[0零○Oo])[0零○Oo一二三四五六七八九]{2}(?=\s?年)"
)
_DIGITS_OF_YEARS = str.maketrans("零○Oo一二三四五六七八九", "0000123456789")


def _year_in_digits(year: re.Match[str]) -> str:
    return year.group().translate(_DIGITS_OF_YEARS)


# A full stop written ".": after a word, a percentage, a bracket or a blank to be filled in, where neither a web address nor a
# section number (一. 工作回顾) goes on. Between digits it is a decimal point, after a lone number it numbers an item.
_STOP = re.compile(
    rf"(?<=[{HAN}%‰㎡”》_])\.(?!\.|(?:com|cn|net|org|gov|www)\b)|(?<=[{HAN}\d]\))\.(?=\s*(?:[{HAN}“]|$))",
    re.M,
)
_SECTION_NUMBER = re.compile(r"(?:^|[\s。!?;:])第?[一二三四五六七八九十]{1,3}[章节]?$")


def with_full_stops(folded: str) -> str:
    """A folded text whose sentences end in 。 where they were typed to end in "."; of the same length."""

    def stop(match: re.Match[str]) -> str:
        return "." if _SECTION_NUMBER.search(folded[max(match.start() - 6, 0) : match.start()]) else "。"

    return _STOP.sub(stop, folded) if "." in folded else folded


def squeeze(text: str) -> str:
    """``text`` folded, in lower case and without blanks: for comparing, not for offsets."""
    return re.sub(r"\s+", "", fold(text)).lower()


@lru_cache(maxsize=1)
def _traditional_converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


def simplify(text: str) -> str:
    """``text`` in simplified characters, NFKC-normalised: for questions, never for reports."""
    text = unicodedata.normalize("NFKC", ordinary(text))
    if text.isascii():
        return text
    return str(_traditional_converter().convert(text))


def chinese_number(text: str) -> int | None:
    """The value of a Chinese numeral below ten thousand (``十二``, ``二〇二四``), or None."""
    if not text:
        return None
    if all(char in _CHINESE_DIGITS for char in text):
        return int("".join(str(_CHINESE_DIGITS[char]) for char in text))
    total, digit = 0, 0
    for char in text:
        if char in _CHINESE_DIGITS:
            digit = _CHINESE_DIGITS[char]
        elif char in _CHINESE_UNITS:
            total += (digit or 1) * _CHINESE_UNITS[char]
            digit = 0
        else:
            return None
    return total + digit


def bare(text: str) -> str:
    """``text`` squeezed and without quotation marks: what words are compared with."""
    return _MARKS.sub("", squeeze(text))
