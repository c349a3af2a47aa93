"""What Telegram knows: people, chats, messages, files and open queries, and the checks on them."""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from .errors import bad_request, forbidden
from .params import Params
from .people import Chat, Stored, User
from .updates import Updates


@dataclass
class File:
    """A file on the servers; ``path`` once getFile has been asked for it. ``size`` may be pretended."""

    id: str
    unique_id: str
    name: str
    mime: str
    content: bytes
    size: int
    path: str | None = None


@dataclass(frozen=True)
class Upload:
    """A document the bot has sent, with the plain text of its caption."""

    filename: str
    bytes: bytes
    caption: str
    chat: int
    message_id: int


@dataclass
class World:
    """All state. ``lock`` guards it: methods run in the server's thread, people act in the test's."""

    bot: User
    privacy: bool
    lock: threading.RLock = field(default_factory=threading.RLock)
    users: dict[int, User] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    paths: dict[str, File] = field(default_factory=dict)
    uploaded: list[Upload] = field(default_factory=list)
    open_callbacks: set[str] = field(default_factory=set)
    open_inline: set[str] = field(default_factory=set)
    callback_answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    inline_answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    commands: dict[tuple[str, Any, str], list[dict[str, Any]]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)  # names and descriptions, by field and language
    menu_buttons: dict[int | None, dict[str, Any]] = field(default_factory=dict)
    logged_out: bool = False
    last_id: int = 0

    def __post_init__(self) -> None:
        self.changed = threading.Condition(self.lock)
        self.updates = Updates(self.lock)
        self.users[self.bot.id] = self.bot

    # -- chats ----------------------------------------------------------------------------------------------------------

    def add_chat(self, chat_id: int, kind: str, **values: Any) -> Chat:
        chat = Chat(chat_id, kind, threading.Condition(self.lock), **values)
        self.chats[chat_id] = chat
        return chat

    def chat(self, params: Params) -> Chat:
        """The chat a request names, where the bot is. Raises Refused."""
        if not params.text("chat_id"):
            raise bad_request("chat_id is empty")
        chat_id = params.integer("chat_id")
        chat = self.chats.get(chat_id) if chat_id is not None else None
        if chat is None:
            raise bad_request("chat not found")
        if chat.migrated_to is not None:
            raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
        if not chat.known:
            assert chat.user
            if chat.user.seen:
                raise forbidden("bot can't initiate conversation with a user")
            raise bad_request("chat not found")
        if chat.bot_status in ("left", "kicked"):
            was = "is not a member of" if chat.bot_status == "left" else "was kicked from"
            raise forbidden(f"bot {was} the {'supergroup' if chat.kind == 'supergroup' else 'group'} chat")
        return chat

    def writable_chat(self, params: Params) -> Chat:
        """The same, where the bot may write too. Raises Refused."""
        chat = self.chat(params)
        if chat.user is not None and chat.user.blocked:
            raise forbidden("bot was blocked by the user")
        if not chat.may_write:
            raise bad_request("not enough rights to send text messages to the chat")
        return chat

    def thread(self, chat: Chat, params: Params) -> int | None:
        """The topic a request names. The general topic of a forum has no number that could be sent. Raises Refused."""
        thread = params.integer("message_thread_id")
        if thread and thread not in chat.topics:
            raise bad_request("message thread not found")
        return thread or None

    def replied(self, chat: Chat, params: Params) -> Stored | None:
        """The message a request replies to. Raises Refused where it is gone, unless the reply may stand alone."""
        reply = params.nested("reply_parameters", "reply parameters")
        if reply is None and params.integer("reply_to_message_id"):
            reply = {key: params.values[key] for key in ("allow_sending_without_reply",) if key in params.values}
            reply["message_id"] = params.integer("reply_to_message_id")
        if reply is None:
            return None
        if not isinstance(reply, dict):
            raise bad_request("can't parse reply parameters: object expected")
        given = Params(reply)
        where = self.chat(given) if given.text("chat_id") else chat
        message = where.messages.get(given.integer("message_id") or 0)
        if message is None:
            if given.flag("allow_sending_without_reply"):
                return None
            raise bad_request("message to be replied not found")
        quote = given.text("quote")
        if quote and quote not in (message.wire.get("text") or message.wire.get("caption") or ""):
            raise bad_request("QUOTE_TEXT_INVALID")
        return message

    # -- messages -------------------------------------------------------------------------------------------------------

    def next_id(self, chat: Chat) -> int:
        """Supergroups count by themselves; private chats and small groups share one row of numbers."""
        if chat.kind == "supergroup":
            chat.last_id += 1
            return chat.last_id
        self.last_id += 1
        return self.last_id

    def post(
        self,
        chat: Chat,
        sender: User,
        content: dict[str, Any],
        *,
        replied: Stored | None = None,
        thread: int | None = None,
        source: str = "",
        markup: dict[str, Any] | None = None,
    ) -> Stored:
        """Puts a message into a chat. ``content`` holds the fields that make it what it is."""
        wire: dict[str, Any] = {
            "message_id": self.next_id(chat),
            "from": sender.wire(),
            "chat": chat.wire(),
            "date": int(time.time()),
        }
        if thread is not None:
            wire |= {"message_thread_id": thread, "is_topic_message": True, "reply_to_message": chat.topics[thread]}
        if replied is not None:
            wire["reply_to_message"] = {key: value for key, value in replied.wire.items() if key != "reply_to_message"}
            if thread is None and chat.kind == "supergroup":
                # Replies in a supergroup form a thread, which is no topic: nothing can be sent to it.
                wire["message_thread_id"] = replied.wire.get("message_thread_id") or replied.wire["message_id"]
                if replied.wire.get("is_topic_message"):
                    wire["is_topic_message"] = True
        stored = Stored(wire | content, sender is self.bot, source, markup)
        if markup and "inline_keyboard" in markup:
            stored.wire["reply_markup"] = markup
        chat.messages[stored.wire["message_id"]] = stored
        self.notify(chat)
        return stored

    def notify(self, chat: Chat) -> None:
        chat.changed.notify_all()
        self.changed.notify_all()

    # -- files ----------------------------------------------------------------------------------------------------------

    def add_file(self, name: str, content: bytes, mime: str, size: int | None = None) -> File:
        unique = secrets.token_urlsafe(9)
        file = File("BQACAgQ" + secrets.token_urlsafe(24), unique, name, mime, content, len(content) if size is None else size)
        self.files[file.id] = file
        return file
