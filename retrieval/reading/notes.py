"""Raised marks: those of notes are taken out of their sentences (企业¹5家 is not 15家), those of units stay (m²)."""

from __future__ import annotations

import re

from retrieval.reading.raw import left_out

_NOTE_MARK = re.compile(r"[\s\[\]［］〔〕()（）【】①-⑳➀-➓❶-❿*＊※\d,，、注-]{1,12}")
_AFTER_UNIT = re.compile(r"[A-Za-zμ]$")
_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def raised(text: str, before: str) -> str:
    """What a raised ``text`` behind ``before`` is in a raw text."""
    if not _NOTE_MARK.fullmatch(text) or not text.strip():
        return text
    return text.translate(_RAISED) if _AFTER_UNIT.search(before) else left_out("note_mark", text)
