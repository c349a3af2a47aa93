"""Names and values of Chinese reports in English: places in pinyin, indicators by their English names, qualifiers and units in words.

What has no English name here stays as the report writes it. A number stays the one of the report; where English counts otherwise
(8374.2亿元), the report's value stands first and the English one, which is computed, beside it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from retrieval.language.data import tables_of
from retrieval.language.folding import HAN, fold
from retrieval.language.indicators import indicators
from retrieval.language.pinyin import pinyin
from retrieval.messages import message

_PLACE = re.compile(rf"[{HAN}]{{1,12}}(?:特别行政区|自治区|自治州|自治县|街道|省|市|州|盟|旗|县|区|镇|乡)")
_VALUE = re.compile(
    r"(?P<before>[^\d.%]{0,4}?)(?P<low>\d[\d,]*(?:\.\d+)?)(?:%?[-—－～~至]{1,2}(?P<high>\d[\d,]*(?:\.\d+)?))?"
    r"(?P<more>[多余])?(?P<scale>万亿|亿|万|千)?(?P<unit>%|[^\d\s左以之上，、]{0,4}?)(?P<after>左右|以上|以内|之内|以下|上下)?"
)
_SCALES = {"": (1.0, ""), "万亿": (1.0, " trillion"), "亿": (0.1, " billion"), "万": (10_000.0, ""), "千": (1_000.0, "")}


@lru_cache(maxsize=1)
def _tables() -> dict[str, dict[str, str]]:
    return tables_of("english.toml")


def name_of(text: str) -> str:
    """The English name of a place or an indicator; any other text as it is."""
    told = _tables()["name"].get(text)
    if told is not None:
        return told
    return place_of(text) if _PLACE.fullmatch(text) and text not in indicators() else text


def place_of(name: str) -> str:
    """A place in pinyin with what it is: Dazu District."""
    level = next((one for one in sorted(_tables()["level"], key=len, reverse=True) if name.endswith(one)), "")
    stem = name.removesuffix(level)
    if not level or len(stem) < 2:
        return name
    kind = _tables()["level"][level]
    return message("answers.place_in_english", pinyin=pinyin(stem).capitalize(), level=kind and f" {kind}")


def value_in_english(value: str) -> str:
    """A value with its qualifier and unit in English: at least 6%, about 13.7 trillion yuan, 71.9万人 (719,000 people, computed)."""
    found = _VALUE.fullmatch(fold(value))
    if found is None:
        return value
    before, after, scale = found.group("before"), found.group("after") or "", found.group("scale") or ""
    qualifier = _tables()["qualifier"].get(
        before or after or ("多" if found.group("more") else ""), None if before or after else ""
    )
    unit = _tables()["unit"].get(found.group("unit"))
    if qualifier is None or unit is None or (before and after):
        return value
    numbers = [one for one in (found.group("low"), found.group("high")) if one]
    factor, word = _SCALES[scale]
    counted = "–".join(numbers if factor == 1.0 else [_number(one, factor) for one in numbers])
    said = f"{qualifier}{counted}{'%' if unit == '%' else f'{word} {unit}'.rstrip()}"
    return said if factor == 1.0 else message("answers.value_in_english", value=value, english=said)


def _number(written: str, factor: float) -> str:
    number = float(written.replace(",", "")) * factor
    return f"{number:,.10g}" if number < 1e6 or number % 1 else f"{number:,.0f}"
