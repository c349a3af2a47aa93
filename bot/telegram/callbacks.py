"""Callback data: what a button says when it is pressed. Short, versioned, and checked before anything is done with it."""

from __future__ import annotations

import re
from dataclasses import dataclass

LIMIT = 64  # bytes, https://core.telegram.org/bots/api#inlinekeyboardbutton
_VERSION = "1"
_NUMBER = r"-?\d{1,15}"
_HASH = r"[0-9a-f]{8}"
_WORD = r"[a-z_]{1,12}"

# The arguments of each action, in order.
_ARGUMENTS = {
    "answer": (_NUMBER,),  # question
    "around": (_NUMBER, _NUMBER, _HASH),  # question, passage, hash of its text
    "more": (_NUMBER, _NUMBER),  # question, page
    "card": (_NUMBER, _NUMBER),  # question, report
    "chart": (_NUMBER,),  # question
    "cite": (_NUMBER,),  # question
    "next": (_NUMBER, _NUMBER),  # question, which of its suggestions
    "vote": (_NUMBER, _NUMBER),  # question, value
    "alert": (_NUMBER,),  # question
    "list": (_NUMBER,),  # page
    "report": (_NUMBER, _NUMBER),  # report, page of the list it was chosen from
    "file": (_NUMBER,),  # report
    "figures": (_NUMBER, _NUMBER, _NUMBER),  # report, view, page
    "table": (_NUMBER, _WORD),  # report, format
    "here": (_WORD,),
    "forget": (_NUMBER, _WORD),  # whose
    "add": (_NUMBER, _WORD, _NUMBER),  # draft, how, the report to replace
    "draft": (_NUMBER,),  # draft
    "understood": (_NUMBER, _NUMBER, _NUMBER),  # draft, view, page
    "fix": (_NUMBER, _WORD),  # draft, field
    "paste": (_WORD,),
    "remove": (_NUMBER, _WORD),  # report, step
    "rename": (_NUMBER, _WORD),  # report, field
    "input": (_WORD,),
    "admin": (_NUMBER,),  # user
    "log": (_NUMBER,),  # before this change
    "stats": (),
    "theme": (_NUMBER,),  # one of its questions
    "asked": (_NUMBER,),  # question
    "retry": (_HASH,),  # incident
}
ACTIONS = frozenset(_ARGUMENTS)


@dataclass(frozen=True)
class Press:
    """A pressed button: what it asks for, and its arguments."""

    action: str
    arguments: tuple[str, ...]

    def number(self, position: int) -> int:
        return int(self.arguments[position])


def data(action: str, *arguments: object) -> str:
    """The callback data of a button. Raises ValueError for what :func:`parse` would not accept."""
    written = ":".join([_VERSION, action, *map(str, arguments)])
    if parse(written) is None:
        raise ValueError(written)
    return written


def parse(written: str | None) -> Press | None:
    """The button that callback data stands for; None for what no button of this version says."""
    version, *rest = (written or "").split(":")
    if version != _VERSION or not rest or len((written or "").encode()) > LIMIT:
        return None
    action, *arguments = rest
    patterns = _ARGUMENTS.get(action)
    if patterns is None or len(patterns) != len(arguments):
        return None
    if not all(re.fullmatch(pattern, argument, re.A) for pattern, argument in zip(patterns, arguments, strict=True)):
        return None
    return Press(action, tuple(arguments))
