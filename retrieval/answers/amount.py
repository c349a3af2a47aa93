"""Answering for something countable that is named without 多少 (2024年游客目标): a figure if there is one, else a passage."""

from __future__ import annotations

from retrieval.answers.claims import Claim
from retrieval.answers.context import PartOfReport
from retrieval.answers.figure import claim_figure
from retrieval.answers.passage import claim_passage, passages_on


def claim_amount(asked: PartOfReport) -> Claim:
    """The figure; passages where there is none and the name does not say that it is a number."""
    figure = claim_figure(asked)
    part = asked.part
    if figure.states or part.names_number:
        return figure
    if part.aim is None:
        return claim_passage(asked)
    # A target or a result by its name is a figure: sentences that only come near it do not answer for it.
    passage = passages_on(asked, part.aim == "target", exact=True)
    return passage if passage.states else figure
