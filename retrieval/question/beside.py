"""What a turn sets beside what was talked about: other places (比云溪镇高多少, 两个哪个高, 三个镇里谁最多), another time (多了多少)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from retrieval.language.folding import chinese_number
from retrieval.language.patterns import pattern
from retrieval.question.asks import Ask, as_figure
from retrieval.question.checks import OtherSide
from retrieval.question.covering import covered
from retrieval.question.parsing import Question
from retrieval.question.query import NO_TIME
from retrieval.question.scope import Scope

APART = "相差多少"
_WITH_PLACE = (
    ("with", pattern("checks.refer.with")),
    ("apart", pattern("checks.refer.apart")),
    ("beside", pattern("checks.refer.beside_with")),
)
_WHO_IS_MORE = (("who", pattern("checks.refer.who_is_more")), ("beside", pattern("checks.refer.beside_who")))
_HOW_FAR_APART = pattern("checks.refer.how_far_apart")
_CHANGED = pattern("checks.refer.changed")
_BOTH = pattern("questions.put_to.both")
_COUNTED = pattern("checks.refer.counted_places")
_TARGET, _YEAR = "目标", "年"
_LIKE = {"强": "高", "好": "高", "弱": "低", "差": "低"}  # words of an order that selections are read with
_MOST = 9  # places that a conversation goes back to


def beside_places(rest: str) -> str | None:
    """What is asked by a turn that but sets another place beside the one before (跟 比呢, 比 高多少): ``rest`` is what it says beside that
    place. Empty where both are wanted, :data:`APART` where how they differ is; None where it asks something of its own."""
    names = {name for name, _ in covered(rest.lower(), _WITH_PLACE)}
    if "with" not in names or "" in names:
        return None
    return f"{APART if 'apart' in names else ''}{_TARGET if _TARGET in rest else ''}"


def of_places_before(plain: str, places: Sequence[Scope]) -> Scope | None:
    """The scope of a turn without a place that is asked of several talked about (``places``, the latest last), or None."""
    counted = _COUNTED.match(plain)
    if counted is not None:
        wanted = chinese_number(counted.group("count")) or int(counted.group("count"))
    elif _BOTH.search(plain) or _who_is_more(plain) or _HOW_FAR_APART.fullmatch(plain):
        wanted = 2
    else:
        return None
    together: Scope | None = None
    for scope in reversed(places):
        together = scope if together is None else together.with_places_of(scope)
        if len(together.places) >= wanted:
            return together if counted is None or len(together.places) == wanted else None
    return None


def asked_together(plain: str, rest: str) -> str:
    """What a turn asks of several places that were talked about, in plain words: how far apart they are, or which is ahead (它俩谁快)."""
    if is_how_far_apart(plain):
        return APART
    who = _who_is_more(plain)
    return f"哪个{_LIKE.get(who[-1], who[-1])}" if who else rest


def _who_is_more(plain: str) -> str:
    """The words that ask who is ahead, where a turn asks nothing else; else nothing."""
    pieces = covered(plain, _WHO_IS_MORE)
    return next((piece for name, piece in pieces if name == "who"), "") if all(name for name, _ in pieces) else ""


def is_how_far_apart(plain: str) -> bool:
    """Whether it is only asked how far apart the last two things lie: 差多少, 多了多少."""
    return bool(_HOW_FAR_APART.fullmatch(plain))


def of_times_before(plain: str, question: Question, beside: Ask | None, places: int) -> tuple[Question, Ask] | None:
    """``question``, which was asked before, and the other side of the difference that is asked for (多了多少): the same of another time,
    ``beside``, or the other of the two things that it is for. None where ``plain`` asks something else, or there is no other side.
    ``places`` are those that were talked about: 哪个高 is of two of them, where there are."""
    of_two_years = bool(_who_is_more(plain)) and (places < 2 or _YEAR in plain)
    if not (is_how_far_apart(plain) or of_two_years or _CHANGED.fullmatch(plain)) or not question.asks:
        return None
    if beside is None and is_how_far_apart(plain) and len(question.asks) == 2:
        beside = question.asks[1]
    if beside is None:
        return None
    sides = OtherSide(NO_TIME, None, own=True, direction=None, checks=False)
    return replace(question, asks=(as_figure(question.asks[0]),), course=None, overview=None, other_side=sides), as_figure(beside)


def gone_through(before: Sequence[Scope], scope: Scope) -> tuple[Scope, ...]:
    """The places of a conversation, the latest last, once a turn is about those of ``scope``."""
    if scope.reach is None or (before and before[-1].places == scope.places):
        return tuple(before)
    return (*before, replace(scope, rest=""))[-_MOST:]
