"""The headings of a report's parts, and how they are told in a line: what a report is about in its own words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from retrieval.answers.claims import Listed, Word, claim
from retrieval.models import Report, Section, Span
from retrieval.ports import LibraryView

# The ways of numbering headings; those of one report's parts are all of one way.
_WAYS = (
    re.compile(r"[(（][一二三四五六七八九十]{1,3}[)）]"),
    re.compile(r"[一二三四五六七八九十]{1,3}[、.．]"),
    re.compile(r"第[一二三四五六七八九十]{1,2}[,，、]"),
    re.compile(r"[一二三四五六七八九十]{1,2}是"),
    re.compile(r"\d{1,2}[.．、]"),
    re.compile(r"[-—]+"),
)
_CHAPTERS_DEPTH, _FEWEST = 2, 3
_TOLD, _SHORTEST, _LONGEST = 8, 6, 24  # headings in a line, characters of each
_MARK = re.compile(r"[,，。；;：:]")


def headings_of(library: LibraryView, report: Report, *, ahead: bool) -> list[Span]:
    """The headings of the parts of a report's plan, or of its review; of several rows the one that has most."""
    of_side = [one for one in library.outline(report.id) if one.heading and _is_of(one, ahead)]
    found, above = (
        _of_one_row([one for one in of_side if one.depth == depth]) for depth in (_CHAPTERS_DEPTH, _CHAPTERS_DEPTH - 1)
    )
    if len(found) < _FEWEST <= len(above):
        found = above
    text = library.text(report.id)
    return [Span(one.start, one.start + len(one.heading)) for one in found if text.startswith(one.heading, one.start)]


def headings_told(library: LibraryView, report: Report, headings: Sequence[Span]) -> Listed:
    """``headings`` in a line: without their numbers, each up to its first comma or so."""
    text = library.text(report.id)
    told: list[Word] = [heading_told(text[one.start : one.end]) for one in headings[:_TOLD]]
    if len(headings) > _TOLD:
        told.append(claim("and_others"))
    return Listed(tuple(told), "glue")


def heading_told(heading: str) -> str:
    """A heading without its number, up to the first mark behind which a readable piece stands."""
    way = next((found for one in _WAYS if (found := one.match(heading))), None)
    plain = " ".join(heading[way.end() if way else 0 :].split()).rstrip("。；;，,：:")
    first = next((found.start() for found in _MARK.finditer(plain) if found.start() >= _SHORTEST), len(plain))
    return plain[:first] if first <= _LONGEST else f"{plain[:_LONGEST].rstrip('0123456789.')}…"


def _is_of(section: Section, ahead: bool) -> bool:
    return section.period in (("plan", "governance") if ahead else ("review",))


def _of_one_row(sections: Sequence[Section]) -> list[Section]:
    """The sections numbered in the way that most are; all where none is numbered."""
    rows: dict[int, list[Section]] = defaultdict(list)
    for one in sections:
        way = next((number for number, way in enumerate(_WAYS) if way.match(one.heading)), None)
        if way is not None:
            rows[way].append(one)
    return max(rows.values(), key=len) if rows else list(sections)
