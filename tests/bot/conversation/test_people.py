"""Who was removed, or had themselves forgotten, does not come back: not from a page, not from a backup."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli import main
from bot.conversation.memory import Asked, Conversations
from bot.conversation.people import Changes, changes
from bot.conversation.state import open_state
from bot.telegram.administrators import Administrators
from retrieval.replies import Reply
from retrieval.storage.backup import write_backup
from retrieval.storage.files import keep_private

WORDS = "独一无二的问法甲乙丙"


def ask(folder: Path, *users: int) -> None:
    with closing(open_state(folder / "telegram" / "7.db")) as db:
        for user in users:
            asked = Asked(user, user, 1, f"{WORDS}{user}", None)
            Conversations(db).record(asked, (), Reply("not_found", "没有", (), (), 0.0))


def administer(folder: Path, *, add: tuple[int, ...] = (), remove: tuple[int, ...] = ()) -> None:
    with closing(open_state(folder / "telegram" / "7.db")) as db:
        people = Administrators(db, ())
        for user in add:
            people.add(user, f"名{user}", 1)
        for user in remove:
            people.remove(user)


def forget(folder: Path, user: int) -> None:
    with closing(open_state(folder / "telegram" / "7.db")) as db:
        Conversations(db).forget_person(user)


def known(folder: Path) -> tuple[set[int], set[int]]:
    """Administrators, and who asked something."""
    with closing(open_state(folder / "telegram" / "7.db")) as db:
        administrators = {row[0] for row in db.execute("select user_id from admins")}
        return administrators, {row[0] for row in db.execute("select user_id from questions")}


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def folder(built: Path, tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(built, tmp_path / "library")
    ask(tmp_path / "library", 11, 12)
    administer(tmp_path / "library", add=(1, 2))
    return tmp_path / "library"


def test_what_is_forgotten_is_nowhere_in_the_files(folder: Path):
    ask(folder, *range(100, 160))
    assert f"{WORDS}130".encode() in everything(folder)
    with closing(open_state(folder / "telegram" / "7.db")) as db:
        Conversations(db).forget_person(130)
        assert f"{WORDS}130".encode() not in everything(folder)
        assert f"{WORDS}131".encode() in everything(folder)


def test_what_an_earlier_version_left_on_free_pages_goes_with_the_next_who_is_forgotten(folder: Path):
    ask(folder, *range(100, 160))
    with closing(open_state(folder / "telegram" / "7.db")) as db:
        db.execute("pragma secure_delete = off")
        db.execute("delete from questions where user_id = 130")
        db.execute("pragma wal_checkpoint(truncate)").fetchall()
    assert f"{WORDS}130".encode() in everything(folder)
    forget(folder, 131)
    assert f"{WORDS}130".encode() not in everything(folder)


def test_a_restored_backup_brings_nobody_back(folder: Path, tmp_path: Path, capsys):
    write_backup(folder, tmp_path / "old.zip")
    administer(folder, add=(3,), remove=(2,))
    forget(folder, 11)
    assert main(["restore", str(tmp_path / "old.zip"), "--library", str(folder)]) == 0
    told = capsys.readouterr().err
    assert "名2 (2)" in told
    assert "名3 (3)" in told
    assert "1 个人" in told
    assert known(folder) == ({1, 3}, {12})
    assert f"{WORDS}11".encode() not in everything(folder)


@pytest.mark.parametrize("answer, expected", [(True, ({1, 3}, {12})), (False, ({1, 2}, {11, 12}))])
def test_whoever_restores_is_asked(folder: Path, tmp_path: Path, monkeypatch, answer: bool, expected):
    write_backup(folder, tmp_path / "old.zip")
    administer(folder, add=(3,), remove=(2,))
    forget(folder, 11)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.confirm", lambda *_, **__: answer)
    assert main(["restore", str(tmp_path / "old.zip"), "--library", str(folder)]) == 0
    assert known(folder) == expected


def test_a_backup_that_was_made_after_all_of_it_changes_nobody(folder: Path, tmp_path: Path, capsys):
    administer(folder, remove=(2,))
    forget(folder, 11)
    write_backup(folder, tmp_path / "new.zip")
    assert main(["restore", str(tmp_path / "new.zip"), "--library", str(folder)]) == 0
    assert "管理员" not in capsys.readouterr().err
    assert known(folder) == ({1}, {12})


def test_whoever_asks_again_after_being_forgotten_keeps_what_they_asked_then(folder: Path, tmp_path: Path):
    forget(folder, 11)
    ask(folder, 11)
    write_backup(folder, tmp_path / "new.zip")
    assert main(["restore", str(tmp_path / "new.zip"), "--library", str(folder)]) == 0
    assert known(folder)[1] == {11, 12}


def test_a_database_of_now_that_can_not_be_read_tells_nothing(folder: Path, tmp_path: Path):
    shutil.copytree(folder, tmp_path / "restored")
    (folder / "telegram" / "7.db").write_bytes(b"junk" * 1000)
    assert changes(folder, tmp_path / "restored") == Changes(returning=("名1 (1)", "名2 (2)"))


# -- who may read -----------------------------------------------------------------------------------------------------


def test_what_a_command_writes_is_for_its_owner_alone(tmp_path: Path):
    sample = next((Path(__file__).parents[3] / "data" / "samples").glob("*.txt"))
    library = tmp_path / "library"
    code = "import os, sys; os.umask(0o022); from bot.cli import main; sys.exit(main(sys.argv[1:]))"
    for command in (["add", str(sample)], ["backup", str(tmp_path / "b.zip")]):
        subprocess.run(
            [sys.executable, "-c", code, *command, "--library", str(library)], check=True, cwd=Path(__file__).parents[3]
        )
    made = [library, tmp_path / "b.zip", *library.rglob("*")]
    assert {path: oct(path.stat().st_mode) for path in made if path.stat().st_mode & 0o077} == {}


def test_what_is_there_already_is_taken_from_others_but_not_a_folder_for_all(tmp_path: Path):
    for name, mode in (("library", 0o755), ("shared", 0o1777)):
        (tmp_path / name).mkdir()
        (tmp_path / name).chmod(mode)
        keep_private(tmp_path / name)
    (tmp_path / ".env").write_text("X=1")
    (tmp_path / ".env").chmod(0o644)
    keep_private(tmp_path / ".env")
    keep_private(tmp_path / "none")
    modes = {name: oct(stat.S_IMODE(os.stat(tmp_path / name).st_mode)) for name in ("library", "shared", ".env")}
    assert modes == {"library": "0o700", "shared": "0o1777", ".env": "0o600"}
