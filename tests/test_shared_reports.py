"""The nineteen shared reports against what was read from them by eye (expected_reports.toml)."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

EXPECTED = tomllib.loads((Path(__file__).parent / "expected_reports.toml").read_text(encoding="utf-8"))["report"]
FIELDS = ("title", "place", "level", "review_year", "plan_year", "delivered_on", "meeting", "speaker", "office", "source")
each_report = pytest.mark.parametrize("expected", EXPECTED, ids=lambda one: f"{one['file'][:12]}-{one['ordinal']}")


@pytest.fixture
def understood(shared_reports, expected):
    return shared_reports[expected["file"], expected["ordinal"]]


def chapters(understood) -> list[tuple[int, str, str | None]]:
    return [(n, s.heading, s.period) for n, s in enumerate(understood.outline) if s.depth == 1 and s.heading and s.period]


def test_the_files_hold_nineteen_reports(shared_reports):
    assert set(shared_reports) == {(one["file"], one["ordinal"]) for one in EXPECTED}


@each_report
def test_metadata(understood, expected):
    found = {field: getattr(understood.metadata, field) for field in FIELDS}
    assert found == {field: expected.get(field) for field in FIELDS}
    assert list(understood.metadata.within) == expected["within"]


@each_report
def test_chapters_and_their_periods(understood, expected):
    found = [[heading.replace("\n", "").strip(), period] for _, heading, period in chapters(understood)]
    assert found == expected["sections"]


@each_report
def test_numbers_of_subsections(understood, expected):
    """Counted are the sections marked （一）, (一), （1）, 1. or the like right under a chapter."""
    outline = understood.outline
    counts = []
    for index, _, _ in chapters(understood):
        below = [s.heading.strip() for s in outline if s.parent == index and s.heading.strip()]
        counts.append(sum(heading[0] in "（(" for heading in below))
    assert counts == expected["subsections"]


@each_report
def test_where_the_problems_are_told(understood, expected):
    starts = [s.start for s in understood.outline if s.period == "problems"]
    assert [understood.text[start : start + len(expected["problems"])] for start in starts][:1] == [expected["problems"]]


@each_report
def test_figures_are_of_the_years_reviewed_or_planned_or_told_otherwise(understood, expected):
    kinds = {(one.kind, one.year) for one in understood.figures}
    assert ("actual", expected["review_year"]) in kinds
    if "plan_year" in expected:
        assert ("target", expected["plan_year"]) in kinds


@each_report
def test_the_evidence_lies_in_the_text(understood, expected):
    for field, span in understood.metadata.evidence.items():
        assert 0 <= span.start < span.end <= len(understood.text), field
    assert ("speaker" in understood.metadata.evidence) == ("speaker" in expected)
