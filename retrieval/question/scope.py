"""Scope: which reports a question is about, by the places it names. A place's text never answers for another place."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from rapidfuzz import fuzz, process

from retrieval.language.folding import HAN
from retrieval.language.patterns import pattern
from retrieval.language.pinyin import pinyin
from retrieval.language.places import (
    NATION,
    Division,
    gazetteer,
    has_suffix,
    level_of,
    short_name,
)
from retrieval.models import Report
from retrieval.question.collectives import Collective, is_theme, letters_at, levels_inside, nation_at, region_at
from retrieval.question.english import with_chinese_names
from retrieval.question.named_places import NamedPlace, ends_in_a_word, in_a_name, known_division, names_of, without_containers

_SUFFIXED = pattern("places.name.suffixed")
_COMMON = pattern("places.name.common")
_SEPARATOR = pattern("places.name.separator")
# 区域 and 市场 begin with what could end a place's name: 荆门市场主体 is of 荆门, 荆门市民生支出 of 荆门市.
_WORD_OF_SUFFIX = pattern("places.name.word_of_suffix")
_OF_NATION = pattern("places.name.of_nation")
_BETWEEN = pattern("places.name.between")
_SUFFIX = pattern("places.name.suffix")
_LEAD_IN = pattern("places.name.lead_in")
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
_NEAR, _NEARER = 50.0, 60.0


@dataclass(frozen=True)
class Scope:
    """The reports that a question's places stand for, and what is to be said about the places.

    ``named`` tells whether a place was named at all; ``missing`` are places named that the library lacks;
    ``inside`` are places in the library that lie in a missing one, ``above`` those that a missing one lies in; ``suggested`` are near names;
    ``own`` are the words for the asker's own place (我省), where it is not known which that is;
    ``heard_as`` is (what was written, the place taken for it because it sounds the same). ``rest`` is the question
    without its places; ``unheld`` are the places of ``missing`` with the divisions that bear their names.
    """

    places: tuple[str, ...]
    reports: tuple[Report, ...]
    named: bool
    missing: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    suggested: tuple[str, ...] = ()
    heard_as: tuple[str, str] | None = None
    own: str = ""
    rest: str = ""
    unheld: tuple[tuple[str, tuple[Division, ...]], ...] = ()

    def with_places_of(self, other: Scope) -> Scope:
        """The places of both, the other's first."""
        places = tuple(dict.fromkeys((*other.places, *self.places)))
        return replace(self, places=places, reports=tuple(dict.fromkeys((*other.reports, *self.reports))))


class PlaceNames:
    """The names by which people call the places of a library."""

    def __init__(self, reports: Iterable[Report]) -> None:
        self.reports = [report for report in reports if report.place]
        self.names: dict[str, list[Report]] = defaultdict(list)
        for report in self.reports:
            for name in names_of(report):
                self.names[name].append(report)
        self._longest = max((len(name) for name in self.names), default=0)

    @cached_property
    def _pinyin(self) -> dict[str, set[str]]:
        """The names by their pinyin; read only once a question names no place, for the dictionary behind it is large."""
        names: dict[str, set[str]] = defaultdict(set)
        for name in self.names:
            names[pinyin(name)].add(name)
        return names

    def own_place(self, question: str, default_place: str | None) -> Scope | None:
        """The scope of a question about the asker's own place (我们镇, 我省): the default place, or what it lies in of that level.

        Without a default place the only one of that level that the library has. None where it says nothing of the kind.
        """
        lead = _LEAD_IN.match(question)
        said = _OWN.match(question, lead.end() if lead else 0)
        if said is None:
            return None
        rest = f"{question[: said.start()]} {question[said.end() :]}".strip()
        levels = _OWN_LEVELS.get(said.group("level") or "", ())
        places = [reports[0] for reports in self._places()]
        home = self.resolve(default_place) if default_place else None
        if home and home.reports and (not levels or home.reports[0].level in levels):
            return replace(home, rest=rest)
        if home and home.reports:
            around = [one for one in places if one.level in levels and one.place in self._outer(home.reports[0])]
            outer = [name for name in home.reports[0].within if level_of(name) in levels]
        else:
            around = [one for one in places if not levels or one.level in levels]
            outer = []
        if len(around) == 1:
            return replace(self.resolve(around[0].place or ""), rest=rest)
        return Scope((), (), True, missing=tuple(outer), own="" if outer else said.group("own"), rest=rest)

    def _places(self) -> list[list[Report]]:
        """The reports of each place."""
        keys = place_keys(self.reports)
        found: dict[object, list[Report]] = defaultdict(list)
        for report in self.reports:
            found[keys[report.id]].append(report)
        return list(found.values())

    def resolve(self, question: str) -> Scope:
        """The scope of a question in simplified characters."""
        question = _OF_NATION.sub("", with_chinese_names(question))
        found = without_containers(question, self._named(question))
        known = [named for named in found if named.reports]
        missing = [named for named in found if not named.reports]
        missing = [named for named in missing if not self._inside_known(question, named, known)]
        heard_as = None
        if not known:
            alike = self._sounding_alike(question, missing) or self._in_latin(question)
            if alike:
                heard_as = (question[alike.start : alike.end], alike.name)
                known, missing = [alike], []
        spans = [(named.start, named.end) for named in (*known, *missing)]
        names = tuple(dict.fromkeys(named.name for named in missing))
        return Scope(
            places=tuple(dict.fromkeys(report.place or "" for named in known for report in named.reports)),
            reports=tuple(dict.fromkeys(report for named in known for report in named.reports)),
            named=bool(found) or heard_as is not None,
            missing=names,
            inside=self._inside(missing),
            above=self._above(missing),
            suggested=self._near([named.name for named in missing if not named.by_letter]),
            heard_as=heard_as,
            rest=_without(question, spans),
            unheld=tuple((named.name, named.divisions) for named in missing),
        )

    def _named(self, question: str) -> list[NamedPlace]:
        found: list[NamedPlace] = []
        at = 0
        fresh = True  # where a place can start: at the beginning, after a separator or after another place
        at = self._after_lead(question)
        while at < len(question):
            separator = _SEPARATOR.match(question, at)
            together = self._together_at(question, at) if fresh else []
            if together:
                found += together
                at = together[-1].end
                continue
            named = self._known_at(question, at, fresh)
            if fresh and separator is None:
                named = self._unknown_at(question, at, named)
            if named and (named.reports or not is_theme(question[named.end :])):
                members = self._with_members(question, named)
                found += members
                at, fresh = members[-1].end, True
                continue
            fresh = separator is not None
            at = separator.end() if separator else at + 1
        return found

    def _together_at(self, question: str, at: int) -> list[NamedPlace]:
        """The places that are named at ``at`` otherwise than each by its name."""
        if (end := nation_at(question, at)) is not None and NATION in self.names:
            return [NamedPlace(at, end, NATION, tuple(self.names[NATION]))]
        if (region := region_at(question, at)) is not None:
            return self._of_region(region)
        if self._known_at(question, at, True) is not None:
            return []
        return [
            NamedPlace(start, end, division.name, tuple(self.names.get(division.name, ())), (division,), True)
            for start, end, division in letters_at(question, at)
        ]

    def _of_region(self, region: Collective) -> list[NamedPlace]:
        """The members of a region, or the places of a level that lie in them and are held."""
        if region.levels:
            inside = self._lying_in({member.name for member in region.members}, region.levels)
            return [NamedPlace(region.start, region.end, reports[0].place or "", reports) for reports in inside] or [
                NamedPlace(region.start, region.end, member.name, (), (member,), True) for member in region.members
            ]
        return [
            NamedPlace(region.start, region.end, member.name, tuple(self.names.get(member.name, ())), (member,), True)
            for member in region.members
        ]

    def _with_members(self, question: str, named: NamedPlace) -> list[NamedPlace]:
        """A place, or those inside it that are asked for (重庆各区县) and are held."""
        levels, end = levels_inside(question, named.end)
        official = {named.name, *(d.name for d in named.divisions), *(r.place or "" for r in named.reports)}
        inside = self._lying_in(official, levels) if levels else []
        return [NamedPlace(named.start, end, reports[0].place or "", reports) for reports in inside] or [named]

    def _lying_in(self, names: set[str], levels: Sequence[str]) -> list[tuple[Report, ...]]:
        """The reports of the places of ``levels`` that lie in one of ``names``, place by place."""
        of_level = [[report for report in reports if report.level in levels] for reports in self._places()]
        return [tuple(reports) for reports in of_level if any(names & self._outer(report) for report in reports)]

    @staticmethod
    def _outer(report: Report) -> set[str]:
        """The places that a report's place lies in, by what it says and by the gazetteer."""
        held = set(report.within)
        for name in (*report.within, report.place or ""):
            divisions = gazetteer().get(name, ())
            held |= set(divisions[0].within) if len(divisions) == 1 else set()
        return held

    def _after_lead(self, question: str) -> int:
        """Where the words end that lead in to a question; not inside a place's name that begins as they do (那曲, 和田)."""
        lead = _LEAD_IN.match(question)
        end = lead.end() if lead else 0
        if self._known_at(question, end, True) is None:
            for at in range(end):
                named = self._known_at(question, at, True)
                if named and named.end > end:
                    return at
        return end

    def _known_at(self, question: str, at: int, fresh: bool) -> NamedPlace | None:
        """The place named at ``at``: the longest of the library's names and the gazetteer's."""
        best: NamedPlace | None = None
        for length in range(min(self._longest, len(question) - at), 1, -1):
            name = question[at : at + length]
            if name == NATION and nation_at(question, at) is None:
                continue
            if name in self.names and not ends_in_a_word(question, at + length, name):
                best = NamedPlace(at, at + length, name, tuple(self.names[name]))
                break
        known = known_division(question, at, fresh)
        if known and (best is None or known.end > best.end):
            best = known
        if best and best.reports and not has_suffix(best.name):
            best = self._with_suffix(question, best)
        return best

    def _unknown_at(self, question: str, at: int, known: NamedPlace | None) -> NamedPlace | None:
        """What looks like the name of a place at ``at`` and is longer than the place that is known there."""
        looks = None if known and known.reports else _SUFFIXED.match(question, at)
        if looks is None or len(looks.group()) < 3 or _COMMON.search(looks.group()):
            return known
        return known if known and known.end >= looks.end() else NamedPlace(at, looks.end(), looks.group(), ())

    def _with_suffix(self, question: str, named: NamedPlace) -> NamedPlace | None:
        """A short name with what follows it: 大足县 is 大足区, but 大足镇 is another place."""
        after = _SUFFIX.match(question[named.end :])
        if after is None or _WORD_OF_SUFFIX.match(question, named.end):
            return named
        written = named.name + after.group()
        end = named.end + after.end()
        same = tuple(report for report in named.reports if level_of(written) == report.level or report.place == written)
        if same:
            return NamedPlace(named.start, end, named.name, same)
        other = gazetteer().get(written, ())
        return NamedPlace(named.start, end, written, (), other)

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

    def _sounding_alike(self, question: str, missing: Sequence[NamedPlace]) -> NamedPlace | None:
        """The one place whose name sounds like something written: 九龙冈镇 for 九龙岗镇. Known places are themselves."""
        known = {named.name for named in missing if named.divisions}
        if known:
            return None
        found: dict[str, tuple[int, int]] = {}
        for start in range(len(question)):
            for length in range(3, min(self._longest, len(question) - start) + 1):
                piece = question[start : start + length]
                if not re.fullmatch(rf"[{HAN}]+", piece) or piece in gazetteer() or piece in self.names:
                    continue
                for name in self._pinyin.get(pinyin(piece), ()):
                    if name not in found or length > found[name][1] - found[name][0]:
                        found[name] = (start, start + length)
        return self._only(found)

    def _in_latin(self, question: str) -> NamedPlace | None:
        """The one place whose name is written in pinyin: huilongba, Huilongba Town."""
        found: dict[str, tuple[int, int]] = {}
        runs = [match.span() for match in re.finditer(r"[A-Za-z']+", question)]
        for first in range(len(runs)):
            for last in range(first, min(first + 5, len(runs))):
                start, end = runs[first][0], runs[last][1]
                written = re.sub(r"[^a-z]", "", question[start:end].lower())
                for name in self._pinyin.get(written, ()) if len(written) >= 4 else ():
                    if name not in found or end - start > found[name][1] - found[name][0]:
                        found[name] = (start, end)
        return self._only(found)

    def _only(self, found: dict[str, tuple[int, int]]) -> NamedPlace | None:
        reports = {report for name in found for report in self.names[name]}
        if len(set(place_keys(reports).values())) != 1:
            return None
        name = max(found, key=lambda one: found[one][1] - found[one][0])
        return NamedPlace(*found[name], next(iter(reports)).place or name, tuple(self.names[name]))

    def _inside(self, missing: Sequence[NamedPlace]) -> tuple[str, ...]:
        inside = []
        for named in missing:
            official = {division.name for division in named.divisions} | {named.name}
            for report in self.reports:
                if official & self._outer(report):
                    inside.append(report.place or "")
        return tuple(dict.fromkeys(inside))

    def _above(self, missing: Sequence[NamedPlace]) -> tuple[str, ...]:
        held = {report.place for report in self.reports}
        outer = [name for named in missing for division in named.divisions for name in division.within if name in held]
        return tuple(dict.fromkeys(outer)) if len(set(outer)) == 1 else ()

    def _near(self, missing: Sequence[str]) -> tuple[str, ...]:
        places = sorted({report.place or "" for report in self.reports})
        near = []
        for name in missing:
            levels: set[str | None] = {division.level for division in gazetteer().get(name, ())} or {level_of(name)}
            alike = [place for place in places if level_of(place) in levels or levels == {None}]
            for place, _, _ in process.extract(
                short_name(name), alike, scorer=_nearness, score_cutoff=_NEAR if name in gazetteer() else _NEARER, limit=3
            ):
                if len(short_name(place)) == len(short_name(name)) or len(short_name(name)) > 2:
                    near.append(place)
        return tuple(dict.fromkeys(near))


def place_keys(reports: Iterable[Report]) -> dict[int, object]:
    """What tells the places of reports apart, by report id: the same for the reports of one place.

    Places of one name are one place unless they are said to lie in different ones; a report without a place is its own.
    """
    reports = list(reports)
    within: dict[str | None, set[tuple[str, ...]]] = defaultdict(set)
    for report in reports:
        if report.within:
            within[report.place].add(report.within)
    keys: dict[int, object] = {}
    for report in reports:
        known = sorted(within[report.place], key=len, reverse=True)
        longest = [one for one in known if not any(one != other and other[-len(one) :] == one for other in known)]
        if report.place is None:
            keys[report.id] = report.id
        elif len(longest) <= 1:
            keys[report.id] = report.place
        else:
            home = next((one for one in longest if report.within and one[-len(report.within) :] == report.within), ())
            keys[report.id] = (report.place, home)
    return keys


def _nearness(name: str, place: str, **_: object) -> float:
    return float(fuzz.ratio(name, short_name(place)))


def _without(question: str, spans: Sequence[tuple[int, int]]) -> str:
    pieces, at = [], 0
    for start, end in sorted(spans):
        pieces.append(question[at:start])
        at = max(at, end)
    return " ".join([*pieces, question[at:]]).strip()
