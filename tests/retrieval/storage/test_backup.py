"""Backups: what comes back is what was there at one moment; nothing is replaced before all of it is verified."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import bad_inputs
import invented
import pytest
from invented import CountingEmbedder

from bot.cli import main
from bot.conversation.state import open_state
from retrieval.answers.answerer import Answerer
from retrieval.errors import (
    BackupFailed,
    DamagedBackup,
    DamagedLibrary,
    LibraryBusy,
    LibraryInUse,
    MissingLibrary,
    MissingPath,
    NewerBackup,
    NotABackup,
    ReplacedLibrary,
    ReportBotError,
    RestoreFailed,
    UpgradeNeedsBackup,
)
from retrieval.library import Library, restore_backup
from retrieval.storage import backup, restoring
from retrieval.storage.backup import write_backup
from retrieval.storage.backup_folder import backup_folder, backups_in, daily_name, let_go, newest_backup

OLD = sorted((Path(__file__).parents[2] / "old_libraries").glob("*.zip"))
TABLES = ("settings", "documents", "reports", "texts", "sections", "passages", "vectors", "tokens", "figures", "changes")


def content(library: Library) -> dict[str, list]:
    rows = {table: sorted(library.store.db.execute(f"select * from {table}").fetchall(), key=repr) for table in TABLES}
    originals = library.folder / "originals"
    return rows | {"originals": [(path.name, path.read_bytes()) for path in sorted(originals.iterdir())]}


def content_of(folder: Path) -> dict[str, list]:
    library = Library.open(folder, CountingEmbedder(), create=False)
    try:
        assert library.verify() == []
        return content(library)
    finally:
        library.close()


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def restore(file: Path, folder: Path) -> restoring.Restored:
    return restore_backup(file, folder, CountingEmbedder())


@pytest.fixture
def closed(built: Path, tmp_path: Path) -> Path:
    """The folder of a library that nobody has open, in a folder of its own."""
    folder = tmp_path / "here" / "library"
    shutil.copytree(built, folder)
    return folder


@pytest.fixture
def made(closed: Path, tmp_path: Path) -> Path:
    """A backup of it."""
    return write_backup(closed, tmp_path / "made.zip").path


# -- making ---------------------------------------------------------------------------------------------------------------


def test_a_restored_library_is_the_one_that_was_backed_up(library: Library, tmp_path: Path):
    library.edit(2, {"title": "改过的标题"})
    library.remove([3], undoable=True)
    made = write_backup(library.folder, tmp_path / "a.zip")
    assert (made.reports, made.problems, made.size) == (2, [], (tmp_path / "a.zip").stat().st_size)
    restored = restore(made.path, tmp_path / "new")
    assert (restored.reports, restored.kept, restored.problems) == (2, None, [])
    assert content_of(tmp_path / "new") == content(library)
    again = Library.open(tmp_path / "new", CountingEmbedder())
    assert Answerer(again).ask(["云溪镇2025年GDP目标是多少"]).status == "answered"
    assert again.restore(3).place == "松岭区"  # what was removed can still be brought back
    assert again.verify() == []
    again.close()


def test_a_backup_holds_checksums_and_no_index(made: Path, files: Path):
    with zipfile.ZipFile(made) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert {*archive.namelist()} == {*manifest["members"], "manifest.json"}
        assert not any("index" in name for name in archive.namelist())
        for member, said in manifest["members"].items():
            assert hashlib.sha256(archive.read(member)).hexdigest() == said["sha256"]
        assert archive.read("originals/0002-shidu.txt") == (files / "shidu.txt").read_bytes()


def test_what_the_bot_remembers_is_in_it(closed: Path, tmp_path: Path):
    state = open_state(closed / "telegram" / "123.db")
    state.execute("insert into chats values (7, '云溪镇', null)")  # in the journal, not yet in the file
    (closed / "telegram" / "drafts").mkdir()
    (closed / "telegram" / "drafts" / "草稿.txt").write_text("x")
    write_backup(closed, tmp_path / "a.zip")
    state.close()
    restore(tmp_path / "a.zip", tmp_path / "new")
    again = open_state(tmp_path / "new" / "telegram" / "123.db")
    assert again.execute("select default_place from chats").fetchall() == [("云溪镇",)]
    assert (tmp_path / "new" / "telegram" / "drafts" / "草稿.txt").read_text() == "x"
    again.close()


def test_a_backup_is_of_one_moment_while_others_change_the_library(
    open_copy: Callable[..., Library], files: Path, tmp_path: Path, monkeypatch
):
    monkeypatch.setattr(backup, "_PAGES", 5)
    mine, other = open_copy(), open_copy()
    before = content(mine)
    todo = [
        lambda: list(other.add([files / "two_in_one.txt"])),
        lambda: other.remove([1]),
        lambda: other.edit(2, {"title": "新"}),
    ]
    told: list[str] = []

    def change_something(stage: str, done: int, total: int) -> None:
        told.append(stage)
        if todo:
            todo.pop(0)()

    write_backup(mine.folder, tmp_path / "a.zip", change_something)
    assert (todo, {*told}) == ([], {"copying", "packing"})
    assert [one.id for one in mine.reports()] == [2, 3, 4, 5]
    restore(tmp_path / "a.zip", tmp_path / "new")
    assert content_of(tmp_path / "new") == before
    assert mine.verify() != []  # the removed report's original waits for its deletion
    other.edit(2, {"title": "再改"})
    assert mine.verify() == []


def test_an_original_that_has_not_got_its_name_yet_is_in_it(closed: Path, tmp_path: Path):
    expected = content_of(closed)
    for path in (closed / "originals").iterdir():
        path.rename(path.with_name(f"{path.name}.part"))  # as a process killed right after its commit leaves them
    write_backup(closed, tmp_path / "a.zip")
    restore(tmp_path / "a.zip", tmp_path / "new")
    assert content_of(tmp_path / "new") == expected


def test_what_the_library_itself_lacks_is_told_and_restored_as_it_was(closed: Path, tmp_path: Path):
    first, second, _ = sorted((closed / "originals").iterdir())
    first.unlink()
    second.write_text("x")
    made = write_backup(closed, tmp_path / "a.zip")
    assert len(made.problems) == 2
    restored = restore(made.path, tmp_path / "new")
    assert len(restored.problems) == 2
    assert restored.reports == 3


def test_a_backup_of_a_damaged_database_is_refused_and_the_older_one_stays(closed: Path, made: Path):
    before = made.read_bytes()
    database = closed / "library.db"
    size = database.stat().st_size
    with database.open("r+b") as file:
        file.seek(size // 2)
        file.write(b"\xff" * (size // 4))
    with pytest.raises(DamagedLibrary):
        write_backup(closed, made)
    assert made.read_bytes() == before
    assert names_in(made.parent) == ["here", "made.zip"]


def test_a_file_that_is_no_backup_is_not_written_over(closed: Path, tmp_path: Path):
    (tmp_path / "report.docx").write_bytes(b"PK\x03\x04 something else")
    with pytest.raises(NotABackup):
        write_backup(closed, tmp_path / "report.docx")
    assert (tmp_path / "report.docx").read_bytes().endswith(b"else")


def test_no_backup_of_what_is_not_there(tmp_path: Path):
    with pytest.raises(MissingLibrary):
        write_backup(tmp_path / "nowhere", tmp_path / "a.zip")
    assert not (tmp_path / "nowhere").exists()


def test_a_full_disk_leaves_the_older_backup_and_nothing_else(closed: Path, made: Path, monkeypatch):
    before = made.read_bytes()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(backup, "put_in_place", full)
    with pytest.raises(BackupFailed, match="磁盘已满"):
        write_backup(closed, made)
    assert made.read_bytes() == before
    assert names_in(made.parent) == ["here", "made.zip"]


def test_a_broken_off_backup_leaves_nothing(closed: Path, tmp_path: Path):
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_backup(closed, tmp_path / "a.zip", stop)
    assert names_in(tmp_path) == ["here"]


# -- restoring ------------------------------------------------------------------------------------------------------------


def test_the_old_library_is_kept_beside(closed: Path, made: Path):
    changed = Library.open(closed, CountingEmbedder())
    changed.remove([1])
    now = content(changed)
    changed.close()
    restored = restore(made, closed)
    assert restored.kept is not None
    assert restored.kept.parent == closed.parent
    assert len(content_of(closed)["reports"]) == 3
    assert content_of(restored.kept) == now
    assert names_in(closed.parent) == sorted([closed.name, restored.kept.name])


def test_a_library_that_somebody_has_open_is_not_replaced(closed: Path, made: Path):
    code = "import sys, sqlite3; c = sqlite3.connect(sys.argv[1]); c.execute('select * from reports').fetchall();"
    code += "print('open', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", code, str(closed / "library.db")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"open\n"
        before = content_files(closed)
        with pytest.raises(LibraryInUse):
            restore(made, closed)
        assert content_files(closed) == before
        other.stdin.close()
    assert names_in(closed.parent) == ["library"]
    assert restore(made, closed).reports == 3


def content_files(folder: Path) -> dict[str, bytes]:
    return {name: data for name, data in files_of(folder).items() if not name.endswith((".lock", "-shm"))}


@pytest.mark.parametrize("name", ["telegram/0123.lock", "library.lock"])
def test_a_library_that_a_bot_or_an_adding_has_locked_is_not_replaced(closed: Path, made: Path, name):
    from filelock import FileLock

    (closed / "telegram").mkdir(exist_ok=True)
    with FileLock(closed / name), pytest.raises(LibraryInUse):
        restore(made, closed)
    assert names_in(closed.parent) == ["library"]


def test_a_damaged_library_is_replaced(closed: Path, made: Path):
    (closed / "library.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    restored = restore(made, closed)
    assert (restored.kept / "library.db").read_bytes().endswith(b"\xff")
    assert len(content_of(closed)["reports"]) == 3


def test_any_damage_of_a_backup_is_seen_before_anything_is_replaced(closed: Path, made: Path, tmp_path: Path):
    good, before, random_ = made.read_bytes(), content_files(closed), random.Random(6)
    for number in range(40):
        spoilt = bytearray(good)
        if number % 4 == 0:
            del spoilt[random_.randrange(len(good)) :]
        else:
            where = random_.randrange(len(good) - 8)
            spoilt[where : where + 8] = random_.randbytes(8)
        path = tmp_path / "spoilt.zip"
        path.write_bytes(spoilt)
        try:
            restored = restore(path, tmp_path / f"new{number}")
        except (DamagedBackup, NotABackup, NewerBackup):
            assert not (tmp_path / f"new{number}").exists()
        else:  # a byte that says nothing: a date, a version
            assert restored.problems == []
            assert content_of(tmp_path / f"new{number}") == content_of(closed)
        if number == 0:
            with pytest.raises(ReportBotError):
                restore(path, closed)
    assert content_files(closed) == before


def test_what_was_never_a_backup_is_told(closed: Path, tmp_path: Path):
    (tmp_path / "text.txt").write_text("一份报告")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("a.txt", "x")
    for name in ("text.txt", "other.zip"):
        with pytest.raises(NotABackup):
            restore(tmp_path / name, closed)
    with pytest.raises(MissingPath):
        restore(tmp_path / "nowhere.zip", closed)


def rewritten(made: Path, target: Path, change: Callable[[dict, dict[str, bytes]], None]) -> Path:
    """A backup changed by somebody who knows how they are made: its checksums are right."""
    with zipfile.ZipFile(made) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(members.pop("manifest.json"))
    change(manifest, members)
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
        archive.writestr("manifest.json", json.dumps(manifest))
    return target


def entry(data: bytes, **more: object) -> dict[str, object]:
    return {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data), **more}


def put(member: str, data: bytes = b"x", **more: object) -> Callable[[dict, dict[str, bytes]], None]:
    def change(manifest: dict, members: dict[str, bytes]) -> None:
        manifest["members"][member] = entry(data, **more)
        members[member] = data

    return change


def drop_an_original(manifest: dict, members: dict[str, bytes]) -> None:
    del manifest["members"]["originals/0001-yunxi.txt"], members["originals/0001-yunxi.txt"]


def lie_about_a_size(manifest: dict, members: dict[str, bytes]) -> None:
    manifest["members"]["originals/0001-yunxi.txt"]["size"] -= 1


HOSTILE = {
    "climbing": put("originals/a", **{"as": "../../evil"}),
    "absolute": put("originals/a", **{"as": "/tmp/evil"}),
    "dots": put("originals/a", **{"as": ".."}),
    "backslash": put("originals/a", **{"as": "..\\evil"}),
    "control characters": put("originals/a", **{"as": "evil\n.txt"}),
    "no name": put("originals/a"),
    "a lock": put("telegram/1.lock"),
    "climbing member": put("telegram/../../evil.db"),
    "elsewhere": put("evil.txt"),
    "twice": put("originals/a", **{"as": "x.txt"}),
    "an original is missing": drop_an_original,
    "larger than it says": lie_about_a_size,
    "a member not named": lambda manifest, members: members.update({"originals/b": b"x"}),
    "a member not there": lambda manifest, members: manifest["members"].update({"originals/b": entry(b"")}),
    "no number": lambda manifest, members: manifest["members"]["library.db"].update(size="5"),
    "a size below nothing": lambda manifest, members: manifest["members"]["originals/0001-yunxi.txt"].update(size=-4),
    "members that are no list": lambda manifest, members: manifest.update(members=[[]] * 1000),
    "no database": lambda manifest, members: [manifest["members"].pop("library.db"), members.pop("library.db")],
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_backup_writes_nothing_anywhere(made: Path, tmp_path: Path, kind):
    def change(manifest: dict, members: dict[str, bytes]) -> None:
        HOSTILE[kind](manifest, members)
        if kind == "twice":
            put("originals/b", **{"as": "x.txt"})(manifest, members)

    path = rewritten(made, tmp_path / "hostile.zip", change)
    with pytest.raises(DamagedBackup):
        restore(path, tmp_path / "new")
    assert names_in(tmp_path) == ["here", "hostile.zip", "made.zip"]


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@pytest.mark.parametrize("member", ["manifest.json", "library.db"])
def test_what_unfolds_whole_is_refused(made: Path, tmp_path: Path, packing: int, member: str):
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(tmp_path / "other.zip", "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name), packing if name == member else zipfile.ZIP_STORED)
    with pytest.raises(DamagedBackup):
        restore(tmp_path / "other.zip", tmp_path / "new")


def test_a_directory_of_millions_of_entries_is_refused_before_it_is_read(tmp_path: Path, monkeypatch):
    (tmp_path / "many.zip").write_bytes(bad_inputs.entries(1_500_000))
    monkeypatch.setattr(zipfile, "ZipFile", lambda *_: pytest.fail("its directory was read"))
    with pytest.raises(DamagedBackup):
        restore(tmp_path / "many.zip", tmp_path / "new")


def test_a_newer_backup_is_refused(made: Path, tmp_path: Path):
    path = rewritten(made, tmp_path / "a.zip", lambda manifest, _: manifest.update(schema="9999_from_the_future"))
    with pytest.raises(NewerBackup, match="9999_from_the_future"):
        restore(path, tmp_path / "new")
    path = rewritten(made, tmp_path / "a.zip", lambda manifest, _: manifest.update(format=2))
    with pytest.raises(NewerBackup):
        restore(path, tmp_path / "new")


def test_a_backup_larger_than_the_disk_is_refused(made: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(100, 90, 10))
    with pytest.raises(RestoreFailed, match="磁盘已满"):
        restore(made, tmp_path / "new")
    assert names_in(tmp_path) == ["here", "made.zip"]


def test_what_was_killed_between_the_renames_is_finished_by_the_next_opener(closed: Path, made: Path, monkeypatch):
    class Killed(BaseException):
        pass

    rename, renamed = os.rename, []

    def once(old: Path, new: Path) -> None:
        if renamed:
            raise Killed
        renamed.append(rename(old, new))

    monkeypatch.setattr(restoring.os, "rename", once)
    with pytest.raises(Killed):
        restore(made, closed)
    monkeypatch.setattr(restoring.os, "rename", rename)
    assert not closed.exists()
    assert len(content_of(closed)["reports"]) == 3
    assert not restoring.staging_of(closed).exists()


@pytest.fixture
def volume(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, as a container's volume is."""
    folder = tmp_path / "volume"
    folder.mkdir()
    if shutil.which("mount") is None or subprocess.run(["mount", "-t", "tmpfs", "none", str(folder)], check=False).returncode:
        pytest.skip("nothing can be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_library_in_a_volume_is_replaced_and_the_old_one_kept_in_it(closed: Path, made: Path, volume: Path):
    """As ``compose.yaml`` has it: the volume is one level above the library."""
    inside = shutil.copytree(closed, volume / "library")
    now = content_of(inside)
    restored = restore(made, inside)
    assert restored.kept is not None
    assert restored.kept.parent == volume
    assert content_of(restored.kept) == now
    assert names_in(volume) == sorted(["library", restored.kept.name])


def test_a_library_that_is_a_volume_itself_stays_as_it_is_and_the_way_out_is_told(closed: Path, made: Path, volume: Path):
    shutil.copytree(closed, volume, dirs_exist_ok=True)
    before, beside = content_of(volume), names_in(volume.parent)
    with pytest.raises(RestoreFailed, match=r"挂载点.*上一级"):
        restore(made, volume)
    assert content_of(volume) == before
    assert names_in(volume.parent) == beside


def test_a_folder_that_is_busy_is_no_failing_disk(closed: Path, made: Path, monkeypatch):
    def busy(old: Path, new: Path) -> None:
        raise OSError(errno.EBUSY, "busy")

    before = content_of(closed)
    monkeypatch.setattr(restoring.os, "rename", busy)
    with pytest.raises(RestoreFailed, match="挂载点"):
        restore(made, closed)
    assert content_of(closed) == before
    assert names_in(closed.parent) == ["library"]


def test_a_failing_second_rename_brings_the_old_library_back(closed: Path, made: Path, monkeypatch):
    rename, before = os.rename, content_of(closed)

    def failing(old: Path, new: Path) -> None:
        if Path(old) == restoring.staging_of(closed):
            raise OSError(errno.EIO, "no")
        rename(old, new)

    monkeypatch.setattr(restoring.os, "rename", failing)
    with pytest.raises(RestoreFailed):
        restore(made, closed)
    assert names_in(closed.parent) == ["library"]
    assert content_of(closed) == before


def test_two_restores_at_once(made: Path, tmp_path: Path, monkeypatch):
    def second(*_: object) -> None:
        with pytest.raises(LibraryBusy):
            restore(made, tmp_path / "new")

    assert restore_backup(made, tmp_path / "new", CountingEmbedder(), second).reports == 3


def test_who_still_has_the_old_library_open_can_not_change_it(open_copy: Callable[..., Library], tmp_path: Path, files: Path):
    library = open_copy()
    os.rename(library.folder, tmp_path / "old")
    shutil.copytree(tmp_path / "old", library.folder)
    with pytest.raises(ReplacedLibrary):
        library.remove([1])
    with pytest.raises(ReplacedLibrary):
        list(library.add([files / "two_in_one.txt"]))


# -- the folder of backups ---------------------------------------------------------------------------------------------------


def test_the_oldest_daily_ones_are_let_go_and_others_stay(tmp_path: Path):
    names = [f"reportbot-2025010{day}-030000.zip" for day in range(1, 10)]
    others = ["before-upgrade-from-0003_scales-20240101-000000.zip", "我的备份.zip", "notes.txt"]
    for name in [*names, *others]:
        (tmp_path / name).write_text("x")
    (tmp_path / "reportbot-20250101-000000.zip.part").mkdir()
    let_go(tmp_path)
    assert names_in(tmp_path) == sorted([*names[2:], *others])
    assert newest_backup(tmp_path).path.name == names[-1]
    assert [one.path.name for one in backups_in(tmp_path, daily=True)] == names[2:]


# -- before an upgrade ---------------------------------------------------------------------------------------------------------


@pytest.fixture(params=OLD, ids=lambda path: path.stem)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    folder = tmp_path / "old"
    with zipfile.ZipFile(request.param) as archive:
        archive.extractall(folder)
    return folder


def test_an_old_library_is_backed_up_before_it_is_upgraded(old: Path):
    before = (old / "library.db").read_bytes()
    library = Library.open(old, CountingEmbedder())
    expected = [(one.id, one.title, one.place) for one in library.reports()]
    library.close()
    (kept,) = backups_in(backup_folder(old))
    with zipfile.ZipFile(kept.path) as archive:
        schema = json.loads(archive.read("manifest.json"))["schema"]
        archive.extract("library.db", old.parent / "unpacked")
    assert schema in kept.path.name
    assert len((old.parent / "unpacked" / "library.db").read_bytes()) == len(before)
    restored = restore(kept.path, old.parent / "again")
    again = Library.open(old.parent / "again", CountingEmbedder())
    assert [(one.id, one.title, one.place) for one in again.reports()] == expected
    assert [problem for problem in restored.problems if "分词词典已更新" not in problem] == []
    again.close()
    assert len(backups_in(backup_folder(old))) == 1  # opening it again upgrades nothing
    assert not backup_folder(old.parent / "again").exists()


def test_without_room_for_the_backup_nothing_is_upgraded(old: Path, monkeypatch):
    before = (old / "library.db").read_bytes()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patched:
        patched.setattr(backup, "put_in_place", full)
        with pytest.raises(UpgradeNeedsBackup, match="磁盘已满"):
            Library.open(old, CountingEmbedder())
    assert (old / "library.db").read_bytes() == before
    assert backups_in(backup_folder(old)) == []
    Library.open(old, CountingEmbedder()).close()


def test_a_new_library_needs_no_backup(tmp_path: Path):
    Library.open(tmp_path / "new", CountingEmbedder()).close()
    assert names_in(tmp_path) == ["new"]


# -- the way back ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("damage", [b"", b"no database" * 100, None], ids=["empty", "junk", "gone"])
def test_a_damaged_database_names_the_newest_backup(closed: Path, damage):
    (folder := backup_folder(closed)).mkdir()
    write_backup(closed, folder / daily_name())
    if damage is None:
        (closed / "library.db").unlink()
    else:
        (closed / "library.db").write_bytes(damage)
    with pytest.raises(DamagedLibrary) as error:
        Library.open(closed, CountingEmbedder())
    (kept,) = backups_in(folder)
    assert f"reportbot restore {kept.path}" in error.value.user_message
    restore(kept.path, closed)
    assert len(content_of(closed)["reports"]) == 3


def test_without_a_backup_the_way_back_is_the_originals(closed: Path):
    (closed / "library.db").write_bytes(b"x" * 5000)
    with pytest.raises(DamagedLibrary, match="originals"):
        Library.open(closed, CountingEmbedder())


# -- the commands ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def with_samples(tmp_path: Path, monkeypatch) -> Path:
    for name in ("REPORTBOT_LIBRARY", "BACKUP_FOLDER", "BACKUPS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(invented.YUNXI, encoding="utf-8")
    assert main(["add", "a.txt", "--library", "library"]) == 0
    return tmp_path


def test_the_commands(with_samples: Path, capfd):
    capfd.readouterr()
    assert main(["backup", "b.zip", "--library", "library"]) == 0
    assert "1 份报告" in capfd.readouterr().out
    assert main(["remove", "1", "--library", "library"]) == 0
    capfd.readouterr()
    assert main(["restore", "b.zip", "--library", "library"]) == 0
    said = capfd.readouterr().out.replace("\n", "")
    (kept,) = with_samples.glob("library.before-restore-*")
    assert kept.name in said
    assert main(["list", "--library", "library", "--json"]) == 0
    assert [one["place"] for one in json.loads(capfd.readouterr().out)] == ["云溪镇"]
    (with_samples / "backups").mkdir()
    assert main(["backup", "backups", "--library", "library"]) == 0
    assert len(backups_in(with_samples / "backups", daily=True)) == 1
    assert main(["backup", str(backup_folder(with_samples / "library")), "--library", "library"]) == 0
    assert len(backups_in(backup_folder(with_samples / "library"), daily=True)) == 1
    assert main(["backup", "nowhere/b.zip", "--library", "library"]) == 1
    assert "文件夹不存在" in capfd.readouterr().err
    assert main(["restore", "a.txt", "--library", "library"]) == 1
    assert "不是 reportbot 的备份文件" in capfd.readouterr().err


def test_a_damaged_page_met_by_a_question_is_one_sentence(with_samples: Path, capfd):
    import sqlite3

    db = sqlite3.connect(with_samples / "library" / "library.db")
    root = db.execute("select rootpage from sqlite_schema where name = 'texts'").fetchone()[0]
    size = db.execute("pragma page_size").fetchone()[0]
    db.execute("pragma wal_checkpoint(truncate)")
    db.close()
    with (with_samples / "library" / "library.db").open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)
    capfd.readouterr()
    assert main(["ask", "云溪镇2025年GDP目标是多少", "--library", "library"]) == 1
    assert "数据库已损坏" in capfd.readouterr().err
