"""What a report says of itself: title, place, years, date, meeting, speaker. What it doesn't say stays empty."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

from retrieval.language.folding import chinese_number, fold
from retrieval.language.patterns import pattern
from retrieval.language.places import NATION, PLACEHOLDER, level_of, split_chain
from retrieval.models import Metadata, Section, Span
from retrieval.report.document import document_kind
from retrieval.report.splitting import is_title

_HEAD_LIMIT = 800
_GREETING = pattern("reports.head.greeting")
_SENTENCE_LINE = pattern("reports.head.sentence")
_DATE = pattern("reports.head.date")
_CHINESE_DATE = pattern("reports.head.chinese_date")
_MEETING = pattern("reports.head.meeting")
_OFFICE_THEN_NAME = pattern("reports.head.office_then_name")
_NAME_THEN_OFFICE = pattern("reports.head.name_then_office")
_BEFORE_OFFICE = pattern("reports.head.before_office")
_OFFICE = pattern("reports.head.office")
_SESSION = pattern("reports.head.session")
_REPRESENTS = pattern("reports.head.represents")
_STATE_COUNCIL = pattern("reports.head.state_council")
_GIVEN_BY_STATE_COUNCIL = pattern("reports.head.given_by_state_council")
_GENERIC = pattern("reports.head.generic")
_TITLE_PLACE = pattern("reports.title.place")
_YEAR = pattern("reports.year.named")
_YEAR_PLANNED = pattern("reports.year.planned")
_OPENING_YEAR = pattern("reports.year.opening")
_NEXT_YEAR = pattern("reports.year.next")
_PAST_YEAR = pattern("reports.year.past")
_PLAN_STATEMENT = pattern("reports.year.plan_statement")
_FULL_YEAR_PLAN = pattern("reports.year.full_plan")


def understand(text: str, outline: tuple[Section, ...], source: str | None) -> Metadata:
    """The metadata that ``text`` states; ``source`` is the publication its removed source line named."""
    head = text[: head_end(text)]
    folded = fold(head)
    evidence: dict[str, Span] = {}
    title = _title(head, evidence)
    delivered_on = _delivered_on(folded, evidence)
    meeting = _meeting(folded, evidence)
    office, speaker = _speaker(folded, evidence)
    chain = (NATION,) if _of_the_nation(title, text) else _place_chain(title, meeting, office, text)
    plan_year = _plan_year(text, outline, delivered_on)
    review_year = _review_year(text, outline, plan_year, title, delivered_on)
    if chain == (NATION,) and (named := _YEAR.search(fold(title or ""))):
        # The State Council's report is called by the year in which it is given, which is the one that it plans.
        plan_year, review_year = int(named.group(1)), int(named.group(1)) - 1
    return Metadata(
        title=title,
        place=chain[-1] if chain else None,
        level=level_of(chain[-1]) if chain else None,
        within=chain[:-1],
        review_year=review_year,
        plan_year=plan_year or _year_after(text, outline, review_year),
        delivered_on=delivered_on,
        meeting=meeting,
        speaker=speaker,
        office=office,
        source=source,
        kind=document_kind(text, title, outline),
        evidence=evidence,
    )


def head_end(text: str) -> int:
    """Where the lines before the report's body end: at the greeting, the first heading or the first long sentence."""
    folded = fold(text[:_HEAD_LIMIT])
    greeting = _GREETING.search(folded)
    sentence = _SENTENCE_LINE.search(folded)
    starts = [m.start() for m in (greeting, sentence) if m and (m is greeting or m.start() > 0)]
    if starts:
        return min(starts)
    # No greeting, no heading, no long sentence: the head is the title line, if there is one.
    first = folded.find("\n")
    return first if first > 0 and is_title(folded[:first]) else 0


def _line_around(text: str, start: int, end: int) -> Span:
    """The line(s) of ``text`` from ``start`` to ``end``, without the blanks around."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    piece = text[first:last]
    return Span(first + len(piece) - len(piece.lstrip()), last - (len(piece) - len(piece.rstrip())))


def _title(head: str, evidence: dict[str, Span]) -> str | None:
    for piece in (r"[^\n]+", r"\S+"):
        for match in re.finditer(piece, head):
            if is_title(match.group()):
                evidence["title"] = _line_around(head, match.start(), match.end())
                return re.sub(r"\s+", "", match.group())
    return None


def _delivered_on(folded: str, evidence: dict[str, Span]) -> str | None:
    for match in _CHINESE_DATE.finditer(folded):
        numbers = [chinese_number(part) for part in match.groups()]
        if all(numbers):
            evidence["delivered_on"] = _line_around(folded, match.start(), match.end())
            return date(*(number or 1 for number in numbers)).isoformat()
    for match in _DATE.finditer(folded):
        try:
            stated = date(*map(int, match.groups()))
        except ValueError:
            continue
        evidence["delivered_on"] = _line_around(folded, match.start(), match.end())
        return stated.isoformat()
    return None


def _meeting(folded: str, evidence: dict[str, Span]) -> str | None:
    match = _MEETING.search(folded)
    if match is None:
        return None
    evidence["meeting"] = _line_around(folded, match.start(1), match.end(1))
    return re.sub(r"\s+", "", match.group(1))


def _speaker(folded: str, evidence: dict[str, Span]) -> tuple[str | None, str | None]:
    """The office and the name of who gave the report, in either order (镇长 田毅, 龚正市长)."""
    for said in (_NAME_THEN_OFFICE, _OFFICE_THEN_NAME):
        for match in said.finditer(folded):
            name = re.sub(r"\s+", "", match.group("name"))
            if level_of(name) or len(name) < 2 or name.endswith(("人民", "政府")):
                continue
            office = re.sub(r"\s+", "", match.group("office"))
            office = _BEFORE_OFFICE.sub("", office)
            evidence["speaker"] = _line_around(folded, match.start("name"), match.end("name"))
            return office, name
    return None, None


def _place_chain(title: str | None, meeting: str | None, office: str | None, text: str) -> tuple[str, ...]:
    """The place with what it lies in, from the first line that names it; a longer chain to the same place wins."""
    chains = []
    if title:
        match = _TITLE_PLACE.match(fold(title))
        chains.append(_chain(match.group("place")) if match else ())
    if meeting:
        chains.append(_chain(_SESSION.split(meeting)[0]))
    if office:
        chains.append(_chain(_OFFICE.sub("", office)))
    chains.append(_chain(_represented(text)))
    stated = [chain for chain in chains if chain]
    if not stated:
        return ()
    return max((chain for chain in stated if chain[-1] == stated[0][-1]), key=len)


def _of_the_nation(title: str | None, text: str) -> bool:
    """Whether it is a report of the State Council, by its title or by the body in whose name it is given."""
    named = _STATE_COUNCIL.search(fold(title or "")) if title else None
    return bool(named or _GIVEN_BY_STATE_COUNCIL.search(fold(text[:_HEAD_LIMIT])))


def _chain(name: str | None) -> tuple[str, ...]:
    if not name or _GENERIC.match(name):
        return ()
    return split_chain(name)


def _represented(text: str) -> str | None:
    """The government in whose name the speaker reports or gives thanks; a real name before a placeholder."""
    names = Counter(m.group(1) for m in _REPRESENTS.finditer(fold(text)) if not _GENERIC.match(m.group(1)))
    real = [name for name, _ in names.most_common() if not PLACEHOLDER.match(name)]
    return real[0] if real else next(iter(names), None)


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
    text: str, outline: tuple[Section, ...], plan_year: int | None, title: str | None, delivered_on: str | None
) -> int | None:
    reviews = [section for section in outline if section.period == "review"]
    if not reviews:
        return None
    for section in reviews:
        year = _YEAR.search(fold(section.heading)) if section.depth == 1 and not section.multi_year else None
        if year:
            return int(year.group(1))
    pieces = [fold(text[s.start + len(s.heading) : s.end]) for s in reviews if s.depth <= 1]
    for piece in pieces:
        opening = _OPENING_YEAR.search(piece)
        if opening:
            return int(opening.group(1))
    body = "".join(pieces)
    said = "".join(fold(section.heading) for section in reviews if section.depth == 1) + body
    if plan_year is not None and _PAST_YEAR.search(said):
        return plan_year - 1
    if delivered_on and "今年" in "".join(s.heading for s in reviews) + body:
        return int(delivered_on[:4])
    named = _YEAR.search(fold(title or ""))
    if named and plan_year is not None and int(named.group(1)) == plan_year - 1:
        return plan_year - 1
    front = fold(text[: min(section.start for section in outline if section.depth)])
    if plan_year is not None and str(plan_year - 1) in _YEAR.findall(front):
        return plan_year - 1
    years = Counter(int(year) for year in _YEAR.findall(body))
    return years.most_common(1)[0][0] if years else None
