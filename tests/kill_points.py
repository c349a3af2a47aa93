"""Walks through an operation and stops it at every step: killed, or refused what it asks of the disk.

``python kill_points.py FOLDER`` reads one request a line, ``{"operation", "fault", "first", "every"}``, and answers each with one line.
It is a process of its own without threads or open databases, and forks for every run: what was imported and warmed once is
there at once, and a killed child leaves nothing behind but its files.

A step is a statement of SQLite (several equal ones after another count once), a thousandfold of its virtual machine's
instructions inside of one, a write, a rename, a deletion, a new folder, or forcing to disk; no product code knows of it.
"""

from __future__ import annotations

import builtins
import errno
import gc
import hashlib
import io
import json
import os
import shutil
import signal
import sqlite3
import sys
import traceback
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import faiss
import numpy
from invented import CountingEmbedder, two_chapters
from sqlite_utils import Database

from bot.conversation.drafts import Draft, Drafts
from bot.conversation.state import open_state, state_failures_named
from retrieval.errors import ReportBotError
from retrieval.ingest.adding import Decision, Original
from retrieval.ingest.understanding import read_reports, understand_report
from retrieval.language.tokens import dictionary_version
from retrieval.library import Library, restore_backup
from retrieval.models import Report
from retrieval.reading.raw import RawText
from retrieval.storage import database, undo
from retrieval.storage.backup import write_backup
from retrieval.storage.backup_folder import backup_folder, backups_in
from retrieval.storage.damage import failures_named
from retrieval.storage.restoring import staging_of

OLD = Path(__file__).parent / "old_libraries"
_INSTRUCTIONS = 20_000
_NOT_OPENED = "it can't be opened"
_OS_CALLS = ("replace", "rename", "unlink", "remove", "mkdir", "rmdir", "fsync", "truncate")
REFUSALS = {"EIO": errno.EIO, "ENOSPC": errno.ENOSPC, "EROFS": errno.EROFS}
_SAID_BY_SQLITE = {"EIO": "disk I/O error", "ENOSPC": "database or disk is full", "EROFS": "attempt to write a readonly database"}


# -- the steps ------------------------------------------------------------------------------------------------------------


class Steps:
    """Counts the steps of this process, and acts at the one that is due."""

    def __init__(self, due: int, fault: str) -> None:
        self.due = due
        self.fault = fault
        self.count = 0
        self.reached = ""
        self._last_statement = ""

    def step(self, what: str, refusal: Callable[[str], Exception] | None) -> None:
        if self.fault != "kill" and refusal is None:
            return
        self.count += 1
        if self.count != self.due:
            return
        self.reached = what
        if self.fault == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        assert refusal is not None
        raise refusal(self.fault)

    def statement(self, sql: str) -> None:
        if sql != self._last_statement:
            self._last_statement = sql
            self.step(sql.strip()[:60], lambda fault: sqlite3.OperationalError(_SAID_BY_SQLITE[fault]))

    def file(self, what: str) -> None:
        self._last_statement = ""
        self.step(what, lambda fault: OSError(REFUSALS[fault], os.strerror(REFUSALS[fault])))


class _Watched:
    """A file that is written."""

    def __init__(self, file: Any, steps: Steps) -> None:
        self._file, self._steps = file, steps

    def write(self, data: Any) -> Any:
        self._steps.file("write")
        return self._file.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> _Watched:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def watch(steps: Steps) -> None:
    """Puts the steps in the way of this process."""
    for name in _OS_CALLS:
        setattr(os, name, _counted(steps, name, getattr(os, name)))
    really_open = io.open

    def open_(file: Any, mode: str = "r", *more: Any, **options: Any) -> Any:
        opened = really_open(file, mode, *more, **options)
        return _Watched(opened, steps) if {*mode} & {*"wax+"} else opened

    io.open = builtins.open = open_
    write_index = faiss.write_index

    def written(*arguments: Any) -> None:
        steps.file("write an index")
        write_index(*arguments)
        steps.file("an index is written")

    faiss.write_index = written

    class Connection(sqlite3.Connection):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self.set_progress_handler(lambda: steps.step("inside of a statement", None), _INSTRUCTIONS)

        def execute(self, sql: str, *more: Any) -> sqlite3.Cursor:
            steps.statement(sql)
            return super().execute(sql, *more)

        def executemany(self, sql: str, *more: Any) -> sqlite3.Cursor:
            steps.statement(sql)
            return super().executemany(sql, *more)

        def backup(self, *arguments: Any, **options: Any) -> None:
            steps.statement("backup")
            super().backup(*arguments, **options)

    connect = sqlite3.connect
    sqlite3.connect = lambda *arguments, **options: connect(*arguments, **{"factory": Connection, **options})


def _counted(steps: Steps, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def counted(*arguments: Any, **options: Any) -> Any:
        steps.file(name)
        return function(*arguments, **options)

    return counted


# -- the operations ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Operation:
    """``whole``: all of it or nothing, where the others are so report by report. ``template`` is what it begins with."""

    run: Callable[[Path], object]
    whole: bool = True
    template: str = "library"


def _with(change: Callable[[Library], object]) -> Callable[[Path], None]:
    def run(folder: Path) -> None:
        with failures_named(folder):  # as each front end does
            library = Library.open(folder, CountingEmbedder())
            try:
                change(library)
            finally:
                library.close()

    return run


def _files(folder: Path) -> Path:
    return folder.parent / "files"


def _add(library: Library) -> None:
    list(library.add([_files(library.folder) / "pair.txt"]))


def _replace(library: Library) -> None:
    list(library.add([_files(library.folder) / "reworded.txt"], replace=1))


def _forget(library: Library) -> None:
    undo._limit = lambda: "9999"
    library.forget_removed()


def _heal(library: Library) -> None:
    library.keep_up()
    library.nearest(library.embedder.embed_query("增"), 5)


def _junk(folder: Path) -> None:
    for path in folder.glob("index.*"):
        path.write_bytes(path.read_bytes()[:100])


def _drafts(folder: Path) -> Drafts:
    return Drafts(open_state(folder / "telegram" / "1.db"), folder / "telegram" / "drafts")


def _send(folder: Path) -> None:
    """A file comes to the chat, of which there is a draft already."""
    path = _files(folder) / "pair.txt"
    with state_failures_named(folder / "telegram" / "1.db"):
        _drafts(folder).create(7, 7, Original.read(path.read_bytes(), path.name))


def _add_from_the_chat(folder: Path) -> None:
    """A bot starts, and what was sent is decided on: what had not been is added, what is there already is let go."""
    with failures_named(folder), state_failures_named(folder / "telegram" / "1.db"):
        drafts = _drafts(folder)
        drafts.interrupted()
        library = Library.open(folder, CountingEmbedder())
        try:
            for draft in undecided(drafts):
                drafts.take(draft.id)
                library.add_part(drafts.original(draft), draft.ordinal, Decision({}))
                drafts.finish(draft.id)
        finally:
            library.close()


def undecided(drafts: Drafts) -> list[Draft]:
    found = [drafts.draft(number) for number in range(1, 9)]
    return [draft for draft in found if draft and draft.state != "done"]


OPERATIONS = {
    "create": Operation(_with(lambda library: list(library.add([_files(library.folder) / "one.txt"]))), False, "nothing"),
    "add": Operation(_with(_add), False),
    "remove": Operation(_with(lambda library: library.remove([1]))),
    "remove several": Operation(_with(lambda library: library.remove([1, 3]))),
    "remove undoable": Operation(_with(lambda library: library.remove([1], undoable=True))),
    "undo": Operation(_with(lambda library: library.restore(1)), template="removed"),
    "forget removed": Operation(_with(_forget), template="removed"),
    "replace": Operation(_with(_replace)),
    "edit": Operation(_with(lambda library: library.edit(2, {"title": "改过的标题", "plan_year": 2026}))),
    "rebuild": Operation(_with(lambda library: library.rebuild())),
    "index": Operation(_with(_heal), template="junk index"),
    "migrate 0001": Operation(_with(lambda _: None), template="0001"),
    "migrate 0003": Operation(_with(lambda _: None), template="0003"),
    "backup": Operation(lambda folder: write_backup(folder, folder.parent / "backup.zip"), template="bot"),
    "restore": Operation(lambda folder: restore_backup(_files(folder) / "other.zip", folder, CountingEmbedder()), template="bot"),
    "restore old": Operation(lambda folder: restore_backup(_files(folder) / "old.zip", folder, CountingEmbedder())),
    "restore new": Operation(
        lambda folder: restore_backup(_files(folder) / "other.zip", folder, CountingEmbedder()), template="nothing"
    ),
    "send to the chat": Operation(_send, template="sent"),
    "add from the chat": Operation(_add_from_the_chat, False, "sent"),
}


def prepare(base: Path) -> None:
    """The libraries that operations begin with, and the files that they use."""
    files = base / "files"
    files.mkdir(parents=True)
    texts = {
        "one": two_chapters("完成工业投资3亿元，增长5%。", "粮食总产量达到2万吨。", "甲溪镇"),
        "two": two_chapters("新建水库2座。", "地区生产总值增长6%左右。", "乙溪镇"),
        "reworded": two_chapters("完成工业投资4亿元，增长6%。", "粮食总产量达到3万吨。", "甲溪镇"),
        "other": two_chapters("新增学校3所。", "城镇新增就业500人以上。", "己溪镇"),
    }
    pairs = [two_chapters("财政收入1亿元。", "财政收入增长5%。" * 12, place) for place in ("丙溪镇", "丁溪镇")]
    texts["old pair"] = "\n".join(pairs)
    texts["pair"] = texts["old pair"].replace("丙溪镇", "戊溪镇").replace("丁溪镇", "庚溪镇")
    for name, text in texts.items():
        (files / f"{name}.txt").write_text(text, encoding="utf-8")
    for name in ("nothing", "library", "removed", "junk index", "bot", "sent", "0001", "0003"):
        (base / name).mkdir()
    library = Library.open(base / "library" / "library", CountingEmbedder())
    outcomes = [one.outcome for one in library.add([files / f"{name}.txt" for name in ("one", "two", "old pair")])]
    assert outcomes == ["added"] * 4, outcomes
    library.close()
    for name in ("removed", "junk index", "bot", "sent"):
        shutil.copytree(base / "library" / "library", base / name / "library")
    _with(lambda library: library.remove([1], undoable=True))(base / "removed" / "library")
    _junk(base / "junk index" / "library")
    open_state(base / "bot" / "library" / "telegram" / "1.db").close()
    os.symlink(files, base / "sent" / "files")
    _send(base / "sent" / "library")
    os.unlink(base / "sent" / "files")
    for name in ("0001", "0003"):
        with zipfile.ZipFile(OLD / f"{name}.zip") as archive:
            archive.extractall(base / name / "library")
    write_backup(base / "0001" / "library", files / "old.zip")
    _with(lambda library: list(library.add([files / "other.txt"])))(base / "another" / "library")
    write_backup(base / "another" / "library", files / "other.zip")


# -- one run ------------------------------------------------------------------------------------------------------------------


def everything_of(library: Library, report: Report) -> tuple[Any, ...]:
    passages = [(one.section, one.start, one.end) for one in library.passages(report.id)]  # replaced again, they get new ids
    derived = (passages, library.outline(report.id), library.figures(report.id))
    return report, library.text(report.id), *derived, library.original(report.id)[1].read_bytes()


def state(folder: Path) -> dict[str, Any]:
    """What a library says of itself when it is opened after whatever happened: problems, and a digest of each report."""
    library = Library.open(folder, CountingEmbedder())
    try:
        reports = {
            str(report.id): hashlib.sha256(repr(everything_of(library, report)).encode()).hexdigest()[:12]
            for report in library.reports()
        }
        kept = [row[0] for row in library.store.db.execute("select report_id from removed_reports")]
        problems = [one for one in library.verify() if "reportbot rebuild" not in one or "分词词典" not in one]
        left = [path.name for path in library.folder.rglob("*.part")]
        return {"problems": [*problems, *_lost_drafts(folder, library)], "reports": reports, "kept": kept, "left": left}
    finally:
        library.close()


def _lost_drafts(folder: Path, library: Library) -> list[str]:
    """What was sent to the chat and neither can be added any more nor is there, or left something behind."""
    if not (folder / "telegram" / "drafts").is_dir():
        return []
    drafts = _drafts(folder)
    lost = []
    for draft in undecided(drafts):
        preview = library.preview(drafts.original(draft), draft.ordinal, draft.corrections)
        if preview.understood.metadata.place not in ("戊溪镇", "庚溪镇"):
            lost.append(f"draft {draft.id} is another report")
    return lost


def in_child(work: Callable[[], Any]) -> tuple[int, Any]:
    """The exit status (or minus the signal) and what ``work`` gave, made in a forked process."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        status = 1
        try:
            given = work()
            status = 0
        except ReportBotError as error:
            given, status = {"error": type(error).__name__, "said": error.user_message}, 3
        except BaseException as error:
            given, status = {"error": repr(error), "at": traceback.format_exc().splitlines()[-8:]}, 4
        finally:
            os.write(writing, json.dumps(given, ensure_ascii=False, default=str).encode()[:60_000])
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), json.loads(told) if told else None


class Walk:
    """Runs of one operation, with one fault at the ``first`` step and at every so manieth after it."""

    _undisturbed: ClassVar[dict[str, tuple[dict[str, Any], dict[str, Any]]]] = {}  # before and after it, by its name

    def __init__(self, base: Path, name: str, fault: str, first: int, every: int) -> None:
        self._base = base
        self._name = name
        self._operation = OPERATIONS[name]
        self._fault = fault
        self._first = first
        self._every = every
        self._failures: list[str] = []
        self._errors: dict[str, int] = {}

    def walk(self) -> dict[str, Any]:
        if self._name not in self._undisturbed:
            self._undisturbed[self._name] = self._before_and_after()
        before, after = self._undisturbed[self._name]
        due, steps = self._first, 0
        while True:
            folder = self._fresh()
            status, told = in_child(lambda: self._run(folder, due))  # noqa: B023
            if status == 0 and told["count"] < due:
                break
            steps += 1
            self._check(f"step {due} ({told and told.get('reached')})", folder, before, after, status, told)
            due += self._every
        return {
            "runs": steps,
            "failures": self._failures[:5],
            "failed": len(self._failures),
            "errors": self._errors,
        }

    def _before_and_after(self) -> tuple[dict[str, Any], dict[str, Any]]:
        before = self._checked(self._fresh())
        folder = self._fresh()
        status, told = in_child(lambda: self._operation.run(folder) and None)
        assert status == 0, told
        after = self._checked(folder)
        for one in (before, after):  # else all that comes after would be as well
            assert not any(_NOT_OPENED in problem for problem in one["problems"]), (self._name, one["problems"])
        return before, after

    def _fresh(self) -> Path:
        run = self._base / "run"
        shutil.rmtree(run, ignore_errors=True)
        shutil.copytree(self._base / self._operation.template, run)
        os.symlink(self._base / "files", run / "files")
        return run / "library"

    def _run(self, folder: Path, due: int) -> dict[str, Any]:
        steps = Steps(due, self._fault)
        watch(steps)
        try:
            self._operation.run(folder)
        except ReportBotError as error:
            return {"count": steps.count, "reached": steps.reached, "said": type(error).__name__}
        return {"count": steps.count, "reached": steps.reached}

    def _checked(self, folder: Path) -> dict[str, Any]:
        status, told = in_child(lambda: state(folder))
        if status != 0:
            return {"problems": [f"{_NOT_OPENED}: {told}"], "reports": {}, "kept": [], "left": []}
        return dict(told)

    def _check(self, step: str, folder: Path, before: dict, after: dict, status: int, told: Any) -> None:
        failures = []
        if self._fault == "kill" and status != -signal.SIGKILL:
            failures.append(f"it was not killed: {status} {told}")
        elif self._fault != "kill" and status != 0:
            failures.append(f"it failed otherwise than by a sentence: {told}")
        elif self._fault != "kill":
            self._errors[told.get("said", "done")] = self._errors.get(told.get("said", "done"), 0) + 1
        failures += self._held(folder, before, after)
        if not failures:  # and it can be done again, with what it comes to when nothing happens
            status, again = in_child(lambda: self._again(folder))
            if status != 0:
                failures.append(f"it can't be done again: {again}")
            elif again != after:
                failures.append(f"done again, it comes to something else: {again} instead of {after}")
            litter = self._litter(folder)
            if self._fault != "kill":  # a deletion that is refused is left to the next backup
                litter = [one for one in litter if not one.endswith(".zip.part")]
            if litter:
                failures.append(f"left behind: {litter}")
        self._failures += [f"{step}: {one}" for one in failures]

    def _again(self, folder: Path) -> dict[str, Any]:
        with suppress(ReportBotError):  # that it has been done
            self._operation.run(folder)
        return state(folder)

    def _held(self, folder: Path, before: dict, after: dict) -> list[str]:
        """What does not hold right after the fault."""
        now = self._checked(folder)
        failures = [f"verify: {one}" for one in now["problems"] if one not in before["problems"]]
        failures += [f"left: {one}" for one in now["left"]]
        if self._operation.whole and now["reports"] not in (before["reports"], after["reports"]):
            failures.append(f"neither as before nor as after: {now['reports']}")
        for report in {*before["reports"], *after["reports"], *now["reports"]}:
            if now["reports"].get(report) not in (before["reports"].get(report), after["reports"].get(report)):
                failures.append(f"report {report} is in between")
        for backup in [*folder.parent.glob("*.zip"), *(one.path for one in backups_in(backup_folder(folder)))]:
            status, told = in_child(lambda: _restorable(backup, folder.parent / "elsewhere"))  # noqa: B023
            if status != 0:
                failures.append(f"{backup.name} can't be restored: {told}")
            shutil.rmtree(folder.parent / "elsewhere", ignore_errors=True)
        return failures

    def _litter(self, folder: Path) -> list[str]:
        found = [path.name for path in folder.parent.rglob("*.part")]
        if self._operation.run is _add_from_the_chat:
            in_child(lambda: _drafts(folder).forget_old())  # as the bot does each hour
            found += [path.name for path in (folder / "telegram" / "drafts").glob("*")]
        return found + ([staging_of(folder).name] if staging_of(folder).exists() else [])


def _restorable(backup: Path, folder: Path) -> int:
    return restore_backup(backup, folder, CountingEmbedder()).reports


def load_ahead() -> None:
    """Loads what every child needs: the cutter's dictionary, word lists, SQLite's helpers."""
    understand_report(read_reports(RawText(two_chapters()))[0], {})
    dictionary_version()
    db = Database(memory=True)
    database.migrations.apply(db)
    db.close()
    numpy.setdiff1d(numpy.arange(3), numpy.arange(2))
    freeze()


def freeze() -> None:
    """Else a child's first collection copies every page that it shares with this process."""
    gc.collect()
    gc.freeze()


def warm_up(base: Path) -> None:
    """Loads ahead what every child needs, what a library is looked through with among it."""
    load_ahead()
    status, told = in_child(lambda: prepare(base))
    assert status == 0, told
    shutil.copytree(base / "library", base / "warm")
    state(base / "warm" / "library")
    freeze()


def main() -> None:
    base = Path(sys.argv[1])
    warm_up(base)
    for line in sys.stdin:
        asked = json.loads(line)
        walked = Walk(base, asked["operation"], asked["fault"], asked["first"], asked["every"]).walk()
        print(json.dumps(walked, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
