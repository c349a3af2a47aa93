"""Commands that answer: ask, explain, batch, search.

What answers is loaded once the library is open: the model is loaded meanwhile, on another core.
"""

from __future__ import annotations

import json
import logging
import sys
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot import render
from bot.commands.shared import JSON, LIBRARY, configured, open_library, people, print_json, written_json
from retrieval.errors import ReportBotError
from retrieval.language.hidden import visible
from retrieval.messages import message
from retrieval.replies import Reply
from retrieval.storage.damage import failures_named

if TYPE_CHECKING:
    from retrieval.answers.answerer import Answerer

_log = logging.getLogger(__name__)


@click.command(help=message("help.ask"))
@click.argument("turns", nargs=-1, required=True, metavar="TURN...")
@click.option("--chart", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.png", help=message("help.chart"))
@JSON
@LIBRARY
def ask(turns: tuple[str, ...], chart: Path | None, as_json: bool, library: Path | None) -> int:
    with open_library(library, asking=True) as opened:
        from retrieval.answers.answerer import Answerer

        reply = Answerer(opened).ask(turns)
    if as_json:
        print_json({"id": None} | reply.as_json())
    else:
        people().print(render.reply(reply))
    if chart is not None:
        from bot import charts

        charts.write(reply, chart)
        people(errors=True).print(message("console.chart_written", path=chart), style="green", soft_wrap=True)
    return 0


@click.command(help=message("help.explain"))
@click.argument("turns", nargs=-1, required=True, metavar="TURN...")
@JSON
@LIBRARY
def explain(turns: tuple[str, ...], as_json: bool, library: Path | None) -> int:
    with open_library(library, asking=True) as opened:
        from retrieval import explain as explaining
        from retrieval.answers.answerer import Answerer

        told = explaining.explain(Answerer(opened), turns)
        if as_json:
            print_json(told.as_json())
        else:
            for line in explaining.lines_of(told):
                click.echo(visible(line))
    return 0


@click.command(help=message("help.batch"))
@LIBRARY
def batch(library: Path | None) -> int:
    with open_library(library, asking=True) as opened:
        from retrieval.answers.answerer import Answerer

        answerer = Answerer(opened)
        backups = configured().backups_of(opened.folder)
        for line in sys.stdin.buffer:
            if line.strip():
                # Half a surrogate pair, which JSON can name and UTF-8 can't write, becomes a question mark.
                reply = written_json(_batch_reply(answerer, line, opened.folder, backups)).encode(errors="replace")
                sys.stdout.buffer.write(reply + b"\n")
                sys.stdout.buffer.flush()
    return 0


def _batch_reply(answerer: Answerer, line: bytes, folder: Path, backups: Path) -> dict[str, Any]:
    """The reply to one line of ``batch``; a line that is no valid question, or can't be answered, is told why."""
    asked: Any = None
    try:
        asked = json.loads(line)
        turns = asked["turns"]
        if not isinstance(turns, list) or not turns or not all(isinstance(turn, str) for turn in turns):
            raise ValueError
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return _refusal(asked, message("console.invalid_line"))
    try:
        with failures_named(folder, backups):
            return {"id": asked.get("id")} | answerer.ask(turns).as_json()
    except ReportBotError as error:
        return _refusal(asked, error.user_message)
    except Exception:  # the lines that follow are to be answered all the same
        incident = uuid.uuid4().hex[:8]
        _log.exception("incident %s", incident)
        return _refusal(asked, message("errors.unexpected", incident=incident))


def _refusal(asked: object, problem: str) -> dict[str, Any]:
    name = asked.get("id") if isinstance(asked, dict) else None
    return {"id": name} | Reply("not_found", problem).as_json() | {"error": problem}


@click.command(help=message("help.search"))
@click.argument("query")
@click.option("-k", "count", type=click.IntRange(1, 1000), default=10, show_default=True, help=message("help.count"))
@JSON
@LIBRARY
def search(query: str, count: int, as_json: bool, library: Path | None) -> int:
    with open_library(library, asking=True) as opened:
        from retrieval.answers.answerer import Answerer

        found = Answerer(opened).search(query, count)
    if as_json:
        print_json([one.as_json() for one in found])
    else:
        people().print(render.passages(found))
    return 0
