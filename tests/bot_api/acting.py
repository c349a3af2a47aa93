"""What people do, as a test says it: they write, edit, send files, press buttons and ask inline."""

from __future__ import annotations

import mimetypes
import secrets
import time
from typing import Any

from .html_rules import utf16
from .media import media_fields
from .people import Chat, Stored, User
from .sending import document_wire
from .text_rules import CAPTION_LIMIT, TEXT_LIMIT, find_entities
from .world import World

Message = dict[str, Any]


class Acting:
    """The half of the server that is the people. Whoever acts impossibly gets a ValueError: that is the test's mistake."""

    world: World

    def send(
        self,
        chat: Chat,
        user: User,
        text: str,
        *,
        reply_to: Message | int | None = None,
        thread: int | None = None,
        entities: str | list[dict[str, Any]] = "auto",
        **fields: Any,
    ) -> Message:
        """Sends a text and returns the message. ``entities``: a list instead of those Telegram finds itself.

        ``thread`` is a topic of a forum. ``fields`` are added to the message as they are (forward_origin, sender_chat).
        """
        written = text.strip(" \n")
        if not written or utf16(written) > TEXT_LIMIT:
            raise ValueError(f"Telegram's clients send 1 to {TEXT_LIMIT} UTF-16 units, this text has {utf16(written)}")
        found = find_entities(written) if entities == "auto" else entities
        content = {"text": written, **({"entities": found} if found else {}), **fields}
        return self._post(chat, user, content, reply_to, thread)

    def send_document(
        self,
        chat: Chat,
        user: User,
        filename: str,
        content: bytes,
        *,
        caption: str | None = None,
        size: int | None = None,
        media_group: str | None = None,
        mime: str | None = None,
        reply_to: Message | int | None = None,
        thread: int | None = None,
        **fields: Any,
    ) -> Message:
        """Sends a file. ``size`` pretends another size than that of ``content``."""
        guessed = mime or mimetypes.guess_type(filename)[0] or "application/octet-stream"
        with self.world.lock:
            body = {"document": document_wire(self.world.add_file(filename, content, guessed, size)), **fields}
        if media_group is not None:
            body["media_group_id"] = media_group
        return self._post(chat, user, body | _caption(caption), reply_to, thread)

    def send_media(
        self,
        chat: Chat,
        user: User,
        kind: str,
        *,
        caption: str | None = None,
        content: bytes = b"\0",
        reply_to: Message | int | None = None,
        thread: int | None = None,
        **fields: Any,
    ) -> Message:
        """Sends a photo, voice, audio, video, animation, video_note, sticker, location, venue, contact, dice or poll."""
        with self.world.lock:
            body = media_fields(self.world, kind, content)
        return self._post(chat, user, body | _caption(caption) | fields, reply_to, thread)

    def send_service(self, chat: Chat, user: User, **fields: Any) -> Message:
        """Sends a service message, such as ``new_chat_title="新名"``."""
        return self._post(chat, user, fields, None, None, service=True)

    def edit(self, message: Message, text: str) -> Message:
        """Edits a person's text, or the caption of what they sent."""
        world = self.world
        with world.lock:
            chat = world.chats[message["chat"]["id"]]
            stored = chat.messages[message["message_id"]]
            name, entities = ("text", "entities") if "text" in stored.wire else ("caption", "caption_entities")
            wire = {key: value for key, value in stored.wire.items() if key != entities}
            wire |= {name: text, "edit_date": int(time.time())}
            found = find_entities(text)
            stored.wire = wire | ({entities: found} if found else {})
            world.notify(chat)
            if self._reaches_bot(chat, stored, service=False):
                world.updates.put("edited_message", stored.wire)
            return stored.wire

    def press(self, message: Message, button: str | None = None, *, data: str | None = None, user: User | None = None) -> str:
        """Presses a button, by its text or by any ``data``, and returns the id of the query.

        A message that has been edited or deleted since is pressed as an old client would: the button is looked for in the
        message as it is now, then as it was given. In a private chat ``user`` is the person of the chat.
        """
        world = self.world
        with world.lock:
            chat = world.chats[message["chat"]["id"]]
            stored = chat.messages.get(message["message_id"])
            if data is None:
                now = stored.markup if stored else None
                data = _find_data((now, message.get("reply_markup")), button)
            person = user or chat.user
            if person is None:
                raise ValueError("say who presses the button: this is no private chat")
            person.seen = True
            deleted = {"chat": chat.wire(), "message_id": message["message_id"], "date": 0}
            query_id = _query_id()
            world.open_callbacks.add(query_id)
            query = {"id": query_id, "from": person.wire(), "chat_instance": str(abs(chat.id) * 7919), "data": data}
            world.updates.put("callback_query", query | {"message": stored.wire if stored else deleted})
            return query_id

    def inline(self, user: User, query: str, *, offset: str = "", chat_type: str | None = "sender") -> str:
        """Asks inline, and returns the id of the query."""
        with self.world.lock:
            user.seen = True
            query_id = _query_id()
            self.world.open_inline.add(query_id)
            body = {"id": query_id, "from": user.wire(), "query": query, "offset": offset}
            self.world.updates.put("inline_query", body | ({"chat_type": chat_type} if chat_type else {}))
            return query_id

    def choose(self, query_id: str, result_id: str, chat: Chat, user: User) -> Message:
        """Sends a result of an answered inline query into a chat."""
        results = self.world.inline_answers[query_id]["results"]
        (result,) = [one for one in results if one["id"] == result_id]
        content = result["input_message_content"]
        body = {"text": content["text"], "entities": content["found_entities"], "via_bot": self.world.bot.wire()}
        markup = {"reply_markup": result["reply_markup"]} if "reply_markup" in result else {}
        return self._post(chat, user, body | markup, None, None)

    def expire(self, query_id: str) -> None:
        """Makes a query too old to be answered."""
        with self.world.lock:
            self.world.open_callbacks.discard(query_id)
            self.world.open_inline.discard(query_id)

    def delete(self, message: Message) -> None:
        """A person deletes a message; bots are not told."""
        with self.world.lock:
            chat = self.world.chats[message["chat"]["id"]]
            del chat.messages[message["message_id"]]
            self.world.notify(chat)

    def redeliver(self, update: int | dict[str, Any]) -> None:
        """Delivers an update a second time: by its id, or by the message or query that it brought."""
        delivered = self.world.updates.delivered
        if isinstance(update, dict) and "update_id" in update:
            self.world.updates.put_again(update)
        elif isinstance(update, dict):
            self.world.updates.put_again(next(one for one in reversed(delivered.values()) if _brings(one, update)))
        else:
            self.world.updates.put_again(delivered[update])

    def _post(
        self,
        chat: Chat,
        user: User,
        content: dict[str, Any],
        reply_to: Message | int | None,
        thread: int | None,
        *,
        service: bool = False,
    ) -> Message:
        world = self.world
        with world.lock:
            if chat.migrated_to is not None:
                raise ValueError(f"{chat.title} has become {chat.migrated_to}")
            if chat.private and chat.user is not user:
                raise ValueError(f"only {chat.user} can write there")
            self._meet(chat, user)
            if thread is not None and thread not in chat.topics:
                raise ValueError(f"{chat.title} has no topic {thread}: make it with topic()")
            replied = None
            if reply_to is not None:
                replied = chat.messages[reply_to["message_id"] if isinstance(reply_to, dict) else reply_to]
            stored = world.post(chat, user, content, replied=replied, thread=thread, markup=content.get("reply_markup"))
            if self._reaches_bot(chat, stored, service=service):
                world.updates.put("message", stored.wire)
            return stored.wire

    def _meet(self, chat: Chat, user: User) -> None:
        user.seen = True
        chat.known = True
        if chat.private:
            user.blocked = False
        else:
            chat.members.setdefault(user.id, user)

    def _reaches_bot(self, chat: Chat, stored: Stored, *, service: bool) -> bool:
        """Whether the bot is told: with privacy on only what is meant for it."""
        world = self.world
        if chat.bot_status in ("left", "kicked"):
            return False
        if chat.private or service or not world.privacy or chat.bot_status == "administrator":
            return True
        wire = stored.wire
        replied = wire.get("reply_to_message", {}).get("from", {}).get("id") == world.bot.id
        return replied or "via_bot" in wire or _addressed(wire, world.bot.username or "")


def _addressed(wire: Message, username: str) -> bool:
    """Whether a text names the bot, or gives a command that names no other bot."""
    text = wire.get("text") or wire.get("caption") or ""
    units = text.encode("utf-16-le")
    for entity in wire.get("entities") or wire.get("caption_entities") or []:
        piece = units[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le")
        _, at, named = piece.partition("@")
        if entity["type"] in ("bot_command", "mention") and (not at or named.lower() == username.lower()):
            return True
    return False


def _caption(caption: str | None) -> dict[str, Any]:
    if not caption:
        return {}
    if utf16(caption) > CAPTION_LIMIT:
        raise ValueError(f"a caption has at most {CAPTION_LIMIT} UTF-16 units")
    found = find_entities(caption)
    return {"caption": caption, **({"caption_entities": found} if found else {})}


def _find_data(markups: tuple[dict[str, Any] | None, ...], text: str | None) -> str:
    seen = []
    for markup in markups:
        buttons = [button for row in (markup or {}).get("inline_keyboard", []) for button in row]
        seen += [button["text"] for button in buttons]
        for button in buttons:
            if button["text"] == text and "callback_data" in button:
                return str(button["callback_data"])
    raise ValueError(f"no button {text!r} that asks the bot, among {seen}")


def _brings(update: dict[str, Any], body: dict[str, Any]) -> bool:
    if "message_id" not in body:
        return any(isinstance(one, dict) and one.get("id") == body.get("id") for one in update.values())
    message = update.get("message") or update.get("edited_message") or {}
    return bool(message) and (message["chat"]["id"], message["message_id"]) == (body["chat"]["id"], body["message_id"])


def _query_id() -> str:
    return str(secrets.randbits(62))
