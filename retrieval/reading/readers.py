"""Which module reads which kind of file. Every one of them has ``read(content, name, progress) -> RawText``."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping

from retrieval.reading.raw import Progress, RawText

Reader = Callable[[bytes, str, Progress], RawText]

# Modules and not functions: each brings heavy libraries along, and a child process needs those of one kind only.
MODULES: Mapping[str, str] = {
    "docx": "word",
    "wordml": "word_xml",
    "odt": "odt",
    "rtf": "rtf",
    "doc": "office",
    "pdf": "pdf",
    "ofd": "ofd",
    "xlsx": "sheets",
    "csv": "csv_text",
    "mail": "mail",
    "image": "scans",
    "html": "web",
    "page": "pages",
}

WITH_PROGRAMS = frozenset({"doc"})  # kinds that are read by starting other programs


def reader_of(kind: str) -> Reader:
    """The function that reads files of ``kind``, its libraries loaded."""
    reader: Reader = importlib.import_module(f"retrieval.reading.{MODULES[kind]}").read
    return reader
