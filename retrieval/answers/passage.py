"""Answering with passages: what a report says on something, where no single figure or fact is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retrieval.answers.claims import Claim, Word, absent, claim
from retrieval.answers.context import PartOfReport, asks_of_plan
from retrieval.answers.matching.words import match, word_weights
from retrieval.answers.quoting import quote, section_at, sentence_around, shown
from retrieval.language.folding import bare
from retrieval.models import Report, Span
from retrieval.ports import LibraryView
from retrieval.replies import Quote, RankedPassage

_AHEAD = ("plan", "governance")
_QUOTES = 3
_NEAREST = 6  # passages that may fill up the quotes
_BEGUN_NUMBER = re.compile(r"(?:(?<!\d)\d[\d.,，]*[万亿千百]*)$")
_LEAD, _SHORTEST_LEAD = 40, 8  # characters of a passage that an answer's line holds
_ITEM, _ITEMS, _FEWEST_ITEMS = 24, 6, 3
_LISTS = (
    re.compile(r"[一二三四五六七八九十]{1,2}是(?P<item>[^；;。\n]+)"),
    re.compile(r"[(（][一二三四五六七八九十\d]{1,2}[)）](?P<item>[^；;。\n]+)"),
    re.compile(r"[①②③④⑤⑥⑦⑧⑨⑩](?P<item>[^；;。①②③④⑤⑥⑦⑧⑨⑩\n]+)"),
)
_BLOCK = 260
_SHORTEST = 12  # characters of what may stand nearest to a question that it shares no word with
# Chosen by trying questions that the reports answer and that they don't: the share of a question's words that a passage must meet.
_ENOUGH, _ENOUGH_ANYWHERE = 0.34, 0.7
_EXACT = 0.9
_COVERAGE_WEIGHT = 2.0


def claim_passage(asked: PartOfReport) -> Claim:
    """The passages on what is asked, of the year that the question, or else its wording, is about."""
    planned = asks_of_plan(asked.context.query, asked.report)
    if planned is None and asked.part.ahead is not None:
        found = passages_on(asked, asked.part.ahead)
        if found.states:
            return found
    return passages_on(asked, planned)


def passages_on(asked: PartOfReport, planned: bool | None, *, exact: bool = False) -> Claim:
    """The passages on what is asked, in their surroundings; not found when none meets its words.

    ``planned`` tells whether it is asked of the plan or of the review; ``exact`` that only a passage from there which meets every word answers.
    """
    library, report, part = asked.library, asked.report, asked.part
    own = _own_passages(asked, planned, exact=exact)
    scored = _scored(asked, own)
    enough = _EXACT if exact else _ENOUGH if asked.context.query.scope.named else _ENOUGH_ANYWHERE
    told = bool(scored) and (scored[0].telling or _is_told_elsewhere(asked, planned))
    if not part.topic or not told or max(one.met for one in scored) < enough:
        subject = re.sub(r"\d\S*", "", "".join(part.topic)) or claim("it")
        return absent("no_passage", report, place=shown(report), year=report.year or "", subject=subject)
    best = scored[0]
    ahead = best.passage.period in _AHEAD
    alike = [one.passage for one in scored if one.met >= min(enough, best.met) and (one.passage.period in _AHEAD) == ahead]
    # What the search found nearest stands among them, whatever words it has.
    telling = [passage for passage in own if says_something(passage) and (passage.period in _AHEAD) == ahead]
    nearest = {passage.id: passage for passage in (best.passage, *telling[:1], *alike, *telling[:_NEAREST])}
    quotes = quotes_around(library, nearest.values())
    period = best.passage.period or "plan"
    year = (report.plan_year if period in _AHEAD else report.review_year) or report.year or ""
    words: dict[str, Word] = {
        "place": shown(report),
        "year": year,
        "lead": (part.listed and listed_in(quotes[0].text)) or lead_of(best.passage.text),
    }
    return Claim(f"passage_{period}", "answered", report, words, quotes=quotes)


def says_something(passage: RankedPassage) -> bool:
    """Whether a passage is more than a salutation or a line before the text: those are near to anything."""
    return bool(passage.section) and (passage.lexical > 0 or len(passage.text) >= _SHORTEST)


@dataclass(frozen=True)
class _Scored:
    """A passage with the share of the question's words that it meets; ``telling``: the one that says most among them."""

    passage: RankedPassage
    met: float
    telling: bool

    @property
    def score(self) -> float:
        return self.passage.score + _COVERAGE_WEIGHT * self.met


def _own_passages(asked: PartOfReport, planned: bool | None, *, exact: bool) -> list[RankedPassage]:
    """The report's ranked passages, of the plan or the review where that is asked and there are some."""
    own = [passage for passage in asked.ranked if passage.report.id == asked.report.id]
    if asked.part.or_passage:
        own = [passage for passage in own if all(name in passage.text for name in asked.part.proper_names)]
    of_time = [p for p in own if planned is None or (p.period in _AHEAD) == planned]
    return of_time if exact else of_time or own


def _is_told_elsewhere(asked: PartOfReport, planned: bool | None) -> bool:
    """Whether the report speaks of the subject in another part than the one that the question's wording, not its year, is about.

    Then what stands nearest there is of that subject, too: 特色农业成效 has a heading in the plan, its results in the review.
    """
    if planned is None or planned != asked.part.ahead or asks_of_plan(asked.context.query, asked.report) is not None:
        return False
    return any(one.telling for one in _scored(asked, _own_passages(asked, None, exact=False)))


def _scored(asked: PartOfReport, own: Sequence[RankedPassage]) -> list[_Scored]:
    """``own`` by score and words met, best first."""
    weights = word_weights(asked.library, asked.report)
    topic = asked.part.topic
    telling = max(topic, key=weights.of, default="")
    scored = []
    for passage in own:
        text = bare(" ".join((*passage.section, passage.text)))
        scored.append(_Scored(passage, weights.coverage(topic, text), bool(telling) and match(telling, text) > 0))
    return sorted(scored, key=lambda one: -one.score)


def quotes_around(
    library: LibraryView, passages: Iterable[RankedPassage], *, marked: bool = False, after: Sequence[Quote] = ()
) -> tuple[Quote, ...]:
    """The first passages with what stands around them ``after`` other quotes: a few in all, none of which holds a part of another.

    ``marked``: the passages are emphasised in them.
    """
    found = list(after[:_QUOTES])
    for passage in passages:
        block = surroundings(library, passage.report, passage)
        beside = (one for one in found if one.report.id == passage.report.id)
        if all(block.end <= one.start or one.end <= block.start for one in beside) and len(found) < _QUOTES:
            found.append(quote(library, passage.report, block, [Span(passage.start, passage.end)] if marked else ()))
    return tuple(found)


def lead_of(text: str, length: int = _LEAD) -> str:
    """The beginning of a passage, up to a mark within a line's length; no number is cut: 122 is not 1……."""
    plain = " ".join(text.split())
    if len(plain) <= length:
        return plain.rstrip("。；;，,")
    marks = [found.start() for found in re.finditer(r"[。；;，：:]|(?<!\d),|,(?!\d)", plain[:length])]
    whole = len(_BEGUN_NUMBER.sub("", plain[:length])) or length
    return plain[: marks[-1] if marks and marks[-1] >= _SHORTEST_LEAD else whole] + "……"


def listed_in(text: str) -> str:
    """The things that a text lists (一是…；二是…), each by its beginning; empty where it lists none."""
    return "；".join(lead_of(one, _ITEM) for one in items_in(text)[:_ITEMS])


def items_in(text: str) -> list[str]:
    """What a text lists one by one, without the numbers; none where it lists less than three things."""
    for way in _LISTS:
        found = [" ".join(match.group("item").split()) for match in way.finditer(text)]
        if len(found) >= _FEWEST_ITEMS:
            return found
    behind = text.rpartition("包括")[2].lstrip("：:")
    parts = [part.strip("。 \n") for part in re.split("[；;]", behind)] if behind != text else []
    return parts if len(parts) >= _FEWEST_ITEMS else []


def surroundings(library: LibraryView, report: Report, passage: RankedPassage) -> Span:
    """A passage with the sentences after and before it, as far as its own section and a readable length go."""
    home = section_at(library, report, passage.start)
    near = [p for p in library.passages(report.id) if p.section == home]
    near = near or [p for p in library.passages(report.id) if p.start == passage.start]
    text = library.text(report.id)
    sentence = sentence_around(library, report, passage.start, passage.end)
    start, end = min(sentence.start, passage.start), max(sentence.end, passage.end)
    for after in (p for p in near if p.start >= end):
        if after.end - start > _BLOCK or "\n" in text[end : after.start]:
            break
        end = after.end
    for before in reversed([p for p in near if p.end <= start]):
        if end - before.start > _BLOCK or "\n" in text[before.end : start]:
            break
        start = before.start
    return Span(start, end)
