"""The command ``model``: the embedding engine, shown or built."""

from __future__ import annotations

import click

from bot.commands.shared import configured, people, progress_bar
from bot.model_card import megabytes, model_card
from retrieval.embedding.model_building import STEPS
from retrieval.embedding.model_cache import bundled_model
from retrieval.messages import message


@click.group("model", invoke_without_command=True, help=message("help.model"))
@click.pass_context
def model_(context: click.Context) -> int:
    return 0 if context.invoked_subcommand else _show_model()


@model_.command("show", help=message("help.model_show"))
def model_show() -> int:
    return _show_model()


@model_.command("build", help=message("help.model_build"))
def model_build() -> int:
    with progress_bar() as progress:
        folder = bundled_model(lambda done: progress("building", done, STEPS))
    people().print(message("embedder.built", folder=folder, size=megabytes(folder)), style="green", soft_wrap=True)
    return 0


def _show_model() -> int:
    for line in model_card(configured().embedding_model):
        people().print(line, soft_wrap=True)
    return 0
