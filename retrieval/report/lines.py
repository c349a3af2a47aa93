"""Lines as they were broken: what a copy or a conversion put into running text that is no part of it.

A mark at the end of most lines, breaks inside sentences, blanks inside words and numbers. A break is only taken for one inside a
sentence in a text that shows several that can be nothing else.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from retrieval.language.folding import HAN, fold
from retrieval.language.patterns import pattern
from retrieval.language.tokens import words

KINDS = ("line_break", "blank", "trailing_mark")
_TAIL = re.compile(rf"(?<=[{HAN}。，,：:；;！!）)])[A-Za-z]{{2,6}}(?=[ \t]*$)", re.M)
_LEAST_MARKED = 5  # lines that end in the same letters, and a third of all, before those are a mark
_LINE = re.compile(r"^[^\S\n]*+\S[^\n]*", re.M)  # from the beginning of a line alone: a text of blanks is looked through once
_STARTS = pattern("reports.lines.starts")
_BODY = pattern("reports.lines.body")
_ENDS_SENTENCE = re.compile(r"[。!?;:…”」》）)】|][ ]*$")
_JOINED_BEFORE = re.compile(r"^\s*[,;。、:!?%‰)”」》]")
_JOINED_BEHIND = re.compile(r"[,、(“「《][ ]*$")
_NUMBER_BEHIND = re.compile(rf"[{HAN}][ ]*$|\d[ ]*$")
_NUMBER_ALONE = re.compile(r"^\s*[\d.]+[ ]*(?:%|万|亿|元)?[ ]*$")
_UNIT_FIRST = re.compile(r"^\s*(?:[百千万亿]*(?:元|人|户|家|个|吨|亩|公里|平方米)|个百分点)")
_NUMBER_CUT = re.compile(rf"[{HAN}]\d{{1,3}}[ ]*$")
_NUMBER_GOES_ON = re.compile(rf"\s*\d{{1,3}}(?:\.\d{{1,2}})?[%{HAN}]")
_VERB_BEHIND = re.compile(r"(?:达到?|增长|完成|实现|下降|至|为|约|超过?|突破)[ ]*$")
_IN_SENTENCE = re.compile(r"[,、;]")
_SURE, _SHARE = 3, 0.3  # breaks that can only be inside a sentence: so many, or such a share of all, tell a text broken by width
_FRAGMENT = 3  # characters; a line so short is a piece of one
_WIDE = 0.75  # of the longest lines: a line of running text that was cut by its width
_BLANK = re.compile(rf"(?<=[{HAN}]) {{1,2}}(?=[{HAN}])")
_SPACED_NUMBER = re.compile(rf"(?<![\d. ])(?:\d|(?<=\d ) ?\.)(?: (?:\d|\.))+(?= ?[{HAN}%])")
_CUT_BEFORE_ZERO = re.compile(r"(?<![\d.])\d{1,3}( )(?=0\d)")
_PROSE = re.compile(r"[,。;]")
_NEAR = 4  # characters on either side of a gap that tell whether a word goes over it


@dataclass(frozen=True)
class _Line:
    start: int
    end: int
    text: str
    starts: bool  # whether it opens with the mark of an item, or addresses the audience

    @property
    def length(self) -> int:
        return len(self.text.strip())


def broken(text: str, pages: Sequence[int] = ()) -> Iterator[tuple[int, int, str]]:
    """The pieces of ``text`` that a copy put into it, each with its kind, in no order.

    ``pages`` (ascending) are where pages ended: blank lines there end no paragraph.
    """
    folded = fold(text)
    marks = [*_marks(text)]
    yield from marks
    without = folded
    for start, end, _ in marks:
        without = without[:start] + " " * (end - start) + without[end:]
    yield from _breaks(without, pages)
    yield from _blanks(without)


def _marks(text: str) -> Iterator[tuple[int, int, str]]:
    """The same letters at the ends of many lines, which a site puts there to mark copies."""
    tails = [*_TAIL.finditer(text)]
    if len(tails) < _LEAST_MARKED:
        return
    mark, count = Counter(tail.group() for tail in tails).most_common(1)[0]
    if count >= _LEAST_MARKED and 3 * count >= len(_LINE.findall(text)):
        yield from ((tail.start(), tail.end(), "trailing_mark") for tail in tails if tail.group() == mark)


def _breaks(folded: str, pages: Sequence[int]) -> Iterator[tuple[int, int, str]]:
    """The line ends inside sentences, where the lines of a text were broken by their width."""
    body = _BODY.search(folded)
    lines = [_Line(m.start(), m.end(), m.group(), bool(_STARTS.match(m.group()))) for m in _LINE.finditer(folded)]
    lines = [line for line in lines if body is not None and line.start >= body.start()]
    pairs = [
        (a, b)
        for a, b in pairwise(lines)
        if folded.count("\n", a.end, b.start) == 1 or bisect_right(pages, b.start) > bisect_left(pages, a.end)
    ]
    # A line that begins something may be a heading, which ends without a stop.
    open_ = [(a, b) for a, b in pairs if not _ENDS_SENTENCE.search(a.text) and not b.starts and not a.starts]
    sure = [(a, b) for a, b in open_ if _surely_inside(a.text, b.text)]
    least = _SURE if 2 * len(sure) < len(open_) else _SURE - 1
    if not sure or len(sure) < min(least, len(open_)) or len(sure) < _SHARE * len(open_):
        return
    width = sorted(line.length for line in lines)[int(0.9 * (len(lines) - 1))]
    known = {a.end for a, _ in sure}
    for a, b in open_:
        short = min(a.length, b.length) <= _FRAGMENT
        running = a.length >= _WIDE * width or (_IN_SENTENCE.search(a.text) and _PROSE.search(b.text))
        if a.end in known or short or running:
            yield a.end - (len(a.text) - len(a.text.rstrip())), b.start + len(b.text) - len(b.text.lstrip()), "line_break"


def _surely_inside(before: str, after: str) -> bool:
    """Whether the break between two lines can only be inside a sentence."""
    if _JOINED_BEFORE.match(after) or _JOINED_BEHIND.search(before):
        return True
    if _VERB_BEHIND.search(before) and re.match(r"\s*\d", after):
        return True
    if re.search(r"\d[ ]*$", before) and _UNIT_FIRST.match(after):
        return True
    if _NUMBER_ALONE.match(after) and _NUMBER_BEHIND.search(before):
        return True
    if _NUMBER_CUT.search(before) and _NUMBER_GOES_ON.match(after):
        return True
    return bool(_IN_SENTENCE.search(before)) and _goes_over(before.rstrip(), after.lstrip())


def _goes_over(before: str, after: str) -> bool:
    """Whether a word goes over the gap between two pieces of text: 开通班车、成 and 功开出."""
    tail, head = before[-_NEAR:], after[:_NEAR]
    if not re.fullmatch(rf"[{HAN}]", tail[-1:]) or not re.fullmatch(rf"[{HAN}]", head[:1]):
        return False
    at = 0
    joined = re.sub(rf"[^{HAN}]", " ", tail) + re.sub(rf"[^{HAN}]", " ", head)
    for word in words(joined):
        at = joined.find(word, at)
        if at < len(tail) < at + len(word):
            return True
        at += len(word)
    return False


def _blanks(folded: str) -> Iterator[tuple[int, int, str]]:
    """The blanks inside words and numbers of running text."""
    for line in _LINE.finditer(folded):
        if not _PROSE.search(line.group()):
            continue
        for gap in _BLANK.finditer(line.group()):
            if _goes_over(line.group()[: gap.start()], line.group()[gap.end() :]):
                yield line.start() + gap.start(), line.start() + gap.end(), "blank"
        for cut in _CUT_BEFORE_ZERO.finditer(line.group()):
            yield line.start() + cut.start(1), line.start() + cut.end(1), "blank"
        for number in _SPACED_NUMBER.finditer(line.group()):
            for blank in re.finditer(" ", number.group()):
                yield line.start() + number.start() + blank.start(), line.start() + number.start() + blank.end(), "blank"
