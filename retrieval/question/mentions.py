"""Questions about mentions: whether, and which, reports mention something, or do not; also of two things at once."""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.language.folding import fold
from retrieval.language.indicators import named
from retrieval.question.asks import Ask
from retrieval.question.query import Theme
from retrieval.question.topics import FIGURE

_LONGEST_TERM = 24
_VERB = r"(?:提到|提及|点名|写进去|写上|说过|谈过|讲(?![究话述台解])|说(?![明法服唱])|提过|提了|提出过|讲到|讲过|讲了|写进|写入|写到|写过|写了|写有|写(?![明作字书出])|涉及|谈到|谈及|说到|说起|说了|出现|列入|纳入|包含|含有|提(?![出高升供前案质速示]))"
_HAS = r"(?:有没有|是否有|有无|里有|中有|里面有)"
_NOT = r"(?:没有|没|未曾|未|不曾|不(?!断|仅|但|只|少|同))"
_REPORT = r"(?:[省市区县镇]级|乡镇级?)?(?:政府工作报告|工作报告|政府报告|报告|材料|文件)"
_PLACE = r"(?:省区市|省份|省市|省区|省|地方|城市|市|区县|区|县|乡镇|镇|地区|地)"
_WHICH = re.compile(
    rf"(?:有|是|分别是|都是|都有)?(?:谁家|哪些|哪几个|哪几份|哪几家|哪个|哪份|哪家|有几个|有几份|几个|几份|多少个|多少份|哪)(?:{_PLACE})?(?:的)?(?:{_REPORT})?(?:里面|里|中|当中|上)?(?:都)?|(?:是|有|都有)?谁|分别(?:是|有)?|各(?:有|是|提到?了?|出现了?)?(?:几|多少)次|(?<=到)了?(?:几|多少)次|(?<=提)了?(?:几|多少)次|(?:几|多少)次$"
)
# 哪些省在搞低空经济, 脑机接口有哪些省在做: those whose reports write of it.
_AT_WORK = r"(?:正)?在(?:大力|积极|加快)?(?:搞|做|干|发展|推进|推动|布局|建设|抓|开展|实施|培育|打造|探索|试点|研究)(?=[^,，]|$)"
_WHO_IS_AT_WORK = re.compile(rf"(?:(?:哪些|哪几个|哪个|几个|多少个|哪)(?:{_PLACE})|谁|哪家)(?:的)?(?:都)?(?:{_AT_WORK})")
_FRAMES = (
    re.compile(r"(?:请|帮我|帮忙)?(?:列出|列一下|列举|找出|找一下|统计一下|统计|汇总一下|汇总|查一下|看看|数一下)"),
    re.compile(rf"(?:所有|全部|各(?:个)?(?:{_PLACE})?|每个|每份|这些|库里|库中)的?(?:{_REPORT})?(?:里面|里|中)?"),
    re.compile(
        rf"(?:的|这份|那份|该)?(?:在)?{_REPORT}(?:里面|里|中|当中|上)?(?:都)?|[这那]份|翻遍|通篇|全文|今年|去年|(?:的)?(?:说法|提法|字样)(?=在|有|$)"
    ),
    re.compile(rf"的(?:{_PLACE}|{_REPORT})?(?:有|是|都)*(?=\s*(?:$|[,，?？]))"),
)
_LISTS = re.compile(r"列出|列一下|列举|找出|统计|汇总|各(?:有|提到?了?)?(?:几|多少)次|(?:几|多少)次|所有|全部|各")
_CHECKS = re.compile(r"(?:吗|么|没有|没|不)$|有没有|是否|是不是|有无|可曾|提没提")
_OF_PLACES = re.compile(rf"的(?:{_PLACE}|{_REPORT})?(?:有|是|都)*$")
_BUT = re.compile(
    rf"[,，;；]?\s*(?:但是?|而|却|又|也|并且?|且|还|同时|以及)+(?=还?(?:都)?{_NOT}?(?:再)?{_VERB}|{_NOT}含)|[,，;；、]\s*(?={_NOT}?{_VERB}|{_NOT}含|没有)"
)
_VERB_FIRST = re.compile(
    rf"^(?:既|同时|又|也|还|都|均|有)*(?P<not>{_NOT})?(?:有)?(?:{_VERB}|含)(?:过|了|到|及|进|入|有)*(?P<terms>.+)$"
)
_TERMS_FIRST = re.compile(
    rf"^(?P<terms>.+?)(?:(?:一个|两个|两样|两者|全|同时|一次)?(?:都|均|也)|同时|一次|两样)?(?:被|在|有|同时)*(?P<not>{_NOT})?(?:被|有)?{_VERB}(?:过|了|到|及|进|入|在)*$"
)
_LACKS = re.compile(r"^(?P<not>没有|没|无)(?P<terms>.{2,12})$")
_HAS_FIRST = re.compile(rf"^{_HAS}(?P<not>$^)?(?P<terms>.{{2,12}}?)(?:这个词|的内容|的提法)?$")
_NEITHER = re.compile(r"(?:一个|两个|两样|两者|全)?(?:都|均)$|(?:两样|两者)$")
_ANY = re.compile(r"或者|或|还是")
_ALL = re.compile(r"、|和|与|以及|及|跟")
_QUOTED = re.compile(r"[“\"《『]([^”\"》』]{2,24})[”\"》』]")
_CLEAN = re.compile(
    r"^(?:的|了|到|过|有关|关于|有|既|同时|都|,|，|\s)+|(?:这个词|一词|这个说法|的内容|相关内容|的|了|吗|么|呢|没有|都|,|，|\?|？|。|\s)+$"
)
_OPPOSITE = re.compile(
    rf"^(?:那|那么|还有)?{_NOT}(?:有)?(?:{_VERB}|含)(?:到|及|过|的|有|是|哪些|几个|谁|呢|了|,|\s|{_PLACE}|{_REPORT})*$"
)
_NUMBERED = re.compile(r"^(?:20\d\d年|今年|去年)|(?:增长|增速|预期|控制)*(?:目标|指标|数字|增速)$")
_NO_TERM = re.compile(r"^(?:今年|去年)?的?(?:政府|工作|政府工作|政府工作报告|工作报告|报告)$")
_COUNTED = re.compile(r"(?:多少|几)(?:[项件类名户人]|家(?!省))[^,]*(?:纳入|列入|出现)|(?:纳入|列入|出现)[^,]*(?:多少|几)[^次]")


@dataclass(frozen=True)
class _Piece:
    terms: str
    negated: bool


def read_mention(text: str) -> Ask | None:
    """The mention that ``text`` (without places and years) asks for, or None.

    Its themes hold together; one that is ``negated`` asks for the reports that lack it. A question that only turns
    the one before around (没提的呢) has one negated theme without terms.
    """
    plain = text.strip("?？。!！ ")
    if _WHO_IS_AT_WORK.search(plain) and "最" not in plain:
        plain = re.sub(_AT_WORK, "提到", plain, count=1)
    if _OPPOSITE.match(plain):
        return Ask(text, "mention", themes=(Theme((), True),), elliptic=True)
    if _COUNTED.search(plain) or not (re.search(_VERB, plain) or re.search(rf"{_HAS}|{_NOT}含", plain)):
        return None
    if not (_WHICH.search(plain) or _LISTS.search(plain) or _CHECKS.search(plain) or _OF_PLACES.search(plain)):
        return None
    pieces = _pieces(plain) or _quoted_piece(plain)
    themes = tuple(theme for piece in pieces for theme in _themes(piece, _QUOTED.findall(plain)))
    if not themes or not all(_is_term(term) for theme in themes for term in theme.terms):
        return None
    if any(_is_figure(term) for theme in themes for term in theme.terms):
        return None  # 哪些省没有提出GDP目标: a figure, whatever it is called there
    whole = _clean(pieces[0].terms) if len(pieces) == 1 and len(themes) > 1 and not _ANY.search(pieces[0].terms) else None
    return Ask(text, "mention", themes=themes, whole=whole)


def _pieces(plain: str) -> list[_Piece]:
    """The conditions of a question, each with the words it is about: 提到A但没提B."""
    checked = re.sub(r"有没有(?=被?" + _VERB + r")|是否|是不是|可曾", " ", plain)
    checked = re.sub(r"提没提(?:到|过)?", "提到", checked)
    checked = re.sub(r"(?:了|过)?(?:吗|么|没有|没|不)$", "", checked)
    bare = _WHICH.sub(" ", checked)
    for frame in _FRAMES:
        bare = frame.sub(" ", bare)
    bare = re.sub(r"\s+", "", bare)
    if "报告" in plain:
        bare = re.sub(r"(?<=.{3})在?有$", "提到", bare)
    bare = re.sub(r"(?<=[^,，])[,，](?=(?:都|均)?" + _VERB + r"(?:了|过|到)*$)", "", bare).strip(",， 的和与、")
    found = []
    for part in filter(None, (part.strip(",， ") for part in _BUT.split(bare))):
        match = (
            _VERB_FIRST.match(part)
            or _TERMS_FIRST.match(part)
            or _HAS_FIRST.match(part)
            or (_HAS_FIRST.match(f"里有{part[1:]}") if part.startswith("有") else None)
            or _LACKS.match(part)
        )
        if match is None:
            return []
        found.append(_Piece(match.group("terms"), bool(match.group("not"))))
    return found


def _quoted_piece(plain: str) -> list[_Piece]:
    """What stands in quotation marks, where the rest of a question is in words of its own."""
    quoted = _QUOTED.search(plain)
    return [_Piece(quoted.group(1), bool(re.search(rf"{_NOT}(?:有)?{_VERB}", plain)))] if quoted else []


def _themes(piece: _Piece, quoted: list[str]) -> list[Theme]:
    terms = _NEITHER.sub("", piece.terms)
    inside = [term for term in quoted if term in terms]
    if inside:
        return (
            [Theme(tuple(inside), False)]
            if _ANY.search(terms) and not piece.negated
            else [Theme((term,), piece.negated) for term in inside]
        )
    if _ANY.search(terms) and not piece.negated:
        return [Theme(tuple(_clean(term) for term in _ANY.split(terms) if _clean(term)), False)]
    split = [_clean(term) for term in _ALL.split(_ANY.sub("、", terms))]
    split = [term for term in split if term]
    if any(len(term) < 2 for term in split):
        split = [_clean(terms)]
    return [Theme((term,), piece.negated) for term in split]


def _clean(term: str) -> str:
    return _CLEAN.sub("", _CLEAN.sub("", term)).strip('“”"《》『』 ')


def _is_figure(term: str) -> bool:
    """Whether a term is an indicator with a word that makes it a number: GDP目标, 失业率控制目标."""
    bare = _NUMBERED.sub("", fold(term))
    return bare != term and any(mention.end - mention.start == len(bare) for mention in named(bare, question=True))


def _is_term(term: str) -> bool:
    return 2 <= len(term) <= _LONGEST_TERM and not FIGURE.search(term) and not _NO_TERM.match(term)
