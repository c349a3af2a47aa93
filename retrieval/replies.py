"""What an answer is made of: quotes, ranked passages, comparisons; small and frozen, as the values of ``models``.

Each is told as JSON and read back from it. Reports are told by a reference; whoever reads a reply back gives the function that
finds a report by its id, and gets what that one raises. What a reply of an earlier program lacks has its default.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal, TypeVar

from retrieval.models import Kind, Period, Report, Span

Axis = Literal["places", "years"]
LineState = Literal["stated", "other", "blank", "absent"]
Status = Literal["answered", "related", "not_found", "blank"]
ReportOf = Callable[[int], Report]
Tree = Mapping[str, Any]
Told = TypeVar("Told")


@dataclass(frozen=True)
class Quote:
    """A contiguous piece of a report's canonical text; ``emphasis`` are the answering words inside it.

    ``page`` is the page of the file that it begins on, None where the file has no pages; ``recognised`` tells that its
    letters were recognised on a scan.
    """

    report: Report
    section: tuple[str, ...]
    text: str
    start: int
    end: int
    emphasis: tuple[Span, ...] = ()
    page: int | None = None
    recognised: bool = False

    def as_json(self) -> dict[str, Any]:
        """``page`` and ``recognised`` are told only where the file has pages, or was a scan."""
        left_out = {name for name in ("page", "recognised") if not getattr(self, name)}
        return {name: value for name, value in _fields_of(self).items() if name not in left_out}

    @classmethod
    def from_json(cls, told: Tree, report_of: ReportOf) -> Quote:
        return _read(cls, told, report=_report_of(report_of), section=tuple, emphasis=_spans)


@dataclass(frozen=True)
class RankedPassage:
    """A passage found by a search. ``score`` is the fused score; ``lexical`` and ``dense`` are its parts,
    ``deviation`` how far ``dense`` is above what passages of the library have with the query, in standard deviations."""

    id: int
    report: Report
    section: tuple[str, ...]
    period: Period | None
    text: str
    start: int
    end: int
    score: float
    lexical: float
    dense: float
    deviation: float = 0.0

    def as_json(self) -> dict[str, Any]:
        return _fields_of(self)

    @classmethod
    def from_json(cls, told: Tree, report_of: ReportOf) -> RankedPassage:
        return _read(cls, told, report=_report_of(report_of), section=tuple)


@dataclass(frozen=True)
class ComparedLine:
    """A line of a comparison: a place, or a year. ``low`` and ``high`` are in the unit of the comparison.

    ``state`` is ``other`` where the report states it in a way that can't be compared with the other lines.
    """

    label: str
    kind: Kind
    state: LineState
    value: str
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Comparison:
    """What a chart shows: lines in their order, along places or along years, and the reports that they come from."""

    title: str
    axis: Axis
    unit: str
    lines: tuple[ComparedLine, ...]
    sources: tuple[Report, ...]

    @classmethod
    def from_json(cls, told: Tree, report_of: ReportOf) -> Comparison:
        return _read(
            cls,
            told,
            lines=lambda lines: tuple(ComparedLine(**line) for line in lines),
            sources=lambda sources: tuple(map(_report_of(report_of), sources)),
        )


@dataclass(frozen=True)
class Reply:
    """The answer to a question. ``answer`` is what a person reads; ``quotes`` are its proof, best first.

    ``emphasis`` are the figures (or names, dates) inside the answer. ``assumed_place`` is the default place that was
    taken because the question named none. ``comparisons`` are the tables of the answer, ``intent`` the kind of question
    that it was read as, ``suggestions`` are questions to go on with, each certain to be answered. ``is_question`` is False for small talk and for what names nothing to look
    for.
    """

    status: Status
    answer: str
    quotes: tuple[Quote, ...] = ()
    passages: tuple[RankedPassage, ...] = ()
    seconds: float = 0.0
    emphasis: tuple[Span, ...] = ()
    assumed_place: str | None = None
    is_question: bool = True
    comparisons: tuple[Comparison, ...] = ()
    intent: str = ""
    suggestions: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """What ``ask --json`` and ``batch`` print, and what conversations remember."""
        return _fields_of(self) | {"quotes": [quote.as_json() for quote in self.quotes]}

    @classmethod
    def from_json(cls, told: Tree, report_of: ReportOf) -> Reply:
        def several(kind: Any) -> Callable[[Any], Any]:
            return lambda found: tuple(kind.from_json(one, report_of) for one in found)

        readers = {"quotes": several(Quote), "passages": several(RankedPassage), "comparisons": several(Comparison)}
        return _read(cls, told, **readers, emphasis=_spans, suggestions=tuple)


def _told(value: Any) -> Any:
    """A value as JSON has it: a report by its reference, a span as a pair, other values by their fields."""
    if isinstance(value, Report):
        return value.reference()
    if isinstance(value, Span):
        return [value.start, value.end]
    if isinstance(value, tuple):
        return [_told(one) for one in value]
    return _fields_of(value) if is_dataclass(value) else value


def _fields_of(value: Any) -> dict[str, Any]:
    return {field.name: _told(getattr(value, field.name)) for field in fields(value)}


def _read(kind: type[Told], told: Tree, **readers: Callable[[Any], Any]) -> Told:
    """A value of ``kind`` from what was told of it; ``readers`` are for the fields that JSON has otherwise."""
    return kind(**{one.name: readers.get(one.name, _as_it_is)(told[one.name]) for one in fields(kind) if one.name in told})  # type: ignore[arg-type]


def _as_it_is(value: Any) -> Any:
    return value


def _report_of(report_of: ReportOf) -> Callable[[Tree], Report]:
    return lambda reference: report_of(reference["id"])


def _spans(pairs: Iterable[Iterable[int]]) -> tuple[Span, ...]:
    return tuple(Span(*pair) for pair in pairs)
