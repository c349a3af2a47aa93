"""The names of the commands, and the menus that clients show them in."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from telegram import Bot, BotCommand, BotCommandScopeChat, BotCommandScopeDefault
from telegram.error import TelegramError

from retrieval.messages import DEFAULT_LANGUAGE, LANGUAGES, message, speaking

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Name:
    """A command as people see it; its summary stands in the catalogue under ``commands.<name>``."""

    name: str
    for_administrators: bool = False

    @property
    def summary(self) -> str:
        return message(f"commands.{self.name}")


NAMES = (
    *(Name(name) for name in ("start", "ask", "reports", "figures", "here", "reset", "help", "privacy", "forget")),
    *(Name(name, True) for name in ("add", "remove", "rename", "stats", "explain", "log", "admins", "export")),
)


def visible_to(administers: bool) -> list[Name]:
    return [one for one in NAMES if administers or not one.for_administrators]


async def show_menu(bot: Bot, user_id: int | None = None, *, administers: bool = False) -> None:
    """Sets the menu of everyone, or of one person's private chat, in every language of the catalogue."""
    scope = BotCommandScopeDefault() if user_id is None else BotCommandScopeChat(user_id)
    for language in LANGUAGES:
        with speaking(language):
            commands = [BotCommand(one.name, one.summary) for one in visible_to(administers)]
        try:
            await bot.set_my_commands(commands, scope, None if language == DEFAULT_LANGUAGE else language)
        except TelegramError as error:  # somebody who has not yet written to the bot has no menu to set
            _log.info("no menu for %s: %r", user_id or "everyone", error)
            return
