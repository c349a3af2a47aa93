"""When the chapters of a report speak: of what was done, of what is to be done, of difficulties, of the government itself.

The heading tells, or the year that it names, or what the chapter opens with. A report without headings turns from the one
to the other in its running text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.language.folding import fold
from retrieval.language.patterns import pattern
from retrieval.language.periods import period_end
from retrieval.models import Period, Section

APPENDIX = pattern("reports.chapter.appendix")
_REVIEW_WORDS = pattern("reports.chapter.review")
_PLAN_WORDS = pattern("reports.chapter.plan")
_AHEAD_WORDS = pattern("reports.chapter.ahead")
_GOVERNANCE_WORDS = pattern("reports.chapter.governance")
_MULTI_YEAR = pattern("reports.chapter.multi_year")
_ADMITS = pattern("reports.chapter.admits")
_PROBLEMS = pattern("reports.chapter.problems")
_PROBLEM_OPENING = 90
_DIFFICULTIES = pattern("reports.chapter.difficulties")
_ADDRESS = pattern("reports.chapter.address")
_TARGET_STATEMENT = pattern("reports.chapter.targets")
_AMOUNT = re.compile(r"\d(?!\d{0,3}\s?年)(?![.、])")  # no year, no number of an item
_OPENS_AHEAD = pattern("reports.chapter.opens_ahead")
_FIRST_WORDS = 30  # characters
_OPENING = 200  # characters of a chapter that tell what it is about
_OPENING_YEAR = pattern("reports.chapter.opening_year")
_YEAR = pattern("reports.chapter.year")
_FIVE_YEARS = pattern("reports.chapter.five_years")

# Where running text comes to speak of what is to be done; a year that it names must be later than those spoken of before.
# Of blank lines it begins at the last: from each of them to the next word would be the square of their number.
_TURN = pattern("reports.chapter.turn")


@dataclass(frozen=True)
class KnownYears:
    """The years that an administrator corrected a report's to, if any: they tell a chapter headed by one of them."""

    review: int | None = None
    plan: int | None = None


NOTHING_KNOWN = KnownYears()


def with_periods(folded: str, sections: Sequence[Section], known: KnownYears, turn: int | None) -> tuple[Section, ...]:
    """``sections`` with when each speaks; a chapter that starts at ``turn`` is the first of what is to be done."""
    done: list[Section] = []
    ahead = appendix = False
    reviewed = known.review
    for index, section in enumerate(sections):
        if index == 0:
            done.append(section)
            continue
        parent = done[section.parent] if section.parent is not None else None
        piece = folded[section.start : section.end]
        heading = fold(section.heading)
        period: Period | None
        if section.depth == 1:
            appendix = appendix or bool(APPENDIX.match(heading))
            if appendix:
                done.append(replace(section, period=None, ahead=True))
                continue
            opening = _OPENING_YEAR.match(piece, len(heading))
            turned = section.start == turn or _is_headed_ahead(heading, opening, reviewed, known)
            period, ahead = ("plan", True) if turned and not ahead else _chapter_period(heading, piece, ahead)
            if period == "review":
                ended = period_end(heading)  # “十一五”回顾: what a heading of 2011 behind it is of is to be done
                said = _years(heading) or ([int(opening.group(1))] if opening else [ended] if ended else [])
                reviewed = max([reviewed or 0, *said]) or None
            unnamed = section.start == turn and not heading
            multi_year = bool(_MULTI_YEAR.search(piece[:_FIRST_WORDS] if unnamed else heading))
        else:
            assert parent is not None
            period, multi_year = parent.period, parent.multi_year
            if period == "plan" and section.depth == 2 and _GOVERNANCE_WORDS.search(heading):
                period = "governance"
            elif not ahead and not heading and period == "review" and opens_problems(piece):
                period = "problems"
        done.append(replace(section, period=period, ahead=ahead, multi_year=multi_year))
    return tuple(done)


def opens_problems(piece: str) -> bool:
    """Whether a paragraph opens the part on difficulties: its opening says that there are some, and it lists them."""
    opening = _ADDRESS.sub("", piece)[:_PROBLEM_OPENING]
    said = _ADMITS.search(opening) or _PROBLEMS.search(opening)
    return bool(said) and len(piece) > 60 and bool(_DIFFICULTIES.search(piece))


def problems_start(piece: str, start: int) -> int:
    """The start of the sentence that says that there are difficulties."""
    said = min(match.start() for asked in (_ADMITS, _PROBLEMS) if (match := asked.search(piece)))
    return start + max((match.end() for match in re.finditer(r"[。!]\s*", piece[:said])), default=0)


def problems_of(text: str, outline: Sequence[Section]) -> Section | None:
    """The part of a report on its difficulties: of several that speak of some, the first that comes to admit them."""
    found = [section for section in outline if section.period == "problems"]
    admitting = (one for one in found if _ADMITS.search(fold(text[one.start : min(one.end, one.start + _PROBLEM_OPENING)])))
    return next(admitting, found[0] if found else None)


def turn_of_running_text(folded: str, sections: Sequence[Section], body: int, known: KnownYears) -> int | None:
    """Where a report that heads no chapter of what is to be done comes to speak of that in its running text, or None.

    Not at its very beginning: what there is before the turn is the review.
    """
    chapters = [section for section in sections if section.depth == 1]
    if any(section.ahead and section.heading and section.period for section in chapters):
        return None
    appendix = next((section.start for section in chapters if section.period is None), len(folded))
    text = folded[body:appendix]
    at, dated, newest = 0, False, known.review or 0  # of what stands before, which is looked through once
    for match in _TURN.finditer(text):
        passed, at = text[at : match.start()], match.start()
        dated = dated or bool(re.search(r"\d", passed))
        newest = max(newest, *_years(passed), 0)
        if not dated:
            continue
        said = match.group("year") or match.group("opening") or match.group("worked")
        if said is None or int(said) == known.plan or int(said) > newest:
            return body + match.start() + len(match.group()) - len(match.group().lstrip())
    return None


def turn_within_a_chapter(folded: str, sections: Sequence[Section]) -> int | None:
    """Where a chapter on a five-year plan that is over and on the one after it (“十三五”…和“十四五”…目标任务) comes to the second."""
    for section in sections:
        heading = fold(section.heading) if section.depth == 1 and section.period == "review" else ""
        plans = _FIVE_YEARS.findall(heading)
        if len(set(plans)) > 1 and _PLAN_WORDS.search(heading):
            body = folded[section.start + len(section.heading) : section.end]
            turn = re.search(rf"\n[^\S\n]*(?=[“\"]?{plans[-1]})", body)
            return section.start + len(section.heading) + turn.end() if turn else None
    return None


def _years(text: str) -> list[int]:
    return [int(year) for year in _YEAR.findall(text)]


def _is_headed_ahead(heading: str, opening: re.Match[str] | None, reviewed: int | None, known: KnownYears) -> bool:
    """Whether a heading names a year that comes after those reviewed before it, and doesn't look back on it.

    One of what is to be done (目标) need not name it where its chapter opens with it.
    """
    years = _years(heading) or ([int(opening.group(1))] if opening and _PLAN_WORDS.search(heading) else [])
    if not years or _REVIEW_WORDS.search(heading):
        return False
    if known.plan is not None and known.plan != known.review and max(years) == known.plan:
        return True
    return reviewed is not None and min(years) > reviewed


def _opens_ahead(opening: str) -> bool:
    """Whether the beginning of a chapter comes to what is to be done before it tells any amount."""
    found = _OPENS_AHEAD.search(opening)
    return found is not None and not _AMOUNT.search(opening[: found.start()])


def _chapter_period(heading: str, piece: str, ahead: bool) -> tuple[Period, bool]:
    """The period of a chapter, and whether it speaks of what is to be done; ``ahead`` is the chapter before's."""
    if _GOVERNANCE_WORDS.search(heading) and not _PLAN_WORDS.search(heading.split("建设")[0][:4]):
        # A report that never came to a plan speaks of the past year here, too.
        return ("governance", True) if ahead else ("review", False)
    if ahead:
        return "plan", True
    if _REVIEW_WORDS.search(heading):
        return "review", False
    # What has no heading, as a news story, may state its targets at the end: there its running text turns.
    if (heading and _TARGET_STATEMENT.search(piece)) or (_PLAN_WORDS.search(heading) and _AHEAD_WORDS.search(heading)):
        return "plan", True
    if heading and _opens_ahead(piece[len(heading) :][:_OPENING]):
        return "plan", True
    if not heading and (_OPENS_AHEAD.match(piece) or _TARGET_STATEMENT.search(piece[:_FIRST_WORDS])):
        return "plan", True  # what was pasted from the middle of a plan
    return "review", False
