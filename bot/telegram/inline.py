"""Inline questions: ``@bot 回龙坝 GDP`` in any chat gives up to five answers to send."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import InlineQueryResultArticle, InlineQueryResultsButton, InputTextMessageContent, Update
from telegram.error import BadRequest
from telegram.ext import ContextTypes

from bot import wording
from bot.conversation.memory import unshown
from bot.telegram import screens
from bot.telegram.delivery import says
from bot.telegram.markup import escaped, joined
from bot.telegram.opening import Opening
from bot.telegram.services import Services, services_of
from retrieval.answers.quoting import page_of
from retrieval.errors import OperatorError, ReportBotError
from retrieval.library import Library
from retrieval.messages import message
from retrieval.models import Span
from retrieval.replies import Quote, RankedPassage, Reply

_MOST = 5
_CACHED_SECONDS = 30
_TITLE, _DESCRIPTION = 80, 140


@dataclass(frozen=True)
class InlineAnswer:
    """An answer to choose: what the list shows, and the message that is sent."""

    title: str
    description: str
    text: str


async def on_inline(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Only the newest question of a person is worked on: they come with every few letters."""
    query = update.inline_query
    assert query is not None
    services = services_of(context)
    services.newest_inline[query.from_user.id] = query.id
    answers: list[InlineAnswer] = []
    if query.query.strip():
        if not await services.limits.admit_inline(query.from_user.id):
            return
        found = await services.answered(_answers, services, query.from_user.id, query.id, query.query)
        if found is None:
            return
        answers = found
    results = [
        InlineQueryResultArticle(str(number), one.title, InputTextMessageContent(one.text), description=one.description)
        for number, one in enumerate(answers)
    ]
    hint = None if results else InlineQueryResultsButton(message("telegram.inline_hint"), start_parameter="inline")
    try:
        await query.answer(results, cache_time=_CACHED_SECONDS, is_personal=True, button=hint)
    except BadRequest as error:
        if not says(error, "query is too old"):
            raise


def _answers(services: Services, user_id: int, query_id: str, question: str) -> list[InlineAnswer] | None:
    """The answers to a question; None where the person has typed on meanwhile."""
    if services.newest_inline.get(user_id) != query_id:
        return None
    try:
        with services.library.snapshot():
            reply = services.answerer.ask([question])
            return _inline_answers(services.library, question, reply, services.opening(None))
    except OperatorError:
        raise  # nobody is told here but the administrators
    except ReportBotError:
        return []


def _inline_answers(library: Library, question: str, reply: Reply, opening: Opening) -> list[InlineAnswer]:
    """The whole answer first; then each of its quotes, if it has several, and the passages that came next.

    What states nothing is one answer, with the quotes that stand nearest under it, if any: none of them is offered alone.
    """
    if reply.status in ("not_found", "related"):
        if not reply.is_question:
            return []
        return [_answer(question, wording.told(reply)[0], message("telegram.inline_not_found"), reply, opening)]
    first = reply.answer.split("\n", 1)[0]
    found = [_answer(question, first, reply.quotes[0].text if reply.quotes else "", reply, opening)]
    rest = list(reply.quotes) if len(reply.quotes) > 1 else []
    rest += [_quote_of(library, one) for one in unshown(reply)]
    found += [_quote(question, quote, opening) for quote in rest]
    return found[:_MOST]


def _answer(question: str, title: str, description: str, reply: Reply, opening: Opening) -> InlineAnswer:
    shown = screens.answer(reply, 0, (), opening=opening)
    text = joined([_asked(question), *shown.parts])[0] if len(shown.parts) == 1 else _shortest(question, reply, opening)
    return InlineAnswer(wording.shortened(title, _TITLE), wording.shortened(description, _DESCRIPTION), text)


def _shortest(question: str, reply: Reply, opening: Opening) -> str:
    """Where the answer with its quotes is more than a message: the answer, and as many quotes as fit."""
    return joined([_asked(question), *screens.answer_blocks(reply, opening=opening)])[0]


def _quote(question: str, quote: Quote, opening: Opening) -> InlineAnswer:
    text = joined([_asked(question), *screens.quoted(quote, opening)])[0]
    title = message("telegram.inline_quote", report=screens.title_and_year(quote.report))
    return InlineAnswer(wording.shortened(title, _TITLE), wording.shortened(quote.text, _DESCRIPTION), text)


def _quote_of(library: Library, passage: RankedPassage) -> Quote:
    """A passage as a quote, with the page that it begins on."""
    page, recognised = page_of(library, passage.report, Span(passage.start, passage.end))
    return Quote(passage.report, passage.section, passage.text, passage.start, passage.end, (), page, recognised)


def _asked(question: str) -> str:
    return f"<i>{escaped(message('telegram.inline_asked', question=wording.shortened(question, 200)))}</i>"
