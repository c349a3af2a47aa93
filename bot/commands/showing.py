"""Commands that show what a library holds: list, show, figures, text."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import get_args

import click

from bot import render
from bot.commands.shared import JSON, LIBRARY, open_library, people, print_json
from bot.exports import csv_table
from retrieval.answers.answerer import Answerer
from retrieval.language.hidden import visible
from retrieval.messages import message
from retrieval.models import Kind
from retrieval.search.figure_lookup import FigureQuery, select_figures


@click.command("list", help=message("help.list"))
@JSON
@LIBRARY
def list_(as_json: bool, library: Path | None) -> int:
    with open_library(library) as opened:
        reports = opened.reports()
    if as_json:
        print_json([report.as_json() for report in reports])
    else:
        people().print(render.reports(reports))
    return 0


@click.command(help=message("help.show"))
@click.argument("report_id", type=int, metavar="ID")
@JSON
@LIBRARY
def show(report_id: int, as_json: bool, library: Path | None) -> int:
    with open_library(library) as opened:
        report = opened.report(report_id)
        outline, removals = opened.outline(report_id), opened.removals(report_id)
        figures = opened.figures(report_id)
    if as_json:
        card = report.as_json() | {
            "outline": [dataclasses.asdict(section) for section in outline],
            "removals": [dataclasses.asdict(removal) for removal in removals],
            "figure_list": [dataclasses.asdict(figure) for figure in figures],
        }
        print_json(card)
    else:
        people().print(render.card(report, outline, removals, figures))
    return 0


@click.command("figures", help=message("help.figures"))
@click.option("--place", metavar="P", help=message("help.figures_place"))
@click.option("--indicator", metavar="I", help=message("help.figures_indicator"))
@click.option("--year", type=int, metavar="Y", help=message("help.figures_year"))
@click.option("--kind", type=click.Choice(get_args(Kind)), help=message("help.figures_kind"))
@click.option("--csv", "as_csv", is_flag=True, help=message("help.figures_csv"))
@JSON
@LIBRARY
def figures_(
    place: str | None,
    indicator: str | None,
    year: int | None,
    kind: Kind | None,
    as_csv: bool,
    as_json: bool,
    library: Path | None,
) -> int:
    if as_csv and as_json:
        raise click.UsageError(message("help.figures_one_format"))
    with open_library(library) as opened:
        reports = Answerer(opened).reports_named(place) if place else opened.reports()
        found = select_figures(opened, reports, FigureQuery(indicator, year, kind))
    if as_json:
        print_json([one.as_json() for one in found])
    elif as_csv:
        sys.stdout.buffer.write(csv_table(found))
        sys.stdout.buffer.flush()
    else:
        people().print(render.figures_of_reports(found))
    return 0


@click.command(help=message("help.text"))
@click.argument("report_id", type=int, metavar="ID")
@LIBRARY
def text(report_id: int, library: Path | None) -> int:
    with open_library(library) as opened:
        canonical = opened.text(report_id)
    sys.stdout.buffer.write((visible(canonical) if sys.stdout.isatty() else canonical).encode())
    sys.stdout.buffer.flush()
    return 0
