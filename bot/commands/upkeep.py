"""Commands that look after a library: verify, rebuild, backup, restore, doctor."""

from __future__ import annotations

import dataclasses
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path

import click

from bot import doctor, render
from bot.commands.shared import JSON, LIBRARY, configured, open_library, people, print_json, progress_bar
from bot.conversation.people import changes, keep
from bot.conversation.state import is_sound
from retrieval.embedding.embedder import open_embedder
from retrieval.library import restore_backup
from retrieval.messages import message
from retrieval.storage.backup import write_backup
from retrieval.storage.backup_folder import daily_name


@click.command(help=message("help.verify"))
@LIBRARY
def verify(library: Path | None) -> int:
    with open_library(library) as opened:
        problems = opened.verify()
        states = sorted((opened.folder / "telegram").glob("*.db"))
        problems += [message("errors.state_damaged", path=state) for state in states if not is_sound(state)]
        count = len(opened.reports())
    for problem in problems:
        people(errors=True).print(problem, style="red", soft_wrap=True)
    if not problems:
        people().print(message("verify.clean", reports=count), style="green")
    return int(bool(problems))


@click.command(help=message("help.rebuild"))
@LIBRARY
def rebuild(library: Path | None) -> int:
    with open_library(library) as opened, progress_bar() as progress:
        count = opened.rebuild(progress)
    people().print(message("console.rebuilt", count=count), style="green")
    return 0


@click.command("backup", help=message("help.backup"))
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@LIBRARY
def backup_(file: Path, library: Path | None) -> int:
    settings = configured()
    folder = library or settings.library
    backups = settings.backups_of(folder)
    if file.absolute() == backups.absolute():
        with suppress(OSError):  # the backup itself tells
            backups.mkdir(parents=True, exist_ok=True)
    with progress_bar() as progress:
        made = write_backup(folder, file / daily_name() if file.is_dir() else file, progress, backups)
    for problem in made.problems:
        people(errors=True).print(problem, style="yellow", soft_wrap=True)
    said = message("console.backed_up", reports=made.reports, file=made.path, megabytes=f"{made.size / 1e6:.1f}")
    people().print(said, style="green", soft_wrap=True)
    return int(bool(made.problems))


@click.command("restore", help=message("help.restore"))
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@LIBRARY
def restore_(file: Path, library: Path | None) -> int:
    settings = configured()
    folder = library or settings.library
    with progress_bar() as progress:
        people_asked_about = partial(_settle_people, folder)
        restored = restore_backup(file, folder, open_embedder(settings.embedding_model), progress, people_asked_about)
    for problem in restored.problems:
        people(errors=True).print(problem, style="yellow", soft_wrap=True)
    kept = message("console.kept_beside", folder=restored.kept) if restored.kept else ""
    said = message("console.restored", reports=restored.reports, made_at=restored.made_at, kept=kept)
    people().print(said, style="green", soft_wrap=True)
    return 0


def _settle_people(folder: Path, staging: Path) -> None:
    """Says what the backup changes of people, and asks; where nobody can be asked, all stays as it is now."""
    found = changes(folder, staging)
    if not found:
        return
    glue = message("answers.list_glue")
    for key, names in (("returning", found.returning), ("leaving", found.leaving)):
        if names:
            people(errors=True).print(message(f"console.people_{key}", names=glue.join(names)), style="yellow", soft_wrap=True)
    if found.forgotten:
        people(errors=True).print(message("console.people_forgotten", count=found.forgotten), style="yellow", soft_wrap=True)
    if not sys.stdin.isatty() or click.confirm(message("console.keep_people"), default=True, err=True):
        keep(folder, staging)


@click.command("doctor", help=message("help.doctor"))
@JSON
@LIBRARY
def doctor_(as_json: bool, library: Path | None) -> int:
    settings = configured()
    found = []
    for finding in doctor.examine(settings, library or settings.library):
        found.append(finding)
        if not as_json:
            people().print(render.finding(finding), soft_wrap=True)
    if as_json:
        print_json([dataclasses.asdict(finding) for finding in found])
    return int(any(finding.state == "bad" for finding in found))
