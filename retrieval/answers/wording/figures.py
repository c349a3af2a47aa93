"""Saying a figure: its value with its qualifier, and what it is - place, year, subject, target or result."""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.answers.findings import Finding, quote, sentence_around, shown
from retrieval.answers.matching.surroundings import basis_of, segment
from retrieval.figures.measures import IN_WORDS
from retrieval.figures.times import is_mean
from retrieval.language.folding import fold, squeeze
from retrieval.language.tokens import words
from retrieval.language.vocabulary import stop_words, weak_words
from retrieval.messages import message
from retrieval.models import Figure, Report, Span
from retrieval.ports import LibraryView
from retrieval.question.query import Part

_COMPARES = re.compile(r"(?:超出|高于|低于|快于|好于|超过|超额|优于|少于)")
_STOCK_OR_FLOW = re.compile(r"累计|净增|新增|新认定")
_SHARES = re.compile(r"占|完成")
_SHARED_BY_ALL = re.compile(r"、.*(?:均|都|双双)")
_LONGEST_WORDS_BEFORE = 24


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
    value = message("answers.value_glue").join(_value(library, report, figure, figure is not first) for figure in figures)
    note = message("answers.estimated") if first.estimated else ""
    basis = basis_of(library, report, first)
    note += message("answers.basis", basis=basis) if basis else ""
    note += message("answers.amount_blank") if blanked else ""
    note += _stock_or_flow(library, report, ask, first)
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


def _stock_or_flow(library: LibraryView, report: Report, ask: Part, figure: Figure) -> str:
    """What the report says beside a number that the question does not: that it is what came to be in all, or was added."""
    near = segment(library.text(report.id), figure)
    said = _STOCK_OR_FLOW.search(near[: -len(figure.value)])
    if said is None or said.group() in ask.wording or figure.measure != "level":
        return ""
    return message("answers.stock_or_flow", word=said.group())


def _value(library: LibraryView, report: Report, figure: Figure, beside: bool) -> str:
    """A figure as :func:`_of_its_years` says it; a mean over years is called one."""
    value = _of_its_years(library, report, figure, beside)
    mean = figure.year is None and is_mean(fold(library.text(report.id)[figure.sentence_start : figure.start]))
    return message("answers.mean", value=value) if mean and figure.measure in ("growth", "change", "level") else value


def _of_its_years(library: LibraryView, report: Report, figure: Figure, beside: bool) -> str:
    """A figure as the report writes it; with its direction where it falls, with 力争 where it is a stretch value."""
    value = figure.value
    if figure.comparator and figure.comparator not in fold(value):
        value = message("answers.shared_comparator", value=value, comparator=figure.comparator)
    if figure.stretch:
        return message("answers.stretch", value=value)
    if figure.direction and figure.measure in ("growth", "change", "level"):
        return f"{figure.direction}{value}"
    if beside and figure.measure == "growth" and not IN_WORDS.fullmatch(value):
        return message("answers.grown", value=value)
    if figure.measure == "relative" and figure.unit == "倍":
        said = library.text(report.id)[figure.sentence_start : figure.start]
        base = re.search(r"(?:是|为|相当于|达到?)[^,，;；。]{1,10}的$", said)
        return f"{base.group()}{value}" if base else value
    if figure.measure == "relative":
        return _with_words_before(library, report, figure, _COMPARES)
    if figure.measure in ("share", "completion"):
        return _with_words_before(library, report, figure, _SHARES)
    return value


def _with_words_before(library: LibraryView, report: Report, figure: Figure, words_before: re.Pattern[str]) -> str:
    """A comparison needs its other side, a share its whole: 高于全市平均水平0.4个百分点, 占…的比重超过48.7%."""
    value = (
        figure.value
        if fold(figure.value).endswith(figure.unit)
        else message("answers.shared_unit", value=figure.value, unit=figure.unit)
    )
    said = re.split(r"[,，;；。]", library.text(report.id)[figure.sentence_start : figure.start])[-1]
    starts = [found.start() for found in words_before.finditer(said)]
    before = re.split(r"\d", said[starts[-1] :])[0].replace("分别", "") if starts else ""
    return f"{before}{value}" if len(before) <= _LONGEST_WORDS_BEFORE else value


def what_of(library: LibraryView, report: Report, ask: Part, figure: Figure) -> str:
    """Place, year, subject and kind of a figure, as an answer names them.

    A subject that is no indicator is called by the words of the question where the report's sentence has them all,
    else by the report's own words; so is one that ends in the question's word but is another's (村集体经济收入 for 收入).
    """
    asked = "".join(ask.topic)
    said = squeeze(library.text(report.id)[figure.sentence_start : figure.sentence_end])
    own = asked in said or _shared(said, ask, figure) or (_names_nothing(figure) and all(word in said for word in ask.topic))
    by_question = figure.indicator is None and bool(asked) and not ask.named and own
    by_question = by_question and (figure.subject == asked or not figure.subject.endswith(asked))
    return _what(figure, shown(report), asked if by_question else figure.indicator or figure.subject)


def what(figure: Figure, place: str) -> str:
    """As :func:`called`, by the figure's own name alone."""
    return _what(figure, place, figure.indicator or figure.subject)


def _names_nothing(figure: Figure) -> bool:
    """Whether a subject is made of words that say little (完成投资), so that the sentence before says of what."""
    return all(word in weak_words() or word in stop_words() for word in words(figure.subject))


def _shared(said: str, ask: Part, figure: Figure) -> bool:
    """Whether a value is said of several things of a list, the one asked for among them: 养老保险、医疗保险参保率均达95%."""
    clauses = re.split(r"[,，;；。:：]", said)
    clause = next((one for one in clauses if squeeze(figure.subject) in one and _SHARED_BY_ALL.search(one)), "")
    return bool(clause) and all(word in clause for word in ask.topic) and not all(word in figure.subject for word in ask.topic)


def _of_place(figure: Figure, place: str, ask: Part) -> str:
    """What a figure said of ``place`` is. What is no indicator may go on with the name: 2025年白沙机场旅客吞吐量."""
    if ask.indicators:
        return _what(figure, place, "".join([*ask.topic, ask.indicators[0].name]))
    return _what(figure, "", f"{place}{''.join(ask.topic)}")


def briefly(library: LibraryView, report: Report, figure: Figure) -> str:
    """A figure in a few words: 地区生产总值增长6%左右."""
    value = _value(library, report, figure, beside=True)
    subject = "" if figure.stretch else figure.indicator or figure.subject
    return f"{subject}{value}"


def called(ask: Part, figure: Figure, place: str) -> str:
    """What the figures of several reports have in common, by the words of the question where they are no indicator."""
    return _what(figure, place, figure.indicator or "".join(ask.topic) or figure.subject)


def _what(figure: Figure, place: str, subject: str) -> str:
    subject = re.split(r"(?<![A-Za-z.])\d|[xX×]{2}", subject)[0]
    key = f"answers.what_{figure.kind}"
    if figure.measure == "growth" and not IN_WORDS.fullmatch(figure.value):
        key += "_falling" if figure.direction else "_growth"
    year = message("answers.year", year=figure.year) if figure.year else ""
    return message(key, place=place, year=year, subject=subject)
