"""What figures measure: one table, from which all that reads figures, reads questions and compares the two takes what holds of each.

It is in ``lexicon/measure.toml``, with the words by which figures and questions are told to be of each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from retrieval.language.patterns import traits
from retrieval.models import Measure

Lead = Literal["share", "comparison", ""]
Sort = Literal["percent", "points", "amount"]  # of a value, by its unit


@dataclass(frozen=True)
class Traits:
    """What holds of a measure.

    Of its figures: ``moves``: how far something rose or fell, so that it has a basis, and is of several years where it is a mean;
    ``stands``: how things are, so that it may be of the end of several years. ``lead``: the words before its number are kept
    (占全省比重达28%), from the last verb of shares or of comparisons on, and no flow is told of it; ``falls``: a fall among them
    counts. ``whole``: it is of a whole that its words name; ``compared``: it has another side. ``values``: the sorts of value that
    its words make it of. ``or_level``: what is itself a ratio (研发投入强度) tells it as its level. ``of_target``: its words tell
    how far a target was reached; a number that they say was aimed at is none of it.

    Of questions: ``answers`` are the measures of an indicator's figures that answer, in the order of preference, ``fits`` those of a
    figure that is found by words, ``more`` those that are told after another figure of the same thing. ``rate``: a rate is
    asked for, never an amount, and of what the part before was about; ``in_names``: an indicator's name may ask for it. ``of_results``: results alone are. ``spoken``: people have
    words of their own for what it is asked of; ``of_upper``: a larger place beside it (全省) is the one that it is asked of.
    """

    answers: tuple[Measure, ...] = ()
    fits: tuple[Measure, ...] = ()
    more: tuple[Measure, ...] = ()
    moves: bool = False
    stands: bool = False
    lead: Lead = ""
    falls: bool = False
    whole: bool = False
    compared: bool = False
    values: tuple[Sort, ...] = ("percent",)
    or_level: bool = False
    of_target: bool = False
    rate: bool = False
    of_results: bool = False
    in_names: bool = False
    spoken: bool = True
    of_upper: bool = True

    @property
    def plain(self) -> bool:
        """Whether it is an amount or its change."""
        return self.moves or (self.stands and not self.lead)


UNASKED = Traits(fits=("level", "change", "share", "growth"))  # where a question names no measure


def _value(said: Any) -> Any:
    return tuple(said) if isinstance(said, list) else said


def _traits(said: dict[str, Any]) -> Traits:
    return Traits(**{key: _value(value) for key, value in said.items()})


MEASURES: dict[Measure, Traits] = {name: _traits(said) for name, said in traits("measure").items()}


def traits_of(measure: Measure | None) -> Traits:
    """What holds of a measure; of what a question asks for that names none, and of figures of an unknown one, that nothing does."""
    return MEASURES.get(measure or "", UNASKED)
