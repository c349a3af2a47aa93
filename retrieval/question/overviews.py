"""Wishes for an overview: of a report (总结一下, 讲了什么, a place alone), of what was or is to be done, of one theme."""

from __future__ import annotations

from retrieval.language.indicators import named
from retrieval.language.patterns import pattern
from retrieval.question.covering import covered
from retrieval.question.query import Overview, When

_ASKS = pattern("overviews.word.asks")
_WORDS = (
    ("asks", _ASKS),
    ("beside", pattern("overviews.word.beside")),
    ("weak", pattern("overviews.word.weak")),
    ("doing", pattern("overviews.word.doing")),
)
_DONE = pattern("overviews.word.done")
_OF_FIGURE = pattern("overviews.word.of_figure")
_THEME = pattern("overviews.theme.mark")
_MARKED = pattern("overviews.theme.marked")
_OTHER = pattern("overviews.theme.other")
_SHORTEST_THEME, _LONGEST_THEME = 2, 10


def read_overview(bare: str, when: When) -> Overview | None:
    """The overview that ``bare`` (folded, without places and times) asks for, or None."""
    plain = bare.lower().strip(" ?？。!！~")
    pieces = covered(plain, _WORDS)
    names = {name for name, _ in pieces}
    left = [piece for name, piece in pieces if not name]
    if not left:
        return _of_all(plain, names, when)
    theme = _THEME.sub("", "".join(left)) if len(left) == 1 else ""
    marked = bool(_MARKED.search("".join(left))) and "weak" in names  # 教育领域有什么内容
    if not ("asks" in names or marked) or not _SHORTEST_THEME <= len(theme) <= _LONGEST_THEME:
        return None
    if _OTHER.search(plain) or named(theme, question=True):
        return None
    return Overview(theme=theme, side=_side(plain, when))


def _of_all(plain: str, names: set[str], when: When) -> Overview | None:
    """The overview where nothing but words of overviews is said: of the year's doings where it is said to be of those."""
    if "doing" in names:
        side = _side(plain, when)
        by_words = "asks" in names or not _OF_FIGURE.search(plain)  # 完成情况 may be of the figure before
        return Overview(side=side, by_words=by_words) if side == "review" or "asks" in names else None
    side = "review" if when.relative == "last" else None
    return Overview(side=side, by_words="asks" in names)


def _side(plain: str, when: When) -> str | None:
    if when.relative in ("last", "before_last") or _DONE.search(plain):
        return "review"
    return "plan" if when.relative in ("this", "next") else None
