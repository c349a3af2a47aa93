"""What is said where nothing is asked of the reports, or there is nothing that could answer."""

from __future__ import annotations

from retrieval.answers.claims import Answer, Claim, absent, claim, said
from retrieval.answers.context import Context
from retrieval.models import Report


def answer_talk(context: Context) -> Answer:
    """What the bot is for, with a question that it answers."""
    return said(absent("chat", example=example(context)), is_question=False)


def ask_back(context: Context) -> Answer:
    """That the question names nothing to look for."""
    return said(absent("nothing_asked", example=example(context)), is_question=False)


def example(context: Context) -> Claim:
    """A question that the library answers."""
    report: Report | None = next((r for r in context.held if r.place and r.plan_year), None)
    if report is None or report.place is None or report.plan_year is None:
        return claim("example_any")
    return claim("example", place=report.place, year=report.plan_year)
