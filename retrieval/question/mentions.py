"""Questions about mentions: whether, and which, reports mention something, or do not; also of two things at once."""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.language.folding import fold
from retrieval.language.indicators import named
from retrieval.language.patterns import pattern
from retrieval.question.asks import Ask
from retrieval.question.query import Theme
from retrieval.question.selections import Edge, read_edge
from retrieval.question.topics import FIGURE

_LONGEST_TERM = 24
_WHICH = pattern("mentions.ask.which")
_YEAR_ASKED = pattern("mentions.ask.year")
_BROUGHT_UP = pattern("mentions.ask.brought_up")
# 哪些省在搞低空经济, 脑机接口有哪些省在做: those whose reports write of it.
_AT_WORK = pattern("mentions.ask.at_work")
_WHO_IS_AT_WORK = pattern("mentions.ask.who_is_at_work")
_FRAMES = (
    pattern("mentions.frame.listing"),
    pattern("mentions.frame.all"),
    pattern("mentions.frame.report"),
    pattern("mentions.frame.of_places"),
)
_BARE = pattern("mentions.ask.bare")
_MENTIONS = pattern("mentions.ask.mentions")
_HAS = pattern("mentions.ask.has")
_WHETHER = pattern("mentions.condition.whether")
_MENTIONED_OR_NOT = pattern("mentions.condition.mentioned_or_not")
_WHETHER_AT_END = pattern("mentions.condition.whether_at_end")
_THERE_AT_END = pattern("mentions.condition.there_at_end")
_COMMA = pattern("mentions.condition.comma")
_NONE_MENTIONED = pattern("mentions.condition.none_mentioned")
_LISTS = pattern("mentions.ask.lists")
_CHECKS = pattern("mentions.ask.checks")
_OF_PLACES = pattern("mentions.ask.of_places")
_BUT = pattern("mentions.condition.but")
_VERB_FIRST = pattern("mentions.condition.verb_first")
_TERMS_FIRST = pattern("mentions.condition.terms_first")
_LACKS = pattern("mentions.condition.lacks")
_HAS_FIRST = pattern("mentions.condition.has_first")
_NEITHER = pattern("mentions.term.neither")
_ANY = pattern("mentions.term.any")
_ALL = pattern("mentions.term.all")
_QUOTED = pattern("mentions.term.quoted")
_CLEAN = pattern("mentions.term.little")
_OPPOSITE = pattern("mentions.condition.opposite")
_NUMBERED = pattern("mentions.term.numbered")
_NO_TERM = pattern("mentions.term.no_term")
_WHAT = pattern("mentions.ask.what")
_COUNTED = pattern("mentions.ask.counted")


@dataclass(frozen=True)
class _Piece:
    terms: str
    negated: bool


def read_mention(text: str) -> Ask | None:
    """The mention that ``text`` (without places and years) asks for, or None.

    Its themes hold together; one that is ``negated`` asks for the reports that lack it. A question that only turns
    the one before around (没提的呢) has one negated theme without terms.
    """
    plain = text.strip("?？。!！ ")
    if _WHO_IS_AT_WORK.search(plain) and "最" not in plain:
        plain = _AT_WORK.sub("提到", plain, count=1)
    edge, plain = _over_years(_with_verb(plain))
    if _OPPOSITE.match(plain):
        return Ask(text, "mention", themes=(Theme((), True),), elliptic=True)
    if _COUNTED.search(plain) or _WHAT.search(plain) or not (_MENTIONS.search(plain) or _HAS.search(plain)):
        return None
    if not (_WHICH.search(plain) or _LISTS.search(plain) or _CHECKS.search(plain) or _OF_PLACES.search(plain)):
        return None
    pieces = _pieces(plain) or _quoted_piece(plain)
    themes = tuple(theme for piece in pieces for theme in _themes(piece, _QUOTED.findall(plain)))
    if not themes or not all(_is_term(term) for theme in themes for term in theme.terms):
        return None
    if any(_is_figure(term) for theme in themes for term in theme.terms):
        return None  # 哪些省没有提出GDP目标: a figure, whatever it is called there
    whole = _clean(pieces[0].terms) if len(pieces) == 1 and len(themes) > 1 and not _ANY.search(pieces[0].terms) else None
    return Ask(text, "mention", themes=themes, whole_theme=whole, edge=edge)


def _over_years(plain: str) -> tuple[Edge | None, str]:
    """Whether the first or the last mention is asked for; and a question for years (哪一年提到) as one for the reports of them."""
    if not _YEAR_ASKED.search(plain):
        return None, plain
    edge, bare = read_edge(plain)
    if edge is None and not _MENTIONS.search(plain):
        return None, plain
    bare = _YEAR_ASKED.sub("哪些报告", bare, count=1)
    return edge, _BROUGHT_UP.sub("提到", bare) if edge else bare


def _with_verb(plain: str) -> str:
    """A question that leaves out that it is for a mention, with the verb: 枫桥经验 哪些报告."""
    bare = None if _MENTIONS.search(plain) or _HAS.search(plain) else _BARE.match(plain)
    if bare is None or not _is_term(terms := bare["terms"].strip()) or named(terms, question=True):
        return plain
    return f"哪些报告提到{terms}"


def _pieces(plain: str) -> list[_Piece]:
    """The conditions of a question, each with the words it is about: 提到A但没提B."""
    checked = _WHETHER.sub(" ", plain)
    checked = _MENTIONED_OR_NOT.sub("提到", checked)
    checked = _WHETHER_AT_END.sub("", checked)
    bare = _WHICH.sub(" ", checked)
    for frame in _FRAMES:
        bare = frame.sub(" ", bare)
    bare = re.sub(r"\s+", "", bare)
    if "报告" in plain:
        bare = _THERE_AT_END.sub("提到", bare)
    bare = _COMMA.sub("", bare).strip(",， 的和与、")
    found = []
    for part in filter(None, (part.strip(",， ") for part in _BUT.split(bare))):
        match = (
            _VERB_FIRST.match(part)
            or _TERMS_FIRST.match(part)
            or _HAS_FIRST.match(part)
            or (_HAS_FIRST.match(f"里有{part[1:]}") if part.startswith("有") else None)
            or _LACKS.match(part)
        )
        if match is None:
            return []
        found.append(_Piece(match.group("terms"), bool(match.group("not"))))
    return found


def _quoted_piece(plain: str) -> list[_Piece]:
    """What stands in quotation marks, where the rest of a question is in words of its own."""
    quoted = _QUOTED.search(plain)
    return [_Piece(quoted.group(1), bool(_NONE_MENTIONED.search(plain)))] if quoted else []


def _themes(piece: _Piece, quoted: list[str]) -> list[Theme]:
    terms = _NEITHER.sub("", piece.terms)
    inside = [term for term in quoted if term in terms]
    if inside:
        return (
            [Theme(tuple(inside), False)]
            if _ANY.search(terms) and not piece.negated
            else [Theme((term,), piece.negated) for term in inside]
        )
    if _ANY.search(terms) and not piece.negated:
        return [Theme(tuple(_clean(term) for term in _ANY.split(terms) if _clean(term)), False)]
    split = [_clean(term) for term in _ALL.split(_ANY.sub("、", terms))]
    split = [term for term in split if term]
    if any(len(term) < 2 for term in split):
        split = [_clean(terms)]
    return [Theme((term,), piece.negated) for term in split]


def _clean(term: str) -> str:
    return _CLEAN.sub("", _CLEAN.sub("", term)).strip('“”"《》『』 ')


def _is_figure(term: str) -> bool:
    """Whether a term is an indicator with a word that makes it a number: GDP目标, 失业率控制目标."""
    bare = _NUMBERED.sub("", fold(term))
    return bare != term and any(mention.end - mention.start == len(bare) for mention in named(bare, question=True))


def _is_term(term: str) -> bool:
    return 2 <= len(term) <= _LONGEST_TERM and not FIGURE.search(term) and not _NO_TERM.match(term)
