"""What an answer is made of: quotes, ranked passages, comparisons; small and frozen, as the values of ``models``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from retrieval.models import Kind, Period, Report, Span

LineState = Literal["stated", "other", "blank", "absent"]
Status = Literal["answered", "not_found", "blank"]


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
        told = {
            "report": self.report.reference(),
            "section": list(self.section),
            "text": self.text,
            "start": self.start,
            "end": self.end,
        }
        if self.page is not None:
            told |= {"page": self.page}
        return told | ({"recognised": True} if self.recognised else {})


@dataclass(frozen=True)
class RankedPassage:
    """A passage found by a search. ``score`` is the fused score; ``lexical`` and ``dense`` are its parts."""

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

    def as_json(self) -> dict[str, Any]:
        return {
            "report": self.report.reference(),
            "section": list(self.section),
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "score": round(self.score, 4),
        }


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
    axis: Literal["places", "years"]
    unit: str
    lines: tuple[ComparedLine, ...]
    sources: tuple[Report, ...]


@dataclass(frozen=True)
class Reply:
    """The answer to a question. ``answer`` is what a person reads; ``quotes`` are its proof, best first.

    ``emphasis`` are the figures (or names, dates) inside the answer. ``assumed_place`` is the default place that was
    taken because the question named none. ``comparisons`` are the tables of the answer. ``is_question`` is False for small talk and for what names nothing to look
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

    def as_json(self) -> dict[str, Any]:
        return {
            "status": self.status,
            "answer": self.answer,
            "quotes": [quote.as_json() for quote in self.quotes],
            "passages": [passage.as_json() for passage in self.passages],
            "seconds": round(self.seconds, 4),
        }
