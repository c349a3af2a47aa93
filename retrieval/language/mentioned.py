"""Where a term stands in a text: blanks, quotation marks, widths and forms of characters aside, without folding all of the text.

Folding a text takes several times as long as looking through it, so that it is the pattern that allows for all variants.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from retrieval.language.folding import HAN, bare, fold, variants
from retrieval.models import Span

_ORDINAL = re.compile(r"第[一二三四五六七八九十]{1,3}[次届轮](?!全)")
_DONE_TO_THINGS = ("改造", "整治", "治理", "修复", "保护")
_WHERE = "(?:城镇|城市|城区|县城|镇区|农村)?"
_OF_ALL = "(?:全国|全(?:省|市|区|县))?"
_QUOTATION_MARKS = "“”‘’\"'《》「」『』"
# What folding reads as a year, which it does by what stands around: 二〇二四年 is 2024年.
_MAY_BE_YEAR = re.compile(r"\d$|\d年")
_NUMERAL = re.compile(r"[零○Oo一二三四五六七八九]")
_AROUND = 8  # characters by which it is told whether a numeral is of a year


def _either(char: str) -> str:
    """A pattern for all characters that are folded to one."""
    alike = variants(char)
    return re.escape(alike) if len(alike) == 1 else f"[{re.escape(alike)}]"


def _unfolded(pattern: str) -> str:
    """A pattern for folded texts as one for texts as they are."""
    return re.sub(rf"[{HAN}]", lambda found: _either(found.group()), pattern)


_BETWEEN = rf"[\s{re.escape(''.join(map(variants, _QUOTATION_MARKS)))}]*"


@dataclass(frozen=True)
class Mentioned:
    """A term to be looked for, in either order where it says what is done to a thing (老旧小区改造: 改造城镇老旧小区)."""

    term: str

    def found_in(self, text: str) -> list[Span]:
        """Where the term stands in ``text``."""
        wanted = self._wanted
        if not wanted:
            return []
        if _MAY_BE_YEAR.search(wanted):
            return self._found_in_folded(text)
        found = [Span(*match.span()) for match in self._pattern.finditer(text)]
        if found and _NUMERAL.search(wanted) and any(_is_of_year(text, span) for span in found):
            return self._found_in_folded(text)
        return found

    @cached_property
    def _wanted(self) -> str:
        return bare(self.term)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(_orders(self._wanted)), re.I)

    def _found_in_folded(self, text: str) -> list[Span]:
        return [Span(*match.span()) for match in self._pattern.finditer(fold(text))]


def _is_of_year(text: str, span: Span) -> bool:
    """Whether a piece of a text has numerals that fold to the digits of a year."""
    start, end = max(span.start - _AROUND, 0), span.end + _AROUND
    piece = fold(text[start:end])[span.start - start : span.end - start]
    return piece != fold(text[span.start : span.end]) or bool(re.search(r"\d", piece))


def _orders(term: str) -> list[str]:
    """Patterns for a term, and where it says what is done to a thing for the other order."""
    patterns = [_spelled(term)]
    for verb in _DONE_TO_THINGS:
        thing = term.removesuffix(verb)
        if thing != term and len(thing) > 1:
            patterns.append(f"{_unfolded(f'{verb}(?:提升)?{_WHERE}')}{_spelled(thing)}")
    return patterns


def _spelled(term: str) -> str:
    ordinal = _ORDINAL.match(term)
    if ordinal:  # 第五次经济普查 is 第五次全国经济普查
        return f"{_spaced(ordinal.group())}{_unfolded(_OF_ALL)}{_spelled(term[ordinal.end() :])}"
    return _spaced(term)


def _spaced(term: str) -> str:
    return _BETWEEN.join(map(_either, term))
