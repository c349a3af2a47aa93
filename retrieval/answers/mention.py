"""Answering whether, and which, reports mention something: a complete scan of their texts, not a ranking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from retrieval.answers.claims import Answer, Claim, Line, Listed, Word, absent, claim, merged, said
from retrieval.answers.context import Context
from retrieval.answers.missing_scope import heard_otherwise, lacking, no_year
from retrieval.answers.quoting import quote, sentence_around, shown
from retrieval.language.mentioned import Mentioned
from retrieval.language.vocabulary import stop_words, weak_words
from retrieval.models import Report, Span
from retrieval.ports import LibraryView
from retrieval.question.held_places import place_keys
from retrieval.question.query import Part, Theme
from retrieval.question.selections import Edge
from retrieval.reach import Reach, of_ids
from retrieval.replies import Quote
from retrieval.search.ranking import search

_SHOWN_PASSAGES = 10
_GENERIC = frozenset(("问题", "建设", "工作", "内容", "说法", "话题", "方面", "情况", "概念", "字样", "企业", "产业"))
LISTED = 100  # reports; more lines than that nobody reads


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
    years, part = query.years, query.parts[0]
    called = context.called_by(years) if years else []
    reach = of_ids(tuple(report.id for report in called)) if called else replace(context.reach, years=years)
    scanned = library.counted(reach)[0]
    if not scanned:
        return said(no_year(context))
    scan = _Scan(library, reach, part)
    holding = sorted((one for one in scan.reports() if one.meets(scan.themes)), key=lambda one: -one.count)
    if part.edge or _of_one_place(context, reach, scanned):
        holding.sort(key=lambda one: one.report.year or 0)
    claims = _Claims(scan.themes, scanned)
    of_one = library.reports(reach)[0] if query.scope.named and scanned == 1 else None
    if not holding:
        answer = said(claims.none(of_one))
    else:
        listed = holding[:LISTED]
        told = [claims.one(holding[0])] if of_one else [claims.title(len(holding)), *map(claims.of_report, listed)]
        told = [*claims.edge(part.edge, holding), *told]
        if len(holding) > LISTED:
            told.append(claim("library_more", count=len(holding) - LISTED))
        quotes = merged(found for one in listed for found in _quotes(library, one))
        answer = Answer("answered", tuple(Line((one,)) for one in told), quotes)
    words = " ".join(term for theme in part.themes for term in theme.terms) or query.text
    passages = tuple(search(library, words, reach, _SHOWN_PASSAGES))
    return replace(answer.with_lines([*lacking(query, []), *heard_otherwise(query.scope)]), passages=passages)


def _of_one_place(context: Context, reach: Reach, count: int) -> bool:
    """Whether the reports that were looked through are all of one place."""
    return context.of_one_place or (count <= LISTED and len({*place_keys(context.library.reports(reach)).values()}) == 1)


class _Scan:
    """What stands in the texts of the reports that are meant, all looked through once; ``themes`` are those asked for, by the words that
    reports hold: the listed names as one where that stands somewhere (政府和社会资本合作); without the verb before (整治内卷) where
    nobody writes it with it."""

    def __init__(self, library: LibraryView, reach: Reach, part: Part) -> None:
        self._library, self._reach = library, reach
        chains = {term: _without_little_words(term) for theme in part.themes for term in theme.terms}
        whole = (part.whole_theme,) if part.whole_theme else ()
        self._terms = [*dict.fromkeys((*whole, *(one for chain in chains.values() for one in chain)))]
        self._found = library.mentioning([Mentioned(term) for term in self._terms], reach)
        held = {term for spans in self._found.values() for term, of_term in zip(self._terms, spans, strict=True) if of_term}
        written = {term: next((one for one in chain if one in held), term) for term, chain in chains.items()}
        if part.whole_theme and part.whole_theme in held:
            self.themes: tuple[Theme, ...] = (Theme((part.whole_theme,), part.themes[0].negated),)
        else:
            self.themes = tuple(replace(theme, terms=tuple(written[term] for term in theme.terms)) for theme in part.themes)

    def reports(self) -> Iterator[_Scanned]:
        """The reports that may meet the themes, with what was found in each."""
        if all(theme.negated for theme in self.themes):
            reports = self._library.reports(self._reach)
        else:
            reports = self._reach.in_order(self._library.reports(of_ids(tuple(self._found))))
        nothing: tuple[list[Span], ...] = tuple([] for _ in self._terms)
        for report in reports:
            spans = dict(zip(self._terms, self._found.get(report.id, nothing), strict=True))
            yield _Scanned(report, tuple(tuple((term, spans[term]) for term in theme.terms) for theme in self.themes))


def _without_little_words(term: str) -> list[str]:
    """``term``, and what is left of it without the words before (整治内卷) or after (撂荒地问题) that say little, one by one."""
    little = sorted(stop_words() | weak_words() | _GENERIC, key=len, reverse=True)
    chain = [term]
    while True:
        left = chain[-1]
        before = next((word for word in little if left.startswith(word) and len(left) - len(word) >= 2), "")
        after = next((word for word in little if left.endswith(word) and len(left) - len(word) >= 2), "")
        if before:
            chain.append(left[len(before) :])
        elif after:
            chain.append(left[: -len(after)])
        else:
            return chain


def _quotes(library: LibraryView, one: _Scanned) -> list[Quote]:
    """The first sentence that holds each term."""
    first = [spans[0] for _, spans in one.told]
    return [quote(library, one.report, sentence_around(library, one.report, at.start, at.end), [at]) for at in first]


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
        of_year = [shown(one.report) for one in holding if one.report.year == year]
        places = Listed(tuple(of_year[:LISTED]))
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
