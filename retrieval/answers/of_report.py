"""Answering from one report: each part of a question by a figure, a fact or a passage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from retrieval.answers.fact import answer_fact
from retrieval.answers.figure import answer_figure
from retrieval.answers.findings import Finding, join
from retrieval.answers.matching.words import bare
from retrieval.answers.passage import answer_passage
from retrieval.language.indicators import indicators
from retrieval.models import Figure, Report
from retrieval.ports import LibraryView
from retrieval.question.query import Intent, Part, Query
from retrieval.replies import RankedPassage


def answer_report(
    library: LibraryView, query: Query, report: Report, year: int | None, ranked: Sequence[RankedPassage]
) -> list[Finding]:
    """What a report states of each part of a question; of ``year``, where one is asked for."""
    findings: list[Finding] = []
    before: Figure | None = None
    for ask in query.parts:
        if ask.intent is Intent.FACT:
            findings.append(answer_fact(library, report, ask))
        elif ask.intent in (Intent.FIGURE, Intent.RANK):
            finding, chosen = answer_figure(library, report, ask, year or own_year(ask), ranked, before)
            before = chosen[0] if chosen else None
            findings.append(
                finding if chosen else _instead(library, query, report, ask, year or own_year(ask), ranked) or finding
            )
        else:
            findings.append(_passage(library, query, report, ask, year or own_year(ask), ranked))
    return findings


def _instead(
    library: LibraryView, query: Query, report: Report, ask: Part, year: int | None, ranked: Sequence[RankedPassage]
) -> Finding | None:
    """What is told where a report gives no figure of what is asked for: its parts, or how it is (招商引资情况)."""
    found = _in_parts(library, report, ask, year, ranked)
    if found is not None or not (ask.or_passage and ask.indicators):
        return found
    asked = replace(ask, intent=Intent.PASSAGE, topic=(*ask.topic, *ask.named))
    planned = asks_of_plan(query, report)
    found = answer_passage(library, report, asked, ranked, query.scope.named, planned)
    named = any(name in bare(quote.text) for quote in found.quotes for name in (*ask.named, *ask.indicators[0].aliases))
    return found if named else None


def _in_parts(
    library: LibraryView, report: Report, ask: Part, year: int | None, ranked: Sequence[RankedPassage]
) -> Finding | None:
    """What a report states of the parts of an indicator (incomes in town and country) that it gives no figure of itself."""
    if not ask.indicators or not ask.indicators[0].parts or ask.topic:
        return None
    parts = [indicators()[name] for name in ask.indicators[0].parts]
    asks = [replace(ask, indicators=(part,), named=(part.name,)) for part in parts]
    told = [answer_figure(library, report, one, year, ranked)[0] for one in asks]
    stated = [finding for finding in told if finding.status == "answered"]
    return join(stated) if stated else None


def _passage(
    library: LibraryView, query: Query, report: Report, ask: Part, year: int | None, ranked: Sequence[RankedPassage]
) -> Finding:
    """A passage; or a figure where something countable is named without saying 多少 (2024年游客目标)."""
    if ask.intent is Intent.AMOUNT:
        finding, _ = answer_figure(library, report, ask, year, ranked)
        if finding.status != "not_found" or ask.names_number:
            return finding
        if ask.aim is not None:
            # A target or a result by its name is a figure: sentences that only come near it do not answer for it.
            passage = answer_passage(library, report, ask, ranked, query.scope.named, ask.aim == "target", exact=True)
            return finding if passage.status == "not_found" else passage
    planned = asks_of_plan(query, report)
    if planned is None and ask.ahead is not None:
        finding = answer_passage(library, report, ask, ranked, query.scope.named, ask.ahead)
        if finding.status != "not_found":
            return finding
    return answer_passage(library, report, ask, ranked, query.scope.named, planned)


def asks_of_plan(query: Query, report: Report) -> bool | None:
    """Whether a question is about the year planned for, or about the one reviewed; None where it doesn't say."""
    if query.relative in ("this", "last"):
        return query.relative == "this"
    if len(query.years) == 1 and report.plan_year != report.review_year:
        return query.years[0] == report.plan_year
    return None


def own_year(ask: Part) -> int | None:
    """The year that a part of a question names for itself."""
    return ask.when.years[0] if ask.when.years else None
