"""More of an answer that was given: one thing of its list (第二个呢), or what stands around its quotes (原文呢, 为什么这么低)."""

from __future__ import annotations

from dataclasses import replace

from retrieval.answers.claims import Answer, Claim, Line, Word, absent, claim, said
from retrieval.answers.context import Context
from retrieval.answers.passage import items_in, quotes_around, says_something
from retrieval.answers.quoting import quote, section_at
from retrieval.models import Span
from retrieval.ports import LibraryView
from retrieval.replies import Quote, RankedPassage

_ENLARGED = 2  # quotes
_AROUND = 420  # characters of a quote with its surroundings
# Claims that are a line each of what is listed.
_LISTED = ("numbered", "table_line", "table_blank", "table_absent", "mentioned_line", "mentioned_times", "trend_line", "met_line")


def referred(context: Context, answer: Answer) -> Answer:
    """``answer``, or what the question wants of it."""
    reference = context.query.reference
    if reference is None or not answer.states:
        return answer
    if reference.further:
        return _further(context, answer)
    if reference.number is None:
        return _with_surroundings(context, answer)
    return _thing(answer, reference.number) or said(absent("reference.none", number=reference.number))


def _further(context: Context, answer: Answer) -> Answer:
    """The passages that come after those that were quoted, called the nearest: nothing says that they answer, too."""
    after = (one for one in answer.passages if not any(_meets(one, quoted) for quoted in answer.quotes))
    quotes = quotes_around(context.library, filter(says_something, after))
    if not quotes:
        return said(absent("reference.no_more"))
    return replace(answer, status="related", lines=(Line((claim("reference.further"),), whole=True),), quotes=quotes, charts=())


def _meets(passage: RankedPassage, quoted: Quote) -> bool:
    return passage.report.id == quoted.report.id and passage.start < quoted.end and quoted.start < passage.end


def _with_surroundings(context: Context, answer: Answer) -> Answer:
    """The answer with more of the text around its first quotes."""
    enlarged = tuple(enlarge(context.library, one) for one in answer.quotes[:_ENLARGED])
    kept = tuple(one for one in answer.quotes[_ENLARGED:] if not any(_within(one, around) for around in enlarged))
    lines = tuple(replace(one, whole=True) for one in answer.lines) if len(answer.lines) == 1 else answer.lines
    return replace(answer, lines=(*lines, Line((claim("reference.around"),))), quotes=(*enlarged, *kept))


def enlarge(library: LibraryView, one: Quote) -> Quote:
    """A quote with the passages of its section after it, then before it, as far as a screen goes."""
    passages = library.passages(one.report.id)
    home = section_at(library, one.report, one.start)
    start, end = one.start, one.end
    for after in (p for p in passages if p.section == home and p.start >= one.end):
        if after.end - start > _AROUND:
            break
        end = after.end
    for before in reversed([p for p in passages if p.section == home and p.end <= one.start]):
        if end - before.start > _AROUND:
            break
        start = before.start
    around = quote(library, one.report, Span(start, end), one.emphasis)
    return around if (start, end) != (one.start, one.end) else one


def _thing(answer: Answer, number: int) -> Answer | None:
    """The thing with a ``number`` in what was listed: in the text that was quoted, else a line, else a quote."""
    first = answer.quotes[0] if answer.quotes else None
    items = items_in(first.text) if first is not None and len(answer.lines) == 1 else []
    if first is not None and len(items) >= number:
        return _item(number, items[number - 1], first)
    listed = [line for line in answer.lines if line.claims[0].kind in _LISTED]
    listed = listed or [line for line in answer.lines if line.claims[0].report is not None]
    if len(listed) >= number:
        line = listed[number - 1]
        reports = {one.report.id for one in line.claims if one.report is not None}
        quotes = tuple(one for one in answer.quotes if not reports or one.report.id in reports)
        return replace(answer, lines=(line,), quotes=quotes, charts=())
    if len(answer.quotes) > 1 and number <= len(answer.quotes):
        told = answer.quotes[number - 1]
        return _item(number, told.text, told)
    return None


def _item(number: int, text: str, quoted: Quote) -> Answer:
    words: dict[str, Word] = {"number": number, "text": " ".join(text.split()).rstrip("。；;")}
    told = Claim("reference.item", "answered", quoted.report, words, quotes=(quoted,))
    return Answer("answered", (Line((told,), whole=True),), (quoted,))


def _within(one: Quote, whole: Quote) -> bool:
    return one.report.id == whole.report.id and whole.start <= one.start and one.end <= whole.end
