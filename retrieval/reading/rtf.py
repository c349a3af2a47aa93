"""Rich Text (.rtf), by ``striprtf``: what a person sees of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from striprtf.striprtf import rtf_to_text

from retrieval.errors import DamagedFile
from retrieval.reading.raw import Progress, RawText, unmarked
from retrieval.reading.rtf_signs import told, with_signs
from retrieval.reading.tables import lines_of

_CODE_PAGE = re.compile(rb"\\ansicpg(\d{3,5})")
_CELL = re.compile(r"[ \t]*\|[ \t]*(?=\n|$)")
_ENCODINGS = {"936": "gb18030", "54936": "gb18030", "950": "big5hkscs", "65001": "utf-8"}


def read(content: bytes, name: str, progress: Progress) -> RawText:
    """Raises DamagedFile."""
    found = _CODE_PAGE.search(content[:2000])
    code_page = found.group(1).decode() if found else "936"
    encoding = _ENCODINGS.get(code_page, f"cp{code_page}")
    try:
        # Latin-1 keeps every byte: what is not escaped is decoded by the code page afterwards.
        signed = with_signs(content.decode("latin-1"))
        text: str = rtf_to_text(signed, encoding=encoding, errors="replace")  # type: ignore[no-untyped-call]
    except (ValueError, LookupError, IndexError, KeyError, OverflowError) as error:
        raise DamagedFile(file=name) from error
    return RawText("\n".join(_lines(told(unmarked(text)))), marked=True)


def _lines(text: str) -> Iterator[str]:
    """The lines of a text; those with cells together as tables."""
    above = ""
    for in_table, lines in groupby(text.split("\n"), key=lambda line: line.count("|") > 1):
        if in_table:
            yield from lines_of([_CELL.sub("", line).split("|") for line in lines], above)
        else:
            for line in lines:
                above = line if line.strip() else above
                yield line
