"""The one table of commands: from it come handlers, menus and ``/help``; and the table of what buttons do."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Update
from telegram.ext import ContextTypes

from bot.telegram import administration, browsing, explaining, figures, guidance, pasting, questions, set_aside, uploads
from bot.telegram.addressing import asker, in_group, thread_of
from bot.telegram.browsing import Action
from bot.telegram.delivery import send
from bot.telegram.markup import escaped
from bot.telegram.menus import NAMES, Name, visible_to
from bot.telegram.screens import Screen
from bot.telegram.services import services_of
from retrieval.messages import message

Callback = Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]


async def help_(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/help``: how to ask, and the commands that this person has."""
    said = update.effective_message
    assert said is not None
    administers = services_of(context).administrators.includes(asker(update)) and not in_group(update)
    name = context.bot.username
    await send(context.bot, said.chat_id, help_screen(administers, name), None, thread_of(said))


def help_screen(administers: bool, bot_name: str) -> Screen:
    lines = [escaped(message("telegram.help", bot=bot_name)), ""]
    lines += [f"/{one.name} {escaped(one.summary)}" for one in visible_to(False)]
    if administers:
        lines += ["", f"<b>{escaped(message('telegram.help_admins'))}</b>"]
        lines += [f"/{one.name} {escaped(one.summary)}" for one in NAMES if one.for_administrators]
    return Screen(("\n".join(lines),))


_CALLBACKS: dict[str, Callback] = {
    "start": guidance.start,
    "ask": questions.ask,
    "reports": browsing.reports,
    "figures": figures.figures,
    "here": questions.here,
    "reset": questions.reset,
    "help": help_,
    "privacy": guidance.privacy,
    "forget": guidance.forget,
    "add": pasting.begin_paste,
    "remove": administration.remove,
    "rename": administration.rename,
    "stats": administration.stats,
    "explain": explaining.explain,
    "log": administration.log,
    "admins": administration.admins,
    "export": administration.export,
}
COMMANDS: tuple[tuple[Name, Callback], ...] = tuple((one, _CALLBACKS[one.name]) for one in NAMES)

BUTTONS: dict[str, Action] = {
    "answer": browsing.back_to_answer,
    "around": browsing.around,
    "more": browsing.more,
    "card": browsing.card_of_answer,
    "cite": browsing.cite,
    "next": questions.ask_suggested,
    "vote": browsing.vote,
    "alert": browsing.want_alert,
    "list": browsing.page_of_reports,
    "report": browsing.card_of_list,
    "file": browsing.send_file,
    "figures": figures.show_page,
    "table": figures.send_table,
    "here": browsing.clear_here,
    "forget": guidance.forget_decided,
}
ADMINISTRATORS_BUTTONS: dict[str, Action] = {
    "add": uploads.decided,
    "draft": uploads.show_draft,
    "understood": uploads.show_figures,
    "fix": uploads.ask_for_correction,
    "paste": pasting.paste_decided,
    "input": uploads.input_cancelled,
    "remove": administration.remove_decided,
    "rename": administration.rename_decided,
    "admin": administration.admin_removed,
    "log": administration.log_page,
    "retry": set_aside.retry,
}
