"""Adding a report from a phone whose text is pasted, piece by piece."""

from __future__ import annotations

from datetime import datetime

from telegram import Update
from telegram.ext import ContextTypes

from bot.conversation.drafts import ExpectedInput
from bot.telegram import screens
from bot.telegram.addressing import asker
from bot.telegram.browsing import Pressed
from bot.telegram.delivery import edit, send
from bot.telegram.screens import Screen
from bot.telegram.services import Services, services_of
from bot.telegram.uploads import add_link, preview_all
from retrieval.ingest.adding import Original
from retrieval.messages import message
from retrieval.reading.names import is_link

_CUT = 4090  # a client cuts a pasted text at 4,096 characters, or before at the end of a line


async def begin_paste(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/add``: what follows until 完成 is the text of a report. An edit of it ends no other one that is being pasted."""
    said = update.effective_message
    assert said is not None
    services = services_of(context)
    if update.edited_message and services.drafts.expects(said.chat_id, asker(update)):
        if context.args and is_link(context.args[0]):
            await add_link(update, context, context.args[0])
        return
    await services.stored(services.drafts.expect_nothing, said.chat_id, asker(update))
    if context.args and is_link(context.args[0]):
        await add_link(update, context, context.args[0])
        return
    sent = await send(context.bot, said.chat_id, _pasting([]))
    await services.stored(services.drafts.expect, said.chat_id, asker(update), "paste", sent[-1])


def _pasting(pieces: list[str]) -> Screen:
    buttons = [screens.button("done", "paste", "done")] if pieces else []
    keyboard = screens.keyboard([*buttons, screens.button("cancel", "paste", "cancel")])
    key = "telegram.pasting" if pieces else "telegram.paste"
    return Screen(screens.text(key, pieces=len(pieces), characters=sum(map(len, pieces))).parts, keyboard)


async def on_piece(update: Update, context: ContextTypes.DEFAULT_TYPE, expected: ExpectedInput) -> None:
    """A piece of a pasted report; 完成 ends it."""
    said = update.effective_message
    assert said is not None
    services = services_of(context)
    text, user_id = said.text or "", asker(update)
    if text.strip().lower() in (message("buttons.done").lower(), "完成", "done"):
        await _finish_paste(context, services, said.chat_id, user_id)
        return
    pieces = await services.stored(services.drafts.paste, said.chat_id, user_id, said.message_id, text)
    await services.stored(services.drafts.expect, said.chat_id, user_id, "paste", expected.target)
    await edit(context.bot, said.chat_id, expected.target, _pasting(pieces))


async def on_edited_piece(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A piece of a pasted report that was changed afterwards; other edits mean nothing while a text is awaited."""
    said = update.effective_message
    assert said is not None
    services = services_of(context)
    await services.stored(services.drafts.change_piece, said.chat_id, asker(update), said.message_id, said.text or "")


async def paste_decided(on: Pressed) -> None:
    await on.tell("")
    if on.press.arguments[0] == "done":
        await _finish_paste(on.context, on.services, on.chat_id, on.user_id)
    else:
        await on.services.stored(on.services.drafts.expect_nothing, on.chat_id, on.user_id)
        await on.show(screens.text("telegram.cancelled"))


async def _finish_paste(context: ContextTypes.DEFAULT_TYPE, services: Services, chat_id: int, user_id: int) -> None:
    pieces = await services.stored(services.drafts.pieces, chat_id, user_id)
    await services.stored(services.drafts.expect_nothing, chat_id, user_id)
    if not pieces:
        await send(context.bot, chat_id, screens.text("telegram.nothing_pasted"))
        return
    name = message("telegram.pasted_file", time=datetime.now().strftime("%Y-%m-%d %H.%M.%S"))
    original = await services.read(Original.read, joined_pieces(pieces).encode(), name)
    await preview_all(context, services, chat_id, user_id, original, None)


def joined_pieces(pieces: list[str]) -> str:
    """A pasted text as one: a client cuts at its limit, in the middle of a sentence or at the end of a line."""
    return "".join(piece if len(piece) >= _CUT else f"{piece}\n" for piece in pieces)
