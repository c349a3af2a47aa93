"""What both kinds of charts share: paper, fonts, title, legend, source, and the one unit of a chart."""

from __future__ import annotations

import importlib.util
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from retrieval.language.folding import fold
from retrieval.language.hidden import visible
from retrieval.language.units import SCALES, converted
from retrieval.language.values import find_values
from retrieval.messages import message
from retrieval.models import Report
from retrieval.replies import ComparedLine, Comparison

DPI = 200
WIDTH = 5.4  # inches; 1080 pixels, a phone's width
TITLE_LINE, ABOVE, BOTTOM = 0.27, 0.5, 0.62  # inches
PAPER, INK, FAINT = "#fbfaf6", "#1d2733", "#6a7480"
# Told apart by colour-blind readers, too (Okabe and Ito, https://jfly.uni-koeln.de/color/); targets are hatched besides.
ACTUAL, TARGET = "#0072b2", "#e69f00"
TITLE_WRAPS, FOOT_WRAPS = 50, 92  # half-width characters a line
_SOURCES_NAMED = 2
_NARROW = str.maketrans("０１２３４５６７８９．％", "0123456789.%")
_FOOT_LINE = 0.16  # inches


@dataclass(frozen=True)
class Unit:
    """The unit of a chart: that of most of its lines, of which one is ``factor`` of the comparison's."""

    name: str
    factor: float

    def number(self, value: float) -> str:
        """A number of the comparison's unit in this one, as short as it can be told."""
        return f"{value / self.factor:.4g}" if abs(value / self.factor) < 10_000 else f"{value / self.factor:,.0f}"

    def said(self, line: ComparedLine) -> str:
        """The value of a line in this unit: as the report writes it where that is in it, else converted."""
        written = line.value.translate(_NARROW)
        if line.low is None or _unit_of(line) in (self.name, ""):
            return written
        return message("chart.converted", value=f"{self.number(line.low)}{self.name}", written=written)


def unit_of(comparison: Comparison) -> Unit:
    names = Counter(filter(None, (_unit_of(line) for line in comparison.lines if line.low is not None)))
    if not names:
        return Unit(comparison.unit, 1.0)
    name = names.most_common(1)[0][0]
    scale = next((one for one in ("万亿", "亿", "万", "千") if name.startswith(one) and one in SCALES), "")
    return Unit(name, SCALES.get(scale, 1.0) * converted(name.removeprefix(scale))[1])


def _unit_of(line: ComparedLine) -> str:
    """Scale and unit of the first number of a line's value."""
    found = next((value for value in find_values(fold(line.value)) if value.low is not None), None)
    return f"{found.scale or ''}{found.unit}" if found else ""


@lru_cache(maxsize=8)
def font(size: float) -> Any:
    """The font that the package zhplot ships, found without importing it: importing would change matplotlib's settings."""
    from matplotlib.font_manager import FontProperties

    return FontProperties(fname=font_file(), size=size)


def font_file() -> str:
    """The file of the font."""
    spec = importlib.util.find_spec("zhplot")
    assert spec is not None
    folders = spec.submodule_search_locations or []
    return str(Path(folders[0]) / "fonts" / "NotoSansSC-Regular.ttf")


def canvas(height: float) -> tuple[Any, Any]:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, height), dpi=DPI, facecolor=PAPER)
    return figure, FigureCanvasAgg(figure)


def frame(figure: Any, title: str, comparison: Comparison, height: float, foot: str = "") -> None:
    """The title above; below a line of what the plot does not show, and the sources."""
    figure.text(0.04, 1 - 0.14 / height, title, fontproperties=font(13), color=INK, va="top")
    below = "\n".join(filter(None, (foot, _source(comparison.sources))))
    figure.text(0.04, 0.14 / height, below, fontproperties=font(7.5), color=FAINT, va="bottom")


def foot_of(text: str) -> tuple[str, float]:
    """A line below the plot in lines that fit, and the inches that they take."""
    lines = wrapped(text, FOOT_WRAPS) if text else []
    return "\n".join(lines), _FOOT_LINE * len(lines)


def title_of(comparison: Comparison, unit: Unit, note: str = "") -> str:
    """The title with the unit of all that is drawn."""
    titled = message("chart.title", title=comparison.title, unit=unit.name) if unit.name else comparison.title
    return "\n".join(wrapped(f"{titled}{note}", TITLE_WRAPS))


def top_of(title: str) -> float:
    """The inches above the plot."""
    return ABOVE + TITLE_LINE * len(title.split("\n"))


def wrapped(text: str, width: int) -> list[str]:
    """``text`` in lines of at most ``width`` half-width characters; Chinese may break anywhere."""
    lines = [""]
    for char in text:
        if wide(lines[-1] + char) > width:
            lines.append("")
        lines[-1] += char
    return lines


def wide(text: str) -> int:
    """How many half-width characters a text takes."""
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)


def legend(axes: Any, comparison: Comparison, handles: dict[str, Any]) -> None:
    """Which mark is a target and which a result, where both are there or there are only targets."""
    kinds = [
        kind for kind in ("actual", "target") if any(line.kind == kind and line.low is not None for line in comparison.lines)
    ]
    axes.legend(
        [handles[kind] for kind in kinds],
        [message(f"kinds.{kind}") for kind in kinds],
        prop=font(8),
        frameon=False,
        ncols=len(kinds),
        loc="lower right",
        bbox_to_anchor=(1.0, 1.0),
        borderaxespad=0.2,
        handlelength=1.6,
        labelcolor=INK,
    )


def _source(sources: Sequence[Report]) -> str:
    named = message("answers.list_glue").join(f"《{report.name}》" for report in sources[:_SOURCES_NAMED])
    key = "chart.source_more" if len(sources) > _SOURCES_NAMED else "chart.source"
    return "\n".join(wrapped(message(key, reports=named, count=len(sources)), FOOT_WRAPS))


def png(figure: Any, drawn_on: Any) -> bytes:
    from matplotlib.text import Text

    for text in figure.findobj(Text):  # what reports call things is no formula, and hides nothing
        text.set_parse_math(False)
        text.set_text(visible(text.get_text()))
    out = io.BytesIO()
    drawn_on.print_png(out)
    figure.clear()
    return out.getvalue()
