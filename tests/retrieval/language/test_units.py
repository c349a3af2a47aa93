"""Units as data: what one is of another, and which ones questions ask for."""

from __future__ import annotations

import re

import pytest

from retrieval.language.units import ANSWERS, BOUND_UNIT, SCALES, UNIT, UNITS, asked_for, converted
from retrieval.language.values import find_values


@pytest.mark.parametrize(
    ("amount", "unit", "same", "dimension"),
    [
        (1, "平方公里", 1500, "亩"),
        (1, "公顷", 15, "亩"),
        (2000, "斤", 1, "吨"),
        (1000, "千克", 1, "吨"),
        (3, "㎡", 3, "平方米"),
        (1000, "米", 1, "公里"),
        (5, "‰", 0.5, "%"),
        (1, "斛", 1, "斛"),  # one that is not known compares with itself
    ],
)
def test_a_unit_converts(amount: float, unit: str, same: float, dimension: str):
    of, factor = converted(unit)
    assert (of, amount * factor) == (dimension, pytest.approx(same))


def test_every_dimension_is_a_unit_that_converts_to_itself():
    for unit in UNITS.values():
        of = UNITS[unit.dimension]
        assert (of.dimension, of.factor) == (of.name, 1.0)


def test_what_answers_may_be_in_is_known():
    scales = sorted(SCALES, key=len, reverse=True)
    for units in ANSWERS.values():
        assert all(re.sub(f"^({'|'.join(scales)})(?=元)", "", unit) in UNITS for unit in units)
    assert set(BOUND_UNIT.split("|")) - {"个点"} <= UNITS.keys()


@pytest.mark.parametrize("unit", [unit.name for unit in UNITS.values() if unit.reads and unit.name not in ("T", "P")])
def test_every_unit_is_read_behind_a_number(unit: str):
    assert re.fullmatch(UNIT, unit)
    read = [value.unit for value in find_values(f"完成12万{unit}。")]
    assert read in ([unit], [unit.removeprefix("万")])  # 12万 of 万标箱


@pytest.mark.parametrize(
    ("words", "unit"), [("家企业", "家"), ("家庭", None), ("平方公里", "平方公里"), ("人次", "人次"), ("人才", None)]
)
def test_questions_ask_for_units_and_not_for_words_that_begin_with_one(words: str, unit: str | None):
    found = re.match(asked_for(), words)
    assert (found and found.group()) == unit
