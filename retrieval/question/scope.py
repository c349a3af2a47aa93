"""Scope: which reports a question is about, by the places it names. A place's text never answers for another place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.language.patterns import pattern
from retrieval.language.places import Division, level_of
from retrieval.ports import Reports
from retrieval.question.alike_places import in_latin, near_names, sounding_alike
from retrieval.question.english import with_chinese_names
from retrieval.question.held_places import HeldPlaces
from retrieval.question.named_places import NamedPlace, in_a_name, places_around, without_containers
from retrieval.question.place_finder import LEAD_IN, PlaceFinder
from retrieval.reach import Reach

_OF_NATION = pattern("places.name.of_nation")
_BETWEEN = pattern("places.name.between")
_OWN = pattern("places.name.own")
_OWN_LEVELS = {
    "省": ("省",),
    "自治区": ("省",),
    "市": ("市", "省"),
    "州": ("市",),
    "区": ("区县", "省"),
    "县": ("区县",),
    "旗": ("区县",),
    "镇": ("乡镇",),
    "乡": ("乡镇",),
    "街道": ("街道",),
}


@dataclass(frozen=True)
class Scope:
    """The places that a question is about, and what is to be said about them.

    ``reach`` are the reports that they stand for, None where none is held, or no place named; ``named`` tells whether a place was named at all; ``missing`` are places named that the library lacks;
    ``inside`` are places in the library that lie in a missing one, ``above`` those that a missing one lies in; ``suggested`` are near names;
    ``own`` are the words for the asker's own place (我省), where it is not known which that is;
    ``heard_as`` is (what was written, the place taken for it because it sounds the same); ``unsaid`` are (a place, where it lies as
    the question says, and none of its reports). ``rest`` is the question without its places; ``unheld`` are the places of ``missing`` with the divisions that bear their names.
    """

    places: tuple[str, ...]
    reach: Reach | None
    named: bool
    missing: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    suggested: tuple[str, ...] = ()
    heard_as: tuple[str, str] | None = None
    own: str = ""
    rest: str = ""
    unheld: tuple[tuple[str, tuple[Division, ...]], ...] = ()
    unsaid: tuple[tuple[str, str], ...] = ()

    def with_places_of(self, other: Scope) -> Scope:
        """The places of both, the other's first."""
        places = tuple(dict.fromkeys((*other.places, *self.places)))
        both = other.reach.and_of(self.reach) if other.reach and self.reach else other.reach or self.reach
        return replace(self, places=places, reach=both)


class PlaceNames:
    """The places of a library as questions name them; :meth:`current` before each use brings them up to date."""

    def __init__(self, library: Reports) -> None:
        self.held = HeldPlaces(library)
        self._finder = PlaceFinder(self.held)

    def current(self) -> PlaceNames:
        self.held.keep_up()
        return self

    def own_place(self, question: str, default_place: str | None) -> Scope | None:
        """The scope of a question about the asker's own place (我们镇, 我省): the default place, or what it lies in of that level.

        Without a default place the only one of that level that the library has. None where it says nothing of the kind.
        """
        lead = LEAD_IN.match(question)
        said = _OWN.match(question, lead.end() if lead else 0)
        if said is None:
            return None
        rest = f"{question[: said.start()]} {question[said.end() :]}".strip()
        levels = _OWN_LEVELS.get(said.group("level") or "", ())
        places = [each[0] for each in self.held.of_each()]
        home = self.resolve(default_place) if default_place else None
        own = home.reach.places[0][0] if home and home.reach else None
        if home and own and (not levels or own.level in levels):
            return replace(home, rest=rest)
        if own:
            around = [one for one in places if one.level in levels and one.name in places_around(own)]
            outer = [name for name in own.within if level_of(name) in levels]
        else:
            around = [one for one in places if not levels or one.level in levels]
            outer = []
        if len(around) == 1:
            return replace(self.resolve(around[0].name or ""), rest=rest)
        return Scope((), None, True, missing=tuple(outer), own="" if outer else said.group("own"), rest=rest)

    def resolve(self, question: str) -> Scope:
        """The scope of a question in simplified characters."""
        question = _OF_NATION.sub("", with_chinese_names(question))
        found = without_containers(question, self._finder.named(question))
        known = [named for named in found if named.held]
        missing = [named for named in found if not named.held]
        missing = [named for named in missing if not self._inside_known(question, named, known)]
        heard_as = None
        if not known:
            alike = sounding_alike(self.held, question, missing) or in_latin(self.held, question)
            if alike:
                heard_as = (question[alike.start : alike.end], alike.name)
                known, missing = [alike], []
        spans = [(named.start, named.end) for named in (*known, *missing)]
        names = tuple(dict.fromkeys(named.name for named in missing))
        return Scope(
            places=tuple(dict.fromkeys(place.name or "" for named in known for place in named.held)),
            reach=Reach(tuple(dict.fromkeys(named.held for named in known))) if known else None,
            named=bool(found) or heard_as is not None,
            missing=names,
            inside=self._inside(missing),
            above=self._above(missing),
            suggested=near_names(self.held, [named.name for named in missing if not named.by_letter]),
            heard_as=heard_as,
            rest=_without(question, spans),
            unheld=tuple((named.name, named.divisions) for named in missing),
            unsaid=tuple(dict.fromkeys((named.name, named.inside) for named in known if named.inside)),
        )

    @staticmethod
    def _inside_known(question: str, missing: NamedPlace, known: Sequence[NamedPlace]) -> bool:
        """Whether a place that the library lacks is named as part of one it holds: 湖北省鄂州花湖机场."""
        before = [named for named in known if named.end <= missing.start]
        return (
            bool(before)
            and not missing.by_letter
            and in_a_name(question, missing)
            and not _BETWEEN.search(question[before[-1].end : missing.start])
        )

    def _inside(self, missing: Sequence[NamedPlace]) -> tuple[str, ...]:
        inside = []
        for named in missing:
            official = {division.name for division in named.divisions} | {named.name}
            inside += [place.name or "" for place in self.held.inside(official)]
        return tuple(dict.fromkeys(inside))

    def _above(self, missing: Sequence[NamedPlace]) -> tuple[str, ...]:
        held = self.held.of_name
        outer = [name for named in missing for division in named.divisions for name in division.within if name in held]
        return tuple(dict.fromkeys(outer)) if len(set(outer)) == 1 else ()


def _without(question: str, spans: Sequence[tuple[int, int]]) -> str:
    pieces, at = [], 0
    for start, end in sorted(spans):
        pieces.append(question[at:start])
        at = max(at, end)
    return " ".join([*pieces, question[at:]]).strip()
