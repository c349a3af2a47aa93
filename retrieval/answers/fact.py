"""Answering for facts about a report itself: who gave it, when, at which meeting, where it was published."""

from __future__ import annotations

from retrieval.answers.claims import Asked, Claim, Word, absent, claim
from retrieval.answers.context import PartOfReport
from retrieval.answers.quoting import evidence, shown
from retrieval.models import Report


def claim_fact(asked: PartOfReport) -> Claim:
    """The fact as the report states it; the quote is the line it was read from."""
    report, part = asked.report, asked.part
    assert part.fact is not None
    place, year = shown(report), report.year or ""
    if part.fact == "years":
        return _stated(asked, "title", _years(report))
    value = getattr(report, part.fact)
    if value is None or (part.office and not _holds(report, part.office)):
        return absent("no_fact", report, place=place, year=year, what=part.office or claim(f"fields.{part.fact}"))
    said: Word = _day(value) if part.fact == "delivered_on" else value
    kind = "speaker_alone" if part.fact == "speaker" and not report.office else part.fact
    words = claim(f"fact_{kind}", value=Asked(said), place=place, year=year, office=report.office or "")
    return _stated(asked, part.fact, words)


def _stated(asked: PartOfReport, field: str, told: Claim) -> Claim:
    return Claim(told.kind, "answered", asked.report, told.words, quotes=evidence(asked.library, asked.report, field))


def _day(iso: str) -> Claim:
    year, month, day = map(int, iso.split("-"))
    return claim("date", year=year, month=month, day=day)


def _holds(report: Report, office: str) -> bool:
    """Whether the speaker holds the office asked for: 代省长 is 省长, but 副镇长 is not 镇长."""
    return bool(report.office) and (report.office or "").endswith(office) and not office.startswith("副")


def _years(report: Report) -> Claim:
    place, review = shown(report), report.review_year or ""
    if report.plan_year is None:
        return claim("years_review", place=place, review=review)
    return claim("years_both", place=place, review=review, plan=report.plan_year)
