"""Readers of questions and reports, fed with their own words over and over: none takes more than its length deserves.

Each runs in a process of its own, which is killed where it holds the interpreter. Processor time is compared with that
for an ordinary text of the same length, so that a slow or busy machine changes nothing.
"""

from __future__ import annotations

import json
import random
import re
import selectors
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest
from bot_process import environment
from collected_patterns import collected
from growth_worker import QUESTIONS, TEXTS

ORDINARY = "2024年全镇地区生产总值增长6%左右，新建农村公路20公里，改造老旧小区11个。其中工业投资15亿元。\n"
LONGEST_QUESTION, TEXT = 500, 10_000
HANGS = 60.0  # seconds of the clock for one text; none takes one second of processor time
QUICK = 0.5  # seconds of processor time that are not worth a comparison
MOST = 30  # times the ordinary text
HEADS = ("", "哪些报告提到了枫桥经验", "云溪镇2024年")
# Beside what the patterns spell out; each alone and with the next.
MARKS = (
    "\n",
    " ",
    "\t",
    "\u3000",
    "。",
    "，",
    "、",
    "！",
    "；",
    "“",
    "（",
    "0",
    "5%",
    "5亿元",
    "2024年",
    "（一）",
    "一、",
    "x",
    "《",
    "|",
)


def words(items: Iterable[Any]) -> Iterator[str]:
    """What a pattern spells out."""
    run = ""
    for name, argument in [*items, (None, None)]:
        if name is op.LITERAL:
            run += chr(argument)
            continue
        if run:
            yield run
        run = ""
        for part in argument if isinstance(argument, (tuple, list)) else ():
            for inner in part if isinstance(part, list) else [part]:
                if isinstance(inner, parser.SubPattern):
                    yield from words(inner)


def all_words() -> list[str]:
    found = {word for one in collected()[0] for word in words(parser.parse(one.pattern, one.flags))}
    return sorted(word for word in found if re.search(r"[\u4e00-\u9fff]", word))


WORDS = all_words()
PIECES = [*MARKS, *(one + other for one, other in zip(MARKS, MARKS[1:] + MARKS[:1], strict=True))]


def test_the_words_of_the_patterns_are_found():
    assert {"以及", "达到", "省市", "没有"} <= set(WORDS)
    assert len(WORDS) > 1_000


class Worker:
    """A reader in a process of its own."""

    def __init__(self, reader: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).parent / "growth_worker.py"), reader],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment(),
            text=True,
        )

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def seconds(self, text: str) -> float:
        """Processor time; fails where there is no answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(text) + "\n")
        self._process.stdin.flush()
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            if not selector.select(HANGS):
                pytest.fail(f"no end within {HANGS} s: {text[:40]!r}")
        answer = self._process.stdout.readline()
        assert answer, f"the process ended at {text[:40]!r}"
        return float(answer)


def repeated(piece: str, characters: int) -> str:
    return (piece * (characters // len(piece) + 1))[:characters]


def assert_quick(reader: str, texts: Iterable[str], characters: int) -> None:
    with Worker(reader) as worker:
        ordinary = max(worker.seconds(repeated(ORDINARY, characters)) for _ in range(2))
        slow = [(taken, text[:40]) for text in texts if (taken := worker.seconds(text)) > max(QUICK, MOST * ordinary)]
    assert not slow


@pytest.mark.parametrize("reader", QUESTIONS)
def test_a_question_takes_no_more_time_than_its_length_deserves(reader: str):
    chosen = random.Random(reader)
    pieces = [*PIECES, *chosen.sample(WORDS, 250), *("".join(chosen.choices(WORDS, k=2)) for _ in range(100))]
    texts = [head + repeated(piece, LONGEST_QUESTION - len(head)) for piece in pieces for head in (chosen.choice(HEADS),)]
    assert_quick(reader, texts, LONGEST_QUESTION)


@pytest.mark.parametrize("reader", TEXTS)
def test_a_text_takes_no_more_time_than_its_length_deserves(reader: str):
    chosen = random.Random(reader)
    pieces = [*PIECES, *chosen.sample(WORDS, 12), *("".join(chosen.choices([*WORDS, *MARKS], k=3)) for _ in range(12))]
    texts = [repeated(piece, TEXT) + chosen.choice(("", "目5亿。", "。完成今年的工作")) for piece in pieces]
    assert_quick(reader, texts, TEXT)


@pytest.mark.parametrize(
    "reader, text",
    [
        *((reader, "哪些报告提到了枫桥经验" + "并且" * 60) for reader in QUESTIONS),
        *((reader, "没提" + "省区市" * 100 + "吧") for reader in QUESTIONS),
        *((reader, "达到" * 40 + "目5亿。") for reader in TEXTS),
        *((reader, "均居" * 40 + "目5亿，" + "再创" * 40 + "目5亿。") for reader in TEXTS),
        *((reader, "\n" * 20_000 + "。明年的工作") for reader in TEXTS),
        *((reader, "2030年。" + "。2001年主要目标是" * 8_000) for reader in ("outline", "clean")),
        *((reader, "来源：" + " " * 20_000 + "x" * 90 + " " * 20_000 + "x") for reader in TEXTS),
        *(
            (reader, "的云县的的县政府工作报告\n" + "全年的云的的云的完成的云的的云的" * 400 + "地区生产总值5亿元。")
            for reader in TEXTS
        ),
    ],
)
def test_what_stopped_the_bot_is_read_in_a_moment(reader: str, text: str):
    with Worker(reader) as worker:
        assert worker.seconds(text) < 5
