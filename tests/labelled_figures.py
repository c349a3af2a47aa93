"""Precision and recall of figure reading against figures that were labelled by hand.

``tests/labels/*.jsonl`` hold a file's name and, for each figure of its report, ``[start, end, low, high, indicator,
subject_start, subject_end, kind, year]``: offsets into the canonical text and values, no words of the report. Labelled are
figures in Arabic digits, blanks, and numbered ranks; ``indicator`` is null where the figure is none of the indicators.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from retrieval.language.folding import fold
from retrieval.models import Figure

FOLDER = Path(__file__).parent / "labels"


@dataclass(frozen=True)
class Label:
    start: int
    end: int
    low: float | None
    high: float | None
    indicator: str | None
    subject_start: int
    subject_end: int
    kind: str
    year: int | None


@dataclass(frozen=True)
class Labelled:
    """One report's labels."""

    file: str
    ordinal: int
    characters: int
    labels: tuple[Label, ...]


def labelled() -> list[Labelled]:
    found = []
    for path in sorted(FOLDER.glob("*.jsonl")):
        head, *rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        found.append(Labelled(head["file"], head["ordinal"], head["characters"], tuple(Label(*row) for row in rows)))
    return found


@dataclass(frozen=True)
class Outcome:
    """``wrong`` are read figures that no label agrees with, ``missed`` labels that no read figure agrees with."""

    right: int
    wrong: tuple[Figure, ...]
    missed: tuple[Label, ...]

    @property
    def precision(self) -> float:
        return self.right / (self.right + len(self.wrong))

    @property
    def recall(self) -> float:
        return self.right / (self.right + len(self.missed))


def compare(text: str, figures: tuple[Figure, ...], labels: tuple[Label, ...]) -> Outcome:
    """Every figure with a number or a blank against the labels: value, indicator (or subject), kind and year must agree."""
    read = [figure for figure in figures if figure.low is not None or figure.blank]
    pairs = [(one, figure) for one in labels for figure in read if one.start < figure.end and figure.start < one.end]
    right = [(one, figure) for one, figure in pairs if agrees(text, one, figure)]
    labels_met = {id(one) for one, _ in right}
    figures_met = {id(figure) for _, figure in right}
    wrong = tuple(figure for figure in read if id(figure) not in figures_met)
    return Outcome(len(labels_met), wrong, tuple(one for one in labels if id(one) not in labels_met))


def agrees(text: str, one: Label, figure: Figure) -> bool:
    return (
        _number(figure.low) == _number(one.low)
        and _number(figure.high) == _number(one.high)
        and not differences(text, one, figure)
    )


def differences(text: str, one: Label, figure: Figure) -> list[str]:
    """In which of indicator, subject, kind and year they differ."""
    found = [name for name in ("kind", "year") if getattr(one, name) != getattr(figure, name)]
    if one.indicator != figure.indicator:
        found.append("indicator")
    elif one.indicator is None and not _share_words(text[one.subject_start : one.subject_end], figure.subject):
        found.append("subject")
    return found


def _number(number: float | None) -> float | None:
    return None if number is None else round(number, 4)


def _share_words(labelled_as: str, read_as: str) -> bool:
    """Whether two names for what is counted have two characters in a row in common."""
    labelled_as, read_as = fold(labelled_as), fold(read_as)
    return any(labelled_as[n : n + 2] in read_as for n in range(max(len(labelled_as) - 1, 1)))
