"""A strict Telegram Bot API over real HTTP: it refuses what Telegram refuses, so that a bot's mistakes show in tests.

``BotApiServer`` is the whole interface; its docstring names what it does not imitate.
"""

from .calls import Call
from .people import Chat, User
from .server import BotApiServer
from .world import Upload

__all__ = ["BotApiServer", "Call", "Chat", "Upload", "User"]
