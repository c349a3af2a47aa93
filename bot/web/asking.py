"""The page to ask on: its address is the conversation, so that it can be shared and nothing has to be remembered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from bot import charts, wording
from bot.web.picture import card_of
from bot.web.templates import emphasised
from bot.web.views import View
from retrieval.answers.examples import example_questions
from retrieval.errors import EmptyQuestion, QuestionTooLong
from retrieval.models import Span
from retrieval.replies import Comparison, Quote, Reply

_TURNS = 12  # before a question, which its address holds, too
_SHOWN = 4  # quotes; the others open by a tap
_PNG = "image/png"


@dataclass(frozen=True)
class Quoted:
    """A quote as a page shows it; ``passage`` is the address of where it stands."""

    words: Markup
    where: str
    passage: str
    report: int
    place: str | None


def turns_of(view: View) -> list[str]:
    """The turns of the conversation that the address holds, the last of which is the question."""
    return view.texts("q")[-_TURNS:]


async def ask(request: Request) -> Response:
    view = View.of(request)
    turns = turns_of(view)
    if not turns:
        return await view.answered(_welcome)
    try:
        return await view.answered(_answer, turns)
    except (EmptyQuestion, QuestionTooLong) as error:
        return view.page("ask.html", 400, turns=[], asked="", reply=None, failed=error.user_message, examples=(), reports=None)


def _welcome(view: View) -> Response:
    examples = example_questions(view.answerer)
    count = len(view.library.reports())
    return view.page("ask.html", turns=[], asked="", reply=None, failed="", examples=examples, reports=count)


def _answer(view: View, turns: list[str]) -> Response:
    reply = view.answerer.ask(turns)
    told, heading = wording.told(reply)
    quotes = [quoted(view, one) for one in reply.quotes]
    drawn = charts.chart_of(reply)
    return view.page(
        "ask.html",
        turns=turns[:-1],
        asked=turns[-1],
        reply=reply,
        failed="",
        told=emphasised(told, _stands_out(reply, told)),
        heading=heading,
        quotes=quotes[:_SHOWN],
        more=quotes[_SHOWN:],
        chart=drawn,
        examples=(),
        reports=None,
        description=told[:200],
        picture=view.links.from_outside("/card.png", q=turns),
    )


def _stands_out(reply: Reply, told: str) -> Sequence[Span]:
    """What of an answer stands out: its figures, else its first line."""
    if reply.emphasis or reply.status not in ("answered", "blank"):
        return reply.emphasis
    return (Span(0, len(told.split("\n", 1)[0])),)


def quoted(view: View, quote: Quote) -> Quoted:
    span = Span(quote.start, quote.end)
    address = view.passage(quote.report.id, span)
    words = emphasised(quote.text, quote.emphasis, quote.start)
    return Quoted(words, wording.where_quoted(quote), address, quote.report.id, quote.report.place)


async def chart(request: Request) -> Response:
    """The comparison of an answer as a picture."""
    view = View.of(request)
    turns = turns_of(view)
    reply = await view.answered(lambda view: view.answerer.ask(turns))
    return await drawn(view, charts.chart_of(reply))


async def drawn(view: View, comparison: Comparison | None) -> Response:
    """A comparison as a picture; there is none where it compares too few numbers."""
    if comparison is None or not charts.is_worth_a_chart(comparison):
        return Response(status_code=404)
    return Response(await view.services.drawn(charts.draw, comparison, charts.MOST_LINES), media_type=_PNG)


async def card(request: Request) -> Response:
    """An answer as a picture to share."""
    view = View.of(request)
    turns = turns_of(view)
    reply = await view.answered(lambda view: view.answerer.ask(turns))
    return Response(await view.services.drawn(card_of, turns[-1], reply, view.site.url), media_type=_PNG)
