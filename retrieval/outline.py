"""The outline of a report: a tree of sections, read from numbering and lead phrases as they really occur.

Headings stand on lines of their own, or open a paragraph, or (where a file has lost its line breaks) stand inside
the one line. A *paragraph* here is what lies between line breaks, or between a full stop and a blank.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from retrieval.folding import fold
from retrieval.metadata import head_end
from retrieval.models import Period, Section

_NUMERAL = r"[一二三四五六七八九十]{1,3}"
# Ranks of the markers: a section of a higher rank lies inside the section of a lower rank before it.
_MARKERS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (1, re.compile(rf"(?:{_NUMERAL}、|第{_NUMERAL}(?:部分|章)|{_NUMERAL}\.(?!\d))")),
    (2, re.compile(rf"\((?:{_NUMERAL}|\d{{1,2}})\)")),
    (2, re.compile(rf"第{_NUMERAL}[,、:]")),
    (3, re.compile(r"\d{1,2}[.、](?!\d)")),
    (3, re.compile(r"-{1,4}(?=[\u4e00-\u9fff“])")),
    (3, re.compile(rf"{_NUMERAL}是")),
)
_LEAD_RANK, _INLINE_RANK = 4, 5
_APPENDIX = re.compile(r"(?:附件|附录|附:|名词解释)\s*\d{0,2}")
_ADDRESS = re.compile(r"各位(?:代表|委员|同志)")
_CHAPTER_WORDS = re.compile(
    r"回顾|工作安排|工作重点|重点工作|主要任务|目标任务|总体要求|工作思路|自身建设|工作总结|工作打算|下一步"
)
_REVIEW_WORDS = re.compile(r"回顾|过去|总结|取得|成效|成就|工作情况")
_PLAN_WORDS = re.compile(r"安排|任务|重点|目标|思路|打算|部署|总体要求|工作要求|下一步|展望|明年|今后|未来|努力|奋力|着力")
_GOVERNANCE_WORDS = re.compile(
    r"(?:政府)?自身建设|政府治理(?:现代化|能力|效能|水平)|(?:建设|打造|锻造|锤炼)[^,。]{0,14}(?:政府|队伍)(?!性|投资|债)|政府[^,。]{0,6}建设"
    r"|(?:服务型|法治|廉洁|效能|有为|满意)政府|治理效能和服务水平"
)
_MULTI_YEAR = re.compile(
    r"(?:过去|今后|未来|五年|三年|四年)(?:的)?(?:[三四五]年)|[三四五]年(?:来|工作|的)|“?十[三四五]五”?时期|本届政府"
)
_PROBLEMS = re.compile(
    r"(?:清醒|深刻|更加|充分)[地的]?(?:看到|认识|意识)|也要看到|还要看到|(?<!尽管)(?:面临|存在|还有|仍有|有)(?:着|的)?(?:不少|一些|许多|诸多|较多|很多|不小)?[^,。;]{0,12}"
    r"(?:困难|问题|不足|短板|挑战|压力)|问题(?:说|讲|找|看)(?:透|准|清)|思危方能居安"
)
_PROBLEM_OPENING = 90
_TARGET_STATEMENT = re.compile(
    r"(?:今年|明年|20\d\d年|全年)[^。\n]{0,40}(?:预期|主要|奋斗|发展|工作)目标(?:是|为|:)|预期目标(?:是|为|:)|做好今年(?:的)?(?:政府)?工作"
)
_HEADING_LIMIT = 70
_LINE_HEADING_LIMIT = 32
_INLINE_LEAD = re.compile(r"(?<=[。!?；])\s*([^,。;:!?\d\n、]{4,14}。)(?=[^\n]{12})|^\s*([^,。;:!?\d\n、]{4,14}。)(?=[^\n]{12})")


# A short sentence inside a paragraph that opens like this tells a deed; it leads nothing.
_DEED = re.compile(r"成功|获|荣|入选|完成|实现|新增|建成|承办|举办|累计|启动|开展|落实|组织|一是|我[们镇区县市省]|全[镇区县市省]")


# A chapter's heading in a text that has lost its line breaks and blanks: 。一、2024年工作回顾过去一年,…
_CHAPTER_END = r"(?:工作回顾|回顾|工作安排|重点工作|工作重点|主要任务|目标任务|工作任务|总体要求|主要目标|工作打算|自身建设)"
_COLLAPSED_CHAPTER = rf"{_NUMERAL}、[^,。;:!?\n]{{2,24}}{_CHAPTER_END}"


@dataclass(frozen=True)
class _Heading:
    start: int
    end: int
    rank: int
    text: str


def read_outline(text: str) -> tuple[Section, ...]:
    """The sections of ``text``, parents before children, in the order of the text.

    The sections without children, with what of a parent lies before its first child, cover the text without gap
    or overlap; a parent covers its children. The first section (of depth 0, without heading) is the front matter.
    """
    folded = fold(text)
    body = head_end(text)
    headings = _headings(text, folded, body)
    sections = _tree(text, body, headings)
    return _with_periods(folded, sections)


def section_path(outline: tuple[Section, ...], index: int) -> tuple[str, ...]:
    """The headings from the root to section ``index``, outermost first; unnamed sections are left out."""
    path: list[str] = []
    at: int | None = index
    while at is not None:
        if outline[at].heading:
            path.append(outline[at].heading)
        at = outline[at].parent
    return tuple(reversed(path))


def _paragraphs(folded: str, start: int) -> list[tuple[int, int]]:
    """The paragraphs from ``start`` on, without the blanks around them."""
    cuts = [start]
    cuts += [m.end() for m in re.finditer(rf"\n+|(?<=[。!?:])[ ]+(?=[^\s])|(?<=[。!])(?={_COLLAPSED_CHAPTER})", folded[start:])]
    cuts = [start, *(start + cut for cut in cuts[1:]), len(folded)]
    found = []
    for first, last in pairwise(cuts):
        piece = folded[first:last]
        begin = first + len(piece) - len(piece.lstrip())
        end = first + len(piece.rstrip())
        if end > begin:
            found.append((begin, end))
    return found


def _headings(text: str, folded: str, body: int) -> list[_Heading]:
    headings: list[_Heading] = []
    paragraphs = _paragraphs(folded, body)
    appendix = 0
    skip = False
    for index, (start, end) in enumerate(paragraphs):
        if skip:
            skip = False
            continue
        piece = folded[start:end]
        after = paragraphs[index + 1] if index + 1 < len(paragraphs) else None
        if _APPENDIX.match(piece) and len(piece) <= _LINE_HEADING_LIMIT:
            appendix = 1
            headings.append(_Heading(start, end, 1, text[start:end]))
            continue
        rank = next((rank for rank, marker in _MARKERS if marker.match(piece)), None)
        if rank is not None:
            stop = _heading_end(folded, start, end)
            if rank == 1 and stop == end and after and _continues_heading(folded, paragraphs, index):
                stop, skip = after[1], True
            heading = _Heading(start, stop, rank + appendix, re.sub(r"\s*\n\s*", "", text[start:stop]).strip())
            headings.append(heading)
        elif _is_line_heading(piece):
            rank = 1 if _CHAPTER_WORDS.search(piece) and _YEARS_OR_SHORT.search(piece) else _LEAD_RANK
            headings.append(_Heading(start, end, rank + appendix, text[start:end]))
        elif _opens_problems(piece):
            at = _problems_start(piece, start)
            headings.append(_Heading(at, at, 2 + appendix, ""))
        elif _ADDRESS.match(piece):
            headings.append(_Heading(start, start, 2 + appendix, ""))
        if not skip:
            headings += _leads(text, folded, start, end, appendix, rank is not None)
    unique: dict[int, _Heading] = {}
    for heading in headings:
        kept = unique.get(heading.start)
        if kept is None or (heading.text and not kept.text):
            unique[heading.start] = heading
    return [unique[start] for start in sorted(unique)]


_YEARS_OR_SHORT = re.compile(r"20\d\d\s*年|今年|明年|去年|过去|^.{2,12}$")


def _heading_end(folded: str, start: int, end: int) -> int:
    """Where the heading ends that opens a paragraph: at its full stop, at a blank before text, or with the line."""
    line_end = folded.find("\n", start, end)
    line_end = end if line_end < 0 else line_end
    if line_end - start <= _LINE_HEADING_LIMIT and not re.search(r"[。!?;]", folded[start:line_end]):
        return line_end
    stop = re.search(r"[。!?;]|(?<=[^\s]{6})[ ]+(?=[^\s]{2})", folded[start : min(line_end, start + _HEADING_LIMIT + 30)])
    collapsed = re.match(
        rf"{_COLLAPSED_CHAPTER}(?:和(?:总体要求|主要目标|重点工作|主要任务))?(?=[\u4e00-\u9fff])", folded[start:line_end]
    )
    if (
        collapsed
        and not (stop and stop.start() <= collapsed.end())
        and "," in folded[start : start + (stop.start() if stop else _HEADING_LIMIT)]
    ):
        return start + collapsed.end()
    if stop and stop.start() <= _HEADING_LIMIT:
        return start + (stop.end() if stop.group() in "。!?;" else stop.start())
    if line_end - start <= _HEADING_LIMIT:
        return line_end
    comma = re.search(r"[,:]", folded[start + 4 : start + _HEADING_LIMIT])
    return start + 4 + comma.start() if comma else min(line_end, start + 30)


def _continues_heading(folded: str, paragraphs: list[tuple[int, int]], index: int) -> bool:
    """Whether the next line goes on with a chapter's heading: short, unmarked, without a stop, before a long one."""
    if index + 2 >= len(paragraphs):
        return False
    start, end = paragraphs[index + 1]
    line = folded[start:end]
    long_after = paragraphs[index + 2][1] - paragraphs[index + 2][0] > 40
    marked = any(marker.match(line) for _, marker in _MARKERS)
    return len(line) <= 24 and long_after and not marked and not re.search(r"[。,:;!?]", line)


def _is_line_heading(piece: str) -> bool:
    return (
        len(piece) <= _LINE_HEADING_LIMIT
        and "\n" not in piece
        and not re.search(r"[。,;:!?]|^[(|]|工作报告", piece)
        and len(re.findall(r"[\u4e00-\u9fff]", piece)) >= 4
    )


def _opens_problems(piece: str) -> bool:
    """Whether a paragraph opens the part on difficulties: its opening says that there are some, and it lists them."""
    opening = re.sub(r"^(?:各位(?:代表|委员)[,!]?)", "", piece)[:_PROBLEM_OPENING]
    return (
        bool(_PROBLEMS.search(opening))
        and len(piece) > 60
        and bool(re.search(r"短板|不足|不够|不高|不强|不平衡|不充分|差距|困难|压力|薄弱|亟待|有待", piece))
    )


def _problems_start(piece: str, start: int) -> int:
    """The start of the sentence that says that there are difficulties."""
    said = _PROBLEMS.search(piece)
    assert said is not None
    return start + max((match.end() for match in re.finditer(r"[。!]\s*", piece[: said.start()])), default=0)


def _leads(text: str, folded: str, start: int, end: int, appendix: int, marked: bool) -> list[_Heading]:
    """Lead phrases of a paragraph: short sentences without comma or figure that announce what follows."""
    found = []
    for match in _INLINE_LEAD.finditer(folded[start:end]):
        group = 1 if match.group(1) else 2
        at, stop = start + match.start(group), start + match.end(group)
        if _ADDRESS.match(folded[at:stop]) or (marked and at == start) or (at > start and _DEED.match(folded[at:stop])):
            continue
        rank = _LEAD_RANK if at == start else _INLINE_RANK
        found.append(_Heading(at, stop, rank + appendix, text[at:stop]))
    return found


def _tree(text: str, body: int, headings: list[_Heading]) -> list[Section]:
    sections = [Section(None, 0, "", 0, len(text), None, False)]
    if not headings or headings[0].start > body:
        sections.append(Section(None, 1, "", body, len(text), None, False))
    open_: list[tuple[int, int]] = [(1, 1)] if len(sections) == 2 else []
    sections[0] = replace(sections[0], end=body if len(sections) == 2 else headings[0].start)
    for heading in headings:
        while open_ and open_[-1][0] >= heading.rank:
            index = open_.pop()[1]
            sections[index] = replace(sections[index], end=heading.start)
        if open_ and sections[open_[-1][1]].start == heading.start:
            continue
        parent = open_[-1][1] if open_ else None
        open_.append((heading.rank, len(sections)))
        sections.append(Section(parent, len(open_), heading.text, heading.start, len(text), None, False))
    return sections


def _with_periods(folded: str, sections: list[Section]) -> tuple[Section, ...]:
    done: list[Section] = []
    ahead = False
    appendix = False
    for index, section in enumerate(sections):
        if index == 0:
            done.append(section)
            continue
        parent = done[section.parent] if section.parent is not None else None
        piece = folded[section.start : section.end]
        heading = fold(section.heading)
        period: Period | None
        if section.depth == 1:
            appendix = appendix or bool(_APPENDIX.match(heading))
            if appendix:
                done.append(replace(section, period=None, ahead=True))
                continue
            period, ahead = _chapter_period(heading, piece, ahead)
            multi_year = bool(_MULTI_YEAR.search(heading))
        else:
            assert parent is not None
            period, multi_year = parent.period, parent.multi_year
            if period == "plan" and section.depth == 2 and _GOVERNANCE_WORDS.search(heading):
                period = "governance"
            elif not ahead and not heading and period == "review" and _opens_problems(piece):
                period = "problems"
        done.append(replace(section, period=period, ahead=ahead, multi_year=multi_year))
    return tuple(done)


def _chapter_period(heading: str, piece: str, ahead: bool) -> tuple[Period, bool]:
    """The period of a chapter, and whether it speaks of what is to be done; ``ahead`` is the chapter before's."""
    if _GOVERNANCE_WORDS.search(heading) and not _PLAN_WORDS.search(heading.split("建设")[0][:4]):
        # A report that never came to a plan speaks of the past year here, too.
        return ("governance", True) if ahead else ("review", False)
    if ahead:
        return "plan", True
    if _REVIEW_WORDS.search(heading):
        return "review", False
    if _TARGET_STATEMENT.search(piece) or (_PLAN_WORDS.search(heading) and re.search(r"年|下一步|今后", heading)):
        return "plan", True
    return "review", False
