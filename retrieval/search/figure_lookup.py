"""Looking up figures across reports, and the record of each that exports carry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from retrieval.language.folding import fold, squeeze
from retrieval.language.indicators import named
from retrieval.language.measures import traits_of
from retrieval.language.units import SCALES
from retrieval.models import Figure, Kind, Report
from retrieval.ports import LibraryView
from retrieval.report.outline import section_path


@dataclass(frozen=True)
class FigureQuery:
    """Which figures are wanted; None wants all. ``indicator`` is any name of one, or words of the report."""

    indicator: str | None = None
    year: int | None = None
    kind: Kind | None = None

    def wants(self, figure: Figure) -> bool:
        if self.year is not None and figure.year != self.year:
            return False
        if self.kind is not None and figure.kind != self.kind:
            return False
        return self.indicator is None or self._is_about(figure)

    def _is_about(self, figure: Figure) -> bool:
        asked = fold(self.indicator or "").strip()
        meant = [mention.indicator.name for mention in named(asked, question=True) if mention.end - mention.start == len(asked)]
        return figure.indicator == meant[0] if meant else squeeze(asked) in squeeze(figure.subject)


@dataclass(frozen=True)
class StoredFigure:
    """A figure with the report, the section path and the sentence that it stands in."""

    report: Report
    figure: Figure
    section: tuple[str, ...]
    sentence: str

    def as_json(self) -> dict[str, Any]:
        """A flat record. ``low`` and ``high`` are in ``unit`` as the report writes it (亿元), negative where it falls."""
        figure = self.figure
        return {
            "report_id": self.report.id,
            "place": self.report.place,
            "title": self.report.title,
            "indicator": figure.indicator,
            "subject": figure.subject,
            "kind": figure.kind,
            "year": figure.year,
            "measure": figure.measure,
            "value": figure.value,
            "low": _as_written(figure, figure.low),
            "high": _as_written(figure, figure.high),
            "unit": f"{figure.scale}{figure.unit}",
            "comparator": figure.comparator,
            "direction": figure.direction,
            "blank": figure.blank,
            "stretch": figure.stretch,
            "estimated": figure.estimated,
            "section": list(self.section),
            "sentence": self.sentence,
            "start": figure.start,
            "end": figure.end,
            "sentence_start": figure.sentence_start,
            "sentence_end": figure.sentence_end,
        }


def signed(figure: Figure, number: float) -> float:
    """A figure's number, negative where it is a fall (下降19.1%)."""
    return -number if figure.direction and traits_of(figure.measure).moves else number


def _as_written(figure: Figure, number: float | None) -> float | None:
    # Rounded because 6.55亿 is 654999999.9999999 in binary once it is scaled.
    return None if number is None else round(signed(figure, number) / SCALES.get(figure.scale, 1.0), 6)


def select_figures(library: LibraryView, reports: Iterable[Report], query: FigureQuery) -> list[StoredFigure]:
    """The figures of ``reports`` that ``query`` wants, report by report, in the order of their texts."""
    return [stored(library, report, figure) for report in reports for figure in library.figures(report.id) if query.wants(figure)]


def stored(library: LibraryView, report: Report, figure: Figure) -> StoredFigure:
    """A figure with what stands around it."""
    sentence = library.text(report.id)[figure.sentence_start : figure.sentence_end]
    return StoredFigure(report, figure, section_path(library.outline(report.id), figure.section), sentence)
