"""From raw text to canonical text: debris is taken out, and what was taken out is recorded."""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.loading import FURNITURE_END, FURNITURE_START
from retrieval.models import Removal

_QUOTED = r"[“\"「『《][^”\"」』》\n]{1,20}[”\"」』》]"
_LINE = r"^[ \t\u3000\xa0]*"
_LINE_END = r"[ \t\u3000\xa0]*$\n?"

# Each kind of debris with the pattern that finds it. What is found goes; what stands around it stays.
_DEBRIS: tuple[tuple[str, str], ...] = (
    ("page_furniture", rf"{FURNITURE_START}[^{FURNITURE_END}]*{FURNITURE_END}\n?"),
    ("control", r"[\x00-\x08\x0e-\x1f\x7f\ufeff\u200b-\u200f\u2060\u00ad\ufffe\uffff]+"),
    ("bookmark", r"\[bookmark:[^\]\n]{0,60}\]"),
    ("paywall", r"##[A-Za-z][A-Za-z0-9_]{2,30}##"),
    # An advertisement names an account or a site and says what it did with the text: 公号“…”整理编辑, 更多…请关注….
    (
        "advertisement",
        rf"(?:微信)?公(?:众)?号[:：]?{_QUOTED}(?:整理|编辑|收集|搜集|发布|出品|提供|原创|独家|转载|推送|制作)+",
    ),
    (
        "advertisement",
        rf"{_LINE}[^\n。]{{0,20}}(?:更多|获取|下载)[^\n。]{{0,20}}(?:(?:关注|添加|扫码)[^\n。]{{0,12}}(?:微信|公众号|公号|QQ|群|二维码)|(?:访问|登录)[^\n。]{{0,12}}(?:网站?|www|http))[^\n。]{{0,20}}。?{_LINE_END}",
    ),
    (
        "advertisement",
        rf"{_LINE}(?:本文|文章|范文|文档|资料)(?:由|来自|下载自)[^\n]{{1,40}}(?:网|整理|提供|收集)[^\n]{{0,20}}{_LINE_END}",
    ),
    ("advertisement", r"(?:https?://|www\.)[A-Za-z0-9./?=&_%#:\-]+"),
    (
        "source",
        rf"{_LINE}(?:[(（]?(?:文章|信息|稿件|稿源|内容)?来[ \u3000]?源)[ \u3000\xa0]*[:：][ \u3000\xa0]*[^\n]{{1,80}}{_LINE_END}",
    ),
    (
        "page_number",
        rf"{_LINE}(?:[-—－–]{{1,2}}[ \u3000]*\d{{1,3}}[ \u3000]*[-—－–]{{1,2}}|第[ \u3000]*\d{{1,3}}[ \u3000]*页[^\n]{{0,12}}){_LINE_END}",
    ),
    ("trailing_mark", r"(?<=\n)[ \t]*[|｜]+[ \t]*$|(?<=[。！!])[ \t]*[|｜]+[ \t]*$"),
)
_COMPILED = tuple((kind, re.compile(pattern, re.M)) for kind, pattern in _DEBRIS)
_SOURCE = re.compile(r"来[ \u3000]?源[ \u3000\xa0]*[:：][ \u3000\xa0]*(.+)")
_SOURCE_END = re.compile(r"\s{2,}|[ \u3000\xa0]*(?:发布|时间|日期|浏览|作者|编辑|字体|责任|\d{4}-\d{1,2}-\d{1,2})")
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")


@dataclass(frozen=True)
class Cleaned:
    """A canonical text and the debris taken out of it, in order."""

    text: str
    removals: tuple[Removal, ...]


def clean(raw: str) -> Cleaned:
    """The canonical text of ``raw``: line ends are ``\\n``, debris is gone, everything else is as it was."""
    raw = _LINE_ENDS.sub("\n", raw)
    found = [
        (match.start(), match.end(), kind)
        for kind, pattern in _COMPILED
        for match in pattern.finditer(raw)
        if match.end() > match.start()
    ]
    found.sort(key=lambda one: (one[0], -one[1]))  # of two that begin together, the longer
    kept: list[str] = []
    removals: list[Removal] = []
    at = length = 0
    for start, end, kind in found:
        if end <= at:
            continue
        start = max(start, at)
        kept.append(raw[at:start])
        length += start - at
        removals.append(
            Removal(
                kind,
                raw[start:end].strip(f"{FURNITURE_START}{FURNITURE_END}\n") if kind == "page_furniture" else raw[start:end],
                length,
            )
        )
        at = end
    kept.append(raw[at:])
    return _trimmed("".join(kept), removals)


def source_of(removals: tuple[Removal, ...]) -> str | None:
    """The publication that a removed ``来源：`` line names, or None."""
    for removal in removals:
        if removal.kind == "source":
            match = _SOURCE.search(removal.text)
            if match:
                name = _SOURCE_END.split(match.group(1).strip())[0].strip(" \u3000\xa0")
                if not re.search(r"[(（]", name):
                    name = name.rstrip(")）")
                if name:
                    return name
    return None


def _trimmed(text: str, removals: list[Removal]) -> Cleaned:
    """Blanks at the very start and end are no part of a text; positions move with the start."""
    body = text.lstrip("\n \t\u3000\xa0")
    shift = len(text) - len(body)
    body = body.rstrip("\n \t\u3000\xa0")
    moved = (Removal(r.kind, r.text, min(max(r.position - shift, 0), len(body))) for r in removals)
    return Cleaned(body, tuple(moved))
