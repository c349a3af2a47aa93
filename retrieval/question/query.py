"""What a question was read as: one frozen, printable value, complete, so that whoever answers needs none of its words.

The only words that go on are ``wording`` and ``text``, to be compared with passages for similarity.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, Literal

from retrieval.language.indicators import Indicator
from retrieval.language.values import Value
from retrieval.models import Basis, Measure
from retrieval.question.periods import Several
from retrieval.question.scope import Scope
from retrieval.question.selections import NO_SELECTION, Edge, Selection
from retrieval.reach import Place

Relative = Literal["this", "last", "next", "before_last", "after_next"]
Aim = Literal["target", "actual"]
Direction = Literal["more", "less"]
Fact = Literal["speaker", "delivered_on", "meeting", "source", "title", "years"]


FLOW_WORDS = ("累计", "净增", "新增", "新认定")  # that tell whether a number was added or is a total


class Talk(StrEnum):
    """What people say beside questions; ``[talk]`` in the catalogue holds what is said to each."""

    HELLO = "hello"
    THANKS = "thanks"
    BYE = "bye"
    PRAISE = "praise"
    SMALL = "small"  # heard, laughter
    WRONG = "wrong"  # the answer was wrong
    CONFUSED = "confused"  # it was not understood
    BLAME = "blame"
    WHO = "who"
    ABLE = "able"  # what the bot can do, how it is used
    ADDING = "adding"
    REMOVING = "removing"
    CHART = "chart"
    EXPORT = "export"
    LANGUAGE = "language"
    AGAIN = "again"  # the last answer once more
    ORDER = "order"
    ELSEWHERE = "elsewhere"  # what no report answers


class Intent(StrEnum):
    """Every kind of question that is answered. ``retrieval/answers/intents.py`` says by which module."""

    TALK = "talk"  # greetings, thanks, wishes that no report answers
    OVERVIEW = "overview"  # of a report, of one of its themes, of several places side by side
    CLAIM = "claim"  # whether a figure is as somebody says
    DIFFERENCE = "difference"  # how two times or kinds of a figure differ
    NOTHING = "nothing"  # names nothing to look for
    HOLDINGS = "holdings"  # of which places, years, days there are reports
    MENTION = "mention"  # whether, and which, reports mention something
    TREND = "trend"  # how a figure of a place went on over years, or how two years differ
    MET = "met"  # whether targets were met
    FIGURE = "figure"  # a figure, of one report or of several
    AMOUNT = "amount"  # something countable by its name, without 多少: a figure if there is one, else a passage
    RANK = "rank"
    FACT = "fact"  # who gave the report, when, at which meeting
    TARGETS = "targets"  # the main targets
    DEFINITION = "definition"  # what a word means
    WORK = "work"  # what there is to do in all
    PROBLEMS = "problems"  # what a report calls its difficulties
    PASSAGE = "passage"


@dataclass(frozen=True)
class When:
    """The time that is asked about: years, a year relative to the report's, or several years at once (未来三年).

    ``of_report``: the year is what the report is called by (2021年政府工作报告).
    """

    years: tuple[int, ...] = ()
    relative: Relative | None = None
    several: Several | None = None
    of_report: bool = False

    @property
    def said(self) -> bool:
        return bool(self.years or self.relative or self.several)

    @property
    def year(self) -> int | None:
        """The first year that is named."""
        return self.years[0] if self.years else None


NO_TIME = When()


@dataclass(frozen=True)
class Theme:
    """Words that a report mentions if any of ``terms`` stands in it; ``negated``: that are to be missing."""

    terms: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True)
class Evidence:
    """By which ``words`` of the question ``reading`` (``aim: target``) was read."""

    reading: str
    words: str


@dataclass(frozen=True)
class Said:
    """What the words of a part say of the figure that is wanted, beyond its subject.

    ``stock``: how many there are (有多少); ``added`` and ``total``: words of either (新建, 累计); ``more``: of what was added
    and nothing else (新增). ``bases`` are those on which a rate may be computed, ``whole`` what a share is to be of,
    ``compared_with`` the other side of a comparison, ``multiple_of`` of a multiple, ``upper`` the larger place (全省) whose
    indicator is asked for. ``counts``: how many, not by how much their number grew; ``by_amount``: by how many something
    was added to (学位增加多少). ``town_and_country``: of both (城乡低保标准). ``amount`` are the words before 和增速. ``thresholds`` are the numbers from
    which on something is counted (40万以上的村). ``per``: for what each the amount is: ``month``, ``person``, ``household``, ``day``, ``mu``, ``village``.
    """

    stock: bool = False
    added: bool = False
    more: bool = False
    total: bool = False
    bases: tuple[Basis, ...] = ()
    whole: str = ""
    compared_with: str = ""
    multiple_of: str = ""
    counts: bool = False
    by_amount: bool = False
    town_and_country: bool = False
    amount: str = ""
    upper: str = ""
    thresholds: tuple[str, ...] = ()
    per: str = ""


NOTHING_SAID = Said()


@dataclass(frozen=True, kw_only=True)
class AskedFor:
    """What one part of a question asks for.

    ``named`` are the words that name its indicators; ``topic`` are its other content words, question words left out.
    ``head`` are those that say what is counted: what follows 多少 (多少家散乱污企业). ``continues`` marks a part that asks more
    of what the part before is about (多少，增长了多少). ``themes`` are what a mention is about, all at once; ``whole_theme``
    are their names as one, in case that is a name itself; ``edge``: the first or the last mention is asked for. ``or_passage``: where no figure
    answers, a passage does (2024年游客目标, 招商引资情况).
    """

    indicators: tuple[Indicator, ...] = ()
    named: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    aim: Aim | None = None
    measure: Measure | None = None
    units: tuple[str, ...] = ()
    when: When = NO_TIME
    fact: Fact | None = None
    office: str | None = None
    themes: tuple[Theme, ...] = ()
    whole_theme: str | None = None
    edge: Edge | None = None
    continues: bool = False
    or_passage: bool = False
    evidence: tuple[Evidence, ...] = field(default=(), compare=False)

    def as_asked(self) -> dict[str, Any]:
        """What is asked for, by field."""
        return {one.name: getattr(self, one.name) for one in fields(AskedFor)}


@dataclass(frozen=True)
class Part(AskedFor):
    """One part of a question, read to the end.

    ``proper_names`` are things that nothing else answers for (三峡机场), ``flow_words`` those of
    :data:`FLOW_WORDS` that it says. ``term`` is the word whose meaning is asked for. ``number_wanted``: words alone (促稳提质) are no answer.
    ``listed``: the things of a list are asked for (有哪些). ``names_number``: its name says that it is a number (产量目标), so that no passage stands for it. ``ahead`` tells whether
    its wording is of what is to be done (True) or has been (False), where it names no year.
    """

    intent: Intent
    wording: str
    said: Said = NOTHING_SAID
    proper_names: tuple[str, ...] = ()
    flow_words: tuple[str, ...] = ()
    term: str = ""
    number_wanted: bool = False
    listed: bool = False
    names_number: bool = False
    ahead: bool | None = None

    @property
    def subject(self) -> str:
        """What it is for, in the words of the question; without numbers; empty where it names nothing."""
        named = "".join([*self.topic, *(indicator.name for indicator in self.indicators[:1])])
        subject = named if len(named) > 1 else self.wording  # 没活干的有多少, of which 活 alone says nothing
        return re.sub(r"(?<![A-Za-z.])\d\S*", "", subject)


def part_for(indicator: Indicator, aim: Aim | None = None, measure: Measure | None = None, when: When = NO_TIME) -> Part:
    """A part that asks for the figure of an indicator by its name."""
    name = indicator.name
    return Part(Intent.FIGURE, name, indicators=(indicator,), named=(name,), aim=aim, measure=measure, when=when)


@dataclass(frozen=True)
class Years:
    """The years that a question ranges over: ``first`` to ``last`` (to the latest where None), those ``named`` one by one, or
    ``count`` of the latest; all that there are where it says none of these."""

    first: int | None = None
    last: int | None = None
    count: int | None = None
    named: tuple[int, ...] = ()


ALL_YEARS = Years()


@dataclass(frozen=True)
class Point:
    """One side of a difference: a time, as far as it is said, and whether its target or its result is meant."""

    when: When = NO_TIME
    aim: Aim | None = None


@dataclass(frozen=True)
class Course:
    """What is asked over years, of each of ``parts``: a grid of years, of which ``selection`` chooses, orders or computes.

    ``together`` asks for one figure over them all (五年累计), ``against`` how two of them differ, ``changed`` how far the last is
    from the first.
    """

    parts: tuple[Part, ...]
    years: Years = ALL_YEARS
    selection: Selection = NO_SELECTION
    together: bool = False
    against: tuple[Point, Point] | None = None
    changed: bool = False


@dataclass(frozen=True)
class Reference:
    """A question for more of the answer before: the thing with a ``number`` in its list, what there is ``further``, or its surroundings."""

    number: int | None = None
    further: bool = False


@dataclass(frozen=True)
class Against:
    """The other side of a difference. ``direction`` is what is said of the first side; ``checks``: whether it is so is asked."""

    part: Part
    direction: Direction | None = None
    checks: bool = False


@dataclass(frozen=True)
class Overview:
    """A wish for an overview: of one ``side`` of a report (``review``, ``plan``), of a ``theme``, or of all of it.

    ``by_words``: words ask for it (总结一下), not a place alone or 怎么样, which may lean on the turn before. ``changes``: it is of two
    reports of a place beside each other, what is new and what is gone.
    """

    theme: str | None = None
    side: str | None = None
    by_words: bool = True
    changes: bool = False


@dataclass(frozen=True)
class Query:
    """A question with what it took from the turns before it.

    ``everywhere``: it is put to all places (of a ``level``). ``course`` is what it asks over years; where the library has
    but one, its ``parts`` are answered. ``day`` (month, day) is the one on which reports were given that it asks for. ``without`` are
    places that it leaves out (除西藏外); ``assumed_place`` is the default place that was taken. ``talk`` is what it is where it is
    no question, ``claimed`` is a value that is to be checked (``also`` are others of the same turn), ``against`` the other side of a
    difference, ``reference`` what of the answer to this question is asked for. ``english`` tells whether it is written in English; ``untranslated`` are
    words of it whose Chinese name is not known. ``taken_time`` is what it took from the turn before.
    """

    text: str
    intent: Intent
    parts: tuple[Part, ...]
    scope: Scope
    years: tuple[int, ...] = ()
    relative: Relative | None = None
    everywhere: bool = False
    level: str | None = None
    selection: Selection = NO_SELECTION
    course: Course | None = None
    day: tuple[int, int] | None = None
    without: tuple[Place, ...] = ()
    assumed_place: str | None = None
    talk: Talk | None = None
    overview: Overview | None = None
    claimed: Value | None = None
    also: tuple[Query, ...] = ()
    against: Against | None = None
    reference: Reference | None = None
    english: bool = False
    untranslated: tuple[str, ...] = ()
    taken_time: When = NO_TIME

    @property
    def wording(self) -> str:
        """The words of all parts, to search passages with."""
        return " ".join(part.wording for part in self.parts) or self.text

    @property
    def same_time(self) -> bool:
        """Whether all parts ask about the same time."""
        return len({part.when for part in self.parts}) <= 1
