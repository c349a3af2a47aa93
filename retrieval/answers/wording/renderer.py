"""Putting an answer into words, by the catalogue: the last thing that is done to it, and the only place where it is done."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from retrieval.answers.claims import Answer, Asked, Chart, Claim, Computed, Line, Listed, Named, Values, What, Word
from retrieval.answers.comparing import difference_written, written
from retrieval.answers.wording.values import value_of, what_is
from retrieval.messages import message
from retrieval.models import Figure, Span
from retrieval.replies import ComparedLine, Comparison

# Noncharacters of Unicode, which no text may hold: they mark what was asked for until all is put together.
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_WITHOUT_MARKS = str.maketrans("", "", _OPEN + _CLOSE)
# Stands for the year of a report that names none: the word for year beside it goes with it (云溪县工作回顾, not 云溪县年工作回顾).
_NO_YEAR = "\ufdd2"
_YEAR_LEFT_OUT = re.compile(rf"\s?{_NO_YEAR}年?的?")
_IN_A_LINE = frozenset(("figure", "blank"))  # kinds that are worded otherwise as one line of several


@dataclass(frozen=True)
class Wording:
    """An answer in words, where in them stands what was asked for, and what its charts show."""

    text: str
    emphasis: tuple[Span, ...]
    comparisons: tuple[Comparison, ...] = ()


Renderer: TypeAlias = Callable[[Answer], Wording]


def rendered(answer: Answer) -> Wording:
    """``answer`` in the language spoken, by the catalogue."""
    text, emphasis = _unmarked("\n".join(map(_line, answer.lines)))
    return Wording(text, emphasis, tuple(map(_comparison, answer.charts)))


def _comparison(chart: Chart) -> Comparison:
    lines = [ComparedLine(_plain(one.label), one.kind, one.state, _values(one.figures), one.low, one.high) for one in chart.lines]
    return Comparison(_plain(chart.title), chart.axis, chart.unit, tuple(lines), chart.sources)


def _values(figures: Sequence[Figure]) -> str:
    """Figures as an answer shows them: 17.1亿元，增长5.8%."""
    glue = message("answers.value_glue")
    return glue.join(value_of(figure, beside=figure is not figures[0]) for figure in figures)


def _plain(word: Word) -> str:
    """``word`` beside an answer, where nothing is marked."""
    return _words(word, short=True).translate(_WITHOUT_MARKS)


def _line(line: Line) -> str:
    text = message("answers.glue").join(_claim(one, short=not line.whole) for one in line.claims)
    text = message("answers.reported", line=text) if line.reported else text
    stop = message("answers.full_stop")
    return text if not line.whole or text.endswith(stop) else text + stop


def _claim(one: Claim, *, short: bool) -> str:
    kind = f"{one.kind}_short" if short and one.kind in _IN_A_LINE else one.kind
    key = kind if "." in kind else f"answers.{kind}"
    note = "".join(_claim(note, short=True) for note in one.notes)
    filled = {name: _words(word, short=short) for name, word in one.words.items()}
    if filled.get("year") == "":
        return _YEAR_LEFT_OUT.sub("", message(key, **{"note": note, **filled, "year": _NO_YEAR}))
    return message(key, **{"note": note, **filled})


def _words(word: Word, *, short: bool) -> str:
    match word:
        case Values():
            said = _values(word.figures)
            return _marked(said) if word.asked else said
        case Named():
            subject = "" if word.figure.stretch else word.figure.indicator or word.figure.subject
            return f"{subject}{value_of(word.figure, beside=True)}"
        case What():
            return what_is(word.figure, _words(word.place, short=short), word.subject)
        case Computed():
            return (difference_written if word.difference else written)(word.number, word.unit)
        case Asked():
            return _marked(_words(word.words, short=short))
        case Listed():
            glue = message(f"answers.{word.glue}") if word.glue else ""
            return glue.join(_words(item, short=short) for item in word.items)
        case Claim():
            return _claim(word, short=short)
        case _:
            return str(word).translate(_WITHOUT_MARKS)


def _marked(text: str) -> str:
    return f"{_OPEN}{text}{_CLOSE}" if text else ""


def _unmarked(text: str) -> tuple[str, tuple[Span, ...]]:
    """``text`` without its marks, and where they were."""
    spans: list[Span] = []
    plain: list[str] = []
    length = 0
    for piece in text.split(_OPEN):
        inside, closed, after = piece.partition(_CLOSE)
        if closed:
            spans.append(Span(length, length + len(inside)))
        plain += [inside, after]
        length += len(inside) + len(after)
    return "".join(plain), tuple(spans)
