"""Whether something said is so: 对 or 不对 first, then what the report states; and how two sides of a figure differ."""

from __future__ import annotations

import re
from dataclasses import replace

from retrieval.answers.claims import Answer, Claim, Computed, Line, absent, claim, merged
from retrieval.answers.comparing import Quantity, quantity
from retrieval.answers.context import Context, PartOfReport, in_scope
from retrieval.answers.figure import state_figure
from retrieval.answers.matching.subjects import called
from retrieval.answers.rank import claim_rank
from retrieval.language.units import SCALES, converted
from retrieval.language.values import RANK_UNIT, Value
from retrieval.models import Figure, Measure, Report
from retrieval.question.query import Intent, Part

_SIDE = re.compile(r"城镇|农村")
_ABOVE = ("超过", "突破", "超出", "超", "逾", "高于", "过")
_AT_LEAST = ("以上", "不低于", "不少于", "不小于", "至少")
_PRECISE = 3  # digits of a round number of 万 or 亿, from which on it is taken as rounded
_AT_MOST = ("以下", "以内", "之内", "不高于", "不超过", "不多于")


def answer_claim(context: Context) -> Answer | None:
    """The verdict and the figure that it is by, of each claim; None where no report of the one place states any."""
    queries = (context.query, *context.query.also)
    verdicts = [
        (query, _verdict(replace(context, query=query, reach=in_scope(query, context.library, context.held))))
        for query in queries
    ]
    told = [one for _, one in verdicts if one is not None]
    if not told:
        return None
    return _answer(
        *(one if one is not None else absent("claim.unchecked", said=called(query.parts[0])) for query, one in verdicts)
    )


def _verdict(context: Context) -> Claim | None:
    """Whether what a question says is so, by the figure of the one place; None where no report states it."""
    claimed = context.query.claimed
    if claimed is None or not context.of_one_place:
        return None
    part = context.query.parts[0]
    for report in _latest_first(context, part):
        for measure in dict.fromkeys((part.measure, _measure_of(claimed))):
            told = _told(context, report, replace(part, measure=measure))
            figure = next((one for one in told.figures if _comparable(one, claimed)), None)
            if figure is not None:
                kind = "claim.right" if _holds(figure, claimed) else "claim.wrong"
                return Claim(kind, "answered", report, {"told": told}, told.figures, told.quotes)
    return None


def answer_difference(context: Context) -> Answer | None:
    """Both sides, and by how much they differ; None where the first is not stated of the one place."""
    against = context.query.against
    if against is None or not context.of_one_place:
        return None
    part = context.query.parts[0]
    one = _stated(context, part)
    if one is None:
        return None
    measure: Measure | None = "growth" if one.figures[0].measure == "growth" else "level"
    other = _stated(context, replace(against.part, measure=measure)) or _stated(context, against.part)
    if other is None:
        untold = _told(context, _latest_first(context, against.part)[0], against.part)
        return _answer(one, untold)
    if other.figures[0].measure != one.figures[0].measure and part.measure is None:
        one = _stated(context, replace(part, measure=other.figures[0].measure)) or one
    first, second = one.figures[0], other.figures[0]
    ours, theirs = quantity(first), quantity(second)
    alike = _thing(first) == _thing(second) and first.measure == second.measure
    if ours is None or theirs is None or ours.dimension != theirs.dimension or not alike:
        return _answer(one, other, claim("claim.other")) if against.direction else _answer(one, other)
    apart = ours.low - theirs.low
    value = Computed(abs(apart), first.unit, difference=True)
    lines = [one, other]
    if apart:
        lines.append(claim("claim.apart", value=value))
    elif ours.high == theirs.high:  # 6%-6.5% is not the same as 6%
        lines.append(claim("claim.same"))
    if against.checks and against.direction:
        so = apart > 0 if against.direction == "more" else apart < 0
        lines.insert(0, claim("claim.yes" if so else "claim.no"))
    return _answer(*lines)


def _thing(figure: Figure) -> str:
    """What a figure counts; townspeople's is the same thing as country people's."""
    return _SIDE.sub("", figure.indicator or figure.subject)


def _answer(*claims: Claim) -> Answer:
    quotes = merged(quote for one in claims for quote in one.quotes)
    return Answer("answered", tuple(Line((one,), whole=len(claims) == 1) for one in claims), quotes)


def _latest_first(context: Context, part: Part) -> list[Report]:
    """The reports that may state a part: those of its year, else the latest first."""
    year = part.when.year
    reports = context.covering(year) if year else list(context.reports)
    return sorted(reports or context.reports, key=lambda report: -(report.year or 0))


def _told(context: Context, report: Report, part: Part) -> Claim:
    asked = PartOfReport(context, report, part, part.when.year, ())
    return claim_rank(asked) if part.intent is Intent.RANK else state_figure(asked)


def _stated(context: Context, part: Part) -> Claim | None:
    told = (_told(context, report, part) for report in _latest_first(context, part))
    return next((one for one in told if one.status == "answered" and one.figures), None)


def _measure_of(claimed: Value) -> Measure:
    """The measure that a value is of by its unit: 5.8% is a rate, whatever was talked about before."""
    return "rank" if claimed.unit == RANK_UNIT else "growth" if claimed.unit == "%" else "level"


def _quantity(claimed: Value, figure: Figure) -> Quantity | None:
    """The numbers that are said, in the unit of the figure where none is (14万亿)."""
    if claimed.low is None or claimed.high is None:
        return None
    of_amount = bool(claimed.scale) and figure.measure not in ("growth", "share", "completion", "rank")  # 14万亿 is no rate
    dimension, factor = converted(claimed.unit or (figure.unit if of_amount else ""))
    return Quantity(claimed.low * factor, claimed.high * factor, dimension)


def _comparable(figure: Figure, claimed: Value) -> bool:
    if RANK_UNIT in (figure.unit, claimed.unit) or figure.measure == "rank":
        return figure.measure == "rank" and claimed.unit == RANK_UNIT and figure.low is not None
    stated, said = quantity(figure), _quantity(claimed, figure)
    return stated is not None and said is not None and stated.dimension == said.dimension


def _holds(figure: Figure, claimed: Value) -> bool:
    """Whether a figure is as it is said to be: the same number as far as that is written out, or on the side that is said."""
    if figure.measure == "rank":
        return figure.low == claimed.low
    stated, said = quantity(figure), _quantity(claimed, figure)
    assert stated is not None
    assert said is not None
    low, high = (abs(stated.low), abs(stated.high)) if figure.direction else (stated.low, stated.high)
    rounded = _half_of_last_place(claimed)
    if claimed.comparator in _ABOVE:
        return low > said.low or (low == said.low and figure.comparator in _ABOVE)
    if claimed.comparator in _AT_LEAST:
        return low >= said.low
    if claimed.comparator in _AT_MOST:
        return high <= said.high
    return min(low, high) - rounded <= said.low <= max(low, high) + rounded


def _half_of_last_place(claimed: Value) -> float:
    """Half of what one more in the last digit of a claimed number amounts to: 13.7万亿 is said of 13.7008万亿, too, 143万 of 143.02万."""
    low = claimed.low or 0.0
    scale = SCALES.get(claimed.scale, 1.0) if claimed.scale else 1.0
    whole, _, digits = f"{low / scale:.6f}".rstrip("0").partition(".")
    if not digits and (scale == 1.0 or len(whole) < _PRECISE):
        return 1e-9 * max(low, 1.0)
    return 0.5 * 10.0 ** -len(digits) * scale * converted(claimed.unit)[1]
