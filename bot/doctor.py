"""``reportbot doctor``: whether all is well, a line a thing, and what to do about what is not. Nothing is changed by it."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from bot.settings import Settings
from retrieval.embedding.embedder import open_embedder
from retrieval.errors import ReportBotError
from retrieval.messages import message
from retrieval.reading.isolation import missing_layers
from retrieval.storage.backup_folder import backups_in, newest_backup, way_back
from retrieval.storage.database import newest_schema
from retrieval.storage.files import OTHERS, reason_of
from retrieval.storage.health import looked_at
from retrieval.storage.originals import folder_of
from retrieval.storage.restoring import staging_of
from retrieval.storage.space import LEAST, Space, space_of

State = Literal["ok", "warn", "bad"]
_REQUEST_SECONDS = 5.0
_OLD_WHEN_AUTOMATIC, _OLD_BY_HAND = timedelta(days=2), timedelta(days=14)


@dataclass(frozen=True)
class Finding:
    """What was found of one thing; ``text`` says what to do unless ``state`` is ``ok``."""

    name: str
    state: State
    text: str


@dataclass(frozen=True)
class _Patient:
    settings: Settings
    folder: Path
    backups: Path


def examine(settings: Settings, folder: Path) -> Iterator[Finding]:
    """One finding after the other; never raises."""
    patient = _Patient(settings, folder, settings.backups_of(folder))
    for name, check in _CHECKS.items():
        try:
            state, text = check(patient)
        except ReportBotError as error:
            state, text = "bad", error.user_message
        except (OSError, sqlite3.OperationalError) as error:
            state, text = "bad", _told("failed", reason=message(f"storage.{reason_of(error)}"), folder=folder)
        except sqlite3.DatabaseError:
            state, text = "bad", _told("database_damaged", way=way_back(folder, patient.backups))
        yield Finding(name, state, text)


def _told(key: str, **values: object) -> str:
    return message(f"doctor.{key}", **values)


def _disk(patient: _Patient) -> tuple[State, str]:
    folder = next(one for one in (patient.folder, *patient.folder.absolute().parents) if one.is_dir())
    space = space_of(folder) if folder == patient.folder else Space(shutil.disk_usage(folder).free, LEAST, 0)
    free, wanted = f"{space.free / 1e9:.1f}", f"{space.wanted / 1e9:.1f}"
    return space.state, _told("disk" if space.state == "ok" else "disk_low", free=free, wanted=wanted)


def _writing(patient: _Patient) -> tuple[State, str]:
    """By writing: who may write everything can still meet a disk that was mounted read-only."""
    for folder in (patient.folder, folder_of(patient.folder)):
        if folder.is_dir():
            with tempfile.TemporaryFile(dir=folder) as file:
                file.write(b"x")
                file.flush()
                os.fsync(file.fileno())
    return "ok", _told("writable", folder=patient.folder)


def _model(patient: _Patient) -> tuple[State, str]:
    embedder = open_embedder(patient.settings.embedding_model)
    embedder.embed_query("试")
    with looked_at(patient.folder) as health:
        made_by = health.model() if health else None
    if made_by is not None and made_by != embedder.fingerprint:
        return "bad", _told("other_model", made_by=made_by, now=embedder.fingerprint)
    return "ok", _told("model", model=embedder.fingerprint)


def _schema(patient: _Patient) -> tuple[State, str]:
    with looked_at(patient.folder) as health:
        if health is None:
            return "bad", _told("no_library", folder=patient.folder)
        found, newest = health.schema(), newest_schema()
    if found > newest:
        return "bad", _told("schema_newer", schema=found)
    return ("ok", _told("schema", schema=found)) if found == newest else ("warn", _told("schema_older", schema=found))


def _database(patient: _Patient) -> tuple[State, str]:
    with looked_at(patient.folder) as health:
        if health is None:
            return "bad", _told("no_library", folder=patient.folder)
        if not health.is_whole():
            return "bad", _told("database_damaged", way=way_back(patient.folder, patient.backups))
        return "ok", _told("database", reports=health.reports())


def _originals(patient: _Patient) -> tuple[State, str]:
    with looked_at(patient.folder) as health:
        originals = health.originals() if health else []
    wrong = [file for file, stored_as, sha256 in originals if _sha256(folder_of(patient.folder) / stored_as) != sha256]
    if wrong:
        return "bad", _told("originals_wrong", count=len(wrong), first=wrong[0])
    return "ok", _told("originals", count=len(originals))


def _index(patient: _Patient) -> tuple[State, str]:
    with looked_at(patient.folder) as health:
        state = health.index() if health else "lagging"
    return ("ok" if state in ("current", "lagging") else "warn"), _told(f"index_{state}")


def _backups(patient: _Patient) -> tuple[State, str]:
    newest = newest_backup(patient.backups)
    automatic = patient.settings.backups
    if newest is None:
        return "warn", _told("no_backup", folder=patient.backups)
    age = datetime.now() - newest.made_at
    values = {"file": newest.path, "made_at": newest.made_at.strftime("%Y-%m-%d %H:%M"), "days": max(age.days, 0)}
    if age > (_OLD_WHEN_AUTOMATIC if automatic else _OLD_BY_HAND):
        return "warn", _told("backup_old", **values)
    return "ok", _told("backup", **values)


def _bot(patient: _Patient) -> tuple[State, str]:
    """Asks the Bot API who the bot is; neither the token nor an address with it is shown."""
    token = patient.settings.telegram_bot_token
    if token is None:
        return "ok", _told("bot_not_set")
    import httpx

    server = (patient.settings.telegram_api_base_url or "https://api.telegram.org").rstrip("/")
    try:
        answer = httpx.get(f"{server}/bot{token.value}/getMe", timeout=_REQUEST_SECONDS)
        told = answer.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, ImportError):
        return "bad", _told("bot_unreachable", server=server)
    if not isinstance(told, dict) or not told.get("ok"):
        return "bad", _told("bot_refused", status=answer.status_code)
    return "ok", _told("bot", name=told["result"].get("username", ""))


def _leftovers(patient: _Patient) -> tuple[State, str]:
    """What killed processes left; whoever opens the library next, or backs up or restores next, clears it away."""
    found = [*folder_of(patient.folder).glob("*.part"), *patient.folder.glob("index.*.part")]
    found += [*patient.backups.glob("*.zip.part")]
    if staging_of(patient.folder).exists():
        return "warn", _told("unfinished_restore", folder=staging_of(patient.folder))
    if found:
        return "warn", _told("leftovers", count=len(found), first=found[0])
    return "ok", _told("no_leftovers")


def _rights(patient: _Patient) -> tuple[State, str]:
    """Others may read neither settings nor library nor backups. Who starts the bot takes their rights away, where they may."""
    held = [Path(".env"), patient.folder, *(one.path for one in backups_in(patient.backups))]
    open_to_others = [path for path in held if path.exists() and path.stat().st_mode & OTHERS]
    if open_to_others:
        return "warn", _told("rights_open", count=len(open_to_others), first=open_to_others[0])
    return "ok", _told("rights")


def _walls(patient: _Patient) -> tuple[State, str]:
    """Around the process that reads files."""
    missing = missing_layers()
    if missing:
        return "warn", _told("walls_missing", layers=message("answers.list_glue").join(missing))
    return "ok", _told("walls")


_CHECKS: dict[str, Callable[[_Patient], tuple[State, str]]] = {
    "disk": _disk,
    "writing": _writing,
    "model": _model,
    "schema": _schema,
    "database": _database,
    "originals": _originals,
    "index": _index,
    "backups": _backups,
    "bot": _bot,
    "leftovers": _leftovers,
    "rights": _rights,
    "walls": _walls,
}


def _sha256(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
