"""Answering where a question names nothing to look for: asked back, or what stands nearest to a verb said of a named place."""

from __future__ import annotations

from dataclasses import replace

from retrieval.answers.claims import Answer, absent, said
from retrieval.answers.context import Context
from retrieval.answers.related import related_to
from retrieval.answers.talk import ask_back

_SHOWN_PASSAGES = 10


def answer_nothing(context: Context) -> Answer:
    """What stands nearest to a question of a named place that has but a verb (老城区怎么改造); else what it is to be asked for."""
    parts = context.query.parts
    if context.query.scope.named and any(part.topic for part in parts) and not any(part.number_wanted for part in parts):
        ranked = context.ranked(context.covering(None))
        answer = replace(said(absent("not_said")), passages=tuple(ranked[:_SHOWN_PASSAGES]))
        found = related_to(context, answer)
        if found.status == "related":
            return found
    return ask_back(context)
