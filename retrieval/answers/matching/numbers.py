"""Whether the number of a figure is of the unit and the measure that are wanted, whatever it is of."""

from __future__ import annotations

import re

from retrieval.answers.matching.wanted import Wanted
from retrieval.language.units import ALIKE
from retrieval.models import Figure

RATES = ("%", "‰", "‱", "个百分点", "百分点")
_PEOPLE = frozenset(("人", "名", "位", "户", "个", "家"))
_MEASURED = re.compile(r"[元吨斤克米里亩顷方%‰倍度瓦]|小时|分钟|百分点")
_ADDED_TO = re.compile(r"增加|新增|净增|减少|压减|削减|核减")


def fits(wanted: Wanted, figure: Figure) -> bool:
    """Whether a figure is of the unit and the measure that are wanted."""
    return unit_fits(wanted, figure) and measure_fits(wanted, figure)


def unit_fits(wanted: Wanted, figure: Figure) -> bool:
    """Whether what is wanted can be counted in a figure's unit."""
    if wanted.part.measure is None and not wanted.part.units and wanted.counts_noun and _MEASURED.search(figure.unit):
        return False  # 有多少贫困户 asks for households, not for what they were paid
    if wanted.counts_people and wanted.part.units and wanted.part.units[0] in ALIKE and figure.unit in ALIKE - _PEOPLE:
        return False  # 独居老人有多少个 asks for people, not for the 1480套 that they were given
    if wanted.part.measure == "growth" and wanted.by_amount:
        return True
    if wanted.traits.rate:
        return figure.unit in (*RATES, "倍") or figure.measure == "change"
    if not wanted.part.units:
        return True
    if figure.unit.endswith(wanted.part.units):
        return True
    if wanted.part.units[0] in ALIKE and figure.unit in ALIKE and not {wanted.part.units[0], figure.unit} & {"人", "户"}:
        return True  # people count the same things in other words: 多少张床位, 44个
    return not figure.unit and any(unit in ("元", "人", "亩", "平方米", "人次") for unit in wanted.part.units)


def measure_fits(wanted: Wanted, figure: Figure) -> bool:
    """Whether a figure's measure can answer for the one that is asked for, or for a question that names none."""
    if wanted.part.measure == "growth" and wanted.by_amount and figure.measure == "level":
        return figure.unit != "%" and bool(_ADDED_TO.search(figure.subject))
    if wanted.multiple:
        return figure.unit == "倍" and figure.measure != "growth"
    if figure.measure == "growth" and wanted.part.said.counts and wanted.part.measure is None:
        return False  # how many came is not by how much their number grew
    return figure.measure in wanted.traits.fits
