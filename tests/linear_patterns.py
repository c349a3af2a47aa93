"""How the work of a regular expression grows with its text: proved on its automaton, not measured.

A backtracking matcher may try every way in which a pattern reads a text. How many there are is the ambiguity of the
pattern's automaton (Weber and Seidl, On the degree of ambiguity of finite automata, 1991): exponential where a loop reads
one word in two ways; a power of the length where loops follow each other that read the same word, each one raising it by
one. ``re.search`` begins everywhere, which is a loop over any character in front of the pattern.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any, TypeVar

from pattern_automaton import Automaton

MOST_STEPS = 2_000_000
EXPONENTIAL = 99
Node = TypeVar("Node", bound=Hashable)
Edges = dict[int, list[int]]
Triple = tuple[int, ...]


class TooLarge(Exception):
    """The automaton of a pattern has too many combinations of states to be looked through."""


@dataclass
class Growth:
    """The work is the length of the text to the power of ``exponent``; ``repeated`` is a text that shows it."""

    exponent: int
    repeated: str = ""


def growth(pattern: str, flags: int = 0, *, anywhere: bool = True, whole: bool = False) -> Growth:
    """How the work of a search grows; of ``re.match`` where not ``anywhere``, with the end of the text required where ``whole``.

    Raises TooLarge.
    """
    return _Analysis(Automaton(pattern, flags, anywhere, whole)).growth()


class _Analysis:
    """Looks for words that are read in more ways than one."""

    def __init__(self, automaton: Automaton) -> None:
        self.automaton = automaton
        self.steps = 0
        self.targets = [{after for after, _ in edges} for edges in automaton.edges]
        letters = _told_apart(automaton)
        self.edges = [
            {
                letter: [after for after, mask in edges if mask >> letter & 1]
                for letter in letters
                if any(mask >> letter & 1 for _, mask in edges)
            }
            for edges in automaton.edges
        ]

    def growth(self) -> Growth:
        undecided = set(range(len(self.edges))) - self.automaton.done
        for loop in self._loops(undecided):
            if (word := self._read_twice(loop)) is not None:
                return Growth(EXPONENTIAL, word)
        return self._power()

    def _loops(self, states: Iterable[int]) -> list[frozenset[int]]:
        within = set(states)
        found = components(within, lambda state: self.targets[state] & within)
        return [frozenset(one) for one in found if len(one) > 1 or one[0] in self.targets[one[0]]]

    def _within(self, states: Iterable[int]) -> dict[int, Edges]:
        """The edges between ``states``: for each of them, what a letter leads to."""
        kept = set(states)
        found: dict[int, Edges] = {}
        for state in kept:
            led = {letter: [after for after in afters if after in kept] for letter, afters in self.edges[state].items()}
            found[state] = {letter: afters for letter, afters in led.items() if afters}
        return found

    def _read_twice(self, loop: frozenset[int]) -> str | None:
        """A word that ``loop`` reads in two ways; the two part at one state and meet at one."""
        edges = self._within(loop)
        came = {(state, state): (state, "") for state in loop}
        todo = list(came)
        for one, two in todo:
            origin, before = came[one, two]
            for letter in edges[one].keys() & edges[two].keys():
                to, other = edges[one][letter], edges[two][letter]
                for pair in combinations(to, 2) if one == two else product(to, other):
                    self._count()
                    word = before + self.automaton.letters[letter]
                    if pair[0] == pair[1]:
                        return word + self._way_back(pair[0], origin, edges)
                    reached = (min(pair), max(pair))
                    if reached not in came:
                        came[reached] = (origin, word)
                        todo.append(reached)
        return None

    def _way_back(self, start: int, end: int, edges: dict[int, Edges]) -> str:
        came = {start: ""}
        todo = [start]
        for state in todo:
            for letter, afters in edges[state].items():
                for after in afters:
                    if after not in came:
                        came[after] = came[state] + self.automaton.letters[letter]
                        todo.append(after)
        return came[end]

    def _power(self) -> Growth:
        """The longest chain of loops of which each reads a word that the one before it and the way between them read."""
        loops = self._loops(range(len(self.edges)))
        number = {state: position for position, loop in enumerate(loops) for state in loop}
        best: dict[int, tuple[int, str]] = {}
        for position in range(len(loops)):  # those that others lead to come first
            after = self._reachable(loops[position])
            best[position] = (1, "")
            for further in {number[state] for state in after if state in number} - {position}:
                chain, text = best[further]
                if chain + 1 <= best[position][0]:
                    continue
                word = self._shared(loops[position], after, loops[further])
                if word is not None and chain + 1 > best[position][0]:
                    best[position] = (chain + 1, word + text)
                elif chain > best[position][0]:
                    best[position] = (chain, text)
        exponent, text = max(best.values(), default=(1, ""))
        return Growth(exponent, text)

    def _reachable(self, start: Iterable[int]) -> set[int]:
        seen = set(start)
        todo = list(seen)
        while todo:
            new = self.targets[todo.pop()] - seen
            seen |= new
            todo += new
        return seen

    def _shared(self, one: frozenset[int], between: set[int], two: frozenset[int]) -> str | None:
        """A word that leads from a state of ``one`` to itself and to a state of ``two``, and from that to itself."""
        reads = self.automaton.reads
        ends = [state for state in two if state not in self.automaton.done]
        starts = [(p, p, q) for p in one for q in ends if reads[p] & reads[q]]  # the word's last letter leads to both
        before = {state for state in between if self._reachable([state]) & two}
        edges = [self._within(part) for part in (one, before, two)]
        letters: dict[tuple[Triple, Triple], str] = {}

        def successors(node: Triple) -> list[Triple]:
            found = []
            led = [edge[state] for edge, state in zip(edges, node, strict=True)]
            for letter in led[0].keys() & led[1].keys() & led[2].keys():
                for reached in product(*(one[letter] for one in led)):
                    self._count()
                    found.append(reached)
                    letters.setdefault((node, reached), self.automaton.letters[letter])
            p, q, r = node
            return [*found, (p, p, r)] if q == r and r not in self.automaton.done else found

        for component in components(starts, successors):
            inside = set(component)
            for p, q, r in component:
                if p == q and (p, r, r) in inside:
                    return _word((p, p, r), (p, r, r), successors, letters)
        return None

    def _count(self) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise TooLarge


def _told_apart(automaton: Automaton) -> list[int]:
    """One letter of each kind that no edge tells apart."""
    masks = {mask for edges in automaton.edges for _, mask in edges}
    kinds: dict[tuple[int, ...], int] = {}
    for letter in sorted(range(len(automaton.letters)), key=lambda letter: _plain(automaton.letters[letter])):
        kinds.setdefault(tuple(mask >> letter & 1 for mask in masks), letter)
    return list(kinds.values())


def _plain(letter: str) -> tuple[bool, str]:
    """What is easy to read in a message comes first."""
    return not ("0" <= letter <= "z" or letter > "\u2fff"), letter


def _word(
    start: Triple, end: Triple, successors: Callable[[Triple], list[Triple]], letters: dict[tuple[Triple, Triple], str]
) -> str:
    came = {start: ""}
    todo = [start]
    for node in todo:
        for reached in successors(node):
            if reached not in came:
                came[reached] = came[node] + letters.get((node, reached), "")
                todo.append(reached)
    return came[end]


def components(nodes: Iterable[Node], successors: Callable[[Node], Iterable[Node]]) -> list[list[Node]]:
    """The strongly connected components of a graph, those that others lead to first (Tarjan)."""
    index: dict[Node, int] = {}
    low: dict[Node, int] = {}
    stack: list[Node] = []
    on_stack: set[Node] = set()
    found: list[list[Node]] = []
    for root in nodes:
        if root in index:
            continue
        path: list[tuple[Node, Iterator[Node]]] = []
        _enter(root, successors, index, low, stack, on_stack, path)
        while path:
            node, rest = path[-1]
            for after in rest:
                if after not in index:
                    _enter(after, successors, index, low, stack, on_stack, path)
                    break
                if after in on_stack:
                    low[node] = min(low[node], index[after])
            else:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[node])
                if low[node] == index[node]:
                    found.append(_popped(node, stack, on_stack))
    return found


def _enter(node: Any, successors: Any, index: Any, low: Any, stack: Any, on_stack: Any, path: Any) -> None:
    index[node] = low[node] = len(index)
    stack.append(node)
    on_stack.add(node)
    path.append((node, iter(successors(node))))


def _popped(root: Node, stack: list[Node], on_stack: set[Node]) -> list[Node]:
    component: list[Node] = []
    while not component or component[-1] != root:
        component.append(stack.pop())
        on_stack.discard(component[-1])
    return component
