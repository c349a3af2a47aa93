"""Charts: size, what is drawn, glyphs for everything, and what has no picture."""

from __future__ import annotations

import struct
import warnings
from pathlib import Path

import invented
import pytest

from bot import charts
from retrieval.answers.answerer import Answerer
from retrieval.errors import NothingToDraw, UnwritableChart
from retrieval.library import Library
from retrieval.replies import ComparedLine, Comparison, Reply

PLACES = tuple(
    ComparedLine(f"第{number}号自治区", "target", "stated", f"{number}%以上，力争{number + 1}%", float(number), float(number))
    for number in range(31, 0, -1)
)
STATES = (
    ComparedLine("甲镇", "actual", "stated", "5.2%", 5.2, 5.2),
    ComparedLine("乙镇", "target", "stated", "5.0％—5.5％", 5.0, 5.5),
    ComparedLine("丙镇", "actual", "stated", "下降3‰", -3.0, -3.0),
    ComparedLine("丁镇", "actual", "other", "1200㎡", None, None),
    ComparedLine("xx镇", "actual", "blank", "", None, None),
    ComparedLine("戊镇", "actual", "absent", "", None, None),
)


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def comparison(lines: tuple[ComparedLine, ...], axis: str = "places") -> Comparison:
    return Comparison("2025年地区生产总值增长目标", axis, "%", lines, (invented.report(),))  # type: ignore[arg-type]


@pytest.mark.parametrize("axis", ["places", "years"])
def test_every_state_is_drawn_with_glyphs_of_the_font_that_a_package_ships(axis: str):
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # matplotlib warns of a glyph that is missing
        width, height = size(charts.draw(comparison(STATES, axis)))
    assert width == 1080
    assert height > 400


def test_thirty_one_places_make_a_higher_picture_than_three():
    few, many = (size(charts.draw(comparison(lines))) for lines in (PLACES[:3], PLACES))
    assert few[0] == many[0] == 1080
    assert many[1] > 4 * few[1]
    assert sum(many) < 10_000  # https://core.telegram.org/bots/api#sendphoto


def test_what_is_worth_a_picture():
    assert charts.is_worth_a_chart(comparison(STATES))
    assert not charts.is_worth_a_chart(comparison(STATES[:2]))
    assert not charts.is_worth_a_chart(comparison(STATES[2:]))


def test_a_chart_of_an_answer(small_library: Library, tmp_path: Path):
    reply = Answerer(small_library).ask(["各地GDP增长目标分别是多少"])
    drawn = charts.chart_of(reply)
    assert drawn is not None
    assert [(line.label, line.value, line.low) for line in drawn.lines] == [
        ("云溪镇", "6%左右", 6.0),
        ("松岭区", "6%以上，力争7%", 6.0),
        ("石渡镇", "5.5％左右", 5.5),
    ]
    charts.write(reply, tmp_path / "chart.png")
    assert size((tmp_path / "chart.png").read_bytes())[0] == 1080


def test_what_can_not_be_drawn_or_written(small_library: Library, tmp_path: Path):
    with pytest.raises(NothingToDraw):
        charts.write(Reply("not_found", ""), tmp_path / "chart.png")
    reply = Answerer(small_library).ask(["各地GDP增长目标分别是多少"])
    for path in (tmp_path / "no" / "chart.png", tmp_path / "chart.jpg"):
        with pytest.raises(UnwritableChart):
            charts.write(reply, path)
    assert list(tmp_path.iterdir()) == []
