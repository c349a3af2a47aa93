"""Figures that were stored before today's indicators were known, taken for what their subjects name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from retrieval.language.indicators import Indicator, own_names, subject_of
from retrieval.models import Figure, Report
from retrieval.ports import LibraryView


def named_by_subject(library: LibraryView, report: Report, indicator: Indicator, figures: Sequence[Figure]) -> list[Figure]:
    """Those of ``figures`` whose subjects name ``indicator`` and nothing else, as its figures.

    None where the figures of the report were read with today's language data, or know the indicator: then what they are not
    told to be they are not.
    """
    known = library.figures(report.id)
    if not library.figures_outdated(report.id) or any(figure.indicator == indicator.name for figure in known):
        return []
    own = own_names(report.place, report.within, report.level)
    return [replace(figure, indicator=indicator.name) for figure in figures if _is_of(figure, indicator, own)]


def _is_of(figure: Figure, indicator: Indicator, own: tuple[str, ...]) -> bool:
    mention = subject_of(figure.subject, own) if figure.indicator is None else None
    return mention is not None and mention.indicator is indicator and indicator.counts(figure.unit)
