"""A question is answered and remembered: the same steps for every front end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.conversation import evidence
from bot.conversation.evidence import Neighbour
from bot.conversation.memory import Asked, Before
from bot.conversation.services import CommonServices
from retrieval.answers.answerer import Answerer
from retrieval.replies import Reply


@dataclass(frozen=True)
class Answered:
    """A reply as it is remembered; ``anchors`` are the passages that its quotes stand in."""

    question_id: int
    reply: Reply
    anchors: list[Neighbour]


async def answer(services: CommonServices, asked: Asked, before: Before) -> Answered:
    """Answers a question and remembers both; one that was asked before, and edited since, is answered again."""
    earlier = before.earlier
    reply, anchors = await services.answered(reply_with_anchors, services.answerer, [*before.turns, asked.text], before.place)
    if earlier is None:
        question_id = await services.stored(services.conversations.record, asked, before.turns, reply)
        return Answered(question_id, reply, anchors)
    await services.stored(services.conversations.answer_again, earlier.id, asked.text, before.turns, reply)
    return Answered(earlier.id, reply, anchors)


def reply_with_anchors(answerer: Answerer, turns: Sequence[str], place: str | None) -> tuple[Reply, list[Neighbour]]:
    """The reply, and the passages that its quotes stand in; both of one moment."""
    with answerer.library.snapshot():
        reply = answerer.ask(turns, place)
        return reply, evidence.anchors(answerer.library, reply.quotes)


def places_meant(answerer: Answerer, written: str) -> list[str]:
    """The places of the library that a name may mean: by their names alone, or with what they lie in where those meet."""
    reports = answerer.reports_of(written)
    chains = {"".join((*report.within, report.place or "")): report.place or "" for report in reports}
    if len(chains) != 1:
        return list(chains)
    chain, place = next(iter(chains.items()))
    return [place if answerer.reports_of(place) == reports else chain]
