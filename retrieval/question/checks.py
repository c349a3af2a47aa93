"""Whether something said is so (GDP增速6.2%，对吗), and how two times or kinds of one figure differ (目标比去年实际少多少)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.language.folding import fold
from retrieval.language.patterns import pattern
from retrieval.language.values import RANK_UNIT, Value, find_values
from retrieval.question.asks import Ask
from retrieval.question.covering import covered
from retrieval.question.query import Aim, Direction, When
from retrieval.question.times import read_when

_TAIL = pattern("checks.claim.tail")
_HEAD = pattern("checks.claim.head")
_CHECKS = (("check", pattern("checks.claim.check")), ("beside", pattern("checks.claim.check_beside")))
_PIECE = re.compile(r"[^,，;；。!！\n]+")
_MOST_CLAIMS = 4
_WHETHER = pattern("checks.claim.whether")
_ASKS = pattern("checks.claim.asks")
_OTHER = pattern("checks.against.other")
_BESIDE = pattern("checks.against.beside")
_OWN = pattern("checks.against.own")
_TARGET = pattern("checks.against.target")
_ACTUAL = pattern("checks.against.actual")
_MORE = "多高快大"


@dataclass(frozen=True)
class OtherSide:
    """The other side of a difference, by the words of the question: its time and kind, or what was answered before (``own``).

    ``direction`` is what is said, ``checks`` that it is asked whether that is so.
    """

    when: When
    aim: Aim | None
    own: bool
    direction: Direction | None
    checks: bool

    def of(self, ask: Ask, before: Ask | None) -> Ask:
        """The ask for the other side of what ``ask`` asks for; ``before`` is what was answered before."""
        if self.own and before is not None:
            return before
        reached = self.when.relative in ("last", "before_last")  # a target is set beside what came of the year before
        aim = self.aim or ("actual" if reached else ask.aim)
        return replace(ask, aim=aim, when=self.when if self.when.said or self.aim else ask.when, kind="figure", evidence=())


def read_claim(text: str) -> tuple[Value | None, str]:
    """The value that ``text`` says and wants to have checked, and the question for the figure that it is said of."""
    tail, whether = _TAIL.search(text), _WHETHER.search(text)
    bare = _HEAD.sub("", text[: tail.start()] if tail else text)
    hearsay = _HEAD.match(text)
    if not (tail or whether or hearsay) or _ASKS.search(bare) or _OTHER.search(text):
        return None, text
    bare = _WHETHER.sub(" ", bare)
    values = [value for value in find_values(fold(bare)) if value.low is not None]
    if not values:
        return None, text
    value = values[-1]
    rank = "排名" if value.unit == RANK_UNIT else ""
    return value, f"{bare[: value.start].rstrip(' 是为有达到')}{rank}{bare[value.end :]}"


def with_what_is_checked(turns: Sequence[str]) -> list[str]:
    """``turns``, the last two as one where the last only asks whether what the one before said is so (这个对吗)."""
    names = [name for name, _ in covered(turns[-1].strip().lower(), _CHECKS)]
    if len(turns) < 2 or not all(names) or "check" not in names:
        return list(turns)
    checked = f"{turns[-2].strip(' 。.')}，对吗"
    return [*turns[:-2], checked] if read_claim(checked)[0] is not None else list(turns)


def claims_in(text: str) -> list[str]:
    """The claims of a text that says several figures and asks whether they are so, each as a turn of its own; none where it says one."""
    tail = _TAIL.search(text)
    if tail is None or read_claim(text)[0] is None:
        return []
    claims, begun = [], ""
    for match in _PIECE.finditer(text[: tail.start()]):
        begun = f"{begun}，{match.group()}".strip("，")
        if any(value.low is not None for value in find_values(fold(match.group()))):
            claims.append(f"{begun}，对吗")
            begun = ""
    return claims[:_MOST_CLAIMS] if len(claims) > 1 else []


def read_other_side(text: str) -> tuple[OtherSide | None, str]:
    """The other side that ``text`` (folded, without places) sets against something, and the words for that something."""
    match = _OTHER.search(text)
    found = match or _BESIDE.search(text)
    if found is None:
        return None, text
    other = found.group("other")
    one = f"{text[: found.start()]} {'' if match else text[found.end() :]}".strip(" ,，那")
    aim: Aim | None = "target" if _TARGET.search(other) else "actual" if _ACTUAL.search(other) else None
    when, own = read_when(other)[0], bool(_OWN.search(other))
    if match is not None and aim is None and not own and not ("目标" in one or _checks(match.group("asks"))):
        return None, text  # 比去年多多少: the report says itself by how much
    direction: Direction | None = None if match is None else "more" if match.group("way") in _MORE else "less"
    checks = match is not None and _checks(match.group("asks"))
    return OtherSide(when, aim, own, direction, checks), one


def _checks(asks: str) -> bool:
    """Whether it is asked if it is so, not by how much."""
    return bool(asks) and not asks.startswith(("多", "几"))
