"""Nothing is lost, wherever an operation is killed, and whatever the disk refuses it: see :mod:`kill_points`.

Here every so manieth step is tried, from one that differs from operation to operation; ``make soak`` tries them all.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from invented import CountingEmbedder, two_chapters
from kill_points import OPERATIONS

from retrieval.answers.answerer import Answerer
from retrieval.errors import BackupFailed, ReportBotError, StorageFailed, UpgradeNeedsBackup
from retrieval.library import Library
from retrieval.storage.backup import write_backup

ROOT = Path(__file__).parents[3]
EVERY = int(os.environ.get("KILL_POINTS_EVERY", "25"))
Walk = Callable[[str, str, int], dict[str, Any]]


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    folder = tmp_path_factory.mktemp("walks") / "base"
    memory = Path("/dev/shm")  # what is killed is a process and not the machine: no need to wait for a disk
    if os.access(memory, os.W_OK):
        folder = Path(tempfile.mkdtemp(prefix="reportbot-walks-", dir=memory)) / "base"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
    command = [sys.executable, str(ROOT / "tests" / "kill_points.py"), str(folder)]
    log = (tmp_path_factory.mktemp("log") / "walks.log").open("wb")
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, env=environment, text=True
    ) as driver:
        assert driver.stdin is not None
        assert driver.stdout is not None

        def ask(operation: str, fault: str, every: int) -> dict[str, Any]:
            first = 1 + zlib.crc32(f"{operation} {fault}".encode()) % every
            driver.stdin.write(json.dumps({"operation": operation, "fault": fault, "first": first, "every": every}) + "\n")
            driver.stdin.flush()
            return json.loads(driver.stdout.readline())

        yield ask
        driver.stdin.close()
    shutil.rmtree(folder, ignore_errors=True)
    if folder.is_relative_to(memory):
        folder.parent.rmdir()


def told(walked: dict[str, Any]) -> str:
    return "\n".join(walked["failures"])


@pytest.mark.parametrize("operation", OPERATIONS)
def test_killed_at_a_step(walk: Walk, operation):
    walked = walk(operation, "kill", EVERY)
    assert walked["failed"] == 0, told(walked)
    assert walked["runs"] > 0
    if os.environ.get("KILL_POINTS_EVERY"):
        print(f"\nkill: {operation}: {walked['runs']} steps")


@pytest.mark.parametrize("fault", ["EIO", "ENOSPC"])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_refused_by_the_disk_at_a_step(walk: Walk, operation, fault):
    """What fails is told in a sentence, and what can go on without it goes on."""
    walked = walk(operation, fault, EVERY if EVERY == 1 else 3 * EVERY)
    assert walked["failed"] == 0, told(walked)
    if os.environ.get("KILL_POINTS_EVERY"):
        print(f"\n{fault}: {operation}: {walked['runs']} steps: {walked['errors']}")


# -- a database that may not grow ------------------------------------------------------------------------------------------


CHANGES: dict[str, Callable[[Library, Path], object]] = {
    "add": lambda library, file: list(library.add([file])),
    "replace": lambda library, file: list(library.add([file], replace=1)),
    "edit": lambda library, file: library.edit(1, {"plan_year": 2027}),
    "remove": lambda library, file: library.remove([1], undoable=True),
    "rebuild": lambda library, file: library.rebuild(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_disk_is_full_so_many_pages_later(library: Library, tmp_path: Path, change):
    """SQLite itself runs out of room, at whatever page."""
    file = tmp_path / "long.txt"
    file.write_text(two_chapters("完成工业投资3亿元，增长5%。\n" * 200, "粮食总产量达到2万吨。", "青禾镇"), encoding="utf-8")
    reports = [(one.id, one.title) for one in library.reports()]
    pages = library.store.db.execute("pragma page_count").fetchone()[0]
    refused: list[str] = []
    for more in range(0, 400, 7):
        library.store.db.execute(f"pragma max_page_count = {pages + more}")
        try:
            CHANGES[change](library, file)
            break
        except StorageFailed as error:
            refused.append(error.user_message)
        assert [(one.id, one.title) for one in library.reports()] == reports
        assert library.verify() == []
    library.store.db.execute("pragma max_page_count = 1073741823")
    assert library.verify() == []
    assert all("磁盘已满" in one for one in refused)
    assert refused or change in ("edit", "remove")  # these find room in what they free


# -- a folder that may not be written ------------------------------------------------------------------------------------------


@pytest.fixture
def read_only(built: Path) -> Iterator[Path]:
    """A library in a folder that whoever we are (root in a container, too) may only read."""
    folder = Path(tempfile.mkdtemp(prefix="reportbot-read-only-"))
    shutil.copytree(built, folder / "library")
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield folder / "library"
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755)
    shutil.rmtree(folder)


def as_nobody(work: Callable[[], str]) -> str:
    """What ``work`` gives in a process without root's privilege to write everything."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        said = "it ended otherwise"
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
            said = work()
        except BaseException as error:
            said = f"failed: {error!r}"
        finally:
            os.write(writing, said.encode())
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode()
    os.waitpid(child, 0)
    return said


def test_a_read_only_library_answers_and_refuses_changes_in_one_sentence(read_only: Path, small_library: Library):
    Answerer(small_library).ask(["云溪镇2025年GDP目标是多少"])  # what this loads, nobody might not be able to load
    before = {one: one.stat().st_mtime for one in read_only.rglob("*")}

    def work() -> str:
        library = Library.open(read_only, CountingEmbedder())
        said = [Answerer(library).ask(["云溪镇2025年GDP目标是多少"]).answer]
        for change in (lambda: library.remove([1]), lambda: library.edit(1, {"title": "新"}), library.rebuild):
            try:
                change()
            except ReportBotError as error:
                said.append(error.user_message)
        return "\n".join(said)

    answer, *refusals = as_nobody(work).split("\n")
    assert "6%左右" in answer
    assert len(refusals) == 3
    assert all("没有写入权限" in one for one in refusals)
    assert {one: one.stat().st_mtime for one in read_only.rglob("*")} == before


def test_a_read_only_library_is_backed_up_elsewhere_and_not_into_itself(read_only: Path):
    elsewhere = Path(tempfile.mkdtemp(prefix="reportbot-elsewhere-"))
    elsewhere.chmod(0o777)

    def work() -> str:
        made = write_backup(read_only, elsewhere / "a.zip")
        try:
            write_backup(read_only, read_only / "a.zip")
        except BackupFailed as error:
            return f"{made.reports} {error.user_message}"
        return "written"

    said = as_nobody(work)
    shutil.rmtree(elsewhere)
    assert said.startswith("3 ")
    assert "没有写入权限" in said


def test_an_old_library_is_not_upgraded_where_its_backup_can_not_be_written(tmp_path: Path):
    with zipfile.ZipFile(ROOT / "tests" / "old_libraries" / "0003.zip") as archive:
        archive.extractall(tmp_path / "old")
    before = (tmp_path / "old" / "library.db").read_bytes()
    (tmp_path / "file").write_text("x")
    with pytest.raises(UpgradeNeedsBackup):
        Library.open(tmp_path / "old", CountingEmbedder(), backups=tmp_path / "file" / "backups")
    assert (tmp_path / "old" / "library.db").read_bytes() == before
