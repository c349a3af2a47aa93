"""Whom a message is for, who wrote it, and the question in it."""

from __future__ import annotations

import re

from telegram import Message, MessageEntity, Update
from telegram.constants import ChatType
from telegram.ext import filters

from bot.conversation.memory import Asked, Pointed
from retrieval.question.parsing import LONGEST_QUESTION
from retrieval.question.talk import read_talk

_POINTED = LONGEST_QUESTION - 10  # characters; room for what is asked of them


class _Addressed(filters.MessageFilter):
    """Everything in private; in groups what mentions the bot or replies to it."""

    def filter(self, message: Message) -> bool:
        return message.chat.type == ChatType.PRIVATE or _replies_to_bot(message) or bool(_mentions(message))


ADDRESSED = _Addressed(name="addressed")


def _replies_to_bot(message: Message) -> bool:
    replied = message.reply_to_message
    # In a topic everything is a reply to the message that opened it.
    written = replied is not None and replied.forum_topic_created is None
    return written and replied is not None and _is_of_bot(replied)


def _is_of_bot(message: Message) -> bool:
    return message.from_user is not None and message.from_user.id == message.get_bot().id


def _mentions(message: Message) -> list[str]:
    """The pieces of a message (or caption) that mention the bot, by name or as a person."""
    bot = message.get_bot()
    found = []
    kinds: list[str | None] = [MessageEntity.MENTION, MessageEntity.TEXT_MENTION]
    for entity, piece in {**message.parse_entities(kinds), **message.parse_caption_entities(kinds)}.items():
        named = entity.type == MessageEntity.MENTION and piece.lower() == f"@{bot.username}".lower()
        if named or (entity.user is not None and entity.user.id == bot.id):
            found.append(piece)
    return found


def asker(update: Update) -> int:
    """The id of who wrote a message: a person, or the chat that an anonymous administrator or channel writes as."""
    sender = update.effective_sender
    return sender.id if sender else 0


def thread_of(message: Message) -> int | None:
    """The topic that a message stands in."""
    return message.message_thread_id if message.is_topic_message else None


def asked_in(update: Update, text: str) -> Asked:
    message = update.effective_message
    assert message is not None
    return Asked(message.chat_id, asker(update), message.message_id, text, thread_of(message))


def question_in(message: Message) -> str:
    """The text of a message, or the caption of what it brings, without the bot's mention or the command it begins with."""
    text = message.text or message.caption or ""
    for mention in _mentions(message):
        text = text.replace(mention, " ", 1)
    return re.sub(r"^/[a-z_]+(?:@\w+)?", "", text.strip(), flags=re.I).strip()


def words_of(message: Message, question: str) -> str:
    """The words of a message that its question is, to be marked in the reply; empty where that is all of it."""
    words = read_talk(question, lambda _: True).rest.strip()
    written = (message.text or message.caption or "").strip()
    return words if words != written and words in written else ""


def pointed_in(message: Message) -> Pointed:
    """What a message replies to: the part that it quotes, else all that somebody wrote there; a forwarded one goes on from nothing."""
    replied = message.reply_to_message
    quoted = message.quote.text if message.quote is not None else ""
    if replied is None or replied.forum_topic_created is not None:
        return Pointed(None, quoted[:_POINTED], message.forward_origin is not None)
    written = "" if _is_of_bot(replied) else question_in(replied)
    return Pointed(replied.message_id, (quoted or written)[:_POINTED])


def in_group(update: Update) -> bool:
    return update.effective_chat is not None and update.effective_chat.type != ChatType.PRIVATE
