"""The table of what can be asked: each kind of question and what answers it.

A new kind is answered by a module and a line here, and named in :class:`retrieval.question.query.Intent`.
"""

from __future__ import annotations

from retrieval.answers.amount import claim_amount
from retrieval.answers.checked import answer_claim, answer_difference
from retrieval.answers.context import OfReport, Whole
from retrieval.answers.definition import claim_definition
from retrieval.answers.fact import claim_fact
from retrieval.answers.figure import claim_figure
from retrieval.answers.holdings import answer_holdings
from retrieval.answers.mention import answer_mention
from retrieval.answers.met import answer_met
from retrieval.answers.nothing import answer_nothing
from retrieval.answers.outlined import claim_problems, claim_targets, claim_work
from retrieval.answers.overview import answer_overview
from retrieval.answers.passage import claim_passage
from retrieval.answers.rank import claim_rank
from retrieval.answers.talk import answer_talk
from retrieval.answers.trend import answer_trend
from retrieval.question.query import Intent

INTENTS: dict[Intent, Whole | OfReport] = {
    Intent.TALK: Whole(answer_talk),
    Intent.OVERVIEW: Whole(answer_overview),
    Intent.CLAIM: Whole(answer_claim),
    Intent.DIFFERENCE: Whole(answer_difference),
    Intent.NOTHING: Whole(answer_nothing),
    Intent.HOLDINGS: Whole(answer_holdings),
    Intent.MENTION: Whole(answer_mention),
    Intent.TREND: Whole(answer_trend),
    Intent.MET: Whole(answer_met),
    Intent.FIGURE: OfReport(claim_figure),
    Intent.AMOUNT: OfReport(claim_amount),
    Intent.RANK: OfReport(claim_rank),
    Intent.FACT: OfReport(claim_fact),
    Intent.TARGETS: OfReport(claim_targets),
    Intent.DEFINITION: OfReport(claim_definition),
    Intent.WORK: OfReport(claim_work),
    Intent.PROBLEMS: OfReport(claim_problems),
    Intent.PASSAGE: OfReport(claim_passage),
}
