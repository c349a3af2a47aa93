"""What answering comes to before it is put into words: claims, each one thing that an answer says, with its proof.

A handler chooses and computes; it words nothing. :mod:`retrieval.answers.wording.renderer` words claims by the catalogue;
another renderer may word them otherwise, and :mod:`retrieval.answers.proof` checks what came of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TypeAlias

from retrieval.models import Figure, Kind, Report
from retrieval.replies import Axis, LineState, Quote, RankedPassage, Status


@dataclass(frozen=True)
class Values:
    """Figures as the report writes them, one after the other. ``asked`` for: shown as the answer's own."""

    figures: tuple[Figure, ...]
    asked: bool = True


@dataclass(frozen=True)
class Named:
    """A figure in a few words, its name and its value: 地区生产总值增长6%左右."""

    figure: Figure


@dataclass(frozen=True)
class What:
    """What a figure is: place, year, subject, target or result."""

    figure: Figure
    place: Word
    subject: str


@dataclass(frozen=True)
class Computed:
    """A number that no report writes, in ``unit``; percentages differ by percentage points."""

    number: float
    unit: str
    difference: bool = False


@dataclass(frozen=True)
class Asked:
    """Words that were asked for themselves: a name, a day, a rank."""

    words: Word


@dataclass(frozen=True)
class Listed:
    """Several of a kind, with the catalogue's ``glue`` between them; nothing where that is empty."""

    items: tuple[Word, ...]
    glue: str = "list_glue"


Word: TypeAlias = "str | int | Values | Named | What | Computed | Asked | Listed | Claim"


@dataclass(frozen=True)
class Claim:
    """One thing that an answer says. ``kind`` is the key of its wording in the catalogue (in the group ``answers`` where it names
    none), ``words`` what that is filled with.

    ``figures`` are what it states, in the order of the text; ``notes`` follow it (预计数). ``report`` is the one that states
    it, or does not; what comes nearest there is ``nearest``.
    """

    kind: str
    status: Status = "answered"
    report: Report | None = None
    words: Mapping[str, Word] = field(default_factory=lambda: MappingProxyType({}))
    figures: tuple[Figure, ...] = ()
    quotes: tuple[Quote, ...] = ()
    notes: tuple[Claim, ...] = ()
    nearest: tuple[Quote, ...] = ()

    @property
    def key(self) -> str:
        """The same for claims that say the same."""
        return f"{self.kind} {dict(self.words)} {self.notes}"

    @property
    def states(self) -> bool:
        """Whether it says what was asked, if only that the place for it is blank."""
        return self.status != "not_found"


def claim(kind: str, /, **words: Word) -> Claim:
    """A claim that needs no proof of its own: a title, a computed number, what the library lacks."""
    return Claim(kind, words=words)


def absent(kind: str, report: Report | None = None, /, **words: Word) -> Claim:
    """A claim that something is not stated."""
    return Claim(kind, "not_found", report, words)


@dataclass(frozen=True)
class Line:
    """A line of an answer: claims of one report, or one of the whole. ``whole``: it is a sentence of its own. ``reported``: what it
    tells is news of a report."""

    claims: tuple[Claim, ...]
    whole: bool = False
    reported: bool = False

    @property
    def status(self) -> Status:
        return best_status(one.status for one in self.claims)

    @property
    def quotes(self) -> tuple[Quote, ...]:
        return merged(quote for one in self.claims for quote in one.quotes)

    @property
    def key(self) -> tuple[str, ...]:
        """The same for lines that say the same."""
        return tuple(one.key for one in self.claims)


def line(*claims: Claim) -> Line:
    """Several parts asked of one report as a line: what is stated first; what is the same is said once."""
    told = [one for one in claims if one.states]
    untold = [one for one in claims if not one.states]
    return Line(tuple({one.key: one for one in (*told, *untold)}.values()))


@dataclass(frozen=True)
class ChartLine:
    """A line of a chart. ``figures`` are shown of it, ``low`` and ``high`` are in the unit of the chart."""

    label: Word
    kind: Kind
    state: LineState
    figures: tuple[Figure, ...]
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Chart:
    """What a chart is to show, not yet in words: lines in their order, along places or along years."""

    title: Word
    axis: Axis
    unit: str
    lines: tuple[ChartLine, ...]
    sources: tuple[Report, ...]


@dataclass(frozen=True)
class Answer:
    """What a question comes to. ``charts`` show its tables; ``is_question`` is False for small talk."""

    status: Status
    lines: tuple[Line, ...]
    quotes: tuple[Quote, ...] = ()
    passages: tuple[RankedPassage, ...] = ()
    charts: tuple[Chart, ...] = ()
    is_question: bool = True

    @property
    def states(self) -> bool:
        """Whether anything that was asked is stated, if only that the place for it is blank."""
        return self.status in ("answered", "blank")

    def with_lines(self, more: Iterable[Claim]) -> Answer:
        """The answer with claims of the whole after it."""
        return replace(self, lines=(*self.lines, *(Line((one,)) for one in more)))


def said(*claims: Claim, status: Status = "not_found", is_question: bool = True) -> Answer:
    """Claims as an answer, a line each, with their quotes."""
    quotes = merged(quote for one in claims for quote in one.quotes)
    return Answer(status, tuple(Line((one,)) for one in claims), quotes, is_question=is_question)


def best_status(statuses: Iterable[Status]) -> Status:
    """What several claims come to: answered when any is."""
    found = set(statuses)
    return "answered" if "answered" in found else "blank" if "blank" in found else "not_found"


def merged(quotes: Iterable[Quote]) -> tuple[Quote, ...]:
    """``quotes`` in order, each piece of a text once, with all that is emphasised in it."""
    found: dict[tuple[int, int, int], Quote] = {}
    for one in quotes:
        key = (one.report.id, one.start, one.end)
        emphasis = (*found[key].emphasis, *one.emphasis) if key in found else one.emphasis
        found[key] = replace(one, emphasis=tuple(dict.fromkeys(emphasis)))
    return tuple(found.values())
