"""What the bot does for the library by itself: daily backups, warnings of a full disk; and the backup that ``/export`` sends."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable, Coroutine, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from invented import CountingEmbedder
from telegram.ext import CallbackContext
from telegram_kit import TOKEN, Person, Request, Session, shown

from bot.settings import Settings, settings_from
from bot.telegram import administration, upkeep
from retrieval.library import Library, restore_backup
from retrieval.storage import backup, space
from retrieval.storage.backup_folder import backups_in, daily_name

ADMIN, OTHER = Person(1), 2
Job = Callable[[CallbackContext], Coroutine]


def settings(**more: str) -> Settings:
    return settings_from({"TELEGRAM_BOT_TOKEN": TOKEN, "ADMIN_IDS": f"{ADMIN.id},{OTHER}", **more})


@pytest.fixture
def session(library: Library) -> Iterator[Session]:
    with Session(library, settings()) as opened:
        yield opened


def run(session: Session, job: Job) -> list[Request]:
    """One run of a job; the messages that it led to."""
    before = len(session.request.requests)
    session.run(job(CallbackContext(session.application)))
    return shown(session.request.requests[before:])


def daily(session: Session) -> list[Path]:
    return [one.path for one in backups_in(session.services.backups, daily=True)]


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "full")


def test_a_backup_is_made_once_a_day_and_can_be_restored(session: Session, tmp_path: Path):
    assert run(session, upkeep.back_up_daily) == []
    (made,) = daily(session)
    assert made.parent == session.library.folder.with_name("library-backups")
    run(session, upkeep.back_up_daily)
    assert daily(session) == [made]
    yesterday = made.with_name(daily_name(datetime.now() - timedelta(hours=24)))
    made.rename(yesterday)
    run(session, upkeep.back_up_daily)
    assert len(daily(session)) == 2
    assert restore_backup(daily(session)[-1], tmp_path / "new", CountingEmbedder()).reports == 3
    assert (tmp_path / "new" / "telegram" / "12345.db").exists()


def test_as_many_are_kept_as_the_settings_say(library: Library, tmp_path: Path):
    with Session(library, settings(BACKUPS_KEPT="2", BACKUP_FOLDER=str(tmp_path / "elsewhere"))) as session:
        for days in range(1, 5):
            run(session, upkeep.back_up_daily)
            newest = daily(session)[-1]
            newest.rename(newest.with_name(daily_name(datetime.now() - timedelta(days=10 - days))))
        assert len(daily(session)) == 2
        assert daily(session)[0].parent == tmp_path / "elsewhere"


def test_backups_can_be_turned_off(library: Library):
    with Session(library, settings(BACKUPS="off")) as session:
        run(session, upkeep.back_up_daily)
        assert daily(session) == []


def test_an_empty_library_is_not_backed_up(empty_library: Library):
    with Session(empty_library, settings()) as session:
        run(session, upkeep.back_up_daily)
        assert daily(session) == []


def test_a_failing_backup_is_told_to_every_administrator_once_a_day(session: Session, library: Library, monkeypatch):
    monkeypatch.setattr(backup, "put_in_place", full)
    told = run(session, upkeep.back_up_daily)
    assert [one.parameters["chat_id"] for one in told] == [ADMIN.id, OTHER]
    assert "磁盘已满" in told[0].text
    assert run(session, upkeep.back_up_daily) == []
    with Session(library, settings()) as restarted:
        assert run(restarted, upkeep.back_up_daily) == []
    session.services.state.execute("update warnings set at = at - 86401")
    assert len(run(session, upkeep.back_up_daily)) == 2


def test_a_backup_of_a_library_with_problems_is_made_and_told(session: Session):
    next((session.library.folder / "originals").iterdir()).unlink()
    told = run(session, upkeep.back_up_daily)
    assert len(daily(session)) == 1
    assert "reportbot verify" in told[0].text


def test_a_backup_is_broken_off_when_the_bot_stops(session: Session):
    session.services.stopping = True
    assert run(session, upkeep.back_up_daily) == []
    assert list(session.services.backups.iterdir()) == []


def test_a_disk_that_is_nearly_full_is_told_once_a_day(session: Session, monkeypatch):
    def left(free: int) -> None:
        monkeypatch.setattr(space.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**12, 10**12 - free, free))

    left(10**11)
    assert run(session, upkeep.watch_disk) == []
    left(300_000_000)
    told = run(session, upkeep.watch_disk)
    assert [one.parameters["chat_id"] for one in told] == [ADMIN.id, OTHER]
    assert "只剩 0.3 GB" in told[0].text
    assert run(session, upkeep.watch_disk) == []


def test_what_a_library_needs_grows_with_it(tmp_path: Path):
    (tmp_path / "library.db").write_bytes(b"x" * 1000)
    small = space.space_of(tmp_path)
    with (tmp_path / "library.db").open("wb") as file:
        file.truncate(10**9)
    large = space.space_of(tmp_path)
    assert (small.taken, large.taken) == (1000, 10**9)
    assert (small.wanted, large.wanted) == (500_000_000, 2 * 10**9)
    assert [space.Space(free, 10**9, 1).state for free in (10**7, 10**8, 10**9)] == ["bad", "warn", "ok"]


# -- /export -------------------------------------------------------------------------------------------------------------


def documents(requests: list[Request]) -> list[tuple[str, int]]:
    return [next(iter(one.parameters["uploaded"].values())) for one in requests if one.method == "sendDocument"]


def test_an_export_is_a_backup(session: Session, monkeypatch, tmp_path: Path):
    kept: list[bytes] = []
    unlink = Path.unlink

    def keeping(path: Path, **options: bool) -> None:
        if path.name.startswith("export-"):
            kept.append(path.read_bytes())
        unlink(path, **options)

    monkeypatch.setattr(Path, "unlink", keeping)
    ((name, size),) = documents(session.say(ADMIN, "/export"))
    assert name.startswith("export-")
    assert list(session.services.backups.iterdir()) == []
    (tmp_path / "sent.zip").write_bytes(kept[0])
    assert len(kept[0]) == size
    assert restore_backup(tmp_path / "sent.zip", tmp_path / "new", CountingEmbedder()).reports == 3
    assert not (tmp_path / "new" / "telegram" / "12345.db").exists()  # nobody is told who asked what


def test_an_export_that_telegram_would_not_take_stays_on_the_server(session: Session, monkeypatch):
    monkeypatch.setattr(administration, "_LARGEST_FILE", 100)
    for _ in range(2):
        requests = session.say(ADMIN, "/export")
        assert documents(requests) == []
        (path,) = session.services.backups.iterdir()
        assert str(path) in shown(requests)[-1].text


def test_an_export_that_can_not_be_written_is_one_sentence(session: Session, monkeypatch):
    monkeypatch.setattr(backup, "put_in_place", full)
    requests = session.say(ADMIN, "/export")
    assert "磁盘已满" in shown(requests)[-1].text
    assert documents(requests) == []


def test_nothing_is_exported_of_an_empty_library(empty_library: Library):
    with Session(empty_library, settings()) as session:
        assert documents(session.say(ADMIN, "/export")) == []
