"""Answering for a figure whose name a question says in other words: 老人拿高龄补贴 for 享受高龄津贴, 打工的人回去上班 for 返岗就业.

Words come first; only where they find nothing, and the question names no indicator that the report would call by its name, the figures
near the question are weighed: how well their clause and their passage may answer it, which of its words they have, whether people call
them so. The one with most evidence is taken where that is enough and clearly more than the next has, and the answer says as what the
question was taken. The weights were fitted by ``make train`` on questions that strangers wrote for invented reports.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import asdict, dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from retrieval.answers.context import PartOfReport
from retrieval.answers.matching.choice import Choice
from retrieval.answers.matching.facets import BY_MEANING, Verdict, judged
from retrieval.answers.matching.surroundings import Around
from retrieval.answers.matching.wanted import wanted_of
from retrieval.answers.matching.words import match, word_weights
from retrieval.language.data import tables_of
from retrieval.language.measures import traits_of
from retrieval.language.spoken import Spoken, nearest_name
from retrieval.language.vocabulary import weak_words
from retrieval.models import Figure, Report
from retrieval.replies import RankedPassage

WEIGHTS = "meaning.toml"
_PASSAGES = 14  # in whose sentences figures are looked for
_COMPARED = 28  # figures; each takes one embedding, kept until the library changes
# Of the log odds: what is enough, and by how much more than the figure of any other thing has. Chosen from `python -m benchmarks
# meaning`, which prints how many questions each lets through, rightly, wrongly, and for what no report says.
ENOUGH, CLEARLY = -1.0, 1.0
_TOLD_TOGETHER = ("level", "growth")
_USED = 2  # passages of the library: a word that so many hold is one of the reports


@dataclass(frozen=True)
class Evidence:
    """What speaks for a figure: how near its ``clause`` and its ``passage`` come to the question (inner products), the share of the question's words around it (``words``) and in it (``own_words``), whether people call it so
    (``called``: how near) or clearly another thing (``called_otherwise``), whether it is counted as asked (``unit``), whether the question has
    a word that reports use, and not of it (``elsewhere``), or this report does (``elsewhere_here``), whether it has a word more while the
    report tells of a part of this, too (``broader``: 光伏发电量 beside 发电量), and its place among the times that may be meant
    (``later``)."""

    clause: float
    passage: float
    words: float
    own_words: float
    called: float
    called_otherwise: float
    unit: float
    elsewhere: float
    elsewhere_here: float
    broader: float
    later: float

    def log_odds(self, weights: Mapping[str, float]) -> float:
        """Of its being what is meant: a logistic regression."""
        return weights["constant"] + math.fsum(weights[name] * value for name, value in asdict(self).items())


def nearest_in_meaning(asked: PartOfReport, times: Sequence[Sequence[Figure]]) -> Sequence[Figure]:
    """The figure that is meant, of those of each of the ``times`` that may be, with its amount or rate beside it; empty where none is, or
    that can't be told."""
    if not asked.library.learned or asked.part.indicators or not asked.part.topic:
        return ()
    weighed = weighed_of(asked, times)
    return asked.consider("meaning", _choice(weighed, [one for figures in times for one in figures])) if weighed else ()


def is_outweighed(asked: PartOfReport, figure: Figure, times: Sequence[Sequence[Figure]]) -> bool:
    """Whether clearly more speaks for another thing than for ``figure``, which a name was taken for, and all of its indicator."""
    if asked.part.indicators:
        return False
    scored = [(evidence.log_odds(fitted_weights()), one) for one, evidence in weighed_of(asked, times)]
    own = [
        odds
        for odds, one in scored
        if _same_thing(one, figure) or (one.indicator is not None and one.indicator == figure.indicator)
    ]
    return bool(scored) and max(odds for odds, _ in scored) >= max(own, default=-math.inf) + CLEARLY


def weighed_of(asked: PartOfReport, times: Sequence[Sequence[Figure]]) -> list[tuple[Figure, Evidence]]:
    """The figures in the passages nearest to the question that can be counted as it asks, with what speaks for each."""
    near = _near(asked, times)
    if not near:
        return []
    library, part = asked.library, asked.part
    query = library.embed_query(part.wording)
    vectors = _clauses(asked, [figure for _, _, figure in near])
    spoken = nearest_name(query)
    names = {figure.subject for _, _, figure in near}
    return [
        (figure, _evidence(asked, figure, names, passage, spoken, clause, later))
        for (later, passage, figure), clause in zip(near, (vectors @ query).tolist(), strict=True)
    ]


def _near(asked: PartOfReport, times: Sequence[Sequence[Figure]]) -> list[tuple[int, RankedPassage, Figure]]:
    own = [passage for passage in asked.ranked if passage.report.id == asked.report.id][:_PASSAGES]
    around, wanted = Around.of(asked.library, asked.report), wanted_of(asked.part)
    may_be = [
        (later, verdict.figure)
        for later, figures in enumerate(times)
        for verdict in judged(wanted, [one for one in figures if _may_be_meant(asked, one)], around, BY_MEANING)
        if not verdict.vetoed_by
    ]
    return [(later, p, one) for p in own for later, one in may_be if p.start <= one.start < p.end][:_COMPARED]


def _may_be_meant(asked: PartOfReport, figure: Figure) -> bool:
    in_passing = figure.earlier and figure.year not in asked.part.when.years  # how it had been, where that is not asked
    plain = not (
        figure.blank or figure.in_words or in_passing or figure.mean or figure.of_place or figure.subject.startswith("的")
    )
    return plain and (figure.measure != "change" or traits_of(asked.part.measure).moves)


def _evidence(
    asked: PartOfReport,
    figure: Figure,
    names: Set[str],
    passage: RankedPassage,
    spoken: Spoken,
    clause: float,
    later: int,
) -> Evidence:
    part, library = asked.part, asked.library
    context = Around.of(library, asked.report).near[figure.start].context
    weights, named = word_weights(library, asked.report), spoken.name == (figure.indicator or figure.subject)
    unmet = [word for word in part.topic if len(word) > 1 and word not in weak_words() and not match(word, context)]
    text = library.text(asked.report.id)
    return Evidence(
        clause,
        passage.dense,
        weights.coverage(part.topic, context),
        weights.coverage(part.topic, clause_of(text, figure)),
        spoken.near if named else 0.0,
        float(spoken.clear and not named),
        float(figure.unit in part.units),
        float(any(held >= _USED for held in library.token_counts(unmet).holding.values())),
        float(any(word in text for word in unmet)),
        float(bool(unmet) and any(figure.subject in name for name in names - {figure.subject})),
        float(later),
    )


def _choice(weighed: Sequence[tuple[Figure, Evidence]], figures: Sequence[Figure]) -> Choice:
    """The figure with most evidence unless that is too little, or no more than that of another thing."""
    scored = sorted(((evidence.log_odds(fitted_weights()), figure) for figure, evidence in weighed), key=lambda one: -one[0])
    odds, best = scored[0]
    others = [of_other for of_other, figure in scored if not _same_thing(figure, best)]
    vetoed_by = "evidence" if odds < ENOUGH else "clearly_nearest" if others and odds - others[0] < CLEARLY else None
    verdicts = [
        Verdict(
            figure,
            {"meaning": share_of(of_it)},
            vetoed_by if figure is best else None if _same_thing(figure, best) else "meaning",
        )
        for of_it, figure in scored
    ]
    if vetoed_by:
        return Choice((), tuple(verdicts))
    beside = [one for one in figures if _same_thing(one, best) and one.measure in _TOLD_TOGETHER and one.measure != best.measure]
    return Choice(tuple(sorted([best, *beside[:1]], key=lambda figure: figure.start)), tuple(verdicts))


def share_of(log_odds: float) -> float:
    """The probability that has these log odds."""
    return 1 / (1 + math.exp(-log_odds))


def _same_thing(figure: Figure, other: Figure) -> bool:
    return (figure.subject, figure.sentence_start) == (other.subject, other.sentence_start)


@lru_cache(maxsize=1)
def fitted_weights() -> Mapping[str, float]:
    """The weight of each kind of evidence, and the constant."""
    return dict(tables_of(WEIGHTS)["weights"])


def _clauses(asked: PartOfReport, figures: Sequence[Figure]) -> NDArray[np.float32]:
    """What each figure is called, and the clause that it stands in, as vectors of passages; of shape ``(figures, dimension)``."""
    known: dict[int, NDArray[np.float32]] = asked.library.kept_of(asked.report.id, "clauses", dict)
    if missing := [figure for figure in figures if figure.start not in known]:
        text = asked.library.text(asked.report.id)
        told = [f"{_where(asked.report)}：{clause_of(text, figure)}" for figure in missing]
        known.update(zip((figure.start for figure in missing), asked.library.embed_passages(told), strict=True))
    return np.array([known[figure.start] for figure in figures])


def _where(report: Report) -> str:
    return f"{report.place or ''}{f'{report.year}年' if report.year else ''}"


def clause_of(text: str, figure: Figure) -> str:
    """What a figure of ``text`` is called, and the clause that it stands in, without what its list tells of other figures."""
    before = re.split(r"[,，;；。]", text[figure.sentence_start : figure.end])[-1]
    after = re.split(r"[,，;；。]", text[figure.end : figure.sentence_end])[0]
    listed = before.split("、")
    own = max((n for n, one in enumerate(listed[:-1], 1) if re.search(r"\d", one)), default=0)
    return f"{figure.subject} {'、'.join(listed[own:])}{after.split('、')[0]}"
