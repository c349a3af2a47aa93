"""What a report says of itself: title, place, years, date, meeting, speaker. What it doesn't say stays empty."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

from retrieval.language.folding import chinese_number, fold
from retrieval.language.places import PLACEHOLDER, level_of, split_chain
from retrieval.models import Metadata, Section, Span
from retrieval.report.splitting import is_title

_HEAD_LIMIT = 800
_GREETING = re.compile(
    r"(?:各位|尊敬的)(?:(?:居民|村民|党员)?代表|委员|同志|领导|来宾)|现在[,、]?\s*我[谨受]?代?表?|^\s*一、", re.M
)
_SENTENCE_LINE = re.compile(r"[^\n]{60,}[。!]")
_DATE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_CHINESE_DATE = re.compile(r"([二][0〇零]\S{2})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日")
_MEETING = re.compile(r"在\s*((?:(?!在)[^,。;:]){0,40}?(?:人民代表大会|人大)(?:(?!在)[^,。;:]){0,16}?会议)")
_OFFICES = "省长|市长|区长|县长|镇长|乡长|州长|盟长|旗长|主席|专员|街道办事处主任|办事处主任|管委会主任"
_OFFICES_OF_PLACES = _OFFICES.replace("街道办事处主任|", "")  # 街道 is part of the place's name
_PREFIX = r"(?:[\u4e00-\u9fffxX×]{0,20}?(?:人民政府|自治区|省|市|区|县|镇|乡|州|盟|旗|街道))?"
_NAME = r"[\u4e00-\u9fff]{2,4}(?:·[\u4e00-\u9fff]{1,8}){0,3}"
_OFFICE_THEN_NAME = re.compile(
    rf"(?P<office>{_PREFIX}(?:代理|代)?(?:{_OFFICES}))(?:\(代\))?\s*:?\s*(?P<name>[\u4e00-\u9fff](?:[\s·]*[\u4e00-\u9fff]){{1,10}}?)"
    r"(?=同志|作政府|作工作|作报告|所作|代表|在|的|\(|\s*\n|\s*$|\s+(?:各位|现在|\d))"
)
_NAME_THEN_OFFICE = re.compile(rf"(?:日|\n|^|\s)(?P<name>{_NAME}?)(?P<office>(?:代理|代)?(?:{_OFFICES}))(?=在|向|所?作|代表)")
_REPRESENTS = re.compile(r"代表([\u4e00-\u9fffxX×]{1,20}?(?:镇|乡|区|县|市|省|州|盟|旗|街道))(?:人民政府|办事处|政府)")
_GENERIC = re.compile(r"^(?:乡镇|街镇|镇街|镇|乡|县|区|市|省|自治区|州|全[省市区县镇乡]|我[省市区县镇乡])$")
_TITLE_PLACE = re.compile(
    r"^《?(?:\d{2,4}年?度?)?(?P<place>.*?)(?:人民)?(?:政府|办事处)?(?:\d{2,4}|20[xX×]{2}|[xX×]{2,4})?年?度?(?:政府)?工作(?:报告|总结|情况|回顾)"
)
_YEAR = re.compile(r"(?<!\d)(20\d{2}|19[5-9]\d)\s*年")
_YEAR_PLANNED = re.compile(r"(?<![\d到至])(20\d{2}|19[5-9]\d)\s*年")
_OPENING_YEAR = re.compile(
    r"^\s*(?:[^。\n]{0,16}?(?:过去|过去的|即将过去的|刚刚过去的|不平凡的))?\s*(20\d{2})\s*年(?:度)?"
    r"(?:[,是工经全主我在,:]|经济|政府|预期|重点|目标)"
)
_PLAN_STATEMENT = re.compile(
    r"(?<!\d)(20\d{2})\s*年(?:度)?[^。,\n]{0,30}?(?:(?:预期|主要|奋斗|发展|工作|总体|总)目标|工作的?(?:指导思想|总体要求|总体思路|基本思路))(?:是|为|:)"
)
_FULL_YEAR_PLAN = re.compile(r"(?<!\d)(20\d{2})\s*年[^。\n]{0,40}?(?:预期|主要|奋斗|发展)目标(?:是|为|:)")


def understand(text: str, outline: tuple[Section, ...], source: str | None) -> Metadata:
    """The metadata that ``text`` states; ``source`` is the publication its removed source line named."""
    head = text[: head_end(text)]
    folded = fold(head)
    evidence: dict[str, Span] = {}
    title = _title(head, evidence)
    delivered_on = _delivered_on(folded, evidence)
    meeting = _meeting(folded, evidence)
    office, speaker = _speaker(folded, evidence)
    chain = _place_chain(title, meeting, office, text)
    plan_year = _plan_year(text, outline, delivered_on)
    review_year = _review_year(text, outline, plan_year, title, delivered_on)
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
    for pattern in (r"[^\n]+", r"\S+"):
        for match in re.finditer(pattern, head):
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
    for pattern in (_NAME_THEN_OFFICE, _OFFICE_THEN_NAME):
        for match in pattern.finditer(folded):
            name = re.sub(r"\s+", "", match.group("name"))
            if level_of(name) or len(name) < 2 or name.endswith(("人民", "政府")):
                continue
            office = re.sub(r"\s+", "", match.group("office"))
            office = re.sub(r"^.*(?:会议上?|日)(?=.)", "", office)
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
        chains.append(_chain(re.split(r"第[一二三四五六七八九十百零\d]+届", meeting)[0]))
    if office:
        chains.append(_chain(re.sub(rf"(?:人民政府)?(?:代理|代)?(?:{_OFFICES_OF_PLACES})$", "", office)))
    chains.append(_chain(_represented(text)))
    stated = [chain for chain in chains if chain]
    if not stated:
        return ()
    return max((chain for chain in stated if chain[-1] == stated[0][-1]), key=len)


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
    for pattern in (_PLAN_STATEMENT, _FULL_YEAR_PLAN, _OPENING_YEAR):
        stated = pattern.search(body)
        if stated:
            return int(stated.group(1))
    said = body + "".join(section.heading for section in plans)
    if delivered_on and "明年" in said:
        return int(delivered_on[:4]) + 1
    if delivered_on and "今年" in said:
        return int(delivered_on[:4])
    return None


def _year_after(text: str, outline: tuple[Section, ...], review_year: int | None) -> int | None:
    """The year planned for where only the reviewed one is named: the plan says 明年, or 今年 where the review doesn't."""
    chapters = [section for section in outline if section.depth == 1 and section.period]
    ahead = fold("".join(text[section.start : section.end] for section in chapters if section.ahead))
    done = fold("".join(text[section.start : section.end] for section in chapters if not section.ahead))
    follows = re.search(r"明年|下一年|来年|新的一年", ahead) or ("今年" in ahead and "今年" not in done)
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
    if plan_year is not None and re.search(r"去年|过去(?:的)?一年|一年来|五年来|过去(?:的)?五年|这一年", said):
        return plan_year - 1
    if delivered_on and re.search(r"今年", "".join(s.heading for s in reviews) + body):
        return int(delivered_on[:4])
    named = _YEAR.search(fold(title or ""))
    if named and plan_year is not None and int(named.group(1)) == plan_year - 1:
        return plan_year - 1
    front = fold(text[: min(section.start for section in outline if section.depth)])
    if plan_year is not None and str(plan_year - 1) in _YEAR.findall(front):
        return plan_year - 1
    years = Counter(int(year) for year in _YEAR.findall(body))
    return years.most_common(1)[0][0] if years else None
