"""The year that a report reviews and the one that it plans: by its headings, by what its chapters open with, by its date."""

from __future__ import annotations

import re
from collections import Counter

from retrieval.language.folding import fold
from retrieval.language.patterns import pattern
from retrieval.models import Section

_OPENING = 800  # characters of a text in which a news story says what the report is of
_YEAR = pattern("reports.year.named")
_YEAR_PLANNED = pattern("reports.year.planned")
_OPENING_YEAR = pattern("reports.year.opening")
_NEXT_YEAR = pattern("reports.year.next")
_PAST_YEAR = pattern("reports.year.past")
_PLAN_STATEMENT = pattern("reports.year.plan_statement")
_FULL_YEAR_PLAN = pattern("reports.year.full_plan")
_SAID_REVIEWED = pattern("reports.year.said_reviewed")
_SAID_PLANNED = pattern("reports.year.said_planned")
_LABEL = pattern("reports.year.labelled")
_UNTIL_END = pattern("reports.year.until_end")
_SINCE = pattern("reports.year.since")


def years_of(
    text: str, outline: tuple[Section, ...], title: str | None, delivered_on: str | None
) -> tuple[int | None, int | None]:
    """The year reviewed and the year planned for; None where it can't be told."""
    said_reviewed, said_planned = _said(text)
    in_tables = _labelled(text)
    planned = _plan_year(text, outline, delivered_on) or said_planned or in_tables.get("aimed")
    said_reviewed = said_reviewed or in_tables.get("reached")
    reviewed = _review_year(text, outline, planned, title, delivered_on, said_reviewed)
    return reviewed, planned or _year_after(text, outline, reviewed)


def _said(text: str) -> tuple[int | None, int | None]:
    """The years that the text says at its beginning that it reviews and plans: 总结了2012年的工作，并部署了2013年的目标任务."""
    opening = fold(text[:_OPENING])
    reviewed, planned = _SAID_REVIEWED.search(opening), _SAID_PLANNED.search(opening)
    return _number(reviewed), _number(planned)


def _labelled(text: str) -> dict[str, int]:
    """The last years that the heads of tables aim at, and that they call reached: 2024年完成：…；2025年目标：…."""
    found: dict[str, int] = {}
    for label in _LABEL.finditer(fold(text)):
        key = "aimed" if label.group("aimed") else "reached"
        found[key] = max(found.get(key, 0), int(label.group("year")))
    return found


def _number(found: re.Match[str] | None) -> int | None:
    return int(next(group for group in found.groups() if group)) if found else None


def _plan_year(text: str, outline: tuple[Section, ...], delivered_on: str | None) -> int | None:
    plans = [section for section in outline if section.period == "plan" and section.depth == 1]
    if not plans:
        return None
    plans = [section for section in plans if not section.multi_year] or plans  # not “十五五”时期的目标
    for section in plans:
        year = _YEAR_PLANNED.search(fold(section.heading))
        if year:
            return int(year.group(1))
    body = fold(text[plans[0].start + len(plans[0].heading) : plans[-1].end])
    for said in (_PLAN_STATEMENT, _FULL_YEAR_PLAN, _OPENING_YEAR):
        stated = said.search(body)
        if stated:
            return int(stated.group(1))
    whole = body + "".join(section.heading for section in plans)
    if delivered_on and "明年" in whole:
        return int(delivered_on[:4]) + 1
    if delivered_on and "今年" in whole:
        return int(delivered_on[:4])
    return None


def _year_after(text: str, outline: tuple[Section, ...], review_year: int | None) -> int | None:
    """The year planned for where only the reviewed one is named: the plan says 明年, or 今年 where the review doesn't."""
    chapters = [section for section in outline if section.depth == 1 and section.period]
    ahead = fold("".join(text[section.start : section.end] for section in chapters if section.ahead))
    done = fold("".join(text[section.start : section.end] for section in chapters if not section.ahead))
    follows = _NEXT_YEAR.search(ahead) or ("今年" in ahead and "今年" not in done)
    return review_year + 1 if review_year is not None and follows else None


def _review_year(
    text: str,
    outline: tuple[Section, ...],
    plan_year: int | None,
    title: str | None,
    delivered_on: str | None,
    said: int | None,
) -> int | None:
    reviews = [section for section in outline if section.period == "review"]
    if not reviews:
        return said
    for section in reviews:
        year = _YEAR.search(fold(section.heading)) if section.depth == 1 and not section.multi_year else None
        if year:
            return int(year.group(1))
    if said is not None and (plan_year is None or said <= plan_year):
        return said
    pieces = [fold(text[s.start + len(s.heading) : s.end]) for s in reviews if s.depth <= 1]
    for piece in pieces:
        opening = _OPENING_YEAR.search(piece)
        if opening:
            return int(opening.group(1))
    body = "".join(pieces)
    headings = "".join(fold(section.heading) for section in reviews if section.depth == 1)
    if plan_year is not None and _PAST_YEAR.search(headings + body):
        return plan_year - 1
    if (until := _UNTIL_END.search(body)) is not None:
        return int(until.group(1))  # 预计到2016年底,GDP达到…: the year whose end the review looks to
    if delivered_on and "今年" in "".join(s.heading for s in reviews) + body:
        return int(delivered_on[:4])
    named = _YEAR.search(fold(title or ""))
    if named and plan_year is not None and int(named.group(1)) == plan_year - 1:
        return plan_year - 1
    front = fold(text[: min(section.start for section in outline if section.depth)])
    if plan_year is not None and (str(plan_year - 1) in _YEAR.findall(front) or _PAST_YEAR.search(front)):
        return plan_year - 1
    if plan_year is not None and any(section.multi_year for section in reviews):
        return plan_year - 1  # “十二五”时期工作回顾, before the plan of 2016
    named_most = _mostly_named(body, plan_year)
    if named_most is None and plan_year is not None and _opens_a_paragraph(text, plan_year - 1):
        return plan_year - 1  # a story that tells of the plan first
    return named_most


def _opens_a_paragraph(text: str, year: int) -> bool:
    return any(said is not None and int(said.group(1)) == year for said in map(_OPENING_YEAR.match, fold(text).split("\n")))


def _mostly_named(body: str, plan_year: int | None) -> int | None:
    """The year that a review names most often; none of those since which, or than which, something is told."""
    told = _SINCE.sub("", body)
    years = Counter(int(year) for year in _YEAR.findall(told))
    past = {year: count for year, count in years.items() if plan_year is None or year < plan_year} or years
    return max(past, key=lambda year: (past[year], year)) if past else None
