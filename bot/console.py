"""The interactive mode: questions and follow-ups at a prompt, and commands that start with a slash."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bot import charts, render
from bot.terminal import Terminal
from retrieval.answers.answerer import Answerer
from retrieval.errors import ReportBotError
from retrieval.language.places import short_name
from retrieval.library import Library
from retrieval.messages import message
from retrieval.reading.loading import source_named
from retrieval.replies import Reply
from retrieval.search.figure_lookup import FigureQuery, select_figures

_AROUND = 200
_REMEMBERED_TURNS = 20


@dataclass(frozen=True)
class Command:
    """A command of the console: ``/name argument``, with the line that ``/help`` shows for it."""

    name: str
    run: Callable[[Session, str], None]
    argument: str = ""


@dataclass
class Session:
    """One sitting at the console: the turns since the last ``/reset``, and the last reply."""

    library: Library
    terminal: Terminal
    turns: list[str] = field(default_factory=list)
    last: Reply | None = None
    done: bool = False

    def handle(self, line: str) -> None:
        """Does what one line asks: a command, or a question. Failures end in one sentence, not in the console's end."""
        line = line.strip()
        if not line:
            return
        try:
            if line.startswith("/"):
                self._command(line)
            else:
                self._ask(self._suggested(line))
        except ReportBotError as error:
            self.terminal.print(error.user_message, style="red")
        except KeyboardInterrupt:
            self.terminal.print(message("console.cancelled"), style="yellow")

    def _suggested(self, line: str) -> str:
        """The suggestion under the last answer that a number stands for; any other line as it is."""
        suggested = self.last.suggestions if self.last is not None else ()
        return suggested[int(line) - 1] if line.isdecimal() and 0 < int(line) <= len(suggested) else line

    def _ask(self, question: str) -> None:
        reply = Answerer(self.library).ask([*self.turns, question])
        self.turns = [*self.turns, question][-_REMEMBERED_TURNS:]
        self.last = reply
        self.terminal.print(render.reply(reply))

    def _command(self, line: str) -> None:
        name, _, argument = line[1:].partition(" ")
        command = next((one for one in COMMANDS if one.name == name.lower()), None)
        if command is None:
            self.terminal.print(message("console.unknown_command", name=name), style="yellow")
        else:
            command.run(self, argument.strip())


def _reports(session: Session, _: str) -> None:
    session.terminal.print(render.reports(session.library.reports()))


def _show(session: Session, argument: str) -> None:
    number = _number(session, argument, "show")
    if number is not None:
        library = session.library
        report = library.report(number)
        parts = library.outline(number), library.removals(number), library.figures(number)
        session.terminal.print(render.card(report, *parts))


def _source(session: Session, argument: str) -> None:
    number = _number(session, argument or "1", "source")
    if number is None:
        return
    if session.last is None or not 1 <= number <= len(session.last.quotes):
        session.terminal.print(message("console.no_such_quote", number=number), style="yellow")
        return
    quote = session.last.quotes[number - 1]
    session.terminal.print(render.surroundings(quote, session.library.text(quote.report.id), _AROUND))
    session.terminal.print(render.source_line(quote, number))


def _add(session: Session, argument: str) -> None:
    if not argument:
        session.terminal.print(message("console.needs_argument", name="add", argument="PATH"), style="yellow")
        return
    source = source_named(argument.strip("\"'"))
    with session.terminal.status(message("stages.reading")) as status:

        def progress(stage: str, done: int, total: int) -> None:
            status.update(f"{message(f'stages.{stage}')} {done}/{total}")

        for outcome in session.library.add([source], progress=progress):
            session.terminal.print(render.outcome(outcome))


def _chart(session: Session, argument: str) -> None:
    if not argument:
        session.terminal.print(message("console.needs_argument", name="chart", argument="FILE.png"), style="yellow")
        return
    path = Path(argument.strip("\"'")).expanduser()
    charts.write(session.last or Reply("not_found", ""), path)
    session.terminal.print(message("console.chart_written", path=path), style="green")


def _figures(session: Session, argument: str) -> None:
    if not argument:
        session.terminal.print(message("console.needs_argument", name="figures", argument="PLACE"), style="yellow")
        return
    reports = Answerer(session.library).reports_named(argument)
    session.terminal.print(render.figures_of_reports(select_figures(session.library, reports, FigureQuery())))


def _reset(session: Session, _: str) -> None:
    session.turns, session.last = [], None
    session.terminal.print(message("console.was_reset"))


def _help(session: Session, _: str) -> None:
    session.terminal.print(message("console.help_head"))
    for command in COMMANDS:
        usage = f"/{command.name} {command.argument}".strip()
        session.terminal.print(f"  {usage:<16} {message(f'console_commands.{command.name}')}")


def _quit(session: Session, _: str) -> None:
    session.done = True


def _number(session: Session, argument: str, name: str) -> int | None:
    if argument.isascii() and argument.isdigit():
        return int(argument)
    session.terminal.print(message("console.needs_argument", name=name, argument="N"), style="yellow")
    return None


COMMANDS = (
    Command("reports", _reports),
    Command("show", _show, "N"),
    Command("source", _source, "N"),
    Command("figures", _figures, "PLACE"),
    Command("chart", _chart, "FILE.png"),
    Command("add", _add, "PATH"),
    Command("reset", _reset),
    Command("help", _help),
    Command("quit", _quit),
)


def run_console(library: Library, terminal: Terminal, read: Callable[[], str] | None = None) -> None:
    """Reads lines until ``/quit`` or the end of input; ``read`` is the prompt unless a test brings its own."""
    session = Session(library, terminal)
    terminal.print(message("console.welcome", reports=len(library.reports())))
    read = read or _prompt(library)
    while not session.done:
        try:
            line = read()
        except EOFError:
            break
        except KeyboardInterrupt:
            continue
        session.handle(line)
    terminal.print(message("console.bye"))


def _prompt(library: Library) -> Callable[[], str]:
    """A prompt with history and completion of places and commands; plain lines where input is no terminal."""
    if not sys.stdin.isatty():
        return lambda: input()
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import WordCompleter
    from prompt_toolkit.history import FileHistory

    def words() -> list[str]:
        places = [report.place for report in library.reports() if report.place]
        return [*(f"/{command.name}" for command in COMMANDS), *places, *(short_name(place) for place in places)]

    completer = WordCompleter(words, sentence=True, match_middle=False)  # type: ignore[arg-type]
    prompt: PromptSession[str] = PromptSession(
        message("console.prompt"), history=FileHistory(str(library.folder / "console_history")), completer=completer
    )
    return prompt.prompt
