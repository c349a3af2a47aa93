"""Names of places in pinyin, to find one that is written in Latin letters or with other characters of the same sound."""

from __future__ import annotations

import os
from functools import lru_cache
from importlib import resources
from typing import Any


@lru_cache(maxsize=8192)
def pinyin(name: str) -> str:
    """``name`` in pinyin without tones or blanks."""
    return "".join(_reader().lazy_pinyin(name)).lower()


@lru_cache(maxsize=1)
def _reader() -> Any:
    """pypinyin without its dictionary of phrases, which takes 46 MB; few names of places need one of its entries."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    import pypinyin

    for name, readings in _own_readings().items():
        if len(name) == 1:
            pypinyin.load_single_dict({ord(name): readings[0]})
        else:
            pypinyin.load_phrases_dict({name: [[reading] for reading in readings]})
    return pypinyin


def _own_readings() -> dict[str, list[str]]:
    lines = (resources.files("retrieval") / "lexicon" / "readings.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split() for line in lines if line.strip() and not line.startswith("#"))
    return {name: readings for name, *readings in rows}
