"""When the chapters of a report speak: of what was done, of what is to be done, of difficulties, of the government itself.

The heading tells, or the year that it names, or what the chapter opens with. A report without headings turns from the one
to the other in its running text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.language.folding import fold
from retrieval.models import Period, Section

APPENDIX = re.compile(r"(?:附件|附录|附:|名词解释)\s*\d{0,2}")
_REVIEW_WORDS = re.compile(r"回顾|过去|总结|取得|成效|成就|工作情况|完成情况|执行情况")
_PLAN_WORDS = re.compile(
    r"安排|任务|重点|目标|思路|打算|部署|工作计划|总体要求|工作要求|下一步|展望|明年|今后|未来|努力|奋力|着力"
)
_AHEAD_WORDS = re.compile(r"年|下一步|今后|未来|“?十[三四五六]五”?")
_GOVERNANCE_WORDS = re.compile(
    r"(?:政府)?自身建设|政府治理(?:现代化|能力|效能|水平)|(?:建设|打造|锻造|锤炼)[^,。]{0,14}(?:政府|队伍)(?!性|投资|债)|政府[^,。]{0,6}建设"
    r"|(?:服务型|法治|廉洁|效能|有为|满意)政府|治理效能和服务水平"
)
_MULTI_YEAR = re.compile(
    r"(?:过去|今后|未来|五年|三年|四年)(?:的)?(?:[三四五]年)|[三四五]年(?:来|工作|的)"
    r"|“?十[三四五六]五”?(?![^,。]{0,8}(?:收官|开局|起步|新篇|良好))|本届政府"
)
_PROBLEMS = re.compile(
    r"(?:清醒|深刻|更加|充分)[地的]?(?:看到|认识|意识)|也要看到|还要看到|(?<!尽管)(?:面临|存在|还有|仍有|有)(?:着|的)?(?:不少|一些|许多|诸多|较多|很多|不小)?[^,。;]{0,12}"
    r"(?:困难|问题|不足|短板|挑战|压力)|问题(?:说|讲|找|看)(?:透|准|清)|思危方能居安"
)
_PROBLEM_OPENING = 90
_AIMS = r"(?:预期|主要|奋斗|发展|工作|总体|总)目标(?:任务)?(?:是|为|:)"
_TARGET_STATEMENT = re.compile(
    rf"(?:今年|明年|20\d\d年|全年)[^。\n]{{0,40}}{_AIMS}|预期目标(?:是|为|:)|做好今年(?:的)?(?:政府)?工作"
    rf"|(?:今年|明年)(?:的)?(?:政府)?工作的?(?:总体要求|总体思路|指导思想|基本思路)(?:是|为|:)|(?:^|[。!\n])[^\S\n]*+{_AIMS}"
)
_OPENS_AHEAD = re.compile(r"(?:今年|明年|新的一年)[,]?(?:我们)?(?:要|将|计划|打算)(?!求)")
_OPENING = 200  # characters of a chapter that tell what it is about
_OPENING_YEAR = re.compile(r"\s*(?:各位(?:代表|委员)[^\n\d]{0,12}\s*)?(20\d\d)年(?!以?来)")
_YEAR = re.compile(r"(?<!\d)(20\d{2})\s*年(?!以?来)")

# Where running text comes to speak of what is to be done; a year that it names must be later than those spoken of before.
# Of blank lines it begins at the last: from each of them to the next word would be the square of their number.
_TURN = re.compile(
    rf"(?:^|(?<=[。!\n]))[^\S\n]*+(?:(?P<year>20\d\d)年(?!以?来)(?:度)?[^。\n]{{0,40}}?(?:{_AIMS}|(?:思路|要求|打算|指导思想)(?:是|为|:))"
    r"|(?P<opening>20\d\d)年(?:度)?(?:,?(?:我们)?(?:要|将|计划|打算|拟)|,?是[^。\n]{2,30}(?:之年|一年))"
    r"|(?:明年|新的一年|下一年度?|来年)(?!以?来)[^。\n]{0,24}(?:要|将|计划|打算|拟|力争|目标|思路)"
    r"|今年[^。\n]{0,24}(?:目标|思路|要求|打算|指导思想)(?:是|为|:)|(?:下一步|下步|下一阶段)[^。\n]{0,24}(?:要|将|计划|打算|拟|力争|目标|思路|抓好|做好)"
    r"|(?:切实)?(?:做好|抓好)(?:明年|下一年|20\d\d年)(?:的)?[^。\n]{0,8}工作"
    r"|(?:为|围绕)(?:确保)?(?:完成|实现)?(?:以上|上述)[^。\n]{0,6}(?:目标|任务)[^。\n]{0,8}(?:要|将|重点|着力|突出|抓好|做好))"
)


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
            turned = section.start == turn or _is_headed_ahead(heading, reviewed, known)
            period, ahead = ("plan", True) if turned and not ahead else _chapter_period(heading, piece, ahead)
            if period == "review":
                opening = _OPENING_YEAR.match(piece, len(heading))
                said = _years(heading) or ([int(opening.group(1))] if opening else [])
                reviewed = max([reviewed or 0, *said]) or None
            multi_year = bool(_MULTI_YEAR.search(heading))
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
    opening = re.sub(r"^(?:各位(?:代表|委员)[,!]?)", "", piece)[:_PROBLEM_OPENING]
    return (
        bool(_PROBLEMS.search(opening))
        and len(piece) > 60
        and bool(re.search(r"短板|不足|不够|不高|不强|不平衡|不充分|差距|困难|压力|薄弱|亟待|有待", piece))
    )


def problems_start(piece: str, start: int) -> int:
    """The start of the sentence that says that there are difficulties."""
    said = _PROBLEMS.search(piece)
    assert said is not None
    return start + max((match.end() for match in re.finditer(r"[。!]\s*", piece[: said.start()])), default=0)


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
        said = match.group("year") or match.group("opening")
        if said is None or int(said) == known.plan or int(said) > newest:
            return body + match.start() + len(match.group()) - len(match.group().lstrip())
    return None


def _years(text: str) -> list[int]:
    return [int(year) for year in _YEAR.findall(text)]


def _is_headed_ahead(heading: str, reviewed: int | None, known: KnownYears) -> bool:
    """Whether a heading names a year that comes after those reviewed before it, and doesn't look back on it."""
    years = _years(heading)
    if not years or _REVIEW_WORDS.search(heading):
        return False
    if known.plan is not None and known.plan != known.review and max(years) == known.plan:
        return True
    return reviewed is not None and min(years) > reviewed


def _chapter_period(heading: str, piece: str, ahead: bool) -> tuple[Period, bool]:
    """The period of a chapter, and whether it speaks of what is to be done; ``ahead`` is the chapter before's."""
    if _GOVERNANCE_WORDS.search(heading) and not _PLAN_WORDS.search(heading.split("建设")[0][:4]):
        # A report that never came to a plan speaks of the past year here, too.
        return ("governance", True) if ahead else ("review", False)
    if ahead:
        return "plan", True
    if _REVIEW_WORDS.search(heading):
        return "review", False
    if _TARGET_STATEMENT.search(piece) or (_PLAN_WORDS.search(heading) and _AHEAD_WORDS.search(heading)):
        return "plan", True
    if heading and _OPENS_AHEAD.search(piece[len(heading) :][:_OPENING]):
        return "plan", True
    return "review", False
