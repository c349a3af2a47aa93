"""The units that reports and questions count in, from ``lexicon/units.toml``: what each counts, and how they convert."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from retrieval.language.data import tables_of

_NO_UNITS = ("scales", "answers", "bounds")  # the tables of the file that are something else


@dataclass(frozen=True)
class Unit:
    """One way to write a unit. One of it is ``factor`` of its ``dimension``, the unit that it is compared in.

    ``counts`` is what it counts: people, things, money, area, ... ``asked`` tells whether questions ask for it, ``unless`` what
    must not follow it then, as a regular expression. ``alike`` marks those that people use one for another. ``reads`` is
    False for those that only questions name.
    """

    name: str
    counts: str
    dimension: str
    factor: float
    asked: bool
    unless: str
    alike: bool
    reads: bool


def _units(tables: Mapping[str, Any]) -> Iterator[Unit]:
    for counts, lines in tables.items():
        for name, line in lines.items() if counts not in _NO_UNITS else ():
            asked = line.get("asked", False)
            unless = asked if isinstance(asked, str) else ""
            for written in (name, *line.get("also", ())):
                yield Unit(
                    written,
                    counts,
                    line.get("of", name),
                    line.get("times", 1.0),
                    bool(asked) and written == name,
                    unless,
                    line.get("alike", False),
                    line.get("reads", True),
                )


_TABLES = tables_of("units.toml")
UNITS: dict[str, Unit] = {unit.name: unit for unit in _units(_TABLES)}
SCALES: dict[str, float] = _TABLES["scales"]
ANSWERS: dict[str, tuple[str, ...]] = {asked: tuple(units) for asked, units in _TABLES["answers"].items()}
ALIKE = frozenset(unit.name for unit in UNITS.values() if unit.alike)


def converted(unit: str) -> tuple[str, float]:
    """The dimension of a unit, and how much of that one of it is; a unit that is not known is a dimension of its own."""
    known = UNITS.get(unit)
    return (known.dimension, known.factor) if known else (unit, 1.0)


def either(written: Iterable[str]) -> str:
    """A regular expression for any of some words, the longest first."""
    return "|".join(re.escape(one) for one in sorted(written, key=len, reverse=True))


def asked_for() -> str:
    """A regular expression for the units that questions ask for, none of them where it begins another word."""
    asked = sorted((unit for unit in UNITS.values() if unit.asked), key=lambda unit: len(unit.name), reverse=True)
    return "|".join(f"{re.escape(unit.name)}{f'(?!{unit.unless})' if unit.unless else ''}" for unit in asked)


UNIT = either(unit.name for unit in UNITS.values() if unit.reads)  # as a number of a report is followed by
SCALE = either(SCALES)
BOUND_UNIT = either(_TABLES["bounds"]["units"])  # as a bound of a question is followed by
