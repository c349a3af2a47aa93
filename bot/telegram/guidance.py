"""Greeting, help, privacy: what people read before and beside asking."""

from __future__ import annotations

from datetime import datetime, timedelta

from telegram import KeyboardButton, ReplyKeyboardMarkup, ReplyKeyboardRemove, Update
from telegram.ext import ContextTypes

from bot.conversation.memory import CONTEXT_SECONDS, KEPT_DAYS
from bot.telegram import screens
from bot.telegram.addressing import asker, in_group, thread_of
from bot.telegram.browsing import Pressed
from bot.telegram.delivery import send
from bot.telegram.markup import escaped
from bot.telegram.menus import show_menu
from bot.telegram.screens import Screen
from bot.telegram.services import Services, services_of
from retrieval.answers.examples import example_questions
from retrieval.language.hidden import has_hidden
from retrieval.messages import message
from retrieval.storage.backup_folder import backups_in


async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/start``: a greeting with three questions to press, which this library answers."""
    said = update.effective_message
    assert said is not None
    services = services_of(context)
    if not in_group(update) and services.administrators.includes(asker(update)):
        await show_menu(context.bot, asker(update), administers=True)  # before they wrote there was no chat to set it for
    # A keyboard's button is sent as it is written: one that hides something is none to press.
    questions = [one for one in await services.answered(example_questions, services.answerer) if not has_hidden(one)]
    count = len(await services.answered(services.library.reports))
    greeting = screens.welcome(questions, count)
    rows = [[KeyboardButton(question)] for question in questions]
    keyboard: ReplyKeyboardMarkup | ReplyKeyboardRemove = ReplyKeyboardRemove()
    if rows and not in_group(update):
        keyboard = ReplyKeyboardMarkup(rows, resize_keyboard=True, one_time_keyboard=True)
    elif rows:
        greeting += "\n\n" + "\n".join(f"<code>{escaped(question)}</code>" for question in questions)
    await context.bot.send_message(said.chat_id, greeting, reply_markup=keyboard, message_thread_id=thread_of(said))


async def privacy(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/privacy``: what is stored, and for how long."""
    said = update.effective_message
    assert said is not None
    text = screens.text("telegram.privacy", days=KEPT_DAYS, hours=CONTEXT_SECONDS // 3600)
    await send(context.bot, said.chat_id, text, None, thread_of(said))


async def forget(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/forget``: asks before it deletes."""
    said = update.effective_message
    assert said is not None
    person = asker(update)
    keyboard = screens.keyboard(
        [screens.button("forget", "forget", person, "yes"), screens.button("cancel", "forget", person, "no")]
    )
    screen = Screen(screens.text("telegram.forget_really").parts, keyboard)
    await send(context.bot, said.chat_id, screen, said.message_id if in_group(update) else None, thread_of(said))


async def forget_decided(on: Pressed) -> None:
    person, decision = on.press.number(0), on.press.arguments[1]
    if person != on.user_id:
        await on.tell(message("telegram.not_your_button"), alert=True)
        return
    if decision != "yes":
        await on.show(screens.text("telegram.cancelled"))
        return
    await on.services.stored(on.services.suspects.forget_person, person)
    count = await on.services.stored(on.services.conversations.forget_person, person)
    copies = await on.services.stored(_copies, on.services)
    await on.show(screens.text("telegram.forgotten", count=count, copies=copies))


def _copies(services: Services) -> str:
    """In which backups it is left, and until when."""
    daily = backups_in(services.backups, daily=True)
    others = len(backups_in(services.backups)) - len(daily)
    said = ""
    if daily:
        until = max(daily[-1].made_at, datetime.now()) + timedelta(days=services.settings.backups_kept)
        said += message("telegram.forgotten_daily", count=len(daily), until=until.strftime("%Y-%m-%d"))
    if others:
        said += message("telegram.forgotten_others", count=others)
    return said


async def unknown(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A command that there is not, or not for this person."""
    said = update.effective_message
    assert said is not None
    await send(context.bot, said.chat_id, screens.text("telegram.unknown_command"), None, thread_of(said))
