"""Commands that change the reports of a library: add, edit, remove."""

from __future__ import annotations

from pathlib import Path

import click

from bot import render
from bot.commands.shared import JSON, LIBRARY, correction_options, open_library, people, print_json, progress_bar
from retrieval.messages import message
from retrieval.reading.loading import source_named


@click.command(help=message("help.add"))
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@correction_options
@click.option("--replace", type=int, metavar="ID", help=message("help.replace"))
@click.option("--keep-both", is_flag=True, help=message("help.keep_both"))
@JSON
@LIBRARY
def add(
    paths: tuple[str, ...],
    place: str | None,
    plan_year: int | None,
    review_year: int | None,
    title: str | None,
    replace: int | None,
    keep_both: bool,
    as_json: bool,
    library: Path | None,
) -> int:
    corrections = {"place": place, "plan_year": plan_year, "review_year": review_year, "title": title}
    told = []
    with open_library(library, create=True) as opened, progress_bar() as progress:
        for outcome in opened.add(map(source_named, paths), corrections, replace=replace, keep_both=keep_both, progress=progress):
            told.append(outcome)
            people(as_json or outcome.outcome != "added").print(render.outcome(outcome), soft_wrap=True)
    if as_json:
        print_json([outcome.as_json() for outcome in told])
    return int(any(outcome.outcome in ("conflict", "refused") for outcome in told))


@click.command(help=message("help.edit"))
@click.argument("report_id", type=int, metavar="ID")
@correction_options
@LIBRARY
def edit(
    report_id: int,
    place: str | None,
    plan_year: int | None,
    review_year: int | None,
    title: str | None,
    library: Path | None,
) -> int:
    corrections = {"place": place, "plan_year": plan_year, "review_year": review_year, "title": title}
    if all(value is None for value in corrections.values()):
        raise click.UsageError(message("help.edit_nothing"))
    with open_library(library) as opened, progress_bar() as progress:
        report = opened.edit(report_id, corrections, progress)
    people().print(render.reports([report]))
    return 0


@click.command(help=message("help.remove"))
@click.argument("report_ids", type=int, nargs=-1, required=True, metavar="ID...")
@LIBRARY
def remove(report_ids: tuple[int, ...], library: Path | None) -> int:
    with open_library(library) as opened:
        for report in opened.remove(dict.fromkeys(report_ids)):
            people().print(message("console.was_removed", id=report.id, title=report.name))
    return 0
