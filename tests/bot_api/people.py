"""Who talks and where: users and chats, with what the bot may do there."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any


@dataclass(eq=False)
class User:
    """A person, or the bot. ``seen`` once the bot has met the person anywhere; ``blocked`` while they block the bot."""

    id: int
    first_name: str
    language: str | None = None
    username: str | None = None
    is_bot: bool = False
    seen: bool = False
    blocked: bool = False

    def wire(self) -> dict[str, Any]:
        """The user as the Bot API writes it."""
        optional = {"username": self.username, "language_code": self.language}
        return {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name} | {
            key: value for key, value in optional.items() if value is not None
        }


@dataclass
class Stored:
    """A message as it stands now. ``wire`` is never changed in place, an edit puts a new one."""

    wire: dict[str, Any]
    from_bot: bool
    source: str = ""  # the text or caption as it was sent, with its tags
    markup: dict[str, Any] | None = None  # reply keyboards too, which the API never gives back


@dataclass(eq=False)
class Chat:
    """A chat; ``kind`` is private, group or supergroup.

    ``known``: the bot may write there, which in a private chat needs a first message of the person. ``bot_status`` is
    member, administrator, left or kicked; ``may_write`` is off where the group has silenced the bot.
    """

    id: int
    kind: str
    changed: threading.Condition
    title: str | None = None
    user: User | None = None
    forum: bool = False
    known: bool = True
    bot_status: str = "member"
    may_write: bool = True
    migrated_to: int | None = None
    topics: dict[int, dict[str, Any]] = field(default_factory=dict)  # the message that opened it, by its id
    messages: dict[int, Stored] = field(default_factory=dict)
    members: dict[int, User] = field(default_factory=dict)
    admins: set[int] = field(default_factory=set)
    last_id: int = 0

    @property
    def private(self) -> bool:
        return self.kind == "private"

    def wire(self) -> dict[str, Any]:
        """The chat as the Bot API writes it inside messages."""
        if self.user is not None:
            named = {"first_name": self.user.first_name}
            if self.user.username:
                named["username"] = self.user.username
            return {"id": self.id, "type": self.kind, **named}
        body: dict[str, Any] = {"id": self.id, "type": self.kind, "title": self.title}
        return body | ({"is_forum": True} if self.forum else {})
