"""The catalogue of everything a user reads: one file a language in ``locale/``, looked up by key."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources

DEFAULT_LANGUAGE = "zh"


@lru_cache
def _catalogue(language: str) -> dict[str, str]:
    source = resources.files("retrieval") / "locale" / f"{language}.toml"
    tree = tomllib.loads(source.read_text(encoding="utf-8"))
    return {f"{group}.{key}": text for group, texts in tree.items() for key, text in texts.items()}


def message(key: str, /, **values: object) -> str:
    """The text under ``key`` (``"errors.empty_file"``) with ``{names}`` filled in.

    Raises KeyError for a key that the catalogue lacks, so that a missing text fails in a test, not in a chat.
    """
    return _catalogue(DEFAULT_LANGUAGE)[key].format(**values)
