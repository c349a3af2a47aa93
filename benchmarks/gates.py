"""Gates: what each threshold between answered, related and not found lets through, of questions that reports answer and of others.

The thresholds of ``retrieval.answers.related`` and ``retrieval.answers.meaning.ENOUGH`` are chosen from these tables.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from unittest.mock import patch

from benchmarks.material import Item, loose_questions
from benchmarks.stopwatch import RememberingEmbedder
from benchmarks.tables import Column, Say, Table
from retrieval.answers import meaning, related
from retrieval.answers.answerer import Answerer
from retrieval.embedding.embedder import open_embedder
from retrieval.errors import ReportBotError
from retrieval.library import Library
from retrieval.replies import Reply

_LEXICAL = (0.0, 1.5, related.LEAST_LEXICAL, 4.0, 6.0)
_DEVIATIONS = (1.5, 2.0, 2.5, 3.5, 9.0)
_NEAR = (*((one, related.LEAST_DEVIATION) for one in _LEXICAL), *((related.LEAST_LEXICAL, one) for one in _DEVIATIONS))
_ENOUGH = (-2.0, -1.5, meaning.ENOUGH, -0.5, 0.0)
_OTHERS = 300  # questions for the figures of another report
_TAKEN = "理解）"  # how an answer ends that says as what it was taken


def run(folder: Path, model: str, say: Say) -> list[Table]:
    """Two tables: the passages called nearest, and figures found by their meaning; empty ones without ``../shared``."""
    described, worded = loose_questions()
    if not described:
        return [Table("Gates", (Column("not measured"),), [], ["the question files of ../shared/eval are missing"])]
    library = Library.open(folder, RememberingEmbedder(open_embedder(model)))
    answerer = Answerer(library)
    tables = [_related(answerer, described, say), _by_meaning(answerer, [one for one in worded if one.status == "answered"], say)]
    library.close()
    return tables


def _related(answerer: Answerer, items: Sequence[Item], say: Say) -> Table:
    answerable = [one for one in items if one.status == "answered"]
    others = [one for one in items if one.status != "answered"]
    rows = []
    for lexical, deviation in _NEAR:
        with patch.multiple(related, LEAST_LEXICAL=lexical, LEAST_DEVIATION=deviation):
            told = [(one, _asked(answerer, one.turns)) for one in answerable]
            refused = Counter(_asked(answerer, one.turns).status for one in others)
        right = sum(_is_quoted(one, reply) for one, reply in told)
        shown = sum(reply.status in ("answered", "related") for _, reply in told)
        mark = " = product" if (lexical, deviation) == (related.LEAST_LEXICAL, related.LEAST_DEVIATION) else ""
        rows.append(
            (
                f"{lexical} or {deviation}{mark}",
                _share(shown, told),
                _share(right, told),
                _share(refused["answered"], others),
                _share(refused["related"], others),
            )
        )
        say(f"BM25 {lexical} or deviation {deviation}")
    columns = (
        "BM25, or standard deviations, of a nearest passage from",
        "shown",
        "right sentence quoted",
        "of others: answered",
        "of others: related",
    )
    notes = [f"{len(answerable)} questions that a report answers, {len(others)} others"]
    return Table("Gates: answered, related, not found", tuple(map(Column, columns)), rows, notes)


def _by_meaning(answerer: Answerer, items: Sequence[Item], say: Say) -> Table:
    others = list(_of_other_reports(answerer))
    rows = []
    for least in _ENOUGH:
        with patch.object(meaning, "ENOUGH", least):
            told = [(one, _asked(answerer, one.turns)) for one in items]
            taken = [(one, reply) for one, reply in told if _TAKEN in reply.answer]
            wrongly = sum(_TAKEN in _asked(answerer, (question,)).answer for question in others)
        right = sum(all(re.search(fact, reply.answer) for fact in one.facts) for one, reply in taken)
        answered = sum(
            reply.status == "answered" and all(re.search(fact, reply.answer) for fact in one.facts) for one, reply in told
        )
        mark = " = product" if least == meaning.ENOUGH else ""
        rows.append((f"{least}{mark}", _share(answered, told), str(len(taken)), str(right), _share(wrongly, others)))
        say(f"log odds from {least}")
    columns = ("log odds from", "answered right", "taken by meaning", "of these right", "of other reports: taken")
    notes = [f"{len(items)} questions for figures in seven wordings each, {len(others)} for figures that another report has"]
    return Table("Gates: figures by what they mean", tuple(map(Column, columns)), rows, notes)


def _of_other_reports(answerer: Answerer) -> Iterator[str]:
    """Questions of one report for what only another tells, in that one's words."""
    rng, reports = random.Random(7), answerer.library.reports()
    told = [
        (report, figure.subject)
        for report in reports
        for figure in answerer.library.figures(report.id)
        if figure.indicator is None and figure.measure == "level" and 4 <= len(figure.subject) <= 12
    ]
    for _ in range(_OTHERS):
        report, subject = rng.choice(told)
        yield f"{rng.choice([one for one in reports if one.id != report.id]).place}{subject}多少"


def _asked(answerer: Answerer, turns: Sequence[str]) -> Reply:
    try:
        return answerer.ask(turns)
    except ReportBotError as error:
        return Reply("not_found", error.user_message)


def _is_quoted(item: Item, reply: Reply) -> bool:
    quotes = [_squeezed(quote.text) for quote in reply.quotes]
    return all(any(_squeezed(either) in quote for either in one.split("|") for quote in quotes) for one in item.evidence)


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text).replace("％", "%")


def _share(count: int, of: Sequence[object]) -> str:
    return f"{count / len(of):.1%}" if of else "-"
