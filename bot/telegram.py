"""Telegram: questions in private chats, answered with their quotes."""

from __future__ import annotations

import asyncio
import html
import logging
from collections import deque

from telegram import Update, ext
from telegram.constants import ChatAction, MessageLimit, ParseMode
from telegram.error import InvalidToken, NetworkError
from telegram.ext import Application, ApplicationBuilder, CommandHandler, ContextTypes, MessageHandler, filters

from bot.settings import Settings
from retrieval.answering import Answerer
from retrieval.errors import ReportBotError
from retrieval.library import Library
from retrieval.messages import message
from retrieval.models import Quote, Reply

_log = logging.getLogger(__name__)
_REMEMBERED_TURNS = 6
_LONGEST_PIECE, _LONGEST_SOURCE = 3600, 400


class MissingToken(ReportBotError):
    """The bot was started without its token."""

    key = "errors.missing_token"


class RejectedToken(ReportBotError):
    """Telegram does not know the token."""

    key = "errors.rejected_token"


class UnreachableTelegram(ReportBotError):
    """Telegram's servers, or the one named in the settings, can't be reached."""

    key = "errors.unreachable_telegram"


def run_bot(settings: Settings, library: Library) -> None:
    """Polls Telegram until stopped. Raises MissingToken, RejectedToken or UnreachableTelegram."""
    application = build_application(settings, library)
    try:
        application.run_polling(allowed_updates=["message"])
    except InvalidToken:
        raise RejectedToken() from None  # its text holds the token
    except NetworkError:
        raise UnreachableTelegram() from None


def build_application(settings: Settings, library: Library) -> Application:  # type: ignore[type-arg]
    """The application with all of its handlers. Raises MissingToken."""
    if settings.telegram_bot_token is None:
        raise MissingToken()
    # The library of HTTP requests logs addresses at INFO, and Telegram's hold the token; what fails at the start is
    # told in one sentence, so that its traceback (an invalid token's holds the token, too) is not logged beside.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger(ext.__name__).addFilter(lambda record: "(Bootstrap" not in record.getMessage())
    builder = ApplicationBuilder().token(settings.telegram_bot_token.get_secret_value())
    if settings.telegram_api_base_url is not None:
        server = str(settings.telegram_api_base_url).rstrip("/")
        builder = builder.base_url(f"{server}/bot").base_file_url(f"{server}/file/bot")
    application = builder.build()
    conversation = _Conversation(library)
    asked = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    if settings.allowed_chat_ids:
        asked &= filters.Chat(settings.allowed_chat_ids)
    application.add_handler(CommandHandler(("start", "help"), _start, asked))
    application.add_handler(CommandHandler("reset", conversation.reset, asked))
    application.add_handler(MessageHandler(asked & filters.TEXT & ~filters.COMMAND, conversation.answer))
    return application


class _Conversation:
    """The last turns of each chat, and one answer at a time: the library's connection is one thread's at once."""

    def __init__(self, library: Library) -> None:
        self._answerer = Answerer(library)
        self._turns: dict[int, deque[str]] = {}
        self._one_at_a_time = asyncio.Lock()

    async def answer(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        asked, chat = update.effective_message, update.effective_chat
        if asked is None or chat is None or not asked.text:
            return
        await chat.send_action(ChatAction.TYPING)
        turns = self._turns.setdefault(chat.id, deque(maxlen=_REMEMBERED_TURNS))
        try:
            async with self._one_at_a_time:
                reply = await asyncio.to_thread(self._answerer.ask, [*turns, asked.text])
        except ReportBotError as error:
            await asked.reply_text(error.user_message)
            return
        turns.append(asked.text)
        for part in as_html(reply):
            await asked.reply_text(part, parse_mode=ParseMode.HTML)

    async def reset(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        if update.effective_chat and update.effective_message:
            self._turns.pop(update.effective_chat.id, None)
            await update.effective_message.reply_text(message("console.was_reset"))


async def _start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    if update.effective_message:
        await update.effective_message.reply_text(message("telegram.start"))


def as_html(reply: Reply) -> list[str]:
    """A reply as messages in Telegram's HTML, each well-formed and of a length that Telegram takes."""
    blocks = [f"<b>{piece}</b>" for piece in _pieces(reply.answer)]
    for quote in reply.quotes:
        blocks += [f"<blockquote>{piece}</blockquote>" for piece in _pieces(quote.text)]
        blocks[-1] += f"\n{_escaped(_where(quote))[:_LONGEST_SOURCE]}"
    messages = [blocks[0]]
    for block in blocks[1:]:
        if _length(messages[-1]) + _length(block) + 2 <= MessageLimit.MAX_TEXT_LENGTH:
            messages[-1] = f"{messages[-1]}\n\n{block}"
        else:
            messages.append(block)
    return messages


def _pieces(text: str) -> list[str]:
    """``text`` escaped, in pieces that fit a message with its tags and a source line; cut at line ends where possible."""
    pieces = [""]
    for line in text.splitlines(keepends=True):
        for char in [line] if _length(_escaped(line)) <= _LONGEST_PIECE else line:
            if _length(pieces[-1]) + _length(_escaped(char)) > _LONGEST_PIECE:
                pieces.append("")
            pieces[-1] += _escaped(char)
    return pieces


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)


def _where(quote: Quote) -> str:
    return message("console.path_glue").join([f"《{quote.report.title or quote.report.file}》", *quote.section])


def _length(text: str) -> int:
    """The length in UTF-16 units, as Telegram counts."""
    return len(text.encode("utf-16-le")) // 2
