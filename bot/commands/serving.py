"""Commands that serve until they are told to stop: console, run, web."""

from __future__ import annotations

from pathlib import Path

import click

from bot.commands.shared import LIBRARY, configured, open_library, people
from retrieval.messages import message


@click.command(help=message("help.console"))
@LIBRARY
def console(library: Path | None) -> int:
    from bot.console import run_console
    from bot.terminal import Terminal

    with open_library(library, create=True, asking=True) as opened:
        opened.keep_up()
        run_console(opened, Terminal())
    return 0


@click.command(help=message("help.run"))
@LIBRARY
def run(library: Path | None) -> int:
    from bot.allocator import keep_small
    from bot.settings import forget_secrets
    from bot.telegram.running import run_bot
    from retrieval.reading.isolation import hide_memory
    from retrieval.storage.backup_folder import backups_in
    from retrieval.storage.files import keep_private

    keep_small()
    settings = configured()
    forget_secrets()
    hide_memory()
    folder = library or settings.library
    for path in (Path(".env"), folder, *[one.path for one in backups_in(settings.backups_of(folder))]):
        keep_private(path)
    beside = None
    if settings.web_listen is not None:
        from bot.web.running import WebServer

        beside = WebServer
    with open_library(library, create=True, asking=True) as opened:
        run_bot(settings, opened, beside)
    return 0


@click.command(help=message("help.web"))
@LIBRARY
def web(library: Path | None) -> int:
    from bot.allocator import keep_small
    from bot.settings import forget_secrets
    from bot.web.running import run_web
    from retrieval.reading.isolation import hide_memory

    keep_small()
    settings = configured()
    forget_secrets()
    hide_memory()
    with open_library(library, asking=True) as opened:
        people(errors=True).print(message("console.serving", address="{}:{}".format(*settings.web_address)), style="dim")
        run_web(settings, opened)
    return 0
