"""Answering for figures: which figure of a report is the one asked for, and saying it with its year and kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.asks import Ask, Relative
from retrieval.findings import Finding, not_found, quote, sentence_around, shown
from retrieval.folding import fold, squeeze
from retrieval.indicators import Indicator
from retrieval.library import Library
from retrieval.matching import match, word_weights
from retrieval.messages import message
from retrieval.models import Figure, Kind, RankedPassage, Report, Span
from retrieval.outline import section_path
from retrieval.tokens import words
from retrieval.vocabulary import weak_words

_BOUNDARY = re.compile(r"[,;。:!?\n]")
# Chosen by trying questions that the reports answer and that they don't.
_CLAUSE_SHARE, _SENTENCE_SHARE, _SENTENCE_SHARE_WITH_HEAD = 0.62, 0.7, 0.55
_OWN_WEIGHT, _SENTENCE_WEIGHT, _UNIT_BONUS, _RANK_BONUS = 0.6, 0.5, 0.35, 0.3
_COUNTED = frozenset("个家户张套座所栋幢处条项名位人件间部本场次起例台辆批只头株棵份类支")
_FIT, _NAMED = 0.5, 0.8


@dataclass(frozen=True)
class Wanted:
    """The kinds and years of figures that a question may be answered with, in the order of preference."""

    choices: tuple[tuple[Kind, int | None], ...]
    asked_year: int | None
    aim: Kind | None


def wanted(report: Report, ask: Ask, year: int | None) -> Wanted:
    """Target or result, and of which year, a question asks of this report. 今年 is the year planned for."""
    if ask.when.several_years:
        kinds: tuple[Kind, ...] = (ask.aim,) if ask.aim else ("target", "actual")
        return Wanted(tuple((kind, None) for kind in kinds), None, ask.aim)
    if ask.when.relative is not None and year is None:
        year = _relative_year(report, ask.when.relative)
        if year is None:
            return Wanted((), None, ask.aim)
    if year is None:
        choices: list[tuple[Kind, int | None]] = [("actual", report.review_year), ("target", report.plan_year)]
    elif year == report.plan_year != report.review_year:
        choices = [("target", year)]
    elif year == report.review_year != report.plan_year:
        choices = [("actual", year)]
    else:
        choices = [("actual", year), ("target", year)]
    if ask.aim is not None:
        choices = [(ask.aim, asked) for kind, asked in choices if kind == ask.aim] or [(ask.aim, year)]
    return Wanted(tuple((kind, asked) for kind, asked in choices if asked is not None), year, ask.aim)


def _relative_year(report: Report, relative: Relative) -> int | None:
    years = {
        "this": report.plan_year,
        "last": report.review_year,
        "before_last": report.review_year - 1 if report.review_year else None,
        "next": report.year_said_now + 1 if report.year_said_now else None,
    }
    return years[relative]


def answer_figure(
    library: Library,
    report: Report,
    ask: Ask,
    year: int | None,
    ranked: Sequence[RankedPassage],
    before: Figure | None = None,
) -> tuple[Finding, Figure | None]:
    """The figure of ``report`` that ``ask`` is for; blank where the report leaves it out; not found otherwise.

    ``before`` is the figure that answered the part before, of which ``ask`` may want to know more; the figure that
    answered this part is returned beside the finding.
    """
    want = wanted(report, ask, year)
    if ask.measure == "rank":
        return _rank(library, report, ask), None
    for kind, of_year in want.choices:
        figures = [f for f in library.figures(report.id) if f.kind == kind and f.year == of_year]
        chosen = _more_of(before, ask, figures) if before and ask.continues else []
        if not chosen and ask.indicators:
            chosen = _by_indicator(library, report, ask, figures)
        if not chosen and (ask.topic or not ask.indicators):
            narrowed = [f for f in figures if not ask.indicators or _accounts_for(library, report, ask.topic, f)]
            chosen = _by_topic(library, report, ask, narrowed, ranked)
        if chosen:
            return _finding(library, report, ask, chosen), chosen[0]
    return _missing(library, report, ask, want), None


# -- choosing -------------------------------------------------------------------------------------------------


def _more_of(before: Figure, ask: Ask, figures: Sequence[Figure]) -> list[Figure]:
    """What the same sentence says more of the same subject: its rate of change, its share."""
    fitting = {"growth": ("growth", "change", "relative"), "share": ("share", "completion")}
    measures = fitting.get(ask.measure or "", (ask.measure,))
    after = [f for f in figures if f.sentence_start == before.sentence_start and f.start > before.start]
    return [f for f in after if f.subject == before.subject and f.measure in measures][:1]


def _by_indicator(library: Library, report: Report, ask: Ask, figures: Sequence[Figure]) -> list[Figure]:
    """The figures of the indicator asked for: the stated one, with its stretch value or its other measure beside it."""
    indicator = ask.indicators[0]
    found = [f for f in figures if f.indicator == indicator.name and _accounts_for(library, report, ask.topic, f)]
    measures = _measures(ask, indicator, found)
    fitting = [f for f in found if f.measure in measures and not f.stretch]
    if not fitting:
        return []
    best = min(fitting, key=lambda f: (not f.primary, measures.index(f.measure), f.blank, f.start))
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


def _measures(ask: Ask, indicator: Indicator, found: Sequence[Figure]) -> list[str]:
    """The measures that answer an ask, in the order of preference."""
    if ask.measure in ("share", "completion"):
        return ["share", "completion"] if ask.measure == "share" else ["completion"]
    if ask.measure == "relative":
        return ["relative"]
    if ask.measure == "growth":
        # A target is an aim however it is put; a result that was asked for as a rate is no amount.
        return ["growth", "change"] + (["level"] if ask.aim == "target" else [])
    if ask.measure == "level":
        return ["level", "change"]
    usual = "growth" if indicator.usual == "growth" else "level"
    if ask.aim != "target" and any(f.measure == "level" and not f.blank for f in found):
        usual = "level"
    if found and all(f.blank for f in found):
        usual = "level"
    return [usual, "level", "growth", "change"]


def _accounts_for(library: Library, report: Report, topic: Sequence[str], figure: Figure) -> bool:
    """Whether the words of a question beside its indicator stand by the figure: 双桥经开区的GDP is not the GDP."""
    if not topic:
        return True
    return all(_standing_by(library, report, figure, word) for word in topic)


def _standing_by(library: Library, report: Report, figure: Figure, word: str) -> bool:
    place = squeeze(report.place or "")
    return match(word, squeeze(_clause(library, report, figure))) >= _FIT or word in place


def _by_topic(
    library: Library, report: Report, ask: Ask, figures: Sequence[Figure], ranked: Sequence[RankedPassage]
) -> list[Figure]:
    """The figure whose clause (then sentence, then rank in the search) best meets the words of the question."""
    terms = [*ask.named, *ask.topic]
    if not terms or not figures:
        return []
    weights = word_weights(library, report)
    ranks = {(p.start, p.end): n for n, p in enumerate(p for p in ranked if p.report.id == report.id)}
    scored = []
    for figure in figures:
        if not _unit_fits(ask, figure) or not _measure_fits(ask, figure):
            continue
        near = _clause(library, report, figure)
        clause = weights.coverage(terms, near)
        own = weights.coverage(terms, _own_words(library, report, figure))
        sentence = weights.coverage(terms, _context(library, report, figure))
        if ask.named and match(ask.named[0], squeeze(near)) < _NAMED:
            continue
        if not _near_enough(ask, clause, sentence, weights.coverage(ask.head, near)):
            continue
        rank = next((n for (start, end), n in ranks.items() if start <= figure.start < end), None)
        score = clause + _OWN_WEIGHT * own + _SENTENCE_WEIGHT * sentence
        score += _UNIT_BONUS * (bool(ask.units) and _unit_named(ask, figure))
        score += _RANK_BONUS / (1 + rank) if rank is not None else 0.0
        score -= 0.05 * (figure.measure in ("completion", "relative"))
        scored.append((score, -figure.start, figure))
    if not scored:
        return []
    return [max(scored, key=lambda one: one[:2])[2]]


def _near_enough(ask: Ask, clause: float, sentence: float, head: float) -> bool:
    """Whether a figure stands near enough to the words of a question: in its clause, or the counted thing in its clause
    and the rest in its sentence."""
    if ask.head and head < _CLAUSE_SHARE:
        return False
    if clause >= _CLAUSE_SHARE:
        return True
    least = _SENTENCE_SHARE_WITH_HEAD if ask.head else _SENTENCE_SHARE
    return sentence >= least and (bool(ask.head) or clause >= _CLAUSE_SHARE / 2)


def _unit_named(ask: Ask, figure: Figure) -> bool:
    return any(figure.unit.endswith(unit) for unit in ask.units[:1])


def _unit_fits(ask: Ask, figure: Figure) -> bool:
    if ask.measure in ("growth", "share", "relative", "completion"):
        return figure.unit in ("%", "‰", "‱", "个百分点", "百分点", "倍") or figure.measure == "change"
    if not ask.units:
        return True
    if any(figure.unit.endswith(unit) for unit in ask.units):
        return True
    if ask.units[0] in _COUNTED and figure.unit in _COUNTED and not {ask.units[0], figure.unit} & {"人", "户"}:
        return True  # people count the same things in other words: 多少张床位, 44个
    return not figure.unit and any(unit in ("元", "人", "亩", "平方米", "人次") for unit in ask.units)


def _measure_fits(ask: Ask, figure: Figure) -> bool:
    if ask.measure == "growth":
        return figure.measure in ("growth", "change", "relative")
    if ask.measure == "share":
        return figure.measure in ("share", "level", "completion")
    if ask.measure in ("relative", "completion"):
        return figure.measure == ask.measure
    if ask.measure == "level":
        return figure.measure in ("level", "change", "share", "completion")
    return figure.measure in ("level", "change", "share", "growth")


def _clause(library: Library, report: Report, figure: Figure) -> str:
    """The words around a figure: from the comma before its subject to the one after it."""
    text = library.text(report.id)[figure.sentence_start : figure.sentence_end]
    folded = fold(text)
    at, stop = figure.start - figure.sentence_start, figure.end - figure.sentence_start
    start = max((m.end() for m in _BOUNDARY.finditer(folded[:at])), default=0)
    end = _BOUNDARY.search(folded, stop)
    clause = text[start : end.start() if end else len(text)]
    if all(word in weak_words() for word in words(figure.subject)):
        # 排查矛盾纠纷412件,化解405件: what was 化解 stands in the clause before.
        start = max((m.end() for m in _BOUNDARY.finditer(folded[: max(start - 1, 0)])), default=0)
        clause = re.sub(r"\d", "", text[start : figure.start - figure.sentence_start]) + clause
    return f"{figure.subject} {clause}"


def _own_words(library: Library, report: Report, figure: Figure) -> str:
    """The words nearest to a figure: from the comma or list mark before it to the one after it."""
    text = fold(library.text(report.id)[figure.sentence_start : figure.sentence_end])
    at, stop = figure.start - figure.sentence_start, figure.end - figure.sentence_start
    start = max((m.end() for m in re.finditer(r"[,;。:!?、\n]", text[:at])), default=0)
    end = re.compile(r"[,;。:!?、\n]").search(text, stop)
    own = text[start : end.start() if end else len(text)]
    return figure.subject if "分别" in own else f"{figure.subject} {own}"


def _context(library: Library, report: Report, figure: Figure) -> str:
    text = library.text(report.id)[figure.sentence_start : figure.sentence_end]
    return f"{' '.join(section_path(library.outline(report.id), figure.section))} {text}"


# -- saying ---------------------------------------------------------------------------------------------------


def _finding(library: Library, report: Report, ask: Ask, figures: Sequence[Figure]) -> Finding:
    first = figures[0]
    span = sentence_around(library, report, min(f.start for f in figures), max(f.end for f in figures))
    quoted = quote(library, report, span, [Span(f.start, f.end) for f in figures])
    what = _what(library, report, ask, first)
    if first.blank:
        text = message("answers.blank", what=what)
        return Finding("blank", text, message("answers.blank_short", what=what), (quoted,), report)
    value = message("answers.value_glue").join(_value(library, report, figure, figure is not first) for figure in figures)
    note = message("answers.estimated") if first.estimated else ""
    return Finding(
        "answered",
        message("answers.figure", value=value, what=what, note=note),
        message("answers.figure_short", value=value, what=what, note=note),
        (quoted,),
        report,
    )


def _value(library: Library, report: Report, figure: Figure, beside: bool) -> str:
    """A figure as the report writes it; with its direction where it falls, with 力争 where it is a stretch value."""
    value = figure.value
    if figure.comparator and figure.comparator not in fold(value):
        value = message("answers.shared_comparator", value=value, comparator=figure.comparator)
    if figure.stretch:
        return message("answers.stretch", value=value)
    if figure.direction and figure.measure in ("growth", "change", "level"):
        return f"{figure.direction}{value}"
    if beside and figure.measure == "growth":
        return message("answers.grown", value=value)
    if figure.measure == "relative":
        return _with_words_before(library, report, figure, _COMPARES)
    if figure.measure in ("share", "completion"):
        return _with_words_before(library, report, figure, _SHARES)
    return value


_COMPARES = re.compile(r"(?:超出|高于|低于|快于|好于|超过|超额|优于|少于)")
_SHARES = re.compile(r"占|完成")
_LONGEST_WORDS_BEFORE = 24


def _with_words_before(library: Library, report: Report, figure: Figure, words_before: re.Pattern[str]) -> str:
    """A comparison needs its other side, a share its whole: 高于全市平均水平0.4个百分点, 占…的比重超过48.7%."""
    value = (
        figure.value
        if figure.value.endswith(figure.unit)
        else message("answers.shared_unit", value=figure.value, unit=figure.unit)
    )
    said = library.text(report.id)[figure.sentence_start : figure.start]
    starts = [found.start() for found in words_before.finditer(said)]
    before = re.split(r"\d", said[starts[-1] :])[0].replace("分别", "") if starts else ""
    return f"{before}{value}" if len(before) <= _LONGEST_WORDS_BEFORE else value


_RANKED = re.compile(
    r"(?:全[国省市区县球]|[东中西]部|渝西)[^,，;；。\d]{0,8}(?:排名)?第[一二三四五六七八九十\d]+位?名?|(?:位居|排名|稳居|居|列)[^,，;；。]{0,10}(?:第[一二三四五六七八九十\d]+位?名?|首位|前列)"
)


def _rank(library: Library, report: Report, ask: Ask) -> Finding:
    """The rank that a report states of the thing asked about, in the clause of its figure or the one after."""
    terms = [*ask.named, *(word for word in ask.topic if "第" not in word)]
    text, weights = library.text(report.id), word_weights(library, report)
    best: tuple[float, Span, Span] | None = None
    for passage in library.passages(report.id):
        piece = text[passage.start : passage.end]
        for found in _RANKED.finditer(piece):
            before = re.split(r"[,，;；。]", piece[: found.start()])
            met = weights.coverage(terms, "".join(before[-2:]) + found.group())
            if terms and met >= _CLAUSE_SHARE and (best is None or met > best[0]):
                rank = Span(passage.start + found.start(), passage.start + found.end())
                best = (met, rank, sentence_around(library, report, rank.start, rank.end))
    what = "".join([*ask.topic, *(indicator.name for indicator in ask.indicators)])
    if best is None:
        return not_found(message("answers.no_rank", place=shown(report), subject=what), report)
    _, rank, sentence = best
    value = text[rank.start : rank.end]
    said = message("answers.rank", value=value, place=shown(report), subject=what)
    return Finding("answered", said, said, (quote(library, report, sentence, [rank]),), report)


def _what(library: Library, report: Report, ask: Ask, figure: Figure) -> str:
    """Place, year, subject and kind of a figure, as an answer names them.

    A subject that is no indicator is called by the words of the question where the report's sentence has them all,
    else by the report's own words.
    """
    subject = figure.indicator or figure.subject
    if figure.indicator is None and ask.topic and not ask.named:
        asked = "".join(ask.topic)
        if asked in squeeze(library.text(report.id)[figure.sentence_start : figure.sentence_end]):
            subject = asked
    subject = re.split(r"(?<![A-Za-z.])\d|[xX×]{2}", subject)[0]
    key = f"answers.what_{figure.kind}"
    if figure.measure == "growth":
        key += "_falling" if figure.direction else "_growth"
    year = message("answers.year", year=figure.year) if figure.year else ""
    return message(key, place=shown(report), year=year, subject=subject)


def _missing(library: Library, report: Report, ask: Ask, want: Wanted) -> Finding:
    """Which of year, kind or fact is missing, and what there is instead; without a figure."""
    place = shown(report)
    subject = "".join([*ask.topic, *(indicator.name for indicator in ask.indicators[:1])]) or ask.text
    subject = re.sub(r"(?<![A-Za-z.])\d\S*", "", subject) or message("answers.it")
    if not want.choices and want.asked_year is None and want.aim is None and report.plan_year is None:
        return _absent(message("answers.no_plan", place=place, year=report.review_year), report)
    plain = ask.indicators and not ask.topic
    others = {f.kind for f in library.figures(report.id) if plain and f.indicator == ask.indicators[0].name and f.year}
    aims = {kind for kind, _ in want.choices} or ({want.aim} if want.aim else set())
    year = want.asked_year or (report.plan_year if aims == {"target"} else report.review_year) or report.year or ""
    if aims == {"target"} and want.asked_year is not None and want.asked_year == report.review_year != report.plan_year:
        text = message("answers.no_past_target", place=place, year=year, subject=subject)
    elif aims == {"target"} and "actual" in others:
        text = message("answers.no_target", place=place, year=year, subject=subject, other=report.review_year)
    elif aims == {"actual"} and "target" in others:
        text = message("answers.no_actual", place=place, year=year, subject=subject, other=report.plan_year)
    else:
        text = message("answers.absent", place=place, year=year, subject=subject)
    related = ask.indicators[0].related if plain else None
    if related and any(f.indicator == related for f in library.figures(report.id)):
        text += message("answers.related", related=related)
    return _absent(text, report)


def _absent(text: str, report: Report) -> Finding:
    return not_found(text, report, text)
