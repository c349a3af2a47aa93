"""Edited messages that name a file or a link: read again where that is another one, and not where only words changed.

Telegram tells of an edit whatever was changed: a caption, the preview of a link. What is forgotten by a restart is read
once more, which harms nobody: a preview changes nothing.
"""

from __future__ import annotations

from telegram import Update
from telegram.ext import ContextTypes

_KEY = "read"
_REMEMBERED = 50  # messages of a person; edits come soon or never


def was_read(update: Update, context: ContextTypes.DEFAULT_TYPE, source: str) -> bool:
    """Whether an edited message still holds the ``source`` (a link, or a file's unique id) that was read from it."""
    said = update.edited_message
    return said is not None and _read(context).get((said.chat_id, said.message_id)) == source


def remember(update: Update, context: ContextTypes.DEFAULT_TYPE, source: str) -> None:
    """``source`` has been read from a message."""
    said = update.effective_message
    assert said is not None
    read = _read(context)
    read.pop((said.chat_id, said.message_id), None)
    read[said.chat_id, said.message_id] = source
    for oldest in list(read)[:-_REMEMBERED]:
        del read[oldest]


def _read(context: ContextTypes.DEFAULT_TYPE) -> dict[tuple[int, int], str]:
    read: dict[tuple[int, int], str] = {} if context.user_data is None else context.user_data.setdefault(_KEY, {})
    return read
