"""One file may hold several reports: finding where each begins."""

from __future__ import annotations

import re
from dataclasses import replace

from retrieval.language.folding import fold
from retrieval.language.patterns import pattern
from retrieval.models import Removal
from retrieval.report.cleaning import BLANKS, Cleaned, pages_between

# The title line of a report: ends in 工作报告, names a government or a place, and is no sentence.
TITLE = pattern("reports.title.report")
# A place's summary of one year and its plans for the next, by which towns and subdistricts report: X街道2024年工作总结和2025年工作思路.
_SUMMARY_TITLE = pattern("reports.title.summary")
_BARE_TITLE = pattern("reports.title.bare")
_BEFORE_TITLE = pattern("reports.title.before")
_MINIMUM_REPORT = 150


def is_title(line: str) -> bool:
    """Whether ``line`` is the title of a government work report (``政 府 工 作 报 告`` included)."""
    squeezed = re.sub(r"\s+", "", fold(line))
    return len(squeezed) <= 60 and bool(TITLE.match(squeezed) or _SUMMARY_TITLE.match(squeezed) or _BARE_TITLE.match(squeezed))


def split_reports(cleaned: Cleaned) -> list[Cleaned]:
    """The reports of one file, in order. A text without a title line is one report."""
    text = cleaned.text
    starts = [0]
    lines = [(m.start(), m.group()) for m in re.finditer(r"[^\n]+", text)]
    sentence_end = text.find("。")
    for index, (start, line) in enumerate(lines):
        if is_title(line) and start - starts[-1] >= _MINIMUM_REPORT and 0 <= sentence_end < start:
            starts.append(_with_lines_before(lines, index))
            sentence_end = text.find("。", starts[-1])
    bounds = zip(starts, [*starts[1:], len(text)], strict=True)
    return [_part(cleaned, start, end, end == len(text)) for start, end in bounds]


def _with_lines_before(lines: list[tuple[int, str]], title: int) -> int:
    """Where a report begins whose title is ``lines[title]``: short lines such as 镇八届人大六次会议材料 precede it."""
    first = title
    while first > 1 and title - first < 4:
        line = lines[first - 1][1].strip()
        if len(line) > 40 or line.endswith(("。", "！", "!")) or not _BEFORE_TITLE.search(line):
            break
        first -= 1
    return lines[first][0]


def _part(cleaned: Cleaned, start: int, end: int, last: bool) -> Cleaned:
    piece = cleaned.text[start:end]
    body = piece.rstrip(BLANKS)
    removals = tuple(
        Removal(r.kind, r.text, min(r.position - start, len(body)))
        for r in cleaned.removals
        if start <= r.position and (r.position < end or last)
    )
    return replace(cleaned, text=body, removals=removals, pages=pages_between(cleaned.pages, start, start + len(body)))
