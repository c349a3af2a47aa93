"""Answering the parts of a question one by one, report by report, and putting together what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from retrieval.answers.askable import example_question
from retrieval.answers.claims import Answer, Claim, Line, absent, best_status, claim, line, merged, said
from retrieval.answers.context import Context, OfReport, PartOfReport
from retrieval.answers.matching.subjects import called
from retrieval.answers.missing_scope import heard_otherwise, lacking, no_year
from retrieval.answers.nothing import answer_nothing
from retrieval.answers.related import related_to
from retrieval.answers.table import Table, compare
from retrieval.models import Figure, Report
from retrieval.question.held_places import place_keys
from retrieval.question.query import Intent
from retrieval.replies import RankedPassage

_SHOWN_PASSAGES = 10
READ_AT_MOST = 200  # reports; a question without a place is put to all of them, a report takes it about a millisecond
_MOST_RELEVANT = 10
Pair = tuple[Report, int | None]


class Composition:
    """Puts the parts of a question to the reports in its scope, by the table of ``handlers``."""

    def __init__(self, context: Context, handlers: dict[Intent, OfReport]) -> None:
        self.context = context
        self.query = context.query
        self.handlers = handlers

    def answer(self) -> Answer:
        context, query = self.context, self.query
        if all(part.intent is Intent.NOTHING for part in query.parts):
            return answer_nothing(context)
        # Parts about different years are each answered for their own, from whatever report covers it.
        years: list[int | None] = list(query.parts[0].when.years) if query.same_time else []
        years = years or [None]
        of_year = {year: context.covering(year) for year in years}
        pairs = [(report, year) for year in years for report in of_year[year]]
        uncovered = [year for year in years if year and not of_year[year]]
        if not pairs:
            return said(no_year(context))
        covering = list({report.id: report for report, _ in pairs}.values())
        ranked = context.ranked(covering, [year for year in years if year])
        if len(covering) > READ_AT_MOST and not context.complete:
            answer: Answer | None = self._of_most_relevant(pairs, ranked)
        else:
            answer = self._tables(pairs, ranked, uncovered) if self._asks_for_tables(covering) else None
        answer = answer or self.composed(self._lines(pairs, years, ranked), uncovered)
        answer = replace(answer, passages=tuple(ranked[:_SHOWN_PASSAGES]))
        return related_to(context, answer) if answer.status == "not_found" else answer

    def composed(self, lines: list[Line], uncovered: Sequence[int]) -> Answer:
        """One line in full; several as one a report. Without a place, only the reports that state it."""
        told = [one for one in lines if one.status != "not_found"]
        notes = [*lacking(self.query, uncovered), *heard_otherwise(self.query.scope)]
        if not told:
            whole = [replace(one, whole=True) for one in {one.key: one for one in lines}.values()]
            if len(lines) > 1 and not self.query.scope.named:
                whole = [Line((absent("none_states", count=len(lines), example=example_question(self.context)),))]
            return Answer("not_found", tuple(whole)).with_lines(notes)
        kept = lines if self.context.complete else told
        kept = [replace(kept[0], whole=True)] if len(kept) == 1 else kept
        quotes = merged(quote for one in told for quote in one.quotes)
        return Answer(best_status(one.status for one in told), tuple(kept), quotes).with_lines(notes)

    def _lines(self, pairs: Sequence[Pair], years: Sequence[int | None], ranked: Sequence[RankedPassage]) -> list[Line]:
        return [
            one
            for year in years
            for reports in self.context.by_place([report for report, asked in pairs if asked == year])
            for one in self._of_place(reports, year, ranked)
        ]

    def _of_place(self, reports: Sequence[Report], year: int | None, ranked: Sequence[RankedPassage]) -> list[Line]:
        """What the reports of one place state of a year, which one plans and the next reviews; what none states is said once."""
        of_reports = [self._of_report(report, year, ranked) for report in reports]
        told = [any(one.states for one in of_part) for of_part in zip(*of_reports, strict=True)]
        lines = []
        for number, claims in enumerate(of_reports):
            kept = [one for one, anywhere in zip(claims, told, strict=True) if one.states or not (anywhere or number)]
            if kept:
                lines.append(line(*kept))
        return lines

    def _of_report(self, report: Report, year: int | None, ranked: Sequence[RankedPassage]) -> list[Claim]:
        """What a report states of each part of the question; of ``year``, where one is asked for."""
        claims: list[Claim] = []
        before: Figure | None = None
        for part in self.query.parts:
            asked = PartOfReport(self.context, report, part, year or part.when.year, ranked, before)
            claims.append(self.handlers[part.intent].claim(asked))
            if part.intent in (Intent.FIGURE, Intent.RANK):
                before = claims[-1].figures[0] if claims[-1].kind in ("figure", "blank") else None
        return claims

    def _of_most_relevant(self, pairs: Sequence[Pair], ranked: Sequence[RankedPassage]) -> Answer:
        """The answer where no place is named in a large library: of the reports whose passages rank first, which is said."""
        relevant = tuple({passage.report.id: passage.report for passage in ranked}.values())[:_MOST_RELEVANT]
        lines = [
            line(one)
            for report in relevant
            for asked, year in pairs
            if asked.id == report.id
            for one in self._of_report(report, year, ranked)
        ]
        told = [one for one in lines if one.status != "not_found"]
        note = claim("most_relevant", read=len(relevant), count=len({report.id for report, _ in pairs}))
        if not told:
            return said(absent("none_of_most_relevant", example=example_question(self.context)), note)
        return self.composed(told, []).with_lines([note])

    def _asks_for_tables(self, reports: Sequence[Report]) -> bool:
        """Whether it asks figures, and only figures, of the reports of several places."""
        figures = all(part.intent is Intent.FIGURE for part in self.query.parts)
        return figures and len(set(place_keys(reports).values())) > 1

    def _tables(self, pairs: Sequence[Pair], ranked: Sequence[RankedPassage], uncovered: Sequence[int]) -> Answer | None:
        """A table for each part of the question; None where no report states any of them, or only one was found to."""
        tables: list[Table] = []
        missing: list[Claim] = []
        for part in self.query.parts:
            asked = [PartOfReport(self.context, report, part, year or part.when.year, ranked) for report, year in pairs]
            table = compare(asked, self.query.selection, complete=self.context.complete)
            if table is None:
                missing.append(claim("table_none_states", subject=called(part), count=len(pairs)))
            elif self.context.complete or len(table.claims) > 1:
                tables.append(table)
        return said_in_tables(self.context, tables, [*missing, *lacking(self.query, uncovered)]) if tables else None


def said_in_tables(context: Context, tables: Sequence[Table], notes: Sequence[Claim]) -> Answer:
    """Tables as an answer, one after the other."""
    claims = [one for table in tables for one in table.claims]
    return Answer(
        "answered" if any(table.status == "answered" for table in tables) else "blank",
        tuple(Line((one,)) for one in (*claims, *notes, *heard_otherwise(context.query.scope))),
        merged(quote for table in tables for quote in table.quotes),
        charts=tuple(table.chart for table in tables if table.chart),
    )
