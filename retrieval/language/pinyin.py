"""Names of places in pinyin, to find one that is written in Latin letters or with other characters of the same sound."""

from __future__ import annotations

import gc
import os
import re
import sys
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from retrieval.language.data import lines_of

_ROUNDED = str.maketrans(dict.fromkeys("üǖǘǚǜ", "v"))  # as it is typed
_TONES = re.compile(r"[\u0300-\u036f]")
_FIRST, _LAST = 0x4E00, 0x9FFF  # Unicode's block of the common Chinese characters


@lru_cache(maxsize=8192)
def pinyin(name: str) -> str:
    """``name`` in pinyin without tones or blanks; characters outside of the common ones stay."""
    return _readings().of(name)


@dataclass(frozen=True)
class _Readings:
    """The usual reading of each common character, and of names that are read otherwise."""

    characters: tuple[str, ...]
    names: dict[str, str]
    parts: re.Pattern[str]

    def of(self, name: str) -> str:
        return "".join(self._of_part(part) for part in self.parts.findall(name)).lower()

    def _of_part(self, part: str) -> str:
        own = self.names.get(part)
        if own is not None or not _FIRST <= ord(part[0]) <= _LAST:
            return part if own is None else own
        return self.characters[ord(part) - _FIRST]


@lru_cache(maxsize=1)
def _readings() -> _Readings:
    own = _own_readings()
    longest_first = "|".join(sorted(own, key=len, reverse=True))
    return _Readings(_usual_readings(), own, re.compile(f"{longest_first}|.", re.DOTALL))


def _usual_readings() -> tuple[str, ...]:
    """pypinyin's first reading of each common character.

    The package goes again: its table of all readings of all characters takes 10 MB, and its phrases, which few names of
    places need, 46 MB.
    """
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin.pinyin_dict import pinyin_dict

    # In one string, so that nothing small that stays lies between what goes; and all at once, since it is a question that waits.
    toned = " ".join(pinyin_dict.get(code, chr(code)).partition(",")[0] for code in range(_FIRST, _LAST + 1))
    readings = _TONES.sub("", unicodedata.normalize("NFD", toned.translate(_ROUNDED)))
    for module in [name for name in sys.modules if name.partition(".")[0] == "pypinyin"]:
        del sys.modules[module]
    del pinyin_dict
    gc.collect()
    return tuple(map(sys.intern, readings.split(" ")))


def _own_readings() -> dict[str, str]:
    rows = (line.split() for line in lines_of("readings.txt"))
    return {name: "".join(readings) for name, *readings in rows}
