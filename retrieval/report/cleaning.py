"""From raw text to canonical text: debris is taken out, and what was taken out is recorded."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from retrieval.language.folding import ordinary
from retrieval.language.patterns import pattern
from retrieval.models import Page, Removal
from retrieval.reading.raw import FURNITURE_END, FURNITURE_START, HEAD_END, HEAD_START, LEFT_OUT, RawText
from retrieval.report.lines import broken

# Each kind of debris with the pattern that finds it. What is found goes; what stands around it stays.
_COMPILED = (
    ("control", re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufeff\u200b-\u200f\u2060\u00ad\ufffe\uffff]+", re.M)),
    ("bookmark", pattern("reports.debris.bookmark")),
    ("paywall", pattern("reports.debris.paywall")),
    # An advertisement names an account or a site and says what it did with the text: 公号“…”整理编辑, 更多…请关注….
    ("advertisement", pattern("reports.debris.account")),
    ("advertisement", pattern("reports.debris.more")),
    ("advertisement", pattern("reports.debris.document")),
    ("advertisement", pattern("reports.debris.link")),
    ("source", pattern("reports.debris.source")),
    ("page_number", pattern("reports.debris.page_number")),
    ("trailing_mark", pattern("reports.debris.trailing_mark")),
)
# Only what a reader has marked: in a plain text these characters mean nothing.
_MARKED = (
    ("page_furniture", re.compile(rf"{FURNITURE_START}[^{FURNITURE_END}]*{FURNITURE_END}\n?")),
    ("running_head", re.compile(rf"{HEAD_START}[^{HEAD_END}]*{HEAD_END}")),
    *((kind, debris) for kind, debris in _COMPILED if kind != "control"),
    ("control", re.compile(r"[\x00-\x08\x15-\x1f\x7f\ufeff\u200b-\u200f\u2060\u00ad\ufffe\uffff]+")),
)
_ALL_MARKS = f"{FURNITURE_START}{FURNITURE_END}{HEAD_START}{HEAD_END}\n"
_SOURCE = pattern("reports.debris.of_source")
_SOURCE_END = pattern("reports.debris.source_end")
BLANKS = "\n \t\u3000\xa0"
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")


@dataclass(frozen=True)
class Cleaned:
    """A canonical text and the debris taken out of it, in order.

    ``pages`` are those of the file that the text has a part of; ``url`` and ``published`` are those of a web page.
    """

    text: str
    removals: tuple[Removal, ...]
    pages: tuple[Page, ...] = ()
    url: str | None = None
    published: str | None = None


def clean(raw: str | RawText) -> Cleaned:
    """The canonical text of ``raw``: line ends are ``\\n``, debris is gone, radicals are characters, sentences run on; everything else is
    as it was."""
    read = RawText(raw) if isinstance(raw, str) else raw
    text, starts = _with_line_feeds(ordinary(read.text), [page.start for page in read.pages])
    found = [
        (match.start(), _with_line(text, match.start(), match.end()), "") for match in LEFT_OUT.finditer(text) if read.marked
    ]
    found += [
        (match.start(), match.end(), kind)
        for kind, debris in (_MARKED if read.marked else _COMPILED)
        for match in debris.finditer(text)
        if match.end() > match.start()
    ]
    text, removals, cuts = _taken_out(text, found, marked=read.marked)
    starts = _moved(starts, cuts)
    pages_end = sorted(removal.position for removal in removals if removal.kind in ("page_number", "running_head"))
    text, again, cuts = _taken_out(text, list(broken(text, pages_end)), marked=False)
    before = _moved([removal.position for removal in removals], cuts)
    removals = [replace(removal, position=at) for removal, at in zip(removals, before, strict=True)]
    removals = sorted([*removals, *again], key=lambda removal: removal.position)
    pages = tuple(replace(page, start=start) for page, start in zip(read.pages, _moved(starts, cuts), strict=True))
    return _trimmed(Cleaned(text, tuple(removals), pages, read.url, read.published))


def _taken_out(text: str, found: list[tuple[int, int, str]], *, marked: bool) -> tuple[str, list[Removal], list[tuple[int, int]]]:
    """``text`` without what was ``found`` in it, what that was, and where it stood."""
    found.sort(key=lambda one: (one[0], -one[1]))  # of two that begin together, the longer
    kept: list[str] = []
    removals: list[Removal] = []
    cuts: list[tuple[int, int]] = []
    at = length = 0
    for start, end, kind in found:
        if end <= at:
            continue
        start = max(start, at)
        kept.append(text[at:start])
        length += start - at
        removals.append(_removal(kind, text[start:end], length, marked))
        cuts.append((start, end))
        at = end
    kept.append(text[at:])
    return "".join(kept), removals, cuts


def _removal(kind: str, text: str, position: int, marked: bool) -> Removal:
    """What was taken out, without the marks of its reader; those name the kind of what is ``LEFT_OUT``."""
    if not kind:
        left = LEFT_OUT.match(text)
        assert left is not None
        return Removal(left.group("kind"), left.group("text"), position)
    furniture = marked and kind in ("page_furniture", "running_head")
    return Removal(kind, text.strip(_ALL_MARKS) if furniture else text, position)


def _with_line(raw: str, start: int, end: int) -> int:
    """Where to cut what ends at ``end``: with the line end after it, if it was all that its line had."""
    return end + 1 if raw[end : end + 1] == "\n" and (start == 0 or raw[start - 1] == "\n") else end


def _moved(offsets: list[int], cuts: list[tuple[int, int]]) -> list[int]:
    """Where ``offsets`` (ascending) of a text lie once the pieces ``cuts`` (in order, apart) are taken out of it."""
    moved, gone, at = [], 0, 0
    for offset in offsets:
        while at < len(cuts) and cuts[at][1] <= offset:
            gone += cuts[at][1] - cuts[at][0]
            at += 1
        inside = max(offset - cuts[at][0], 0) if at < len(cuts) else 0
        moved.append(offset - gone - inside)
    return moved


def source_of(removals: tuple[Removal, ...]) -> str | None:
    """The publication that a removed ``来源：`` line names, or None."""
    for removal in removals:
        if removal.kind == "source":
            match = _SOURCE.search(removal.text)
            if match:
                name = _SOURCE_END.split(match.group(1).strip())[0].strip(" \u3000\xa0")
                if not re.search(r"[(（]", name):
                    name = name.rstrip(")）")
                if name:
                    return name
    return None


def _with_line_feeds(text: str, starts: list[int]) -> tuple[str, list[int]]:
    """``text`` with ``\\n`` for line ends, and where the pages that begin at ``starts`` begin in it."""
    bounds = [0, *starts, len(text)]
    pieces = [_LINE_ENDS.sub("\n", text[start:end]) for start, end in pairwise(bounds)]
    moved = list(accumulate(map(len, pieces), initial=0))
    return "".join(pieces), moved[1:-1]


def _trimmed(whole: Cleaned) -> Cleaned:
    """Blanks at the very start and end are no part of a text; positions move with the start."""
    body = whole.text.lstrip(BLANKS)
    shift = len(whole.text) - len(body)
    body = body.rstrip(BLANKS)
    moved = (Removal(r.kind, r.text, min(max(r.position - shift, 0), len(body))) for r in whole.removals)
    return replace(whole, text=body, removals=tuple(moved), pages=pages_between(whole.pages, shift, shift + len(body)))


def pages_between(pages: tuple[Page, ...], start: int, end: int) -> tuple[Page, ...]:
    """The pages that a piece of a text has a part of, with their starts in the piece."""
    ends = [*(page.start for page in pages[1:]), end + 1]
    return tuple(
        replace(page, start=max(page.start - start, 0))
        for page, page_end in zip(pages, ends, strict=False)
        if page.start < end and page_end > start
    )
