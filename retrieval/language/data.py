"""The language data of the folder ``lexicon``: words, patterns and their meaning as files, and what version of them there is."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from importlib import resources
from typing import Any


def text_of(name: str) -> str:
    """The text of a file of the lexicon."""
    return (resources.files("retrieval.language") / "lexicon" / name).read_text(encoding="utf-8")


def tables_of(name: str) -> dict[str, Any]:
    """The tables of a TOML file of the lexicon."""
    return tomllib.loads(text_of(name))


def lines_of(name: str) -> list[str]:
    """The lines of a word list, without empty ones and comments."""
    return [line.strip() for line in text_of(name).splitlines() if line.strip() and not line.startswith("#")]


def version_of(names: Iterable[str]) -> str:
    """A short hash of files of the lexicon: another one wherever anything in them differs."""
    digest = hashlib.sha256()
    for name in names:
        digest.update(hashlib.sha256(text_of(name).encode()).digest())
    return digest.hexdigest()[:12]
