"""The patterns that texts are read with, from the files of the lexicon: each stands there beside texts in which it is found.

A file is a list of tables, one for each pattern:

    about    what it is for
    pattern  a regular expression. Ends of lines and blanks beside them are no part of it. ``{name}`` is a piece that the table
             ``fragments`` of the file defines once for several patterns, or that the code gives, which is said there
    words    instead of a pattern: plain words, any of which is looked for
    flags    ``i`` and ``m``, as those of ``re``
    at       where a text must have it to be read so: at its ``start``, or as the ``whole`` text; anywhere, unless said
    yes, no  texts in which it is found, and in which it is not; a test runs them all. Each is one line, as ``about`` is: they are
             cut out before a file is parsed, which takes twice as long with them and would hold up each start
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from retrieval.language.data import tables_of, text_of
from retrieval.language.folding import HAN

COMPILED: dict[str, re.Pattern[str]] = {}  # by name: all that the code has asked for
_PIECE = re.compile(r"\{([a-z_]+)\}")
_FOR_TESTS = re.compile(r"^(?:about|yes|no) = .*\n", re.M)
_NO_PATTERNS = ("fragments", "lists", "traits")


def pattern(name: str, **pieces: str) -> re.Pattern[str]:
    """The pattern with a name such as ``questions.aim.target``: of the table ``aim.target`` in ``questions.toml``.

    ``pieces`` are those of its pieces that the file can not define, because the code makes them.
    """
    file, *path = name.split(".")
    table = _file(file)
    for key in path:
        table = table[key]
    written = table["pattern"] if "pattern" in table else "|".join(table["words"])
    flags = re.RegexFlag(0)
    for flag in table.get("flags", ""):
        flags |= re.RegexFlag[flag.upper()]
    COMPILED[name] = compiled = re.compile(_filled(written, {**_fragments(file), **pieces}), flags)
    return compiled


def pattern_group(name: str) -> dict[str, re.Pattern[str]]:
    """The patterns of a group, such as ``measure.told``, by their own names and in the order of the file."""
    file, group = name.split(".")
    return {key: pattern(f"{name}.{key}") for key in _file(file)[group]}


def fragment(name: str) -> str:
    """A piece of patterns, such as ``comparisons.up``."""
    file, key = name.split(".")
    return _fragments(file)[key]


def word_list(name: str) -> tuple[str, ...]:
    """A list of words beside the patterns, such as ``questions.problems``."""
    file, key = name.split(".")
    return tuple(_file(file)["lists"][key])


def traits(file: str) -> dict[str, dict[str, Any]]:
    """What holds of the things that a file has patterns for, by their names."""
    return dict(_file(file)["traits"])


def tables(file: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The whole tables of all patterns of a file, by the names of the patterns."""
    for group, patterns in tables_of(f"{file}.toml").items():
        if group not in _NO_PATTERNS:
            for key, table in patterns.items():
                yield f"{file}.{group}.{key}", table


@lru_cache(maxsize=8)
def _file(file: str) -> dict[str, Any]:
    return tomllib.loads(_FOR_TESTS.sub("", text_of(f"{file}.toml")))


@lru_cache(maxsize=8)
def _fragments(file: str) -> dict[str, str]:
    filled: dict[str, str] = {}
    for name, written in _file(file).get("fragments", {}).items():
        filled[name] = _filled(written, filled)  # of those before it
    return filled


def _filled(written: str, pieces: Mapping[str, str]) -> str:
    joined = "".join(line.strip() for line in written.split("\n")) if "\n" in written else written
    joined = joined.replace(r"\u4e00-\u9fff", HAN)
    return _PIECE.sub(lambda piece: pieces[piece.group(1)], joined)
