"""Saying a figure: its value with its qualifier, and what it is - place, year, subject, target or result."""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.answers.findings import Finding, quote, sentence_around, shown
from retrieval.answers.matching.surroundings import surroundings
from retrieval.language.folding import fold, squeeze
from retrieval.language.tokens import words
from retrieval.language.vocabulary import stop_words, weak_words
from retrieval.messages import message
from retrieval.models import Figure, Report, Span
from retrieval.ports import LibraryView
from retrieval.question.query import Part

_SAID_OF_FLOW = ("累计", "净增", "新增", "新认定")


def stated(
    library: LibraryView,
    report: Report,
    ask: Part,
    figures: Sequence[Figure],
    other: Figure | None = None,
    blanked: bool = False,
    place: str | None = None,
) -> Finding:
    """The finding for ``figures``; ``other`` is what the same report says of the same thing elsewhere, quoted, too; ``blanked`` that the amount is; ``place`` the other place that they are said of, where it is not the report's."""
    first = figures[0]
    span = sentence_around(library, report, min(f.start for f in figures), max(f.end for f in figures))
    quoted = quote(library, report, span, [Span(f.start, f.end) for f in figures])
    what = _of_place(first, place, ask) if place else what_of(library, report, ask, first)
    if first.blank:
        text = message("answers.blank", what=what)
        return Finding("blank", text, message("answers.blank_short", what=what), (quoted,), report)
    value = message("answers.value_glue").join(_value(figure, figure is not first) for figure in figures)
    note = message("answers.estimated") if first.estimated else ""
    note += message("answers.basis", basis=first.basis) if first.basis else ""
    note += message("answers.amount_blank") if blanked else ""
    note += _stock_or_flow(ask, first)
    note += message("answers.said_in", place=shown(report)) if place else ""
    quotes = [quoted]
    if other is not None:
        note += message("answers.disagrees", value=other.value)
        quotes.append(
            quote(library, report, sentence_around(library, report, other.start, other.end), [Span(other.start, other.end)])
        )
    return Finding(
        "answered",
        message("answers.figure", value=value, what=what, note=note),
        message("answers.figure_short", value=value, what=what, note=note),
        tuple(quotes),
        report,
        (value,),
        note,
    )


def _stock_or_flow(ask: Part, figure: Figure) -> str:
    """What the report says beside a number that the question does not: that it is what came to be in all, or was added."""
    said = next((word for word in figure.flow_words.split() if word in _SAID_OF_FLOW), None)
    if said is None or said in ask.wording or figure.measure != "level":
        return ""
    return message("answers.stock_or_flow", word=said)


def _value(figure: Figure, beside: bool) -> str:
    """A figure as :func:`_of_its_years` says it; a mean over years is called one."""
    value = _of_its_years(figure, beside)
    mean = figure.mean and figure.year is None and figure.measure in ("growth", "change", "level")
    return message("answers.mean", value=value) if mean else value


def _of_its_years(figure: Figure, beside: bool) -> str:
    """A figure as the report writes it; with its direction where it falls, with 力争 where it is a stretch value.

    A comparison needs its other side, a share its whole: 高于全市平均水平0.4个百分点, 占…的比重超过48.7%.
    """
    value = figure.value
    if figure.comparator and figure.comparator not in fold(value):
        value = message("answers.shared_comparator", value=value, comparator=figure.comparator)
    if figure.stretch:
        return message("answers.stretch", value=value)
    if figure.direction and figure.measure in ("growth", "change", "level"):
        return f"{figure.direction}{value}"
    if beside and figure.measure == "growth" and not figure.in_words:
        return message("answers.grown", value=value)
    if figure.measure == "relative" and figure.unit == "倍":
        return f"{figure.lead}{value}"
    if figure.measure in ("relative", "share", "completion"):
        return f"{figure.lead}{_with_unit(figure)}"
    return value


def _with_unit(figure: Figure) -> str:
    """The value with the unit that it shares with the last of its list."""
    if fold(figure.value).endswith(figure.unit):
        return figure.value
    return message("answers.shared_unit", value=figure.value, unit=figure.unit)


def what_of(library: LibraryView, report: Report, ask: Part, figure: Figure) -> str:
    """Place, year, subject and kind of a figure, as an answer names them.

    A subject that is no indicator is called by the words of the question where the report's sentence has them all,
    else by the report's own words; so is one that ends in the question's word but is another's (村集体经济收入 for 收入).
    """
    asked = "".join(ask.topic)
    said = squeeze(library.text(report.id)[figure.sentence_start : figure.sentence_end])
    own = (
        asked in said
        or _of_list(library, report, ask, figure)
        or (_names_nothing(figure) and all(word in said for word in ask.topic))
    )
    by_question = figure.indicator is None and bool(asked) and not ask.named and own
    by_question = by_question and (figure.subject == asked or not figure.subject.endswith(asked))
    return _what(figure, shown(report), asked if by_question else figure.indicator or figure.subject)


def what(figure: Figure, place: str) -> str:
    """As :func:`called`, by the figure's own name alone."""
    return _what(figure, place, figure.indicator or figure.subject)


def _names_nothing(figure: Figure) -> bool:
    """Whether a subject is made of words that say little (完成投资), so that the sentence before says of what."""
    return all(word in weak_words() or word in stop_words() for word in words(figure.subject))


def _of_list(library: LibraryView, report: Report, ask: Part, figure: Figure) -> bool:
    """Whether a value is said of several things of a list, the one asked for among them: 养老保险、医疗保险参保率均达95%."""
    if not figure.shared or all(word in figure.subject for word in ask.topic):
        return False
    clause = surroundings(library, report)[figure.start].clause
    return all(word in clause for word in ask.topic)


def _of_place(figure: Figure, place: str, ask: Part) -> str:
    """What a figure said of ``place`` is. What is no indicator may go on with the name: 2025年白沙机场旅客吞吐量."""
    if ask.indicators:
        return _what(figure, place, "".join([*ask.topic, ask.indicators[0].name]))
    return _what(figure, "", f"{place}{''.join(ask.topic)}")


def briefly(figure: Figure) -> str:
    """A figure in a few words: 地区生产总值增长6%左右."""
    value = _value(figure, beside=True)
    subject = "" if figure.stretch else figure.indicator or figure.subject
    return f"{subject}{value}"


def called(ask: Part, figure: Figure, place: str) -> str:
    """What the figures of several reports have in common, by the words of the question where they are no indicator."""
    return _what(figure, place, figure.indicator or "".join(ask.topic) or figure.subject)


def _what(figure: Figure, place: str, subject: str) -> str:
    subject = re.split(r"(?<![A-Za-z.])\d|[xX×]{2}", subject)[0]
    key = f"answers.what_{figure.kind}"
    if figure.measure == "growth" and not figure.in_words:
        key += "_falling" if figure.direction else "_growth"
    year = message("answers.year", year=figure.year) if figure.year else ""
    return message(key, place=place, year=year, subject=subject)
