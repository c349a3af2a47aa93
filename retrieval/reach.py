"""Which reports are meant, said without naming each of them: by places, levels and years. A library finds them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from retrieval.models import Report


@dataclass(frozen=True, slots=True)
class Place:
    """A place as its reports name it, with its level and what they say that it lies in.

    ``first`` is the id of the first report of it, ``latest`` that of its latest one, which is for ``year``. A report that names no
    place is a place of its own, without a name.
    """

    name: str | None
    level: str | None
    within: tuple[str, ...]
    first: int
    latest: int
    year: int | None


@dataclass(frozen=True)
class Reach:
    """Which reports are meant: all; or those of ``places`` (each the ones that one name stands for) and those with ``ids``.

    Of these only those of ``level`` and those that review or plan one of ``years``, without those of the places ``without``.
    ``holed`` are those of whose files not all was read.
    """

    places: tuple[tuple[Place, ...], ...] = ()
    ids: tuple[int, ...] = ()
    level: str | None = None
    years: tuple[int, ...] = ()
    without: tuple[Place, ...] = ()
    holed: bool = False

    @property
    def everywhere(self) -> bool:
        """Whether neither places nor reports are named."""
        return not (self.places or self.ids)

    @property
    def all(self) -> bool:
        return self == ALL

    def in_order(self, reports: Iterable[Report]) -> list[Report]:
        """Reports that are meant by the places that name them, in their order, then by id."""
        of = {(place.name, place.level, place.within): n for n, group in reversed([*enumerate(self.places)]) for place in group}
        return sorted(reports, key=lambda one: (of.get((one.place, one.level, one.within), len(of)), one.id))

    def and_of(self, other: Reach) -> Reach:
        """What both name, this one's first."""
        places = tuple(dict.fromkeys((*self.places, *other.places)))
        return replace(self, places=places, ids=tuple(dict.fromkeys((*self.ids, *other.ids))))


ALL = Reach()


def of_ids(ids: tuple[int, ...]) -> Reach:
    """These reports; none where there are no ids, which no report has."""
    return Reach(ids=ids or (0,))
