"""The buttons under answers, and the list of reports: each press edits the message that it stands under."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from telegram import CallbackQuery, InlineKeyboardButton, InputFile, Update
from telegram.constants import FileSizeLimit
from telegram.error import BadRequest
from telegram.ext import ContextTypes

from bot.conversation import evidence
from bot.conversation.memory import StoredQuestion
from bot.telegram import cards, screens
from bot.telegram.addressing import thread_of
from bot.telegram.callbacks import Press, parse
from bot.telegram.delivery import edit, says, send
from bot.telegram.screens import Screen
from bot.telegram.services import Services, services_of
from retrieval.language.hidden import visible
from retrieval.library import Library
from retrieval.messages import message, spoken

_log = logging.getLogger(__name__)
_REPORTS_PER_PAGE = 8


@dataclass(frozen=True)
class Pressed:
    """A pressed button, by whom and where; :meth:`show` edits its message, :meth:`tell` pops up a line."""

    services: Services
    context: ContextTypes.DEFAULT_TYPE
    query: CallbackQuery
    press: Press
    chat_id: int
    message_id: int
    thread_id: int | None

    @property
    def user_id(self) -> int:
        return self.query.from_user.id

    async def show(self, screen: Screen) -> None:
        await self.tell("")
        await edit(self.context.bot, self.chat_id, self.message_id, screen)

    async def tell(self, said: str, alert: bool = False) -> None:
        """Answers the press; Telegram forgets presses after a while, which then is nobody's fault."""
        try:
            await self.query.answer(visible(said) or None, show_alert=alert)
        except BadRequest as error:
            if not says(error, "query is too old"):
                raise

    async def stale(self) -> None:
        await self.tell(message("telegram.stale"), alert=True)


Action = Callable[[Pressed], Awaitable[None]]


async def pressed(query: CallbackQuery, context: ContextTypes.DEFAULT_TYPE) -> Pressed | None:
    """What was pressed; None for data that no button of ours carries, which is logged."""
    press = parse(query.data)
    if press is None or query.message is None:
        _log.warning("ignored callback data %r", (query.data or "")[:80])
        return None
    thread_id = thread_of(query.message) if query.message.is_accessible else None  # type: ignore[arg-type]
    services = services_of(context)
    return Pressed(services, context, query, press, query.message.chat.id, query.message.message_id, thread_id)


async def question_of(on: Pressed) -> StoredQuestion | None:
    """The question under whose answer a button was pressed; None for one of another chat, which no button of this one leads to."""
    stored = await on.services.stored(on.services.conversations.question, on.press.number(0))
    return stored if stored is not None and stored.asked.chat_id == on.chat_id else None


# -- under an answer ----------------------------------------------------------------------------------------------------


async def back_to_answer(on: Pressed) -> None:
    stored = await question_of(on)
    reply = await on.services.answered(evidence.resolved, on.services.library, stored) if stored else None
    if stored is None or reply is None:
        await on.stale()
        return
    anchors = await on.services.answered(evidence.anchors, on.services.library, reply.quotes)
    screen = screens.answer(reply, stored.id, anchors, stored.passages, opening=on.services.opening(on.chat_id))
    await on.show(screen)


async def around(on: Pressed) -> None:
    """上下文: the passage in its surroundings; 上一段 and 下一段 lead on from there."""
    question_id, passage_id, expected_hash = on.press.number(0), on.press.number(1), on.press.arguments[2]
    stored = await question_of(on)
    reply = await on.services.answered(evidence.resolved, on.services.library, stored) if stored else None
    quotes = reply.quotes if reply else ()
    window = await on.services.answered(evidence.window, on.services.library, passage_id, expected_hash, quotes)
    if window is None:
        await on.stale()
        return
    anchors = await on.services.answered(evidence.anchors, on.services.library, quotes)
    await on.show(screens.around(window, question_id, anchors))


async def more(on: Pressed) -> None:
    """更多依据: the passages that came next."""
    stored = await question_of(on)
    page = max(on.press.number(1), 0)
    found, pages = await on.services.answered(evidence.more, on.services.library, stored, page) if stored else ([], 0)
    if stored is None or not found:
        await on.stale()
        return
    await on.show(screens.evidence(found, stored.id, page, pages, on.services.opening(on.chat_id)))


async def card_of_answer(on: Pressed) -> None:
    """报告: the card of the report that an answer quotes, or the choice among several."""
    question_id, report_id = on.press.number(0), on.press.number(1)
    back = screens.button("back", "answer", question_id)
    if report_id:
        await on.show(await on.services.answered(_card, on.services.library, report_id, back))
        return
    stored = await question_of(on)
    reply = await on.services.answered(evidence.resolved, on.services.library, stored) if stored else None
    if reply is None:
        await on.stale()
        return
    reports = list({quote.report.id: quote.report for quote in reply.quotes}.values())
    await on.show(screens.report_choice(reports, question_id))


async def cite(on: Pressed) -> None:
    """复制引用, where it is too long for Telegram's own button: the citation as a message to tap on."""
    stored = await question_of(on)
    reply = await on.services.answered(evidence.resolved, on.services.library, stored) if stored else None
    if reply is None:
        await on.stale()
        return
    await on.tell("")
    await send(on.context.bot, on.chat_id, screens.citation_to_copy(reply.quotes), on.message_id, on.thread_id)


async def vote(on: Pressed) -> None:
    question_id, value = on.press.number(0), 1 if on.press.number(1) > 0 else -1
    if await question_of(on) is None:
        await on.stale()
        return
    changed = await on.services.stored(on.services.conversations.vote, question_id, on.user_id, value)
    await on.tell(message("telegram.voted" if changed else "telegram.voted_before"))


async def want_alert(on: Pressed) -> None:
    """有了告诉我: the question is asked again whenever reports are added."""
    conversations = on.services.conversations
    stored = await question_of(on)
    if stored is None:
        await on.stale()
        return
    turns = [*stored.turns, stored.asked.text]
    taken = await on.services.stored(conversations.want_alert, stored.id, on.user_id, turns, spoken())
    await on.tell(message("telegram.alert_set" if taken else "telegram.too_many_alerts"), alert=True)


# -- the list of reports ------------------------------------------------------------------------------------------------


async def reports(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/reports``: the first page."""
    said = update.effective_message
    assert said is not None
    services = services_of(context)
    screen = await services.answered(_page, services.library, 0)
    await send(context.bot, said.chat_id, screen, None, thread_of(said))


async def page_of_reports(on: Pressed) -> None:
    await on.show(await on.services.answered(_page, on.services.library, on.press.number(0)))


async def card_of_list(on: Pressed) -> None:
    back = screens.button("back_to_list", "list", max(on.press.number(1), 0))
    await on.show(await on.services.answered(_card, on.services.library, on.press.number(0), back))


async def send_file(on: Pressed) -> None:
    """原文: the file that a report was added from."""
    name, path = await on.services.answered(on.services.library.original, on.press.number(0))
    content = await on.services.answered(_read, path)
    if content is None or len(content) > FileSizeLimit.FILESIZE_UPLOAD:
        await on.tell(message("telegram.no_file" if content is None else "telegram.file_too_big_to_send"), alert=True)
        return
    await on.tell("")
    await on.context.bot.send_document(on.chat_id, InputFile(content, name), message_thread_id=on.thread_id)


async def clear_here(on: Pressed) -> None:
    await on.services.stored(on.services.conversations.set_default_place, on.chat_id, None)
    await on.show(screens.text("telegram.here_cleared"))


def _page(library: Library, page: int) -> Screen:
    with library.snapshot():
        found = sorted(library.reports(), key=lambda report: (report.place or "", -(report.year or 0), report.id))
    pages = max(-(-len(found) // _REPORTS_PER_PAGE), 1)
    page = min(max(page, 0), pages - 1)
    return screens.reports_page(found[page * _REPORTS_PER_PAGE : (page + 1) * _REPORTS_PER_PAGE], page, pages, len(found))


def _card(library: Library, report_id: int, back: InlineKeyboardButton) -> Screen:
    with library.snapshot():
        report = library.report(report_id)
        return cards.card(report, library.outline(report_id), library.figures(report_id), back)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
