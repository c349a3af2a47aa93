"""What the words of a part say of the figure that is wanted, beyond its subject: flow, basis, whole, other side."""

from __future__ import annotations

import re

from retrieval.language.flow import ADDED_WORDS, TOTAL_WORDS
from retrieval.language.folding import bare
from retrieval.language.indicators import named
from retrieval.models import Basis
from retrieval.question.query import Said

_LIKE_BASES: dict[Basis, tuple[Basis, ...]] = {"同口径": ("同口径", "可比口径"), "可比口径": ("同口径", "可比口径")}
_BASIS = re.compile(r"自然口径|可比口径|同口径|还原口径")
_COMPARED = re.compile(r"全[国省市区县]")
_MULTIPLE_OF = re.compile(r"(?:是|为|相当于)[^,;]{0,2}(全[国省市区县])[^,;]*倍")
_WHOLE_OF_SHARE = re.compile(r"(?:占|相当于)(?!多少|几|百分|比)([^,;?]{2,16}?)(?:的)?(?:比重|比例|百分之|多少|$)")
_AND_RATE = re.compile(
    r"(?<=[\u4e00-\u9fff])(?:和|与|及|以及|、|(?<=多少))(?:其|同比)?(?:增速|增幅|增长率|增长(?:情况|多少)?|涨幅)"
)
_STOCK = re.compile(r"(?<!没)有(?:多少|几)|拥有|现有")
_MORE = ("新增", "新认定", "净增", "新发展", "新培育")  # 新建 and the like say as well what was done as how many more there are
_ADDED_TO = re.compile(r"增加|新增|净增|减少|压减|削减|核减")
_AS_RATE = re.compile(r"增速|增幅|增长|百分|个点|比例|幅度")
_COUNT = re.compile(r"(?:多少|几[万亿千百]?)(?!百分|个百分|个点)[\u4e00-\u9fff]{2,}")


_ASKED_OF_UPPER = re.compile(
    r"(?<![占居于超比在与和同列])(?P<upper>全[国省市州盟区县旗])(?:的|\s|(?:20\d\d|[今去明])年)*(?P<rest>.*)"
)


def said_by(text: str) -> Said:
    """What ``text``, the words of a part, says of the figure that it asks for."""
    compared, multiple, rate = _COMPARED.search(text), _MULTIPLE_OF.search(text), _AND_RATE.search(text)
    as_rate = bool(_AS_RATE.search(text))
    return Said(
        stock=bool(_STOCK.search(text)),
        added=any(word in text for word in ADDED_WORDS),
        more=any(word in text for word in _MORE),
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
    )


def _bases(text: str) -> tuple[Basis, ...]:
    found: list[Basis] = _BASIS.findall(text)[:1]
    return _LIKE_BASES.get(found[0], (found[0],)) if found else ()


def _whole(text: str) -> str:
    found = _WHOLE_OF_SHARE.search(text)
    return bare(found.group(1)) if found else ""


def _upper(text: str) -> str:
    """The larger place (全省, 全国) whose indicator is asked for; else nothing."""
    said = _ASKED_OF_UPPER.search(text)
    if said is None or not any(mention.start == 0 for mention in named(said.group("rest"), question=True)):
        return ""
    return said.group("upper")
