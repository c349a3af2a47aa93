"""A process of its own that reads adversarial texts: where one holds the interpreter for ever, it can be killed.

``python growth_worker.py READER`` takes texts as lines of JSON and answers each with the seconds of processor time.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from types import SimpleNamespace

from retrieval.errors import ReportBotError
from retrieval.figures.extraction import read_figures
from retrieval.ingest.understanding import read_reports, understand_report
from retrieval.question.mentions import read_mention
from retrieval.question.parsing import parse
from retrieval.question.reading import QuestionReader
from retrieval.question.selections import read_selection
from retrieval.reading.raw import RawText
from retrieval.report.cleaning import clean
from retrieval.report.metadata import understand as read_metadata
from retrieval.report.outline import read_outline
from retrieval.report.splitting import split_reports

_TURNS = QuestionReader(SimpleNamespace(generation=1, places=lambda names: (), spoken_by=lambda text: ()))  # type: ignore[arg-type]
HEAD = "某镇2024年政府工作报告\n一、2023年工作回顾\n"


def _understood(text: str) -> None:
    for part in read_reports(RawText(HEAD + text)):
        made = understand_report(part, {})
        made.embedded_texts()
        made.headings()


def _figures(text: str) -> None:
    text = HEAD + text
    outline = read_outline(text)
    read_figures(text, outline, read_metadata(text, outline, None))


QUESTIONS: dict[str, Callable[[str], object]] = {
    "parse": lambda text: parse(text, 2),
    "mention": read_mention,
    "selection": lambda text: read_selection(text, True),
    "turn": lambda text: _TURNS.read(["云溪镇GDP目标是多少", text]),
}
TEXTS: dict[str, Callable[[str], object]] = {
    "clean": lambda text: split_reports(clean(HEAD + text)),
    "outline": lambda text: read_outline(HEAD + text),
    "figures": _figures,
    "understand": _understood,
}


def main() -> None:
    read = (QUESTIONS | TEXTS)[sys.argv[1]]
    read("2024年全镇地区生产总值增长6%，")  # what is loaded once
    for line in sys.stdin:
        text = json.loads(line)
        begun = time.process_time()
        with suppress(ReportBotError):
            read(text)
        print(time.process_time() - begun, flush=True)


if __name__ == "__main__":
    main()
