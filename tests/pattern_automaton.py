"""The automaton of a regular expression: which character class may follow which (Glushkov's construction).

What is assumed errs to the side of more ways to read a text: a look-behind always holds, a back reference is empty, a
repetition of more than ``ENDLESS`` times has no end. A look-ahead costs what its pattern costs, and restricts the next
character where that is all it says. Where a pattern has ended without a condition it has matched, and nothing is tried
again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import product
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

ENDLESS = 100
START = 0  # the state before the pattern, which reads whatever stands there
_ONE_CHARACTER = (op.LITERAL, op.NOT_LITERAL, op.IN, op.ANY)
_OTHERS = "中０é\u2028\u3000\u0663ſ\U0001f600"


@dataclass
class _Piece:
    """Part of a pattern: ways to begin and to end it, and to pass it reading nothing, each with what may come next."""

    first: list[tuple[int, int]] = field(default_factory=list)
    last: list[tuple[int, int]] = field(default_factory=list)
    empty: list[int] = field(default_factory=list)


class Automaton:
    """A state for each character class of a pattern (Glushkov's construction); state 0 comes before all.

    Sets of characters are bits of a number over ``self.letters``, characters that tell all classes of the pattern apart;
    two bits more stand for the end of the text, and for "no condition".
    """

    def __init__(self, pattern: str, flags: int, anywhere: bool, whole: bool) -> None:
        parsed = parser.parse(pattern, flags)
        self.flags = parsed.state.flags
        self.letters = sorted({chr(code) for code in range(128)} | set(_OTHERS) | set(_boundaries(parsed)))
        self.index = {letter: position for position, letter in enumerate(self.letters)}
        self.characters = (1 << len(self.letters)) - 1
        self.at_end = 1 << len(self.letters)
        self.everything = (self.at_end << 2) - 1
        self.condition = self.everything ^ (self.at_end << 1)  # holds at the end, too, but not always
        self.reads = [self.characters]
        self.edges: list[list[tuple[int, int]]] = [[(START, self.characters)] if anywhere else []]
        self.done: set[int] = set()  # where a match, or a look-ahead, has been decided
        body = self._sequence(parsed)
        if not whole:
            self._finish(body)
        self._link([(START, self.everything)], body.first)

    def _finish(self, body: _Piece) -> None:
        self.done |= {state for state, allowed in body.last if allowed == self.everything}

    def _link(self, last: list[tuple[int, int]], first: list[tuple[int, int]]) -> None:
        for (before, allowed), (after, begun) in product(last, first):
            if mask := allowed & begun & self.reads[after]:
                self.edges[before].append((after, mask))

    def _state(self, mask: int) -> _Piece:
        self.reads.append(mask)
        self.edges.append([])
        return _Piece([(len(self.reads) - 1, self.everything)], [(len(self.reads) - 1, self.everything)])

    def _sequence(self, items: Iterable[Any]) -> _Piece:
        whole = _Piece(empty=[self.everything])
        for name, argument in items:
            whole = self._joined(whole, self._item(name, argument))
        return whole

    def _joined(self, one: _Piece, two: _Piece) -> _Piece:
        self._link(one.last, two.first)
        return _Piece(
            one.first + [(state, begun & passed) for passed in one.empty for state, begun in two.first],
            two.last + [(state, allowed & passed) for passed in two.empty for state, allowed in one.last],
            _few(a & b for a in one.empty for b in two.empty),
        )

    def _item(self, name: Any, argument: Any) -> _Piece:
        if name in _ONE_CHARACTER:
            return self._state(self._mask(name, argument))
        if name is op.BRANCH:
            return self._either([self._sequence(one) for one in argument[1]])
        if name is op.SUBPATTERN:
            return self._sequence(argument[3])
        if name is op.ATOMIC_GROUP:
            return self._sequence(argument)
        if name in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            return self._repeated(*argument, possessive=name is op.POSSESSIVE_REPEAT)
        if name in (op.ASSERT, op.ASSERT_NOT):
            return self._looked(*argument, refused=name is op.ASSERT_NOT)
        if name is op.AT:
            return _Piece(empty=[self._place(argument)])
        if name is op.GROUPREF_EXISTS:
            return self._either(
                [self._sequence(one) for one in argument[1:] if one is not None] + [_Piece(empty=[self.condition])]
            )
        if name is op.GROUPREF:
            return _Piece(empty=[self.condition])
        raise NotImplementedError(name)

    def _either(self, pieces: list[_Piece]) -> _Piece:
        whole = _Piece()
        for piece in pieces:
            whole.first += piece.first
            whole.last += piece.last
            whole.empty = _few(whole.empty + piece.empty)
        return whole

    def _repeated(self, least: int, most: Any, items: Any, possessive: bool) -> _Piece:
        endless = most is op.MAXREPEAT or most > ENDLESS
        whole = self._loop(items) if endless else _Piece(empty=[self.everything])
        for number in range(min(least, ENDLESS) - 1 if endless else most, 0, -1):
            whole = self._joined(self._sequence(items), whole)
            if number > least and not endless:
                whole.empty = _few([*whole.empty, self.everything])
        if least == 0 and endless:
            whole.empty = [*whole.empty, self.everything]
        if possessive and endless and len(items) == 1 and items[0][0] in _ONE_CHARACTER:  # leaves nothing of it to what follows
            others = self.condition & ~self.reads[whole.last[0][0]]
            whole = _Piece(whole.first, [(state, others) for state, _ in whole.last], [others for _ in whole.empty])
        return whole

    def _loop(self, items: Any) -> _Piece:
        body = self._sequence(items)
        self._link(body.last, body.first)
        return body

    def _looked(self, direction: int, items: Any, refused: bool) -> _Piece:
        if direction < 0:
            return _Piece(empty=[self.condition])
        body = self._sequence(items)
        self._finish(body)
        allowed = self.condition
        if refused:
            ended = {state for state, after in body.last if after == self.everything}
            for state, begun in body.first:
                if state in ended:
                    allowed &= ~(self.reads[state] & begun)
        elif not body.empty:
            allowed = 0
            for state, begun in body.first:
                allowed |= self.reads[state] & begun
        return _Piece(body.first, [], [allowed])

    def _place(self, where: Any) -> int:
        if where is op.AT_BEGINNING_STRING or (where is op.AT_BEGINNING and not self.flags & re.MULTILINE):
            return 0  # nothing has been read before
        if where is op.AT_END_STRING:
            return self.at_end
        if where is op.AT_END:
            return self.at_end | 1 << self.index["\n"]
        return self.condition

    def _mask(self, name: Any, argument: Any) -> int:
        if name is op.ANY:
            return self.characters if self.flags & re.DOTALL else self.characters & ~(1 << self.index["\n"])
        if name is op.NOT_LITERAL:
            return self.characters & ~self._mask(op.LITERAL, argument)
        members = [(name, argument)] if name is op.LITERAL else argument
        single = _compiled(tuple(members), self.flags)
        if name is op.LITERAL and not self.flags & re.IGNORECASE:
            return 1 << self.index[chr(argument)]
        return sum(1 << position for position, letter in enumerate(self.letters) if single(letter))


def _few(masks: Iterable[int]) -> list[int]:
    """Two ways of one kind are as many as need be told apart."""
    kept: list[int] = []
    for mask in masks:
        if kept.count(mask) < 2:
            kept.append(mask)
    return kept


def _boundaries(items: Any) -> Iterator[str]:
    """The characters at which some class of a pattern begins or ends, and what stands beside them."""
    if isinstance(items, tuple) and len(items) == 2 and items[0] in (op.LITERAL, op.NOT_LITERAL):
        yield from _around(items[1], items[1])
    elif isinstance(items, tuple) and len(items) == 2 and items[0] is op.RANGE:
        yield from _around(*items[1])
    elif isinstance(items, (tuple, list, parser.SubPattern)):
        for item in items:
            yield from _boundaries(item)


def _around(low: int, high: int) -> Iterator[str]:
    for code in {low - 1, low, high, high + 1}:
        if 0 <= code <= 0x10FFFF:
            yield chr(code)
            yield chr(code).swapcase()[0]


def _compiled(members: tuple[Any, ...], flags: int) -> Callable[[str], Any]:
    """Whether a character belongs to a class, as ``re`` itself says."""
    return re.compile(_written(members), flags & (re.IGNORECASE | re.ASCII)).fullmatch


_CATEGORIES = {
    op.CATEGORY_DIGIT: r"\d",
    op.CATEGORY_NOT_DIGIT: r"\D",
    op.CATEGORY_SPACE: r"\s",
    op.CATEGORY_NOT_SPACE: r"\S",
    op.CATEGORY_WORD: r"\w",
    op.CATEGORY_NOT_WORD: r"\W",
}


def _written(members: tuple[Any, ...]) -> str:
    parts = []
    for name, argument in members:
        if name is op.NEGATE:
            parts.append("^")
        elif name is op.LITERAL:
            parts.append(f"\\U{argument:08x}")
        elif name is op.RANGE:
            parts.append(f"\\U{argument[0]:08x}-\\U{argument[1]:08x}")
        else:
            parts.append(_CATEGORIES[argument])
    return f"[{''.join(parts)}]"
