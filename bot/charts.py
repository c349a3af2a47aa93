"""Pictures of comparisons: bars of places, points along years. A PNG that reads on a phone, on light and dark screens."""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from retrieval.errors import NothingToDraw, UnwritableChart
from retrieval.language.hidden import visible
from retrieval.language.units import SCALES
from retrieval.messages import message
from retrieval.models import Report
from retrieval.replies import ComparedLine, Comparison, Reply

FEWEST_LINES = 3
_MOST_LINES = 60
_DPI = 200
_WIDTH = 5.4  # inches; 1080 pixels, a phone's width
_LINE, _TITLE_LINE, _ABOVE, _BOTTOM = 0.34, 0.27, 0.5, 0.62  # inches
_PLOT = 2.9
_PAPER, _INK, _FAINT = "#fbfaf6", "#1d2733", "#6a7480"
# Told apart by colour-blind readers, too (Okabe and Ito, https://jfly.uni-koeln.de/color/); targets are hatched besides.
_ACTUAL, _TARGET = "#0072b2", "#e69f00"
_TITLE_WRAPS, _SOURCE_WRAPS, _POINT_WRAPS = 50, 92, 18  # half-width characters a line
_SOURCES_NAMED = 2


def is_worth_a_chart(comparison: Comparison) -> bool:
    """Whether there are enough numbers to see something in a picture that a line of text doesn't tell."""
    return len(comparison.lines) >= FEWEST_LINES and sum(line.low is not None for line in comparison.lines) >= 2


def draw(comparison: Comparison) -> bytes:
    """A comparison as a PNG of 1080 pixels' width; its height grows with its lines."""
    return _years(comparison) if comparison.axis == "years" else _places(comparison)


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
        path.write_bytes(draw(comparison))
    except OSError as error:
        raise UnwritableChart(path=path) from error


def chart_of(reply: Reply) -> Comparison | None:
    """The comparison of a reply that a picture shows, or None."""
    return next((one for one in reply.comparisons if is_worth_a_chart(one)), None)


# -- what both kinds share ---------------------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def _font(size: float) -> Any:
    """The font that the package zhplot ships, found without importing it: importing would change matplotlib's settings."""
    from matplotlib.font_manager import FontProperties

    spec = importlib.util.find_spec("zhplot")
    assert spec is not None
    folders = spec.submodule_search_locations or []
    return FontProperties(fname=str(Path(folders[0]) / "fonts" / "NotoSansSC-Regular.ttf"), size=size)


def _canvas(height: float) -> tuple[Any, Any]:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(_WIDTH, height), dpi=_DPI, facecolor=_PAPER)
    return figure, FigureCanvasAgg(figure)


def _frame(figure: Any, comparison: Comparison, height: float) -> None:
    """The title above, and the legend and the source line below."""
    title = "\n".join(_wrapped(comparison.title, _TITLE_WRAPS))
    figure.text(0.04, 1 - 0.14 / height, title, fontproperties=_font(13), color=_INK, va="top")
    figure.text(0.04, 0.14 / height, _source(comparison.sources), fontproperties=_font(7.5), color=_FAINT, va="bottom")


def _top(comparison: Comparison) -> float:
    """The inches above the plot, by the lines of its title."""
    return _ABOVE + _TITLE_LINE * len(_wrapped(comparison.title, _TITLE_WRAPS))


def _wrapped(text: str, width: int) -> list[str]:
    """``text`` in lines of at most ``width`` half-width characters; Chinese may break anywhere."""
    lines = [""]
    for char in text:
        if _width(lines[-1] + char) > width:
            lines.append("")
        lines[-1] += char
    return lines


def _width(text: str) -> int:
    """How many half-width characters a text takes."""
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)


def _legend(axes: Any, comparison: Comparison, handles: dict[str, Any]) -> None:
    """Which mark is a target and which a result, where both are there or there are only targets."""
    kinds = [
        kind for kind in ("actual", "target") if any(line.kind == kind and line.low is not None for line in comparison.lines)
    ]
    axes.legend(
        [handles[kind] for kind in kinds],
        [message(f"kinds.{kind}") for kind in kinds],
        prop=_font(8),
        frameon=False,
        ncols=len(kinds),
        loc="lower right",
        bbox_to_anchor=(1.0, 1.0),
        borderaxespad=0.2,
        handlelength=1.6,
        labelcolor=_INK,
    )


def _source(sources: Sequence[Report]) -> str:
    named = message("answers.list_glue").join(f"《{report.name}》" for report in sources[:_SOURCES_NAMED])
    key = "chart.source_more" if len(sources) > _SOURCES_NAMED else "chart.source"
    return "\n".join(_wrapped(message(key, reports=named, count=len(sources)), _SOURCE_WRAPS))


def _png(figure: Any, canvas: Any) -> bytes:
    from matplotlib.text import Text

    for text in figure.findobj(Text):  # what reports call things is no formula, and hides nothing
        text.set_parse_math(False)
        text.set_text(visible(text.get_text()))
    out = io.BytesIO()
    canvas.print_png(out)
    figure.clear()
    return out.getvalue()


def _said(line: ComparedLine) -> str:
    """What stands beside a line: the value as the report writes it, or why there is none."""
    if line.state == "stated":
        return line.value
    if line.state == "other":
        return message("chart.other", value=line.value)
    return message(f"chart.{line.state}")


# -- bars of places ----------------------------------------------------------------------------------------------------


def _places(comparison: Comparison) -> bytes:
    from matplotlib.patches import Patch

    lines = comparison.lines[:_MOST_LINES]
    height = _top(comparison) + _LINE * len(lines) + _BOTTOM
    figure, canvas = _canvas(height)
    longest = max(_width(line.label) for line in lines)
    left = min(0.04 + 0.0132 * (longest + 2), 0.42)
    axes = figure.add_axes((left, _BOTTOM / height, 0.97 - left, _LINE * len(lines) / height), facecolor=_PAPER)
    numbers = [number for line in lines for number in (line.low, line.high) if number is not None]
    lowest, highest = min(0.0, *numbers), max(0.0, *numbers)
    span = (highest - lowest) or 1.0
    said = max((_width(_said(line)) for line in lines), default=4)
    room = min(0.0132 * (said + 2) / (0.97 - left), 0.6)
    axes.set_xlim(lowest - 0.01 * span, lowest + span / (1 - room))
    axes.set_ylim(len(lines) - 0.5, -0.5)
    for row, line in enumerate(lines):
        _bar(axes, row, line, span)
    axes.axvline(0, color=_INK, linewidth=0.8)
    axes.set_yticks(range(len(lines)))
    axes.set_yticklabels([line.label for line in lines], fontproperties=_font(9), color=_INK)
    axes.tick_params(axis="y", length=0)
    axes.set_xticks([])
    for side in axes.spines.values():
        side.set_visible(False)
    handles = {"actual": Patch(facecolor=_ACTUAL), "target": Patch(facecolor=_PAPER, edgecolor=_TARGET, hatch="/////")}
    _legend(axes, comparison, handles)
    _frame(figure, comparison, height)
    return _png(figure, canvas)


def _bar(axes: Any, row: int, line: ComparedLine, span: float) -> None:
    end = 0.0
    if line.low is not None and line.high is not None:
        end = max(line.low, line.high, 0.0)
        style: dict[str, Any] = {"facecolor": _ACTUAL, "edgecolor": _ACTUAL}
        if line.kind == "target":
            style = {"facecolor": _PAPER, "edgecolor": _TARGET, "hatch": "/////"}
        axes.barh(row, line.low, height=0.62, linewidth=1.0, **style)
        if line.high > line.low:  # a range: its upper end as an open box behind the bar of its lower end
            open_end = {"facecolor": "none", "edgecolor": style["edgecolor"], "linestyle": "--", "linewidth": 1.0}
            axes.barh(row, line.high - line.low, left=line.low, height=0.62, **open_end)
    elif line.state == "blank":
        axes.barh(row, 0.05 * span, height=0.62, facecolor="none", edgecolor=_FAINT, linestyle=":", linewidth=1.2)
        end = 0.05 * span
    faint = line.state != "stated"
    axes.text(
        end + 0.012 * span, row, _said(line), fontproperties=_font(9), color=_FAINT if faint else _INK, va="center_baseline"
    )


# -- points along years ------------------------------------------------------------------------------------------------


def _years(comparison: Comparison) -> bytes:
    from matplotlib.lines import Line2D

    labels = list(dict.fromkeys(line.label for line in comparison.lines))
    height = _PLOT + _top(comparison) + _BOTTOM
    figure, canvas = _canvas(height)
    axes = figure.add_axes((0.06, (_BOTTOM + 0.3) / height, 0.88, (_PLOT - 0.3) / height), facecolor=_PAPER)
    numbers = [number for line in comparison.lines for number in (line.low, line.high) if number is not None]
    scale, unit = _axis_unit(numbers, comparison.unit)
    styles: dict[str, dict[str, Any]] = {
        "actual": {"color": _ACTUAL, "marker": "o", "linestyle": "-", "markersize": 7},
        "target": {"color": _TARGET, "marker": "D", "linestyle": "--", "markersize": 7, "markerfacecolor": _PAPER},
    }
    for kind, style in styles.items():
        points = [
            (labels.index(line.label), line.low / scale, line)
            for line in comparison.lines
            if line.kind == kind and line.low is not None
        ]
        axes.plot([x for x, _, _ in points], [y for _, y, _ in points], linewidth=1.8, markeredgewidth=1.8, **style)
        for x, y, line in points:
            _point(axes, x, y, line, scale, above=_is_above(comparison, line), color=style["color"])
    low, high = min(numbers) / scale, max(numbers) / scale
    margin = 0.3 * ((high - low) or abs(high) or 1.0)
    axes.set_ylim(low - margin, high + margin)
    axes.set_xlim(-0.5, len(labels) - 0.5)
    for x, label in enumerate(labels):
        _gap(axes, x, [line for line in comparison.lines if line.label == label], low - margin)
    axes.set_xticks(range(len(labels)))
    axes.set_xticklabels(labels, fontproperties=_font(9.5), color=_INK)
    axes.set_yticks([])
    axes.text(0.0, 1.02, message("chart.unit", unit=unit), transform=axes.transAxes, fontproperties=_font(8), color=_FAINT)
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(_FAINT)
    handles = {kind: Line2D([], [], linewidth=1.8, markeredgewidth=1.8, **style) for kind, style in styles.items()}
    _legend(axes, comparison, handles)
    _frame(figure, comparison, height)
    return _png(figure, canvas)


def _axis_unit(numbers: Sequence[float], unit: str) -> tuple[float, str]:
    largest = max((abs(number) for number in numbers), default=0.0)
    for name in ("亿", "万"):
        if largest >= SCALES[name]:
            return SCALES[name], f"{name}{unit}"
    return 1.0, unit


def _is_above(comparison: Comparison, line: ComparedLine) -> bool:
    """Whether a point's text goes above it: that of the higher of a year's two points."""
    others = [one.low for one in comparison.lines if one.label == line.label and one is not line and one.low is not None]
    if not others or line.low is None:
        return True
    return line.low > others[0] or (line.low == others[0] and line.kind == "actual")


def _point(axes: Any, x: int, y: float, line: ComparedLine, scale: float, *, above: bool, color: str) -> None:
    if line.high is not None and line.low is not None and line.high > line.low:
        axes.plot([x, x], [y, line.high / scale], color=color, linewidth=1.4, linestyle=":")
    axes.annotate(
        "\n".join(_wrapped(line.value, _POINT_WRAPS)),
        (x, y),
        xytext=(0, 9 if above else -9),
        textcoords="offset points",
        ha="center",
        va="bottom" if above else "top",
        fontproperties=_font(8.5),
        color=_INK,
        bbox={"facecolor": _PAPER, "edgecolor": "none", "alpha": 0.85, "pad": 0.6},  # lines pass behind it
    )


def _gap(axes: Any, x: int, lines: Sequence[ComparedLine], y: float) -> None:
    """A word at the foot of a year of which no number is there."""
    if any(line.low is not None for line in lines):
        return
    blank = any(line.state == "blank" for line in lines)
    other = any(line.state == "other" for line in lines)
    key = "blank" if blank else "other_short" if other else "absent"
    said = message(f"chart.{key}")
    axes.annotate(said, (x, y), xytext=(0, 6), textcoords="offset points", ha="center", fontproperties=_font(8.5), color=_FAINT)
