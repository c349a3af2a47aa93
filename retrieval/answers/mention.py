"""Answering whether, and which, reports mention something: a complete scan of their texts, not a ranking."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.answers.claims import Answer, Claim, Line, Listed, Word, absent, claim, merged, said
from retrieval.answers.context import Context
from retrieval.answers.missing_scope import heard_otherwise, lacking, no_year
from retrieval.answers.quoting import quote, sentence_around, shown
from retrieval.language.folding import bare, fold
from retrieval.language.vocabulary import stop_words, weak_words
from retrieval.models import Report, Span
from retrieval.ports import LibraryView
from retrieval.question.held_places import place_keys
from retrieval.question.query import Part, Theme
from retrieval.question.selections import Edge
from retrieval.replies import Quote, RankedPassage
from retrieval.search.ranking import search

_SHOWN_PASSAGES = 10
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


def answer_mention(context: Context) -> Answer:
    """The reports that meet all themes, each with counts and a quote; not found when none does.

    Of what is to be missing there is nothing to quote.
    """
    query, library = context.query, context.library
    years = query.years
    reports = (context.called_by(years) if years else []) or library.reports(replace(context.reach, years=years))
    if not reports:
        return said(no_year(context))
    themes = _as_written(library, reports, query.parts[0])
    scanned = [_scan(library, report, themes) for report in reports]
    holding = sorted((one for one in scanned if one.meets(themes)), key=lambda one: -one.count)
    if len(set(place_keys(reports).values())) == 1 or query.parts[0].edge:
        holding.sort(key=lambda one: one.report.year or 0)
    claims = _Claims(themes, len(reports))
    of_one = reports[0] if query.scope.named and len(reports) == 1 else None
    if not holding:
        answer = said(claims.none(of_one))
    else:
        told = [claims.one(holding[0])] if of_one else [claims.title(len(holding)), *map(claims.of_report, holding)]
        told = [*claims.edge(query.parts[0].edge, holding), *told]
        quotes = merged(found for one in holding for found in _quotes(library, one))
        answer = Answer("answered", tuple(Line((one,)) for one in told), quotes)
    passages = _candidates(context, reports)
    return replace(answer.with_lines([*lacking(query, []), *heard_otherwise(query.scope)]), passages=passages)


def _candidates(context: Context, reports: Sequence[Report]) -> tuple[RankedPassage, ...]:
    words = " ".join(term for theme in context.query.parts[0].themes for term in theme.terms) or context.query.text
    return tuple(search(context.library, words, context.reach_of(reports, context.query.years), _SHOWN_PASSAGES))


def _scan(library: LibraryView, report: Report, themes: Sequence[Theme]) -> _Scanned:
    return _Scanned(report, tuple(tuple((term, mentions(library, report, term)) for term in theme.terms) for theme in themes))


def _quotes(library: LibraryView, one: _Scanned) -> list[Quote]:
    """The first sentence that holds each term."""
    first = [spans[0] for _, spans in one.told]
    return [quote(library, one.report, sentence_around(library, one.report, at.start, at.end), [at]) for at in first]


def _as_written(library: LibraryView, reports: Sequence[Report], part: Part) -> tuple[Theme, ...]:
    """The themes by the words that reports may hold: the listed names as one where that stands somewhere
    (政府和社会资本合作); without the verb before (整治内卷) where nobody writes it with it."""
    if part.whole_theme and any(mentions(library, report, part.whole_theme) for report in reports):
        return (Theme((part.whole_theme,), part.themes[0].negated),)
    return tuple(
        replace(theme, terms=tuple(_without_little_words(library, reports, term) for term in theme.terms))
        for theme in part.themes
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


class _Claims:
    """What the outcome of a scan comes to."""

    def __init__(self, themes: Sequence[Theme], scanned: int) -> None:
        self.themes = themes
        self.scanned = scanned
        self.positive = [theme for theme in themes if not theme.negated]
        self.negative = [theme for theme in themes if theme.negated]

    def title(self, count: int) -> Claim:
        others = "others" if len(self.themes) > 1 else "others_lack" if self.positive else "others_mention"
        told = claim(f"mentioned_{others}", count=self.scanned - count)
        return claim("mentioned", count=count, condition=self._condition(), scanned=self.scanned, others=told)

    def edge(self, edge: Edge | None, holding: Sequence[_Scanned]) -> list[Claim]:
        """Which reports are the first, or the last, of those that meet the condition, where that is asked."""
        if edge is None:
            return []
        year = holding[0 if edge == "first" else -1].report.year
        of_year = [one.report for one in holding if one.report.year == year]
        places = Listed(tuple(shown(report) for report in of_year))
        return [claim(f"mentioned_{edge}", places=places, year=year or "", condition=self._condition())]

    def of_report(self, one: _Scanned) -> Claim:
        place = claim("mentioned_line", place=shown(one.report), year=one.report.year or "")
        if not one.told:
            return place
        if len(one.told) == 1 and sum(len(theme.terms) for theme in self.positive) == 1:
            return claim("mentioned_times", place=place, count=one.count)
        counts = tuple(claim("mentioned_term_times", term=term, count=len(spans)) for term, spans in one.told)
        return claim("mentioned_each_times", place=place, counts=Listed(counts))

    def one(self, one: _Scanned) -> Claim:
        kind = "mentioned_by_one" if self.positive else "lacking_in_one"
        return claim(kind, condition=self._condition(), place=shown(one.report), year=one.report.year or "", count=one.count)

    def none(self, report: Report | None) -> Claim:
        """That no report meets the condition; of the one ``report`` that was asked about, where it was one."""
        if len(self.themes) == 1:
            term = self._terms(self.themes[0])
            if report is not None:
                kind = "not_lacking_in_one" if self.negative else "not_mentioned_by_one"
                return absent(kind, report, term=term, place=shown(report))
            return absent("mentioned_by_all" if self.negative else "not_mentioned", term=term, count=self.scanned)
        if report is not None:
            return absent("none_of_one_meets", report, place=shown(report), condition=self._condition())
        return absent("none_meets", count=self.scanned, condition=self._condition())

    def _condition(self) -> Word:
        """提到“A”和“B”，没有提到“C”."""
        conditions = []
        for kind, themes in (("mentions", self.positive), ("lacks", self.negative)):
            if themes:
                conditions.append(claim(kind, terms=Listed(tuple(map(self._terms, themes)), "and_glue")))
        return Listed(tuple(conditions), "but_glue")

    @staticmethod
    def _terms(theme: Theme) -> Word:
        return Listed(tuple(claim("term", term=term) for term in theme.terms), "or_glue")
