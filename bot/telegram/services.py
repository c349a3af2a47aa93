"""What the handlers of the Telegram bot share, beyond what every front end has."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from telegram import Update
from telegram.ext import Application, ContextTypes

from bot.conversation.services import CommonServices
from bot.conversation.state import Warned
from bot.settings import Settings
from bot.telegram.administrators import Administrators
from bot.telegram.clock import Clock
from bot.telegram.inbox import UpdateLog
from bot.telegram.opening import Opening, opening
from bot.telegram.suspects import Suspects
from retrieval.library import Library

_KEY = "services"


class Services(CommonServices):
    """One object for a running bot."""

    def __init__(self, settings: Settings, library: Library, bot_id: int) -> None:
        super().__init__(settings, library, library.folder / "telegram", str(bot_id))
        self.updates = UpdateLog(self.state)
        self.suspects = Suspects(self.state)
        self.administrators = Administrators(self.state, settings.admin_ids)
        self.warned = Warned(self.state)
        self.moves = self.conversations.moves()
        self.seen_generation = -1
        self.alerting = asyncio.Lock()
        self.backing_up = asyncio.Lock()
        self.newest_inline: dict[int, str] = {}
        self.retrying: set[int] = set()  # updates that are not handled although their handler has ended
        self.wanted: set[int] = set()  # updates that an administrator wants handled, however old they are
        self.clock = Clock()
        self.albums: dict[tuple[int, str], dict[int, Update]] = {}  # by chat and album: updates of photos that wait for more
        self.told: dict[str, float] = {}  # when administrators were told of which error, in monotonic seconds

    def opening(self, chat_id: int | None) -> Opening:
        """How quotes are opened on the pages, in a chat; None is whichever chat an inline answer is sent to."""
        return opening(self.settings.web_url, chat_id)

    def is_allowed(self, chat_id: int, user_id: int) -> bool:
        """Whether a chat (or, of an inline question, its user) may use the bot; administrators may in private."""
        allowed = self.settings.allowed_chat_ids
        if not allowed or chat_id in allowed:
            return True
        if any(self.moves.get(old) == chat_id for old in allowed):
            return True
        return chat_id == user_id and self.administrators.includes(user_id)


def share(application: Application[Any, Any, Any, Any, Any, Any], services: Services) -> None:
    application.bot_data[_KEY] = services


def services_of(context: ContextTypes.DEFAULT_TYPE) -> Services:
    """The one accessor for what handlers share."""
    services: Services = context.bot_data[_KEY]
    return services


def lock_path(folder: Path, name: str) -> Path:
    """The file that a running bot locks, so that a second one of the same token on this library stops."""
    return folder / "telegram" / f"{name}.lock"
