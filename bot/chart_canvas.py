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
_TITLE_LINE, _ABOVE, _BOTTOM = 0.27, 0.5, 0.62  # inches
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


class Picture:
    """A picture in the making: the title with its unit above, ``axes`` of so many ``inches`` to draw on between two ``sides``, with room
    ``under`` them for what they are labelled with, and below a line on what is not shown (``foot``), and the sources."""

    def __init__(
        self,
        comparison: Comparison,
        unit: Unit,
        inches: float,
        sides: tuple[float, float],
        *,
        note: str = "",
        foot: str = "",
        under: float = 0.0,
    ) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        titled = message("chart.title", title=comparison.title, unit=unit.name) if unit.name else comparison.title
        title = wrapped(f"{titled}{note}", TITLE_WRAPS)
        below = wrapped(foot, FOOT_WRAPS) if foot else []
        bottom = _BOTTOM + _FOOT_LINE * len(below) + under
        height = _ABOVE + _TITLE_LINE * len(title) + inches + bottom
        self._comparison = comparison
        self._figure = Figure(figsize=(WIDTH, height), dpi=DPI, facecolor=PAPER)
        self._canvas: Any = FigureCanvasAgg(self._figure)
        left, right = sides
        self.axes: Any = self._figure.add_axes((left, bottom / height, right - left, inches / height), facecolor=PAPER)
        self._figure.text(0.04, 1 - 0.14 / height, "\n".join(title), fontproperties=font(13), color=INK, va="top")
        told = "\n".join((*below, _source(comparison.sources)))
        self._figure.text(0.04, 0.14 / height, told, fontproperties=font(7.5), color=FAINT, va="bottom")

    def png(self, handles: dict[str, Any]) -> bytes:
        """The picture as it is, with a legend of which of the ``handles`` is a target and which a result, where both are there or there
        are only targets."""
        from matplotlib.text import Text

        self._legend(handles)
        for text in self._figure.findobj(Text):  # what reports call things is no formula, and hides nothing
            text.set_parse_math(False)
            text.set_text(visible(text.get_text()))
        out = io.BytesIO()
        self._canvas.print_png(out)
        self._figure.clear()
        return out.getvalue()

    def _legend(self, handles: dict[str, Any]) -> None:
        drawn = {line.kind for line in self._comparison.lines if line.low is not None}
        kinds = [kind for kind in ("actual", "target") if kind in drawn]
        self.axes.legend(
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


def _source(sources: Sequence[Report]) -> str:
    named = message("answers.list_glue").join(f"《{report.name}》" for report in sources[:_SOURCES_NAMED])
    key = "chart.source_more" if len(sources) > _SOURCES_NAMED else "chart.source"
    return "\n".join(wrapped(message(key, reports=named, count=len(sources)), FOOT_WRAPS))
