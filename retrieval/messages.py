"""The catalogue of everything a user reads: one file a language in ``locale/``, looked up by key.

What only a front end says stands in a ``locale/`` of its own, which it adds when it is imported.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from importlib import resources

DEFAULT_LANGUAGE = "zh"
LANGUAGES = ("zh", "en")
_packages = ["retrieval"]  # whose texts are known
_spoken: ContextVar[str] = ContextVar("spoken", default=DEFAULT_LANGUAGE)


def add_catalogue(package: str) -> None:
    """Makes the texts in the ``locale/`` of ``package`` known, too; they are read when the first text is asked for."""
    _packages.append(package)
    _catalogue.cache_clear()


@lru_cache
def _catalogue(language: str) -> dict[str, str]:
    """The texts of all packages in a language, by key."""
    sources = [resources.files(package) / "locale" / f"{language}.toml" for package in _packages]
    trees = [tomllib.loads(source.read_text(encoding="utf-8")) for source in sources]
    return {f"{group}.{key}": text for tree in trees for group, texts in tree.items() for key, text in texts.items()}


def message(key: str, /, **values: object) -> str:
    """The text under ``key`` (``"errors.empty_file"``) in the language spoken, with ``{names}`` filled in.

    A text that another language lacks is shown in the default one. Raises KeyError for a key that the catalogue
    lacks, so that a missing text fails in a test, not in a chat.
    """
    text = _catalogue(_spoken.get()).get(key)
    return (_catalogue(DEFAULT_LANGUAGE)[key] if text is None else text).format(**values)


def language_of(code: str | None) -> str:
    """The language of the catalogue for a client's language code (IETF: ``en-GB``, ``zh-hans``)."""
    spoken = (code or "").lower().partition("-")[0]
    return spoken if spoken in LANGUAGES else DEFAULT_LANGUAGE


def speak(language: str) -> None:
    """Texts are in ``language`` from here on, in this task or thread only."""
    _spoken.set(language)


def spoken() -> str:
    """The language that texts are in now."""
    return _spoken.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Texts made inside are in ``language``."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)
