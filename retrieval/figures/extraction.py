"""Reading the figures of a report: each value with its indicator, kind, year and measure.

Sentence by sentence, left to right: what stands between a value and the one before it names its subject, or
(增长15.2%、其中…; 46亿元、增长102.3%) leaves the subject as it was. 分别 deals several values out to several subjects.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from retrieval.figures.clauses import BOUNDARY, NEXT_IN_LIST, Subject, listed_values
from retrieval.figures.facets import Facets
from retrieval.figures.measures import IN_WORDS, measure_of
from retrieval.figures.names import piece_after
from retrieval.figures.subjects import Subjects
from retrieval.figures.times import (
    ESTIMATE,
    SET_EARLIER,
    Context,
    kind_and_year,
    over_several_years,
    with_asides_open,
    without_asides,
    year_said_now,
)
from retrieval.figures.years import YearsSpokenOf
from retrieval.language.folding import fold, with_full_stops
from retrieval.language.indicators import Indicator, named, own_names, subject_of
from retrieval.language.measures import traits_of
from retrieval.language.patterns import pattern
from retrieval.language.values import RANK_UNIT, Value, find_values
from retrieval.models import Figure, Kind, Measure, Metadata, Section, Span
from retrieval.report.chapters import APPENDIX
from retrieval.report.passages import body_of, runs, sentences

_TARGET_WORDS = pattern("figures.read.target_words")
_SYNC = pattern("figures.read.in_step")
_SHARED_COMPARATORS = ("左右", "以上", "以下", "以内", "之内", "上下")
_FROM = pattern("figures.read.from")
_FROM_YEAR = pattern("figures.read.from_year")
_REACHED = pattern("figures.read.reached")
_LONGEST_SENTENCE = 1_000  # characters; the longest of thirty real reports has 390
_EACH = pattern("figures.read.each")
_STRETCH = pattern("figures.read.stretch")
_GLOSSARY = pattern("reports.chapter.glossary")
_DEFINES = pattern("figures.read.defines")
_SYMBOL = pattern("reports.heading.symbol")
_LABEL_COLON = pattern("figures.read.label_colon")


def read_figures(text: str, outline: tuple[Section, ...], metadata: Metadata) -> tuple[Figure, ...]:
    """The figures of a report, in the order of its text. Every offset points into ``text``."""
    own = own_names(metadata.place, metadata.within, metadata.level)
    now = year_said_now(text, outline, metadata)
    years = YearsSpokenOf(text, outline, metadata)
    figures: list[Figure] = []
    glossary = False
    for index, run in runs(outline):
        section = outline[index]
        if section.depth == 1:
            heading = fold(section.heading)
            goes_on = glossary and section.period is None and not APPENDIX.match(heading)
            glossary = goes_on or bool(_GLOSSARY.match(heading))
        if section.depth == 0 or glossary:
            continue
        context = Context(
            index,
            section.ahead,
            None,
            metadata.review_year,
            metadata.plan_year,
            now,
            own,
        )
        body = body_of(text, outline, index, run)
        for span in sentences(text, body.start, body.end):
            spoken_of = replace(context, default_year=years.at(span.start))
            mark = _SYMBOL.match(text, span.start, span.end)
            span = Span(mark.end(), span.end) if mark else span
            for piece in _bounded(text, span):
                figures += _Sentence(text, piece, spoken_of).figures()
    return tuple(figures)


def _bounded(text: str, span: Span) -> Iterator[Span]:
    """A sentence; one that no report has, in pieces: reading looks back in it from each value, which must stay cheap."""
    start = span.start
    while span.end - start > _LONGEST_SENTENCE:
        limit = start + _LONGEST_SENTENCE
        cut = max(text.rfind(mark, start, limit) for mark in "，,；;、") + 1
        cut = cut if cut > start else limit
        yield Span(start, cut)
        start = cut
    yield Span(start, span.end)


class _Sentence:
    """One sentence on its way to figures."""

    def __init__(self, text: str, span: Span, context: Context) -> None:
        self.text = text
        self.span = span
        self.context = context
        self.written = _LABEL_COLON.sub(" ", with_full_stops(fold(text[span.start : span.end])))
        self.folded = with_asides_open(self.written)
        self.primary = bool(_TARGET_WORDS.search(self.folded))
        self.found: list[Figure] = []
        self.subjects = Subjects(self.folded, span.start, context, self.found)
        self.facets: Facets | None = None  # made for the first figure: most sentences have none
        self.base = False  # whether the value before is what something had been: 由69家…
        self.reached = False  # whether the value before is what it came to: …增加到156家
        self.base_year: int | None = None  # the year of which the sentence said so last: 由2016年的69家…

    def figures(self) -> list[Figure]:
        values = [] if _DEFINES.match(self.folded) else find_values(self.folded)
        at = 0
        queue: list[Subject] = []
        for number, value in enumerate(values):
            gap = self.folded[at : value.start]
            if queue and NEXT_IN_LIST.fullmatch(gap):
                self._add(value, queue.pop(0), gap, like=self.found[-1])
            else:
                queue = self.subjects.dealt_out(at, value, values[number:])
                subject = queue.pop(0) if queue else self.subjects.of(at, value)
                if not queue and subject.indicator and (others := self._listed_without_names(values[number:])):
                    subject = replace(subject, indicator=None)
                    queue = [subject] * others
                self._add(self._with_shared_comparator(value, values[number:]), subject, gap)
            at = value.end + self._counted_behind(value)
        self._add_in_step()
        return self.found

    def _listed_without_names(self, values: list[Value]) -> int:
        """How many more values of its unit a value lists: of which things, nobody said, so that none is one's for certain."""
        listed = values[: listed_values(self.folded, values)]
        alike = len({value.unit for value in listed}) == 1 and not any(value.blank for value in listed)
        return len(listed) - 1 if alike else 0

    def _counted_behind(self, value: Value) -> int:
        """The length of the thing behind a value of a list that counts it: the next value is not of that (6.5万常住人口、3200多家…)."""
        after = piece_after(self.folded[value.end :])
        end = value.end + len(after)
        if not after or self.folded[end : end + 1] != "、" or not self.folded.startswith(after, value.end):
            return 0
        figure = self.found[-1]
        mention = next(iter(named(after)), None)
        counts = figure.subject.endswith(after) or bool(mention and mention.indicator.name == figure.indicator)
        return len(after) if counts else 0

    def _with_shared_comparator(self, value: Value, values: list[Value]) -> Value:
        """The first of a list without a qualifier of its own shares that at the list's end: 控制在5%和3%以内."""
        last = values[listed_values(self.folded, values) - 1]
        shared = last.comparator if last is not value and last.comparator in _SHARED_COMPARATORS else ""
        return replace(value, comparator=shared) if shared and not value.comparator else value

    def _add(self, value: Value, subject: Subject, gap: str, like: Figure | None = None, *, in_words: bool = False) -> None:
        clause = BOUNDARY.split(gap)[-1]
        indicator = subject.indicator
        if like is not None:
            measure, direction = like.measure, like.direction
        elif value.low is None and not value.blank:
            measure, direction = "growth", ""
        else:
            measure, direction = measure_of(clause, value, indicator)
        if indicator and measure == "level" and (not indicator.counts(value.unit) or self._is_of_each(value, clause)):
            indicator = None
        kind, year = self._kind_and_year(value, gap, like, measure)
        if kind == "target":
            measure, direction = self._aimed_at(value, clause, indicator, measure, direction)
        start, end = self.span.start + value.start, self.span.start + value.end
        if self.facets is None:
            self.facets = Facets(self.text[self.span.start : self.span.end], self.folded)
        previous = self.found[-1].end - self.span.start if self.found else 0
        self.found.append(
            Figure(
                indicator.name if indicator else None,
                subject.phrase,
                kind,
                year,
                measure,
                self.text[start:end],
                value.low,
                value.high,
                value.unit,
                value.scale,
                value.comparator,
                direction,
                value.blank,
                self._is_stretch(value, clause, subject, measure),
                kind == "actual" and bool(ESTIMATE.search(self.folded[: value.start].rsplit("。", 1)[-1][-30:])),
                self.primary,
                self.context.section,
                start,
                end,
                self.span.start,
                self.span.end,
                earlier=self.base,
                in_words=in_words,
                of_place=subject.of_place,
                **self.facets.of(value, subject.phrase, measure, previous),
            )
        )

    def _aimed_at(
        self, value: Value, clause: str, indicator: Indicator | None, measure: Measure, direction: str
    ) -> tuple[Measure, str]:
        """The measure and direction of what was aimed at, where the words before it tell how far it was passed (高于年初确定的5%的目标)."""
        before = self.found[-1] if self.found else None
        if traits_of(measure).compared and not self.context.ahead and before and value.unit == before.unit:
            measure = before.measure  # 增长5.1%,高于年初确定的5%的目标
        beside = measure == "level" or traits_of(measure).of_target
        if value.unit == "%" and beside and SET_EARLIER.search(clause):
            return (indicator.usual, "") if indicator else ("growth", "")
        return measure, direction

    def _is_stretch(self, value: Value, clause: str, subject: Subject, measure: Measure) -> bool:
        """Whether a value is what is to be reached at best, beside the one before: 增长5%,力争6%."""
        before = self.found[-1] if self.found else None
        same = before and (before.subject, before.measure, before.unit) == (subject.phrase, measure, value.unit)
        return bool(same and _STRETCH.search(clause))

    def _kind_and_year(self, value: Value, gap: str, like: Figure | None, measure: Measure) -> tuple[Kind, int | None]:
        """Aimed at or reached, and in which year. 由69家增加到156家: the first is what it had been, the second what it came to."""
        moved = gap + (self.folded[value.start : value.end] if value.unit == RANK_UNIT else "")  # 由…第四位上升为第三位
        reached = bool(self.base and _REACHED.search(moved)) or (like is not None and self.reached)
        said = without_asides(self.written, value.start)
        kind, year = kind_and_year(said, value, self.context, reached)
        from_year = _FROM_YEAR.search(gap)
        if from_year:
            self.base_year = year
        if self.base and like is not None:
            year = self.found[-1].year
        elif _FROM.search(gap):
            year = self.base_year
        elif over_several_years(said, value, measure, year):
            year = None
        self.base = bool(from_year or _FROM.search(gap) or (self.base and like is not None))
        self.reached = reached
        return kind, year

    def _is_of_each(self, value: Value, clause: str) -> bool:
        """Whether an amount is what each of several has: 10个村村集体经济收入均达到20万元."""
        return value.unit not in ("%", "‰") and listed_values(self.folded, [value]) == 1 and bool(_EACH.search(clause))

    def _add_in_step(self) -> None:
        """Targets without a number that say how they move: 居民收入增长与经济增长同步; among main targets 进出口促稳提质, too."""
        counted = {figure.indicator for figure in self.found}
        words = [*IN_WORDS.finditer(self.folded)] if self.primary and self.context.ahead else []
        for match in (*_SYNC.finditer(self.folded), *words):
            clause_start = max((m.end() for m in BOUNDARY.finditer(self.folded[: match.start()])), default=0)
            said = self.folded[clause_start : match.start()]
            mention = subject_of(said, self.context.own) or subject_of(re.split("[和、及]", said)[0], self.context.own)
            if mention is None or (match.re is IN_WORDS and mention.indicator.name in counted):
                continue
            value = Value(match.start(), match.end(), None, None, "", "", False)
            self._add(
                value, Subject(mention.indicator.name, mention.indicator, clause_start), "增长", in_words=match.re is IN_WORDS
            )
