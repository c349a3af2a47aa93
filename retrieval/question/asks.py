"""The parts of a question: what each asks for - a figure, a fact about the report, a passage - and of which time."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from retrieval.language.indicators import Indicator, named
from retrieval.language.measures import traits_of
from retrieval.language.patterns import pattern
from retrieval.question.aims import aim_of, measure_of
from retrieval.question.facts import facts_asked, office_asked
from retrieval.question.query import AskedFor, Evidence, When
from retrieval.question.times import read_when
from retrieval.question.topics import FIGURE, head_of, topic_of
from retrieval.question.units import can_be_counted_in, units_asked

AskKind = Literal["figure", "fact", "mention", "passage"]

_PARTS = pattern("questions.ask.parts")
_DESCRIPTIVE = pattern("questions.ask.descriptive")
_MAIN_WORK = pattern("questions.ask.main_work")
_WORK = pattern("questions.ask.work")
_HAS_YEAR = pattern("questions.time.named")
_YEARLY = pattern("questions.ask.yearly")
_OF_TARGET = pattern("questions.aim.of_target")
_ELLIPTIC = pattern("questions.ask.elliptic")
_HOW_IS_IT = pattern("questions.ask.how_is_it")
_AMOUNT_NAME = pattern("questions.ask.amount_name")
_COMPARED_WITH = pattern("questions.ask.compared_with")
_QUESTION_WORD_FIRST = pattern("questions.ask.question_word_first")


@dataclass(frozen=True)
class Ask(AskedFor):
    """One part of a question in a turn, which may leave to the turn before what it asks for; ``elliptic``: it is put as such do."""

    text: str
    kind: AskKind
    elliptic: bool = False

    @property
    def empty(self) -> bool:
        """Whether it names nothing to ask for: 那大足区呢, 去年呢."""
        return not (self.indicators or self.topic or self.fact or self.themes)

    @property
    def descriptive(self) -> bool:
        """Whether it asks how or why something is done, which no figure tells."""
        return bool(_DESCRIPTIVE.search(self.text))

    @property
    def main_work(self) -> bool:
        """Whether it asks what work there is to do in all: 重点工作有哪几个方面, 下一步工作."""
        plain = self.kind == "passage" and self.aim != "actual" and self.when.relative not in ("last", "before_last")
        return plain and bool(_MAIN_WORK.fullmatch(self.text)) and bool(_WORK.search(self.text))


def read_asks(text: str) -> tuple[Ask, ...]:
    """The parts of a question. A part without a subject or a year of its own takes those of the one before."""
    pieces = [piece.strip() for piece in _PARTS.split(text) if re.search(r"\w", piece)]
    if sum(map(_asks_something, pieces)) < 2:
        pieces = [text]
    asks: list[Ask] = []
    for piece in pieces:
        when, bare = read_when(piece)
        for ask in _facts(bare, when) or _figures_or_passage(bare, when, asks):
            same = asks and ask.measure == "growth" and asks[-1].measure is None and asks[-1].indicators == ask.indicators
            same = same and asks[-1].aim == ask.aim
            if same:
                asks[-1] = replace(asks[-1], measure="level")
            asks.append(ask)
    return tuple({replace(ask, text="", elliptic=False, continues=False): ask for ask in reversed(asks)}.values())[::-1]


def as_figure(ask: Ask) -> Ask:
    """``ask`` as one for a figure, where it does not say so: what is compared or counted up is a figure."""
    if ask.kind != "passage" or ask.empty:
        return ask
    return replace(_ask(f"{ask.text}多少"), aim=ask.aim, when=ask.when)


def _facts(bare: str, when: When) -> list[Ask]:
    office = office_asked(bare)
    return [Ask(bare, "fact", fact=fact, office=office, when=when) for fact in facts_asked(bare)]


def _asks_something(piece: str) -> bool:
    return bool(
        FIGURE.search(piece)
        or _DESCRIPTIVE.search(piece)
        or (_HAS_YEAR.search(piece) and _YEARLY.search(piece))
        or facts_asked(piece)
    )


def _figures_or_passage(bare: str, when: When, asks: list[Ask]) -> list[Ask]:
    """What one piece of a question asks for, with what it leaves out taken from the part before."""
    ask = replace(_ask(bare), when=when)
    if when.relative == "last" and ask.aim == "target" and not _OF_TARGET.search(bare):
        ask = replace(ask, aim=None)  # 去年失业率控制在多少 asks for what came of it
    if asks:
        before = asks[-1]
        leaves_out = ask.empty or (traits_of(ask.measure).rate and not _own_subject(ask))
        if ask.kind == "figure" and not ask.indicators and leaves_out:
            topic = (*before.topic, *ask.topic)
            head = ask.head or before.head
            ask = replace(ask, indicators=before.indicators, named=before.named, topic=topic, head=head, continues=True)
        elif ask.kind == "passage" and ask.empty:
            if before.kind == "figure" and when.said and not _DESCRIPTIVE.search(bare):
                ask = replace(before, text=ask.text, when=when, aim=ask.aim or before.aim, continues=False)
            else:
                ask = replace(ask, topic=(*(one.name for one in before.indicators), *before.topic))
        ask = replace(ask, aim=ask.aim or (None if when.said else before.aim), when=when if when.said else before.when)
    if len(ask.indicators) > 1 and ask.kind == "figure":
        return [replace(ask, indicators=(one,), named=(name,)) for one, name in _each(ask)]
    return [ask]


def _each(ask: Ask) -> list[tuple[Indicator, str]]:
    """The indicators of an ask for several, each with the word that names it."""
    return [
        (one, next(m_text for m_text in ask.named if named(m_text, question=True)[0].indicator is one)) for one in ask.indicators
    ]


def _own_subject(ask: Ask) -> bool:
    return ask.measure == "growth" and bool(ask.topic)


def _ask(text: str) -> Ask:
    aim, aim_words = aim_of(text)
    text = text if named(text, question=True) else _joined(text)
    units = units_asked(text)
    mentions = [m for m in named(text, question=True) if not _COMPARED_WITH.search(text[: m.start])]
    mentions = [m for m in mentions if can_be_counted_in(m.indicator, units)]
    indicators = tuple(dict.fromkeys(mention.indicator for mention in mentions))
    descriptive = bool(_DESCRIPTIVE.search(text))
    how = len(indicators) == 1 and not FIGURE.search(text) and bool(_HOW_IS_IT.search(text[mentions[-1].end :]))
    counts = FIGURE.search(text)
    figure = bool(counts) or (bool(indicators) and not descriptive) or how
    measure, measure_words = measure_of(text, mentions)
    return Ask(
        text,
        "figure" if figure else "passage",
        elliptic=bool(_ELLIPTIC.search(text.strip())),
        indicators=indicators if figure else (),
        aim=aim,
        measure=measure,
        named=tuple(text[mention.start : mention.end] for mention in mentions) if figure else (),
        topic=topic_of(text, mentions if figure else []),
        head=() if mentions and figure else head_of(text),
        units=units,
        or_passage=how or (not figure and not descriptive and bool(_AMOUNT_NAME.search(text))),
        evidence=(
            *_evidence("kind: figure", counts.group() if counts else ""),
            *_evidence(f"aim: {aim}", aim_words),
            *_evidence(f"measure: {measure}", measure_words),
            *(Evidence(f"indicator: {m.indicator.name}", text[m.start : m.end]) for m in mentions),
        ),
    )


def _evidence(reading: str, words: str) -> tuple[Evidence, ...]:
    return (Evidence(reading, words),) if words else ()


def _joined(text: str) -> str:
    """``text`` with the question word behind its object where that names an indicator: 新增了多少人就业, 产多少粮食."""
    turned = _QUESTION_WORD_FIRST.sub(r"\3\2", text)
    return turned if named(turned, question=True) else text
