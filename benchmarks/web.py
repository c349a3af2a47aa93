"""The pages: a report of 25,000 characters on its first visit and after, in milliseconds and kilobytes, beside the text alone; memory."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from benchmarks.tables import Column, Say, Table, ratio
from retrieval.embedding.embedder import open_embedder
from retrieval.library import Library

_PORT = 18_090
_CHARACTERS, _ROUNDS = 25_000, 15
_GOAL_MS, _GOAL_KB, _GOAL_MB = 60, 200, 300
_KB = 1000


def run(folder: Path, model: str, say: Say) -> list[Table]:
    """Serves a library of one invented report in a process of its own, and asks for its pages."""
    with tempfile.TemporaryDirectory(prefix="reportbot-web-") as temporary:
        library = _library(Path(temporary), model)
        with _served(library, model) as (process, client):
            say("serving")
            tables = [_pages(process, client), _memory(process)]
    return tables


def _library(folder: Path, model: str) -> Path:
    """A library with one report of 25,000 characters and some hundred figures."""
    path = folder / "report.txt"
    path.write_text(_report(), encoding="utf-8")
    library = Library.open(folder / "library", open_embedder(model))
    list(library.add([path]))
    library.close()
    return folder / "library"


def _report() -> str:
    lines = ["2025年云溪区政府工作报告", "", "各位代表：", "现在，我代表云溪区人民政府，向大会报告工作。", "一、2024年工作回顾"]
    number = 0
    while sum(map(len, lines)) < _CHARACTERS - 400:
        if number == 120:
            lines.append("二、2025年工作安排")
        number += 1
        lines.append(
            f"（{number}）第{number}项工作扎实推进。新建农村公路{number}公里，改造老旧小区{number + 11}个，投入资金{number * 7}万元，"
        )
        lines[-1] += (
            "各项任务按期完成，群众的获得感不断增强，基层治理能力稳步提高，社会大局保持和谐稳定，发展的质量和效益都有新的改善。"
        )
    return "\n".join(lines)


@contextmanager
def _served(library: Path, model: str) -> Iterator[tuple[subprocess.Popen[bytes], httpx.Client]]:
    environment = {**os.environ, "WEB_LISTEN": f"127.0.0.1:{_PORT}", "EMBEDDING_MODEL": model, "WEB_ACCESS": "", "WEB_URL": ""}
    command = [sys.executable, "-m", "bot.cli", "web", "--library", str(library)]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{_PORT}", timeout=60) as client:
            _wait(client)
            yield process, client
    finally:
        process.terminate()
        process.wait(20)


def _wait(client: httpx.Client) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            client.get("/health")
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise TimeoutError("the pages were not served within two minutes")


def _pages(process: subprocess.Popen[bytes], client: httpx.Client) -> Table:
    def times(address: str, rounds: int = _ROUNDS) -> tuple[float, float]:
        """Milliseconds until an answer is there, the least of some rounds, and those of the processor for each."""
        before = _processor(process)
        least = min(_timed(lambda: client.get(address)) for _ in range(rounds))
        return least, (_processor(process) - before) / rounds

    question = "/?q=云溪区2024年新建农村公路多少公里"
    first = times("/reports/1", 1)
    again, marked, plain, asked = map(times, ("/reports/1", "/reports/1?c=2000-2060", "/reports/1/original", question))
    page = client.get("/reports/1")
    whole = sum(len(client.get(one).content) for one in _parts(page.text)) + len(page.content)
    sent = int(client.get("/reports/1", headers={"Accept-Encoding": "gzip"}).headers["content-length"])
    bare = len(client.get("/reports/1/original").content)
    rows = [
        ("baseline: the original as a file", *plain, bare / _KB, 1.0),
        ("report, first visit", *first, whole / _KB, ratio(first[0], plain[0])),
        ("report, again", *again, whole / _KB, ratio(again[0], plain[0])),
        ("report, a passage marked", *marked, whole / _KB, ratio(marked[0], plain[0])),
        ("a question answered", *asked, len(client.get(question).content) / _KB, ratio(asked[0], plain[0])),
    ]
    return Table(
        f"Pages over a report of {_CHARACTERS} characters",
        (
            Column("page"),
            Column("time", ".1f", "ms"),
            Column("processor", ".1f", "ms"),
            Column("with style and scripts", ".0f", "KB"),
            Column("/ file", ".1f"),
        ),
        rows,
        [
            f"goal: a first visit under {_GOAL_MS} ms and {_GOAL_KB} KB in all; here {first[0]:.1f} ms, {whole / _KB:.0f} KB,"
            f" of which the page itself is sent in {sent / _KB:.0f} KB",
        ],
    )


def _parts(page: str) -> list[str]:
    """The style and the scripts that a page names."""
    return re.findall(r'(?:href|src)="(/static/[^"]+)"', page)


def _timed(work: Callable[[], httpx.Response]) -> float:
    started = time.perf_counter()
    work().raise_for_status()
    return 1000 * (time.perf_counter() - started)


def _processor(process: subprocess.Popen[bytes]) -> float:
    """Milliseconds that a process has had of the processor, counted by the system in hundredths of a second."""
    fields = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(process: subprocess.Popen[bytes]) -> Table:
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    resident = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")) / 1024
    return Table(
        "Memory of the process that serves the pages",
        (Column("what"), Column("resident", ".0f", "MB")),
        [("after the pages above", resident)],
        [f"goal: bot and pages together under {_GOAL_MB} MB"],
    )
