"""Plain text whose lines were broken at a fixed width (out of e-mails and PDF viewers): its sentences are joined again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from retrieval.language.patterns import pattern
from retrieval.reading.raw import left_out

_ENDS = "。！？；：!?;:…”』」》）)"
_LEAST_WIDTH, _LEAST_LINES = 20, 2  # of lines in characters; of lines that stop within a sentence
_NEAR = 2  # characters by which full lines may differ: a full stop never begins a line, a number may not be broken
_WIDEST = 120
_STARTS = pattern("tables.line.starts")
_PAGE_NUMBER = re.compile(r"\s*(?:[-—–·•]{1,3}\s*)?(?:第\s*)?\d{1,3}(?:\s*页)?(?:\s*[-—–·•]{1,3})?\s*")


def without_wraps(text: str) -> str:
    """``text`` with lines that end in the middle of a sentence joined to the next; of all others as it was.

    Page numbers that stand between the halves of a sentence are left out: the text is marked.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    measured = max(((_full(lines, measure), measure) for measure in (len, _columns)), key=lambda one: one[0][0])
    (count, width), measure = measured
    if count < _LEAST_LINES:
        return text
    least = width - _NEAR * (1 if measure is len else 2)
    joined = [lines[0]]
    at = lines[0]
    skipped: list[str] = []
    for line in lines[1:]:
        if measure(at.rstrip()) >= least and at.strip() and (not line.strip() or _PAGE_NUMBER.fullmatch(line)):
            skipped.append(line)
            continue
        if measure(at.rstrip()) >= least and _goes_on(at, line) and any(map(str.strip, skipped)) >= bool(skipped):
            numbers = "".join(left_out("page_number", one.strip()) for one in skipped if one.strip())
            joined[-1] = _glued(joined[-1], numbers, line)
        else:
            joined += [*skipped, line]
        at, skipped = line, []
    return "\n".join([*joined, *skipped])


def _full(lines: list[str], measure: Callable[[str], int]) -> tuple[int, int]:
    """How many lines that are about as wide as the widest stop within a sentence, and how wide that is.

    Nothing where lines are as wide by chance: most of the full ones then end with their sentence.
    """
    told = [line.rstrip() for line in lines if line.strip()]
    width = max(map(measure, told), default=0)
    letters = 1 if measure is len else 2
    if not _LEAST_WIDTH * letters <= width <= _WIDEST * letters:
        return 0, width
    full = [line for line in told if measure(line) >= width - _NEAR * letters]
    cut = [line for line in full if line[-1] not in _ENDS]
    return (len(cut) if len(cut) * 2 >= len(full) else 0), width


def _goes_on(before: str, after: str) -> bool:
    if re.match(r"[。，、；：！？）”》%％.]", after.strip()):
        return True
    if len(after) - len(after.lstrip(" \u3000\t")) > len(before) - len(before.lstrip(" \u3000\t")):
        return False
    return not _STARTS.match(after.strip())


def _glued(before: str, between: str, after: str) -> str:
    before, after = before.rstrip(), after.strip(" \u3000\t")
    words = re.search(r"[A-Za-z,]$", before) and re.match(r"[A-Za-z]", after)
    return f"{before}{between} {after}" if words else f"{before}{between}{after}"


def _columns(line: str) -> int:
    """How wide a line is where Chinese characters are as wide as two letters."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)
