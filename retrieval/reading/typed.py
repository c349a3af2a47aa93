"""Typed texts (.txt, .md): lines that were broken are joined, tables become lines, what is struck out goes.

A table is typed with strokes and a rule (Markdown), or pasted: its cells lie apart by tabs, or by several blanks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from retrieval.reading.raw import MARKS, RawText, left_out
from retrieval.reading.tables import is_value, lines_of
from retrieval.reading.wraps import without_wraps

_RULE = re.compile(r"[|:\s-]+")
_GAP = re.compile(r"[ \u3000\xa0]{2,}")
_PASTED_COLUMNS, _PASTED_ROWS = 3, 3  # from which on lines whose pieces lie apart are a table
_STRUCK = re.compile(r"~~(?=\S)([^~\n]{1,500})~~")
_COMMENT = re.compile(r"<!--(.{0,5000}?)-->", re.S)
_PICTURE = re.compile(r"!\[([^\]\n]{0,200})\]\([^)\n]{0,500}\)")
_MARK_OF_LINE = re.compile(r"^[ \t]{0,3}(?:#{1,6}[ \t]+|>[ \t]?(?:>[ \t]?)*|[-*+][ \t]+)(?=\S)", re.M)
_STRONG = re.compile(r"(?<!\d)(\*{1,3}|__)(?=[^\s*_])([^*_\n]{1,500})(?<=\S)\1(?!\d)")
_NOTE = re.compile(r"\[\^([^\]\s]{1,20})\](?!:)")
_NOTE_TEXT = re.compile(r"^\[\^([^\]\s]{1,20})\]:[ \t]*", re.M)


def typed(text: str, markdown: bool) -> RawText:
    """The raw text of what was typed; ``markdown`` tells that its signs mean something."""
    if MARKS.search(text):  # control characters that would pass for marks
        return RawText(text)
    read = without_wraps(_with_tables(_markdown(text) if markdown else text))
    return RawText(read, marked=bool(MARKS.search(read)))


def _markdown(text: str) -> str:
    text = _COMMENT.sub(lambda found: left_out("hidden", found.group(1).strip()), text)
    text = _STRUCK.sub(lambda found: left_out("struck_out", found.group(1)), text)
    text = _PICTURE.sub(lambda found: left_out("picture", found.group(1)), text)
    text = _STRONG.sub(r"\2", _MARK_OF_LINE.sub("", text))
    text = _NOTE_TEXT.sub(lambda found: f"注{found.group(1)}：", text)
    return _NOTE.sub(lambda found: left_out("note_mark", f"注{found.group(1)}"), text)


def _with_tables(text: str) -> str:
    """A text whose tables are lines."""
    text = _with_pasted_tables(text)
    if "|" not in text or not re.search(r"-{2,}", text):
        return text
    done: list[str] = []
    for is_row, rows in groupby(text.split("\n"), key=lambda line: "|" in line):
        lines = list(rows)
        if is_row and len(lines) > 1 and any(map(_is_rule, lines)):
            above = next((line for line in reversed(done) if line.strip()), "")
            lines = lines_of([_cells(line) for line in lines if not _is_rule(line)], above)
        done += lines
    return "\n".join(done)


def _with_pasted_tables(text: str) -> str:
    """A text whose pasted tables are lines: at least three lines of as many pieces that lie apart, with numbers among them."""
    if "\t" not in text and not _GAP.search(text):
        return text
    done: list[str] = []
    for columns, group in groupby(map(_pieces, text.split("\n")), key=len):
        rows = list(group)
        numbered = sum(any(map(is_value, row[1:])) for row in rows)
        if columns >= _PASTED_COLUMNS and len(rows) >= _PASTED_ROWS and 2 * numbered >= len(rows):
            above = next((line for line in reversed(done) if line.strip()), "")
            done += lines_of(rows, above)
        else:
            done += [row.line for row in rows]
    return "\n".join(done)


class _Row(list[str]):
    """The cells of a line, and the line as it was typed."""

    def __init__(self, line: str, cells: Iterable[str]) -> None:
        super().__init__(cells)
        self.line = line


def _pieces(line: str) -> _Row:
    return _Row(line, map(str.strip, line.rstrip("\r").split("\t") if "\t" in line else _GAP.split(line.strip())))


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]


def _is_rule(line: str) -> bool:
    """Whether a line is the rule under the head of a table: |---|:--:|."""
    return "--" in line and bool(_RULE.fullmatch(line))
