"""Help pages in the catalogue's language: click's own words are English."""

from __future__ import annotations

import click

from retrieval.messages import message

HELP_NAMES = ("-h", "--help")


class _Formatter(click.HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, message("help.usage"))

    def write_heading(self, heading: str) -> None:
        super().write_heading(message(f"help.{heading.lower()}"))  # Options, Commands


class _Context(click.Context):
    formatter_class = _Formatter


def localised(command: click.Command) -> click.Command:
    """``command``, and the commands in it, with help pages in the catalogue's language."""
    if command.context_class is _Context:
        return command
    command.context_class = _Context
    command.options_metavar = message("help.some_options")
    if isinstance(command, click.Group):
        command.subcommand_metavar = message("help.some_command")
        for inner in command.commands.values():
            localised(inner)
    return click.help_option(*HELP_NAMES, help=message("help.help"))(command)
