"""Comparing figures: units converted to one, ranges taken by their lower end, falls below rises."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.language.folding import fold
from retrieval.language.measures import traits_of
from retrieval.language.units import SCALES, converted
from retrieval.models import Figure
from retrieval.question.selections import Bound
from retrieval.search.figure_lookup import signed

_BUSINESS = re.compile(
    r"企业|主体|工商户|个体户|公司|商户|大户|合作社"
)  # counted by 户 as well as 家; 36万户 of dwellings are no 家


@dataclass(frozen=True)
class Quantity:
    """A figure's numbers in the unit of its ``dimension``; they compare with those of the same dimension only."""

    low: float
    high: float
    dimension: str


def quantity(figure: Figure) -> Quantity | None:
    """The numbers of a figure, negative where it falls; None for blanks and for what has no number."""
    if figure.low is None or figure.high is None:
        return None
    dimension, factor = converted(figure.unit)
    if figure.unit == "户" and _BUSINESS.search(figure.indicator or figure.subject):
        dimension = "个"
    if figure.unit == "倍" and figure.measure != "growth":
        dimension, factor = "倍", 1.0
    low, high = sorted(signed(figure, number) * factor for number in (figure.low, figure.high))
    return Quantity(low, high, dimension)


def disagree(one: Figure, other: Figure) -> bool:
    """Whether two figures of the same thing can't both be right: exact numbers that differ by more than rounding does."""
    first, second = quantity(one), quantity(other)
    if first is None or second is None or first.dimension != second.dimension or one.comparator or other.comparator:
        return False
    return abs(first.low - second.low) > max(_last_place(one), _last_place(other))


def _last_place(figure: Figure) -> float:
    """What one more in the last digit of a figure amounts to: 0.1 for 5.8%, a million for 0.01亿."""
    digits = re.search(r"\d+(?:\.(\d+))?", fold(figure.value).replace(",", ""))
    decimals = len(digits.group(1) or "") if digits else 0
    factor = converted(figure.unit)[1]
    return 10.0**-decimals * SCALES.get(figure.scale, 1.0) * factor * (1 + 1e-9)


def difference_of(first: Figure | None, last: Figure | None) -> float | None:
    """How far ``last`` is above ``first``; None where they can't be compared."""
    before, after = (quantity(one) if one else None for one in (first, last))
    if before is None or after is None or before.dimension != after.dimension:
        return None
    return after.low - before.low


def all_fall(figures: Sequence[Figure]) -> bool:
    """Whether all are falls, which then compare by how far they fall (能耗下降3%)."""
    return bool(figures) and all(figure.direction and traits_of(figure.measure).moves for figure in figures)


def prevailing(figures: Sequence[Sequence[Figure]]) -> tuple[str, str] | None:
    """The measure and the dimension that most lines have a number in; the first of equals."""
    counts: Counter[tuple[str, str]] = Counter()
    for of_line in figures:
        counts.update(list(dict.fromkeys((f.measure, q.dimension) for f in of_line if not f.stretch and (q := quantity(f)))))
    return counts.most_common(1)[0][0] if counts else None


def fits(bound: Bound, dimension: str) -> bool:
    """Whether a bound can be compared with numbers of ``dimension``."""
    if bound.scaled and dimension in ("%", "个百分点"):
        return False
    wanted = converted(bound.unit)[0] if bound.unit else dimension
    return wanted == dimension or {wanted, dimension} == {"%", "个百分点"}


def meets(number: float, bound: Bound, dimension: str) -> bool:
    """Whether a number in the unit of ``dimension`` meets a bound; a bound without a unit is taken to have that unit."""
    if not fits(bound, dimension):
        return False
    factor = converted(bound.unit)[1]
    wanted, tolerance = bound.number * factor, 1e-9 * max(abs(number), 1.0)
    above, equal = number > wanted + tolerance, abs(number - wanted) <= tolerance
    return {
        "above": above,
        "at_least": above or equal,
        "below": not above and not equal,
        "at_most": not above,
        "equal": equal,
        "unequal": not equal,
    }[bound.relation]


def in_unit(number: float, unit: str) -> float:
    """A number of a dimension (:class:`Quantity`) in ``unit``."""
    return number / converted(unit)[1]


def written(number: float, unit: str) -> str:
    """A computed number of a dimension in ``unit``, in the largest scale that leaves at least one before the point."""
    number, scale = in_unit(number, unit), ""
    if unit not in ("%", "个百分点", "倍"):
        for name in ("万", "亿"):
            if abs(number) >= SCALES[name]:
                scale = name
    shown = f"{number / SCALES.get(scale, 1.0):.2f}".rstrip("0").rstrip(".")
    return f"{shown if shown != '-0' else '0'}{scale}{unit}"


def difference_written(difference: float, unit: str) -> str:
    """As :func:`written`, for the difference of two numbers: percentages differ by percentage points."""
    return written(difference, "个百分点" if unit == "%" else unit)
