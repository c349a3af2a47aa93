"""Thousands of operations on one library by several processes at once, beside a model of it in plain Python.

``python tests/mixed_operations.py [OPERATIONS [PROCESSES [SEED]]]``. Each process has places of its own, so that it knows what
every operation comes to; a round is a hundred operations, in some of which one process is killed. After each round ``verify``
is to be clean, the reports are to be those of the model, and the answers those that the model gives.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from invented import CountingEmbedder, two_chapters
from kill_points import in_child, load_ahead

from retrieval.answers.answerer import Answerer
from retrieval.errors import ConflictingReport, DuplicateReport, ReportBotError
from retrieval.ingest.adding import Decision, Original
from retrieval.library import Library
from retrieval.storage.backup import write_backup

STEMS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳"
ROUND = 100
_KILLED_IN = 0.6  # of the rounds
_KINDS = {
    "ask": 30,
    "add": 22,
    "remove": 14,
    "replace": 12,
    "edit": 8,
    "undo": 6,
    "restart": 4,
    "list": 3,
    "backup": 0.5,
    "rebuild": 0.3,
}
Place = dict[str, Any]  # what there is of a place: ``report`` and what was ``removed``, each None or id, target and title


def text_of(place: str, target: str) -> str:
    review = f"2024年，地区生产总值完成{len(target) + 10}.5亿元，增长5.1%。工业、农业都有新的进步。"
    return two_chapters(review, f"2025年主要预期目标是：地区生产总值增长{target}左右。", place)


def revised(place: str, target: str) -> str:
    return f"{place}报告（修订{target}）"


class Wrong(Exception):
    """The library says otherwise than the model."""


class Worker:
    """A process that works on its own places, and writes down what it is about to do, and what it did."""

    def __init__(self, folder: Path, log: Path, places: dict[str, Place], seed: str) -> None:
        self._folder = folder
        self._log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._places = places
        self._random = random.Random(seed)
        self._library = Library.open(folder, CountingEmbedder())
        self._answerer = Answerer(self._library)

    def work(self, operations: int) -> None:
        for _ in range(operations):
            kind = self._random.choices(list(_KINDS), list(_KINDS.values()))[0]
            place = self._random.choice(list(self._places))
            target = f"{self._random.randrange(20, 99) / 10}%"
            self._write({"begin": kind, "place": place, "target": target})
            getattr(self, f"_{kind}")(place, target)
            self._write({"end": kind, "place": place, "now": self._places[place]})
        self._library.close()

    def _write(self, line: dict[str, Any]) -> None:
        os.write(self._log, json.dumps(line, ensure_ascii=False).encode() + b"\n")

    def _add(self, place: str, target: str, replace: int | None = None) -> None:
        original = Original.read(text_of(place, target).encode(), f"{place}.txt")
        outcome = self._library.add_part(original, 1, Decision({}, replace))
        held = self._places[place]["report"]
        there = "duplicate" if held and held["target"] == target else "conflict"
        expected = "added" if held is None or replace is not None else there
        if outcome.outcome != expected:
            raise Wrong(f"adding {place}: {outcome.outcome} instead of {expected}")
        if outcome.outcome == "added":
            self._places[place]["report"] = {"id": outcome.report.id, "target": target, "title": outcome.report.title}

    def _replace(self, place: str, target: str) -> None:
        held = self._places[place]["report"]
        self._add(place, target, held["id"] if held else None)

    def _remove(self, place: str, target: str) -> None:
        held = self._places[place]["report"]
        if held is not None:
            self._library.remove([held["id"]], undoable=True)
            self._places[place] = {"report": None, "removed": held}

    def _undo(self, place: str, target: str) -> None:
        removed = self._places[place]["removed"]
        if removed is None:
            return
        try:
            self._library.restore(removed["id"])
        except (ConflictingReport, DuplicateReport):
            if self._places[place]["report"] is None:
                raise
            return
        if self._places[place]["report"] is not None:
            raise Wrong(f"{place} was brought back beside another report")
        self._places[place] = {"report": removed, "removed": None}

    def _edit(self, place: str, target: str) -> None:
        held = self._places[place]["report"]
        if held is not None:
            title = revised(place, target)
            self._library.edit(held["id"], {"title": title})
            self._places[place]["report"] = {**held, "title": title}

    def _ask(self, place: str, target: str) -> None:
        check_answer(self._answerer, place, self._places[place])

    def _list(self, place: str, target: str) -> None:
        check_reports(self._library, self._places)

    def _restart(self, place: str, target: str) -> None:
        self._library.close()
        self._library = Library.open(self._folder, CountingEmbedder())
        self._answerer = Answerer(self._library)

    def _backup(self, place: str, target: str) -> None:
        write_backup(self._folder, self._folder.with_name(f"{place}.zip"))

    def _rebuild(self, place: str, target: str) -> None:
        self._library.rebuild()


def check_answer(answerer: Answerer, place: str, held: Place) -> None:
    reply = answerer.ask([f"{place}2025年GDP目标是多少"])
    report = held["report"]
    right = reply.status == "not_found" if report is None else f"{report['target']}左右" in reply.answer
    if not right:
        raise Wrong(f"{place}: {reply.status} {reply.answer!r} instead of {report}")


def check_reports(library: Library, places: dict[str, Place]) -> None:
    held = {(one.id, one.title) for one in library.reports() if one.place in places}
    expected = {(one["report"]["id"], one["report"]["title"]) for one in places.values() if one["report"]}
    if held != expected:
        raise Wrong(f"{held} instead of {expected}")


@dataclass
class Run:
    """Rounds over one library; ``counted`` are the operations that were done, by kind."""

    base: Path
    processes: int
    seed: int
    places: dict[str, Place] = field(default_factory=dict)
    counted: Counter[str] = field(default_factory=Counter)
    kills: int = 0
    rounds: int = 0

    def __post_init__(self) -> None:
        each = len(STEMS) // max(self.processes, 4)
        self._owned = [[f"{stem}溪镇" for stem in STEMS[n * each : (n + 1) * each]] for n in range(self.processes)]
        self.places = {place: {"report": None, "removed": None} for owned in self._owned for place in owned}
        self.folder = self.base / "library"

    def round(self) -> None:
        """A hundred operations, and what is to hold afterwards. Raises Wrong."""
        self.rounds += 1
        random_ = random.Random(f"{self.seed} {self.rounds}")
        workers = {self._start(number): number for number in range(self.processes)}
        killed = random_.choice(list(workers)) if random_.random() < _KILLED_IN else None
        if killed is not None:
            time.sleep(random_.random() * 0.4)
            os.kill(killed, signal.SIGKILL)
        failed = []
        for child, number in workers.items():
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            self.kills += code == -signal.SIGKILL
            if code not in (0, -signal.SIGKILL if child == killed else 0):
                failed.append((self._log(number).with_suffix(".error")).read_text(encoding="utf-8"))
        if failed:
            raise Wrong("\n".join(failed))
        status, told = in_child(self._settle)
        if status != 0:
            raise Wrong(f"round {self.rounds} (seed {self.seed}): {told}")
        self.places, counted = told
        self.counted.update(counted)

    def _log(self, number: int) -> Path:
        return self.base / f"worker{number}.log"

    def _start(self, number: int) -> int:
        """A forked worker."""
        log = self._log(number)
        log.unlink(missing_ok=True)
        child = os.fork()
        if child:
            return child
        try:
            places = {place: self.places[place] for place in self._owned[number]}
            Worker(self.folder, log, places, f"{self.seed} {self.rounds} {number}").work(ROUND // self.processes)
            os._exit(0)
        except BaseException as error:
            said = error.user_message if isinstance(error, ReportBotError) else ""
            log.with_suffix(".error").write_text(f"worker {number}: {error!r} {said}", encoding="utf-8")
            os._exit(1)

    def _settle(self) -> tuple[dict[str, Place], Counter[str]]:
        """The model after a round, and what was done; a killed worker's last operation was done or not. Raises Wrong."""
        library = Library.open(self.folder, CountingEmbedder())
        places, counted = dict(self.places), Counter[str]()
        for number in range(self.processes):
            log = self._log(number)
            lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()] if log.exists() else []
            for line in lines:
                if "end" in line:
                    places[line["place"]] = line["now"]
                    counted[line["end"]] += 1
            if lines and "begin" in lines[-1]:
                places[lines[-1]["place"]] = self._either(library, places[lines[-1]["place"]], lines[-1])
        for place in places.values():
            place["removed"] = None  # it can be brought back for ten minutes only
        problems = library.verify()
        if problems:
            raise Wrong(f"verify: {problems}")
        if len(library.reports()) != sum(one["report"] is not None for one in places.values()):
            raise Wrong(f"{len(library.reports())} reports")
        check_reports(library, places)
        answerer = Answerer(library)
        for place, held in places.items():
            check_answer(answerer, place, held)
        left = [path.name for path in self.folder.rglob("*.part")]
        if left:
            raise Wrong(f"left behind: {left}")
        library.close()
        return places, counted

    def _either(self, library: Library, before: Place, begun: dict[str, Any]) -> Place:
        """What there is of the place that a killed worker was at: as before, or as it was to be. Raises Wrong."""
        place, held = begun["place"], before["report"]
        (now,) = [one for one in library.reports() if one.place == place] or [None]
        intended = {
            "add": now and {"id": now.id, "title": now.title, "target": begun["target"]},
            "replace": now and {"id": now.id, "title": now.title, "target": begun["target"]},
            "edit": held and {**held, "title": revised(place, begun["target"])},
            "undo": before["removed"] or held,
            "remove": None,
        }.get(begun["begin"], held)
        for report in (held, intended):
            if (now is None) == (report is None) and (
                now is None
                or (
                    (now.id, now.title) == (report["id"], report["title"])
                    and library.text(now.id).strip() == text_of(place, report["target"]).strip()
                )
            ):
                return {"report": report, "removed": None}
        raise Wrong(f"{place} is neither {held} nor {intended}, killed in {begun['begin']}: {now}")


def run(base: Path, operations: int, processes: int, seed: int, say: Any = None) -> Run:
    """Rounds until ``operations`` are done. Raises Wrong."""
    load_ahead()
    whole = Run(base, processes, seed)
    while sum(whole.counted.values()) < operations:
        whole.round()
        if say:
            say(whole)
    return whole


def main() -> int:
    operations, processes, seed = (int(one) for one in [*sys.argv[1:], *("10000", "4", "1")[len(sys.argv) - 1 :]])
    base = Path(tempfile.mkdtemp(prefix="reportbot-mixed-"))
    started = time.monotonic()

    def say(whole: Run) -> None:
        if whole.rounds % 10 == 0:
            done = sum(whole.counted.values())
            print(f"{time.monotonic() - started:6.0f} s  {done} operations, {whole.kills} kills", flush=True)

    try:
        whole = run(base, operations, processes, seed, say)
    except Wrong as error:
        print(f"seed {seed}: {error}\n{base} is left for looking at", file=sys.stderr)
        return 1
    shutil.rmtree(base)
    kinds = ", ".join(f"{kind} {count}" for kind, count in whole.counted.most_common())
    print(f"{sum(whole.counted.values())} operations by {processes} processes, seed {seed}: {kinds}")
    print(f"{whole.kills} processes killed; verify clean after each of {whole.rounds} rounds; every answer that of the model")
    return 0


if __name__ == "__main__":
    sys.exit(main())
