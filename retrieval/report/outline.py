"""The outline of a report: a tree of sections, read from numbering and lead phrases as they really occur.

Headings stand on lines of their own, or open a paragraph, or (where a file has lost its line breaks) stand inside
the one line. A *paragraph* here is what lies between line breaks, or between a full stop and a blank.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from retrieval.language.folding import HAN, fold
from retrieval.language.patterns import pattern
from retrieval.language.values import find_values
from retrieval.models import Section
from retrieval.report.chapters import (
    APPENDIX,
    NOTHING_KNOWN,
    KnownYears,
    opens_problems,
    problems_start,
    turn_of_running_text,
    turn_within_a_chapter,
    with_periods,
)
from retrieval.report.metadata import YEAR_CHAPTER, head_end

# Ranks of the markers: a section of a higher rank lies inside the section of a lower rank before it.
_MARKERS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (1, pattern("reports.heading.chapter")),
    (2, pattern("reports.heading.in_brackets")),
    (2, pattern("reports.heading.ordinal")),
    (3, pattern("reports.heading.digits")),
    (3, pattern("reports.heading.dash")),
    (3, pattern("reports.heading.one_is")),
)
_LEAD_RANK, _INLINE_RANK = 4, 5
_SYMBOL = pattern("reports.heading.symbol")
_SYMBOL_CHAPTER = pattern("reports.heading.symbol_chapter")
_ADDRESS = pattern("reports.heading.address")
_CHAPTER_WORDS = pattern("reports.heading.chapter_words")
_HEADING_LIMIT = 70
_LINE_HEADING_LIMIT = 32
_INLINE_LEAD = pattern("reports.heading.lead")
# A short sentence inside a paragraph that opens like this tells a deed; it leads nothing.
_DEED = pattern("reports.heading.deed")
# A chapter's heading in a text that has lost its line breaks and blanks: 。一、2024年工作回顾过去一年,…
_COLLAPSED = pattern("reports.heading.collapsed")
_PARAGRAPH_END = pattern("reports.heading.paragraph_end")
_STOP = pattern("reports.heading.stop")
_NO_LINE = pattern("reports.heading.no_line")


@dataclass(frozen=True)
class _Heading:
    start: int
    end: int
    rank: int
    text: str


def read_outline(text: str, known: KnownYears = NOTHING_KNOWN) -> tuple[Section, ...]:
    """The sections of ``text``, parents before children, in the order of the text.

    The sections without children, with what of a parent lies before its first child, cover the text without gap
    or overlap; a parent covers its children. The first section (of depth 0, without heading) is the front matter.
    ``known`` are the years that an administrator corrected.
    """
    folded = fold(text)
    body = head_end(text)
    headings = _headings(text, folded, body)
    sections = with_periods(folded, _tree(text, body, headings), known, None)
    turn = turn_of_running_text(folded, sections, body, known) or turn_within_a_chapter(folded, sections)
    if turn is None:
        return sections
    return with_periods(folded, _tree(text, body, _with_chapter_at(headings, turn)), known, turn)


def _with_chapter_at(headings: list[_Heading], turn: int) -> list[_Heading]:
    """The headings with one more, unnamed, at ``turn``; a heading that stands there is a chapter's."""
    there = next((heading for heading in headings if heading.start == turn), _Heading(turn, turn, 1, ""))
    others = [heading for heading in headings if heading.start != turn]
    return sorted([*others, replace(there, rank=1)], key=lambda heading: heading.start)


def section_path(outline: tuple[Section, ...], index: int) -> tuple[str, ...]:
    """The headings from the root to section ``index``, outermost first; unnamed sections are left out."""
    path: list[str] = []
    at: int | None = index
    while at is not None:
        if outline[at].heading:
            path.append(outline[at].heading)
        at = outline[at].parent
    return tuple(reversed(path))


def _paragraphs(folded: str, start: int) -> list[tuple[int, int]]:
    """The paragraphs from ``start`` on, without the blanks around them."""
    cuts = [start]
    cuts += [m.end() for m in _PARAGRAPH_END.finditer(folded[start:])]
    cuts = [start, *(start + cut for cut in cuts[1:]), len(folded)]
    found = []
    for first, last in pairwise(cuts):
        piece = folded[first:last]
        begin = first + len(piece) - len(piece.lstrip())
        end = first + len(piece.rstrip())
        if end > begin:
            found.append((begin, end))
    return found


def _headings(text: str, folded: str, body: int) -> list[_Heading]:
    headings: list[_Heading] = []
    paragraphs = _paragraphs(folded, body)
    appendix = 0
    skip = False
    for index, (start, end) in enumerate(paragraphs):
        if skip:
            skip = False
            continue
        piece = folded[start:end]
        after = paragraphs[index + 1] if index + 1 < len(paragraphs) else None
        if _ends_in_value(piece):
            continue
        if APPENDIX.match(piece) and len(piece) <= _LINE_HEADING_LIMIT:
            appendix = 1
            headings.append(_Heading(start, end, 1, text[start:end]))
            continue
        rank = next((rank for rank, marker in _MARKERS if marker.match(piece)), None)
        if symbol := _SYMBOL.match(piece):
            if _is_symbol_heading(piece[symbol.end() :]):
                headings.append(_Heading(start, end, _LEAD_RANK + appendix, text[start:end]))
        elif rank is not None:
            stop = _heading_end(folded, start, end)
            if rank == 1 and stop == end and after and _continues_heading(folded, paragraphs, index):
                stop, skip = after[1], True
            heading = _Heading(start, stop, rank + appendix, re.sub(r"\s*\n\s*", "", text[start:stop]).strip())
            headings.append(heading)
        elif YEAR_CHAPTER.fullmatch(piece):
            headings.append(_Heading(start, end, 1 + appendix, text[start:end]))
        elif _is_line_heading(piece):
            rank = 1 if _CHAPTER_WORDS.search(piece) and _YEARS_OR_SHORT.search(piece) else _LEAD_RANK
            headings.append(_Heading(start, end, rank + appendix, text[start:end]))
        elif opens_problems(piece):
            at = problems_start(piece, start)
            headings.append(_Heading(at, at, 2 + appendix, ""))
        elif _ADDRESS.match(piece):
            headings.append(_Heading(start, start, 2 + appendix, ""))
        if not skip:
            headings += _leads(text, folded, start, end, appendix, rank is not None)
    headings = _without_contents(folded, _with_symbols_alike(headings))
    unique: dict[int, _Heading] = {}
    for heading in headings:
        kept = unique.get(heading.start)
        if kept is None or (heading.text and not kept.text):
            unique[heading.start] = heading
    return [unique[start] for start in sorted(unique)]


_YEARS_OR_SHORT = pattern("reports.heading.year_or_short")


def _with_symbols_alike(headings: list[_Heading]) -> list[_Heading]:
    """``headings``, of whose symbols (■ 成绩 … ■ 目标) those head chapters all that head any."""
    of_chapters = set()
    for one in headings:
        symbol = _SYMBOL.match(one.text)
        if symbol and _SYMBOL_CHAPTER.match(fold(one.text[symbol.end() :])):
            of_chapters.add(one.text[0])
    return [replace(one, rank=1) if one.text[:1] in of_chapters else one for one in headings]


def _is_symbol_heading(line: str) -> bool:
    """Whether what stands behind a symbol is a heading: short, and no item that tells an amount."""
    return len(line) <= _LINE_HEADING_LIMIT and not (_NO_LINE.search(line) or _DEED.match(line) or find_values(line))


def _without_contents(folded: str, headings: list[_Heading]) -> list[_Heading]:
    """``headings`` without those of chapters that are listed on one line with nothing between: 报告共三部分:一、…。二、…。三、…。"""
    chapters = sorted((one for one in headings if one.rank == 1), key=lambda one: one.start)
    listed: set[int] = set()
    for one, after in pairwise(chapters):
        if "\n" not in folded[one.start : after.start] and not folded[one.end : after.start].strip():
            listed |= {one.start, after.start}
    return [one for one in headings if one.start not in listed]


def _heading_end(folded: str, start: int, end: int) -> int:
    """Where the heading ends that opens a paragraph: at its full stop, at a blank before text, or with the line."""
    line_end = folded.find("\n", start, end)
    line_end = end if line_end < 0 else line_end
    if line_end - start <= _LINE_HEADING_LIMIT and not re.search(r"[。!?;]", folded[start:line_end]):
        return line_end
    stop = _STOP.search(folded[start : min(line_end, start + _HEADING_LIMIT + 30)])
    collapsed = _COLLAPSED.match(folded[start:line_end])
    if (
        collapsed
        and not (stop and stop.start() <= collapsed.end())
        and "," in folded[start : start + (stop.start() if stop else _HEADING_LIMIT)]
    ):
        return start + collapsed.end()
    if stop and stop.start() <= _HEADING_LIMIT:
        return start + (stop.end() if stop.group() in "。!?;" else stop.start())
    if line_end - start <= _HEADING_LIMIT:
        return line_end
    comma = re.search(r"[,:]", folded[start + 4 : start + _HEADING_LIMIT])
    return start + 4 + comma.start() if comma else min(line_end, start + 30)


def _continues_heading(folded: str, paragraphs: list[tuple[int, int]], index: int) -> bool:
    """Whether the next line goes on with a chapter's heading: short, unmarked, without a stop, before a long one."""
    if index + 2 >= len(paragraphs):
        return False
    start, end = paragraphs[index + 1]
    line = folded[start:end]
    long_after = paragraphs[index + 2][1] - paragraphs[index + 2][0] > 40
    marked = any(marker.match(line) for _, marker in _MARKERS)
    return len(line) <= 24 and long_after and not marked and not re.search(r"[。,:;!?]", line)


def _ends_in_value(piece: str) -> bool:
    """Whether a line is one of a list of figures (地区生产总值增长:6.5%左右, 3.城镇新增就业400人), which heads nothing."""
    if len(piece) > _LINE_HEADING_LIMIT or not re.search(r"[\d%]", piece[-8:]):
        return False
    values = find_values(piece)
    if not values or piece[values[-1].end :].strip(",;、 "):
        return False
    labelled = any(piece[: value.start].rstrip().endswith(":") for value in values)
    return labelled or not (_MARKERS[0][1].match(piece) or _MARKERS[1][1].match(piece))


def _is_line_heading(piece: str) -> bool:
    return (
        len(piece) <= _LINE_HEADING_LIMIT
        and "\n" not in piece
        and "|" not in piece  # the heads of a table
        and not _NO_LINE.search(piece)
        and len(re.findall(rf"[{HAN}]", piece)) >= 4
    )


def _leads(text: str, folded: str, start: int, end: int, appendix: int, marked: bool) -> list[_Heading]:
    """Lead phrases of a paragraph: short sentences without comma or figure that announce what follows."""
    found = []
    for match in _INLINE_LEAD.finditer(folded[start:end]):
        group = 1 if match.group(1) else 2
        at, stop = start + match.start(group), start + match.end(group)
        if _ADDRESS.match(folded[at:stop]) or (marked and at == start) or (at > start and _DEED.match(folded[at:stop])):
            continue
        rank = _LEAD_RANK if at == start else _INLINE_RANK
        found.append(_Heading(at, stop, rank + appendix, text[at:stop]))
    return found


def _tree(text: str, body: int, headings: list[_Heading]) -> list[Section]:
    sections = [Section(None, 0, "", 0, len(text), None, False)]
    if not headings or headings[0].start > body:
        sections.append(Section(None, 1, "", body, len(text), None, False))
    open_: list[tuple[int, int]] = [(1, 1)] if len(sections) == 2 else []
    sections[0] = replace(sections[0], end=body if len(sections) == 2 else headings[0].start)
    for heading in headings:
        while open_ and open_[-1][0] >= heading.rank:
            index = open_.pop()[1]
            sections[index] = replace(sections[index], end=heading.start)
        if open_ and sections[open_[-1][1]].start == heading.start:
            continue
        parent = open_[-1][1] if open_ else None
        open_.append((heading.rank, len(sections)))
        sections.append(Section(parent, len(open_), heading.text, heading.start, len(text), None, False))
    return sections
