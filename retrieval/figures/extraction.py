"""Reading the figures of a report: each value with its indicator, kind, year and measure.

Sentence by sentence, left to right: what stands between a value and the one before it names its subject, or
(增长15.2%、其中…; 46亿元、增长102.3%) leaves the subject as it was. 分别 deals several values out to several subjects.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from retrieval.figures.areas import is_area, subject_of_upper, upper_of, zone_before
from retrieval.figures.completing import bare_name, completed
from retrieval.figures.facets import Facets
from retrieval.figures.measures import IN_WORDS, measure_of
from retrieval.figures.names import (
    SHORT_NAME,
    attribute_dealt_out,
    attribute_of_whole,
    counted_list,
    heads_shared,
    piece_after,
    tail_shared,
    without_item_mark,
    without_setting,
    without_verbs,
)
from retrieval.figures.times import ESTIMATE, SET_EARLIER, Context, kind_and_year, over_several_years, year_said_now
from retrieval.figures.years import YearsSpokenOf
from retrieval.language.folding import fold, with_full_stops, with_years_in_digits
from retrieval.language.indicators import (
    Indicator,
    function_words_only,
    named,
    own_names,
    part_spoken_of,
    short_subject_of,
    speaks_narrowly,
    subject_of,
)
from retrieval.language.patterns import pattern
from retrieval.language.values import RANK_UNIT, VALUE, Value, find_values
from retrieval.models import Figure, Kind, Measure, Metadata, Section, Span
from retrieval.report.chapters import APPENDIX
from retrieval.report.passages import body_of, runs, sentences

_BOUNDARY = re.compile(r"[,;。:!?\n]")
_TARGET_WORDS = pattern("figures.read.target_words")
_SYNC = pattern("figures.read.in_step")
_DEALS_OUT = pattern("figures.read.deals_out")
_CHANGES = pattern("figures.read.changes")
_NEXT_IN_LIST = pattern("figures.read.next_in_list")
_SHARED_COMPARATORS = ("左右", "以上", "以下", "以内", "之内", "上下")
_FROM = pattern("figures.read.from")
_FROM_YEAR = pattern("figures.read.from_year")
_FROM_TAIL = pattern("figures.read.from_tail")
_MOVES_ON = pattern("figures.read.moves_on")
_CAME_TO = pattern("figures.read.came_to")
_ATTRIBUTED_NAME = pattern("figures.name.attributes")
_COMPARES = pattern("figures.read.compares")
_REACHED = pattern("figures.read.reached")
_LONGEST_SENTENCE = 1_000  # characters; the longest of thirty real reports has 390
_SHORT_INDUSTRY = pattern("figures.name.short_industry")
_LAST_INDUSTRY = pattern("figures.name.last_industry")
_SHORTEST_NAME, _LONGEST_SUBJECT = 2, 40
_OF_ORGANISATIONS = pattern("figures.read.organisations")
_ATTRIBUTED = pattern("figures.read.attributed")
_MEASURE_ALONE = pattern("figures.read.measure_alone")
_EACH = pattern("figures.read.each")
_STRETCH = pattern("figures.read.stretch")
_OF_SHARE = pattern("figures.read.of_share")
_SHARE_OF = pattern("figures.read.share_of")
_CONTINUES = pattern("figures.read.continues")
_JOINS_NEXT = pattern("figures.read.joins_next")
_BETWEEN_NAMES = pattern("figures.read.between_names")
_RATE_AT_END = pattern("figures.read.rate_at_end")
_LEADING = pattern("figures.read.leading")
_TRAILING = pattern("figures.read.trailing")
_GLOSSARY = pattern("reports.chapter.glossary")
_DEFINES = pattern("figures.read.defines")
_LABEL_COLON = pattern("figures.read.label_colon")


@dataclass
class _Subject:
    phrase: str
    indicator: Indicator | None
    start: int
    of_place: str = ""  # the larger place or the zone that it is of, where that is not the report's own


def read_figures(text: str, outline: tuple[Section, ...], metadata: Metadata) -> tuple[Figure, ...]:
    """The figures of a report, in the order of its text. Every offset points into ``text``."""
    own = own_names(metadata.place, metadata.within, metadata.level)
    now = year_said_now(text, outline, metadata)
    years = YearsSpokenOf(text, outline, metadata)
    figures: list[Figure] = []
    glossary = False
    for index, run in runs(outline):
        section = outline[index]
        if section.depth == 1:
            heading = fold(section.heading)
            goes_on = glossary and section.period is None and not APPENDIX.match(heading)
            glossary = goes_on or bool(_GLOSSARY.match(heading))
        if section.depth == 0 or glossary:
            continue
        context = Context(
            index,
            section.ahead,
            None,
            metadata.review_year,
            metadata.plan_year,
            now,
            own,
        )
        body = body_of(text, outline, index, run)
        for span in sentences(text, body.start, body.end):
            spoken_of = replace(context, default_year=years.at(span.start))
            for piece in _bounded(text, span):
                figures += _Sentence(text, piece, spoken_of).figures()
    return tuple(figures)


def _bounded(text: str, span: Span) -> Iterator[Span]:
    """A sentence; one that no report has, in pieces: reading looks back in it from each value, which must stay cheap."""
    start = span.start
    while span.end - start > _LONGEST_SENTENCE:
        limit = start + _LONGEST_SENTENCE
        cut = max(text.rfind(mark, start, limit) for mark in "，,；;、") + 1
        cut = cut if cut > start else limit
        yield Span(start, cut)
        start = cut
    yield Span(start, span.end)


class _Sentence:
    """One sentence on its way to figures; keeps what was named last."""

    def __init__(self, text: str, span: Span, context: Context) -> None:
        self.text = text
        self.span = span
        self.context = context
        self.folded = with_years_in_digits(_LABEL_COLON.sub(" ", with_full_stops(fold(text[span.start : span.end]))))
        self.primary = bool(_TARGET_WORDS.search(self.folded))
        self.subjects: list[_Subject] = []
        self.part = False  # whether the sentence has come to speak of a part: 滨海新区地区生产总值增长6%、规上…
        self.of_whole = ""  # the last part of a whole, which the next in its list is one of, too
        self.area = ""  # the zone that the part is, where it was named apart from its indicators
        self.dealt: list[_Subject] = []  # the subjects that 分别 named last
        self.name = ""  # the words that named the last subject, which the next item of its list may leave out in part
        self.found: list[Figure] = []
        self.facets: Facets | None = None  # made for the first figure: most sentences have none
        self.base = False  # whether the value before is what something had been: 由69家…
        self.reached = False  # whether the value before is what it came to: …增加到156家
        self.base_year: int | None = None  # the year of which the sentence said so last: 由2016年的69家…

    def figures(self) -> list[Figure]:
        values = [] if _DEFINES.match(self.folded) else find_values(self.folded)
        at = 0
        queue: list[_Subject] = []
        for number, value in enumerate(values):
            gap = self.folded[at : value.start]
            if queue and _NEXT_IN_LIST.fullmatch(gap):
                self._add(value, queue.pop(0), gap, like=self.found[-1])
            else:
                queue = self._dealt_out(at, value, values[number:])
                subject = queue.pop(0) if queue else self._subject(at, value)
                if not queue and subject.indicator and (others := self._listed_without_names(values[number:])):
                    subject = replace(subject, indicator=None)
                    queue = [subject] * others
                self._add(self._with_shared_comparator(value, values[number:]), subject, gap)
            at = value.end + self._counted_behind(value)
        self._add_in_step()
        return self.found

    def _listed_without_names(self, values: list[Value]) -> int:
        """How many more values of its unit a value lists: of which things, nobody said, so that none is one's for certain."""
        listed = values[: self._listed_values(values)]
        alike = len({value.unit for value in listed}) == 1 and not any(value.blank for value in listed)
        return len(listed) - 1 if alike else 0

    def _counted_behind(self, value: Value) -> int:
        """The length of the thing behind a value of a list that counts it: the next value is not of that (6.5万常住人口、3200多家…)."""
        after = piece_after(self.folded[value.end :])
        end = value.end + len(after)
        if not after or self.folded[end : end + 1] != "、" or not self.folded.startswith(after, value.end):
            return 0
        figure = self.found[-1]
        mention = next(iter(named(after)), None)
        counts = figure.subject.endswith(after) or bool(mention and mention.indicator.name == figure.indicator)
        return len(after) if counts else 0

    # -- subjects ---------------------------------------------------------------------------------------------

    def _subject(self, at: int, value: Value) -> _Subject:
        """What ``value`` is about: named in its own clause, or in the clause(s) before, or as the value before."""
        gap = self.folded[at : value.start]
        cut = max((m.end() for m in _BOUNDARY.finditer(gap)), default=0)
        phrase = _FROM_TAIL.sub("", without_setting(without_item_mark(gap[cut:])))
        start = at + cut
        indicator = self._indicator(phrase) or short_subject_of(phrase, self.folded[:start])
        indicator = indicator or self._completed(phrase, gap, value)
        self.name = bare_name(phrase) or self.name
        if self._counts_its_own(phrase, value):
            phrase, indicator = "", None
        elif indicator is None and (led := self._led_clause(phrase, gap[:cut])):
            self.subjects.append(led)
            return led
        elif indicator is None and self._continued(phrase):
            between = self._spoken_of_between(gap[:cut], phrase)
            if between is not None:
                self.subjects.append(between)
            return self.subjects[-1]
        if re.search(r"[;。]", gap) or any(phrase.startswith(name) for name in self.context.own):
            self.part, self.area = False, ""
        if indicator is None and (part := part_spoken_of(phrase)):
            self.part = True
            self.area = part if is_area(part, self.context.own) else ""
        if area := zone_before(gap):
            self.part, self.area = True, area
        if indicator and "元" in indicator.units and self._goes_on_with_organisation(gap):
            indicator = None  # 省管企业净资产增长8.9%、研发投入增长34.4%
        if indicator and self.part:
            noun_phrase = self._noun_phrase(phrase, value)
            of_area = "" if self.area in noun_phrase else self.area
            subject = _Subject(f"{of_area}{noun_phrase}", None, start, self.area)
        elif indicator is None and (upper := upper_of(phrase, self.context.own)):
            before = self.subjects[-1].phrase if self.subjects else ""
            alone = function_words_only(phrase.rpartition(upper)[2])  # 全国GDP增长5%,全省6%
            said = subject_of_upper(upper, "" if alone else self._noun_phrase(phrase, value), before)
            subject = _Subject(said[:_LONGEST_SUBJECT], None, start, upper)
        elif indicator:
            subject = _Subject(indicator.name, indicator, start)
        else:
            moves = bool(_CAME_TO.search(phrase)) or (not phrase and bool(_FROM_TAIL.search(gap)))
            earlier = self._clause_before(gap[:cut], moves) if function_words_only(phrase) else None
            noun_phrase = self._noun_phrase(phrase, value)
            noun_phrase += self._attribute_of_whole(phrase, noun_phrase, value)
            if not noun_phrase and ";" in gap and not function_words_only(phrase):
                # 增长6%;城市更新有序推进、力争增长2%: another thing
                noun_phrase = self._noun_phrase(phrase.split("、")[0], value)
            of_the_same = value.unit == RANK_UNIT and _MEASURE_ALONE.fullmatch(noun_phrase)
            if not earlier and (not noun_phrase or of_the_same) and self.subjects:
                return self.subjects[-1]
            around = None if self.part else self._around(value, noun_phrase)
            subject = earlier or _Subject(around.name if around else noun_phrase, around, start)
        self.subjects.append(subject)
        return subject

    def _goes_on_with_organisation(self, gap: str) -> bool:
        """Whether a list goes on that began with something of a kind of organisation, which then all of it is of."""
        before = self.subjects[-1] if self.subjects else None
        return bool(gap.startswith("、") and before and before.indicator is None and _OF_ORGANISATIONS.search(before.phrase[:-1]))

    def _continued(self, phrase: str) -> bool:
        return bool(self.subjects) and (function_words_only(phrase) or self._continues(phrase))

    def _spoken_of_between(self, gap: str, phrase: str) -> _Subject | None:
        """What a clause without a value names after the value before, of which the next one is: 工业产值万元,同比增长19%."""
        if between := self._clause_before(gap, bool(_CAME_TO.search(phrase))):
            return between
        clauses = [clause for clause in re.split(r"[;。]", gap)[-1].split(",") if clause.strip()]
        name = bare_name(clauses[0]) if clauses and re.search(r"[;。]", gap) else ""
        return _Subject(name[:_LONGEST_SUBJECT], None, 0) if len(name) > _SHORTEST_NAME else None

    def _counts_its_own(self, phrase: str, value: Value) -> bool:
        """Whether the value names what it counts after it: 发放资金300万元,为93名残疾人…, not 增长5%."""
        if value.unit == RANK_UNIT or not function_words_only(phrase):
            return False
        if value.unit in ("%", "‰", "‱", "倍") or value.unit.endswith("百分点"):
            return bool(self._attributed(value))
        return len(piece_after(self.folded[value.end :])) >= _SHORTEST_NAME

    def _attributed(self, value: Value) -> str:
        """What a percentage is said of right after it: 80%的县级医院达到…"""
        match = _ATTRIBUTED.match(self.folded, value.end) if value.unit == "%" else None
        return match.group(1) if match else ""

    def _indicator(self, phrase: str) -> Indicator | None:
        """The indicator that a phrase is about; the last of several listed with 、."""
        mention = subject_of(phrase, self.context.own)
        if mention is None and "、" in phrase:
            mention = subject_of(phrase.rsplit("、", 1)[1], self.context.own)
        return mention.indicator if mention else None

    def _completed(self, phrase: str, gap: str, value: Value) -> Indicator | None:
        """The indicator whose name a phrase breaks off, or shares with the item before it in its list."""
        before = self.name if self.found and re.match(r"[、,和及]", gap) and not re.search(r"[;。]", gap) else ""
        found = completed(phrase, before, self.context.own, same_unit=bool(self.found) and self.found[-1].unit == value.unit)
        return found if found and (value.unit in ("%", "‰") or found.counts(value.unit)) else None

    def _around(self, value: Value, noun_phrase: str) -> Indicator | None:
        """The indicator whose name stands around a value, or after it: 城镇新增48.7万人就业, 改造提升112万亩高标准农田."""
        after = piece_after(self.folded[value.end :])
        bare = without_verbs(noun_phrase)
        if (
            after
            and bare == after
            and (found := subject_of(after, ()))
            and found.start == 0
            and found.indicator.counts(value.unit)
        ):
            return found.indicator  # 6000多家市场主体保持稳定
        mention = next(iter(named(bare)), None) if after and bare.endswith(after) else None
        whole = mention and (mention.start, mention.end) == (0, len(bare))
        return mention.indicator if mention and whole and mention.indicator.counts(value.unit) else None

    def _attribute_of_whole(self, phrase: str, noun_phrase: str, value: Value) -> str:
        """What is counted of a part of the whole before it: 粮食总产1.8万吨,其中小麦0.9万吨,玉米0.8万吨 are outputs, too."""
        if not self.found or not self.subjects or value.unit != self.found[-1].unit or value.unit in ("%", "‰", RANK_UNIT):
            return ""
        before = self.subjects[-1].phrase
        follows = phrase.startswith("其中") or (self.of_whole == before and phrase == noun_phrase)
        if not follows or not 1 < len(noun_phrase) <= SHORT_NAME or noun_phrase != without_verbs(noun_phrase):
            return ""
        attribute = attribute_of_whole(before)
        self.of_whole = noun_phrase + attribute
        return attribute

    def _led_clause(self, phrase: str, gap: str) -> _Subject | None:
        """The indicator that the clause before begins with, of which a share is told: 经济总量还不够大,占全省比重仅为4.1%."""
        clause = [piece for piece in _BOUNDARY.split(gap) if piece.strip()]
        if not clause or not _OF_SHARE.match(phrase):
            return None
        said = without_item_mark(clause[-1])
        mention = next(iter(named(said)), None)
        leads = mention is not None and function_words_only(said[: mention.start])
        return _Subject(mention.indicator.name, mention.indicator, 0) if mention and leads else None

    def _clause_before(self, gap: str, moves: bool) -> _Subject | None:
        """The indicator that the clause before the value's names (地区生产总值稳步提升,增长6%), or None.

        Before what something had been, or came to (``moves``), it may say more of it: 地区生产总值连跨两个台阶,由2万亿元增加到….
        """
        clause = [piece for piece in _BOUNDARY.split(gap) if piece.strip()]
        if not clause:
            return None
        mention = subject_of(clause[-1], self.context.own)
        moved = _MOVES_ON.search(clause[-1]) if mention is None and moves else None
        if moved is None:
            return _Subject(mention.indicator.name, mention.indicator, 0) if mention else None
        mention = subject_of(clause[-1][: moved.start()], self.context.own)
        name = bare_name(clause[-1][: moved.start()])
        if mention is None and not (_SHORTEST_NAME < len(name) <= _LONGEST_SUBJECT and _ATTRIBUTED_NAME.search(name)):
            return None
        return _Subject(mention.indicator.name, mention.indicator, 0) if mention else _Subject(name, None, 0)

    @staticmethod
    def _continues(phrase: str) -> bool:
        """Whether a clause says more of what was named before: a share, a rank, a comparison, a completion."""
        return bool(_CONTINUES.match(phrase.strip()))

    def _noun_phrase(self, phrase: str, value: Value) -> str:
        """The words of the report that tell what a value counts: before it, and after it up to the clause's end."""
        listed = phrase.rsplit("、", 1)[-1]
        if self._names_what_comes_before(phrase, value):
            listed = phrase = ""
        before = _TRAILING.sub("", _LEADING.sub("", listed)).strip()
        if attributed := self._attributed(value):
            return attributed[:_LONGEST_SUBJECT]
        rest = self.folded[value.end :]
        after = "" if value.unit == RANK_UNIT else piece_after(rest)
        if not after and len(listed) <= SHORT_NAME < len(phrase):
            before = _TRAILING.sub("", _LEADING.sub("", phrase)).strip()  # 巡查企业偷排、漏排、直排100余次
        if not after and value.unit.endswith("元") and len(without_verbs(before)) < _SHORTEST_NAME and rest[:1] == ",":
            after = VALUE.sub("", re.split(r"[,;。:!?\n]", rest[1:], maxsplit=1)[0])  # 投入45万元,解决…: what the money went into
            after = "" if function_words_only(after) else after.strip()
        return f"{before}{after}"[:_LONGEST_SUBJECT]

    def _names_what_comes_before(self, phrase: str, value: Value) -> bool:
        """Whether a phrase is what the value before counts, as this one counts what comes after: 15家博物馆和29家书店."""
        if not self.found or not _JOINS_NEXT.search(phrase):
            return False
        between = self.folded[self.found[-1].end - self.span.start : value.start]
        return between == phrase and bool(piece_after(self.folded[value.end :]))

    def _dealt_out(self, at: int, value: Value, values: list[Value]) -> list[_Subject]:
        """The subjects among which 分别 before ``value`` deals out this and the following values; else none."""
        gap = self.folded[at : value.start]
        cut = max((m.end() for m in re.finditer(r"[;。!?\n]", gap)), default=0)
        told = _DEALS_OUT.search(gap[cut:])
        count = self._listed_values(values)
        if told is None:
            return self._dealt_out_unsaid(gap, cut, value, count)
        before = gap[cut : cut + told.start()]
        clause = _COMPARES.sub("", _BOUNDARY.split(before)[-1])  # 存款、贷款达到…,较2019年分别增长
        if cut or clause.startswith(self.context.own):
            self.part, self.area = False, ""
        listed = self._counted_list(clause, at, count)
        clause = listed or clause
        names = [name for name in clause.strip("、").split("、") if not function_words_only(name)]
        if len(names) != count:
            names = [name for name in _BETWEEN_NAMES.split(clause.strip("、")) if not function_words_only(name)]
        if not names and len(self.dealt) == count:
            return list(self.dealt)
        if not names and len(self.subjects) >= count:
            return self.subjects[-count:]
        names = _industries(_town_and_country(names) if count == 2 else names)
        if len(names) != count or count < 2:
            return []
        attribute = attribute_dealt_out(_TRAILING.sub("", gap[cut + told.end() :]))
        if attribute and not any(name.endswith(attribute) for name in names):
            return self._named_all([name + attribute for name in names], whole=True)
        return self._named_all(names, whole=bool(listed))

    def _dealt_out_unsaid(self, gap: str, cut: int, value: Value, count: int) -> list[_Subject]:
        """The subjects of as many listed values where no 分别 says that they are dealt out; else none."""
        clause = _BOUNDARY.split(gap[cut:])[-1]
        if count > 1 and value.unit in ("%", "‰"):
            # 新一代信息技术、高端装备产业增加值增长13.6%、9.8%: as many names as values, with a verb of change
            if clause != (aimed := without_setting(clause)):
                names = [_RATE_AT_END.sub("", name) for name in aimed.split("、")]
                return self._named_all(names) if len(names) == count else []
            verb = _CHANGES.search(clause)
            if verb and len([name for name in clause[: verb.start()].split("、") if len(name) > 1]) == count:
                return self._named_all(clause[: verb.start()].split("、"))
        elif count > 1:
            if _CHANGES.search(clause) and self._continues(clause) and (last := self._last_of_unit(value, count)):
                return last  # 存款余额874亿元、贷款余额566亿元,比上年末增加49亿元和28亿元
            if subjects := self._all_indicators(bare_name(clause), count):
                return subjects
        if len(self.dealt) != count or count < 2 or not function_words_only(gap.strip(",、 ")):
            return []
        told = [(f.subject, f.unit) for f in self.found[-count:]]
        just_dealt = [subject for subject, _ in told] == [one.phrase for one in self.dealt] and told[-1][1] != value.unit
        return list(self.dealt) if just_dealt or self.base or self.found[-1].year is None else []

    def _last_of_unit(self, value: Value, count: int) -> list[_Subject]:
        """The subjects of the last ``count`` figures, where those are as many things, counted as ``value`` is."""
        last = self.subjects[-count:]
        figures = self.found[-count:]
        if len(last) < count or len(figures) < count or len({one.phrase for one in last}) < count:
            return []
        of_them = [(f.subject, f.unit) for f in figures] == [(one.phrase, value.unit) for one in last]
        return list(last) if of_them else []

    def _all_indicators(self, clause: str, count: int) -> list[_Subject]:
        """The subjects of a list of ``count`` names that all are indicators: 城镇和农村居民人均可支配收入38264元和18347元."""
        names = _each_named(clause, count)
        if len(names) != count or upper_of(names[0], self.context.own) or self.part:
            return []
        subjects = [self._named(name, names[0], names[-1], False) for name in names]
        if len({one.indicator for one in subjects if one.indicator}) < count:
            return []
        self.dealt = subjects
        self.subjects += subjects
        return list(subjects)

    def _counted_list(self, clause: str, at: int, count: int) -> str:
        """The names of a list that says how many they are (光伏、航空2条产业链产值, 光伏、航空两大产业); nothing where it does not.

        The number of them, which is a value itself, is no figure then.
        """
        start = max((m.end() for m in _BOUNDARY.finditer(self.folded[:at])), default=0)
        counted = bool(self.found) and self.found[-1].end - self.span.start == at and self.found[-1].low == count
        listed = counted_list(self.folded[start:at] + clause if counted else clause, count)
        if listed and counted:
            self.found.pop()
            while self.subjects and self.subjects[-1].start >= start:
                self.subjects.pop()
        return listed

    def _named_all(self, names: list[str], *, whole: bool = False) -> list[_Subject]:
        """The subjects that a list names, remembered as those dealt out last; ``whole`` names take nothing from each other."""
        area = upper_of(names[0], self.context.own) or (self.area if self.part else "")
        names = [name.removeprefix(area) for name in names]
        narrowed = speaks_narrowly(names[0]) and subject_of(names[0], self.context.own) is None
        self.dealt = [self._named(name, name if whole else names[0], name if whole else names[-1], narrowed) for name in names]
        if area or self.part:  # 全省城镇、农村居民收入分别增长5%、6%, in a county's report: neither is its own
            self.dealt = [_Subject(area + subject.phrase, None, 0, area) for subject in self.dealt]
        self.subjects += self.dealt
        return list(self.dealt)

    def _named(self, name: str, first: str, last: str, narrowed: bool) -> _Subject:
        """The subject a listed name stands for; the list's last name completes a short one (城镇、农村居民收入), its
        first one a bare attribute (事故起数和死亡人数).

        ``narrowed`` tells that the list's first name narrows all of them (农产品网络零售额、出口额).
        """
        if not narrowed:
            bare = _SHARE_OF.sub("", name)  # 高技术制造业增加值占规上工业比重
            for candidate in (name, bare, name + last[len(name) :] if len(last) > len(name) else name, name + last[2:]):
                mention = subject_of(candidate, self.context.own)
                if mention:
                    return _Subject(mention.indicator.name, mention.indicator, 0)
        whole = name if name == last else name + tail_shared(name, last)
        wholes = [head + whole for head in heads_shared(whole, first)] or [whole]
        if narrowed and name != first and (narrowing := first[: named(first)[-1].start]) not in name:
            wholes = [narrowing + whole]
        for full in wholes if not narrowed else ():
            mention = subject_of(full, self.context.own) if full != name else None
            if mention:
                return _Subject(mention.indicator.name, mention.indicator, 0)
        return _Subject(_TRAILING.sub("", _LEADING.sub("", wholes[0])), None, 0)

    def _with_shared_comparator(self, value: Value, values: list[Value]) -> Value:
        """The first of a list without a qualifier of its own shares that at the list's end: 控制在5%和3%以内."""
        last = values[self._listed_values(values) - 1]
        shared = last.comparator if last is not value and last.comparator in _SHARED_COMPARATORS else ""
        return replace(value, comparator=shared) if shared and not value.comparator else value

    def _listed_values(self, values: list[Value]) -> int:
        count = 1
        for before, after in pairwise(values):
            rates = [one.unit in ("%", "‰") for one in (before, after)]
            if rates[0] != rates[1] or not _NEXT_IN_LIST.fullmatch(self.folded[before.end : after.start]):
                break
            count += 1
        return count

    # -- figures ----------------------------------------------------------------------------------------------

    def _add(self, value: Value, subject: _Subject, gap: str, like: Figure | None = None, *, in_words: bool = False) -> None:
        clause = _BOUNDARY.split(gap)[-1]
        if like is not None:
            measure, direction = like.measure, like.direction
        elif value.low is None and not value.blank:
            measure, direction = "growth", ""
        else:
            measure, direction = measure_of(clause, value, subject.indicator)
        indicator = subject.indicator
        if indicator and measure == "level" and (not indicator.counts(value.unit) or self._is_of_each(value, clause)):
            indicator = None
        kind, year = self._kind_and_year(value, gap, like, measure)
        if (
            measure == "relative"
            and kind == "target"
            and not self.context.ahead
            and self.found
            and value.unit == self.found[-1].unit
        ):
            measure = self.found[-1].measure  # 增长5.1%,高于年初确定的5%的目标: what was aimed at, not how far it was passed
        if (
            kind == "target"
            and value.unit == "%"
            and measure in ("relative", "completion", "level")
            and SET_EARLIER.search(clause)
        ):
            measure, direction = indicator.usual if indicator else "growth", ""  # 高于年初确定的5%的目标
        stretch = bool(
            self.found
            and _STRETCH.search(clause)
            and self.found[-1].subject == subject.phrase
            and self.found[-1].measure == measure
            and self.found[-1].unit == value.unit
        )
        start, end = self.span.start + value.start, self.span.start + value.end
        if self.facets is None:
            self.facets = Facets(self.text[self.span.start : self.span.end], self.folded)
        previous = self.found[-1].end - self.span.start if self.found else 0
        estimated = kind == "actual" and bool(ESTIMATE.search(self.folded[: value.start].rsplit("。", 1)[-1][-30:]))
        self.found.append(
            Figure(
                indicator.name if indicator else None,
                subject.phrase,
                kind,
                year,
                measure,
                self.text[start:end],
                value.low,
                value.high,
                value.unit,
                value.scale,
                value.comparator,
                direction,
                value.blank,
                stretch,
                estimated,
                self.primary,
                self.context.section,
                start,
                end,
                self.span.start,
                self.span.end,
                earlier=self.base,
                in_words=in_words,
                of_place=subject.of_place,
                **self.facets.of(value, subject.phrase, measure, previous),
            )
        )

    def _kind_and_year(self, value: Value, gap: str, like: Figure | None, measure: Measure) -> tuple[Kind, int | None]:
        """Aimed at or reached, and in which year. 由69家增加到156家: the first is what it had been, the second what it came to."""
        reached = bool(self.base and _REACHED.search(gap)) or (like is not None and self.reached)
        kind, year = kind_and_year(self.folded, value, self.context, reached)
        from_year = _FROM_YEAR.search(gap)
        if from_year:
            self.base_year = year
        if self.base and like is not None:
            year = self.found[-1].year
        elif _FROM.search(gap):
            year = self.base_year
        elif over_several_years(self.folded, value, measure, year):
            year = None
        self.base = bool(from_year or _FROM.search(gap) or (self.base and like is not None))
        self.reached = reached
        return kind, year

    def _is_of_each(self, value: Value, clause: str) -> bool:
        """Whether an amount is what each of several has: 10个村村集体经济收入均达到20万元."""
        return value.unit not in ("%", "‰") and self._listed_values([value]) == 1 and bool(_EACH.search(clause))

    def _add_in_step(self) -> None:
        """Targets without a number that say how they move: 居民收入增长与经济增长同步; among main targets 进出口促稳提质, too."""
        counted = {figure.indicator for figure in self.found}
        words = [*IN_WORDS.finditer(self.folded)] if self.primary and self.context.ahead else []
        for match in (*_SYNC.finditer(self.folded), *words):
            clause_start = max((m.end() for m in _BOUNDARY.finditer(self.folded[: match.start()])), default=0)
            said = self.folded[clause_start : match.start()]
            mention = subject_of(said, self.context.own) or subject_of(re.split("[和、及]", said)[0], self.context.own)
            if mention is None or (match.re is IN_WORDS and mention.indicator.name in counted):
                continue
            value = Value(match.start(), match.end(), None, None, "", "", False)
            self._add(
                value, _Subject(mention.indicator.name, mention.indicator, clause_start), "增长", in_words=match.re is IN_WORDS
            )


def _each_named(clause: str, count: int) -> list[str]:
    """The names that a clause lists, of town and country each by its own."""
    names = [name for name in _BETWEEN_NAMES.split(clause) if not function_words_only(name)]
    return _town_and_country(names) if count == 2 else names


def _industries(names: list[str]) -> list[str]:
    """第一、二、三产业增加值 as three names, each of its own industry."""
    last = _LAST_INDUSTRY.search(names[-1]) if len(names) > 1 else None
    if last is None or not all(_SHORT_INDUSTRY.fullmatch(name) for name in names[:-1]):
        return names
    return [f"第{name.strip('第产业次')}产业{last.group('attribute')}" for name in (*names[:-1], last.group("number"))]


def _town_and_country(names: list[str]) -> list[str]:
    """城乡居民收入, before two values, as the incomes in town and in the country."""
    if len(names) != 1 or "城乡" not in names[0]:
        return names
    return [names[0].replace("城乡", "城镇"), names[0].replace("城乡", "农村")]
