"""Pictures of comparisons: bars of places, points along years. A PNG that reads on a phone, on light and dark screens."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot import series_chart
from bot.chart_canvas import ACTUAL, FAINT, INK, PAPER, TARGET, Picture, Unit, font, unit_of, wide
from retrieval.errors import NothingToDraw, UnwritableChart
from retrieval.messages import message
from retrieval.replies import ComparedLine, Comparison, Reply

FEWEST_LINES = 3
SHOWN_LINES = 15  # of places, that are read without tapping on the picture
MOST_LINES = 60
_LINE = 0.34  # inches


def is_worth_a_chart(comparison: Comparison) -> bool:
    """Whether there are enough numbers to see something in a picture that a line of text doesn't tell."""
    return len(comparison.lines) >= FEWEST_LINES and sum(line.low is not None for line in comparison.lines) >= 2


def draw(comparison: Comparison, lines: int = SHOWN_LINES) -> bytes:
    """A comparison as a PNG of 1080 pixels' width; of places at most so many ``lines``, with which its height grows."""
    return series_chart.draw(comparison) if comparison.axis == "years" else _places(comparison, lines)


def is_cut(comparison: Comparison) -> bool:
    """Whether a picture does not show all of its places."""
    return comparison.axis == "places" and len(_drawn(comparison)) > SHOWN_LINES


def write(reply: Reply, path: Path) -> None:
    """Draws the first comparison of a reply that is worth it into a file.

    Raises NothingToDraw, or UnwritableChart where the file is no ``.png`` or can't be written.
    """
    comparison = chart_of(reply)
    if comparison is None:
        raise NothingToDraw()
    if path.suffix.lower() != ".png":
        raise UnwritableChart(path=path)
    try:
        path.write_bytes(draw(comparison, MOST_LINES))
    except OSError as error:
        raise UnwritableChart(path=path) from error


def chart_of(reply: Reply) -> Comparison | None:
    """The comparison of a reply that a picture shows, or None."""
    return next((one for one in reply.comparisons if is_worth_a_chart(one)), None)


# -- bars of places ----------------------------------------------------------------------------------------------------


def _drawn(comparison: Comparison) -> list[ComparedLine]:
    """The lines that have a bar or a word of their own; those of which nothing is stated are named below, unless they are few."""
    told = [line for line in comparison.lines if line.state != "absent"]
    return told if len(comparison.lines) - len(told) > 1 else list(comparison.lines)


def _places(comparison: Comparison, most: int) -> bytes:
    from matplotlib.patches import Patch

    unit, drawn = unit_of(comparison), _drawn(comparison)
    lines = drawn[:most]
    note = message("chart.first_of", shown=len(lines), count=len(drawn)) if len(drawn) > len(lines) else ""
    absent = [line.label for line in comparison.lines if line not in drawn]
    foot = message("chart.absent_places", places=message("answers.list_glue").join(absent)) if absent else ""
    longest = max(wide(line.label) for line in lines)
    left = min(0.04 + 0.0132 * (longest + 2), 0.42)
    picture = Picture(comparison, unit, _LINE * len(lines), (left, 0.97), note=note, foot=foot)
    axes = picture.axes
    numbers = [number for line in lines for number in (line.low, line.high) if number is not None]
    lowest, highest = min(0.0, *numbers), max(0.0, *numbers)
    span = (highest - lowest) or 1.0
    said = max((wide(_said(line, unit)) for line in lines), default=4)
    room = min(0.0132 * (said + 2) / (0.97 - left), 0.6)
    axes.set_xlim(lowest - 0.01 * span, lowest + span / (1 - room))
    axes.set_ylim(len(lines) - 0.5, -0.5)
    for row, line in enumerate(lines):
        _bar(axes, row, line, span, unit)
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_yticks(range(len(lines)))
    axes.set_yticklabels([line.label for line in lines], fontproperties=font(9), color=INK)
    axes.tick_params(axis="y", length=0)
    axes.set_xticks([])
    for side in axes.spines.values():
        side.set_visible(False)
    handles = {"actual": Patch(facecolor=ACTUAL), "target": Patch(facecolor=PAPER, edgecolor=TARGET, hatch="/////")}
    return picture.png(handles)


def _said(line: ComparedLine, unit: Unit) -> str:
    """What stands beside a line: the value in the unit of the chart, or why there is none."""
    if line.state == "stated":
        return unit.said(line)
    return message("chart.other", value=line.value) if line.state == "other" else message(f"chart.{line.state}")


def _bar(axes: Any, row: int, line: ComparedLine, span: float, unit: Unit) -> None:
    end = 0.0
    if line.low is not None and line.high is not None:
        end = max(line.low, line.high, 0.0)
        style: dict[str, Any] = {"facecolor": ACTUAL, "edgecolor": ACTUAL}
        if line.kind == "target":
            style = {"facecolor": PAPER, "edgecolor": TARGET, "hatch": "/////"}
        axes.barh(row, line.low, height=0.62, linewidth=1.0, **style)
        if line.high > line.low:  # a range: its upper end as an open box behind the bar of its lower end
            open_end = {"facecolor": "none", "edgecolor": style["edgecolor"], "linestyle": "--", "linewidth": 1.0}
            axes.barh(row, line.high - line.low, left=line.low, height=0.62, **open_end)
    elif line.state == "blank":
        axes.barh(row, 0.05 * span, height=0.62, facecolor="none", edgecolor=FAINT, linestyle=":", linewidth=1.2)
        end = 0.05 * span
    color = INK if line.state == "stated" else FAINT
    axes.text(end + 0.012 * span, row, _said(line, unit), fontproperties=font(9), color=color, va="center_baseline")
