"""Adding reports from a phone: a file, what was understood of it, and the decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from telegram import Document, Message, PhotoSize, Update
from telegram.constants import FileSizeLimit
from telegram.error import BadRequest, InvalidToken, TelegramError, TimedOut
from telegram.ext import Application, ContextTypes

from bot.conversation.drafts import Draft, ExpectedInput, InputKind, corrections_in
from bot.telegram import alerts, cards, figure_tables, screens
from bot.telegram.addressing import asker
from bot.telegram.browsing import Pressed
from bot.telegram.delivery import edit, says, send, typing
from bot.telegram.edits import remember, was_read
from bot.telegram.incidents import report_incident
from bot.telegram.markup import escaped
from bot.telegram.moving import Moving
from bot.telegram.screens import Screen
from bot.telegram.services import Services, services_of
from retrieval.errors import ReportBotError
from retrieval.ingest.adding import Decision, Original, Outcome, Preview
from retrieval.messages import message
from retrieval.reading.links import fetch
from retrieval.reading.loading import unpacked
from retrieval.reading.names import safe_name

_PREVIEWED = 12
_FILES_AT_ONCE = 20  # of an archive; each is at least one message


@dataclass(frozen=True)
class Actor:
    """Who changes the library, as its log shows them."""

    user_id: int
    name: str

    def __str__(self) -> str:
        return f"{self.name} ({self.user_id})"


def actor_of(user: Any) -> str:
    return str(Actor(user.id, user.full_name))


# -- files become drafts --------------------------------------------------------------------------------


async def on_file(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A file from an administrator: previews of the reports in it."""
    said = update.effective_message
    assert said is not None
    assert said.document is not None
    document = said.document
    if was_read(update, context, document.file_unique_id):
        return
    name = safe_name(document.file_name or message("telegram.unnamed_file"))
    if document.file_size and document.file_size > FileSizeLimit.FILESIZE_DOWNLOAD:
        await send(context.bot, said.chat_id, screens.text("telegram.file_too_big", file=name), said.message_id)
        return
    services = services_of(context)
    async with typing(context.bot, said.chat_id):
        content = await downloaded(context, said, document, name)
        if content is not None:
            files = await services.read(unpacked, content, name)
            await take_in(context, services, said.chat_id, asker(update), files, said.message_id)
            remember(update, context, document.file_unique_id)


async def downloaded(
    context: ContextTypes.DEFAULT_TYPE, said: Message, attached: Document | PhotoSize, name: str
) -> bytes | None:
    """The content of what is attached to a message; None where Telegram does not give it, which is told then."""
    try:
        return bytes(await (await attached.get_file()).download_as_bytearray())
    except (BadRequest, InvalidToken, TimedOut) as error:  # what is gone from the file server is answered as a wrong token is
        key = "telegram.file_too_big" if says(error, "too big") else "telegram.file_gone"
        await send(context.bot, said.chat_id, screens.text(key, file=name), said.message_id)
        return None


async def add_link(update: Update, context: ContextTypes.DEFAULT_TYPE, url: str) -> None:
    """``/add`` with an address: previews of the report on that page, or in the file behind it."""
    said = update.effective_message
    assert said is not None
    if was_read(update, context, url):
        return
    services = services_of(context)
    async with typing(context.bot, said.chat_id):
        content, found_at = await services.read(fetch, url)
        files = await services.read(unpacked, content, found_at)
        await take_in(context, services, said.chat_id, asker(update), files, said.message_id)
        remember(update, context, url)


async def take_in(
    context: ContextTypes.DEFAULT_TYPE,
    services: Services,
    chat_id: int,
    user_id: int,
    files: list[tuple[str, bytes]],
    reply_to: int,
) -> None:
    """Previews of the reports in each file; of several files, one that can't be read doesn't keep the others back."""
    if len(files) > _FILES_AT_ONCE:
        said = screens.text("telegram.many_files", files=len(files), shown=_FILES_AT_ONCE)
        await send(context.bot, chat_id, said, reply_to)
    for name, content in files[:_FILES_AT_ONCE]:
        moving = Moving(services, context.bot, chat_id, None, safe_name(name), said="telegram.reading", reply_to=reply_to)
        try:
            original = await moving.along_understanding(Original.read, content, name, moving.report)
        except ReportBotError as error:
            if len(files) == 1:
                raise
            await send(context.bot, chat_id, Screen((escaped(error.user_message),)), reply_to)
            continue
        finally:
            await moving.vanish()
        await preview_all(context, services, chat_id, user_id, original, reply_to)


async def preview_all(
    context: ContextTypes.DEFAULT_TYPE, services: Services, chat_id: int, user_id: int, original: Original, reply_to: int | None
) -> None:
    drafts = await services.stored(services.drafts.create, chat_id, user_id, original)
    if len(drafts) > _PREVIEWED:
        said = screens.text("telegram.many_parts", file=original.name, parts=len(drafts), shown=_PREVIEWED)
        await send(context.bot, chat_id, said, reply_to)
    for draft in drafts[:_PREVIEWED]:
        screen = await _preview(services, draft, original)
        sent = await send(context.bot, chat_id, screen, reply_to)
        await services.stored(services.drafts.shown_as, draft.id, sent[-1])


async def _preview(services: Services, draft: Draft, original: Original | None = None, outcome: Outcome | None = None) -> Screen:
    return cards.preview(draft, await _understood(services, draft, original), outcome)


async def _understood(services: Services, draft: Draft, original: Original | None = None) -> Preview:
    def understand() -> Preview:
        read = original or services.drafts.original(draft)
        return services.library.preview(read, draft.ordinal, draft.corrections)

    return await services.understood(understand)


# -- what is decided about a draft --------------------------------------------------------------------------------------


async def decided(on: Pressed) -> None:
    """添加, 替换, 另存 or 取消."""
    draft = await on.services.stored(on.services.drafts.draft, on.press.number(0))
    how, other = on.press.arguments[1], on.press.number(2)
    if draft is None or draft.state != "open":
        await on.tell(message("telegram.draft_gone"), alert=True)
        return
    if how == "cancel":
        await on.services.stored(on.services.drafts.finish, draft.id)
        await on.show(screens.text("telegram.draft_cancelled", file=draft.file))
        return
    if how == "replace" and not await _still_replaces(on.services, draft, other):
        await on.show(await _preview(on.services, draft))
        return
    if not await on.services.stored(on.services.drafts.take, draft.id):
        await on.tell(message("telegram.draft_gone"), alert=True)
        return
    await on.tell("")
    decision = Decision(draft.corrections, other if how == "replace" else None, how == "both", actor_of(on.query.from_user))
    on.services.in_background(_add(on, draft, decision))


async def show_figures(on: Pressed) -> None:
    """A page of the figures that were read from a draft."""
    draft = await _open_draft(on)
    if draft is not None:
        found = (await _understood(on.services, draft)).understood.figures
        view, page = figure_tables.bounded(on.press.number(1), on.press.number(2), found)
        await on.show(figure_tables.of_draft(draft, found, view, page))


async def show_draft(on: Pressed) -> None:
    """A draft's preview, in place of its figures."""
    draft = await _open_draft(on)
    if draft is not None:
        await on.show(await _preview(on.services, draft))


async def _open_draft(on: Pressed) -> Draft | None:
    draft = await on.services.stored(on.services.drafts.draft, on.press.number(0))
    if draft is None or draft.state != "open":
        await on.tell(message("telegram.draft_gone"), alert=True)
        return None
    return draft


async def _still_replaces(services: Services, draft: Draft, other: int) -> bool:
    """Whether the report to be replaced is still the one of the same place and year that the button was about."""

    def check() -> bool:
        shown = services.library.preview(services.drafts.original(draft), draft.ordinal, draft.corrections)
        return shown.standing == "conflict" and shown.other is not None and shown.other.id == other

    return await services.understood(check)


async def _add(on: Pressed, draft: Draft, decision: Decision) -> None:
    services, bot = on.services, on.context.bot
    moving = Moving(services, bot, on.chat_id, on.message_id, draft.file)
    try:
        original = await services.understood(services.drafts.original, draft)
        outcome = await moving.along(services.writer.add_part, original, draft.ordinal, decision, moving.report)
        screen = await _told(services, draft, outcome)
    except ReportBotError as error:
        await services.stored(services.drafts.give_back, draft.id)
        screen = await _preview(services, draft, None, Outcome(draft.file, "refused", error.user_message))
    except Exception as error:
        await services.stored(services.drafts.give_back, draft.id)
        if services.stopping:
            return
        incident = await report_incident(on.context.application, services, error, None, None)
        said = message("errors.unexpected", incident=incident)
        screen = await _preview(services, draft, None, Outcome(draft.file, "refused", said))
    await edit(bot, on.chat_id, on.message_id, screen)
    await alerts.tell_waiting(bot, services)


async def _told(services: Services, draft: Draft, outcome: Outcome) -> Screen:
    """The new report's card; or, where another one came first, the choice once more."""
    if outcome.outcome == "added" and outcome.report:
        report = outcome.report
        await services.stored(services.drafts.finish, draft.id)

        def card() -> Screen:
            with services.library.snapshot():
                return cards.added(report, services.library.outline(report.id), services.library.figures(report.id))

        return await services.answered(card)
    await services.stored(services.drafts.give_back, draft.id)
    return await _preview(services, draft)


async def ask_for_correction(on: Pressed) -> None:
    """修改地名 or 修改年份: the next text is the value."""
    draft = await on.services.stored(on.services.drafts.draft, on.press.number(0))
    field = on.press.arguments[1]
    kind: InputKind = "place" if field == "place" else "years"
    if draft is None or draft.state != "open":
        await on.tell(message("telegram.draft_gone"), alert=True)
        return
    await on.tell("")
    await on.services.stored(on.services.drafts.expect, on.chat_id, on.user_id, kind, draft.id)
    await send(on.context.bot, on.chat_id, asked_for(kind))


def asked_for(field: str) -> Screen:
    keyboard = screens.keyboard([screens.button("cancel", "input", "cancel")])
    return Screen(screens.text(f"telegram.send_{field}").parts, keyboard)


async def input_cancelled(on: Pressed) -> None:
    await on.services.stored(on.services.drafts.expect_nothing, on.chat_id, on.user_id)
    await on.show(screens.text("telegram.cancelled"))


async def correct(update: Update, context: ContextTypes.DEFAULT_TYPE, expected: ExpectedInput) -> None:
    """The value of a correction; the preview is shown anew, below what was written."""
    said = update.effective_message
    assert said is not None
    services = services_of(context)
    corrections = corrections_in(said.text or "", expected.kind)
    if corrections is None:
        await send(context.bot, said.chat_id, screens.text("telegram.not_what_was_asked"), said.message_id)
        return
    draft = await services.stored(services.drafts.draft, expected.target)
    await services.stored(services.drafts.expect_nothing, said.chat_id, asker(update))
    if draft is None or draft.state != "open":
        await send(context.bot, said.chat_id, screens.text("telegram.draft_gone"))
        return
    original = await services.understood(services.drafts.original, draft)
    await services.understood(services.library.preview, original, draft.ordinal, {**draft.corrections, **corrections})
    await services.stored(services.drafts.correct, draft.id, corrections)
    corrected = await services.stored(services.drafts.draft, draft.id)
    assert corrected is not None
    screen = await _preview(services, corrected, original)
    if draft.message_id is not None:
        await edit(context.bot, said.chat_id, draft.message_id, screens.text("telegram.draft_moved", file=draft.file))
    sent = await send(context.bot, said.chat_id, screen)
    await services.stored(services.drafts.shown_as, draft.id, sent[-1])


async def reopen_interrupted(application: Application[Any, Any, Any, Any, Any, Any], services: Services) -> None:
    """What was being added when the bot was stopped can be decided on again."""
    for draft in await services.stored(services.drafts.interrupted):
        try:
            screen = await _preview(services, draft, None, Outcome(draft.file, "refused", message("telegram.was_interrupted")))
            if draft.message_id is None or not await edit(application.bot, draft.chat_id, draft.message_id, screen):
                sent = await send(application.bot, draft.chat_id, screen)
                await services.stored(services.drafts.shown_as, draft.id, sent[-1])
        except (TelegramError, ReportBotError):
            continue
