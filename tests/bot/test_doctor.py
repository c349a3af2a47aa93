"""doctor: each thing that can be wrong is a line that says what to do, and nothing is changed by looking."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from bot_api import BotApiServer
from invented import CountingEmbedder

from bot import doctor
from bot.cli import main
from bot.doctor import Finding, examine
from bot.settings import settings_from
from retrieval.library import Library
from retrieval.storage import space
from retrieval.storage.backup import write_backup
from retrieval.storage.backup_folder import backup_folder, daily_name
from retrieval.storage.files import keep_private
from retrieval.storage.indexing import index_files


@pytest.fixture(autouse=True)
def here(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(doctor, "open_embedder", lambda _: CountingEmbedder())
    monkeypatch.setattr(doctor, "missing_layers", list)
    monkeypatch.setattr(space.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**12, 10**11, 9 * 10**11))


@pytest.fixture
def folder(built: Path, tmp_path: Path) -> Path:
    """A library that is backed up."""
    folder = tmp_path / "library"
    shutil.copytree(built, folder)
    backup_folder(folder).mkdir()
    write_backup(folder, backup_folder(folder) / daily_name())
    for path in (folder, *backup_folder(folder).iterdir()):
        keep_private(path)
    return folder


def examined(folder: Path, **settings: str) -> dict[str, Finding]:
    return {one.name: one for one in examine(settings_from(settings), folder)}


def states(found: dict[str, Finding]) -> dict[str, str]:
    return {name: one.state for name, one in found.items() if one.state != "ok"}


def files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".lock"}


def test_a_sound_library_is_found_sound_and_left_alone(folder: Path):
    before = files(folder.parent)
    found = examined(folder)
    assert list(found) == [
        "disk",
        "writing",
        "model",
        "schema",
        "database",
        "originals",
        "index",
        "backups",
        "bot",
        "leftovers",
        "rights",
        "walls",
    ]
    assert states(found) == {}
    assert files(folder.parent) == before


def original(folder: Path) -> Path:
    return sorted((folder / "originals").iterdir())[0]


def index(folder: Path) -> Path:
    return next(iter(index_files(folder).values()))


def newest(folder: Path) -> Path:
    return next(backup_folder(folder).iterdir())


def long_ago(folder: Path) -> None:
    newest(folder).rename(backup_folder(folder) / daily_name(datetime.now() - timedelta(days=3)))


def other_model(folder: Path) -> None:
    library = Library.open(folder, CountingEmbedder())
    library.store.db.execute("update settings set value = 'another' where key = 'model'")
    library.close()


def old_schema(folder: Path) -> None:
    shutil.rmtree(folder)
    with zipfile.ZipFile(Path(__file__).parents[1] / "old_libraries" / "0002.zip") as archive:
        archive.extractall(folder)


def newer_schema(folder: Path) -> None:
    library = Library.open(folder, CountingEmbedder())
    library.store.db["_sqlite_migrations"].insert({"migration_set": "reportbot", "name": "9999_future", "applied_at": "x"})
    library.close()


TROUBLES: dict[str, tuple[Callable[[Path], object], dict[str, str], str]] = {
    "original gone": (lambda folder: original(folder).unlink(), {"originals": "bad"}, "reportbot verify"),
    "original changed": (lambda folder: original(folder).write_text("x"), {"originals": "bad"}, "用备份恢复"),
    "index gone": (lambda folder: index(folder).unlink(), {"index": "warn"}, "缺少向量索引"),
    "index damaged": (lambda folder: os.truncate(index(folder), 50), {"index": "warn"}, "已损坏"),
    "no backup": (lambda folder: newest(folder).unlink(), {"backups": "warn"}, "reportbot backup"),
    "old backup": (long_ago, {"backups": "warn"}, "3 天前"),
    "other model": (other_model, {"model": "bad"}, "reportbot rebuild"),
    "old schema": (old_schema, {"schema": "warn"}, "自动升级"),
    "newer schema": (newer_schema, {"schema": "bad"}, "9999_future"),
    "leftovers": (lambda folder: (folder / "originals" / "a.part").write_text("x"), {"leftovers": "warn"}, "a.part"),
    "restore": (lambda folder: folder.with_name("library.restoring").mkdir(), {"leftovers": "warn"}, "reportbot restore"),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_trouble_is_a_line_that_says_what_to_do(folder: Path, trouble):
    spoil, expected, said = TROUBLES[trouble]
    spoil(folder)
    keep_private(folder)
    found = examined(folder)
    assert states(found) == expected
    assert any(said in one.text for one in found.values() if one.state != "ok")


@pytest.mark.parametrize("content", [b"", b"no database" * 500, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_database_names_the_way_back_in_every_line_that_needs_it(folder: Path, content):
    (folder / "library.db").write_bytes(content)
    found = examined(folder)
    assert states(found) == dict.fromkeys(["model", "schema", "database", "originals", "index"], "bad")
    assert f"reportbot restore {newest(folder)}" in found["database"].text


def test_a_damaged_page_is_found(folder: Path):
    with (folder / "library.db").open("r+b") as file:
        file.seek(4096 * 5)
        file.write(b"\xff" * 4096 * 20)
    assert examined(folder)["database"].state == "bad"


def test_a_full_disk_and_one_that_can_not_be_written(folder: Path, monkeypatch):
    monkeypatch.setattr(space.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**12, 10**12, 5 * 10**7))
    assert examined(folder)["disk"].state == "bad"

    def read_only(**_: object) -> None:
        raise OSError(30, "read-only")

    monkeypatch.setattr(doctor.tempfile, "TemporaryFile", read_only)
    found = examined(folder)["writing"]
    assert found.state == "bad"
    assert "没有写入权限" in found.text


def test_no_library(tmp_path: Path):
    found = examined(tmp_path / "nowhere")
    assert states(found) == {"schema": "bad", "database": "bad", "backups": "warn"}
    assert not (tmp_path / "nowhere").exists()


# -- the bot -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server() -> Iterator[BotApiServer]:
    with BotApiServer() as server:
        yield server


def test_the_bot_is_asked_for_its_name(folder: Path, server: BotApiServer):
    found = examined(folder, TELEGRAM_BOT_TOKEN=server.token, TELEGRAM_API_BASE_URL=server.url)["bot"]
    assert found.state == "ok"
    assert "@" in found.text


@pytest.mark.parametrize("token, url", [("1:wrong", None), ("1:x", "http://127.0.0.1:9"), ("1:x\n", "http://127.0.0.1:9")])
def test_a_bot_that_can_not_run_is_told_without_its_token(folder: Path, server: BotApiServer, token, url):
    found = examined(folder, TELEGRAM_BOT_TOKEN=token, TELEGRAM_API_BASE_URL=url or server.url)["bot"]
    assert found.state == "bad"
    assert token not in found.text


# -- the command -----------------------------------------------------------------------------------------------------------


def test_the_command(folder: Path, capsys):
    assert main(["doctor", "--library", str(folder)]) == 0
    assert capsys.readouterr().out.count("✓") == 12
    original(folder).unlink()
    assert main(["doctor", "--library", str(folder)]) == 1
    assert "✗ 原文件" in capsys.readouterr().out


def test_the_command_for_programs(folder: Path, capfd):
    assert main(["doctor", "--json", "--library", str(folder)]) == 0
    told = json.loads(capfd.readouterr().out)
    assert {one["state"] for one in told} == {"ok"}
    assert {*told[0]} == {"name", "state", "text"}


@pytest.mark.parametrize("layers", [["landlock"], ["seccomp"], ["landlock", "seccomp"]])
def test_a_layer_that_the_kernel_has_not_is_named(folder: Path, monkeypatch, layers: list[str]):
    monkeypatch.setattr(doctor, "missing_layers", lambda: layers)
    found = examined(folder)["walls"]
    assert found.state == "warn"
    assert all(layer in found.text for layer in layers)


def test_layers_that_are_there_are_told(folder: Path, monkeypatch):
    monkeypatch.setattr(doctor, "missing_layers", list)
    assert examined(folder)["walls"].state == "ok"


def test_what_others_may_read_is_named(folder: Path, tmp_path: Path):
    (tmp_path / ".env").write_text("X=1")
    (tmp_path / ".env").chmod(0o640)
    found = examined(folder)["rights"]
    assert (found.state, ".env" in found.text) == ("warn", True)
    keep_private(tmp_path / ".env")
    assert examined(folder)["rights"].state == "ok"
