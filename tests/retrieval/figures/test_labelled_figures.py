"""Precision and recall of reading figures, over all figures of three reports as people labelled them."""

from __future__ import annotations

from pathlib import Path

from labelled_figures import Label, compare, labelled

from retrieval.models import Figure
from retrieval.report.understood import Understood

PRECISION, RECALL = 0.97, 0.90


def test_three_reports_are_labelled():
    files = [one.file for one in labelled()]
    assert len([file for file in files if file.startswith("seeds/")]) == 2
    assert len([file for file in files if file.startswith("provinces/")]) == 1
    assert all(len(one.labels) > 100 for one in labelled())


def test_precision_and_recall(shared_reports: dict[tuple[str, int], Understood]):
    right = wrong = missed = 0
    for one in labelled():
        understood = shared_reports[Path(one.file).name, one.ordinal]
        assert len(understood.text) == one.characters, "the labels' offsets are for another text"
        outcome = compare(understood.text, understood.figures, one.labels)
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
