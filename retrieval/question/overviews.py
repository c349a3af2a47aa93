"""Wishes for an overview: of a report (总结一下, 讲了什么, a place alone), of what was or is to be done, of one theme, of two years' reports."""

from __future__ import annotations

from retrieval.language.indicators import named
from retrieval.language.patterns import pattern
from retrieval.question.covering import covered
from retrieval.question.query import Overview, When
from retrieval.question.times import read_when

_ASKS = pattern("overviews.word.asks")
_WORDS = (
    ("asks", _ASKS),
    ("beside", pattern("overviews.word.beside")),
    ("weak", pattern("overviews.word.weak")),
    ("doing", pattern("overviews.word.doing")),
)
_CHANGES = (
    ("changes", pattern("overviews.word.changes")),
    ("apart", pattern("overviews.word.apart")),
    ("two", pattern("overviews.word.two")),
    *_WORDS,
)
_THIS, _LAST = pattern("questions.time.this"), pattern("questions.time.last")
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


def read_changes(text: str) -> Overview | None:
    """The overview of two reports of a place that ``text`` (folded, without places) asks for, or None."""
    when, bare = read_when(text)
    plain = bare.lower().strip(" ?？。!！~")
    pieces = covered(plain, _CHANGES)
    names = {name for name, _ in pieces}
    left = "".join(piece for name, piece in pieces if not name)
    theme = _THEME.sub("", left) if left and _MARKED.search(plain) else None
    if (left and (theme is None or not _SHORTEST_THEME <= len(theme) <= _LONGEST_THEME)) or not names & {"changes", "apart"}:
        return None
    of_two = len(when.years) > 1 or "two" in names or bool(_THIS.search(text) and _LAST.search(text))
    beside_one = "apart" in names and when.said
    of_new = "changes" in names and any(name == "changes" and piece != "变化" for name, piece in pieces)
    if not (of_two or beside_one or of_new) or when.several or (theme and named(theme, question=True)):
        return None
    return Overview(theme=theme, by_words=of_new or "asks" in names or "报告" in text, changes=True)


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
