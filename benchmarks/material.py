"""What the benchmarks work on: the nineteen reports and the question files beside the project, else the samples in it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from retrieval.models import Report
from retrieval.reading.loading import load

_PROJECT = Path(__file__).resolve().parents[1]
_SHARED = _PROJECT.parent / "shared"
_REPORTS = (_SHARED / "reports" / "seeds", _SHARED / "reports" / "provinces")
_QUESTION_FILES = (_SHARED / "eval" / "seeds-dev.jsonl", _SHARED / "eval" / "provinces-dev.jsonl")
_LOOSE_QUESTIONS = (_SHARED / "eval" / "descriptive-dev.jsonl", _SHARED / "eval" / "paraphrase-dev.jsonl")
_SAMPLES = _PROJECT / "data" / "samples"
_SAMPLE_QUESTIONS = (
    ("target", "{place}{plan}年地区生产总值增长目标是多少"),
    ("actual", "{place}{review}年固定资产投资完成了多少"),
    ("passage", "{place}{plan}年打算怎样改善民生"),
    ("passage", "{place}{review}年存在哪些困难和问题"),
    ("metadata", "{place}的报告是谁作的"),
    ("absent", "{place}{plan}年航天发射目标是多少次"),
)


@dataclass(frozen=True)
class Item:
    """A question: the turns of a conversation, its type, and what a right answer holds (see shared/eval/score.py)."""

    id: str
    type: str
    turns: tuple[str, ...]
    status: str
    place: str | None = None
    evidence: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()


def report_paths() -> tuple[Path, ...]:
    """The folders of the nineteen reports, or that of the samples where ``../shared`` is missing."""
    return _REPORTS if all(folder.is_dir() for folder in _REPORTS) else (_SAMPLES,)


def sample_paths() -> list[Path]:
    """The invented reports in the project."""
    return sorted(_SAMPLES.iterdir())


def notes_on_material() -> list[str]:
    """What is to be said where samples stand in for the reports, or simple questions for the question files."""
    notes = []
    if report_paths() == (_SAMPLES,):
        notes.append("../shared/reports is missing: the reports are the invented ones of data/samples")
    if not all(file.is_file() for file in _QUESTION_FILES):
        notes.append("../shared/eval is missing: the questions are simple ones, without known answers")
    return notes


def seed_reports() -> Path | None:
    """The folder of the first reports; None where ``../shared`` is missing."""
    return _REPORTS[0] if _REPORTS[0].is_dir() else None


def seed_questions() -> Path | None:
    """The question file on the reports of ``seed_reports``, beside which ``score.py`` lies; None where it is missing."""
    return _QUESTION_FILES[0] if (_QUESTION_FILES[0].parent / "score.py").is_file() else None


def added_by_hand() -> tuple[Path, bytes]:
    """A report to be added once more from a chat, as a newer version of itself: the longest of the first folder."""
    longest = max(report_paths()[0].iterdir(), key=lambda path: path.stat().st_size)
    return longest, longest.read_bytes() + "\n以上报告，请予审议。\n".encode()


def report_texts() -> list[str]:
    """The raw texts of the provincial reports, or those of the samples."""
    return [load(path) for path in sorted(report_paths()[-1].iterdir()) if path.is_file()]


def questions(reports: Sequence[Report]) -> tuple[Item, ...]:
    """The questions of both development files; without them, six simple ones on each of ``reports``."""
    if not all(file.is_file() for file in _QUESTION_FILES):
        return _about(reports)
    lines = (line for file in _QUESTION_FILES for line in file.read_text(encoding="utf-8").split("\n"))
    return tuple(_item(line) for line in lines if line.strip())


def loose_questions() -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    """Questions in people's own words: described (and what nothing answers), and of figures; none where the files are missing."""
    if not all(file.is_file() for file in _LOOSE_QUESTIONS):
        return (), ()
    described, worded = (
        tuple(_item(line) for line in file.read_text(encoding="utf-8").split("\n") if line.strip()) for file in _LOOSE_QUESTIONS
    )
    return described, worded


def _item(line: str) -> Item:
    stored = json.loads(line)
    return Item(
        stored["id"],
        stored["type"],
        tuple(stored["turns"] or [stored["question"]]),
        stored["status"],
        stored["place"],
        tuple(stored["evidence"]),
        tuple(stored["facts"]),
    )


def _about(reports: Sequence[Report]) -> tuple[Item, ...]:
    return tuple(
        Item(
            f"{report.id}-{number}",
            kind,
            (pattern.format(place=report.place, plan=report.plan_year, review=report.review_year),),
            "not_found" if kind == "absent" else "answered",
        )
        for report in reports
        if report.place and report.plan_year and report.review_year
        for number, (kind, pattern) in enumerate(_SAMPLE_QUESTIONS)
    )
