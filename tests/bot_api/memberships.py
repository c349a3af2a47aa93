"""Who is there: people, chats, topics, and how the bot comes and goes."""

from __future__ import annotations

import time
from typing import Any

from .chats import member_wire
from .people import Chat, User
from .world import World


class Memberships:
    """The half of the server that makes people and chats."""

    world: World

    def user(self, user_id: int, first_name: str, *, language: str | None = None, username: str | None = None) -> User:
        """A person; ``language`` is the IETF tag their app says. The same id gives the same person, changed."""
        with self.world.lock:
            user = self.world.users.setdefault(user_id, User(user_id, first_name))
            user.first_name, user.language, user.username = first_name, language, username
            return user

    def private(self, user: User, *, started: bool = False) -> Chat:
        """The private chat of a person. The bot can't write there before they have, unless they ``started`` it once."""
        with self.world.lock:
            chat = self.world.chats.get(user.id) or self.world.add_chat(user.id, "private", user=user, known=False)
            chat.known = chat.known or started
            user.seen = user.seen or started
            return chat

    def group(
        self, chat_id: int, title: str, *, kind: str = "supergroup", forum: bool = False, members: tuple[User, ...] = ()
    ) -> Chat:
        """A group the bot is in already. Whoever writes there is a member; ``members`` are so without having written."""
        if kind not in ("group", "supergroup") or (forum and kind == "group") or chat_id >= 0:
            raise ValueError("groups have negative ids and are of the kind group or supergroup, forums always the latter")
        with self.world.lock:
            chat = self.world.add_chat(chat_id, kind, title=title, forum=forum)
            chat.members = {user.id: user for user in members}
            return chat

    def topic(self, chat: Chat, name: str, by: User | None = None) -> int:
        """Opens a topic in a forum and returns its ``message_thread_id``; the bot gets the service message."""
        if not chat.forum:
            raise ValueError(f"{chat.title} is no forum")
        with self.world.lock:
            opener = by or User(777000, "Telegram")
            opened = self.world.post(chat, opener, {"forum_topic_created": {"name": name, "icon_color": 7322096}})
            thread = int(opened.wire["message_id"])
            opened.wire = opened.wire | {"message_thread_id": thread, "is_topic_message": True}
            chat.topics[thread] = opened.wire
            self.world.updates.put("message", opened.wire)
            return thread

    def promote(self, chat: Chat, user: User) -> None:
        """Makes a person an administrator of a group."""
        with self.world.lock:
            chat.members.setdefault(user.id, user)
            chat.admins.add(user.id)

    def silence(self, chat: Chat) -> None:
        """Takes from the bot the right to write in a group."""
        with self.world.lock:
            chat.may_write = False

    def set_bot_status(self, chat: Chat, status: str, by: User) -> None:
        """Adds the bot to a group, removes it or promotes it: member, administrator, left or kicked. The bot is told."""
        with self.world.lock:
            self._changed_status(chat, chat.bot_status, status, by)
            joined = chat.bot_status in ("left", "kicked") and status in ("member", "administrator")
            chat.bot_status = status
            if joined:
                bot = self.world.bot.wire()
                message = self.world.post(chat, by, {"new_chat_members": [bot], "new_chat_member": bot})
                self.world.updates.put("message", message.wire)

    def block(self, user: User) -> None:
        """A person blocks the bot, which is told."""
        self._set_blocked(user, True)

    def unblock(self, user: User) -> None:
        self._set_blocked(user, False)

    def migrate(self, group: Chat, new_id: int) -> Chat:
        """A group becomes a supergroup with another id; returns the new chat. Both service messages are delivered."""
        if group.kind != "group":
            raise ValueError(f"{group.title} is a supergroup already")
        with self.world.lock:
            new = self.world.add_chat(new_id, "supergroup", title=group.title)
            new.members, new.admins, new.bot_status = dict(group.members), set(group.admins), group.bot_status
            owner = next(iter(group.members.values()), User(1087968824, "Group", username="GroupAnonymousBot", is_bot=True))
            old_message = self.world.post(group, owner, {"migrate_to_chat_id": new_id})
            new_message = self.world.post(new, owner, {"migrate_from_chat_id": group.id})
            group.migrated_to = new_id
            self.world.updates.put("message", old_message.wire)
            self.world.updates.put("message", new_message.wire)
            return new

    def _set_blocked(self, user: User, blocked: bool) -> None:
        with self.world.lock:
            if user.blocked == blocked:
                return
            user.blocked = blocked
            old, new = ("member", "kicked") if blocked else ("kicked", "member")
            self._changed_status(self.private(user), old, new, user)

    def _changed_status(self, chat: Chat, old: str, new: str, by: User) -> None:
        members: dict[str, Any] = {
            "old_chat_member": member_wire(self.world.bot, old),
            "new_chat_member": member_wire(self.world.bot, new),
        }
        change = {"chat": chat.wire(), "from": by.wire(), "date": int(time.time()), **members}
        self.world.updates.put("my_chat_member", change)
