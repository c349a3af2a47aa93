"""What the words of a part say of the figure that is wanted, beyond its subject: flow, basis, whole, other side."""

from __future__ import annotations

from retrieval.language.flow import ADDED_WORDS, TOTAL_WORDS
from retrieval.language.folding import bare
from retrieval.language.indicators import named
from retrieval.language.patterns import pattern
from retrieval.language.thresholds import thresholds_said
from retrieval.language.units import asked_for
from retrieval.models import Basis
from retrieval.question.query import Said

_LIKE_BASES: dict[Basis, tuple[Basis, ...]] = {"同口径": ("同口径", "可比口径"), "可比口径": ("同口径", "可比口径")}
_BASIS = pattern("questions.said.basis")
_COMPARED = pattern("questions.said.compared")
_MULTIPLE_OF = pattern("questions.said.multiple_of")
_WHOLE_OF_SHARE = pattern("questions.said.whole_of_share")
_AND_RATE = pattern("questions.said.and_rate")
_STOCK = pattern("questions.said.stock")
_MORE = pattern("questions.said.more", unit=asked_for())  # 新建 and the like say as well what was done as how many more there are
_PER = pattern("questions.said.per")
_ADDED_TO = pattern("questions.said.added_to")
_AS_RATE = pattern("questions.said.as_rate")
_COUNT = pattern("questions.said.count")
_ASKED_OF_UPPER = pattern("questions.said.asked_of_upper")
_MEASURE_ALONE = pattern("questions.said.measure_alone")  # 那全省总量呢: of what was talked about


def said_by(text: str) -> Said:
    """What ``text``, the words of a part, says of the figure that it asks for."""
    compared, multiple, rate = _COMPARED.search(text), _MULTIPLE_OF.search(text), _AND_RATE.search(text)
    as_rate = bool(_AS_RATE.search(text))
    return Said(
        stock=bool(_STOCK.search(text)),
        added=any(word in text for word in ADDED_WORDS),
        more=bool(_MORE.search(text)),
        total=any(word in text for word in TOTAL_WORDS),
        bases=_bases(text),
        whole=_whole(text),
        compared_with=compared.group() if compared else "",
        multiple_of=multiple.group(1) if multiple else "",
        counts=bool(_COUNT.search(text)) and not as_rate,
        by_amount=bool(_ADDED_TO.search(text)) and not as_rate,
        town_and_country="城乡" in text,
        amount=text[: rate.start()] if rate else "",
        upper=_upper(text),
        thresholds=thresholds_said(text),
        per=_per(text),
    )


def _bases(text: str) -> tuple[Basis, ...]:
    found: list[Basis] = _BASIS.findall(text)[:1]
    return _LIKE_BASES.get(found[0], (found[0],)) if found else ()


def _whole(text: str) -> str:
    found = _WHOLE_OF_SHARE.search(text)
    return bare(found.group(1)) if found else ""


def _per(text: str) -> str:
    """For what each an amount is asked: a month, a person; else nothing."""
    said = _PER.search(text)
    return (said.lastgroup or "") if said else ""


def _upper(text: str) -> str:
    """The larger place (全省, 全国) whose indicator is asked for; else nothing."""
    said = _ASKED_OF_UPPER.search(text)
    if said is None:
        return ""
    rest = said.group("rest")
    if not _MEASURE_ALONE.fullmatch(rest) and not any(mention.start == 0 for mention in named(rest, question=True)):
        return ""
    return said.group("upper")
