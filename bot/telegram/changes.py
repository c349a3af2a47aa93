"""What a newer version of a report changes: figures that are others now, figures and headings that came or went."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from bot import wording
from bot.telegram.markup import escaped
from retrieval.messages import message
from retrieval.models import Figure, Section

_LISTED = 6
_Key: TypeAlias = "tuple[str, str, int | None, str]"


@dataclass(frozen=True)
class Version:
    """What is compared of a report."""

    outline: Sequence[Section]
    figures: Sequence[Figure]


def told(old: Version, new: Version) -> str:
    """The differences of two versions, as HTML, a line for each kind."""
    before, after = _by_name(old.figures), _by_name(new.figures)
    changed = [key for key in after if key in before and before[key] != after[key]]
    came, went = [key for key in after if key not in before], [key for key in before if key not in after]
    old_headings, new_headings = _headings(old.outline), _headings(new.outline)
    lines = [
        *_lines("changed", (_change(key, before[key], after[key]) for key in changed)),
        *_lines("came", (_figure(key, after[key]) for key in came)),
        *_lines("went", (_figure(key, before[key]) for key in went)),
        *_lines("headings_came", (one for one in new_headings if one not in old_headings)),
        *_lines("headings_went", (one for one in old_headings if one not in new_headings)),
    ]
    title = f"<b>{escaped(message('telegram.version'))}</b>"
    if not lines:
        return f"{title}\n{escaped(message('telegram.version_same'))}"
    return f"{title}\n<blockquote expandable>" + "\n".join(lines) + "</blockquote>"


def _by_name(figures: Sequence[Figure]) -> dict[_Key, tuple[str, ...]]:
    """The values of each figure's name, as they stand in the text one after the other."""
    found: dict[_Key, tuple[str, ...]] = {}
    for one in figures:
        key = (one.indicator or one.subject, one.kind, one.year, one.measure)
        found[key] = (*found.get(key, ()), wording.value_of(one))
    return found


def _headings(outline: Sequence[Section]) -> list[str]:
    return list(dict.fromkeys(one.heading.strip() for one in outline if one.heading.strip()))


def _lines(kind: str, told: Iterable[str]) -> list[str]:
    shown = list(told)
    if not shown:
        return []
    more = [message("telegram.version_more", count=len(shown) - _LISTED)] if len(shown) > _LISTED else []
    title = message(f"telegram.version_{kind}", count=len(shown))
    return [escaped(title), *(f"· {escaped(wording.shortened(one, 60))}" for one in shown[:_LISTED]), *map(escaped, more)]


def _named(key: _Key) -> str:
    name, kind, year, measure = key
    shown = "" if measure == "level" else message("telegram.measure", measure=message(f"measures.{measure}"))
    when = message("telegram.kind_and_year", kind=message(f"kinds.{kind}"), year=year or message("console.several_years"))
    return message("telegram.version_figure", name=f"{name}{shown}", when=when)


def _figure(key: _Key, values: tuple[str, ...]) -> str:
    return message("telegram.field", name=_named(key), value=message("answers.list_glue").join(values))


def _change(key: _Key, before: tuple[str, ...], after: tuple[str, ...]) -> str:
    glue = message("answers.list_glue")
    return message("telegram.field", name=_named(key), value=f"{glue.join(before)} → {glue.join(after)}")
