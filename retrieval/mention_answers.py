"""Answering whether, and which, reports mention something: a complete scan of their texts, not a ranking."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.findings import quote, sentence_around, shown
from retrieval.folding import squeeze, squeeze_with_offsets
from retrieval.library import Library
from retrieval.messages import message
from retrieval.models import Quote, Reply, Report, Span


def mentions(library: Library, report: Report, term: str) -> list[Span]:
    """Where ``term`` stands in a report, blanks and character widths aside."""
    squeezed, offsets = library.kept(f"squeezed {report.id}", lambda: squeeze_with_offsets(library.text(report.id)))
    wanted = squeeze(term)
    found, at = [], squeezed.find(wanted)
    while at >= 0 and wanted:
        found.append(Span(offsets[at], offsets[at + len(wanted) - 1] + 1))
        at = squeezed.find(wanted, at + len(wanted))
    return found


def answer_mention(library: Library, reports: Sequence[Report], term: str, one_place: bool, negated: bool) -> Reply:
    """The reports that mention ``term``, each with a quote; not found when none does.

    ``negated`` asks for those that do not mention it; of these there is nothing to quote.
    """
    holding: list[tuple[Report, Quote]] = []
    for report in reports:
        found = mentions(library, report, term)
        if found:
            span = sentence_around(library, report, found[0].start, found[0].end)
            holding.append((report, quote(library, report, span, [found[0]])))
    if negated:
        return _lacking(reports, {report.id for report, _ in holding}, term)
    if not holding:
        key = "answers.not_mentioned_by_one" if one_place and len(reports) == 1 else "answers.not_mentioned"
        place = shown(reports[0]) if reports else ""
        return Reply("not_found", message(key, term=term, place=place, count=len(reports)))
    quotes = tuple(found for _, found in holding)
    if one_place and len(holding) == 1:
        report = holding[0][0]
        text = message("answers.mentioned_by_one", term=term, place=shown(report), year=report.year or "")
        return Reply("answered", text, quotes)
    lines = [message("answers.mentioned", term=term, count=len(holding), scanned=len(reports))]
    lines += [message("answers.mentioned_line", place=shown(r), year=r.year or "") for r, _ in holding]
    return Reply("answered", "\n".join(lines), quotes)


def _lacking(reports: Sequence[Report], holding: set[int], term: str) -> Reply:
    lacking = [report for report in reports if report.id not in holding]
    if not lacking:
        return Reply("not_found", message("answers.mentioned_by_all", term=term, count=len(reports)))
    lines = [message("answers.lacking", term=term, count=len(lacking), scanned=len(reports))]
    lines += [message("answers.mentioned_line", place=shown(r), year=r.year or "") for r in lacking]
    return Reply("answered", "\n".join(lines))
