"""Understanding a question: its years, and for each of its parts what is asked - a figure, a fact, a mention, a passage."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from retrieval.errors import EmptyQuestion, QuestionTooLong
from retrieval.folding import chinese_number, fold, simplify
from retrieval.indicators import Indicator, named
from retrieval.scope import with_chinese_words
from retrieval.tokens import words
from retrieval.vocabulary import stop_words, weak_words

LONGEST_QUESTION = 500
Relative = Literal["this", "last", "next", "before_last"]
AskKind = Literal["figure", "fact", "mention", "passage"]
Fact = Literal["speaker", "delivered_on", "meeting", "source", "title", "years"]

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060\ufeff\ud800-\udfff]")
_YEAR = re.compile(
    r"(?<!\d)(?P<full>20\d{2}|19[5-9]\d)(?!\d)\s*(?:年度?|财年)?|(?<!\d)(?P<short>[12]\d)\s*年(?!前|来|内|后)|(?P<chinese>[二一][〇零0九][〇零0一二三四五六七八九]{2})\s*年"
)
_RELATIVE: tuple[tuple[Relative, re.Pattern[str]], ...] = (
    ("before_last", re.compile(r"前年|大前年")),
    ("last", re.compile(r"去年|上一?年度?|过去一年")),
    ("this", re.compile(r"今年|本年度?|当年")),
    ("next", re.compile(r"明年|下一?年度?|来年")),
)
_TARGET = re.compile(
    r"目标|预期(?!寿命)|打算|计划(?!生育)|规划|力争|争取|准备|拟|将要?|要(?=新?[增建改完达实控保投打种做开招引培把给])|想(?:要)?(?=[新建改引吸增达把])|希望|定(?:的|了|在|为)?多少|安排|控制在|确保|达到多少|提出的"
)
_ACTUAL = re.compile(
    r"完成(?:了|情况|得)|实现了|实际|(?:了|得)(?:多少|几|大约|约)|到了|(?:[增建改拆修种投花发建办引招培查整清治救转安化解处帮交]|增长|下降|提高|减少|新增|达到|增加|改造|拆除|整治|完成|建成|发放|投入|签约|引进|接待|新建|落实|开展|举办|解决|培训|资助|调解|成功|涨|降|得|卖|赚|评|获)了|怎么样了|结果|同比|到底|已经|成绩"
)
_GROWTH = re.compile(
    r"增长(?!点|极)|增速|增幅|涨幅|涨了?|上涨|涨跌|增减|是增是减|是涨还是跌|变动|幅度|下降|降低|降幅|降了|变化|多了百分|(?:(?<!新)增加?|提高|减少)了?(?:多少|几个百分点|百分之几|多少个百分点)?[?？。]?$"
)
_LEVEL = re.compile(
    r"总量|总额是|总值是|规模(?!以上|工业|企业)|多少(?:万|亿)?(?:元|人|吨|亩|户|家|个(?!百分)|公里|平方)|多少钱|总共"
)
_SHARE = re.compile(r"占比|比重|占[^,]{0,16}(?:多少|百分之几|比例)|比例是?多少")
_RATE = re.compile(r"(?:成功|办结|办复|满意|覆盖|参保|合格|完成|巩固|化解|达标|入学|好评|核减|回复|处置|普及|利用|增长)率")
_FIGURE = re.compile(
    r"多少|几(?=[个家户亩公人件次项条处座所栋套台辆场名位起吨万亿种类部批倍千百届成天])|百分之几|多大|多高|多长|多远|几个百分点|数额|金额|排名|排第几|什么水平|增速|增幅|涨幅|占比|比重|总量|数量|人数|面积|率是|how (?:much|many)"
)
_SEVERAL_YEARS = re.compile(
    r"(?:未来|今后|过去|近|这)的?(?:[三四五两几]|\d)年|[\"“]?十[三四五六]五[\"”]?(?:期间|时期|末)?|[三四五](?:年)(?:来|间|内)"
)
_PARTS = re.compile(r"[,;，；?？]|(?<=多少)(?:和|以及|及|、)|、(?=[^、]{0,12}(?:多少|几))")
_FACTS: tuple[tuple[Fact, re.Pattern[str]], ...] = (
    (
        "meeting",
        re.compile(r"(?:哪|什么|第几|几)(?:个|次|届|一次|届次)?[^,。?]{0,6}(?:会议|大会|人代会|会上|会)|会议(?:名称|是什么)"),
    ),
    (
        "delivered_on",
        re.compile(r"(?:哪(?:一)?天|什么时候|何时|几月几[号日]|哪一?日|日期|什么时间|几号|哪年哪月)"),
    ),
    (
        "speaker",
        re.compile(r"谁|哪位|报告人|(?:叫|姓)什么|(?:省长|市长|区长|县长|镇长|乡长|州长|主席)(?:是|叫|的名字|姓名|$)"),
    ),
    ("source", re.compile(r"来源|出处|哪里(?:发布|登|刊)|哪家(?:报|媒体)|转载自")),
    ("title", re.compile(r"(?:报告的?)?(?:标题|题目|全称|全名)")),
    ("years", re.compile(r"(?:回顾|总结|计划|安排|针对)的?是?(?:哪|什么)(?:一)?年|哪一?年的?报告")),
)
_ABOUT_REPORT = re.compile(
    r"区里|镇里|县里|市里|省里|里|政府|工作报告|报告|作的?|做的?|是|在|的|了|于|由|上|讲|宣读|会议|大会|人代会|人大|召开|开|几|次|届|第|哪|一|个|天|日|号|什么|时候|何时|时间|日期|谁|哪位|人|代表|名字|姓名|姓|叫|"
    r"省长|市长|区长|县长|镇长|乡长|州长|主席|代理|代|来源|出处|发布|刊登|标题|题目|全称|全名|给|向|回顾|计划|年|月|\d|这份|那份|份|书面|提交|安排|总结|针对|工作|请问|你|我|知道|[?？,，。\s]"
)
_OFFICE_ASKED = re.compile(r"(副)?(书记|省长|市长|区长|县长|镇长|乡长|州长|主席|主任|局长)")
_MENTION_VERB = r"(?:提到|提及|提过|提了|讲到?|写进|写入|写到|写了|写|涉及|谈到|讲到|说到|出现|列入|纳入)"
_WHICH = r"(?:哪些|哪几个|哪个|哪几份|哪份|几个|几份|多少个?|有哪些|哪)"
_UNITS_OF_REPORTS = r"(?:省区市|省份|省市|省区|省|地方|报告|城市|市|区县|区|县|乡镇|镇|地区|材料|文件)"
_MENTION_LISTS = (
    re.compile(
        rf"(?:{_WHICH}{_UNITS_OF_REPORTS}?|谁)[^,]{{0,12}}?{_MENTION_VERB}(?:了|过|到)?(?P<term>(?!(?:政府)?(?:工作)?报告)(?!政府)[^,]+?)(?:的?(?:有)?(?:哪些|几个)?{_UNITS_OF_REPORTS}?)?$"
    ),
    re.compile(
        rf"^(?P<term>.+?)(?:被|在|是|都|有)?{_WHICH}{_UNITS_OF_REPORTS}?[^,]{{0,10}}?(?:{_MENTION_VERB}(?:进|入|了|过|到)?(?:了)?(?:政府工作报告|工作报告|报告)?|有)$"
    ),
    re.compile(rf"{_MENTION_VERB}(?:了|过|到)?(?P<term>[^,]+?)的(?:有|是)?{_WHICH}"),
    re.compile(
        rf"{_MENTION_VERB}(?:了|过|到)?(?P<term>[^,]+?)的?{_UNITS_OF_REPORTS}(?:有|是|都)*(?:哪些|哪几个|几个|多少|谁)?(?:个)?{_UNITS_OF_REPORTS}?$"
    ),
    re.compile(
        rf"(?:列出|找出|列举|统计|汇总)(?:一下)?(?:所有|全部)?{_MENTION_VERB}(?:了|过|到)?(?P<term>[^,]+?)的?{_UNITS_OF_REPORTS}?$"
    ),
)
_MENTION_CHECKS = (
    re.compile(rf"(?:有没有|是否|是不是|有无|可曾)(?:都)?{_MENTION_VERB}(?:了|过|到)?(?P<term>[^,]+)$"),
    re.compile(rf"{_MENTION_VERB}(?:了|过|到)?(?P<term>[^,]+?)(?:了)?(?:吗|没有|没|么|不)$"),
    re.compile(rf"(?P<term>[^,]+?)(?:有没有|是否|是不是)(?:被)?{_MENTION_VERB}(?:到|过|了|进)?(?:政府工作报告|工作报告|报告)?$"),
    re.compile(r"报告(?:里|中)(?:有没有|有无|是否有|有)(?P<term>[^,]{2,12}?)(?:吗|没有|这个词|的内容|的提法)?$"),
)
_NO_TERM = re.compile(r"^(?:今年|去年)?的?(?:政府|工作|政府工作|政府工作报告|工作报告|报告)$")
_MENTION_CLEAN = re.compile(
    r"^(?:的|了|到|过|有关|关于|“|\"|《|『)+|(?:这个词|一词|这个说法|的内容|相关内容|的|了|吗|呢|没有|”|\"|》|』)+$"
)
_EVERYWHERE = re.compile(
    r"(?:各|所有|全部|每个|几个|这些|哪个|哪些|哪几个)(?:的)?(?:省份|省市|省区|省|市|区县|区|县|乡镇|镇|地方|地区|地|报告)|汇总|都是多少|分别是多少"
)
_LEVELS_NAMED = (
    ("省", re.compile(r"(?:各|每个|哪个|哪些|几个|所有|全部|哪几个)(?:的)?省")),
    ("乡镇", re.compile(r"(?:各|每个|哪个|哪些|几个|所有|全部)(?:的)?(?:乡镇|镇)")),
    ("区县", re.compile(r"(?:各|每个|哪个|哪些|几个|所有|全部)(?:的)?(?:区县|区|县)")),
)
_CHAT = re.compile(
    r"^(?:你好|您好|hi|hello|嗨|在吗|谢谢|多谢|再见|拜拜|早上好|晚上好|你是谁|你叫什么|你会什么|哈哈|好的|ok|嗯)[!！。.~～?？啊呀吗]*$",
    re.I,
)
_ELLIPTIC = re.compile(r"^(?:那么?|还有|换成|再看|只看|以及|和)|呢[?？。!！]*$|^(?:为什么|怎么会)")
_ASKED_UNIT = re.compile(
    r"(?:多少|几)(?:万|亿|千|百)?(?P<unit>人次|平方公里|平方米|立方米|公里|公顷|个百分点|美元|场次|件次|架次|千瓦|小时|个(?!体|人|性)"
    r"|[元人名位户家件项条处座所栋幢间张盏部本场次起例台辆套批只头株棵亩吨斤天米对支艘类份笔宗届期度床])"
)
_AFTER_HOW_MANY = re.compile(rf"(?:{_ASKED_UNIT.pattern}|多少|几)(?:的)?(?P<head>[^,;?？]{{2,16}})$")
_MONEY = re.compile(r"多少(?:钱|资金|经费|投资|金额)|资金(?:有)?多少|花了多少|投入(?:了)?多少|金额")
_AREA = re.compile(r"多大面积|面积(?:有|是)?多[少大]")


@dataclass(frozen=True)
class Ask:
    """One part of a question.

    ``named`` are the words that name its indicators; ``topic`` are its other content words, question words left out.
    ``head`` are those of its content words that say what is counted: what follows 多少 (多少家散乱污企业).
    ``continues`` marks a part that asks more of what the part before is about (多少，增长了多少).
    """

    text: str
    kind: AskKind
    indicators: tuple[Indicator, ...] = ()
    aim: Literal["target", "actual"] | None = None
    measure: Literal["growth", "level", "share"] | None = None
    named: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    fact: Fact | None = None
    office: str | None = None
    mention: str | None = None
    elliptic: bool = False
    continues: bool = False

    @property
    def empty(self) -> bool:
        """Whether it names nothing to ask for: 那大足区呢, 去年呢."""
        return not (self.indicators or self.topic or self.fact or self.mention)


@dataclass(frozen=True)
class Question:
    """A question without its places: years asked for (``years`` or ``relative``) and its parts.

    ``several_years`` marks a question on more than one year at once (未来三年, “十五五”期间).
    """

    text: str
    years: tuple[int, ...]
    relative: Relative | None
    asks: tuple[Ask, ...]
    several_years: bool
    everywhere: bool
    level: str | None
    chat: bool


def normalise(text: str) -> str:
    """A question as typed, in simplified characters and without control characters.

    Raises EmptyQuestion or QuestionTooLong.
    """
    if len(text) > LONGEST_QUESTION:
        raise QuestionTooLong(length=len(text), limit=LONGEST_QUESTION)
    plain = re.sub(r"\s+", " ", simplify(_CONTROL.sub("", text))).strip()
    if not re.search(r"\w", plain):
        raise EmptyQuestion()
    return plain


def parse(rest: str) -> Question:
    """Reads a question whose places were taken out (:class:`retrieval.scope.Scope` ``.rest``)."""
    text = with_chinese_words(fold(rest)).strip()
    years, relative, bare = _years(text)
    several_years = bool(_SEVERAL_YEARS.search(bare)) and not years
    bare = _SEVERAL_YEARS.sub(" ", bare)
    everywhere = bool(_EVERYWHERE.search(bare))
    level = next((name for name, pattern in _LEVELS_NAMED if pattern.search(bare)), None)
    mention = _mention(bare)
    if mention:
        return Question(text, years, relative, (mention,), several_years, everywhere, level, False)
    asks = _asks(_EVERYWHERE.sub(" ", bare))
    return Question(text, years, relative, asks, several_years, everywhere, level, bool(_CHAT.match(text)))


def merge(before: Question, now: Question) -> Question:
    """``now`` as a follow-up of ``before``: what it leaves out is as it was (那大足区呢, 固定资产投资呢, 去年呢)."""
    asks = now.asks
    said_year = bool(now.years or now.relative)
    if all(ask.empty for ask in now.asks):
        told = now.asks[0].aim if now.asks else None
        asks = tuple(
            replace(ask, aim=told or (None if said_year else ask.aim), measure=_asked_measure(now, ask)) for ask in before.asks
        )
    elif not before.asks or before.asks[0].kind not in ("figure",):
        pass
    else:
        first = before.asks[0]
        asks = tuple(
            replace(ask, kind="figure", aim=ask.aim or (None if said_year else first.aim))
            if ask.elliptic and ask.kind in ("passage", "figure")
            else ask
            for ask in now.asks
        )
    years, relative = (now.years, now.relative) if said_year else (before.years, before.relative)
    return replace(now, asks=asks, years=years, relative=relative, everywhere=now.everywhere)


def _asked_measure(now: Question, ask: Ask):  # type: ignore[no-untyped-def]
    told = now.asks[0].measure if now.asks else None
    return told or ask.measure


def _years(text: str) -> tuple[tuple[int, ...], Relative | None, str]:
    """The years that a question names, a year relative to the report's, and the question without them."""
    years: list[int] = []
    for match in _YEAR.finditer(text):
        if match.group("full"):
            years.append(int(match.group("full")))
        elif match.group("short"):
            years.append(2000 + int(match.group("short")))
        else:
            value = chinese_number(match.group("chinese"))
            if value is not None:
                years.append(value)
    bare = _YEAR.sub(" ", text)
    relative = next((name for name, pattern in _RELATIVE if pattern.search(bare)), None)
    for _, pattern in _RELATIVE:
        bare = pattern.sub(" ", bare)
    return tuple(dict.fromkeys(years)), relative, bare.strip()


def _mention(text: str) -> Ask | None:
    plain = text.strip("?？。!！ ")
    for pattern in (*_MENTION_CHECKS[:1], *_MENTION_LISTS, *_MENTION_CHECKS[1:]):
        match = pattern.search(plain)
        if match:
            term = match.group("term").strip()
            term = _MENTION_CLEAN.sub(
                "", _MENTION_CLEAN.sub("", re.sub(r"^(?:政府)?(?:工作)?报告(?:里|中)?(?:都)?", "", term))
            ).strip()
            if 2 <= len(term) <= 24 and not _FIGURE.search(term) and not _NO_TERM.match(term):
                return Ask(text, "mention", mention=term)
    return None


def _asks(text: str) -> tuple[Ask, ...]:
    """The parts of a question. A part without a subject of its own asks about the one before (多少，增长了多少)."""
    pieces = [piece.strip() for piece in _PARTS.split(text) if re.search(r"\w", piece)]
    if sum(bool(_FIGURE.search(piece) or _DESCRIPTIVE.search(piece)) for piece in pieces) < 2:
        pieces = [text]
    asks: list[Ask] = []
    for piece in pieces:
        ask = _ask(piece)
        if asks and ask.kind == "figure" and not ask.indicators:
            before = asks[-1]
            if ask.empty or (ask.measure in ("share", "growth") and not _own_subject(ask)):
                ask = replace(
                    ask, indicators=before.indicators, named=before.named, topic=(*before.topic, *ask.topic), continues=True
                )
        if asks and ask.kind == "passage" and ask.empty:
            ask = replace(ask, topic=(*(one.name for one in asks[-1].indicators), *asks[-1].topic))
        if asks and ask.aim is None:
            ask = replace(ask, aim=asks[-1].aim)
        if asks and ask.measure == "growth" and asks[-1].measure is None and asks[-1].indicators == ask.indicators:
            asks[-1] = replace(asks[-1], measure="level")
        if len(ask.indicators) > 1 and ask.kind == "figure":
            asks += [replace(ask, indicators=(one,), named=(name,)) for one, name in _each(ask)]
        else:
            asks.append(ask)
    return tuple(asks)


def _each(ask: Ask) -> list[tuple[Indicator, str]]:
    """The indicators of an ask for several, each with the word that names it."""
    return [
        (one, next(m_text for m_text in ask.named if named(m_text, question=True)[0].indicator is one)) for one in ask.indicators
    ]


def _own_subject(ask: Ask) -> bool:
    return ask.measure == "growth" and bool(ask.topic)


def _ask(text: str) -> Ask:
    fact = _fact(text)
    if fact:
        office = _OFFICE_ASKED.search(text)
        return Ask(text, "fact", fact=fact, office=office.group() if office else None)
    text = text if named(text, question=True) else _joined(text)
    mentions = [m for m in named(text, question=True) if not re.search(r"(?:占|相当于)[^,]{0,8}$", text[: m.start])]
    indicators = tuple(dict.fromkeys(mention.indicator for mention in mentions))
    aim = _aim(text)
    figure = (
        bool(_FIGURE.search(text))
        or (bool(indicators) and not _DESCRIPTIVE.search(text))
        or bool(aim == "target" and re.search(r"目标(?:值)?(?:是什么|呢)?[?？]?$", text) and _GROWTH.search(text))
    )
    return Ask(
        text,
        "figure" if figure else "passage",
        indicators if figure else (),
        aim,
        _measure(text, indicators),
        tuple(text[mention.start : mention.end] for mention in mentions) if figure else (),
        _topic(text, mentions if figure else []),
        () if mentions and figure else _head(text),
        _units(text),
        elliptic=bool(_ELLIPTIC.search(text.strip())),
    )


_DESCRIPTIVE = re.compile(
    r"怎么(?!样|定)|怎样|(?<!表现)(?<!情况)(?<!变化)如何|哪些(?:措施|举措|办法|工作|项目|问题|困难|做法|安排)|措施|举措|做法|为什么|什么(?:办法|措施|项目|进展|问题|困难|打算|安排|举措|政策)|进展|怎么样|有何"
)


def _joined(text: str) -> str:
    """``text`` with the question word behind its object where that names an indicator: 新增了多少人就业, 产多少粮食."""
    turned = re.sub(r"(了)?((?:多少|几)(?:万|亿)?(?:[人个名吨斤亩户家])?(?:的)?)((?:城镇)?[\u4e00-\u9fff]{2,8})", r"\3\2", text)
    return turned if named(turned, question=True) else text


def _fact(text: str) -> Fact | None:
    """The fact about the report itself that is asked for; not one about something that the report tells of."""
    for fact, pattern in _FACTS:
        if pattern.search(text) and len(_ABOUT_REPORT.sub("", _OFFICE_ASKED.sub("", text))) <= 1:
            return fact
    return None


def _aim(text: str) -> Literal["target", "actual"] | None:
    target, actual = bool(_TARGET.search(text)), bool(_ACTUAL.search(text))
    if target and actual:
        return (
            "target"
            if re.search(r"目标|预期|计划|打算", text) and not re.search(r"目标.{0,4}完成|完成(?:了|情况)", text)
            else "actual"
        )
    return "target" if target else "actual" if actual else None


def _measure(text: str, indicators: tuple[Indicator, ...]) -> Literal["growth", "level", "share"] | None:
    if _SHARE.search(text):
        return "share"
    bare = text
    for name in (
        "增长极",
        "增加值",
        *(one for indicator in indicators for one in ("经济增长", "经济增速") if indicator.name == "地区生产总值"),
    ):
        bare = bare.replace(name, "")
    if _RATE.search(bare) and not re.search(r"增长率", bare):
        return "level"
    if _GROWTH.search(bare) and re.search(r"总量|总额(?:和|与|及)|规模和", bare):
        return None
    if _GROWTH.search(bare):
        return "growth" if all(i.usual == "growth" or not i.counts("%") or not i.units for i in indicators) else None
    return "level" if _LEVEL.search(bare) else None


def _topic(text: str, mentions: list) -> tuple[str, ...]:  # type: ignore[type-arg]
    """The content words of a question; beside an indicator those before it, which narrow it (双桥经开区的GDP)."""
    bare = text[: mentions[0].start] if mentions else text
    bare = _AREA.sub(" ", _ASKED_UNIT.sub(" ", bare))
    cut = [word.rstrip("了过") for word in words(bare)]
    found = [word for word in cut if word and word not in stop_words() and not re.fullmatch(r"[\d.%]+|[a-z]", word)]
    return tuple(dict.fromkeys(found))


def _head(text: str) -> tuple[str, ...]:
    """What is counted: the content words right after 多少 and its unit, else the last ones before (河蟹产量是多少)."""
    match = _AFTER_HOW_MANY.search(text)
    if match:
        return _topic(match.group("head"), [])
    named_before = [word for word in _topic(text, []) if word not in weak_words() and len(word) > 1]
    return tuple(named_before[-1:])


def _units(text: str) -> tuple[str, ...]:
    asked = tuple(match.group("unit") for match in _ASKED_UNIT.finditer(text))
    if asked and asked[0] in ("人", "名", "位"):
        return ("人", "名", "人次", "位")
    if asked and asked[0] in ("家", "户", "个"):
        return (asked[0], *(unit for unit in ("家", "个", "户") if unit != asked[0]))
    if asked and asked[0] == "平方米":
        return ("平方米", "㎡", "平方", "平米")
    if not asked and _MONEY.search(text):
        return ("元", "万元", "亿元")
    if not asked and _AREA.search(text):
        return ("亩", "平方米", "㎡", "平方", "平米", "公顷", "平方公里")
    return asked
