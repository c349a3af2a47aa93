"""A question becomes an answer: messages, edited messages, ``/ask``; and what belongs to a conversation."""

from __future__ import annotations

from telegram import InlineKeyboardMarkup, Message, Update
from telegram.ext import ContextTypes

from bot.conversation import asking
from bot.conversation.memory import NOTHING_POINTED, Asked, Before, Pointed, unshown
from bot.telegram import pictures, receipts, screens
from bot.telegram.addressing import asked_in, asker, in_group, pointed_in, question_in, thread_of, words_of
from bot.telegram.browsing import Pressed, question_of
from bot.telegram.delivery import edit_all, send, typing
from bot.telegram.screens import Screen
from bot.telegram.services import Services, services_of
from retrieval.messages import message as message_text


async def on_question(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A message for the bot: answered, or answered again where it is an edited one."""
    message = update.effective_message
    assert message is not None
    await _answer(update, context, *_asked(message))


def _asked(message: Message) -> tuple[str, Pointed]:
    """The question of a message, and what it points to; one that only points is the question that it points to."""
    question, pointed = question_in(message), pointed_in(message)
    return (question, pointed) if question else (pointed.text, NOTHING_POINTED)


async def ask(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/ask question``; alone, the message that it replies to is the question."""
    message = update.effective_message
    assert message is not None
    question, pointed = _asked(message)
    if question:
        await _answer(update, context, question, pointed)
    else:
        await send(context.bot, message.chat_id, screens.text("telegram.ask_usage"), message.message_id, thread_of(message))


async def _answer(update: Update, context: ContextTypes.DEFAULT_TYPE, question: str, pointed: Pointed) -> None:
    services = services_of(context)
    asked = asked_in(update, question)
    if not await is_admitted(update, context) or await receipts.given(update, question):
        return
    message = update.effective_message
    words = words_of(message, question) if message is not None and in_group(update) else ""
    before = await services.stored(services.conversations.before, asked, pointed)
    earlier = before.earlier
    if earlier is not None and earlier.sent and (update.edited_message is None or earlier.asked.text == question):
        return  # answered before the bot was killed, or something else about the message was changed
    await _show_answer(context, asked, before, reply_to=asked.message_id if in_group(update) else None, words=words)


async def ask_suggested(on: Pressed) -> None:
    """A suggestion under an answer: asked as if the person had written it, and answered in a message of its own."""
    stored = await question_of(on)
    suggested = stored.reply.get("suggestions", ()) if stored else ()
    position = on.press.number(1)
    if not 0 <= position < len(suggested):
        await on.stale()
        return
    services = on.services
    if await services.limits.admit(on.user_id, on.chat_id) != "go":
        await on.tell(message_text("telegram.too_many"), alert=True)
        return
    await on.tell("")
    asked = Asked(on.chat_id, on.user_id, _press_as_message(on.query.id), suggested[position], on.thread_id)
    before = await services.stored(services.conversations.before, asked)
    if before.earlier is not None and before.earlier.sent:
        return  # answered before the bot was killed
    await _show_answer(on.context, asked, before, notice=message_text("telegram.suggested", question=asked.text))


def _press_as_message(press: str) -> int:
    """What stands for the message that a pressed suggestion has not: a number of its own, below those of messages."""
    return -(int(press) % 2**62 + 1) if press.isascii() and press.isdigit() else 0


async def _show_answer(
    context: ContextTypes.DEFAULT_TYPE,
    asked: Asked,
    before: Before,
    reply_to: int | None = None,
    notice: str = "",
    words: str = "",
) -> None:
    """Answers a question, in place of the messages of an earlier answer to it; ``notice`` is a line before everything, ``words`` are
    those of the message that the answer marks."""
    services = services_of(context)
    async with typing(context.bot, asked.chat_id, asked.thread_id):
        answered = await asking.answer(services, asked, before)
    reply, earlier = answered.reply, before.earlier
    passages, opening = [one.id for one in unshown(reply)], services.opening(asked.chat_id)
    screen = screens.answer(reply, answered.question_id, answered.anchors, passages, notice, opening)
    old = list(earlier.sent) if earlier else []
    old_picture = earlier.picture if earlier else None
    picture = await pictures.show(context.bot, services, asked.chat_id, reply, old_picture, reply_to, asked.thread_id)
    sent = await edit_all(context.bot, asked.chat_id, old, screen, reply_to, asked.thread_id, words)
    await services.stored(services.conversations.sent, answered.question_id, sent, picture)


async def is_admitted(update: Update, context: ContextTypes.DEFAULT_TYPE) -> bool:
    """Whether one more may be answered now; who asks too much is told so once."""
    message = update.effective_message
    assert message is not None
    verdict = await services_of(context).limits.admit(asker(update), message.chat_id)
    if verdict == "notice":
        await send(context.bot, message.chat_id, screens.text("telegram.too_many"), message.message_id, thread_of(message))
    return verdict == "go"


async def reset(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/reset``: the next question starts a new conversation."""
    message = update.effective_message
    assert message is not None
    services = services_of(context)
    await services.stored(services.conversations.reset, message.chat_id, asker(update))
    await send(context.bot, message.chat_id, screens.text("telegram.was_reset"), None, thread_of(message))


async def here(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/here place`` sets the place of a chat's questions that name none; alone, it tells the place that is set."""
    message = update.effective_message
    assert message is not None
    services = services_of(context)
    place = question_in(message)
    if place:
        screen = await _set_here(services, message.chat_id, place)
    else:
        screen = _told_here(await services.stored(services.conversations.default_place, message.chat_id))
    await send(context.bot, message.chat_id, screen, None, thread_of(message))


async def _set_here(services: Services, chat_id: int, written: str) -> Screen:
    places = await services.answered(asking.places_meant, services.answerer, written)
    if not places:
        return screens.text("telegram.here_unknown", place=written)
    if len(places) > 1:
        return screens.text("telegram.here_several", places=message_text("answers.list_glue").join(places))
    await services.stored(services.conversations.set_default_place, chat_id, places[0])
    return Screen(screens.text("telegram.here_set", place=places[0]).parts, _here_keyboard())


def _told_here(place: str | None) -> Screen:
    if place is None:
        return screens.text("telegram.here_none")
    return Screen(screens.text("telegram.here_is", place=place).parts, _here_keyboard())


def _here_keyboard() -> InlineKeyboardMarkup | None:
    return screens.keyboard([screens.button("clear_here", "here", "clear")])


async def on_moved_group(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A group has become a supergroup. Both chats say so; whichever is first counts."""
    message = update.effective_message
    assert message is not None
    services = services_of(context)
    old, new = message.migrate_from_chat_id or message.chat_id, message.migrate_to_chat_id or message.chat_id
    if services.moves.get(old) != new:
        services.moves[old] = new
        await services.stored(services.conversations.move_chat, old, new)


async def on_other_content(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A photo, a voice message, a sticker, ...: what the bot can read instead."""
    message = update.effective_message
    assert message is not None
    key = "telegram.not_a_question_file" if message.document else "telegram.not_a_question"
    if await is_admitted(update, context):
        await send(context.bot, message.chat_id, screens.text(key), message.message_id, thread_of(message))
