"""The command ``reportbot``: each command parses, calls the library, and renders."""

from __future__ import annotations

import dataclasses
import json
import logging
import sys
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, get_args

import click
from rich.console import Console as Terminal
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from bot import charts, render
from bot.exports import csv_table
from bot.model_card import megabytes, model_card
from bot.settings import Settings, load_settings
from retrieval.answering import Answerer
from retrieval.backup import write_backup
from retrieval.backup_folder import daily_name
from retrieval.damage import failures_named
from retrieval.embedding import open_embedder
from retrieval.errors import ReportBotError
from retrieval.figure_store import FigureQuery, select_figures
from retrieval.library import Library
from retrieval.library import Progress as Report
from retrieval.loading import source_named
from retrieval.messages import message
from retrieval.model_building import STEPS
from retrieval.model_cache import bundled_model
from retrieval.models import Kind, Reply
from retrieval.question import normalise
from retrieval.restoring import restore_backup
from retrieval.search import search as search_passages

_log = logging.getLogger(__name__)
_bars: list[Report] = []  # the progress bar that is shown, if any
_LIBRARY = click.option(
    "--library", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help=message("help.library")
)
_JSON = click.option("--json", "as_json", is_flag=True, help=message("help.json"))


def _corrections(command: Callable[..., int]) -> Callable[..., int]:
    for option in (
        click.option("--title", metavar="T", help=message("help.title")),
        click.option("--review-year", type=int, metavar="Y", help=message("help.review_year")),
        click.option("--plan-year", type=int, metavar="Y", help=message("help.plan_year")),
        click.option("--place", metavar="P", help=message("help.place")),
    ):
        command = option(command)
    return command


@click.group(help=message("help.reportbot"), context_settings={"help_option_names": ["-h", "--help"]})
def reportbot() -> None:
    pass


@reportbot.command(help=message("help.add"))
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@_corrections
@click.option("--replace", type=int, metavar="ID", help=message("help.replace"))
@click.option("--keep-both", is_flag=True, help=message("help.keep_both"))
@_JSON
@_LIBRARY
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
    with _opened(library, create=True) as opened, _progress() as progress:
        for outcome in opened.add(map(source_named, paths), corrections, replace=replace, keep_both=keep_both, progress=progress):
            told.append(outcome)
            _people(as_json or outcome.outcome != "added").print(render.outcome(outcome), soft_wrap=True)
    if as_json:
        _print_json([outcome.as_json() for outcome in told])
    return int(any(outcome.outcome in ("conflict", "refused") for outcome in told))


@reportbot.command(help=message("help.edit"))
@click.argument("report_id", type=int, metavar="ID")
@_corrections
@_LIBRARY
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
    with _opened(library) as opened, _progress() as progress:
        report = opened.edit(report_id, corrections, progress)
    _people().print(render.reports([report]))
    return 0


@reportbot.command("list", help=message("help.list"))
@_JSON
@_LIBRARY
def list_(as_json: bool, library: Path | None) -> int:
    with _opened(library) as opened:
        reports = opened.reports()
    if as_json:
        _print_json([report.as_json() for report in reports])
    else:
        _people().print(render.reports(reports))
    return 0


@reportbot.command(help=message("help.show"))
@click.argument("report_id", type=int, metavar="ID")
@_JSON
@_LIBRARY
def show(report_id: int, as_json: bool, library: Path | None) -> int:
    with _opened(library) as opened:
        report = opened.report(report_id)
        outline, removals = opened.outline(report_id), opened.removals(report_id)
        figures = opened.figures(report_id)
    if as_json:
        card = report.as_json() | {
            "outline": [dataclasses.asdict(section) for section in outline],
            "removals": [dataclasses.asdict(removal) for removal in removals],
            "figure_list": [dataclasses.asdict(figure) for figure in figures],
        }
        _print_json(card)
    else:
        _people().print(render.card(report, outline, removals, figures))
    return 0


@reportbot.command("figures", help=message("help.figures"))
@click.option("--place", metavar="P", help=message("help.figures_place"))
@click.option("--indicator", metavar="I", help=message("help.figures_indicator"))
@click.option("--year", type=int, metavar="Y", help=message("help.figures_year"))
@click.option("--kind", type=click.Choice(get_args(Kind)), help=message("help.figures_kind"))
@click.option("--csv", "as_csv", is_flag=True, help=message("help.figures_csv"))
@_JSON
@_LIBRARY
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
    with _opened(library) as opened:
        reports = Answerer(opened).reports_named(place) if place else opened.reports()
        found = select_figures(opened, reports, FigureQuery(indicator, year, kind))
    if as_json:
        _print_json([one.as_json() for one in found])
    elif as_csv:
        sys.stdout.buffer.write(csv_table(found))
        sys.stdout.buffer.flush()
    else:
        _people().print(render.figures_of_reports(found))
    return 0


@reportbot.command(help=message("help.text"))
@click.argument("report_id", type=int, metavar="ID")
@_LIBRARY
def text(report_id: int, library: Path | None) -> int:
    with _opened(library) as opened:
        sys.stdout.buffer.write(opened.text(report_id).encode())
    sys.stdout.buffer.flush()
    return 0


@reportbot.command(help=message("help.remove"))
@click.argument("report_ids", type=int, nargs=-1, required=True, metavar="ID...")
@_LIBRARY
def remove(report_ids: tuple[int, ...], library: Path | None) -> int:
    with _opened(library) as opened:
        for report in opened.remove(dict.fromkeys(report_ids)):
            _people().print(message("console.was_removed", id=report.id, title=report.name))
    return 0


@reportbot.command(help=message("help.ask"))
@click.argument("turns", nargs=-1, required=True, metavar="TURN...")
@click.option("--chart", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.png", help=message("help.chart"))
@_JSON
@_LIBRARY
def ask(turns: tuple[str, ...], chart: Path | None, as_json: bool, library: Path | None) -> int:
    with _opened(library) as opened:
        reply = Answerer(opened).ask(turns)
    if as_json:
        _print_json({"id": None} | reply.as_json())
    else:
        _people().print(render.reply(reply))
    if chart is not None:
        charts.write(reply, chart)
        _people(errors=True).print(message("console.chart_written", path=chart), style="green", soft_wrap=True)
    return 0


@reportbot.command(help=message("help.batch"))
@_LIBRARY
def batch(library: Path | None) -> int:
    with _opened(library) as opened:
        answerer = Answerer(opened)
        for line in sys.stdin.buffer:
            if line.strip():
                sys.stdout.buffer.write(json.dumps(_batch_reply(answerer, line), ensure_ascii=False).encode() + b"\n")
                sys.stdout.buffer.flush()
    return 0


def _batch_reply(answerer: Answerer, line: bytes) -> dict[str, Any]:
    """The reply to one line of ``batch``; a line that is no valid question is told why."""
    asked: Any = None
    try:
        asked = json.loads(line)
        turns = asked["turns"]
        if not isinstance(turns, list) or not turns or not all(isinstance(turn, str) for turn in turns):
            raise ValueError
        return {"id": asked.get("id")} | answerer.ask(turns).as_json()
    except ReportBotError as error:
        problem = error.user_message
    except (ValueError, KeyError, TypeError, AttributeError):
        problem = message("console.invalid_line")
    name = asked.get("id") if isinstance(asked, dict) else None
    return {"id": name} | Reply("not_found", problem).as_json() | {"error": problem}


@reportbot.command(help=message("help.search"))
@click.argument("query")
@click.option("-k", "count", type=click.IntRange(1, 1000), default=10, show_default=True, help=message("help.count"))
@_JSON
@_LIBRARY
def search(query: str, count: int, as_json: bool, library: Path | None) -> int:
    with _opened(library) as opened:
        found = search_passages(opened, normalise(query), opened.reports(), count)
    if as_json:
        parts = [{"lexical": round(one.lexical, 4), "dense": round(one.dense, 4)} for one in found]
        _print_json([one.as_json() | part for one, part in zip(found, parts, strict=True)])
    else:
        _people().print(render.passages(found))
    return 0


@reportbot.command(help=message("help.console"))
@_LIBRARY
def console(library: Path | None) -> int:
    from bot.console import run_console

    with _opened(library, create=True) as opened:
        opened.keep_up()
        run_console(opened, Terminal(highlight=False))
    return 0


@reportbot.command(help=message("help.run"))
@_LIBRARY
def run(library: Path | None) -> int:
    from bot.allocator import keep_small
    from bot.telegram.running import run_bot

    keep_small()
    settings = _settings()
    with _opened(library, create=True) as opened:
        run_bot(settings, opened)
    return 0


@reportbot.group("model", invoke_without_command=True, help=message("help.model"))
@click.pass_context
def model_(context: click.Context) -> int:
    return 0 if context.invoked_subcommand else _show_model()


@model_.command("show", help=message("help.model_show"))
def model_show() -> int:
    return _show_model()


@model_.command("build", help=message("help.model_build"))
def model_build() -> int:
    with _progress() as progress:
        folder = bundled_model(lambda done: progress("building", done, STEPS))
    _people().print(message("embedder.built", folder=folder, size=megabytes(folder)), style="green", soft_wrap=True)
    return 0


def _show_model() -> int:
    for line in model_card(_settings().embedding_model):
        _people().print(line, soft_wrap=True)
    return 0


@reportbot.command(help=message("help.verify"))
@_LIBRARY
def verify(library: Path | None) -> int:
    with _opened(library) as opened:
        problems = opened.verify()
        count = len(opened.reports())
    for problem in problems:
        _people(errors=True).print(problem, style="red", soft_wrap=True)
    if not problems:
        _people().print(message("verify.clean", reports=count), style="green")
    return int(bool(problems))


@reportbot.command(help=message("help.rebuild"))
@_LIBRARY
def rebuild(library: Path | None) -> int:
    with _opened(library) as opened, _progress() as progress:
        count = opened.rebuild(progress)
    _people().print(message("console.rebuilt", count=count), style="green")
    return 0


@reportbot.command("backup", help=message("help.backup"))
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@_LIBRARY
def backup_(file: Path, library: Path | None) -> int:
    settings = _settings()
    folder = library or settings.library
    backups = settings.backups_of(folder)
    if file.absolute() == backups.absolute():
        with suppress(OSError):  # the backup itself tells
            backups.mkdir(parents=True, exist_ok=True)
    with _progress() as progress:
        made = write_backup(folder, file / daily_name() if file.is_dir() else file, progress, backups)
    for problem in made.problems:
        _people(errors=True).print(problem, style="yellow", soft_wrap=True)
    said = message("console.backed_up", reports=made.reports, file=made.path, megabytes=f"{made.size / 1e6:.1f}")
    _people().print(said, style="green", soft_wrap=True)
    return int(bool(made.problems))


@reportbot.command("restore", help=message("help.restore"))
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@_LIBRARY
def restore_(file: Path, library: Path | None) -> int:
    settings = _settings()
    folder = library or settings.library
    with _progress() as progress:
        restored = restore_backup(file, folder, open_embedder(settings.embedding_model), progress)
    for problem in restored.problems:
        _people(errors=True).print(problem, style="yellow", soft_wrap=True)
    kept = message("console.kept_beside", folder=restored.kept) if restored.kept else ""
    said = message("console.restored", reports=restored.reports, made_at=restored.made_at, kept=kept)
    _people().print(said, style="green", soft_wrap=True)
    return 0


@reportbot.command("doctor", help=message("help.doctor"))
@_JSON
@_LIBRARY
def doctor_(as_json: bool, library: Path | None) -> int:
    from bot import doctor

    settings = _settings()
    found = []
    for finding in doctor.examine(settings, library or settings.library):
        found.append(finding)
        if not as_json:
            _people().print(render.finding(finding), soft_wrap=True)
    if as_json:
        _print_json([dataclasses.asdict(finding) for finding in found])
    return int(any(finding.state == "bad" for finding in found))


# -- what the commands share ----------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; its exit status. Failures that a user can cause end in one sentence on standard error."""
    people = _people(errors=True)
    try:
        return int(reportbot.main(arguments, prog_name="reportbot", standalone_mode=False) or 0)
    except ReportBotError as error:
        people.print(error.user_message, style="red", soft_wrap=True)
        return 1
    except click.UsageError as error:
        people.print(_usage(error), style="red", soft_wrap=True)
        return 2
    except (click.Abort, KeyboardInterrupt):
        people.print(message("console.interrupted"), style="yellow")
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except Exception:
        incident = uuid.uuid4().hex[:8]
        _log.exception("incident %s", incident)
        people.print(message("errors.unexpected", incident=incident), style="red", soft_wrap=True)
        return 1


def _usage(error: click.UsageError) -> str:
    command = error.ctx.command_path if error.ctx else "reportbot"
    if isinstance(error, click.NoSuchOption):
        return message("usage.no_such_option", option=error.option_name, command=command)
    if isinstance(error, click.MissingParameter):
        name = error.param.human_readable_name if error.param else ""
        return message("usage.missing", parameter=name, command=command)
    if isinstance(error, click.BadParameter):
        name = error.param.opts[0] if error.param else ""
        return message("usage.bad_value", parameter=name, command=command)
    if isinstance(error, click.NoSuchCommand):
        return message("usage.no_such_command", name=error.command_name)
    return message("usage.wrong", detail=error.message, command=command)


def _settings() -> Settings:
    settings = load_settings()
    logging.basicConfig(level=settings.log_level, stream=sys.stderr)
    return settings


@contextmanager
def _opened(folder: Path | None, create: bool = False) -> Iterator[Library]:
    """The library that ``--library`` or the settings name, opened with the embedding model of the settings."""
    settings = _settings()
    folder = folder or settings.library
    backups = settings.backups_of(folder)
    with failures_named(folder, backups):
        embedder = open_embedder(settings.embedding_model, _building)
        library = Library.open(folder, embedder, create=create, backups=backups)
        try:
            yield library
        finally:
            if library.indexing:
                _people(errors=True).print(message("console.indexing"))
            library.close()


def _building(done: int) -> None:
    """Says, once, that the bundled model is being built, and moves the bar on: the command that needs it first waits for that."""
    if done == 1:
        _people(errors=True).print(message("embedder.building"), style="dim", soft_wrap=True)
    for bar in _bars:
        bar("building", done, STEPS)


@contextmanager
def _progress() -> Iterator[Report]:
    """A progress bar on standard error where that is a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"), TimeRemainingColumn())
    with Progress(*columns, console=_people(errors=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def report(stage: str, done: int, total: int) -> None:
            bar.update(task, description=message(f"stages.{stage}"), completed=done, total=total)

        _bars.append(report)
        try:
            yield report
        finally:
            _bars.remove(report)


def _people(errors: bool = False) -> Terminal:
    """The terminal for messages to people: standard error when standard output carries JSON, or for failures."""
    return Terminal(stderr=errors, highlight=False, emoji=False, markup=False)


def _print_json(value: Any) -> None:
    sys.stdout.buffer.write(json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
