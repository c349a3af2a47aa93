"""Tables in plain text (.csv, .tsv)."""

from __future__ import annotations

from retrieval.reading.raw import Progress, RawText
from retrieval.reading.sheets import read_csv


def read(content: bytes, name: str, progress: Progress) -> RawText:
    """Raises UnreadableFile."""
    return read_csv(content, name)
