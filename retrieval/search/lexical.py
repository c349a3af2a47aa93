"""The lexical side: BM25 over tokens, as FTS5 counts it, at a cost that does not grow with the library.

FTS5's own ``bm25()`` walks through every passage of the library that holds a token of the query, even if the scope is one
report: half a second for 发展 among a million passages. So the numbers of passages that hold a token are kept in a table, the
passages of a narrow scope are scored here, and in a wide one FTS5 is asked for candidates by the rarer tokens.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.language.folding import fold
from retrieval.language.indicators import named
from retrieval.language.tokens import cut, words
from retrieval.language.vocabulary import synonyms
from retrieval.ports import PassageIndex
from retrieval.reach import Reach

# FTS5's constants (https://sqlite.org/fts5.html#the_bm25_function).
_K1, _B, _LEAST_IDF = 1.2, 0.75, 1e-6
HEADING_WEIGHT = 0.4  # of a token in a passage's headings; chosen by measurement (benchmarks/ranking.py)
# Each passage that FTS5 scores takes it a microsecond, each that it only counts 0.02: together some 40 ms in a library of up to
# ``_ORDINARY`` passages. Of five million, these limits would find .94 of the ten best, grown ones .955 (exact vectors, both).
_SCORED_AT_MOST = 20_000
_COUNTED_AT_MOST = 1_000_000
_ORDINARY = 1_000_000
_TOGETHER = 3  # common terms that a passage has to hold where none is rare


@dataclass(frozen=True)
class Term:
    """A token of a query, with how many passages of the library hold it, and its weight."""

    token: str
    passages: int
    idf: float


@dataclass(frozen=True)
class LexicalQuery:
    """A query's terms, rarest first, without those that no passage holds.

    ``mean_length`` is a passage's, in tokens; ``passages`` are all of the library.
    """

    terms: tuple[Term, ...]
    mean_length: float
    passages: int

    @property
    def most(self) -> float:
        """What :func:`bm25` comes near to for a passage that says nothing but the query's terms, again and again."""
        return (_K1 + 1) * sum(term.idf for term in self.terms)


def lexical_query(index: PassageIndex, query: str) -> LexicalQuery:
    """The tokens of ``query``, of its words' synonyms, and of the indicators that it names."""
    tokens = dict.fromkeys(cut(query))
    for word in words(fold(query)):
        for other in synonyms(word):
            tokens.update(dict.fromkeys(cut(other)))
    for mention in named(fold(query), question=True):
        tokens.update(dict.fromkeys(cut(mention.indicator.name)))
    counts = index.token_counts(tokens)
    terms = tuple(Term(token, held, idf(held, counts.passages)) for token, held in counts.holding.items())
    return LexicalQuery(terms, counts.tokens / counts.passages if counts.passages else 1.0, counts.passages)


def idf(held: int, passages: int) -> float:
    """The weight of a token that ``held`` of ``passages`` hold, as FTS5 counts it."""
    return max(math.log((passages - held + 0.5) / (held + 0.5)), _LEAST_IDF)


def bm25(query: LexicalQuery, rows: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
    """The score of each passage of ``rows`` (the tokens of its body and of its headings, parted by blanks)."""
    weights = {term.token: term.idf * (_K1 + 1) for term in query.terms}
    scores = np.zeros(len(rows))
    for n, (body, heading) in enumerate(rows):
        found: dict[str, float] = {}
        in_body, in_heading = body.split(" "), heading.split(" ") if heading else []
        for token in in_body:
            if token in weights:
                found[token] = found.get(token, 0.0) + 1.0
        for token in in_heading:
            if token in weights:
                found[token] = found.get(token, 0.0) + HEADING_WEIGHT
        if found:
            damping = _K1 * (1 - _B + _B * (len(in_body) + len(in_heading)) / query.mean_length)
            scores[n] = sum(weights[token] * count / (count + damping) for token, count in found.items())
    return scores


def likely(index: PassageIndex, query: LexicalQuery, count: int, reach: Reach) -> list[int]:
    """The ids of (about) the ``count`` passages with the highest scores, best first; of the reports that are meant.

    A passage has to hold one of the rarer terms; the others add to its score as far as they may be counted. Where no term is
    rare, some passages that hold several of them are taken as they come: such terms tell hardly one passage from another.
    """
    if not query.terms:
        return []
    rare, common = _parted(query)
    if not rare:
        return index.holding_all([term.token for term in query.terms[:_TOGETHER]], count, reach)
    needed, beside = [term.token for term in rare], [term.token for term in common]
    return index.likely(needed, beside, HEADING_WEIGHT, count, reach)


def _parted(query: LexicalQuery) -> tuple[list[Term], list[Term]]:
    """The rare terms, one of which a passage has to hold, and the common ones that may be counted beside them."""
    growth = max(query.passages / _ORDINARY, 1.0)
    scored, rare = 0, []
    for term in query.terms:
        scored += term.passages
        if scored > _SCORED_AT_MOST * growth**0.5:
            break
        rare.append(term)
    counted, common = 0, []
    for term in query.terms[len(rare) :]:
        counted += term.passages
        if counted > _COUNTED_AT_MOST * growth:
            break
        common.append(term)
    return rare, common
