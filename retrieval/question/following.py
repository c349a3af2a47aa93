"""What a turn takes from the one before: each of place, subject, time and selection only where it names none itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from retrieval.language.patterns import pattern, word_list
from retrieval.question.asks import Ask
from retrieval.question.ellipsis import as_much, is_bare, of_economy, of_other_people, of_same_name, with_flow_of, with_subject_of
from retrieval.question.parsing import Question
from retrieval.question.query import ALL_YEARS, NO_TIME, Overview, When
from retrieval.question.selections import NO_SELECTION
from retrieval.question.years import CourseOfAsks

_NEXT_TO = pattern("questions.time.next_to")
_SIDES = {"this": "plan", "next": "plan", "last": "review", "before_last": "review"}
_PROBLEMS = frozenset(word_list("questions.problems"))
_MAIN = pattern("questions.follow.main_targets")


def lacks_subject(question: Question) -> bool:
    """Whether a question leaves out what it asks for: 那大足区呢, 去年完成了多少, 没提的呢; but not 有哪些主要目标."""
    if question.overview is not None:
        return not question.overview.by_words
    if question.course is not None and question.course.kind == "met" and question.time.said:
        return False  # 云溪镇去年的目标完成了吗: all of them
    return all(_lacks_subject(ask) for ask in question.asks) and (question.course is None or not question.course.asks)


def beside_overview(before: Question, now: Question) -> Question:
    """比2019年多了什么 after the overview of a year: that year's report is the other one."""
    goes_on = now.overview is not None and now.overview.changes and before.overview is not None
    if not goes_on or len(now.years) != 1 or len(before.years) != 1 or now.years == before.years:
        return now
    when = When((*before.years, *now.years))
    return replace(now, asks=tuple(replace(ask, when=when) for ask in now.asks))


def of_years_before(before: Question, now: Question) -> Question:
    """最高的呢 after a question over the years of a place: it selects of them, not of all places."""
    over_years = before.course is not None and before.course.kind == "trend" and bool(before.course.asks)
    if not over_years or now.course or not now.selection or now.level or not all(ask.empty for ask in now.asks):
        return now
    return replace(now, everywhere=False, selection=NO_SELECTION, course=CourseOfAsks("trend", (), selection=now.selection))


def without_years(question: Question) -> Question:
    """A question as if it had named no time."""
    course = question.course and replace(question.course, asks=tuple(replace(ask, when=NO_TIME) for ask in question.course.asks))
    return replace(question, asks=tuple(replace(ask, when=NO_TIME) for ask in question.asks), course=course)


def _lacks_subject(ask: Ask) -> bool:
    if ask.kind == "mention":
        return not any(theme.terms for theme in ask.themes)
    if ask.main_work or (ask.empty and _MAIN.search(ask.text)):
        return False
    return ask.empty or is_bare(ask)


def merge(before: Question, now: Question, *, moved: bool = False) -> Question:
    """``now`` as a follow-up of ``before``: what it leaves out is as it was (那大足区呢, 固定资产投资呢, 去年呢).

    ``moved`` tells that it names another place, where offices have other names (区长, 镇长). A question that was put to
    all places still is, and still asks for the highest, unless it names places or selects something else.
    """
    if not moved:
        elliptic = all(ask.empty or ask.elliptic for ask in now.asks)
        selection = now.selection or (before.selection if elliptic and not now.everywhere else now.selection)
        everywhere, level = now.everywhere or before.everywhere, now.level or before.level
        now = replace(now, selection=selection, everywhere=everywhere, level=level)
    now = replace(now, asks=tuple(_as_mention(ask, before) for ask in now.asks))
    now = replace(now, asks=tuple(_beside(ask, now, before) for ask in now.asks))
    said = next((ask.when for ask in now.asks if ask.when.said), None)
    told = now.asks[0] if now.asks else None
    if told and told.empty and told.measure == "growth" and now.overview is None and _is_of_whole(before, now):
        asks: tuple[Ask, ...] = (of_economy(told),)
    elif all(ask.empty for ask in now.asks):
        now = replace(now, overview=_overview(before, now))
        asks = tuple(
            replace(
                ask,
                aim=(told.aim if told else None) or (None if said else ask.aim),
                measure=(told.measure if told else None) or ask.measure,
                office=None if moved else ask.office,
            )
            for ask in (as_much(with_flow_of(one, told), told) if told else one for one in _asked(before))
        )
    else:
        of_subject = (one for ask in now.asks for one in _of_subject(ask, before, said is not None))
        asks = tuple(_in_context(ask, before, said is not None) for ask in of_subject)
    earlier = before.asks[0].when if before.asks else When()
    if said is None and now.overview is None and _is_otherwise(earlier, now):
        earlier = When()
        asks = tuple(replace(ask, when=earlier) for ask in asks)
    now = replace(now, course=_course(before, now, asks))
    return replace(now, asks=tuple(replace(ask, when=said or (ask.when if ask.when.said else earlier)) for ask in asks))


def _is_of_whole(before: Question, now: Question) -> bool:
    """Whether a question was for all of a report, its difficulties or its main work: of nothing that can grow, or anew all places are
    looked at, after what no figure tells."""
    anew = now.everywhere and bool(before.asks) and all(ask.kind == "passage" for ask in before.asks)
    return (
        anew
        or before.overview is not None
        or all(ask.main_work or (ask.kind == "passage" and set(ask.topic) <= _PROBLEMS) for ask in before.asks)
    )


def _asked(before: Question) -> Sequence[Ask]:
    """What the question before asked for, over years or not."""
    return before.course.asks if before.course is not None and before.course.asks else before.asks


def _overview(before: Question, now: Question) -> Overview | None:
    """A year or a place alone after an overview asks for the same of that; 今年 and 去年 for what is to be done, or was."""
    said = now.overview is not None and (now.overview.by_words or now.overview.side is not None or now.overview.changes)
    if said or before.overview is None:
        return now.overview
    side = _SIDES.get(now.relative or "") if now.time.said else before.overview.side
    return replace(before.overview, side=side)


def _is_otherwise(earlier: When, now: Question) -> bool:
    """Whether ``now`` is of another time than the one before: 去年产了多少 / 目标呢 (the one that is set now), 今年要干啥 / 修了多少路."""
    aims = {ask.aim for ask in now.asks}
    return (earlier.relative == "last" and aims <= {"target"}) or (earlier.relative in ("this", "next") and aims == {"actual"})


def _beside(ask: Ask, now: Question, before: Question) -> Ask:
    """A part about 上一年 or 下一年 after a question for a year, which it then lies beside."""
    apart = {"last": -1, "next": 1}.get(ask.when.relative or "", 0) if _NEXT_TO.search(now.text) else 0
    year = before.asks[0].when.year if before.asks else None
    return replace(ask, when=When((year + apart,))) if apart and year is not None and not ask.when.years else ask


def _course(before: Question, now: Question, asks: Sequence[Ask]) -> CourseOfAsks | None:
    """What a follow-up asks over years: of the things before where it only selects of them (哪一年最低, 完成了吗), or as the question
    before did of another thing (固定资产投资呢)."""
    course = now.course
    if course is not None and not course.asks:
        earlier = before.course
        if earlier is None and course.kind == "trend" and not course.selection.which and course.years == ALL_YEARS:
            return None  # of the places before
        of_before = earlier.asks if earlier and earlier.asks else tuple(ask for ask in before.asks if ask.kind == "figure")
        if course.kind == "met":
            return replace(course, asks=tuple(replace(ask, aim=None) for ask in of_before))
        years = earlier.years if earlier and course.years == ALL_YEARS else course.years
        return replace(course, asks=of_before, years=years)
    if course is None and before.course is not None and before.course.kind == "met" and now.selection:
        return None  # 排第几, of what came of it
    if course is None and before.course is not None and all(ask.elliptic or (ask.empty and ask.aim is None) for ask in now.asks):
        if not any(ask.when.said or not ask.empty for ask in now.asks):
            return before.course
        return replace(before.course, asks=tuple(replace(ask, aim=None, kind="figure") for ask in asks if not ask.empty))
    return course


def _as_mention(ask: Ask, before: Question) -> Ask:
    """What a follow-up of a mention means: the same of another theme (那具身智能呢), or the other way round (没提的呢)."""
    first = before.asks[0] if before.asks else None
    if first is None or first.kind != "mention":
        return ask
    if ask.kind == "mention" and not any(theme.terms for theme in ask.themes):
        return replace(first, text=ask.text, themes=tuple(replace(theme, negated=not theme.negated) for theme in first.themes))
    if ask.kind == "passage" and ask.elliptic and ask.topic and len(first.themes) == 1:
        return replace(first, text=ask.text, themes=(replace(first.themes[0], terms=("".join(ask.topic),)),), whole_theme=None)
    return ask


def _of_subject(ask: Ask, before: Question, said_when: bool) -> list[Ask]:
    """A part with but a verb or an amount (去年改造了多少) is said of each thing that the question before was for."""
    others = [one for first in before.asks for one in of_other_people(ask, first)]
    others = others or [one for first in before.asks if ask.elliptic and (one := of_same_name(ask, first))]
    if others:
        aim = ask.aim or (None if said_when or not before.asks else before.asks[0].aim)
        return [replace(one, aim=aim) for one in others]
    if not is_bare(ask):
        return [ask]
    told = []
    for first in before.asks:
        if first.kind in ("figure", "passage"):
            told.append(replace(with_subject_of(ask, first), aim=ask.aim or (None if said_when else first.aim)))
    return told or [ask]


def _in_context(ask: Ask, before: Question, said_when: bool) -> Ask:
    """An elliptic part (固定资产投资呢) asks for a figure when the question before did, and of the same aim."""
    first = before.asks[0] if before.asks else None
    if first is None or first.kind != "figure" or not ask.elliptic or ask.kind not in ("passage", "figure"):
        return ask
    return replace(ask, kind="figure", aim=ask.aim or (None if said_when else first.aim))
