"""Saying a figure: its value with its qualifier, and what it is - place, year, subject, target or result."""

from __future__ import annotations

import re

from retrieval.language.folding import fold
from retrieval.language.measures import traits_of
from retrieval.messages import message
from retrieval.models import Figure


def value_of(figure: Figure, *, beside: bool = False) -> str:
    """A figure as the report writes it; a mean over years is called one. ``beside`` another: a rate then says that it is one."""
    value = _of_its_years(figure, beside)
    mean = figure.year is None and figure.mean and traits_of(figure.measure).plain
    return message("answers.mean", value=value) if mean else value


def _of_its_years(figure: Figure, beside: bool) -> str:
    """With its direction where it falls, with 力争 where it is a stretch value, with its whole or other side where it has one."""
    value = figure.value
    if figure.comparator and figure.comparator not in fold(value):
        value = message("answers.shared_comparator", value=value, comparator=figure.comparator)
    if figure.stretch:
        return message("answers.stretch", value=value)
    if figure.direction and traits_of(figure.measure).plain:
        return f"{figure.direction}{value}"
    if figure.measure == "change" and figure.indicator:
        return message("answers.risen" if figure.unit.endswith("百分点") else "answers.more", value=value)
    if beside and figure.measure == "growth" and not figure.in_words:
        return message("answers.grown", value=value)
    if traits_of(figure.measure).lead:
        return f"{figure.lead}{_with_unit(figure) if figure.unit != '倍' else value}"
    return value


def _with_unit(figure: Figure) -> str:
    """A value with its unit, where that stands at the end of its list only: 28%、34.4个百分点."""
    if fold(figure.value).endswith(figure.unit):
        return figure.value
    return message("answers.shared_unit", value=figure.value, unit=figure.unit)


def what_is(figure: Figure, place: str, subject: str) -> str:
    """Place, year, subject and kind of a figure; without the numbers of a subject, which are other figures."""
    subject = re.split(r"(?<![A-Za-z.])\d|[xX×]{2}", subject)[0]
    key = f"answers.what_{figure.kind}"
    if figure.measure == "growth" and not figure.in_words:
        key += "_falling" if figure.direction else "_growth"
    year = message("answers.year", year=figure.year) if figure.year else ""
    return message(key, place=place, year=year, subject=subject)
