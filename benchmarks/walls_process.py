"""Asks the library in the folder that is its argument what ``walls`` measures; prints seconds, milliseconds and megabytes as JSON."""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

_BORN = time.process_time()

from benchmarks.memory import memory_of, of_files  # noqa: E402 - the start of the process is measured, too
from benchmarks.townships import Townships  # noqa: E402
from bot.conversation.services import warm_up  # noqa: E402
from bot.settings import load_settings  # noqa: E402
from retrieval.answers.answerer import Answerer  # noqa: E402
from retrieval.embedding.embedder import open_embedder  # noqa: E402
from retrieval.library import Library  # noqa: E402

_TIMES = 15
_SLOW_TIMES = 2


def main() -> None:
    library = Library.open(Path(sys.argv[1]), open_embedder(load_settings().embedding_model))
    answerer = Answerer(library)
    warm_up(answerer)
    townships = Townships(library.embedder.dimension)
    towns = ["".join(townships.place(number)[1:]) for number in range(10, 200, 10) if len(townships.place(number)) == 3]
    answerer.ask([f"{towns[0]}2020年粮食产量是多少"])
    found = {"first answer after the start": time.process_time() - _BORN}
    found["place, held"] = 1000 * _median(lambda n: answerer.reports_of(towns[n]))
    found["place, missing"] = 1000 * _median(lambda n: answerer.reports_of(f"白鹭{towns[n][1]}沱镇"))
    _ask(answerer, towns, 0)
    asked = _median(lambda n: _ask(answerer, towns, n))
    found["figure of one place"] = 1000 * asked
    found["the same after a change: more"] = 1000 * (_after_changes(library, answerer, townships, towns) - asked)
    for name, question in (
        ("figure of all places", "2020年各乡镇粮食产量分别是多少"),
        ("highest of all places", "2020年哪个乡镇的财政收入最高"),
        ("figure without a place", "高标准农田建成了多少亩"),
        ("passage without a place", "怎样发展乡村旅游"),
        ("mentioned by whom", "哪些报告提到了数字乡村"),
        ("mentioned by nobody", "哪些报告提到了航天发射场"),
    ):
        found[name] = _median(partial(_answered, answerer, question), _SLOW_TIMES)
    found["memory"], found["of it, files"] = memory_of().peak, of_files()
    library.close()
    print(json.dumps(found))


def _ask(answerer: Answerer, towns: list[str], number: int) -> None:
    reply = answerer.ask([f"{towns[number]}{2017 + number % 5}年粮食产量是多少"])
    assert reply.status == "answered", reply.answer


def _answered(answerer: Answerer, question: str, _: int) -> None:
    answerer.ask([question])


def _after_changes(library: Library, answerer: Answerer, townships: Townships, towns: list[str]) -> float:
    """The median of a question right after a change of another report than those that it is about."""

    def ask(number: int) -> float:
        one = townships.report(number)
        with library.transaction() as change:
            change.derive(number + 1, one, townships.vectors(number, one), {})
        started = time.process_time()
        _ask(answerer, towns, number)
        return time.process_time() - started

    return statistics.median(ask(number) for number in range(_TIMES))


def _median(function: Callable[[int], object], times: int = _TIMES) -> float:
    """Seconds of the CPU that a call takes, given its number."""
    taken = []
    for number in range(times):
        started = time.process_time()
        function(number)
        taken.append(time.process_time() - started)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
