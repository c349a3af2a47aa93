"""Answering from one report: each part of a question by a figure, a fact or a passage."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from retrieval.answers.fact import answer_fact
from retrieval.answers.figure import answer_figure
from retrieval.answers.findings import Finding, join
from retrieval.answers.matching.words import bare
from retrieval.answers.passage import answer_passage
from retrieval.language.indicators import indicators
from retrieval.models import Figure, RankedPassage, Report
from retrieval.ports import LibraryView
from retrieval.question.asks import Ask
from retrieval.question.conversation import Turn
from retrieval.question.parsing import Question

# With no year named, 进展如何 is first looked for in the review; 怎么推进 in the plan, but not 怎么处理的.
_WHAT_WAS_DONE = re.compile(r"成果|成效|成绩|进展|情况")
_HOW_TO = re.compile(r"(?:怎么|如何|怎样|咋)(?=[\u4e00-\u9fff])(?![样会了的])(?!.*(?:[了过]|的[?？。]*$))")
# 产量目标 is a number: a passage on the thing does not answer for it.
_TARGET_NUMBER = re.compile(
    r"(?:[产总数质存容]量|产能|用电量|[率额值]|里程|面积|人[数次]|规模|收入|投资|户数|比[例重])(?:的)?(?:增长|增速)?(?:控制)?(?:目标|指标)(?:值|数)?[?？。]*$"
)


def answer_report(
    library: LibraryView, turn: Turn, report: Report, year: int | None, ranked: Sequence[RankedPassage]
) -> list[Finding]:
    """What a report states of each part of a question; of ``year``, where one is asked for."""
    findings: list[Finding] = []
    before: Figure | None = None
    for ask in turn.question.asks:
        if ask.kind == "fact":
            findings.append(answer_fact(library, report, ask))
        elif ask.kind == "figure":
            finding, chosen = answer_figure(library, report, ask, year or own_year(ask), ranked, before)
            before = chosen[0] if chosen else None
            findings.append(finding if chosen else _instead(library, turn, report, ask, year or own_year(ask), ranked) or finding)
        else:
            findings.append(_passage(library, turn, report, ask, year or own_year(ask), ranked))
    return findings


def _instead(
    library: LibraryView, turn: Turn, report: Report, ask: Ask, year: int | None, ranked: Sequence[RankedPassage]
) -> Finding | None:
    """What is told where a report gives no figure of what is asked for: its parts, or how it is (招商引资情况)."""
    found = _in_parts(library, report, ask, year, ranked)
    if found is not None or not (ask.either and ask.indicators):
        return found
    asked = replace(ask, kind="passage", topic=(*ask.topic, *ask.named))
    planned = asks_of_plan(turn.question, report)
    found = answer_passage(library, report, asked, ranked, turn.scope.named, planned)
    named = any(name in bare(quote.text) for quote in found.quotes for name in (*ask.named, *ask.indicators[0].aliases))
    return found if named else None


def _in_parts(
    library: LibraryView, report: Report, ask: Ask, year: int | None, ranked: Sequence[RankedPassage]
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
    library: LibraryView, turn: Turn, report: Report, ask: Ask, year: int | None, ranked: Sequence[RankedPassage]
) -> Finding:
    """A passage; or a figure where something countable is named without saying 多少 (2024年游客目标)."""
    if ask.either and ask.topic:
        finding, _ = answer_figure(library, report, ask, year, ranked)
        if finding.status != "not_found" or _TARGET_NUMBER.search(ask.text):
            return finding
        if ask.aim is not None:
            # A target or a result by its name is a figure: sentences that only come near it do not answer for it.
            passage = answer_passage(library, report, ask, ranked, turn.scope.named, ask.aim == "target", exact=True)
            return finding if passage.status == "not_found" else passage
    planned = asks_of_plan(turn.question, report)
    if planned is None and (implied := implied_plan(ask)) is not None:
        finding = answer_passage(library, report, ask, ranked, turn.scope.named, implied)
        if finding.status != "not_found":
            return finding
    return answer_passage(library, report, ask, ranked, turn.scope.named, planned)


def asks_of_plan(question: Question, report: Report) -> bool | None:
    """Whether a question is about the year planned for, or about the one reviewed; None where it doesn't say."""
    if question.relative in ("this", "last"):
        return question.relative == "this"
    if len(question.years) == 1 and report.plan_year != report.review_year:
        return question.years[0] == report.plan_year
    return None


def implied_plan(ask: Ask) -> bool | None:
    """As :func:`asks_of_plan`, by the wording of an ask that names no year."""
    if _WHAT_WAS_DONE.search(ask.text):
        return False
    return True if _HOW_TO.search(ask.text) and not ask.when.said else None


def own_year(ask: Ask) -> int | None:
    """The year that a part of a question names for itself."""
    return ask.when.years[0] if ask.when.years else None
