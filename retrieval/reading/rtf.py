"""Rich Text (.rtf), by ``striprtf``; its picture data and objects are not looked at."""

from __future__ import annotations

import re

from striprtf.striprtf import rtf_to_text

from retrieval.errors import DamagedFile
from retrieval.reading.raw import Progress, RawText

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
        text: str = rtf_to_text(content.decode("latin-1"), encoding=encoding, errors="replace")  # type: ignore[no-untyped-call]
    except (ValueError, LookupError, IndexError, KeyError, OverflowError) as error:
        raise DamagedFile(file=name) from error
    rows = (_CELL.sub("", line).replace("|", "\t") if line.count("|") > 1 else line for line in text.split("\n"))
    return RawText("\n".join(rows))
