"""Figures that a report states of other places than its own: of a larger one (全市提出增长6%), of one inside it (云溪镇粮食产量…)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from retrieval.answers.matching.choice import Choice
from retrieval.answers.matching.facets import Verdict
from retrieval.answers.matching.numbers import fits
from retrieval.answers.matching.wanted import wanted_of
from retrieval.answers.matching.words import match
from retrieval.language.folding import bare
from retrieval.language.indicators import named, own_names, subject_of
from retrieval.language.measures import traits_of
from retrieval.language.places import Division, gazetteer, has_suffix, short_name
from retrieval.language.tokens import words
from retrieval.language.vocabulary import stop_words, weak_words
from retrieval.models import Figure, Report
from retrieval.ports import LibraryView
from retrieval.question.query import Part
from retrieval.reach import Place

_LEAD = re.compile(r"^(?:支持|推动|推进|促进|确保|力争|争取|实现|带动|其中|预计|今年|去年|20\d\d年)+")
_SUFFIX = re.compile(r"^(?:自治县|自治州|街道|市|县|区|旗|州|盟|镇|乡|省)(?![内外区场政民])")
_MET = 0.8  # how well a word of the question must be met by the words beside a place's name, and they by the question


@dataclass(frozen=True)
class OtherPlace:
    """A place as a question names it; ``written`` are the names by which reports may, the asked one first."""

    name: str
    written: tuple[str, ...]


def other_place(name: str, divisions: Sequence[Division] = ()) -> OtherPlace:
    """The place ``name``, by its official and its short name, too."""
    short = short_name(name)
    official = (division.name for division in divisions if division.name == name or division.short == name)
    return OtherPlace(name, tuple(dict.fromkeys((name, *official, short))))


def upper_asked(part: Part, report: Report) -> str:
    """The larger place (全省, 全国) whose indicator a question asks of a report that has another place of its own; else nothing."""
    upper = part.said.upper
    if not traits_of(part.measure).of_upper or upper in own_names(report.place, (), report.level):
        return ""
    return upper


def of_upper(upper: str, part: Part, figures: Sequence[Figure]) -> Choice:
    """The first figure of ``figures`` that is said of ``upper`` and is what is asked of it."""
    return _choice([(f, [f.subject.removeprefix(upper)]) for f in figures if f.of_place == upper], part)


def of_place(library: LibraryView, report: Report, place: OtherPlace, part: Part, figures: Sequence[Figure]) -> Choice:
    """The first of ``figures`` that the report says of ``place`` by name, and that is what is asked; never of another place."""
    text = library.text(report.id)
    if not any(name in text for name in place.written):
        return Choice(())
    said: list[tuple[Figure, list[str]]] = []
    for figure in figures:
        subject = _LEAD.sub("", figure.subject)
        if rests := [_beside(subject, name, place) for name in place.written if subject.startswith(name)]:
            said.append((figure, rests))
    return _choice(said, part)


def _choice(said: Sequence[tuple[Figure, list[str]]], part: Part) -> Choice:
    """The first figure of which what its subject says beside the place's name, under one of its names, is asked."""
    verdicts = []
    for figure, rests in said:
        vetoes = [_vetoed_by(rest, part, figure) for rest in rests]
        verdicts.append(Verdict(figure, {}, None if None in vetoes else vetoes[0]))
    return Choice(tuple(one.figure for one in verdicts if not one.vetoed_by)[:1], tuple(verdicts))


def near(place: Place, divisions: Sequence[Division]) -> bool:
    """Whether a place can be one around one of ``divisions``: of the same province, or not known of which."""
    provinces = {name for division in divisions for name in (*division.within, division.name)}
    own = {d.within[0] if d.within else d.name for name in (place.name or "", *place.within) for d in gazetteer().get(name, ())}
    return not provinces or not own or bool(provinces & own)


def _beside(subject: str, name: str, place: OtherPlace) -> str:
    """What a subject says after a place's name; nothing where the name is but part of another one (云溪区 for 云溪镇)."""
    rest = subject[len(name) :]
    if has_suffix(name):
        return rest
    suffix = _SUFFIX.match(rest)
    if suffix is None:
        return rest
    return "" if has_suffix(place.name) else rest[suffix.end() :]


def _vetoed_by(rest: str, part: Part, figure: Figure) -> str | None:
    """Why the words beside a place's name are not what a question asks, no more and no less; None where they are."""
    # A target is an aim however it is put: 全省5.5%以上.
    aimed = part.aim == "target" and part.measure == "growth" and figure.unit == "%"
    if not rest or figure.blank:
        return "place"
    if not fits(wanted_of(replace(part, measure=None) if aimed else part), figure):
        return "measure"
    terms = [term for term in part.topic if term not in weak_words()]
    if part.indicators:
        mention = subject_of(rest, ()) or next(iter(named(rest, question=True)), None)
        if mention is None or mention.indicator is not part.indicators[0]:
            return "indicator"
        rest = f"{rest[: mention.start]}{rest[mention.end :]}"
    elif not terms:
        return "words"
    asked = bare(part.wording)
    met = all(match(term, bare(rest)) >= _MET for term in terms) and all(
        match(word, asked) >= _MET or _says_little(word) for word in words(rest)
    )
    return None if met else "words"


@lru_cache(maxsize=4096)
def _says_little(word: str) -> bool:
    return (
        len(word) == 1 or word in weak_words() or word in stop_words() or word in ("全社会", "预期目标", "达到", "突破", "超过")
    )
