"""Answering whether, and which, reports mention something: a complete scan of their texts, not a ranking."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.answers.findings import merged, quote, sentence_around, shown
from retrieval.answers.matching.words import bare
from retrieval.language.folding import fold
from retrieval.language.vocabulary import stop_words, weak_words
from retrieval.messages import message
from retrieval.models import Report, Span
from retrieval.ports import LibraryView
from retrieval.question.query import Part, Theme
from retrieval.replies import Quote, Reply

_GENERIC = frozenset(("问题", "建设", "工作", "内容", "说法", "话题", "方面", "情况", "概念", "字样", "企业", "产业"))
_ORDINAL = re.compile(r"第[一二三四五六七八九十]{1,3}[次届轮](?!全)")
_DONE_TO_THINGS = ("改造", "整治", "治理", "修复", "保护")
_WHERE = "(?:城镇|城市|城区|县城|镇区|农村)?"
_BETWEEN = r"[\s“”‘’\"'《》「」『』]*"


def mentions(library: LibraryView, report: Report, term: str) -> list[Span]:
    """Where ``term`` stands in a report; blanks, quotation marks and character widths aside (“独角兽”企业), in either
    order where it says what is done to a thing.
    """
    folded = library.kept_of(report.id, "folded", lambda: fold(library.text(report.id)))
    wanted = bare(term)
    if not wanted:
        return []
    return [Span(*found.span()) for found in re.finditer("|".join(_orders(wanted)), folded, re.I)]


def _orders(term: str) -> list[str]:
    """Patterns for a term, and where it says what is done to a thing (老旧小区改造) for the other order (改造城镇老旧小区)."""
    patterns = [_spelled(term)]
    for verb in _DONE_TO_THINGS:
        thing = term.removesuffix(verb)
        if thing != term and len(thing) > 1:
            patterns.append(f"{verb}(?:提升)?{_WHERE}{_spelled(thing)}")
    return patterns


def _spelled(term: str) -> str:
    ordinal = _ORDINAL.match(term)
    if ordinal:  # 第五次经济普查 is 第五次全国经济普查
        return f"{_BETWEEN.join(ordinal.group())}(?:全国|全[省市区县])?{_spelled(term[ordinal.end() :])}"
    return _BETWEEN.join(map(re.escape, term))


@dataclass(frozen=True)
class _Scanned:
    """What a scan found in one report: of every theme, where each of its terms stands."""

    report: Report
    found: tuple[tuple[tuple[str, list[Span]], ...], ...]

    def meets(self, themes: Sequence[Theme]) -> bool:
        held = (any(spans for _, spans in of_theme) for of_theme in self.found)
        return all(holds != theme.negated for holds, theme in zip(held, themes, strict=True))

    @property
    def told(self) -> list[tuple[str, list[Span]]]:
        """The terms that stand there, each with where."""
        return [(term, spans) for of_theme in self.found for term, spans in of_theme if spans]

    @property
    def count(self) -> int:
        return sum(len(spans) for _, spans in self.told)


def answer_mention(library: LibraryView, reports: Sequence[Report], ask: Part, one_place: bool) -> Reply:
    """The reports that meet all themes of ``ask``, each with counts and a quote; not found when none does.

    Of what is to be missing there is nothing to quote.
    """
    themes = _as_written(library, reports, ask)
    scanned = [_scan(library, report, themes) for report in reports]
    holding = sorted((one for one in scanned if one.meets(themes)), key=lambda one: -one.count)
    wording = _Wording(themes, len(reports))
    if not holding:
        single = one_place and len(reports) == 1
        return Reply("not_found", wording.none(shown(reports[0]) if single else None))
    quotes = merged(found for one in holding for found in _quotes(library, one))
    if one_place and len(reports) == 1:
        return Reply("answered", wording.one(holding[0]), quotes)
    lines = [wording.title(len(holding)), *(wording.line(one) for one in holding)]
    return Reply("answered", "\n".join(lines), quotes)


def _scan(library: LibraryView, report: Report, themes: Sequence[Theme]) -> _Scanned:
    return _Scanned(report, tuple(tuple((term, mentions(library, report, term)) for term in theme.terms) for theme in themes))


def _quotes(library: LibraryView, one: _Scanned) -> list[Quote]:
    """The first sentence that holds each term."""
    first = [spans[0] for _, spans in one.told]
    return [quote(library, one.report, sentence_around(library, one.report, at.start, at.end), [at]) for at in first]


def _as_written(library: LibraryView, reports: Sequence[Report], ask: Part) -> tuple[Theme, ...]:
    """The themes by the words that reports may hold: the listed names as one where that stands somewhere
    (政府和社会资本合作); without the verb before (整治内卷) where nobody writes it with it."""
    if ask.whole_theme and any(mentions(library, report, ask.whole_theme) for report in reports):
        return (Theme((ask.whole_theme,), ask.themes[0].negated),)
    return tuple(
        replace(theme, terms=tuple(_without_little_words(library, reports, term) for term in theme.terms)) for theme in ask.themes
    )


def _without_little_words(library: LibraryView, reports: Sequence[Report], term: str) -> str:
    """``term`` as somebody writes it: without the words before (整治内卷) or after (撂荒地问题) that say little."""
    little = sorted(stop_words() | weak_words() | _GENERIC, key=len, reverse=True)
    left = term
    while not any(mentions(library, report, left) for report in reports):
        before = next((word for word in little if left.startswith(word) and len(left) - len(word) >= 2), "")
        after = next((word for word in little if left.endswith(word) and len(left) - len(word) >= 2), "")
        if before:
            left = left[len(before) :]
        elif after:
            left = left[: -len(after)]
        else:
            return term
    return left


class _Wording:
    """How the outcome of a scan is said."""

    def __init__(self, themes: Sequence[Theme], scanned: int) -> None:
        self.themes = themes
        self.scanned = scanned
        self.positive = [theme for theme in themes if not theme.negated]
        self.negative = [theme for theme in themes if theme.negated]

    def title(self, count: int) -> str:
        others = "others" if len(self.themes) > 1 else "others_lack" if self.positive else "others_mention"
        told = message(f"answers.mentioned_{others}", count=self.scanned - count)
        return message("answers.mentioned", count=count, condition=self._condition(), scanned=self.scanned, others=told)

    def line(self, one: _Scanned) -> str:
        place = message("answers.mentioned_line", place=shown(one.report), year=one.report.year or "")
        if not one.told:
            return place
        if len(one.told) == 1 and sum(len(theme.terms) for theme in self.positive) == 1:
            return message("answers.mentioned_times", place=place, count=one.count)
        counts = [message("answers.mentioned_term_times", term=term, count=len(spans)) for term, spans in one.told]
        return message("answers.mentioned_each_times", place=place, counts=message("answers.list_glue").join(counts))

    def one(self, one: _Scanned) -> str:
        key = "answers.mentioned_by_one" if self.positive else "answers.lacking_in_one"
        return message(key, condition=self._condition(), place=shown(one.report), year=one.report.year or "", count=one.count)

    def none(self, place: str | None) -> str:
        if len(self.themes) == 1:
            condition = self._terms(self.themes[0])
            if place is not None:
                key = "answers.not_lacking_in_one" if self.negative else "answers.not_mentioned_by_one"
                return message(key, term=condition, place=place)
            key = "answers.mentioned_by_all" if self.negative else "answers.not_mentioned"
            return message(key, term=condition, count=self.scanned)
        if place is not None:
            return message("answers.none_of_one_meets", place=place, condition=self._condition())
        return message("answers.none_meets", count=self.scanned, condition=self._condition())

    def _condition(self) -> str:
        """提到“A”和“B”，没有提到“C”."""
        said = []
        for key, themes in (("answers.mentions", self.positive), ("answers.lacks", self.negative)):
            if themes:
                terms = message("answers.and_glue").join(self._terms(theme) for theme in themes)
                said.append(message(key, terms=terms))
        return message("answers.but_glue").join(said)

    @staticmethod
    def _terms(theme: Theme) -> str:
        return message("answers.or_glue").join(message("answers.term", term=term) for term in theme.terms)
