"""Understanding a question: from what was typed to its parts, and what a follow-up takes from the question before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.errors import EmptyQuestion, QuestionTooLong
from retrieval.language.folding import fold, simplify
from retrieval.language.patterns import pattern
from retrieval.question.about_library import AboutLibrary, read_about_library
from retrieval.question.aims import aim_of
from retrieval.question.asks import Ask, as_figure, read_asks
from retrieval.question.ellipsis import completed, is_bare, with_subject_of
from retrieval.question.mentions import read_mention
from retrieval.question.query import ALL_YEARS, Relative, When
from retrieval.question.scope import with_chinese_words
from retrieval.question.selections import NO_SELECTION, Selection, read_selection
from retrieval.question.times import read_when
from retrieval.question.wording import reworded
from retrieval.question.years import CourseOfAsks, read_course

LONGEST_QUESTION = 500
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060\ufeff\ud800-\udfff]")
_EVERYWHERE = pattern("questions.put_to.everywhere")
_COUNTED_PLACES = pattern("questions.put_to.counted")
# The first that is found counts.
_LEVELS_NAMED = (
    ("省", pattern("questions.put_to.provinces")),
    ("乡镇", pattern("questions.put_to.towns")),
    ("区县", pattern("questions.put_to.counties")),
)
_WHICH = pattern("questions.put_to.which")
_CHAT = pattern("questions.put_to.chat")
_NEXT_TO = pattern("questions.time.next_to")


@dataclass(frozen=True)
class Question:
    """A question without its places: its parts, and whether it is put to all places (of a ``level``).

    ``selection`` tells which of several places' lines it asks for; its words stand in no part. ``course`` is what it
    asks over the years of one place, which counts where the library has them; ``about_library`` what it asks of the library itself.
    """

    text: str
    asks: tuple[Ask, ...]
    everywhere: bool
    level: str | None
    chat: bool
    selection: Selection = NO_SELECTION
    course: CourseOfAsks | None = None
    about_library: AboutLibrary | None = None

    @property
    def years(self) -> tuple[int, ...]:
        """All years that its parts name."""
        return tuple(dict.fromkeys(year for ask in self.asks for year in ask.when.years))

    @property
    def relative(self) -> Relative | None:
        """The first year named relative to the report's (今年, 去年)."""
        return next((ask.when.relative for ask in self.asks if ask.when.relative), None)


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


def parse(rest: str, places: int = 0) -> Question:
    """Reads a question whose places were taken out (:class:`retrieval.question.scope.Scope` ``.rest``).

    ``places`` is how many it is put to, 0 where it names none. Only of several can it ask for the highest, the average.
    """
    text = reworded(with_chinese_words(fold(rest)).strip())
    chat = bool(_CHAT.match(text))
    when, bare = read_when(text)
    everywhere = bool(_EVERYWHERE.search(bare))
    level = next((name for name, said in _LEVELS_NAMED if said.search(bare)), None)
    about_library = None if chat else read_about_library(bare)
    if about_library:
        return Question(text, (), everywhere, level, False, about_library=replace(about_library, years=when.years))
    mention = None if chat else read_mention(bare)
    if mention:
        return Question(text, (replace(mention, when=when),), everywhere, level, False)
    plain = _COUNTED_PLACES.sub(" ", _EVERYWHERE.sub(" ", text))
    selection, bare = read_selection(plain, bool(_WHICH.search(text)))
    if places == 0 and not everywhere:
        everywhere = selection.of_many or (bool(selection) and all(ask.indicators for ask in read_asks(bare)))
    if places > 1 or everywhere:
        plain = bare
    else:
        selection = NO_SELECTION
    asks = completed(read_asks(plain))
    if selection:
        asks = tuple(as_figure(ask) for ask in asks)
    course = None if chat else read_course(text)
    if course and not course.asks:
        asks = (
            Ask(text, "passage", aim=aim_of(text)[0] if course.kind == "trend" else None, when=when),
        )  # it only goes on from the question before
    return Question(text, asks, everywhere, level, chat, selection, course)


def merge(before: Question, now: Question, *, moved: bool = False) -> Question:
    """``now`` as a follow-up of ``before``: what it leaves out is as it was (那大足区呢, 固定资产投资呢, 去年呢).

    ``moved`` tells that it names another place, where offices have other names (区长, 镇长). A question that was put to
    all places still is, and still asks for the highest, unless it names places or selects something else.
    """
    if not moved:
        elliptic = all(ask.empty or ask.elliptic for ask in now.asks)
        selection = now.selection or (before.selection if elliptic and not now.everywhere else now.selection)
        everywhere, level = now.everywhere or before.everywhere, now.level or before.level
        now = replace(now, selection=selection, everywhere=everywhere, level=level)
    now = replace(now, asks=tuple(_as_mention(ask, before) for ask in now.asks))
    now = replace(now, asks=tuple(_beside(ask, now, before) for ask in now.asks))
    said = next((ask.when for ask in now.asks if ask.when.said), None)
    if all(ask.empty for ask in now.asks):
        told = now.asks[0] if now.asks else None
        asks = tuple(
            replace(
                ask,
                aim=(told.aim if told else None) or (None if said else ask.aim),
                measure=(told.measure if told else None) or ask.measure,
                office=None if moved else ask.office,
            )
            for ask in before.asks
        )
    else:
        of_subject = (one for ask in now.asks for one in _of_subject(ask, before, said is not None))
        asks = tuple(_in_context(ask, before, said is not None) for ask in of_subject)
    earlier = before.asks[0].when if before.asks else When()
    if said is None and earlier.relative == "last" and all(ask.aim == "target" for ask in now.asks):
        earlier = When()  # 去年产了多少 / 目标呢: the one that is set now
        asks = tuple(replace(ask, when=earlier) for ask in asks)
    now = replace(now, course=_course(before, now, asks))
    return replace(now, asks=tuple(replace(ask, when=said or (ask.when if ask.when.said else earlier)) for ask in asks))


def _beside(ask: Ask, now: Question, before: Question) -> Ask:
    """A part about 上一年 or 下一年 after a question for a year, which it then lies beside."""
    apart = {"last": -1, "next": 1}.get(ask.when.relative or "", 0) if _NEXT_TO.search(now.text) else 0
    year = before.asks[0].when.year if before.asks else None
    return replace(ask, when=When((year + apart,))) if apart and year is not None and not ask.when.years else ask


def _course(before: Question, now: Question, asks: Sequence[Ask]) -> CourseOfAsks | None:
    """What a follow-up asks over years: of the things before where it only selects of them (哪一年最低, 完成了吗), or as the question
    before did of another thing (固定资产投资呢)."""
    course = now.course
    if course is not None and not course.asks:
        earlier = before.course
        if earlier is None and course.kind == "trend" and not course.selection.which:
            return None  # of the places before
        of_before = earlier.asks if earlier and earlier.asks else tuple(ask for ask in before.asks if ask.kind == "figure")
        if course.kind == "met":
            return replace(course, asks=tuple(replace(ask, aim=None) for ask in of_before))
        years = earlier.years if earlier and course.years == ALL_YEARS else course.years
        return replace(course, asks=of_before, years=years)
    if course is None and before.course is not None and all(ask.elliptic or (ask.empty and ask.aim is None) for ask in now.asks):
        if not any(ask.when.said or not ask.empty for ask in now.asks):
            return before.course
        return replace(before.course, asks=tuple(replace(ask, aim=None, kind="figure") for ask in asks if not ask.empty))
    return course


def _as_mention(ask: Ask, before: Question) -> Ask:
    """What a follow-up of a mention means: the same of another theme (那具身智能呢), or the other way round (没提的呢)."""
    first = before.asks[0] if before.asks else None
    if first is None or first.kind != "mention":
        return ask
    if ask.kind == "mention" and not any(theme.terms for theme in ask.themes):
        return replace(first, text=ask.text, themes=tuple(replace(theme, negated=not theme.negated) for theme in first.themes))
    if ask.kind == "passage" and ask.elliptic and ask.topic and len(first.themes) == 1:
        return replace(first, text=ask.text, themes=(replace(first.themes[0], terms=("".join(ask.topic),)),), whole=None)
    return ask


def _of_subject(ask: Ask, before: Question, said_when: bool) -> list[Ask]:
    """A part with but a verb or an amount (去年改造了多少) is said of each thing that the question before was for."""
    if not is_bare(ask):
        return [ask]
    told = []
    for first in before.asks:
        if first.kind in ("figure", "passage"):
            told.append(replace(with_subject_of(ask, first), aim=ask.aim or (None if said_when else first.aim)))
    return told or [ask]


def _in_context(ask: Ask, before: Question, said_when: bool) -> Ask:
    """An elliptic part (固定资产投资呢) asks for a figure when the question before did, and of the same aim."""
    first = before.asks[0] if before.asks else None
    if first is None or first.kind != "figure" or not ask.elliptic or ask.kind not in ("passage", "figure"):
        return ask
    return replace(ask, kind="figure", aim=ask.aim or (None if said_when else first.aim))
