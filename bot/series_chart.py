"""Points along years: results and targets on an axis of time, labelled as far as there is room for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.chart_canvas import ACTUAL, FAINT, INK, PAPER, TARGET, WIDTH, Picture, Unit, font, unit_of, wide
from retrieval.messages import message
from retrieval.replies import ComparedLine, Comparison

_PLOT, _PLOT_OF_MANY, _NAMES_OF_YEARS = 2.6, 3.3, 0.3  # inches
_LEFT, _RIGHT = 0.06, 0.94
_FEW = 8  # years, of which each is named and its gap said
_UNBROKEN = 3  # years apart, over which a line is drawn
_YEAR = re.compile(r"\d{4}")
_SIZE = 8.5  # points of a label
_BEHIND = {"facecolor": PAPER, "edgecolor": "none", "alpha": 0.8, "pad": 0.4}  # lines pass behind a label
_STYLES: dict[str, dict[str, Any]] = {
    "actual": {"color": ACTUAL, "marker": "o", "linestyle": "-", "markersize": 6},
    "target": {"color": TARGET, "marker": "D", "linestyle": "--", "markersize": 6, "markerfacecolor": PAPER},
}


@dataclass(frozen=True)
class _Point:
    year: int
    low: float
    high: float
    line: ComparedLine


def draw(comparison: Comparison) -> bytes:
    """A comparison along years as a PNG. Years without a number are gaps; of many points as many are labelled as there is room for."""
    from matplotlib.lines import Line2D

    unit = unit_of(comparison)
    points = {kind: _points(comparison, kind, unit) for kind in _STYLES}
    every = [one for of_kind in points.values() for one in of_kind]
    first, last = min(one.year for one in every), max(one.year for one in every)
    years = _years(comparison)
    if len(years) <= _FEW:
        first, last = min(years.values()), max(years.values())
    many = last - first + 1 > _FEW
    foot = message("chart.gaps") if many and len({one.year for one in every}) < last - first + 1 else ""
    inches = _PLOT_OF_MANY if many else _PLOT
    picture = Picture(comparison, unit, inches, (_LEFT, _RIGHT), foot=foot, under=_NAMES_OF_YEARS)
    axes = picture.axes
    low, high = min(one.low for one in every), max(one.high for one in every)
    margin = 0.22 * ((high - low) or abs(high) or 1.0)
    pad = max(0.6, 0.05 * (last - first))
    axes.set_xlim(first - pad, last + pad)
    axes.set_ylim(low - margin, high + margin)
    for kind, of_kind in points.items():
        _line(axes, of_kind, _STYLES[kind])
    _labels(axes, points, unit, inches, many=many)
    if not many:
        _gaps(axes, comparison, years, low - margin)
    _axis(axes, first, last, many=many, years=years)
    handles = {kind: Line2D([], [], linewidth=1.8, markeredgewidth=1.8, **style) for kind, style in _STYLES.items()}
    return picture.png(handles)


def _years(comparison: Comparison) -> dict[str, int]:
    """The year of each label; their order, where they name none."""
    labels = list(dict.fromkeys(line.label for line in comparison.lines))
    named = {label: _YEAR.search(label) for label in labels}
    if all(named.values()):
        return {label: int(found.group()) for label, found in named.items() if found}
    return {label: number for number, label in enumerate(labels)}


def _points(comparison: Comparison, kind: str, unit: Unit) -> list[_Point]:
    years = _years(comparison)
    found = [
        _Point(years[line.label], line.low / unit.factor, (line.low if line.high is None else line.high) / unit.factor, line)
        for line in comparison.lines
        if line.kind == kind and line.low is not None
    ]
    return sorted(found, key=lambda one: one.year)


def _line(axes: Any, points: Sequence[_Point], style: dict[str, Any]) -> None:
    """The points, with a line over those that are not far apart; the upper end of a range is dotted."""
    runs: list[list[_Point]] = []
    for one in points:
        if runs and one.year - runs[-1][-1].year <= _UNBROKEN:
            runs[-1].append(one)
        else:
            runs.append([one])
    for run in runs:
        axes.plot([one.year for one in run], [one.low for one in run], linewidth=1.6, markeredgewidth=1.6, **style)
    for one in points:
        if one.high > one.low:
            axes.plot([one.year, one.year], [one.low, one.high], color=style["color"], linewidth=1.4, linestyle=":")


def _labels(axes: Any, points: dict[str, list[_Point]], unit: Unit, inches: float, *, many: bool) -> None:
    """Labels where they hide neither a point nor another label, the last and the outermost of each kind first."""
    left, right = axes.get_xlim()
    low, high = axes.get_ylim()
    across, up = 72 * WIDTH * (_RIGHT - _LEFT) / (right - left), 72 * inches / (high - low)  # points of the paper
    placed = [
        (x - 5, y - 5, x + 5, y + 5)
        for one in (one for of_kind in points.values() for one in of_kind)
        for x, y in [((one.year - left) * across, (one.low - low) * up)]
    ]
    for kind, of_kind in points.items():
        for one in _by_weight(of_kind):
            said = unit.number(one.line.low or 0.0) if many else unit.said(one.line)
            width, height = 0.54 * _SIZE * wide(said), 1.4 * _SIZE
            x, y, above = (one.year - left) * across, (one.low - low) * up, (one.high - low) * up
            for side in (1, -1) if _is_above(kind, one, points) else (-1, 1):
                middle = min(max(x, width / 2), (right - left) * across - width / 2)
                bottom = above + 7 if side > 0 else y - 7 - height
                box = (middle - width / 2, bottom, middle + width / 2, bottom + height)
                if box[1] < 12 or any(_meet(box, other) for other in placed):
                    continue
                placed.append(box)
                at = (left + middle / across, low + (bottom + height / 2) / up)
                axes.text(*at, said, ha="center", va="center", fontproperties=font(_SIZE), color=INK, bbox=_BEHIND)
                break


def _by_weight(points: Sequence[_Point]) -> list[_Point]:
    """The last, the first, the highest, the lowest, then the later ones first."""
    if not points:
        return []
    outer = [points[-1], points[0], max(points, key=lambda one: one.low), min(points, key=lambda one: one.low)]
    return list(dict.fromkeys((*outer, *reversed(points))))


def _is_above(kind: str, one: _Point, points: dict[str, list[_Point]]) -> bool:
    """Whether a label goes above its point: that of the higher of a year's two."""
    others = [other.low for name, of_kind in points.items() if name != kind for other in of_kind if other.year == one.year]
    return not others or one.low > others[0] or (one.low == others[0] and kind == "actual")


def _meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _gaps(axes: Any, comparison: Comparison, years: dict[str, int], y: float) -> None:
    """A word at the foot of each year of which no number is there."""
    for label, x in years.items():
        lines = [line for line in comparison.lines if years[line.label] == x]
        if label != lines[0].label or any(line.low is not None for line in lines):
            continue
        states = {line.state for line in lines}
        said = message(f"chart.{'blank' if 'blank' in states else 'other_short' if 'other' in states else 'absent'}")
        axes.annotate(said, (x, y), xytext=(0, 6), textcoords="offset points", ha="center", fontproperties=font(8.5), color=FAINT)


def _axis(axes: Any, first: int, last: int, *, many: bool, years: dict[str, int]) -> None:
    if many:
        from matplotlib.ticker import MaxNLocator

        axes.xaxis.set_major_locator(MaxNLocator(nbins=7, integer=True, steps=[1, 2, 5, 10]))
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0f}")
    else:
        names = {year: label for label, year in years.items() if first <= year <= last}
        known = {year: str(year) if year > 1000 else label for year, label in names.items()}
        axes.set_xticks(list(known), list(known.values()))
    for label in axes.get_xticklabels():
        label.set_fontproperties(font(9))
        label.set_color(INK)
    axes.set_yticks([])
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(FAINT)
