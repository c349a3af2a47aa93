"""``/figures``: the figures of a place's report, page by page, and as files for spreadsheets."""

from __future__ import annotations

from telegram import InputFile, Update
from telegram.ext import ContextTypes

from bot import exports
from bot.telegram import figure_tables, screens
from bot.telegram.addressing import question_in, thread_of
from bot.telegram.browsing import Pressed
from bot.telegram.delivery import send
from bot.telegram.questions import is_admitted
from bot.telegram.screens import Screen
from bot.telegram.services import services_of
from retrieval.answers.answerer import Answerer
from retrieval.library import Library
from retrieval.messages import message
from retrieval.ports import Reports
from retrieval.search.figure_lookup import FigureQuery, select_figures

_WRITERS = {"csv": exports.csv_table, "xlsx": exports.xlsx_table}


async def figures(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/figures place``; alone, of the chat's default place."""
    said = update.effective_message
    assert said is not None
    if not await is_admitted(update, context):
        return
    services = services_of(context)
    place: str | None = question_in(said)
    place = place or await services.stored(services.conversations.default_place, said.chat_id)
    screen = screens.text("telegram.figures_usage")
    if place:
        screen = await services.answered(_of_place, services.answerer, place)
    await send(context.bot, said.chat_id, screen, said.message_id, thread_of(said))


def _of_place(answerer: Answerer, place: str) -> Screen:
    with answerer.library.snapshot():
        reports = answerer.reports_of(place)
        if not reports:
            return screens.text("telegram.here_unknown", place=place)
        if len(reports) > 1:
            return figure_tables.choice(reports)
        return _page(answerer.library, reports[0].id, 0, 0)


def _page(library: Reports, report_id: int, view: int, page: int) -> Screen:
    with library.snapshot():
        found = library.figures(report_id)
        return figure_tables.of_report(library.report(report_id), found, *figure_tables.bounded(view, page, found))


async def show_page(on: Pressed) -> None:
    """A page of a report's figures, in place of what the button stood under."""
    numbers = (on.press.number(0), on.press.number(1), on.press.number(2))
    await on.show(await on.services.answered(_page, on.services.library, *numbers))


async def send_table(on: Pressed) -> None:
    """The figures of a report as a CSV or XLSX file."""
    suffix = on.press.arguments[1]
    if suffix not in _WRITERS:
        await on.stale()
        return
    name, content = await on.services.answered(_table, on.services.library, on.press.number(0), suffix)
    await on.tell("")
    await on.context.bot.send_document(on.chat_id, InputFile(content, name), message_thread_id=on.thread_id)


def _table(library: Library, report_id: int, suffix: str) -> tuple[str, bytes]:
    with library.snapshot():
        report = library.report(report_id)
        found = select_figures(library, [report], FigureQuery())
    return message("telegram.table_file", name=screens.title_and_year(report), suffix=suffix), _WRITERS[suffix](found)
