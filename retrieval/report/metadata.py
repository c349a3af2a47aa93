"""What a report says of itself: title, place, years, date, meeting, speaker. What it doesn't say stays empty."""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.language.folding import fold
from retrieval.language.patterns import pattern
from retrieval.language.places import NATION, level_of
from retrieval.models import Metadata, Removal, Section, Span
from retrieval.report.document import document_kind
from retrieval.report.occasion import OPENING, day_of, day_told, days_of_page, line_around, meeting_of
from retrieval.report.place import place_chain
from retrieval.report.splitting import is_title
from retrieval.report.years import years_of

_GREETING = pattern("reports.head.greeting")
YEAR_CHAPTER = pattern("reports.head.year_chapter")
_SENTENCE_LINE = pattern("reports.head.sentence")
_OFFICE_THEN_NAME = pattern("reports.head.office_then_name")
_NAME_THEN_OFFICE = pattern("reports.head.name_then_office")
_IN_PROSE = pattern("reports.head.speaker_in_prose")
_NAME_ALONE = pattern("reports.head.name_alone")
_NO_NAME = pattern("reports.head.no_name")
_RUN_ON_TITLE = pattern("reports.title.run_on")
_BEFORE_OFFICE = pattern("reports.head.before_office")
_YEAR = pattern("reports.year.named")


def understand(
    text: str,
    outline: tuple[Section, ...],
    source: str | None,
    removals: Sequence[Removal] = (),
    published: str | None = None,
) -> Metadata:
    """The metadata that ``text`` states; ``source`` is the publication its removed source line named.

    ``removals`` and ``published`` (the day of a web page) tell when a story was published that names a day without its year.
    """
    head = text[: head_end(text)]
    evidence: dict[str, Span] = {}
    title = _title(head, evidence) or _run_on_title(text, evidence)
    kind = document_kind(text, title, outline)
    if kind in ("resolution", "notice"):
        title = _first_line(text, evidence)
    told = kind != "report"
    meeting = meeting_of(text, len(head), told, evidence)
    delivered_on = day_of(text, 0 if kind == "news" else len(head), evidence)
    pages = days_of_page(text, removals, published) if told and not delivered_on else []
    if pages:
        delivered_on = day_told(text, pages, None, None, evidence)
    office, speaker = _speaker(text, len(head), evidence)
    chain = place_chain(title, meeting, office, text)
    review_year, plan_year = years_of(text, outline, title, delivered_on)
    if told and not delivered_on:
        delivered_on = day_told(text, pages, plan_year, review_year, evidence)
    if chain == (NATION,) and (named := _YEAR.search(fold(title or ""))):
        # The State Council's report is called by the year in which it is given, which is the one that it plans.
        plan_year, review_year = int(named.group(1)), int(named.group(1)) - 1
    return Metadata(
        title=title,
        place=chain[-1] if chain else None,
        level=level_of(chain[-1]) if chain else None,
        within=chain[:-1],
        review_year=review_year,
        plan_year=plan_year,
        delivered_on=delivered_on,
        meeting=meeting,
        speaker=speaker,
        office=office,
        source=source,
        kind=kind,
        evidence=evidence,
    )


def head_end(text: str) -> int:
    """Where the lines before the report's body end: at the greeting, the first heading or the first long sentence."""
    folded = fold(text[:OPENING])
    greeting = _GREETING.search(folded)
    others = (said.search(folded) for said in (_SENTENCE_LINE, YEAR_CHAPTER))
    starts = [m.start() for m in (greeting, *others) if m and (m is greeting or m.start() > 0)]
    if starts:
        return min(starts)
    # No greeting, no heading, no long sentence: the head is the title line, if there is one.
    first = folded.find("\n")
    return first if first > 0 and is_title(folded[:first]) else 0


def _title(head: str, evidence: dict[str, Span]) -> str | None:
    for piece in (r"[^\n]+", r"\S+"):
        for match in re.finditer(piece, head):
            if is_title(match.group()):
                evidence["title"] = line_around(head, match.start(), match.end())
                return re.sub(r"\s+", "", match.group())
    return None


def _first_line(text: str, evidence: dict[str, Span]) -> str:
    """What a text about a report is called: its first line, which names the report but is not the report's title."""
    evidence["title"] = line = line_around(text, 0, 0)
    return re.sub(r"\s+", "", text[line.start : line.end])


def _run_on_title(text: str, evidence: dict[str, Span]) -> str | None:
    """A title behind which the first heading follows on the same line: 棠溪镇政府工作报告一、2023年工作回顾…"""
    found = _RUN_ON_TITLE.match(fold(text[:OPENING]))
    if found is None:
        return None
    evidence["title"] = Span(found.start("title"), found.end("title"))
    return re.sub(r"\s+", "", text[found.start("title") : found.end("title")])


def _speaker(text: str, head: int, evidence: dict[str, Span]) -> tuple[str | None, str | None]:
    """The office and the name of who gave the report: in the head in either order (镇长 田毅, 龚正市长), in a sentence of a
    news story, or the name alone on a line."""
    opening = fold(text[:OPENING])
    for said, end in ((_NAME_THEN_OFFICE, head), (_OFFICE_THEN_NAME, head), (_IN_PROSE, len(opening))):
        for match in said.finditer(opening[:end]):
            name = re.sub(r"\s+", "", text[match.start("name") : match.end("name")])
            if level_of(name) or len(name) < 2 or name.endswith(("人民", "政府")):
                continue
            office = re.sub(r"\s+", "", match.group("office"))
            office = _BEFORE_OFFICE.sub("", office)
            evidence["speaker"] = line_around(opening, match.start("name"), match.end("name"))
            return office, name
    for match in _NAME_ALONE.finditer(opening[:head]):
        name = re.sub(r"\s+", "", text[match.start("name") : match.end("name")])
        if not (level_of(name) or _NO_NAME.search(name)):
            evidence["speaker"] = Span(match.start("name"), match.end("name"))
            return None, name
    return None, None
