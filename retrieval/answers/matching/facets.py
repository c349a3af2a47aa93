"""The rules by which a figure fits what is wanted: each facet agrees, vetoes or scores, over two finished values.

A facet compares what is wanted with what the figure says of itself and with what stands around it (:class:`~retrieval.answers.matching.surroundings.Around`). The
tables at the end say which facets decide for each way of choosing; the first that vetoes is the reason that is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from retrieval.answers.matching.numbers import measure_fits, unit_fits
from retrieval.answers.matching.surroundings import Around
from retrieval.answers.matching.wanted import Wanted
from retrieval.answers.matching.words import match
from retrieval.language.flow import TOTAL_WORDS
from retrieval.language.folding import HAN, bare
from retrieval.language.indicators import named, subject_of
from retrieval.language.measures import traits_of
from retrieval.language.patterns import pattern
from retrieval.language.periods import PARTS_OF_YEAR, WHOLE_YEAR
from retrieval.language.thresholds import thresholds_said
from retrieval.language.tokens import words
from retrieval.language.vocabulary import doings, stop_words, weak_words
from retrieval.models import Figure

Agreement: TypeAlias = float | None
"""A score that is added to others: ``AGREES`` where a facet is met, or not asked for; ``VETOES`` where it can't be met."""
AGREES: float = 0.0
VETOES: None = None

# Chosen by trying questions that the reports answer and that they don't.
CLAUSE_SHARE = 0.62
_SENTENCE_SHARE, _SENTENCE_SHARE_WITH_HEAD = 0.7, 0.55
_OWN_WEIGHT, _SENTENCE_WEIGHT, _UNIT_BONUS, _RANK_BONUS = 0.6, 0.5, 0.35, 0.3
_WORDING_WEIGHT, _TOTAL_BONUS, _NO_AMOUNT = 0.4, 0.8, -0.05
_FIT, _NAMED = 0.5, 0.8
_LONGEST_BESIDE = 3  # characters beside an indicator's name that don't make it another thing: 全省, 全年
_REFUSED = {"total": ("added",), "added": ("total", ""), "made": ("total",), "": ()}  # flows, by the one that is wanted
_PER = pattern("figures.said.per")
_COUNTED_BY = pattern("questions.wanted.counted_by")
_NO_WORD = re.compile(rf"[^{HAN}]")


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a figure fits: what each facet said, up to the one that vetoed it, if one did, and the sum of the scores."""

    figure: Figure
    facets: Mapping[str, Agreement]
    vetoed_by: str | None

    @property
    def score(self) -> float:
        return sum(score for score in self.facets.values() if score is not None)


Facet: TypeAlias = Callable[[Wanted, Figure, Around], Agreement]


def judged(wanted: Wanted, figures: Sequence[Figure], around: Around, facets: Sequence[str]) -> list[Verdict]:
    """The verdict on each of ``figures``, by the facets of these names in their order."""
    rules = [(name, FACETS[name]) for name in facets]
    return [_judged(wanted, figure, around, rules) for figure in figures]


def _judged(wanted: Wanted, figure: Figure, around: Around, rules: Sequence[tuple[str, Facet]]) -> Verdict:
    said: dict[str, Agreement] = {}
    for name, facet in rules:
        said[name] = facet(wanted, figure, around)
        if said[name] is None:
            return Verdict(figure, said, name)
    return Verdict(figure, said, None)


def _when(holds: bool) -> Agreement:
    return AGREES if holds else VETOES


# -- what it is of --------------------------------------------------------------------------------------------


def _indicator(wanted: Wanted, figure: Figure, around: Around) -> Agreement:
    return _when(wanted.indicator is not None and figure.indicator == wanted.indicator.name)


def _beside(wanted: Wanted, figure: Figure, around: Around) -> Agreement:
    """The words beside an indicator stand by the figure: 双桥经开区的GDP is not the GDP."""
    if wanted.indicator is None:
        return AGREES
    return _when(all(_stands_by(word, figure, around) for word in wanted.part.topic if word not in weak_words()))


def _stands_by(word: str, figure: Figure, around: Around) -> bool:
    """Whether a word does, and narrows no other figure of the sentence: 货物贸易、服务贸易进出口分别增长10%、15%."""
    near = around.near[figure.start]
    said = near.context if word in PARTS_OF_YEAR else near.clause  # 上半年 is said once for a chapter
    if match(word, said) < _FIT and word not in around.place:
        return False
    others = around.sentences[figure.sentence_start]
    return word in figure.subject or not any(word in other.subject and not other.indicator for other in others)


def _part_of_year(wanted: Wanted, figure: Figure, around: Around) -> Agreement:
    """What is asked of a year is not answered by a part of it (上半年增长4.1%), nor the other way round."""
    asked = next((word for word in wanted.part.topic if word in PARTS_OF_YEAR), WHOLE_YEAR)
    said = around.near[figure.start].part_of_year
    return _when(not said or asked in said or said in asked)  # words are cut otherwise: 三季度 of 前三季度


def _words(wanted: Wanted, figure: Figure, around: Around) -> Agreement:
    """Every telling word of the question is met, if only in part, by the figure's sentence and headings."""
    context, terms = around.near[figure.start].context, (*wanted.named, *wanted.part.topic)
    return _when(all(match(term, context) > 0 for term in terms if len(term) > 1 and term not in weak_words()))


def _name(wanted: Wanted, figure: Figure, around: Around) -> Agreement:
    """The words that name the indicator stand in the figure's clause, or its subject names it otherwise."""
    by_name = wanted.named and match(wanted.named[0], around.near[figure.start].clause) < _NAMED
    return _when(not by_name or _is_named(wanted, figure))


def _is_named(wanted: Wanted, figure: Figure) -> bool:
    """Whether a figure's subject names the indicator, in whatever words: 岭北生产总值 for 岭北的GDP."""
    return wanted.indicator is not None and any(one.indicator is wanted.indicator for one in named(figure.subject))


def _nearness(wanted: Wanted, figure: Figure, around: Around) -> Agreement:
    """How near the figure stands to the words of the question: in its clause, or the counted thing in its clause and the
    rest in its sentence."""
    near, weights = around.near[figure.start], around.weights
    told_of = wanted.part.topic if _is_named(wanted, figure) else (*wanted.named, *wanted.part.topic)
    if all(len(word) == 1 for word in told_of) and not weights.coverage(told_of, bare(figure.subject)):
        return VETOES  # 住 stands in 安置住房, too: one character tells nothing unless the figure is called by it
    clause, sentence = weights.coverage(told_of, near.clause), weights.coverage(told_of, near.context)
    if wanted.part.head and weights.coverage(wanted.part.head, near.clause) < CLAUSE_SHARE:
        return VETOES
    if clause < CLAUSE_SHARE:
        least = _SENTENCE_SHARE_WITH_HEAD if wanted.part.head else _SENTENCE_SHARE
        if sentence < least or not (wanted.part.head or clause >= CLAUSE_SHARE / 2):
            return VETOES
    return clause + _OWN_WEIGHT * weights.coverage(told_of, near.own) + _SENTENCE_WEIGHT * sentence


def _part(wanted: Wanted, figure: Figure, around: Around) -> Agreement:
    """The indicator is the part that the share is of: 战略性新兴产业增加值占规上工业增加值."""
    part, _, of = figure.subject.replace("相当于", "占").partition("占")
    if not of or not traits_of(figure.measure).whole or figure.measure not in wanted.traits.answers:
        return VETOES
    mention = subject_of(part, ())
    if mention is not None and mention.indicator is wanted.indicator:
        return AGREES
    name = wanted.named[0]
    return _when(match(name, bare(part)) >= _NAMED and len(part) - len(name) < _LONGEST_BESIDE)


def _whole(wanted: Wanted, figure: Figure, around: Around) -> Agreement:
    """A share is of the whole that is wanted; one that names none (其中…,占比68%) is of what its sentence spoke of."""
    if not traits_of(figure.measure).whole or not wanted.part.said.whole:
        return AGREES
    return _when(match(wanted.part.said.whole, bare(figure.whole) or around.near[figure.start].context) >= _FIT)


def _proper_names(wanted: Wanted, figure: Figure, around: Around) -> Agreement:
    return _when(set(wanted.part.proper_names) <= set(figure.proper_names.split()))


def _extended(wanted: Wanted, figure: Figure, around: Around) -> Agreement:
    """A thing's name does not go on into that of another one, nor is it another item of a list: not 粮食储备规模 for 粮食."""
    telling = [word for word in (*wanted.named, *(wanted.part.head or wanted.part.topic)) if word not in weak_words()]
    asked = max(reversed(telling), key=lambda word: min(len(word), 2), default="")  # the last, a word of one character if need be
    name = figure.indicator if (figure.indicator or "").startswith(asked) else figure.subject
    if not asked or not name or (figure.indicator and name is figure.subject):
        return AGREES
    if asked not in name:
        named_beside = any(asked in other.subject for other in around.sentences[figure.sentence_start])
        return _when(not (named_beside and any(_names_a_thing(word, wanted) for word in words(name))))  # 出栏肉牛、肉羊
    if len(asked) == 1 and not _stands_alone(asked, name):
        return VETOES
    _, _, after = name.rpartition(asked)
    if any(word in after for kind in doings() for word in kind):
        return AGREES  # 老旧小区综合整治: what is done to the thing
    return _when(not any(_names_a_thing(word, wanted) for word in words(_COUNTED_BY.sub("", after))))


def _stands_alone(character: str, name: str) -> bool:
    """Whether a word of one character is one in a name, or opens or ends it: 路 of 农村公路, but not 活 of 生活污水治理率."""
    return name.startswith(character) or name.endswith(character) or character in words(name)


def _names_a_thing(word: str, wanted: Wanted) -> bool:
    says_little = word in weak_words() or word in stop_words()
    return len(word) > 1 and match(word, "".join((*wanted.named, *wanted.part.topic))) < _FIT and not says_little


def _doing(wanted: Wanted, figure: Figure, around: Around) -> Agreement:
    """What was done to the counted thing is what is asked for: 改造 is another doing than 覆盖.

    What a figure's clause leaves open is said somewhere in its sentence, or under what it stands.
    """
    near = around.near[figure.start]
    if not wanted.doings or any(word in near.clause for kind in wanted.doings for word in kind):
        return AGREES
    others = any(word in figure.subject for kind in doings() for word in kind if len(word) > 1)
    return _when(not others and any(word in near.context for kind in wanted.doings for word in kind))


# -- what its number is -----------------------------------------------------------------------------------------


def _unit(wanted: Wanted, figure: Figure, around: Around) -> Agreement:
    if not unit_fits(wanted, figure):
        return VETOES
    if not wanted.part.units:
        return _UNIT_BONUS if wanted.of_money and figure.unit.endswith("元") else AGREES
    return _UNIT_BONUS if figure.unit.endswith(wanted.part.units[0]) else AGREES


def _measure(wanted: Wanted, figure: Figure, around: Around) -> Agreement:
    if not measure_fits(wanted, figure):
        return VETOES
    return _NO_AMOUNT if traits_of(figure.measure).of_target else AGREES


def _flow(wanted: Wanted, figure: Figure, around: Around) -> Agreement:
    """What was added does not answer for the total, nor a total for what was added."""
    if traits_of(figure.measure).lead:
        return AGREES  # what is told of 新增就业 by its share is no stock
    return _when(figure.flow not in _REFUSED[wanted.flow])


def _basis(wanted: Wanted, figure: Figure, around: Around) -> Agreement:
    return _when(not wanted.part.said.bases or figure.basis in wanted.part.said.bases)


def _compared_with(wanted: Wanted, figure: Figure, around: Around) -> Agreement:
    return _when(not traits_of(figure.measure).compared or wanted.compared_with in figure.compared_with)


def _threshold(wanted: Wanted, figure: Figure, around: Around) -> Agreement:
    """Of a list of thresholds (20万以上27个村,40万以上13个村) the number is of the one that is asked for."""
    if not wanted.part.said.thresholds:
        return AGREES
    near = around.near[figure.start]
    return _when(set(wanted.part.said.thresholds) <= set(thresholds_said(near.before) or thresholds_said(near.clause)))


def _per(wanted: Wanted, figure: Figure, around: Around) -> Agreement:
    """What is asked of each (一个月发多少) is no sum, and its clause says of what each it is."""
    asked = wanted.part.said.per
    return _when(not asked or any(said.lastgroup == asked for said in _PER.finditer(around.near[figure.start].clause)))


# -- what speaks for it -------------------------------------------------------------------------------------------


def _search(wanted: Wanted, figure: Figure, around: Around) -> Agreement:
    rank = next((n for n, (start, end) in enumerate(around.searched) if start <= figure.start < end), None)
    return AGREES if rank is None else _RANK_BONUS / (1 + rank)


def _total(wanted: Wanted, figure: Figure, around: Around) -> Agreement:
    """The report calls it a total, as the question does: 累计, 总数."""
    said = wanted.part.said.total and any(word in TOTAL_WORDS for word in figure.flow_words.split())
    return _TOTAL_BONUS if said else AGREES


def _wording(wanted: Wanted, figure: Figure, around: Around) -> Agreement:
    """The share of pairs of characters before a figure that stand in the question, too: tells 开工742个 from 完工548个."""
    before = _NO_WORD.sub("", around.near[figure.start].before)
    pairs = [before[n : n + 2] for n in range(len(before) - 1)]
    return _WORDING_WEIGHT * sum(pair in wanted.part.wording for pair in pairs) / len(pairs) if pairs else AGREES


FACETS: dict[str, Facet] = {
    "indicator": _indicator,
    "beside": _beside,
    "part_of_year": _part_of_year,
    "part": _part,
    "whole": _whole,
    "unit": _unit,
    "measure": _measure,
    "words": _words,
    "name": _name,
    "nearness": _nearness,
    "flow": _flow,
    "basis": _basis,
    "compared_with": _compared_with,
    "proper_names": _proper_names,
    "doing": _doing,
    "extended": _extended,
    "threshold": _threshold,
    "per": _per,
    "search": _search,
    "total": _total,
    "wording": _wording,
}
# Which decide where the indicator is known, where it is the part of a share, and where only the words are. Cheap ones first.
BY_INDICATOR = ("indicator", "threshold", "flow", "basis", "compared_with", "whole", "beside", "part_of_year")
BY_SHARE = ("part", "whole")
NEARNESS = ("beside", "words", "name", "nearness")
BY_TOPIC = (
    *(
        "unit",
        "measure",
        "threshold",
        "per",
        *NEARNESS,
        "flow",
        "compared_with",
        "proper_names",
        "doing",
        "extended",
        "part_of_year",
    ),
    *("search", "total", "wording"),
)
# By which a figure can't be meant, whatever words it has.
BY_MEANING = ("unit", "measure", "threshold", "per", "flow", "basis", "compared_with", "proper_names", "part_of_year")
