"""What stands around a figure: the words by which a question is compared with it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.answers.matching.words import bare
from retrieval.language.folding import fold
from retrieval.language.tokens import words
from retrieval.language.vocabulary import weak_words
from retrieval.models import Figure, Report
from retrieval.ports import LibraryView
from retrieval.report.outline import section_path

_BOUNDARY = re.compile(r"[,;。:!?\n]")
_LONGEST_OF_VERBS = 8  # characters; a longer subject names something, which need not be cut into words to be known
BASIS = re.compile(r"(?:自然|可比|同|还原)口径")
_MARK = re.compile(r"[,;。:!?、\n]")


@dataclass(frozen=True)
class Surroundings:
    """Texts as :func:`retrieval.answers.matching.words.bare` leaves them, with the subject before each: ``clause`` from the comma before a
    figure to the one after it, ``own`` from the list mark or figure before to the one after, ``context`` its headings and its sentence,
    as far as it can be said of the figure.
    """

    clause: str
    own: str
    context: str


def surroundings(library: LibraryView, report: Report) -> dict[int, Surroundings]:
    """The surroundings of a report's figures, by where each starts; kept until the library changes."""

    def read() -> dict[int, Surroundings]:
        figures = library.figures(report.id)
        text = library.text(report.id)
        following = [*(figure.start for figure in figures[1:]), len(text) + 1]
        preceding = [0, *(figure.end for figure in figures[:-1])]
        return {
            figure.start: Surroundings(
                bare(_clause(text, figure)),
                bare(_own_words(text, figure, before, after)),
                bare(f"{_headings(library, report, figure)} {figure.subject} {_said_of(text, figure, after)}"),
            )
            for figure, before, after in zip(figures, preceding, following, strict=True)
        }

    found: dict[int, Surroundings] = library.kept_of(report.id, "surroundings", read)
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


def basis_of(library: LibraryView, report: Report, figure: Figure) -> str:
    """The basis on which the report compares (自然口径, 同口径), as it says between the figure before and this one; else nothing."""
    before = [f.end for f in library.figures(report.id) if figure.sentence_start <= f.start and f.end <= figure.start]
    said = library.text(report.id)[max(before, default=figure.sentence_start) : figure.start]
    found = BASIS.findall(re.split(r"[;；。]", said)[-1])
    return found[-1] if found and figure.measure in ("growth", "change") else ""


def segment(text: str, figure: Figure) -> str:
    """What stands right before a figure: from the comma or list mark, or the figure before, up to it; and its unit."""
    sentence = fold(text[figure.sentence_start : figure.end])
    at = figure.start - figure.sentence_start
    start = max((m.end() for m in _MARK.finditer(sentence[:at])), default=0)
    found = sentence[start:]
    dealt_out = "分别" in found or not re.search(r"[\u4e00-\u9fff]", found[: at - start])
    return f"{figure.subject}{figure.value}" if dealt_out else found
