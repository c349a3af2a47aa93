"""Reactions: that thanks were heard in a group, where a message more would be one too many, and that somebody liked an answer."""

from __future__ import annotations

import logging

from telegram import Update
from telegram.constants import ReactionEmoji
from telegram.error import TelegramError

from bot.telegram.addressing import in_group
from retrieval.question.query import Talk
from retrieval.question.talk import is_sign, read_talk

_log = logging.getLogger(__name__)
_RECEIPTS = {
    Talk.THANKS: ReactionEmoji.HANDSHAKE,
    Talk.PRAISE: ReactionEmoji.PERSON_WITH_FOLDED_HANDS,
    Talk.SMALL: ReactionEmoji.OK_HAND_SIGN,
}


async def given(update: Update, text: str) -> bool:
    """Whether ``text`` needed but a reaction, and got it: a sign (👍), or thanks in a group. Where a chat allows none, words have to do."""
    message = update.effective_message
    receipt = _receipt_for(text, in_group=in_group(update))
    if message is None or receipt is None:
        return False
    try:
        await message.set_reaction(receipt)
    except TelegramError as error:
        _log.info("no reaction in chat %s: %r", message.chat_id, error)
        return False
    return True


def _receipt_for(text: str, *, in_group: bool) -> ReactionEmoji | None:
    if is_sign(text):
        return ReactionEmoji.OK_HAND_SIGN
    talk = read_talk(text, lambda _: True).talk if in_group else None
    return _RECEIPTS.get(talk) if talk is not None else None
