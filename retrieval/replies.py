"""What an answer is made of: quotes, ranked passages, comparisons; small and frozen, as the values of ``models``.

Each is told as JSON and read back from it. Reports are told by a reference; whoever reads a reply back gives the function that
finds a report by its id, and gets what that one raises. What a reply of an earlier program lacks has its default.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from retrieval.models import Kind, Period, Report, Span

LineState = Literal["stated", "other", "blank", "absent"]
Status = Literal["answered", "related", "not_found", "blank"]
ReportOf = Callable[[int], Report]
Tree = Mapping[str, Any]


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
        told = {
            "report": self.report.reference(),
            "section": list(self.section),
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "emphasis": _pairs(self.emphasis),
        }
        if self.page is not None:
            told |= {"page": self.page}
        return told | ({"recognised": True} if self.recognised else {})

    @classmethod
    def from_json(cls, told: Tree, report_of: ReportOf) -> Quote:
        return cls(
            report_of(told["report"]["id"]),
            tuple(told["section"]),
            told["text"],
            told["start"],
            told["end"],
            _spans(told.get("emphasis", ())),
            told.get("page"),
            told.get("recognised", False),
        )


@dataclass(frozen=True)
class RankedPassage:
    """A passage found by a search. ``score`` is the fused score; ``lexical``, ``dense`` and ``likeness`` are its parts,
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
    likeness: float = 0.0

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "report": self.report.reference(),
            "section": list(self.section),
            "period": self.period,
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "score": self.score,
            "lexical": self.lexical,
            "dense": self.dense,
            "deviation": self.deviation,
            "likeness": self.likeness,
        }

    @classmethod
    def from_json(cls, told: Tree, report_of: ReportOf) -> RankedPassage:
        return cls(
            told["id"],
            report_of(told["report"]["id"]),
            tuple(told["section"]),
            told["period"],
            told["text"],
            told["start"],
            told["end"],
            told["score"],
            told["lexical"],
            told["dense"],
            told.get("deviation", 0.0),
            told.get("likeness", 0.0),
        )


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

    def as_json(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "axis": self.axis,
            "unit": self.unit,
            "lines": [asdict(line) for line in self.lines],
            "sources": [report.reference() for report in self.sources],
        }

    @classmethod
    def from_json(cls, told: Tree, report_of: ReportOf) -> Comparison:
        lines = tuple(ComparedLine(**line) for line in told["lines"])
        sources = tuple(report_of(one["id"]) for one in told["sources"])
        return cls(told["title"], told["axis"], told["unit"], lines, sources)


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
        return {
            "status": self.status,
            "intent": self.intent,
            "suggestions": list(self.suggestions),
            "answer": self.answer,
            "quotes": [quote.as_json() for quote in self.quotes],
            "passages": [passage.as_json() for passage in self.passages],
            "seconds": self.seconds,
            "emphasis": _pairs(self.emphasis),
            "assumed_place": self.assumed_place,
            "is_question": self.is_question,
            "comparisons": [comparison.as_json() for comparison in self.comparisons],
        }

    @classmethod
    def from_json(cls, told: Tree, report_of: ReportOf) -> Reply:
        return cls(
            told["status"],
            told["answer"],
            tuple(Quote.from_json(one, report_of) for one in told["quotes"]),
            tuple(RankedPassage.from_json(one, report_of) for one in told["passages"]),
            told["seconds"],
            _spans(told.get("emphasis", ())),
            told.get("assumed_place"),
            told.get("is_question", True),
            tuple(Comparison.from_json(one, report_of) for one in told.get("comparisons", ())),
            told.get("intent", ""),
            tuple(told.get("suggestions", ())),
        )


def _pairs(spans: Iterable[Span]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]


def _spans(pairs: Iterable[Iterable[int]]) -> tuple[Span, ...]:
    return tuple(Span(*pair) for pair in pairs)
