"""What a person sees of Rich Text: ``striprtf`` tells letters apart from commands, but not those that are hidden.

So signs are put around what is hidden, struck out, deleted or raised before it reads a file, and found again in its text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from retrieval.reading.notes import raised
from retrieval.reading.raw import left_out

_TOKEN = re.compile(r"\\([a-z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|[\r\n]+|(.)", re.I)
_KINDS = ("hidden", "deleted", "struck_out", "raised", "picture")
_END, _FIRST = 0xFDD0, 0xFDD1  # characters that Unicode will never give to any text
_NOTE, _NOTE_END = 0xFDDE, 0xFDDF
_SIGNED = re.compile(f"([{chr(_FIRST)}-{chr(_FIRST + len(_KINDS) - 1)}])([^{chr(_END)}-{chr(_NOTE_END)}]*){chr(_END)}")
_NOTED = re.compile(f"{chr(_NOTE)}([^{chr(_NOTE)}{chr(_NOTE_END)}]*){chr(_NOTE_END)}")
_STRAY = re.compile(f"[{chr(_END)}-{chr(_NOTE_END)}]")
_COLORS = re.compile(r"\{\\colortbl\s*([^{}]{0,20000})\}")
_TINY = 4  # half points


@dataclass(frozen=True)
class _State:
    """What the commands so far say of the letters that follow."""

    hidden: bool = False
    deleted: bool = False
    struck: bool = False
    raised: bool = False
    size: int = 24
    color: int = 0
    behind: int = 0

    def kind(self, whites: frozenset[int]) -> str:
        if self.hidden or self.size <= _TINY or (self.color in whites and not self.behind):
            return "hidden"
        return "deleted" if self.deleted else "struck_out" if self.struck else "raised" if self.raised else ""


def with_signs(source: str) -> str:
    """The source of a file with signs around what is not simply text."""
    whites = _whites(source)
    pieces: list[str] = []
    stack: list[tuple[_State, int, bool]] = []
    state, open_ = _State(), ""
    for token in _TOKEN.finditer(source):
        word, number, code, sign, brace, letter = token.groups()
        at_end = brace is not None or word in ("par", "cell", "row", "line", "nestcell", "nestrow")
        shown = code is not None or letter is not None or word == "u" or (sign is not None and sign in "~_-{}\\")
        kind = state.kind(whites) if shown else ""
        if open_ and (at_end or (shown and kind != open_)):
            pieces.append(_sign(_END))
            open_ = ""
        if shown and kind and not open_:
            pieces.append(_sign(_FIRST + _KINDS.index(kind)))
            open_ = kind
        if brace == "{":
            stack.append((state, len(pieces), False))
        elif brace == "}" and stack:
            state, _, noted = stack.pop()
            if noted:
                pieces.append(_sign(_NOTE_END))
        elif word == "pict" and stack and "nonshppict" not in pieces[stack[-1][1] - 1 : stack[-1][1]]:
            pieces[stack[-1][1]] = f"{_sign(_FIRST + _KINDS.index('picture'))}{_sign(_END)}{pieces[stack[-1][1]]}"
        elif word == "footnote" and stack:
            stack[-1] = (*stack[-1][:2], True)
            pieces.append(_sign(_NOTE))
            continue
        elif word is not None:
            state = _after(state, word.lower(), number)
        pieces.append(token.group())
    return "".join(pieces)


def told(text: str) -> str:
    """The text that was read of a file with signs, as a raw text; notes stand at its end."""
    notes: list[str] = []

    def note(match: re.Match[str]) -> str:
        notes.append(f"注{len(notes) + 1}：{_unsigned(match.group(1)).strip()}")
        return left_out("note_mark", f"注{len(notes)}")

    body = _unsigned(_NOTED.sub(note, text))
    return "\n".join([body, "注释：", *notes]) if notes else body


def _unsigned(text: str) -> str:
    def one(match: re.Match[str]) -> str:
        kind = _KINDS[ord(match.group(1)) - _FIRST]
        if kind == "raised":
            return raised(match.group(2), text[max(match.start() - 1, 0) : match.start()])
        return left_out(kind, match.group(2)) if match.group(2).strip() or kind == "picture" else match.group(2)

    return _STRAY.sub("", _SIGNED.sub(one, text))


def _sign(code: int) -> str:
    return f"{{\\uc0\\u{code - 0x10000}}}"


def _after(state: _State, word: str, number: str | None) -> _State:
    """The state after a command: a number of 0 switches off."""
    on = number != "0"
    value = int(number or 0) if len(number or "") < 8 else 0
    if word == "plain":
        return _State()
    if word in ("v", "deleted"):
        return replace(state, hidden=on) if word == "v" else replace(state, deleted=on)
    if word in ("strike", "striked"):
        return replace(state, struck=on)
    if word in ("super", "nosupersub", "sub"):
        return replace(state, raised=word == "super" and on)
    if word == "fs":
        return replace(state, size=value or 24)
    if word == "cf":
        return replace(state, color=value)
    if word in ("cb", "chcbpat", "highlight", "cbpat", "clcbpat"):
        return replace(state, behind=value)
    return state


def _whites(source: str) -> frozenset[int]:
    """The numbers of the colours that are white."""
    found = _COLORS.search(source[:200_000])
    colors = found.group(1).split(";") if found else []
    parts = [[int(value) for value in re.findall(r"\\(?:red|green|blue)(\d{1,3})", color)] for color in colors]
    return frozenset(index for index, values in enumerate(parts) if len(values) == 3 and min(values) > 247)
