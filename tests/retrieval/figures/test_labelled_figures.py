"""Precision and recall of reading figures, over all figures of nine texts of many kinds as people labelled them."""

from __future__ import annotations

from pathlib import Path

import pytest
from labelled_figures import FOLDER, Label, Labelled, Outcome, compare, labelled

from retrieval.ingest.understanding import read_reports, understand_report
from retrieval.models import Figure
from retrieval.reading.loading import read_file
from retrieval.report.understood import Understood

PRECISION, RECALL = 0.97, 0.92
LEAST = {"seeds": (2, 100), "provinces": (1, 100), "state": (2, 50), "labels": (4, 15)}  # by folder: texts, and figures of each


def test_reports_of_all_kinds_are_labelled():
    for folder, (texts, figures) in LEAST.items():
        of_folder = [one for one in labelled() if Path(one.file).parts[0] == folder]
        assert len(of_folder) == texts, folder
        assert all(len(one.labels) >= figures for one in of_folder), folder


def outcome_of(one: Labelled, understood: Understood) -> Outcome:
    assert len(understood.text) == one.characters, "the labels' offsets are for another text"
    return compare(understood.text, understood.figures, one.labels)


def invented(one: Labelled) -> Understood:
    """An invented text, which stands beside its labels."""
    path = FOLDER.parent / one.file
    (only,) = read_reports(read_file(path.read_bytes(), path.name))
    return understand_report(only, {})


@pytest.mark.parametrize("one", [one for one in labelled() if one.file.startswith("labels/")], ids=lambda one: one.file)
def test_each_invented_text_is_read_well(one: Labelled):
    outcome = outcome_of(one, invented(one))
    assert outcome.wrong == ()
    assert outcome.recall >= RECALL


def _understood(one: Labelled, shared: Path, shared_reports: dict[tuple[str, int], Understood]) -> Understood:
    if one.file.startswith("labels/"):
        return invented(one)
    if one.file.startswith("state/"):
        path = shared / "reports" / one.file
        return understand_report(read_reports(read_file(path.read_bytes(), path.name))[one.ordinal - 1], {})
    return shared_reports[Path(one.file).name, one.ordinal]


def test_precision_and_recall(shared: Path, shared_reports: dict[tuple[str, int], Understood]):
    right = wrong = missed = 0
    for one in labelled():
        outcome = outcome_of(one, _understood(one, shared, shared_reports))
        right, wrong, missed = right + outcome.right, wrong + len(outcome.wrong), missed + len(outcome.missed)
    assert right / (right + wrong) >= PRECISION
    assert right / (right + missed) >= RECALL


TEXT = "全年粮食产量12万吨，新建道路3公里。"
LABELS = (
    Label(6, 10, 120000, 120000, "粮食产量", 2, 6, "actual", 2024),
    Label(15, 18, 3, 3, None, 11, 15, "actual", 2024),
)


def figure(value: str, low: float, indicator: str | None, subject: str, year: int = 2024) -> Figure:
    start = TEXT.index(value)
    return Figure(
        indicator, subject, "actual", year, "level", value, low, low, "", "", "", "", False, False, False, False, 0,
        start, start + len(value), 0, len(TEXT),
    )  # fmt: skip


def test_a_figure_is_right_only_where_everything_agrees():
    grain, road = figure("12万吨", 120000, "粮食产量", "粮食产量"), figure("3公里", 3, None, "新建道路")
    assert compare(TEXT, (grain, road), LABELS).right == 2
    for other in (
        figure("12万吨", 12, "粮食产量", "粮食产量"),
        figure("12万吨", 120000, None, "粮食产量"),
        figure("12万吨", 120000, "粮食产量", "粮食产量", 2023),
    ):
        outcome = compare(TEXT, (other, road), LABELS)
        assert (outcome.right, len(outcome.wrong), len(outcome.missed)) == (1, 1, 1)
    outcome = compare(TEXT, (figure("3公里", 3, None, "桥梁"),), LABELS)
    assert (outcome.right, len(outcome.wrong), len(outcome.missed)) == (0, 1, 2)
