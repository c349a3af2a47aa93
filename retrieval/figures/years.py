"""The year that the sentences of a report are about where they don't say it themselves: by chapter and by paragraph.

A chapter on several years (“十四五”时期和2025年工作回顾) comes to speak of the last one, and paragraphs of a chapter on one
year of several (五年来,…).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from retrieval.language.folding import fold
from retrieval.language.patterns import pattern
from retrieval.models import Metadata, Section

_MARK = pattern("figures.year.mark")
_OF_ONE_YEAR = pattern("figures.year.one")
_OF_SEVERAL = pattern("figures.year.several")
_YEAR_OF_HEADING = pattern("figures.year.of_heading")
_PARAGRAPH = re.compile(r"\S(?:(?!(?<=[。!?]) +\S)[^\n])*")
_ANNOUNCES = pattern("figures.year.announces")
_TURNS = pattern("figures.year.turns")
_TURNS_BACK = pattern("figures.year.turns_back")
_SENTENCE = re.compile(r"[^\s。!?][^。!?]*")
_SPOKEN_OF = 40  # characters of a paragraph that tell what it is about


class YearsSpokenOf:
    """The year that each place of a report's text is about, where its sentence names none."""

    def __init__(self, text: str, outline: tuple[Section, ...], metadata: Metadata) -> None:
        self._metadata = metadata
        self._starts: list[int] = []
        self._years: list[int | None] = []
        for section in outline:
            if section.depth == 1:
                for start, year in self._turns(section, fold(text[section.start : section.end])):
                    self._starts.append(start)
                    self._years.append(year)

    def at(self, position: int) -> int | None:
        """The year at an offset; None where several are spoken of, or none that can be told."""
        index = bisect_right(self._starts, position) - 1
        return self._years[index] if index >= 0 else None

    def _turns(self, chapter: Section, folded: str) -> Iterator[tuple[int, int | None]]:
        """Where the paragraphs of a chapter come to speak of another year, and of which.

        What a paragraph says at its start holds for it alone, but in a chapter that its heading gives to a period and
        a year, or where it announces what follows, until another paragraph speaks of several years.
        """
        own = self._metadata.plan_year if chapter.ahead else self._metadata.review_year
        heading = fold(chapter.heading)
        named, several = _YEAR_OF_HEADING.search(heading), _OF_SEVERAL.search(heading)
        mixed = chapter.multi_year and named is not None
        first = named is not None and several is not None and named.start() < several.start()  # 2012年及过去五年工作回顾
        usual = None if chapter.multi_year and not first else own
        yield chapter.start, usual
        stays = usual
        for paragraph in _PARAGRAPH.finditer(folded, len(chapter.heading)):
            mark = _MARK.match(paragraph.group())
            opening = paragraph.group()[mark.end() if mark else 0 :]
            year = stays
            if said := _OF_ONE_YEAR.match(opening):
                year = self._year_said(said, own, chapter, stays)
                if year == own and (mixed or _ANNOUNCES.search(opening)):
                    stays = year
            elif _OF_SEVERAL.match(opening):
                year, stays = None, None if _ANNOUNCES.search(opening) else usual
            elif chapter.multi_year and _OF_SEVERAL.search(opening[:_SPOKEN_OF]):
                year, stays = None, None
            yield chapter.start + paragraph.start(), year
            if chapter.ahead:
                yield from self._back_and_forth(chapter, paragraph, year)

    def _back_and_forth(self, chapter: Section, paragraph: re.Match[str], year: int | None) -> Iterator[tuple[int, int | None]]:
        """Where the sentences of a plan's paragraph come to speak of the year before, and of the one planned for again."""
        reviewed, turned = self._metadata.review_year, False
        for sentence in _SENTENCE.finditer(paragraph.group()):
            back = bool(_TURNS.match(sentence.group()))
            if back and reviewed is not None:
                turned = True
                yield chapter.start + paragraph.start() + sentence.start(), reviewed
            elif turned and _TURNS_BACK.search(sentence.group()):
                turned = False
                yield chapter.start + paragraph.start() + sentence.start(), year

    @staticmethod
    def _year_said(said: re.Match[str], own: int | None, chapter: Section, stays: int | None) -> int | None:
        """The year that a paragraph opens with; another than the chapter's own only in a review of several years."""
        if said.group("year"):
            year = int(said.group("year"))
            past = chapter.multi_year and not chapter.ahead and own is not None and year < own
            return year if year == own or past else stays
        return own if chapter.ahead == bool(said.group("planned")) or said.group("planned") == "今年" else stays
