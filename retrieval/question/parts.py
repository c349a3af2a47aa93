"""What is left to be read of a part once all turns are known: its intent, and all that decides between answers."""

from __future__ import annotations

from retrieval.language.patterns import pattern, word_list
from retrieval.language.proper_names import proper_names
from retrieval.question.asks import Ask
from retrieval.question.ellipsis import is_bare
from retrieval.question.query import FLOW_WORDS, Intent, Part
from retrieval.question.said import said_by

_PROBLEMS = frozenset(word_list("questions.problems"))
_MEANING = pattern("questions.part.meaning")
_NUMBER_WANTED = pattern("questions.part.number_wanted")
# With no year named, 进展如何 is first looked for in the review; 怎么推进 in the plan, but not 怎么处理的.
_WHAT_WAS_DONE = pattern("questions.part.what_was_done")
_LISTED = pattern("questions.part.listed")
_HOW_TO = pattern("questions.part.how_to")
# 产量目标 is a number: a passage on the thing does not answer for it.
_NAMES_NUMBER = pattern("questions.part.names_number")


def part_of(ask: Ask) -> Part:
    """``ask``, read to the end."""
    term = _term(ask)
    return Part(
        Intent.DEFINITION if term else _intent(ask),
        ask.text,
        **ask.as_asked(),
        said=said_by(ask.text),
        proper_names=proper_names(ask.text),
        flow_words=tuple(word for word in FLOW_WORDS if word in ask.text),
        term=term,
        number_wanted=bool(_NUMBER_WANTED.search(ask.text)),
        listed=bool(_LISTED.search(ask.text)),
        names_number=bool(_NAMES_NUMBER.search(ask.text)),
        ahead=_ahead(ask),
    )


def names_nothing(ask: Ask) -> bool:
    """Whether an ask has nothing to look for: no subject, no main targets or work, or but a verb."""
    return (ask.empty and ask.aim is None and not ask.main_work) or (is_bare(ask) and not ask.units)


def _intent(ask: Ask) -> Intent:
    if ask.kind == "mention":
        return Intent.MENTION
    if ask.kind == "fact":
        return Intent.FACT
    if ask.kind == "figure":
        return Intent.RANK if ask.measure == "rank" else Intent.FIGURE
    if ask.or_passage and ask.topic:
        return Intent.AMOUNT
    if ask.topic and set(ask.topic) <= _PROBLEMS:
        return Intent.PROBLEMS
    if ask.main_work:
        return Intent.WORK
    return Intent.TARGETS if ask.empty and ask.aim == "target" else Intent.PASSAGE


def _term(ask: Ask) -> str:
    """The word whose meaning is asked for, or nothing: 什么是规模以上工业企业, 三保是什么意思."""
    found = _MEANING.search(ask.text) if not ask.when.said and ask.kind != "mention" else None
    return next((name.strip() for name in found.groups() if name), "") if found else ""


def _ahead(ask: Ask) -> bool | None:
    """Whether the wording of an ask that names no year is of what is to be done, or has been."""
    if _WHAT_WAS_DONE.search(ask.text):
        return False
    return True if _HOW_TO.search(ask.text) and not ask.when.said else None
