"""What a question over several places selects: the highest, the first three, those above a number, computed values."""

from __future__ import annotations

import pytest

from retrieval.answers.comparing import difference_written, meets, quantity, written
from retrieval.models import Figure
from retrieval.question.selections import Bound, read_selection

ORDERS = [
    ("GDP增长目标最高的是哪个省", "highest", None),
    ("失业率目标最低的是谁", "lowest", None),
    ("GDP增长目标谁定得更高", "highest", None),
    ("GDP增长目标前三名", "highest", 3),
    ("GDP增长目标后5名", "lowest", 5),
    ("GDP目标最高的三个省", "highest", 3),
    ("哪三个省接待游客最多", "highest", 3),
    ("GDP增速倒数三名是谁", "lowest", 3),
]


@pytest.mark.parametrize("text, order, limit", ORDERS)
def test_orders(text, order, limit):
    selection, _ = read_selection(text)
    assert (selection.order, selection.limit) == (order, limit)


BOUNDS = [
    ("GDP目标超过6%的有哪些", [("above", 6.0, "%")]),
    ("失业率目标低于5.5%的省份", [("below", 5.5, "%")]),
    ("目标不低于5%的有几个", [("at_least", 5.0, "%")]),
    ("目标没有超过5%的有哪些", [("at_most", 5.0, "%")]),
    ("目标不是2%的有哪些", [("unequal", 2.0, "%")]),
    ("GDP增长目标在5%到6%之间的有哪些", [("at_least", 5.0, "%"), ("at_most", 6.0, "%")]),
    ("GDP增速百分之六以上的有哪些", [("at_least", 6.0, "%")]),
    ("GDP增速百分之五点五以上的有哪些", [("at_least", 5.5, "%")]),
    ("一般公共预算收入超过1000亿元的有哪些", [("above", 1000e8, "元")]),
    ("失业率定在5%左右的有哪些", [("equal", 5.0, "%")]),
]


@pytest.mark.parametrize("text, bounds", BOUNDS)
def test_bounds(text, bounds):
    selection, rest = read_selection(text)
    assert [(one.relation, one.number, one.unit) for one in selection.bounds] == bounds
    assert not any(char.isdigit() for char in rest)


@pytest.mark.parametrize(
    "text, computed",
    [
        ("GDP目标平均是多少", "average"),
        ("GDP目标的中位数", "median"),
        ("城镇新增就业目标合计多少", "sum"),
        ("GDP目标相差多少", "difference"),
        ("GDP目标比 高多少", "difference"),
    ],
)
def test_computed_values(text, computed):
    assert read_selection(text)[0].computed == computed


@pytest.mark.parametrize(
    "text",
    [
        "2024年GDP目标是多少",
        "PM2.5平均浓度是多少",
        "第一产业增加值增长了多少",
        "前三季度GDP增速",
        "最低生活保障标准是多少",
        "固定资产投资增长了多少",
        "粮食产量有多少吨",
    ],
)
def test_what_selects_nothing(text):
    selection, rest = read_selection(text)
    assert not selection
    assert rest == text


def test_amounts_or_rates():
    assert read_selection("哪个省GDP最多")[0].amounts is True
    assert read_selection("哪个省GDP增长最快")[0].amounts is False
    assert read_selection("GDP超过6万亿的有哪些")[0].amounts is True
    assert read_selection("哪个省GDP最高")[0].amounts is None


def figure(low: float, unit: str, *, high: float | None = None, measure: str = "level", direction: str = "") -> Figure:
    return Figure(
        None, "x", "actual", 2024, measure, "x", low, low if high is None else high, unit, "", "", direction,
        False, False, False, False, 0, 0, 1, 0, 1,
    )  # type: ignore[arg-type]  # fmt: skip


def test_units_are_converted_before_they_are_compared():
    grain = [quantity(figure(1344e8, "斤")), quantity(figure(110e4, "吨"))]
    assert [one.dimension for one in grain if one] == ["吨", "吨"]
    assert grain[0].low == pytest.approx(6720e4)
    assert quantity(figure(2, "平方公里")).low == quantity(figure(3000, "亩")).low
    assert quantity(figure(19.1, "%", measure="growth", direction="下降")).low == -19.1
    assert quantity(figure(5, "%", high=5.5)).low == 5


@pytest.mark.parametrize(
    "number, bound, held",
    [
        (6.0, Bound("above", 6.0, "%"), False),
        (6.0, Bound("at_least", 6.0, "%"), True),
        (5.9, Bound("below", 6.0, "%"), True),
        (6.0, Bound("equal", 6.0, ""), True),
        (6.0, Bound("unequal", 6.0, "%"), False),
        (6.0, Bound("above", 5.0, "元"), False),
        (6.0, Bound("above", 1e4, "", True), False),
    ],
)
def test_bounds_of_the_same_dimension_only(number, bound, held):
    assert meets(number, bound, "%") is held


def test_computed_numbers_are_written_in_a_readable_scale():
    assert written(5.5416666, "%") == "5.54%"
    assert written(766e4, "人") == "766万人"
    assert written(1.5e12, "元") == "15000亿元"
    assert written(2811e4, "斤") == "562.2亿斤"
    assert difference_written(0.5, "%") == "0.5个百分点"


@pytest.mark.parametrize(
    "text", ["哪些省没定固定资产投资目标", "哪些省没有制定固定资产投资目标", "哪些省没有定出固定资产投资目标"]
)
def test_a_target_that_was_not_set_is_lacking(text):
    selection, _ = read_selection(text)
    assert selection.lacking
