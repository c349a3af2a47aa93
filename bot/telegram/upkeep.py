"""What the bot does for the library by itself: a backup a day, and a word to the administrators when the disk fills up."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot.telegram import screens
from bot.telegram.delivery import send
from bot.telegram.screens import Screen
from bot.telegram.services import Services, services_of
from retrieval.errors import BackupFailed, ReportBotError
from retrieval.messages import message
from retrieval.storage.backup import Made, write_backup
from retrieval.storage.backup_folder import backups_in, daily_name, let_go, stamp
from retrieval.storage.files import reason_of
from retrieval.storage.space import space_of

_log = logging.getLogger(__name__)
BACKUP_CHECK_SECONDS, DISK_CHECK_SECONDS = 1800.0, 600.0
_A_DAY = timedelta(hours=23.5)  # less what passes between two checks, so that the hour stays the same


class _Stopping(Exception):
    """The bot stops, and a backup is broken off."""


async def back_up_daily(context: ContextTypes.DEFAULT_TYPE) -> None:
    """Writes the backup of the day when the last one is a day old, and lets the oldest go."""
    services = services_of(context)
    if not services.settings.backups or services.backing_up.locked():
        return
    try:
        async with services.backing_up:
            made = await services.copied(_back_up_if_due, services)
    except _Stopping:
        return
    except ReportBotError as error:
        _log.warning("no backup: %s", error)
        await _warn(context, services, "backup", screens.text("telegram.backup_failed", reason=error.user_message))
        return
    if made is not None and made.problems:
        await _warn(context, services, "backup", screens.text("telegram.backup_problems", problems="\n".join(made.problems)))


async def watch_disk(context: ContextTypes.DEFAULT_TYPE) -> None:
    """Tells the administrators, once a day, that the disk is nearly full."""
    services = services_of(context)
    try:
        space = await services.copied(space_of, services.library.folder)
    except OSError as error:
        _log.warning("the disk can't be asked: %s", error)
        return
    if services.clock.is_wrong:
        await _warn(context, services, "clock", screens.text("telegram.clock_wrong", minutes=round(services.clock.ahead / 60)))
    if space.state != "ok":
        where = {"free": _gigabytes(space.free), "wanted": _gigabytes(space.wanted), "folder": services.library.folder}
        await _warn(context, services, "disk", screens.text("telegram.disk_nearly_full", **where))


def _gigabytes(count: int) -> str:
    return f"{count / 1e9:.1f} GB"


def _back_up_if_due(services: Services) -> Made | None:
    last = backups_in(services.backups, daily=True)
    if (last and datetime.now() - last[-1].made_at < _A_DAY) or not services.writer.reports():
        return None
    made = back_up(services, daily_name())
    let_go(services.backups, services.settings.backups_kept)
    return made


def back_up(services: Services, name: str, *, chats: bool = True) -> Made:
    """Writes a backup into the folder of backups; broken off when the bot stops. Raises what ``write_backup`` raises."""

    def go_on(*_: Any) -> None:
        if services.stopping:
            raise _Stopping

    try:
        services.backups.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BackupFailed(file=services.backups / name, reason=message(f"storage.{reason_of(error)}")) from error
    return write_backup(services.library.folder, services.backups / name, go_on, services.backups, chats=chats)


def back_up_for_export(services: Services) -> Made:
    """Writes a backup to be sent; it takes the place of the last one that was too large to be sent.

    Who asked what is not in it: ``/privacy`` says that administrators don't see that.
    """
    made = back_up(services, f"export-{stamp()}.zip", chats=False)
    for older in services.backups.glob("export-*.zip"):
        if older != made.path:
            older.unlink(missing_ok=True)
    return made


async def _warn(context: ContextTypes.DEFAULT_TYPE, services: Services, kind: str, screen: Screen) -> None:
    """Tells every administrator, unless they were told of this kind in the last day, before a restart or after."""
    if not await services.stored(services.warned.is_due, kind):
        return
    for administrator in services.administrators.everyone():
        with suppress(TelegramError, asyncio.TimeoutError):
            await send(context.bot, administrator.user_id, screen)
