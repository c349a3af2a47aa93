"""有了告诉我: questions that nothing answered are asked again when the library has changed."""

from __future__ import annotations

import logging

from telegram import Bot
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.conversation.asking import reply_with_anchors
from bot.conversation.memory import Alert, unshown
from bot.telegram import pictures, screens
from bot.telegram.delivery import send
from bot.telegram.services import Services
from retrieval.errors import ReportBotError
from retrieval.messages import message, speaking

_log = logging.getLogger(__name__)


async def tell_waiting(bot: Bot, services: Services) -> bool:
    """Asks every waiting question again, and tells those who wait for one that is answered now.

    False where Telegram could not be reached for one of them: there is to be another try.
    """
    all_told = True
    async with services.alerting:
        for alert in await services.stored(services.conversations.alerts):
            with speaking(alert.language):
                try:
                    await _tell(bot, services, alert)
                except (Forbidden, BadRequest) as error:  # blocked, or the chat is gone: nobody waits any more
                    _log.info("dropped an alert: %r", error)
                    await services.stored(services.conversations.alert_done, alert.question_id)
                except (TelegramError, ReportBotError) as error:
                    _log.warning("an alert has to wait: %r", error)
                    all_told = False
    return all_told


async def _tell(bot: Bot, services: Services, alert: Alert) -> None:
    asked = alert.asked
    chat_id = services.moves.get(asked.chat_id, asked.chat_id)
    if not services.is_allowed(chat_id, asked.user_id):  # rights are those of now, not of when it was asked
        await services.stored(services.conversations.alert_done, alert.question_id)
        return
    reply, anchors = await services.answered(reply_with_anchors, services.answerer, alert.turns, alert.default_place)
    if reply.status != "answered":
        return
    conversations = services.conversations
    notice = message("telegram.alert", question=asked.text)
    passages, opening = [one.id for one in unshown(reply)], services.opening(chat_id)
    screen = screens.answer(reply, alert.question_id, anchors, passages, notice, opening)
    reply_to = asked.message_id if asked.message_id > 0 else None  # a button has no message
    picture = await pictures.show(bot, services, chat_id, reply, None, reply_to, asked.thread_id)
    sent = await send(bot, chat_id, screen, reply_to, asked.thread_id)
    await services.stored(conversations.answer_again, alert.question_id, asked.text, alert.turns[:-1], reply)
    await services.stored(conversations.sent, alert.question_id, sent, picture)
