"""When and at which meeting a report was given: by its head, else, in a text about one, by the sentence that tells of the meeting."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from retrieval.language.folding import chinese_number, fold
from retrieval.language.patterns import pattern
from retrieval.models import Removal, Span
from retrieval.report.place import place_at_end

OPENING = 800  # characters of a text in which it says what it is of
_CLOSING = 200  # characters at its end, where a story is signed
_DATE = pattern("reports.head.date")
_CHINESE_DATE = pattern("reports.head.chinese_date")
_DAY_OF_MEETING = pattern("reports.head.day_of_meeting")
_DAY_IN_PROSE = pattern("reports.head.day_in_prose")
_SENT_ON = pattern("reports.head.sent_on")
_MEETING = pattern("reports.head.meeting")
_NAMED_MEETING = pattern("reports.head.named_meeting")
_OF_PAGE = pattern("reports.head.date_of_page")
_DAY_OF_PAGE = pattern("reports.head.day_of_page")
_ABBREVIATED = "人大"
_TOLD_WITHIN = timedelta(days=90)  # of a meeting, by whoever publishes a story of it
_SPRING, _WINTER = range(1, 6), range(11, 13)  # months in which the congresses meet that plan that year, and the next


def line_around(text: str, start: int, end: int) -> Span:
    """The line(s) of ``text`` from ``start`` to ``end``, without the blanks around."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    piece = text[first:last]
    return Span(first + len(piece) - len(piece.lstrip()), last - (len(piece) - len(piece.rstrip())))


def meeting_of(text: str, head: int, told: bool, evidence: dict[str, Span]) -> str | None:
    """The meeting that the head names; of a text that tells of a report (``told``) the one that a sentence names, in full if any does."""
    named = [found.span(1) for found in [_MEETING.search(fold(text[:head]))] if found]
    if told:
        named += _named_in_prose(fold(text[:OPENING]))
    if not named:
        return None
    start, end = next((one for one in named if _ABBREVIATED not in text[slice(*one)]), named[0])
    same = [one for one in named if text[slice(*one)].endswith(text[start:end])]  # with what the place lies in, too
    start, end = max(same, key=lambda one: one[1] - one[0])
    evidence["meeting"] = line_around(text, start, end)
    return re.sub(r"\s+", "", text[start:end])


def _named_in_prose(folded: str) -> Iterator[tuple[int, int]]:
    """The meetings of a congress that sentences name with the place whose congress it is."""
    for found in _NAMED_MEETING.finditer(folded):
        if place := place_at_end(found.group("place")):
            yield found.end("place") - len(place), found.end()


def day_of(text: str, head: int, evidence: dict[str, Span]) -> str | None:
    """The day that the head names, the one in the line of the meeting before all; else that of the sentence that tells of the meeting.

    None of the page's: 成文日期：2025年04月15日. News have no head: what stands there is the day on which they were published.
    """
    folded = fold(text[:head])
    meeting = _MEETING.search(folded)
    lines = [line_around(folded, *meeting.span(1))] if meeting else []
    for piece in (*lines, Span(0, head)):
        for said in (_CHINESE_DATE, _DATE):
            if stated := _first_day(folded, said, piece, evidence):
                return stated
    return _first_day(fold(text[:OPENING]), _DAY_OF_MEETING, Span(0, OPENING), evidence)


def _first_day(folded: str, said: re.Pattern[str], piece: Span, evidence: dict[str, Span]) -> str | None:
    for match in said.finditer(folded, piece.start, piece.end):
        numbers = [int(part) if part.isdigit() else chinese_number(part) or 0 for part in match.groups()]
        stated = None if _OF_PAGE.search(folded[: match.start()]) else _date(*numbers)
        if stated:
            evidence["delivered_on"] = line_around(folded, match.start(), match.end())
            return stated.isoformat()
    return None


def days_of_page(text: str, removals: Iterable[Removal], published: str | None) -> list[date]:
    """The days on which a text was published, by its page, by what was taken out of it, and by what signs it."""
    places = [published or "", *(one.text for one in removals if one.kind in ("page_furniture", "source"))]
    places += [text[:OPENING], text[-_CLOSING:]]
    found = [_date(*map(int, day.groups())) for place in places for day in _DAY_OF_PAGE.finditer(fold(place))]
    return [day for day in found if day]


def day_told(
    text: str, pages: Iterable[date], plan_year: int | None, review_year: int | None, evidence: dict[str, Span]
) -> str | None:
    """The day of the meeting that a story tells without its year (1月8日上午，…开幕); the year is that of the page's day, which comes
    soon after it, or goes with the years that the report reviews and plans."""
    opening = fold(text[:OPENING])
    sent = _SENT_ON.search(opening)
    for said in _DAY_IN_PROSE.finditer(opening):
        month = said.group("month") or (sent.group("month") if sent else None)
        if not month:
            continue
        years = _years_of_month(int(month), plan_year, review_year)
        days = _days_before(int(month), int(said.group("day")), pages) or [
            day for year in years if (day := _date(year, int(month), int(said.group("day"))))
        ]
        if days:
            evidence["delivered_on"] = line_around(opening, *said.span())
            return days[0].isoformat()
    return None


def _days_before(month: int, day: int, pages: Iterable[date]) -> list[date]:
    """The day of a month that lies soonest before a page's day."""
    near = [
        (page - on, on)
        for page in pages
        for year in (page.year, page.year - 1)
        if (on := _date(year, month, day)) and timedelta(0) <= page - on <= _TOLD_WITHIN
    ]
    return [on for _, on in sorted(near)]


def _years_of_month(month: int, plan_year: int | None, review_year: int | None) -> list[int]:
    """In which year a congress met that month which planned and reviewed those years."""
    plan = plan_year or (review_year + 1 if review_year else None)
    if plan is None:
        return []
    return [plan] if month in _SPRING else [plan - 1] if month in _WINTER else []


def planned_at(delivered_on: str | None) -> Mapping[str, int]:
    """The years that a congress of that day reviews and plans; nothing in the months in which it may be either year."""
    if not delivered_on:
        return {}
    day = date.fromisoformat(delivered_on)
    plan = day.year if day.month in _SPRING else day.year + 1 if day.month in _WINTER else None
    return {"review": plan - 1, "plan": plan} if plan else {}


def _date(*numbers: int) -> date | None:
    try:
        return date(*numbers)
    except (ValueError, TypeError):
        return None
