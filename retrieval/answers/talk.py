"""What is said where nothing is asked of the reports, or there is nothing that could answer."""

from __future__ import annotations

from retrieval.answers.askable import example_question
from retrieval.answers.claims import Answer, absent, said
from retrieval.answers.context import Context


def answer_talk(context: Context) -> Answer:
    """A few friendly words, with a question that the library answers where that helps."""
    assert context.query.talk is not None
    return said(absent(f"talk.{context.query.talk}", example=example_question(context)), is_question=False)


def ask_back(context: Context) -> Answer:
    """That the question names nothing to look for."""
    return said(absent("nothing_asked", example=example_question(context)), is_question=False)
