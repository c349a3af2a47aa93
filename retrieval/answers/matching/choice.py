"""Which figure of a report is the one that a question asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from retrieval.answers.comparing import disagree
from retrieval.answers.matching.surroundings import Surroundings, surroundings
from retrieval.answers.matching.words import bare, match, word_weights
from retrieval.figures import facets
from retrieval.figures.facets import ADDED_WORDS, TOTAL_WORDS
from retrieval.language.folding import squeeze
from retrieval.language.indicators import Indicator, named, subject_of
from retrieval.language.units import ALIKE
from retrieval.language.vocabulary import doings, weak_words
from retrieval.models import Figure, Report
from retrieval.ports import LibraryView
from retrieval.question.query import Part
from retrieval.replies import RankedPassage

# Chosen by trying questions that the reports answer and that they don't.
CLAUSE_SHARE = 0.62
_SENTENCE_SHARE, _SENTENCE_SHARE_WITH_HEAD = 0.7, 0.55
_OWN_WEIGHT, _SENTENCE_WEIGHT, _UNIT_BONUS, _RANK_BONUS = 0.6, 0.5, 0.35, 0.3
_WORDING_WEIGHT, _WHOLE_BONUS, _SIBLING = 0.4, 0.8, 8
_FIT, _NAMED = 0.5, 0.8
_LIKE_BASES = {"同口径": ("同口径", "可比口径"), "可比口径": ("同口径", "可比口径")}
_BASIS = re.compile(r"(?:自然|可比|同|还原)口径")
_COMPARED = re.compile(r"全[国省市区县]")
_MULTIPLE_OF = re.compile(r"(?:是|为|相当于)[^,;]{0,2}(?P<other>全[国省市区县])[^,;]*倍")
_LONGEST_BESIDE = 3  # characters beside an indicator's name that don't make it another thing: 全省, 全年
_WHOLE_OF_SHARE = re.compile(r"(?:占|相当于)(?!多少|几|百分|比)([^,;?]{2,16}?)(?:的)?(?:比重|比例|百分之|多少|$)")
_AND_RATE = re.compile(
    r"(?<=[\u4e00-\u9fff])(?:和|与|及|以及|、|(?<=多少))(?:其|同比)?(?:增速|增幅|增长率|增长(?:情况|多少)?|涨幅)"
)
_PASSED = ("突破", "超", "超过", "超出", "逾", "近", "接近", "过")
_WHOLE_ASKED = re.compile(r"累计|一共|总共|总数|总里程|总量|总计|合计|共有")
_STOCK_ASKED = re.compile(r"(?<!没)有(?:多少|几)|拥有|现有")
_ADDED = re.compile(r"新增|新认定|净增|新建|新改建|新开|新发展|新培育|新获")
_ONLY_ADDED = re.compile(r"新增|新认定|净增|新发展|新培育")
_OF_MONEY = re.compile(r"(?:资|资金|资本|收入|支出|[款税])$")
_COUNTED_NOUN = re.compile(r"(?:[户人]|人口|企业|家庭|群众|儿童|学生|职工|项目|学校|医院|公司)$")
_MEASURED = re.compile(r"[元吨斤克米里亩顷方%‰倍度瓦]|小时|分钟|百分点")
_ADDED_TO = re.compile(r"增加|新增|净增|减少|压减|削减|核减")
_AS_RATE = re.compile(r"增速|增幅|增长|百分|个点|比例|幅度")
_COUNT_ASKED = re.compile(r"(?:多少|几[万亿千百]?)(?!百分|个百分|个点)[\u4e00-\u9fff]{2,}")


def more_of(before: Figure, ask: Part, figures: Sequence[Figure]) -> list[Figure]:
    """What the same sentence says more of the same subject: its rate of change, its share."""
    fitting = {"growth": ("growth", "change", "relative"), "share": ("share", "completion")}
    measures = fitting.get(ask.measure or "", (ask.measure,))
    after = [f for f in figures if f.sentence_start == before.sentence_start and f.start > before.start]
    return [f for f in after if f.subject == before.subject and f.measure in measures and _unit_fits(ask, f)][:1]


def disagreeing(figure: Figure, figures: Sequence[Figure]) -> Figure | None:
    """Another place where the report gives another number for the same thing, or None."""
    if figure.indicator is None or figure.blank:
        return None
    same = (
        other
        for other in figures
        if (other.indicator, other.kind, other.year, other.measure)
        == (figure.indicator, figure.kind, figure.year, figure.measure)
        and other.sentence_start != figure.sentence_start
        and not other.stretch
    )
    return next((other for other in same if disagree(figure, other)), None)


def blank_beside(figure: Figure, figures: Sequence[Figure]) -> bool:
    """Whether the same sentence leaves the amount blank of which ``figure`` tells the rate: 固定资产投资xx亿元，增长6%."""
    return figure.measure == "growth" and any(
        other.blank and other.measure == "level" and other.indicator == figure.indicator is not None
        for other in figures
        if other.sentence_start == figure.sentence_start
    )


def by_indicator(library: LibraryView, report: Report, ask: Part, figures: Sequence[Figure]) -> list[Figure]:
    """The figures of the indicator asked for: the stated one, with its stretch value or its other measure beside it."""
    indicator = ask.indicators[0]
    found = [f for f in figures if f.indicator == indicator.name and accounts_for(library, report, ask.topic, f)]
    around = surroundings(library, report)
    found = [
        f for f in found if _same_whole(ask, f, around[f.start]) and _same_comparison(ask, f) and not _stock_for_flow(ask, f)
    ]
    if basis := _BASIS.search(ask.wording):
        found = [f for f in found if f.basis in _LIKE_BASES.get(basis.group(), (basis.group(),))]
    measures = _measures(ask, indicator, found)
    fitting = [f for f in found if f.measure in measures and not f.stretch]
    if not fitting:
        return []

    def preference(figure: Figure) -> tuple[bool, int, bool, bool, bool, bool, int]:
        added = _says(figure, ADDED_WORDS) and not _ADDED.search(ask.wording)
        natural = figure.basis == "自然口径"
        rank = measures.index(figure.measure)
        return not figure.primary, rank, figure.blank, natural, added, _is_mark_passed(figure), figure.start

    best = min(fitting, key=preference)
    if ask.measure is None and best.blank:
        stated = [f for f in fitting if not f.blank and f.sentence_start == best.sentence_start]
        best = stated[0] if stated else best
    beside = [f for f in found if f.stretch and f.measure == best.measure and f.sentence_start == best.sentence_start]
    if ask.measure is None and not best.blank:
        beside += [
            f
            for f in found
            if f.measure in ("level", "growth")
            and f.measure != best.measure
            and f.sentence_start == best.sentence_start
            and not f.blank
            and not f.stretch
        ][:1]
    return sorted([best, *beside[:2]], key=lambda f: f.start)


def _says(figure: Figure, words: Sequence[str]) -> bool:
    return any(word in words for word in figure.flow_words.split())


def _is_mark_passed(figure: Figure) -> bool:
    """Whether a result is but the round number that was passed: 突破450亿斤大关,达到452.3亿斤."""
    return figure.kind == "actual" and figure.comparator in _PASSED


def _measures(ask: Part, indicator: Indicator, found: Sequence[Figure]) -> list[str]:
    """The measures that answer an ask, in the order of preference."""
    if ask.measure in ("share", "completion"):
        return ["share", "completion"] if ask.measure == "share" else ["completion"]
    if ask.measure == "relative" or (ask.measure != "growth" and ask.units[:1] == ("倍",)):
        return ["relative"]
    if ask.measure == "growth":
        # A target is an aim however it is put; a result that was asked for as a rate is no amount.
        # What is itself a rate of change (居民消费价格涨幅) is told as a level.
        itself = indicator.usual == "level" and indicator.name.endswith("涨幅")
        return ["growth", "change"] + (["level"] if ask.aim == "target" or itself else [])
    if ask.measure == "level":
        return ["level", "change"]
    usual = "growth" if indicator.usual == "growth" else "level"
    if ask.aim != "target" and any(f.measure == "level" and not f.blank for f in found):
        usual = "level"
    if found and all(f.blank for f in found):
        usual = "level"
    return [usual, "level", "growth", "change"]


def accounts_for(library: LibraryView, report: Report, topic: Sequence[str], figure: Figure) -> bool:
    """Whether the words of a question beside its indicator stand by the figure: 双桥经开区的GDP is not the GDP."""
    if not topic:
        return True
    words = [word for word in topic if word not in weak_words()]
    return all(
        _standing_by(library, report, figure, word) and not _said_of_another(library, report, figure, word) for word in words
    )


def _said_of_another(library: LibraryView, report: Report, figure: Figure, word: str) -> bool:
    """Whether a word narrows another figure of the sentence, not this one: 货物贸易、服务贸易进出口分别增长10%、15%."""
    in_sentence = [other for other in library.figures(report.id) if other.sentence_start == figure.sentence_start]
    return word not in figure.subject and any(word in other.subject and not other.indicator for other in in_sentence)


def _standing_by(library: LibraryView, report: Report, figure: Figure, word: str) -> bool:
    place = squeeze(report.place or "")
    return match(word, surroundings(library, report)[figure.start].clause) >= _FIT or word in place


def by_topic(
    library: LibraryView, report: Report, ask: Part, figures: Sequence[Figure], ranked: Sequence[RankedPassage]
) -> list[Figure]:
    """The figure whose clause (then sentence, then rank in the search) best meets the words of the question."""
    if ask.measure == "growth" and (rate := _AND_RATE.search(ask.wording)):
        # 产值和增速: the amount, with its rate of change beside it
        amount = replace(ask, measure="level", wording=ask.wording[: rate.start()])
        found = by_topic(library, report, amount, figures, ranked)
        if found and (beside := more_of(found[0], ask, figures)):
            return [found[0], *beside]
    terms = [*ask.named, *ask.topic]
    if not terms or not figures:
        return []
    weights = word_weights(library, report)
    around = surroundings(library, report)
    ranks = {(p.start, p.end): n for n, p in enumerate(p for p in ranked if p.report.id == report.id)}
    scored = []
    for figure in figures:
        near = around[figure.start]
        if not _unit_fits(ask, figure) or not _measure_fits(ask, figure) or not _all_met(terms, near.context):
            continue
        if ask.named and match(ask.named[0], near.clause) < _NAMED and not _names(figure, ask):
            continue
        told_of = ask.topic if _names(figure, ask) else terms
        clause, sentence = weights.coverage(told_of, near.clause), weights.coverage(told_of, near.context)
        if not _near_enough(ask, clause, sentence, weights.coverage(ask.head, near.clause)):
            continue
        if _stock_for_flow(ask, figure) or not _same_comparison(ask, figure):
            continue
        if not _names_stand_by(ask, figure) or not _same_doing(ask, figure, near):
            continue
        own = weights.coverage(told_of, near.own)
        rank = next((n for (start, end), n in ranks.items() if start <= figure.start < end), None)
        score = clause + _OWN_WEIGHT * own + _SENTENCE_WEIGHT * sentence
        score += _UNIT_BONUS * (bool(ask.units) and _unit_named(ask, figure))
        score += _UNIT_BONUS * (not ask.units and bool(_OF_MONEY.search("".join(ask.head))) and figure.unit.endswith("元"))
        score += _RANK_BONUS / (1 + rank) if rank is not None else 0.0
        score += _WHOLE_BONUS * (bool(_WHOLE_ASKED.search(ask.wording)) and _says(figure, TOTAL_WORDS))
        score += _WORDING_WEIGHT * _shared_pairs(ask.wording, near.before)
        score -= 0.05 * (figure.measure in ("completion", "relative"))
        scored.append((score, -figure.start, figure))
    if not scored:
        return []
    best = max(scored, key=lambda one: one[:2])[2]
    best = _sibling_named(ask, best, figures, around) or best
    return [best, *_of_the_country(ask, best, figures)]


def _names(figure: Figure, ask: Part) -> bool:
    """Whether a figure's subject names the indicator asked for, in whatever words: 岭北生产总值 for 岭北的GDP."""
    return bool(ask.indicators) and any(mention.indicator is ask.indicators[0] for mention in named(figure.subject))


def _of_the_country(ask: Part, best: Figure, figures: Sequence[Figure]) -> list[Figure]:
    """The other of two figures that a question about town and country (城乡低保标准) is for."""
    if "城乡" not in ask.wording or not best.subject.startswith("城镇"):
        return []
    other = best.subject.replace("城镇", "农村", 1)
    return [f for f in figures if (f.sentence_start, f.subject, f.measure) == (best.sentence_start, other, best.measure)][:1]


def _sibling_named(ask: Part, best: Figure, figures: Sequence[Figure], around: Mapping[int, Surroundings]) -> Figure | None:
    """The next figure of the same clause where its own word is the question's: 改造新开工742个、完工548个."""
    first = around[best.start].before
    after = [f for f in figures if f.sentence_start == best.sentence_start and 0 <= f.start - best.end <= _SIBLING]
    for figure in after:
        own = re.sub(r"[^\u4e00-\u9fff]", "", around[figure.start].before)
        if len(own) >= 2 and own in ask.wording and own not in first and _unit_fits(ask, figure):
            return figure
    return None


def _shared_pairs(question: str, before: str) -> float:
    """The share of pairs of characters before a figure that stand in the question, too: tells 开工742个 from 完工548个."""
    bare = re.sub(r"[^\u4e00-\u9fff]", "", before)
    pairs = [bare[n : n + 2] for n in range(len(bare) - 1)]
    return sum(pair in question for pair in pairs) / len(pairs) if pairs else 0.0


def _stock_for_flow(ask: Part, figure: Figure) -> bool:
    """Whether a figure tells what was added where the whole is asked for (累计多少家), or the other way round."""
    if figure.measure in ("completion", "share", "relative"):
        return False  # what is told of 新增就业 by its share is no stock
    if _WHOLE_ASKED.search(ask.wording) or (
        ask.aim is None and _STOCK_ASKED.search(ask.wording) and not _ADDED.search(ask.wording)
    ):
        return figure.flow == "added"
    if _ONLY_ADDED.search(ask.wording):
        return figure.flow in ("total", "")
    return figure.flow == "total" and bool(_ADDED.search(ask.wording))


def _same_comparison(ask: Part, figure: Figure) -> bool:
    """Whether a comparison is with what the question compares with: 全国, 全省, 全市."""
    if figure.measure != "relative":
        return True
    with_what = (_MULTIPLE_OF if ask.units[:1] == ("倍",) else _COMPARED).search(ask.wording)
    return with_what is None or with_what.group(with_what.lastindex or 0) in figure.compared_with


def _same_whole(ask: Part, figure: Figure, near: Surroundings) -> bool:
    """Whether a share is of the whole that the question names: 占全省, 占全国."""
    whole = _WHOLE_OF_SHARE.search(ask.wording)
    if figure.measure != "share" or whole is None:
        return True
    # Where a share names no whole (其中…,占比68%), it is of what the sentence spoke of.
    return match(bare(whole.group(1)), bare(figure.whole) or near.context) >= _FIT


def _names_stand_by(ask: Part, figure: Figure) -> bool:
    """Whether a figure can be said of the things that the question calls by name: 三峡机场, 宁德集团."""
    return set(proper_names(ask)) <= set(figure.proper_names.split())


def proper_names(ask: Part) -> tuple[str, ...]:
    """The things that a question names, which nothing else answers for: 三峡机场, 宁德集团."""
    return facets.proper_names(ask.wording)


def _same_doing(ask: Part, figure: Figure, near: Surroundings) -> bool:
    """Whether what was done to the counted thing is what is asked for: 改造 is another doing than 覆盖.

    What a figure's clause leaves open is said somewhere in its sentence, or under what it stands.
    """
    asked = [kind for kind in doings() if any(word in kind for word in ask.topic)]
    if not asked or any(word in near.clause for kind in asked for word in kind):
        return True
    others = any(word in figure.subject for kind in doings() for word in kind if len(word) > 1)
    return not others and any(word in near.context for kind in asked for word in kind)


def _all_met(terms: Sequence[str], context: str) -> bool:
    """Whether every telling word of a question is met, if only in part, by a figure's sentence and headings."""
    return all(match(term, context) > 0 for term in terms if len(term) > 1 and term not in weak_words())


def _near_enough(ask: Part, clause: float, sentence: float, head: float) -> bool:
    """Whether a figure stands near enough to the words of a question: in its clause, or the counted thing in its clause
    and the rest in its sentence."""
    if ask.head and head < CLAUSE_SHARE:
        return False
    if clause >= CLAUSE_SHARE:
        return True
    least = _SENTENCE_SHARE_WITH_HEAD if ask.head else _SENTENCE_SHARE
    return sentence >= least and (bool(ask.head) or clause >= CLAUSE_SHARE / 2)


def by_share(library: LibraryView, report: Report, ask: Part, figures: Sequence[Figure]) -> list[Figure]:
    """The share that the indicator asked for has in something: 战略性新兴产业增加值占规上工业增加值的比重."""
    whole = _WHOLE_OF_SHARE.search(ask.wording)
    for figure in figures:
        part, _, of = figure.subject.replace("相当于", "占").partition("占")
        mention = subject_of(part, ())
        of_it = mention is not None and mention.indicator is ask.indicators[0]
        of_it = of_it or (match(ask.named[0], bare(part)) >= _NAMED and len(part) - len(ask.named[0]) < _LONGEST_BESIDE)
        if figure.measure == "share" and of and of_it and (whole is None or match(whole.group(1), bare(of)) >= _FIT):
            return [figure]
    return []


def fits(ask: Part, figure: Figure) -> bool:
    """Whether a figure is of the unit and the measure that are asked for."""
    return _unit_fits(ask, figure) and _measure_fits(ask, figure)


def _unit_named(ask: Part, figure: Figure) -> bool:
    return any(figure.unit.endswith(unit) for unit in ask.units[:1])


def _unit_fits(ask: Part, figure: Figure) -> bool:
    if ask.measure is None and not ask.units and _COUNTED_NOUN.search(_counted(ask)) and _MEASURED.search(figure.unit):
        return False  # 有多少贫困户 asks for households, not for what they were paid
    if ask.measure == "growth" and _added_amount(ask):
        return True
    if ask.measure in ("growth", "share", "relative", "completion"):
        return figure.unit in ("%", "‰", "‱", "个百分点", "百分点", "倍") or figure.measure == "change"
    if not ask.units:
        return True
    if any(figure.unit.endswith(unit) for unit in ask.units):
        return True
    if ask.units[0] in ALIKE and figure.unit in ALIKE and not {ask.units[0], figure.unit} & {"人", "户"}:
        return True  # people count the same things in other words: 多少张床位, 44个
    return not figure.unit and any(unit in ("元", "人", "亩", "平方米", "人次") for unit in ask.units)


def _added_amount(ask: Part) -> bool:
    """Whether it is asked by how much something that is counted was added to: 学位增加多少."""
    return not ask.indicators and bool(_ADDED_TO.search(ask.wording)) and not _AS_RATE.search(ask.wording)


def _counted(ask: Part) -> str:
    """The noun that is counted: what follows 多少, or stands before it (企业多少)."""
    return "".join(ask.head) or (ask.topic[-1] if ask.topic else "")


def _measure_fits(ask: Part, figure: Figure) -> bool:
    if ask.measure == "growth" and _added_amount(ask) and figure.measure == "level":
        return figure.unit != "%" and bool(_ADDED_TO.search(figure.subject))
    if ask.units[:1] == ("倍",) and ask.measure != "growth":
        return figure.unit == "倍" and figure.measure != "growth"
    if ask.measure == "growth":
        return figure.measure in ("growth", "change", "relative")
    if ask.measure == "share":
        return figure.measure in ("share", "level", "completion")
    if ask.measure in ("relative", "completion"):
        return figure.measure == ask.measure
    if ask.measure == "level":
        return figure.measure in ("level", "change", "share", "completion")
    if figure.measure == "growth" and _COUNT_ASKED.search(ask.wording) and not _AS_RATE.search(ask.wording):
        return False  # how many came is not by how much their number grew
    return figure.measure in ("level", "change", "share", "growth")
