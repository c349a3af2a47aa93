"""What the commands share: options, the library of the settings, progress bars, and where what they say goes."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.settings import Settings, load_settings
from retrieval.embedding.embedder import open_embedder
from retrieval.embedding.model_building import STEPS
from retrieval.language.hidden import has_hidden, visible
from retrieval.library import Library
from retrieval.messages import message
from retrieval.ports import Progress as Report
from retrieval.storage.damage import failures_named

if TYPE_CHECKING:  # the bot, which runs for long, has no terminal to write to
    from bot.terminal import Terminal

_bars: list[Report] = []  # the progress bar that is shown, if any
LIBRARY = click.option("--library", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help=message("help.library"))
JSON = click.option("--json", "as_json", is_flag=True, help=message("help.json"))


def correction_options(command: Callable[..., int]) -> Callable[..., int]:
    """The options of a command that corrects what was understood of a report."""
    for option in (
        click.option("--title", metavar="T", help=message("help.title")),
        click.option("--review-year", type=int, metavar="Y", help=message("help.review_year")),
        click.option("--plan-year", type=int, metavar="Y", help=message("help.plan_year")),
        click.option("--place", metavar="P", help=message("help.place")),
    ):
        command = option(command)
    return command


def configured() -> Settings:
    """The settings, with the log as they want it. Raises InvalidSetting."""
    settings = load_settings()
    logging.basicConfig(level=settings.log_level, stream=sys.stderr)
    return settings


@contextmanager
def open_library(folder: Path | None, create: bool = False, asking: bool = False) -> Iterator[Library]:
    """The library that ``--library`` or the settings name, opened with the embedding model of the settings.

    Whoever is ``asking`` needs the model at once, so it is loaded while the library is opened and the question is read;
    not where there is no library: the process would end only when the model is loaded, or even built.
    """
    settings = configured()
    folder = folder or settings.library
    backups = settings.backups_of(folder)
    with failures_named(folder, backups):
        ahead = asking and (create or (folder / "library.db").exists())
        embedder = open_embedder(settings.embedding_model, _building, ahead=ahead)
        library = Library.open(folder, embedder, create=create, backups=backups)
        if library.rereading:
            people(errors=True).print(message("console.rereading", total=library.rereading[1]), style="dim", soft_wrap=True)
        try:
            yield library
        finally:
            if library.indexing:
                people(errors=True).print(message("console.indexing"))
            library.close()


def _building(done: int) -> None:
    """Says, once, that the bundled model is being built, and moves the bar on: the command that needs it first waits for that."""
    if done == 1:
        people(errors=True).print(message("embedder.building"), style="dim", soft_wrap=True)
    for bar in _bars:
        bar("building", done, STEPS)


@contextmanager
def progress_bar() -> Iterator[Report]:
    """A progress bar on standard error where that is a terminal."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=people(errors=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def report(stage: str, done: int, total: int) -> None:
            bar.update(task, description=message(f"stages.{stage}"), completed=done, total=total)

        _bars.append(report)
        try:
            yield report
        finally:
            _bars.remove(report)


def people(errors: bool = False) -> Terminal:
    """The terminal for messages to people: standard error when standard output carries JSON, or for failures."""
    from bot.terminal import Terminal

    return Terminal(stderr=errors)


def written_json(value: Any, indent: int | None = None) -> str:
    """JSON in which what a terminal would obey, or show as something else, is spelled out; it says the same."""
    written = json.dumps(value, ensure_ascii=False, indent=indent)
    if not has_hidden(written):
        return written
    # Half a surrogate pair is none of these: whoever writes it puts something else in its place.
    pairs = zip(written, visible(written), strict=True)
    return "".join(char if shown == char or "\ud800" <= char <= "\udfff" else json.dumps(char)[1:-1] for char, shown in pairs)


def print_json(value: Any) -> None:
    sys.stdout.buffer.write(written_json(value, indent=2).encode() + b"\n")
    sys.stdout.buffer.flush()
