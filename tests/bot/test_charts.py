"""Charts: size, what is drawn, glyphs for everything, and what has no picture."""

from __future__ import annotations

import struct
import warnings
from pathlib import Path

import invented
import pytest

from bot import chart_canvas, charts, series_chart
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


def test_fifteen_places_are_shown_and_the_rest_where_it_is_asked_for():
    few, shown, whole = (
        size(charts.draw(comparison(lines), most)) for lines, most in ((PLACES[:3], 15), (PLACES, 15), (PLACES, 60))
    )
    assert few[0] == shown[0] == whole[0] == 1080
    assert 2.5 * few[1] < shown[1] < 1400 < whole[1]
    assert sum(whole) < 10_000  # https://core.telegram.org/bots/api#sendphoto
    assert charts.is_cut(comparison(PLACES))
    assert not charts.is_cut(comparison(PLACES[:15]))


def test_places_that_state_nothing_are_named_below_and_take_no_row():
    absent = tuple(ComparedLine(f"{number}县", "actual", "absent", "", None, None) for number in range(40))
    few, many = (size(charts.draw(comparison((*PLACES[:3], *of)))) for of in (absent[:2], absent))
    assert many[1] - few[1] < 200
    assert not charts.is_cut(comparison((*PLACES[:3], *absent)))


def line(value: str, tons: float) -> ComparedLine:
    return ComparedLine("甲县", "actual", "stated", value, tons, tons)


def test_all_that_is_drawn_is_in_one_unit():
    lines = (line("42.6万吨", 426_000), line("１２万吨以上", 120_000), line("8.4亿斤", 420_000))
    unit = chart_canvas.unit_of(Comparison("粮食产量", "places", "吨", lines, ()))
    assert unit.name == "万吨"
    assert [unit.said(one) for one in lines] == ["42.6万吨", "12万吨以上", "42万吨（原文8.4亿斤）"]
    assert [unit.number(one.low or 0) for one in lines] == ["42.6", "12", "42"]


def years(count: int, gaps: int = 1) -> tuple[ComparedLine, ...]:
    return tuple(
        ComparedLine(f"{2000 + n}年结果", "actual", "stated", f"{n}.5%", n + 0.5, n + 0.5) for n in range(0, count * gaps, gaps)
    )


@pytest.mark.parametrize("lines", [years(3), years(25), years(12, 3), years(1) + years(2, 30)[1:]])
def test_series_of_few_and_many_years(lines: tuple[ComparedLine, ...]):
    width, height = size(charts.draw(comparison(lines, "years")))
    assert (width, height < 1100) == (1080, True)


def test_labels_hide_neither_points_nor_each_other():
    boxes: list[tuple[float, float, float, float]] = []

    class Axes:
        def get_xlim(self) -> tuple[float, float]:
            return 1999, 2026

        def get_ylim(self) -> tuple[float, float]:
            return 0, 30

        def text(self, x: float, y: float, said: str, **_: object) -> None:
            across, up = 72 * 5.4 * 0.88 / 27, 72 * 3 / 30
            half = 0.27 * 8.5 * len(said)
            boxes.append(((x - 1999) * across - half, y * up - 5.9, (x - 1999) * across + half, y * up + 5.9))

    lines = comparison(years(25), "years")
    points = {"actual": series_chart._points(lines, "actual", chart_canvas.unit_of(lines)), "target": []}
    series_chart._labels(Axes(), points, chart_canvas.unit_of(lines), 3.0, many=True)
    assert len(boxes) > 8
    assert not any(
        one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
        for n, one in enumerate(boxes)
        for other in boxes[n + 1 :]
    )


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
