"""The administrators' commands: removing and renaming reports, statistics, the log, administrators, the export."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from telegram import InputFile, Update
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot.telegram import alerts, cards, office, screens, uploads
from bot.telegram.addressing import asker, question_in
from bot.telegram.browsing import Pressed
from bot.telegram.delivery import edit, send
from bot.telegram.drafts import ExpectedInput, InputKind
from bot.telegram.markup import escaped
from bot.telegram.menus import show_menu
from bot.telegram.moving import Moving
from bot.telegram.questions import on_question
from bot.telegram.screens import Screen
from bot.telegram.services import services_of
from retrieval.errors import ConflictingReport, DuplicateReport, NothingToRestore, ReportBotError
from retrieval.library import Library
from retrieval.messages import message

_REPORTS_PER_PAGE = 8
_CHANGES_PER_PAGE = 10
# A bot may send files of up to 50 MB (https://core.telegram.org/bots/api#senddocument).
_ARCHIVE_BYTES = 45_000_000
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
    corrections = uploads.corrections_in(said.text or "", expected.kind)
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
        await uploads.on_piece(update, context, expected)
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
    """``/export``: the originals, zipped; in several archives where one is more than Telegram takes."""
    said = update.effective_message
    assert said is not None
    services = services_of(context)
    archives = await services.understood(lambda: list(_archives(services.library)))
    if not archives:
        await send(context.bot, said.chat_id, screens.text("telegram.no_reports"))
    for number, content in enumerate(archives, 1):
        name = message("telegram.archive", number=number, count=len(archives))
        await context.bot.send_document(said.chat_id, InputFile(content, name))


def _archives(library: Library) -> Iterator[bytes]:
    """The originals in zip archives of an accepted size; an original of several reports once."""
    with library.snapshot():
        originals = {path: (report, name) for report in library.reports() for name, path in [library.original(report.id)]}
    buffer, archive = _new_archive()
    for path, (report, name) in originals.items():
        if not path.exists():
            continue  # reportbot verify names it
        content = path.read_bytes()
        if buffer.tell() and buffer.tell() + len(content) > _ARCHIVE_BYTES:
            archive.close()
            yield buffer.getvalue()
            buffer, archive = _new_archive()
        archive.writestr(f"{report.id:04d}-{name[-100:]}", content)
    if archive.namelist():
        archive.close()
        yield buffer.getvalue()


def _new_archive() -> tuple[io.BytesIO, zipfile.ZipFile]:
    buffer = io.BytesIO()
    return buffer, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED)
