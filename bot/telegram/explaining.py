"""``/explain`` in reply to an answer: the whole way of its question, for administrators who want to know why it came out so."""

from __future__ import annotations

from telegram import InputFile, ReplyParameters, Update
from telegram.ext import ContextTypes

from bot.conversation.memory import StoredQuestion
from bot.telegram import screens
from bot.telegram.delivery import send
from bot.telegram.markup import escaped
from bot.telegram.services import services_of
from retrieval.answers.answerer import Answerer
from retrieval.explain import explain as explained
from retrieval.explain import lines_of
from retrieval.messages import message


async def explain(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/explain``: sends the way of the question that the message replied to is, or answers, as a text file."""
    said = update.effective_message
    assert said is not None
    services = services_of(context)
    replied = said.reply_to_message
    if replied is None:
        await send(context.bot, said.chat_id, screens.text("telegram.explain_usage"), said.message_id)
        return
    stored = await services.stored(services.conversations.question_about, said.chat_id, replied.message_id)
    if stored is None:
        await send(context.bot, said.chat_id, screens.text("telegram.explain_unknown"), said.message_id)
        return
    line, content = await services.answered(_told, services.answerer, stored)
    file = InputFile(content, f"explain-{stored.id}.txt")
    quoting = ReplyParameters(said.message_id, allow_sending_without_reply=True)
    await context.bot.send_document(said.chat_id, file, caption=escaped(line), reply_parameters=quoting)


def _told(answerer: Answerer, stored: StoredQuestion) -> tuple[str, bytes]:
    """One line on how the question was read and what came of it, and the steps. It is answered anew, from the reports as they are."""
    way = explained(answerer, [*stored.turns, stored.asked.text], stored.default_place)
    line = message("telegram.explained", intent=way.reply.intent, status=way.reply.status)
    return line, "\n".join(lines_of(way)).encode()
