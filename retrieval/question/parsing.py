"""Understanding a question: from what was typed to its parts."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from retrieval.errors import EmptyQuestion, QuestionTooLong
from retrieval.language.folding import fold, simplify
from retrieval.language.patterns import pattern
from retrieval.question.about_library import AboutLibrary, read_about_library
from retrieval.question.aims import aim_of
from retrieval.question.asks import Ask, as_figure, read_asks
from retrieval.question.checks import OtherSide, read_other_side
from retrieval.question.ellipsis import completed
from retrieval.question.mentions import read_mention
from retrieval.question.overviews import read_changes, read_overview
from retrieval.question.query import NO_TIME, Overview, Relative, When
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
_SEVERAL_LEVELS = pattern("questions.put_to.several_levels")
_WHICH = pattern("questions.put_to.which")


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
    selection: Selection = NO_SELECTION
    course: CourseOfAsks | None = None
    about_library: AboutLibrary | None = None
    overview: Overview | None = None
    other_side: OtherSide | None = None

    @property
    def years(self) -> tuple[int, ...]:
        """All years that its parts name."""
        return tuple(dict.fromkeys(year for ask in self.asks for year in ask.when.years))

    @property
    def time(self) -> When:
        """The first time that a part names."""
        return next((ask.when for ask in self.asks if ask.when.said), NO_TIME)

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
    written = reworded(fold(rest).strip())
    changes = read_changes(written) if places < 2 else None
    other_side, text = (None, written) if changes and changes.by_words else read_other_side(written)
    when, bare = read_when(text)
    if other_side and other_side.when.years and when.years and all(ask.empty for ask in read_asks(bare)):
        other_side, text = None, written  # 2008年与2009年的目标对比: the main targets of both
        when, bare = read_when(text)
    everywhere = bool(_EVERYWHERE.search(bare))
    level = _level(bare)
    about_library = read_about_library(bare)
    if about_library:
        return Question(text, (), everywhere, level, about_library=replace(about_library, years=when.years))
    overview = changes or (None if other_side else read_overview(bare, when))
    mention = read_mention(bare)
    if mention:
        scans = not mention.elliptic and bool(_WHICH.search(bare))  # 哪些提到了: no turn before narrows it
        return Question(text, (replace(mention, when=when),), everywhere or scans, level)
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
    course = None if other_side or (changes and changes.by_words) else read_course(text)
    if course and not course.asks:
        aim = aim_of(text)[0] if course.kind == "trend" else None
        asks = (Ask(text, "passage", aim=aim, when=when),)  # it only goes on from the question before
    return Question(text, asks, everywhere, level, selection, course, overview=overview, other_side=other_side)


def _level(text: str) -> str | None:
    """The level of the places that a question is put to; None where it names none, or several (哪些镇和区)."""
    named = [name for name, said in _LEVELS_NAMED if said.search(text)]
    return None if _SEVERAL_LEVELS.search(text) else next(iter(named), None)
