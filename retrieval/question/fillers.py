"""What people say around a question and that asks for nothing: 麻烦帮我查一下…呀，谢谢. It is left out before anything is read."""

from __future__ import annotations

import re
from functools import lru_cache

from retrieval.language.data import tables_of
from retrieval.language.folding import HAN

_MARKS = "，,。.！!？?~～…、；;：: "


def without_fillers(text: str) -> str:
    """``text`` without what stands around the question; as it is where nothing else would be left (谢谢, 你好)."""
    opening, closing, place = _patterns()
    bare = place.sub("", opening.sub("", text, count=1))
    question_mark = "？" if bare.rstrip("~～…。!！ ").endswith(("?", "？")) else ""
    bare = closing.sub("", bare, count=1).strip(_MARKS)
    return f"{bare}{question_mark}" if re.search(r"\w{2}", bare) else text


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """What stands at the beginning of a question, at its end, and behind a place: words of the lists with marks between, each taken whole."""
    words = tables_of("fillers.toml")
    mark = f"[{re.escape(_MARKS)}]"
    asking = words["asking"].replace("\n", "").replace("{softened}", words["softened"])
    opening, closing = f"(?:{asking}|{_any_of(words['opening'])})", _any_of(words["closing"])
    particles = f"[{''.join(words['particles'])}]"
    apart = _any_of(words["apart"])
    return (
        re.compile(rf"^(?:{mark}++|{opening})++(?=.)"),
        re.compile(rf"(?:{mark}++{apart}|{closing}|{particles}|{mark})++$"),
        re.compile(rf"(?<=[{HAN}]){_any_of(words['places'])}(?![远境防陲疆])"),
    )


def _any_of(words: list[str]) -> str:
    return "(?:" + "|".join(sorted(map(re.escape, words), key=len, reverse=True)) + ")"
