"""What the values of a sentence are about: named where they stand, or before, or dealt out by 分别."""

from __future__ import annotations

import re

from retrieval.figures.areas import is_area, subject_of_upper, turned_to, upper_of, zone_before
from retrieval.figures.clauses import (
    BETWEEN_NAMES,
    BOUNDARY,
    LEADING,
    LONGEST_SUBJECT,
    SHORTEST_NAME,
    TRAILING,
    Subject,
    around,
    clause_before,
    continues,
    counts_its_own,
    each_named,
    indicator_of,
    industries,
    led_clause,
    listed_values,
    noun_phrase_of,
    town_and_country,
)
from retrieval.figures.completing import bare_name, completed
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
from retrieval.figures.times import GROUND, Context
from retrieval.language.indicators import (
    Indicator,
    function_words_only,
    named,
    part_spoken_of,
    short_subject_of,
    speaks_narrowly,
    subject_of,
)
from retrieval.language.patterns import pattern
from retrieval.language.values import RANK_UNIT, Value
from retrieval.models import Figure

_DEALS_OUT = pattern("figures.read.deals_out")
_CHANGES = pattern("figures.read.changes")
_FROM_TAIL = pattern("figures.read.from_tail")
_CAME_TO = pattern("figures.read.came_to")
_COMPARES = pattern("figures.read.compares")
_OF_ORGANISATIONS = pattern("figures.read.organisations")
_MEASURE_ALONE = pattern("figures.read.measure_alone")
_SHARE_OF = pattern("figures.read.share_of")
_JOINS_NEXT = pattern("figures.read.joins_next")
_RATE_AT_END = pattern("figures.read.rate_at_end")


class Subjects:
    """What the values of one sentence are about, in its order; keeps what was named last."""

    def __init__(self, folded: str, start: int, context: Context, found: list[Figure]) -> None:
        """``start`` is the sentence's offset in its report, ``found`` the list that its figures are put into."""
        self.folded = folded
        self.start = start
        self.context = context
        self.found = found
        self.told: list[Subject] = []
        self.part = False  # whether the sentence has come to speak of a part: 滨海新区地区生产总值增长6%、规上…
        self.of_whole = ""  # the last part of a whole, which the next in its list is one of, too
        self.area = ""  # the zone that the part is, where it was named apart from its indicators
        self.dealt: list[Subject] = []  # the subjects that 分别 named last
        self.name = ""  # the words that named the last subject, which the next item of its list may leave out in part

    def of(self, at: int, value: Value) -> Subject:
        """What ``value`` is about: named in its own clause, or in the clause(s) before, or as the value before."""
        gap = self.folded[at : value.start]
        cut = max((m.end() for m in BOUNDARY.finditer(gap)), default=0)
        phrase = _FROM_TAIL.sub("", without_setting(without_item_mark(gap[cut:])))
        start = at + cut
        indicator = indicator_of(phrase, self.context.own) or short_subject_of(phrase, self.folded[:start])
        indicator = indicator or self._completed(phrase, gap, value)
        self.name = bare_name(phrase) or self.name
        if indicator is None and self.told and phrase.startswith("在") and self.folded.startswith(GROUND, value.end):
            return self.told[-1]
        if counts_its_own(self.folded, phrase, value):
            phrase, indicator = "", None
        elif indicator is None and (led := led_clause(phrase, gap[:cut])):
            self.told.append(led)
            return led
        elif indicator is None and self._continued(phrase):
            between = self._spoken_of_between(gap[:cut], phrase)
            if between is not None:
                self.told.append(between)
            return self.told[-1]
        if re.search(r"[;。]", gap) or phrase.startswith((*self.context.own, "我们")):
            self.part, self.area = False, ""
        if indicator is None and (part := part_spoken_of(phrase)):
            self.part = True
            self.area = part if is_area(part, self.context.own) else ""
        if area := turned_to(gap, self.context.own) or zone_before(gap):
            self.part, self.area = True, area
        if indicator and "元" in indicator.units and self._goes_on_with_organisation(gap):
            indicator = None  # 省管企业净资产增长8.9%、研发投入增长34.4%
        if indicator and self.part:
            noun_phrase = self._words_of(phrase, value)
            of_area = "" if self.area in noun_phrase else self.area
            subject = Subject(f"{of_area}{noun_phrase}", None, start, self.area)
        elif indicator is None and (upper := upper_of(phrase, self.context.own)):
            before = self.told[-1].phrase if self.told else ""
            alone = function_words_only(phrase.rpartition(upper)[2])  # 全国GDP增长5%,全省6%
            said = subject_of_upper(upper, "" if alone else self._words_of(phrase, value), before)
            subject = Subject(said[:LONGEST_SUBJECT], None, start, upper)
        elif indicator:
            subject = Subject(indicator.name, indicator, start)
        else:
            found = self._by_its_words(phrase, gap, cut, start, value)
            if found is None:
                return self.told[-1]
            subject = found
        self.told.append(subject)
        return subject

    def _by_its_words(self, phrase: str, gap: str, cut: int, start: int, value: Value) -> Subject | None:
        """What the words of a phrase name, or the clause before where it has none; None for what was spoken of before."""
        moves = bool(_CAME_TO.search(phrase)) or (not phrase and bool(_FROM_TAIL.search(gap)))
        if function_words_only(phrase) and (earlier := clause_before(gap[:cut], moves, self.context.own)):
            return earlier
        noun_phrase = self._words_of(phrase, value)
        noun_phrase += self._attribute_of_whole(phrase, noun_phrase, value)
        if not noun_phrase and ";" in gap and not function_words_only(phrase):
            # 增长6%;城市更新有序推进、力争增长2%: another thing
            noun_phrase = self._words_of(phrase.split("、")[0], value)
        of_the_same = value.unit == RANK_UNIT and _MEASURE_ALONE.fullmatch(noun_phrase)
        if self.told and (not noun_phrase or of_the_same):
            return None
        near = None if self.part else around(self.folded, value, noun_phrase)
        return Subject(near.name if near else noun_phrase, near, start)

    def _goes_on_with_organisation(self, gap: str) -> bool:
        """Whether a list goes on that began with something of a kind of organisation, which then all of it is of."""
        before = self.told[-1] if self.told else None
        return bool(gap.startswith("、") and before and before.indicator is None and _OF_ORGANISATIONS.search(before.phrase[:-1]))

    def _continued(self, phrase: str) -> bool:
        return bool(self.told) and (function_words_only(phrase) or continues(phrase))

    def _spoken_of_between(self, gap: str, phrase: str) -> Subject | None:
        """What a clause without a value names after the value before, of which the next one is: 工业产值万元,同比增长19%."""
        if between := clause_before(gap, bool(_CAME_TO.search(phrase)), self.context.own):
            return between
        clauses = [clause for clause in re.split(r"[;。]", gap)[-1].split(",") if clause.strip()]
        name = bare_name(clauses[0]) if clauses and re.search(r"[;。]", gap) else ""
        return Subject(name[:LONGEST_SUBJECT], None, 0) if len(name) > SHORTEST_NAME else None

    def _completed(self, phrase: str, gap: str, value: Value) -> Indicator | None:
        """The indicator whose name a phrase breaks off, or shares with the item before it in its list."""
        before = self.name if self.found and re.match(r"[、,和及]", gap) and not re.search(r"[;。]", gap) else ""
        found = completed(phrase, before, self.context.own, same_unit=bool(self.found) and self.found[-1].unit == value.unit)
        return found if found and (value.unit in ("%", "‰") or found.counts(value.unit)) else None

    def _attribute_of_whole(self, phrase: str, noun_phrase: str, value: Value) -> str:
        """What is counted of a part of the whole before it: 粮食总产1.8万吨,其中小麦0.9万吨,玉米0.8万吨 are outputs, too."""
        if not self.found or not self.told or value.unit != self.found[-1].unit or value.unit in ("%", "‰", RANK_UNIT):
            return ""
        before = self.told[-1].phrase
        follows = phrase.startswith("其中") or (self.of_whole == before and phrase == noun_phrase)
        if not follows or not 1 < len(noun_phrase) <= SHORT_NAME or noun_phrase != without_verbs(noun_phrase):
            return ""
        attribute = attribute_of_whole(before)
        self.of_whole = noun_phrase + attribute
        return attribute

    def _words_of(self, phrase: str, value: Value) -> str:
        """The words that tell what a value counts, without those of the value before."""
        return noun_phrase_of(self.folded, "" if self._names_what_comes_before(phrase, value) else phrase, value)

    def _names_what_comes_before(self, phrase: str, value: Value) -> bool:
        """Whether a phrase is what the value before counts, as this one counts what comes after: 15家博物馆和29家书店."""
        if not self.found or not _JOINS_NEXT.search(phrase):
            return False
        between = self.folded[self.found[-1].end - self.start : value.start]
        return between == phrase and bool(piece_after(self.folded[value.end :]))

    def dealt_out(self, at: int, value: Value, values: list[Value]) -> list[Subject]:
        """The subjects among which 分别 before ``value`` deals out this and the following values; else none."""
        gap = self.folded[at : value.start]
        cut = max((m.end() for m in re.finditer(r"[;。!?\n]", gap)), default=0)
        told = _DEALS_OUT.search(gap[cut:])
        count = listed_values(self.folded, values)
        if told is None:
            return self._dealt_out_unsaid(gap, cut, value, count)
        before = gap[cut : cut + told.start()]
        clause = _COMPARES.sub("", BOUNDARY.split(before)[-1])  # 存款、贷款达到…,较2019年分别增长
        if cut or clause.startswith(self.context.own):
            self.part, self.area = False, ""
        listed = self._counted_list(clause, at, count)
        clause = listed or clause
        names = [name for name in clause.strip("、").split("、") if not function_words_only(name)]
        if len(names) != count:
            names = [name for name in BETWEEN_NAMES.split(clause.strip("、")) if not function_words_only(name)]
        if not names and len(self.dealt) == count:
            return list(self.dealt)
        if not names and len(self.told) >= count:
            return self.told[-count:]
        names = industries(town_and_country(names) if count == 2 else names)
        if len(names) != count or count < 2:
            return []
        attribute = attribute_dealt_out(TRAILING.sub("", gap[cut + told.end() :]))
        if attribute and not any(name.endswith(attribute) for name in names):
            return self._named_all([name + attribute for name in names], whole=True)
        return self._named_all(names, whole=bool(listed))

    def _dealt_out_unsaid(self, gap: str, cut: int, value: Value, count: int) -> list[Subject]:
        """The subjects of as many listed values where no 分别 says that they are dealt out; else none."""
        clause = BOUNDARY.split(gap[cut:])[-1]
        if count > 1 and value.unit in ("%", "‰"):
            # 新一代信息技术、高端装备产业增加值增长13.6%、9.8%: as many names as values, with a verb of change
            if clause != (aimed := without_setting(clause)):
                names = [_RATE_AT_END.sub("", name) for name in aimed.split("、")]
                return self._named_all(names) if len(names) == count else []
            verb = _CHANGES.search(clause)
            if verb and len([name for name in clause[: verb.start()].split("、") if len(name) > 1]) == count:
                return self._named_all(clause[: verb.start()].split("、"))
        elif count > 1:
            if _CHANGES.search(clause) and continues(clause) and (last := self._last_of_unit(value, count)):
                return last  # 存款余额874亿元、贷款余额566亿元,比上年末增加49亿元和28亿元
            if subjects := self._all_indicators(bare_name(clause), count):
                return subjects
        if len(self.dealt) != count or count < 2 or not function_words_only(gap.strip(",、 ")):
            return []
        told = [(f.subject, f.unit) for f in self.found[-count:]]
        just_dealt = [subject for subject, _ in told] == [one.phrase for one in self.dealt] and told[-1][1] != value.unit
        return list(self.dealt) if just_dealt or self.found[-1].earlier or self.found[-1].year is None else []

    def _last_of_unit(self, value: Value, count: int) -> list[Subject]:
        """The subjects of the last ``count`` figures, where those are as many things, counted as ``value`` is."""
        last = self.told[-count:]
        figures = self.found[-count:]
        if len(last) < count or len(figures) < count or len({one.phrase for one in last}) < count:
            return []
        of_them = [(f.subject, f.unit) for f in figures] == [(one.phrase, value.unit) for one in last]
        return list(last) if of_them else []

    def _all_indicators(self, clause: str, count: int) -> list[Subject]:
        """The subjects of a list of ``count`` names that all are indicators: 城镇和农村居民人均可支配收入38264元和18347元."""
        names = each_named(clause, count)
        if len(names) != count or upper_of(names[0], self.context.own) or self.part:
            return []
        subjects = [self._named(name, names[0], names[-1], False) for name in names]
        if len({one.indicator for one in subjects if one.indicator}) < count:
            return []
        self.dealt = subjects
        self.told += subjects
        return list(subjects)

    def _counted_list(self, clause: str, at: int, count: int) -> str:
        """The names of a list that says how many they are (光伏、航空2条产业链产值, 光伏、航空两大产业); nothing where it does not.

        The number of them, which is a value itself, is no figure then.
        """
        start = max((m.end() for m in BOUNDARY.finditer(self.folded[:at])), default=0)
        counted = bool(self.found) and self.found[-1].end - self.start == at and self.found[-1].low == count
        listed = counted_list(self.folded[start:at] + clause if counted else clause, count)
        if listed and counted:
            self.found.pop()
            while self.told and self.told[-1].start >= start:
                self.told.pop()
        return listed

    def _named_all(self, names: list[str], *, whole: bool = False) -> list[Subject]:
        """The subjects that a list names, remembered as those dealt out last; ``whole`` names take nothing from each other."""
        area = upper_of(names[0], self.context.own) or (self.area if self.part else "")
        names = [name.removeprefix(area) for name in names]
        narrowed = speaks_narrowly(names[0]) and subject_of(names[0], self.context.own) is None
        self.dealt = [self._named(name, name if whole else names[0], name if whole else names[-1], narrowed) for name in names]
        if area or self.part:  # 全省城镇、农村居民收入分别增长5%、6%, in a county's report: neither is its own
            self.dealt = [Subject(area + subject.phrase, None, 0, area) for subject in self.dealt]
        self.told += self.dealt
        return list(self.dealt)

    def _named(self, name: str, first: str, last: str, narrowed: bool) -> Subject:
        """The subject a listed name stands for; the list's last name completes a short one (城镇、农村居民收入), its
        first one a bare attribute (事故起数和死亡人数).

        ``narrowed`` tells that the list's first name narrows all of them (农产品网络零售额、出口额).
        """
        if not narrowed:
            bare = _SHARE_OF.sub("", name)  # 高技术制造业增加值占规上工业比重
            for candidate in (name, bare, name + last[len(name) :] if len(last) > len(name) else name, name + last[2:]):
                mention = subject_of(candidate, self.context.own)
                if mention:
                    return Subject(mention.indicator.name, mention.indicator, 0)
        whole = name if name == last else name + tail_shared(name, last)
        wholes = [head + whole for head in heads_shared(whole, first)] or [whole]
        if narrowed and name != first and (narrowing := first[: named(first)[-1].start]) not in name:
            wholes = [narrowing + whole]
        for full in wholes if not narrowed else ():
            mention = subject_of(full, self.context.own) if full != name else None
            if mention:
                return Subject(mention.indicator.name, mention.indicator, 0)
        return Subject(TRAILING.sub("", LEADING.sub("", wholes[0])), None, 0)
