"""Rows of the database as the values that they stand for: reports, figures, sections."""

from __future__ import annotations

import json
from collections.abc import Sequence
from sys import intern
from typing import Any

from retrieval.models import Figure, Report

# Of a figure: what few words say again and again, and what is true or not.
_WORDS = (
    *("indicator", "subject", "kind", "measure", "unit", "scale", "comparator", "direction"),
    *("flow", "flow_words", "basis", "whole", "compared_with", "lead", "of_place", "proper_names"),
)
_FLAGS = ("blank", "stretch", "estimated", "primary", "mean", "earlier", "in_words", "shared")
FIGURE_COLUMNS = ", ".join(f'f."{name}"' for name in Figure.__dataclass_fields__)
_FLAGS_AT, _WORDS_AT = ([n for n, name in enumerate(Figure.__dataclass_fields__) if name in among] for among in (_FLAGS, _WORDS))
REPORT_COLUMNS = """select r.id, r.title, r.place, r.level, r.within, r.review_year, r.plan_year, r.delivered_on, r.meeting,
    r.speaker, r.office, r.source, d.file, r.year_said_now, r.passages, r.figures, r.kind, r.skipped
    from reports r join documents d on d.id = r.document_id"""


def report_of(row: dict[str, Any]) -> Report:
    return Report(**{**row, "within": tuple(json.loads(row["within"])), "skipped": tuple(json.loads(row["skipped"]))})


def figure_of(row: Sequence[Any]) -> Figure:
    """A figure whose words are the same objects as those of others: there are few words and many figures."""
    values = list(row)
    for at in _FLAGS_AT:
        values[at] = bool(values[at])
    for at in _WORDS_AT:
        if values[at] is not None:
            values[at] = intern(values[at])
    return Figure(*values)


def with_flags(row: dict[str, Any], *flags: str) -> dict[str, Any]:
    """A row with its 0 and 1 as truth values."""
    return {**row, **{flag: bool(row[flag]) for flag in flags}}
