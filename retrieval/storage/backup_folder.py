"""The folder of backups beside a library: their names, the newest, and which of them are let go."""

from __future__ import annotations

import re
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout

from retrieval.messages import message

KEPT = 7
_STAMP = "%Y%m%d-%H%M%S"
# Daily ones make room for newer ones; those made before an upgrade, and those named by hand, stay.
_WRONG_BY = timedelta(hours=26)  # a machine that changed its time zone
_DAILY = re.compile(r"reportbot-(\d{8}-\d{6})\.zip")
_ANY = re.compile(r".+-(\d{8}-\d{6})\.zip")


@dataclass(frozen=True)
class Backup:
    """A file in the folder of backups, and when it was made, local time."""

    path: Path
    made_at: datetime


def backup_folder(library: Path) -> Path:
    """Where automatic backups of a library lie, unless the settings name another place.

    Beside it and not in it: what befalls the library's folder (deleted, replaced by ``restore``) leaves them alone.
    """
    library = library.resolve()
    return library.with_name(f"{library.name}-backups")


def stamp(now: datetime | None = None) -> str:
    """The moment as it stands in the names of files."""
    return (now or datetime.now()).strftime(_STAMP)


def daily_name(now: datetime | None = None) -> str:
    return f"reportbot-{stamp(now)}.zip"


def upgrade_name(schema: str, now: datetime | None = None) -> str:
    """The name of the backup made before a library of ``schema`` is upgraded."""
    return f"before-upgrade-from-{schema}-{stamp(now)}.zip"


def backups_in(folder: Path, *, daily: bool = False) -> list[Backup]:
    """The backups in ``folder``, oldest first; with ``daily`` only those that were made day by day."""
    found = []
    for path in folder.glob("*.zip") if folder.is_dir() else ():
        named = (_DAILY if daily else _ANY).fullmatch(path.name)
        if named and path.is_file():
            try:
                found.append(Backup(path, _believed(datetime.strptime(named[1], _STAMP))))
            except ValueError:
                continue
    return sorted(found, key=lambda one: (one.made_at, one.path.name))


def _believed(made_at: datetime) -> datetime:
    """A date that is still to come is no date: a clock was wrong then, and what bears it is the oldest of all."""
    return made_at if made_at <= datetime.now() + _WRONG_BY else datetime.min


def newest_backup(folder: Path) -> Backup | None:
    return max(backups_in(folder), key=lambda one: one.made_at, default=None)


def let_go(folder: Path, kept: int = KEPT) -> None:
    """Deletes the oldest daily backups beyond ``kept``, and what killed processes left unfinished."""
    for old in backups_in(folder, daily=True)[:-kept]:
        old.path.unlink(missing_ok=True)
    clear_unfinished(folder)


def clear_unfinished(folder: Path) -> None:
    """Deletes what killed processes left in ``folder`` of backups that nobody is at work on."""
    for work in folder.glob("*.zip.part"):
        if not work.is_dir():
            continue
        with suppress(Timeout, OSError), work_lock(work):
            shutil.rmtree(work, ignore_errors=True)


def work_lock(work: Path) -> FileLock:
    """Held by the process that writes a backup in the folder ``work``."""
    return FileLock(work / "lock", timeout=0)


def way_back(library: Path, folder: Path | None = None) -> str:
    """What to do about a library that can't be read: the newest backup by name, if there is one."""
    newest = newest_backup(folder or backup_folder(library))
    if newest is None:
        return message("storage.no_backup")
    made_at = newest.made_at.strftime("%Y-%m-%d %H:%M")
    return message("storage.newest_backup", backup=newest.path, made_at=made_at, library=library)
