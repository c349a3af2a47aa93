"""The administrators' commands: removing and renaming reports, statistics, the log, administrators, the export."""

from __future__ import annotations

from telegram import Bot, InputFile, Update
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot.conversation.drafts import ExpectedInput, InputKind, corrections_in
from bot.telegram import alerts, cards, office, pasting, screens, upkeep, uploads
from bot.telegram.addressing import asker, question_in
from bot.telegram.browsing import Pressed
from bot.telegram.delivery import edit, send
from bot.telegram.markup import escaped
from bot.telegram.menus import show_menu
from bot.telegram.moving import Moving
from bot.telegram.questions import on_question
from bot.telegram.screens import Screen
from bot.telegram.services import Services, services_of
from retrieval.errors import ConflictingReport, DuplicateReport, NothingToRestore, ReportBotError
from retrieval.library import Library

_REPORTS_PER_PAGE = 8
_CHANGES_PER_PAGE = 10
_LARGEST_FILE = 50_000_000  # that a bot may send (https://core.telegram.org/bots/api#senddocument)
_FIELDS: dict[str, InputKind] = {"place": "rename_place", "years": "rename_years", "title": "rename_title"}


# -- /remove ------------------------------------------------------------------------------------------------------------


async def remove(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/remove``: which report; ``/remove 3`` asks about that one at once."""
    await _choose(update, context, "remove")


async def remove_decided(on: Pressed) -> None:
    """A report was chosen, its removal confirmed, or taken back."""
    number, step = on.press.number(0), on.press.arguments[1]
    services = on.services
    if step == "list":
        await on.show(await services.answered(_choice, services.library, "remove", number))
    elif step == "ask":
        report = await services.answered(services.library.report, number)
        await on.show(office.removal(report))
    elif step == "yes":
        removed = await services.changed(services.writer.remove, [number], uploads.actor_of(on.query.from_user), undoable=True)
        await on.show(office.removed(removed[0]))
    elif step == "undo":
        try:
            report = await services.changed(services.writer.restore, number, uploads.actor_of(on.query.from_user))
        except (NothingToRestore, DuplicateReport) as error:
            await on.show(Screen((escaped(error.user_message),)))
            return
        except ConflictingReport:
            await on.show(screens.text("telegram.restore_conflict"))
            return
        await on.show(screens.text("telegram.restored", name=screens.title_and_year(report)))
    else:
        await on.show(screens.text("telegram.cancelled"))


# -- /rename ------------------------------------------------------------------------------------------------------------


async def rename(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/rename``: which report; ``/rename 3`` shows what can be corrected of that one."""
    await _choose(update, context, "rename")


async def rename_decided(on: Pressed) -> None:
    """A report was chosen, or what of it is to be corrected."""
    number, step = on.press.number(0), on.press.arguments[1]
    services = on.services
    if step == "list":
        await on.show(await services.answered(_choice, services.library, "rename", number))
        return
    report = await services.answered(services.library.report, number)
    if step not in _FIELDS:
        await on.show(office.renaming(report))
        return
    await on.tell("")
    await services.stored(services.drafts.expect, on.chat_id, on.user_id, _FIELDS[step], number)
    await send(on.context.bot, on.chat_id, uploads.asked_for(step))


async def renamed(update: Update, context: ContextTypes.DEFAULT_TYPE, expected: ExpectedInput) -> None:
    """The new place, years or title of a report."""
    said = update.effective_message
    assert said is not None
    assert said.from_user is not None
    services = services_of(context)
    corrections = corrections_in(said.text or "", expected.kind)
    if corrections is None:
        await send(context.bot, said.chat_id, screens.text("telegram.not_what_was_asked"), said.message_id)
        return
    await services.stored(services.drafts.expect_nothing, said.chat_id, asker(update))
    report = await services.answered(services.library.report, expected.target)
    sent = await send(context.bot, said.chat_id, Screen((cards.progress(report.name, "waiting", 0, 1),)))
    actor = uploads.actor_of(said.from_user)

    async def change() -> None:
        moving = Moving(services, context.bot, said.chat_id, sent[-1], report.name, shown=True)
        try:
            changed = await moving.along(services.writer.edit, report.id, corrections, moving.report, actor)
            screen = office.changed(changed)
        except ReportBotError as error:
            screen = Screen((escaped(error.user_message),))
        await edit(context.bot, said.chat_id, sent[-1], screen)
        await alerts.tell_waiting(context.bot, services)

    services.in_background(change())


async def on_input(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A text that an administrator was asked for; one that nothing waits for any more is a question."""
    said = update.effective_message
    assert said is not None
    services = services_of(context)
    expected = await services.stored(services.drafts.expected, said.chat_id, asker(update))
    if expected is None:
        await on_question(update, context)
        return
    if expected.kind == "paste":
        await pasting.on_piece(update, context, expected)
    elif expected.kind.startswith("rename_"):
        await renamed(update, context, expected)
    else:
        await uploads.correct(update, context, expected)


async def _choose(update: Update, context: ContextTypes.DEFAULT_TYPE, action: str) -> None:
    said = update.effective_message
    assert said is not None
    services = services_of(context)
    written = question_in(said)
    if written.isascii() and written.isdigit():
        report = await services.answered(services.library.report, int(written))
        screen = office.removal(report) if action == "remove" else office.renaming(report)
    else:
        screen = await services.answered(_choice, services.library, action, 0)
    await send(context.bot, said.chat_id, screen)


def _choice(library: Library, action: str, page: int) -> Screen:
    with library.snapshot():
        found = library.reports()
    pages = max(-(-len(found) // _REPORTS_PER_PAGE), 1)
    page = min(max(page, 0), pages - 1)
    return office.choice(action, found[page * _REPORTS_PER_PAGE : (page + 1) * _REPORTS_PER_PAGE], page, pages)


# -- /stats, /log -------------------------------------------------------------------------------------------------------


async def stats(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/stats``: how much there is, how much is asked, and what in vain."""
    said = update.effective_message
    assert said is not None
    services = services_of(context)
    reports = await services.answered(services.library.reports)
    figures = await services.stored(services.statistics.figures)
    await send(context.bot, said.chat_id, office.stats(reports, figures))


async def log(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/log``: the last changes of the library."""
    said = update.effective_message
    assert said is not None
    services = services_of(context)
    await send(context.bot, said.chat_id, await services.answered(_log_page, services.library, None))


async def log_page(on: Pressed) -> None:
    await on.show(await on.services.answered(_log_page, on.services.library, on.press.number(0)))


def _log_page(library: Library, before: int | None) -> Screen:
    found = library.logged_changes(_CHANGES_PER_PAGE + 1, before)
    older = found[_CHANGES_PER_PAGE - 1].id if len(found) > _CHANGES_PER_PAGE else None
    return office.log(found[:_CHANGES_PER_PAGE], older)


# -- /admins, /export ---------------------------------------------------------------------------------------------------


async def admins(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/admins`` lists them; ``/admins 123456`` adds one, by Telegram's number."""
    said = update.effective_message
    assert said is not None
    services = services_of(context)
    written = question_in(said)
    if written and not (written.isascii() and written.isdigit() and len(written) <= 15):
        await send(context.bot, said.chat_id, screens.text("telegram.admins_usage"), said.message_id)
        return
    if written:
        new = int(written)
        if not services.administrators.includes(new):
            await services.stored(services.administrators.add, new, await _name_of(context, new), asker(update))
            await show_menu(context.bot, new, administers=True)
    await send(context.bot, said.chat_id, office.administrators(services.administrators.everyone()))


async def admin_removed(on: Pressed) -> None:
    person = on.press.number(0)
    if await on.services.stored(on.services.administrators.remove, person):
        await show_menu(on.context.bot, person, administers=on.services.administrators.includes(person))
    await on.show(office.administrators(on.services.administrators.everyone()))


async def _name_of(context: ContextTypes.DEFAULT_TYPE, user_id: int) -> str:
    """A person's name where Telegram tells it: it knows those who have written to the bot."""
    try:
        return (await context.bot.get_chat(user_id)).effective_name or ""
    except TelegramError:
        return ""


async def export(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/export``: a backup, originals included; where it is more than Telegram takes, the place where it lies."""
    said = update.effective_message
    assert said is not None
    services = services_of(context)
    if not await services.answered(services.library.reports):
        await send(context.bot, said.chat_id, screens.text("telegram.no_reports"))
        return
    await send(context.bot, said.chat_id, screens.text("telegram.exporting"))
    services.in_background(_export(context.bot, services, said.chat_id))


async def _export(bot: Bot, services: Services, chat_id: int) -> None:
    try:
        async with services.backing_up:
            made = await services.copied(upkeep.back_up_for_export, services)
            for problem in made.problems:
                await send(bot, chat_id, Screen((escaped(problem),)))
            if made.size > _LARGEST_FILE:
                where = {"megabytes": f"{made.size / 1e6:.0f}", "path": made.path}
                await send(bot, chat_id, screens.text("telegram.export_too_large", **where))
                return
            with made.path.open("rb") as file:
                await bot.send_document(chat_id, InputFile(file, made.path.name))
            made.path.unlink(missing_ok=True)  # whoever asked for it has it now
    except ReportBotError as error:
        await send(bot, chat_id, Screen((escaped(error.user_message),)))
