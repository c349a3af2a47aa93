"""The figure that came nearest to what is wanted, and the facet that refused it: said beside "not stated"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from retrieval.answers.claims import Claim, claim
from retrieval.answers.context import Considered, PartOfReport
from retrieval.answers.matching.facets import NEARNESS, Verdict, judged
from retrieval.answers.matching.surroundings import Around
from retrieval.answers.matching.wanted import Wanted, wanted_of
from retrieval.question.query import Part

# Facets that a reader can be told of; the others (which words stand where) are how a figure is found at all.
_TOLD = ("unit", "measure", "flow", "basis", "compared_with", "whole", "proper_names", "doing", "part_of_year")
_UNREAD = frozenset(("unit", "measure"))  # they are tried first and veto before it is known how near a figure stands
_NUMBER = re.compile(r"\d")


def nearest_refused(asked: PartOfReport) -> Verdict | None:
    """What comes nearest of what was looked at for ``asked``; None where nothing comes near."""
    wanted = wanted_of(asked.part)
    own = [one for one in asked.context.considered if one.report is asked.report and _of(asked.part, one)]
    near = [verdict for one in own for verdict in _near(asked, wanted, one)]
    return max(near, key=lambda one: (len(one.facets), one.score, -one.figure.start), default=None)


def refusal(verdict: Verdict, part: Part) -> Claim | None:
    """The name of a refused figure and why it is not what ``part`` asks for, without a number."""
    name = verdict.figure.indicator or verdict.figure.subject
    return claim("refused", subject=name, reason=claim(f"refused_{_reason(verdict, wanted_of(part))}")) if name else None


def _of(part: Part, one: Considered) -> bool:
    return (one.part.named, one.part.topic, one.part.aim, one.part.when) == (part.named, part.topic, part.aim, part.when)


def _near(asked: PartOfReport, wanted: Wanted, one: Considered) -> Iterable[Verdict]:
    """The refused figures of a choice that are of what was asked about."""
    refused = [v for v in one.choice.verdicts if v.vetoed_by in _TOLD and not _NUMBER.search(v.figure.subject)]
    if one.by != "topic":
        return [v for v in refused if "indicator" in v.facets]
    around = Around.of(asked.library, asked.report, asked.ranked)
    unread = {v.figure.start: v for v in refused if v.vetoed_by in _UNREAD}
    fitting = judged(wanted, [v.figure for v in unread.values()], around, NEARNESS)
    return [*(v for v in refused if "nearness" in v.facets), *(unread[v.figure.start] for v in fitting if not v.vetoed_by)]


def _reason(verdict: Verdict, wanted: Wanted) -> str:
    if verdict.vetoed_by != "flow":
        return verdict.vetoed_by or ""
    return "added" if wanted.flow == "total" else "total"
