"""The command ``reportbot``: the list of its commands, and how a failure of any of them ends."""

from __future__ import annotations

import errno
import gc
import logging
import os
import sys
import uuid
from collections.abc import Sequence
from importlib import import_module

import click

from bot.help_pages import localised
from retrieval.errors import ReportBotError
from retrieval.messages import message

_log = logging.getLogger(__name__)
_FULL = (errno.ENOSPC, errno.EDQUOT)
_MODULES = {
    "add": "changing",
    "ask": "asking",
    "backup": "upkeep",
    "batch": "asking",
    "explain": "asking",
    "console": "serving",
    "doctor": "upkeep",
    "edit": "changing",
    "figures": "showing",
    "list": "showing",
    "model": "model",
    "rebuild": "upkeep",
    "remove": "changing",
    "restore": "upkeep",
    "run": "serving",
    "search": "asking",
    "show": "showing",
    "text": "showing",
    "verify": "upkeep",
    "web": "serving",
}


class _Commands(click.Group):
    """Commands whose modules are loaded when they are called: half of what starting takes is loading what others need.

    After https://click.palletsprojects.com/en/stable/complex/#lazily-loading-subcommands
    """

    def list_commands(self, _context: click.Context) -> list[str]:
        return sorted(_MODULES)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in _MODULES:
            return None
        # What modules hold stays: looking through it again and again, while it grows, takes a tenth of the time of loading them.
        gc.disable()
        module = import_module(f"bot.commands.{_MODULES[name]}")
        gc.freeze()
        gc.enable()
        found = next(one for one in vars(module).values() if isinstance(one, click.Command) and one.name == name)
        return localised(found)


@localised
@click.command(cls=_Commands, help=message("help.reportbot"))
@click.version_option(package_name="reportbot", message="reportbot %(version)s", help=message("help.version"))
def reportbot() -> None:
    pass


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; its exit status. Failures that a user can cause end in one sentence on standard error."""
    os.umask(0o077)  # reports, chats and backups are for their owner alone
    try:
        return int(reportbot.main(arguments, prog_name="reportbot", standalone_mode=False) or 0)
    except ReportBotError as error:
        _tell(error.user_message)
        return 1
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.message, err=True)
        return 2
    except click.UsageError as error:
        _tell(_usage(error))
        return 2
    except (click.Abort, KeyboardInterrupt):
        _tell(message("console.interrupted"), "yellow")
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except Exception as error:
        # What is written to a library or a file that a command was given has errors of its own: this is standard output.
        if isinstance(error, OSError) and error.errno in _FULL:
            _tell(message("console.output_full"))
            return 1
        incident = uuid.uuid4().hex[:8]
        _log.exception("incident %s", incident)
        _tell(message("errors.unexpected", incident=incident))
        return 1
    finally:
        gc.freeze()  # the process ends: nothing is left to look for


def _tell(text: str, style: str = "red") -> None:
    from bot.terminal import Terminal

    Terminal(stderr=True).print(text, style=style, soft_wrap=True)


def _usage(error: click.UsageError) -> str:
    command = error.ctx.command_path if error.ctx else "reportbot"
    if isinstance(error, click.NoSuchOption):
        return message("usage.no_such_option", option=error.option_name, command=command)
    if isinstance(error, click.MissingParameter):
        name = error.param.human_readable_name if error.param else ""
        return message("usage.missing", parameter=name, command=command)
    if isinstance(error, click.BadParameter):
        name = _shown(error.param) if error.param else ""
        return message("usage.bad_value", parameter=name, command=command)
    if isinstance(error, click.NoSuchCommand):
        return message("usage.no_such_command", name=error.command_name)
    return message("usage.wrong", detail=error.message, command=command)


def _shown(parameter: click.Parameter) -> str:
    """A parameter as ``--help`` shows it: ``--year``, ``ID``."""
    return parameter.human_readable_name if isinstance(parameter, click.Argument) else parameter.opts[0]


if __name__ == "__main__":
    sys.exit(main())
