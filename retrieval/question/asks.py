"""The parts of a question: what each asks for - a figure, a fact about the report, a passage - and of which time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from retrieval.language.folding import chinese_number
from retrieval.language.indicators import Indicator, Mention, named
from retrieval.language.tokens import words
from retrieval.language.vocabulary import stop_words, weak_words
from retrieval.question.periods import read_several
from retrieval.question.query import NO_TIME, Aim, Asked, Evidence, Fact, Relative, Theme, When
from retrieval.question.units import ASKED_UNIT, can_be_counted_in, units_asked, without_units

AskKind = Literal["figure", "fact", "mention", "passage"]

_YEAR = re.compile(
    r"(?<!\d)(?P<full>20\d{2}|19[5-9]\d)(?!\d)(?:\s*(?:年度?|财年)|(?!\s*(?:[万亿千百元人户家个亩吨%.]|公里|平方)))|(?<!\d)(?P<short>[12]\d)\s*年(?!前|来|内|后)|(?P<chinese>[二一][〇零0九][〇零0一二三四五六七八九]{2})\s*年"
)
_BASE_YEAR = re.compile(
    r"是(?:20\d\d年?|去年|上年)(?:同期)?的(?=(?:多少|几)倍)"
)  # what is compared with is not what is asked about
_RELATIVE: tuple[tuple[Relative, re.Pattern[str]], ...] = (
    ("before_last", re.compile(r"前年|上上年")),
    ("last", re.compile(r"去年|上一?年度?|过去一年")),
    ("this", re.compile(r"今年|本年度?|当年")),
    ("after_next", re.compile(r"后年")),
    ("next", re.compile(r"明年|下一?年度?|来年")),
)
_TARGET = re.compile(
    r"目标|预期(?!寿命)|打算|计划(?!生育)|规划|力争|争取(?![^,]{0,14}(?:资金|债券|经费|补助|专项))|准备|拟|将要?|要(?=新?[增建改完达实控保投打种做开招引培把给])|想(?:要)?(?=[新建改引吸增达把])|希望|(?<![认确鉴评选规约])定(?:的|了|在|为)?多少|安排(?![^,]{0,14}(?:资金|债券|经费|补助|专项))|控制在|确保|提出的"
)
_ACTUAL = re.compile(
    r"完成(?:了|情况|得)|实现了|实际|(?:了|得)(?:多少|几|大约|约)|到了|(?:[增建改拆修种投花发建办引招培查整清治救转安化解处帮交]|增长|下降|提高|减少|新增|达到|增加|改造|拆除|整治|完成|建成|发放|投入|签约|引进|接待|新建|落实|开展|举办|解决|培训|资助|调解|成功|涨|降|得|卖|赚|评|获)了|怎么样了|结果|同比|到底|已经|成绩"
)
# 选了多少项民生实事: what has been chosen may be still to be done.
_PLANNED_ALREADY = re.compile(r"(?:筛选|选定?|确定|列出?|谋划|策划|提出|部署)了(?:多少|几)")
_GROWTH = re.compile(
    r"增长(?!点|极)|增速|增幅|涨幅|涨了?|上涨|涨跌|增减|比上年|比去年|较上年|较去年|是增是减|是涨还是跌|变动|幅度|下降|降低|降幅|降了|变化|多了百分|(?:(?<!新)增加?|提高|减少)了?(?:多少|几个百分点|百分之几|多少个百分点)?[?？。]?$"
)
_BY_HOW_MUCH = re.compile(r"(?:提高|提升|上升|下降|降低|减少|回落)了?(?:多少|几)(?!元|[万亿]|户|家|人)")
_LEVEL = re.compile(
    r"总量|总额|总值|规模(?!以上|工业|企业)|多少(?:万|亿)?(?:元|人|吨|亩|户|家|个(?!百分)|公里|平方)|多少(?:万|亿)|多少钱|总共"
)
_RELATIVE_TO = re.compile(
    r"(?:高于|低于|快于|高出|超出|超过|领先|超)(?:了)?(?:全国|全省|全市|全区|全县|平均|年初|预算)|比(?:全国|全省|全市|全区|平均|年初|预算|城镇|农村)[^,]{0,10}(?:高|低|快|慢|多|少)"
    r"|(?:高|低|快|慢)(?:了)?(?:多少|几)(?:个)?百分点"
)
_COMPLETION = re.compile(
    r"(?:完成|占)[^,]{0,6}(?:任务|目标|计划|预算)[^,]{0,4}(?:多少|百分之|几成|比例)|完成率|任务完成(?:了)?多少"
)
_CHANGED = re.compile(r"(?:比|较)(?:上年|去年).{0,4}(?:增|减|多|少|提高|下降|上升)")
_RANK = re.compile(r"排名|排第|排在|第几|名次|位次|位居第|位列")
_AMOUNT_NAME = re.compile(
    r"(?:目标|总?量|率|额|值|里程|面积|人数|数量|规模|收入|产值|投资|单产|亩产|个数|家数|户数|标准|比例|价格|数|余额|资金|经费|补助金?|保障金|增长|下降|变化|涨跌|增减)[?？呢]*$|^[^,;]{0,6}(?:新增|净增|新认定)(?!长)[^,;]{2,10}$"
)
_SHARE = re.compile(r"占比|比重|占[^,]{0,16}(?:多少|百分之几|比例)|比例是?多少")
_RATE = re.compile(r"(?:成功|办结|办复|满意|覆盖|参保|合格|完成|巩固|化解|达标|入学|好评|核减|回复|处置|普及|利用|增长)率")
FIGURE = re.compile(
    r"多少|(?<!哪)几(?=[张个家户亩公人件次项条处座所栋套台辆场名位起吨万亿种类部批倍千百届成天])|百分之几|多大|多高|多长|多久|多远|几个百分点|数额|金额|排名|排第几|什么水平|增速|增幅|涨幅|占比|比重|总量|数量|人数|面积|率是|how (?:much|many)"
)
_PARTS = re.compile(
    r"[,;，；?？]|(?<=多少)(?:和|以及|及|、)|、(?=[^、]{0,12}(?:多少|几))"
    r"|(?:和|、|以及)(?=(?:今年|去年|明年|20\d\d\s*年)[^,]{0,12}(?:多少|目标|增速|计划|完成))|(?<=多少)(?=今年|去年|明年|20\d\d\s*年)"
)
_AIM_WORD = re.compile(
    r"目标|预期|计划|实际|完成|达到|控制|增|降|涨|跌|表现|情况|水平|高|低|快|慢|人数|总|额|和|与|的|呢|吗|是|有|要|力争|定|排|占|哪|怎|谁|多"
)
_HAS_YEAR = re.compile(r"今年|去年|明年|20\d\d\s*年")
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
    (
        "years",
        re.compile(
            r"(?:回顾|总结|计划|安排|针对)的?是?(?:哪|什么)(?:一)?年|哪一?年的?报告|报告(?:的)?(?:是|属于)?(?:哪一?年|哪个年份|什么年份|年份)"
        ),
    ),
)
_ABOUT_REPORT = re.compile(
    r"区里|镇里|县里|市里|省里|里|政府|工作报告|报告|作的?|做的?|是|在|的|了|于|由|上|讲|宣读|会议|大会|人代会|人大|召开|开|几|次|届|第|哪|一|个|天|日|号|什么|时候|何时|时间|日期|谁|哪位|人|代表|名字|姓名|姓|叫|"
    r"省长|市长|区长|县长|镇长|乡长|州长|主席|代理|代|来源|出处|发布|刊登|标题|题目|全称|全名|给|向|回顾|计划|年|月|\d|这份|那份|份|书面|提交|安排|总结|针对|工作|请问|你|我|知道|[?？,，。\s]"
)
_BODY = re.compile(
    r"人大常委会|人大|政协|党委|纪委|监委|法院|检察院|[\u4e00-\u9fff]{1,4}[局厅委办](?=[局厅主书委])|什么职务|职务"
)
_OFFICE_ASKED = re.compile(r"(副)?(书记|省长|市长|区长|县长|镇长|乡长|州长|主席|(?:(?:街道)?办事处)?主任|局长)")
_ELLIPTIC = re.compile(r"^(?:那么?|还有|换成|再看|只看|以及|和)|呢[?？。!！]*$|^(?:为什么|怎么会)")
_AFTER_HOW_MANY = re.compile(rf"(?:{ASKED_UNIT.pattern}|多少|几)(?:的)?(?P<head>[^,;?？]{{2,16}})$")
# 居民消费价格怎么样, 招商引资情况: a figure where there is one.
_HOW_IS_IT = re.compile(
    r"^(?:的)?(?:走势|表现|完成|执行|运行)?(?:情况|怎么样|如何|怎样|咋样|情况怎么样|情况如何)(?:了|呢|啊)?[?？。]*$"
)
_MOVED = re.compile(r"(?:[下上回]|提|增|减)?(?:提|涨|升|降|增|减|加|少|高)(?:了|到)")
_INVESTED = re.compile(
    r"[\u4e00-\u9fff]{2}投资(?:额|总额)?(?:的)?(?:(?:计划|目标|安排|任务)?(?:是|有|为|完成|达到)?(?:了)?多少|(?:计划|目标)[?？。]*$)"
)
# 参保率要保持在多少, 打算搞多少: what is held or done says nothing of the thing.
_LIGHT = re.compile(
    r"(?:要|将要?|会|想要?|打算|准备|计划)?(?:保持|稳定|维持|控制|搞|弄)(?:在|到|住)?(?=\s|多少|几|$)|(?:要|将要?)(?=保持|稳定|维持|达到|控制|完成|实现)"
)
_COMPOUND = re.compile(r"^([\u4e00-\u9fff]{2,})(产量|产值|销量|销售额|面积|里程|增加值|营业额|发电量|装机|出口|进口)$")


_DESCRIPTIVE = re.compile(
    r"怎么(?!样|定)|怎样|(?<!表现)(?<!情况)(?<!变化)如何|哪些(?:措施|举措|办法|工作|项目|问题|困难|做法|安排|事|动作|亮点|成效|成绩)|[做干](?:了|过)?(?:些)?(?:什么|啥|哪些)|有啥|措施|举措|做法|为什么|什么(?:办法|措施|项目|进展|问题|困难|打算|安排|举措|政策)|进展|怎么样|有何"
)


_MAIN_WORK = re.compile(
    r"(?:下一?步|下阶段|接下来|重点|主要|工作|任务|安排|部署|方面|各项|政府(?!工作报告)|是|有|哪些|哪几个|哪几项|哪几|几个|几大|几项|什么|啥|些|事|要|抓好?|做好?|干|的|都|分|呢|打算|计划|请问|\s|[?？。])+"
)


_NAMED_MEASURES: tuple[tuple[Asked, re.Pattern[str]], ...] = (
    ("rank", _RANK),
    ("relative", _RELATIVE_TO),
    ("completion", _COMPLETION),
    ("share", _SHARE),
)


@dataclass(frozen=True)
class Ask:
    """One part of a question.

    ``named`` are the words that name its indicators; ``topic`` are its other content words, question words left out.
    ``head`` are those of its content words that say what is counted: what follows 多少 (多少家散乱污企业).
    ``continues`` marks a part that asks more of what the part before is about (多少，增长了多少); ``either`` one that
    a figure answers if there is one, and else a passage (2024年游客目标, 招商引资情况). ``themes`` are what a mention is about, all at
    once; ``whole`` are their names as one, in case that is a name itself.
    """

    text: str
    kind: AskKind
    indicators: tuple[Indicator, ...] = ()
    aim: Aim | None = None
    measure: Asked | None = None
    named: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    fact: Fact | None = None
    office: str | None = None
    themes: tuple[Theme, ...] = ()
    whole: str | None = None
    elliptic: bool = False
    continues: bool = False
    either: bool = False
    when: When = NO_TIME
    evidence: tuple[Evidence, ...] = field(default=(), compare=False)

    @property
    def empty(self) -> bool:
        """Whether it names nothing to ask for: 那大足区呢, 去年呢."""
        return not (self.indicators or self.topic or self.fact or self.themes)

    @property
    def descriptive(self) -> bool:
        """Whether it asks how or why something is done, which no figure tells."""
        return bool(_DESCRIPTIVE.search(self.text))

    @property
    def main_work(self) -> bool:
        """Whether it asks what work there is to do in all: 重点工作有哪几个方面, 下一步工作."""
        plain = self.kind == "passage" and self.aim != "actual" and self.when.relative not in ("last", "before_last")
        return (
            plain
            and bool(_MAIN_WORK.fullmatch(self.text))
            and bool(re.search(r"工作|任务|部署|[做干]些?(?:什么|啥|哪些)", self.text))
        )


def read_when(text: str) -> tuple[When, str]:
    """The time that ``text`` names, and ``text`` without it."""
    text = _BASE_YEAR.sub("是", text)
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
    several, bare = read_several(bare, years)
    relative = next((name for name, pattern in _RELATIVE if pattern.search(bare)), None)
    for _, pattern in _RELATIVE:
        bare = pattern.sub(" ", bare)
    return When(tuple(dict.fromkeys(years)), relative, several), bare.strip()


def read_asks(text: str) -> tuple[Ask, ...]:
    """The parts of a question. A part without a subject or a year of its own takes those of the one before."""
    pieces = [piece.strip() for piece in _PARTS.split(text) if re.search(r"\w", piece)]
    if sum(map(_asks_something, pieces)) < 2:
        pieces = [text]
    asks: list[Ask] = []
    for piece in pieces:
        when, bare = read_when(piece)
        facts = _facts(bare)
        for ask in [replace(fact, when=when) for fact in facts] or _figures_or_passage(bare, when, asks):
            same = asks and ask.measure == "growth" and asks[-1].measure is None and asks[-1].indicators == ask.indicators
            same = same and asks[-1].aim == ask.aim
            if same:
                asks[-1] = replace(asks[-1], measure="level")
            asks.append(ask)
    return tuple({replace(ask, text="", elliptic=False, continues=False): ask for ask in reversed(asks)}.values())[::-1]


def as_figure(ask: Ask) -> Ask:
    """``ask`` as one for a figure, where it does not say so: what is compared or counted up is a figure."""
    if ask.kind != "passage" or ask.empty:
        return ask
    return replace(_ask(f"{ask.text}多少"), aim=ask.aim, when=ask.when)


def _asks_something(piece: str) -> bool:
    return bool(
        FIGURE.search(piece)
        or _DESCRIPTIVE.search(piece)
        or (_HAS_YEAR.search(piece) and re.search(r"目标|增速|完成", piece))
        or _facts(piece)
    )


def _figures_or_passage(bare: str, when: When, asks: list[Ask]) -> list[Ask]:
    """What one piece of a question asks for, with what it leaves out taken from the part before."""
    ask = replace(_ask(bare), when=when)
    if when.relative == "last" and ask.aim == "target" and not re.search(r"目标|预期|计划", bare):
        ask = replace(ask, aim=None)  # 去年失业率控制在多少 asks for what came of it
    if asks:
        before = asks[-1]
        leaves_out = ask.empty or (ask.measure in ("share", "growth", "completion", "relative") and not _own_subject(ask))
        if ask.kind == "figure" and not ask.indicators and leaves_out:
            topic = (*before.topic, *ask.topic)
            head = ask.head or before.head
            ask = replace(ask, indicators=before.indicators, named=before.named, topic=topic, head=head, continues=True)
        elif ask.kind == "passage" and ask.empty:
            if before.kind == "figure" and when.said and not _DESCRIPTIVE.search(bare):
                ask = replace(before, text=ask.text, when=when, aim=ask.aim or before.aim, continues=False)
            else:
                ask = replace(ask, topic=(*(one.name for one in before.indicators), *before.topic))
        ask = replace(ask, aim=ask.aim or (None if when.said else before.aim), when=when if when.said else before.when)
    if len(ask.indicators) > 1 and ask.kind == "figure":
        return [replace(ask, indicators=(one,), named=(name,)) for one, name in _each(ask)]
    return [ask]


def _each(ask: Ask) -> list[tuple[Indicator, str]]:
    """The indicators of an ask for several, each with the word that names it."""
    return [
        (one, next(m_text for m_text in ask.named if named(m_text, question=True)[0].indicator is one)) for one in ask.indicators
    ]


def _own_subject(ask: Ask) -> bool:
    return ask.measure == "growth" and bool(ask.topic)


def _ask(text: str) -> Ask:
    aim, aim_words = _aim(text)
    text = text if named(text, question=True) else _joined(text)
    units = units_asked(text)
    mentions = [m for m in named(text, question=True) if not re.search(r"(?:占|相当于)[^,]{0,8}$", text[: m.start])]
    mentions = [m for m in mentions if can_be_counted_in(m.indicator, units)]
    indicators = tuple(dict.fromkeys(mention.indicator for mention in mentions))
    descriptive = bool(_DESCRIPTIVE.search(text))
    how = len(indicators) == 1 and not FIGURE.search(text) and bool(_HOW_IS_IT.search(text[mentions[-1].end :]))
    counts = FIGURE.search(text)
    figure = bool(counts) or (bool(indicators) and not descriptive) or how
    measure, measure_words = _measure(text, mentions)
    either = how or (not figure and not descriptive and bool(_AMOUNT_NAME.search(text)))
    return Ask(
        text,
        "figure" if figure else "passage",
        indicators if figure else (),
        aim,
        measure,
        tuple(text[mention.start : mention.end] for mention in mentions) if figure else (),
        _topic(text, mentions if figure else []),
        () if mentions and figure else _head(text),
        units,
        elliptic=bool(_ELLIPTIC.search(text.strip())),
        either=either,
        evidence=(
            *_evidence("kind: figure", counts.group() if counts else ""),
            *_evidence(f"aim: {aim}", aim_words),
            *_evidence(f"measure: {measure}", measure_words),
            *(Evidence(f"indicator: {m.indicator.name}", text[m.start : m.end]) for m in mentions),
        ),
    )


def _evidence(reading: str, words: str) -> tuple[Evidence, ...]:
    return (Evidence(reading, words),) if words else ()


def _joined(text: str) -> str:
    """``text`` with the question word behind its object where that names an indicator: 新增了多少人就业, 产多少粮食."""
    turned = re.sub(r"(了)?((?:多少|几)(?:万|亿)?(?:[人个名吨斤亩户家])?(?:的)?)((?:城镇)?[\u4e00-\u9fff]{2,8})", r"\3\2", text)
    return turned if named(turned, question=True) else text


def _facts(text: str) -> list[Ask]:
    """The facts about the report itself that are asked for; none about something that the report tells of."""
    if len(_ABOUT_REPORT.sub("", _OFFICE_ASKED.sub("", _BODY.sub("", text)))) > 1:
        return []
    office = _OFFICE_ASKED.search(text)
    found = [fact for fact, pattern in _FACTS if pattern.search(text)]
    if "speaker" in found and "meeting" in found and not re.search(r"会", text):
        found.remove("meeting")
    return [Ask(text, "fact", fact=fact, office=office.group() if office else None) for fact in found]


def _aim(text: str) -> tuple[Aim | None, str]:
    """Whether a target or a result is asked for, and the words that say so."""
    target, actual = _TARGET.search(text), _ACTUAL.search(text)
    if target and actual:
        aimed = re.search(r"目标|预期|计划|打算|(?:安排|部署|提出|列)了|定(?:了|得|的)", text)
        if aimed and not re.search(r"目标.{0,4}完成|完成(?:了|情况)", text):
            return "target", aimed.group()
        return "actual", actual.group()
    if target:
        return "target", target.group()
    if actual and not _PLANNED_ALREADY.search(text):
        return "actual", actual.group()
    return None, ""


def _measure(text: str, mentions: Sequence[Mention]) -> tuple[Asked | None, str]:
    """Which measure of a thing is asked for, by the words beside the indicators' names; and those words."""
    bare = text
    for mention in reversed(mentions):
        bare = f"{bare[: mention.start]} {bare[mention.end :]}"
    bare = bare.replace("增长极", "").replace("改造提升", "改造").replace("提升改造", "改造")
    for measure, pattern in _NAMED_MEASURES:
        if said := pattern.search(text if measure == "share" else bare):
            return measure, said.group()
    if any("总量" in text[mention.start : mention.end] for mention in mentions):
        return "level", "总量"
    if (rate := _RATE.search(bare)) and not re.search(r"增长率", bare):
        return "level", rate.group()
    if by_how_much := _BY_HOW_MUCH.search(bare):
        return "growth", by_how_much.group()
    growth = _GROWTH.search(bare)
    if growth and re.search(r"总量|总额(?:和|与|及)|规模和", bare):
        return None, ""
    if growth:
        rates = all(m.indicator.usual == "growth" or not m.indicator.counts("%") or not m.indicator.units for m in mentions)
        return ("growth", growth.group()) if rates or _CHANGED.search(bare) else (None, "")
    level = _LEVEL.search(bare)
    return ("level", level.group()) if level else (None, "")


def _topic(text: str, mentions: Sequence[Mention]) -> tuple[str, ...]:
    """The content words of a question; beside an indicator those before it, which narrow it (双桥经开区的GDP)."""
    bare = f"{text[: mentions[0].start]} {_joined_on(text, mentions[-1])}" if mentions else text
    bare = _MOVED.sub(" ", _LIGHT.sub(" ", without_units(bare)))
    cut = [_plain_word(part) for word in words(bare) for part in _parts_of(word)]
    found = [word for word in cut if word and word not in stop_words() and not re.fullmatch(r"[\d.%]+|[a-z]", word)]
    return tuple(dict.fromkeys(found))


def _parts_of(word: str) -> tuple[str, ...]:
    """A word that jieba joins a thing and its measure in, as both: 汽车产量 -> 汽车, 产量."""
    compound = _COMPOUND.match(word)
    return compound.groups() if compound else (word,)


def _plain_word(word: str) -> str:
    """A word without the auxiliaries that jieba leaves on it: 要造 -> 造, 拆得 -> 拆."""
    word = re.sub(r"^(?:哪些|哪几个|哪个)(?=[\u4e00-\u9fff]{2})", "", word)
    return re.sub(r"^(?:[要将想没可会得该]|能(?![耗源效力量级]))(?=[\u4e00-\u9fff]$)", "", word.rstrip("了过得着"))


def _joined_on(text: str, mention: Mention) -> str:
    """The word joined on to an indicator's name, which makes it another thing: GDP能耗."""
    found = re.match(r"[\u4e00-\u9fff]+", text[mention.end :])
    word = next(iter(words(found.group())), "") if found else ""
    return "" if len(word) < 2 or word in weak_words() or FIGURE.search(word) or _AIM_WORD.search(word) else word


def _head(text: str) -> tuple[str, ...]:
    """What is counted: the content words right after 多少 and its unit, else the last ones before (河蟹产量是多少)."""
    match = _AFTER_HOW_MANY.search(text)
    if match:
        return _topic(match.group("head"), [])
    if _INVESTED.search(text):
        return ("投资",)
    named_before = [word for word in _topic(text, []) if word not in weak_words() and len(word) > 1]
    return tuple(named_before[-1:])
