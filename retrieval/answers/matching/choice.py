"""Which figure of a report is the one that a question asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.answers.comparing import disagree
from retrieval.answers.matching.facets import BY_INDICATOR, BY_SHARE, BY_TOPIC, Verdict, judged
from retrieval.answers.matching.numbers import unit_fits
from retrieval.answers.matching.surroundings import Around
from retrieval.answers.matching.wanted import Wanted, wanted_of
from retrieval.language.flow import ADDED_WORDS
from retrieval.language.folding import HAN
from retrieval.language.indicators import Indicator
from retrieval.language.measures import traits_of
from retrieval.language.periods import WHOLE_YEAR
from retrieval.models import Figure, Report
from retrieval.ports import LibraryView
from retrieval.question.query import Part
from retrieval.replies import RankedPassage

_SIBLING = 8  # characters between two figures of a clause
_PASSED = ("跨过", "冲过", "迈过", "越过", "冲破", "跨越", "突破", "超", "超过", "超出", "逾", "近", "接近", "过")


@dataclass(frozen=True)
class Choice:
    """The figures that answer, the one asked for and those told beside it, and the verdict on each that was looked at."""

    figures: tuple[Figure, ...]
    verdicts: tuple[Verdict, ...] = ()


def more_of(before: Figure, part: Part, figures: Sequence[Figure]) -> list[Figure]:
    """What the same sentence says more of the same subject: its rate of change, its share."""
    measures = traits_of(part.measure).more
    after = [f for f in figures if f.sentence_start == before.sentence_start and f.start > before.start]
    return [f for f in after if f.subject == before.subject and f.measure in measures and unit_fits(wanted_of(part), f)][:1]


def disagreeing(figure: Figure, figures: Sequence[Figure], around: Around) -> Figure | None:
    """Another place where the report gives another number for the same thing, and for as much of the year; or None."""
    if figure.indicator is None or figure.blank:
        return None
    same = (
        other
        for other in figures
        if (other.indicator, other.kind, other.year, other.measure, other.basis)
        == (figure.indicator, figure.kind, figure.year, figure.measure, figure.basis)
        and other.sentence_start != figure.sentence_start
        and not other.stretch
        and (around.near[other.start].part_of_year or WHOLE_YEAR) == (around.near[figure.start].part_of_year or WHOLE_YEAR)
    )
    return next((other for other in same if disagree(figure, other)), None)


def on_another_basis(figure: Figure, figures: Sequence[Figure]) -> Figure | None:
    """The same thing as it is counted otherwise: 财政总收入(省口径) beside that of (市口径); None where there is but one."""
    if figure.indicator is None or figure.blank or not figure.basis or figure.measure != "level":
        return None
    same = (
        f for f in figures if (f.indicator, f.kind, f.year, f.measure) == (figure.indicator, figure.kind, figure.year, "level")
    )
    return next((f for f in same if f.basis and f.basis != figure.basis), None)


def blank_beside(figure: Figure, figures: Sequence[Figure]) -> bool:
    """Whether the same sentence leaves the amount blank of which ``figure`` tells the rate: 固定资产投资xx亿元，增长6%."""
    return figure.measure == "growth" and any(
        other.blank and other.measure == "level" and other.indicator == figure.indicator is not None
        for other in figures
        if other.sentence_start == figure.sentence_start
    )


def by_indicator(part: Part, figures: Sequence[Figure], around: Around) -> Choice:
    """The figures of the indicator asked for: the stated one, with its stretch value or its other measure beside it."""
    wanted = wanted_of(part)
    verdicts = judged(wanted, figures, around, BY_INDICATOR)
    found = [verdict.figure for verdict in verdicts if not verdict.vetoed_by]
    measures = _measures(wanted, part.indicators[0], found)
    verdicts = [one if one.vetoed_by or one.figure.measure in measures else replace(one, vetoed_by="measure") for one in verdicts]
    fitting = [one.figure for one in verdicts if not one.vetoed_by and not one.figure.stretch]
    if not fitting:
        return Choice((), tuple(verdicts))
    best = min(fitting, key=lambda figure: _preference(wanted, measures, figure))
    if part.measure is None and best.blank:
        stated = [f for f in fitting if not f.blank and f.sentence_start == best.sentence_start]
        best = stated[0] if stated else best
    # The amount before its rate (增长22.7%达81.3亿元), so that what is told is called by it; else as the report says them.
    told = [best, *_told_beside(part, best, found)]
    chosen = sorted(told, key=lambda figure: (figure.stretch, part.measure is None and figure.measure != "level", figure.start))
    return Choice(tuple(chosen), tuple(verdicts))


def _preference(wanted: Wanted, measures: Sequence[str], figure: Figure) -> tuple[bool, int, bool, bool, bool, bool, int]:
    """Smaller for figures that rather answer: main targets, usual measures, what is stated, comparable, a whole, exact, said first."""
    added = any(word in ADDED_WORDS for word in figure.flow_words.split()) and not wanted.part.said.added
    rank = measures.index(figure.measure)
    return not figure.primary, rank, figure.blank, figure.basis == "自然口径", added, _is_mark_passed(figure), figure.start


def _is_mark_passed(figure: Figure) -> bool:
    """Whether a result is but the round number that was passed: 突破450亿斤大关,达到452.3亿斤."""
    return figure.kind == "actual" and figure.comparator in _PASSED


def _told_beside(part: Part, best: Figure, found: Sequence[Figure]) -> list[Figure]:
    """At most two figures of the same sentence to be told with the best one: its stretch value, its amount or its rate."""
    same = [f for f in found if f.sentence_start == best.sentence_start]
    beside = [f for f in same if f.stretch and f.measure == best.measure]
    if part.measure is None and not best.blank:
        others = [f for f in same if f.measure in ("level", "growth") and f.measure != best.measure]
        beside += [f for f in others if not f.blank and not f.stretch][:1]
    return beside[:2]


def _measures(wanted: Wanted, indicator: Indicator, found: Sequence[Figure]) -> list[str]:
    """The measures that answer, in the order of preference."""
    traits = traits_of("relative" if wanted.multiple and not wanted.traits.lead else wanted.part.measure)
    if traits.answers:
        # What is itself a share (研发投入强度) or a rate of change (居民消费价格涨幅) is told as a level.
        itself = indicator.usual == "level" and (
            (traits.or_level and "%" in indicator.units) or (traits.moves and indicator.name.endswith("涨幅"))
        )
        # A target is an aim however it is put; a result that was asked for as a rate is no amount.
        return [*traits.answers, *(["level"] if itself or (traits.moves and wanted.part.aim == "target") else [])]
    usual = "growth" if indicator.usual == "growth" else "level"
    if wanted.part.aim != "target" and any(f.measure == "level" and not f.blank for f in found):
        usual = "level"
    if found and all(f.blank for f in found):
        usual = "level"
    return [usual, "level", "growth", "change"]


def by_topic(
    library: LibraryView, report: Report, part: Part, figures: Sequence[Figure], ranked: Sequence[RankedPassage]
) -> Choice:
    """The figure whose clause (then sentence, then rank in the search) best meets the words of the question."""
    wanted = wanted_of(part)
    if not wanted.named and not wanted.part.topic:
        return Choice(())
    around = Around.of(library, report, ranked)
    if wanted.amount is not None:
        amount = _best_by_topic(wanted.amount, figures, around)
        if amount.figures and (beside := more_of(amount.figures[0], part, figures)):
            return replace(amount, figures=(amount.figures[0], *beside))
    return _best_by_topic(wanted, figures, around)


def _best_by_topic(wanted: Wanted, figures: Sequence[Figure], around: Around) -> Choice:
    verdicts = tuple(judged(wanted, figures, around, BY_TOPIC))
    fitting = [verdict for verdict in verdicts if not verdict.vetoed_by]
    if not fitting:
        return Choice((), verdicts)
    best = max(fitting, key=lambda one: (one.score, -one.figure.start)).figure
    best = _sibling_named(wanted, best, figures, around) or best
    return Choice((best, *_of_the_country(wanted, best, figures)), verdicts)


def _of_the_country(wanted: Wanted, best: Figure, figures: Sequence[Figure]) -> list[Figure]:
    """The other of two figures that a question about town and country (城乡低保标准) is for."""
    if not wanted.part.said.town_and_country or not best.subject.startswith("城镇"):
        return []
    other = best.subject.replace("城镇", "农村", 1)
    return [f for f in figures if (f.sentence_start, f.subject, f.measure) == (best.sentence_start, other, best.measure)][:1]


def _sibling_named(wanted: Wanted, best: Figure, figures: Sequence[Figure], around: Around) -> Figure | None:
    """The next figure of the same clause where its own word is the question's: 改造新开工742个、完工548个."""
    first = around.near[best.start].before
    after = [f for f in figures if f.sentence_start == best.sentence_start and 0 <= f.start - best.end <= _SIBLING]
    for figure in after:
        own = re.sub(rf"[^{HAN}]", "", around.near[figure.start].before)
        if len(own) >= 2 and own in wanted.part.wording and own not in first and unit_fits(wanted, figure):
            return figure
    return None


def by_share(part: Part, figures: Sequence[Figure], around: Around) -> Choice:
    """The share that the indicator asked for has in something: 战略性新兴产业增加值占规上工业增加值的比重."""
    verdicts = judged(wanted_of(part), figures, around, BY_SHARE)
    return Choice(tuple(one.figure for one in verdicts if not one.vetoed_by)[:1], tuple(verdicts))
