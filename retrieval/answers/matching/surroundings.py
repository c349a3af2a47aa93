"""What stands around a figure: the words by which a question is compared with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from retrieval.answers.matching.words import Weights, word_weights
from retrieval.language.folding import HAN, bare, fold, squeeze
from retrieval.language.patterns import pattern
from retrieval.language.periods import WHOLE_YEAR
from retrieval.language.tokens import words
from retrieval.language.vocabulary import weak_words
from retrieval.models import Figure, Report
from retrieval.ports import LibraryView
from retrieval.replies import RankedPassage
from retrieval.report.outline import section_path

_PART_OF_YEAR = pattern("figures.time.part_of_year")
_BOUNDARY = re.compile(r"[,;。:!?\n]")
_LONGEST_OF_VERBS = 8  # characters; a longer subject names something, which need not be cut into words to be known
_MARK = re.compile(r"[,;。:!?、\n]")


@dataclass(frozen=True)
class Surroundings:
    """Texts as :func:`retrieval.answers.matching.words.bare` leaves them, with the subject before each: ``clause`` from the comma before a
    figure to the one after it, ``own`` from the list mark or figure before to the one after, ``context`` its headings and its sentence,
    as far as it can be said of the figure. ``before`` is what stands between the list mark before a figure and it, folded; its
    subject, where several of a list are dealt out or there is nothing. ``part_of_year`` is that which its sentence spoke of last (上半年, 全年),
    empty where it names none.
    """

    clause: str
    own: str
    context: str
    before: str
    part_of_year: str


@dataclass(frozen=True)
class Around:
    """What a report says around its figures: ``near`` each, by its start; which stand in the same of its ``sentences``, by the
    sentence's start; its ``place``; and the passages that a search found (``searched``: start and end, best first)."""

    near: Mapping[int, Surroundings]
    sentences: Mapping[int, Sequence[Figure]]
    place: str
    weights: Weights
    searched: Sequence[tuple[int, int]]

    @classmethod
    def of(cls, library: LibraryView, report: Report, ranked: Sequence[RankedPassage] = ()) -> Around:
        """What stands around the figures of ``report``, of whose passages a search ``ranked`` some."""
        return cls(
            surroundings(library, report),
            library.kept_of(report.id, "sentences", lambda: _by_sentence(library.figures(report.id))),
            squeeze(report.place or ""),
            word_weights(library, report),
            [(passage.start, passage.end) for passage in ranked if passage.report.id == report.id],
        )


class _Near(Mapping[int, Surroundings]):
    """The surroundings of a report's figures, by where each starts; each is read once it is asked for."""

    def __init__(self, library: LibraryView, report: Report) -> None:
        self._library, self._report = library, report
        figures = library.figures(report.id)
        self._text = library.text(report.id) if figures else ""
        preceding = [0, *(figure.end for figure in figures[:-1])]
        following = [*(figure.start for figure in figures[1:]), len(self._text) + 1]
        beside = zip(figures, preceding, following, strict=False)  # a report without figures has neither
        self._figures = {one.start: (one, before, after) for one, before, after in beside}
        self._read: dict[int, Surroundings] = {}

    def __getitem__(self, start: int) -> Surroundings:
        found = self._read.get(start)
        if found is None:
            found = self._read[start] = self._around(*self._figures[start])
        return found

    def __iter__(self) -> Iterator[int]:
        return iter(self._figures)

    def __len__(self) -> int:
        return len(self._figures)

    def _around(self, figure: Figure, before: int, after: int) -> Surroundings:
        text = self._text
        headings = _headings(self._library, self._report, figure)
        return Surroundings(
            bare(_clause(text, figure)),
            bare(_own_words(text, figure, before, after)),
            bare(f"{headings} {figure.subject} {_said_of(text, figure, after)}"),
            _right_before(text, figure),
            _part_of_year(fold(text[figure.sentence_start : figure.start])),
        )


def surroundings(library: LibraryView, report: Report) -> Mapping[int, Surroundings]:
    """The surroundings of a report's figures, by where each starts; kept until the library changes."""
    return library.kept_of(report.id, "surroundings", lambda: _Near(library, report))


def said_before(words: str) -> Surroundings:
    """The surroundings of a figure of which no more is known than what its sentence says before it."""
    return Surroundings("", "", "", "", _part_of_year(fold(words)))


def _by_sentence(figures: Sequence[Figure]) -> dict[int, list[Figure]]:
    found: dict[int, list[Figure]] = {}
    for figure in figures:
        found.setdefault(figure.sentence_start, []).append(figure)
    return found


def _headings(library: LibraryView, report: Report, figure: Figure) -> str:
    return " ".join(section_path(library.outline(report.id), figure.section))


def _said_of(text: str, figure: Figure, following: int) -> str:
    """A figure's sentence up to the clause of the figure that follows: what stands after it is said of that one."""
    end = figure.sentence_end
    if following < end:
        cuts = [m.start() for m in _BOUNDARY.finditer(fold(text[figure.end : following]))]
        end = figure.end + cuts[-1] if cuts else following
    return text[figure.sentence_start : end]


def _clause(text: str, figure: Figure) -> str:
    sentence = text[figure.sentence_start : figure.sentence_end]
    folded = fold(sentence)
    at, stop = figure.start - figure.sentence_start, figure.end - figure.sentence_start
    start = max((m.end() for m in _BOUNDARY.finditer(folded[:at])), default=0)
    end = _BOUNDARY.search(folded, stop)
    clause = sentence[start : end.start() if end else len(sentence)]
    if len(figure.subject) <= _LONGEST_OF_VERBS and all(word in weak_words() for word in words(figure.subject)):
        # 排查矛盾纠纷412件,化解405件: what was 化解 stands in the clause before.
        start = max((m.end() for m in _BOUNDARY.finditer(folded[: max(start - 1, 0)])), default=0)
        clause = re.sub(r"\d", "", sentence[start : figure.start - figure.sentence_start]) + clause
    return f"{figure.subject} {clause}"


def _own_words(text: str, figure: Figure, before: int, after: int) -> str:
    """What stands around a figure up to the next list marks, and the figures ``before`` (its end) and ``after`` (its start)."""
    sentence = fold(text[figure.sentence_start : figure.sentence_end])
    at, stop = figure.start - figure.sentence_start, figure.end - figure.sentence_start
    start = max([m.end() for m in _MARK.finditer(sentence[:at])] + [before - figure.sentence_start, 0])
    mark = _MARK.search(sentence, stop)
    end = min(mark.start() if mark else len(sentence), max(after - figure.sentence_start, stop))
    own = sentence[start:end]
    return figure.subject if "分别" in own else f"{figure.subject} {own}"


def _right_before(text: str, figure: Figure) -> str:
    said = fold(text[figure.sentence_start : figure.start])
    own = said[max((mark.end() for mark in _MARK.finditer(said)), default=0) :]
    return figure.subject if "分别" in own or not re.search(rf"[{HAN}]", own) else own


def _part_of_year(said: str) -> str:
    last = next(reversed([*_PART_OF_YEAR.finditer(said)]), None)
    return (last.group("part") or WHOLE_YEAR) if last else ""
