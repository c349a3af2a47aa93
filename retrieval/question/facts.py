"""The facts about a report itself that a question asks for: who gave it, when, at which meeting."""

from __future__ import annotations

import re

from retrieval.language.patterns import pattern
from retrieval.question.query import Fact

_FACTS: tuple[tuple[Fact, re.Pattern[str]], ...] = (
    ("meeting", pattern("questions.fact.meeting")),
    ("delivered_on", pattern("questions.fact.delivered_on")),
    ("speaker", pattern("questions.fact.speaker")),
    ("source", pattern("questions.fact.source")),
    ("title", pattern("questions.fact.title")),
    ("years", pattern("questions.fact.years")),
)
_OF_REPORT = pattern("questions.fact.of_report")
_BODY = pattern("questions.fact.body")
_OFFICE = pattern("questions.fact.office")


def facts_asked(text: str) -> list[Fact]:
    """The facts about the report itself that are asked for; none about something that the report tells of."""
    if len(_OF_REPORT.sub("", _OFFICE.sub("", _BODY.sub("", text)))) > 1:
        return []
    found = [fact for fact, asked in _FACTS if asked.search(text)]
    if "speaker" in found and "meeting" in found and "会" not in text:
        found.remove("meeting")
    return found


def office_asked(text: str) -> str | None:
    """The office whose holder is asked for, as it is written."""
    office = _OFFICE.search(text)
    return office.group() if office else None
