"""Web pages: what a person sees of their article as lines; all else is marked as what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup
from bs4.dammit import EncodingDetector
from bs4.element import PageElement, PreformattedString, Tag

from retrieval.errors import NoArticle
from retrieval.reading.article import mark_furniture
from retrieval.reading.notes import raised
from retrieval.reading.plain import decode, decode_strictly
from retrieval.reading.raw import MARKS, Progress, RawText, left_out, unmarked
from retrieval.reading.seen import leave_out_unseen
from retrieval.reading.tables import Cell, lines_of, spread

_BLOCKS = [
    "p",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "tr",
    "table",
    "section",
    "article",
    "blockquote",
    "dt",
    "dd",
    "td",
    "th",
    "caption",
    "center",
    "pre",
    "hr",
    "figure",
    "address",
    "main",
]
_LONG_CELL = 300  # characters: a table with longer ones lays out a page
_ICON = 50  # pixels


def read(content: bytes, name: str, progress: Progress) -> RawText:
    """Raises UnreadableFile or NoArticle."""
    return RawText(visible_text(decoded(content, name), name), marked=True)


def decoded(content: bytes, name: str) -> str:
    """The source of a page, in the encoding that it declares or else shows. Raises UnreadableFile."""
    declared = EncodingDetector.find_declared_encoding(content, is_html=True)
    text = decode_strictly(content, "gb18030") if (declared or "").lower() in ("gb2312", "gbk", "gb18030") else None
    return unmarked(text if text is not None else decode(content, name))


def visible_text(source: str, name: str) -> str:
    """The text of a page's article, a line a block or a row of a table. Raises NoArticle."""
    soup = BeautifulSoup(source, "lxml")
    for node in soup.find_all(string=MARKS):  # what character references spelled out
        node.replace_with(unmarked(str(node)))
    leave_out_unseen(soup)
    _lower_raised(soup)
    _name_pictures(soup)
    if not mark_furniture(soup):
        raise NoArticle(url=name)
    for tag in soup.find_all("title"):
        tag.decompose()
    _write_tables(soup)
    lines = (line.rstrip() for line in "".join(_pieces(soup)).split("\n"))
    return "\n".join(line for line in lines if line.strip())


def _lower_raised(soup: BeautifulSoup) -> None:
    """Takes the marks of notes out of their sentences: 企业¹5家 is not 15家. m² stays."""
    for tag in soup.find_all("sup"):
        before = tag.find_previous(string=True)
        tag.replace_with(raised(tag.get_text(), str(before or "")))


def _name_pictures(soup: BeautifulSoup) -> None:
    for tag in soup.find_all(["img", "iframe", "object", "embed", "svg", "canvas"]):
        if tag.parent is None:
            continue
        if tag.name == "img":
            tag.replace_with("" if _is_icon(tag) else left_out("picture", str(tag.get("alt") or "")[:80]))
        else:
            tag.replace_with(left_out("embedded", "") if tag.name in ("iframe", "object", "embed") else "")


def _is_icon(tag: Tag) -> bool:
    sizes = [re.match(r"\d+", str(tag.get(side) or "")) for side in ("width", "height")]
    small = any(size is not None and int(size.group()) < _ICON for size in sizes)
    return small or bool(re.search(r"icon|logo|qr|avatar|btn|blank|spacer|\.gif", str(tag.get("src") or ""), re.I))


def _write_tables(soup: BeautifulSoup) -> None:
    """Tables as lines, the inner ones first; those that lay out a page stay what they hold."""
    for table in reversed(soup.find_all("table")):
        rows = [row for row in table.find_all("tr") if row.find_parent("table") is table]
        cells = [list(row.find_all(["td", "th"], recursive=False)) for row in rows]
        if table.find("table") or any(len(cell.get_text()) > _LONG_CELL for row in cells for cell in row):
            continue
        grid = spread(
            [[Cell("".join(_pieces(cell)), _span(cell, "colspan"), _span(cell, "rowspan")) for cell in row] for row in cells]
        )
        before = table.find_previous(string=lambda text: bool(text and text.strip()))
        caption = table.find("caption")
        said = caption.get_text(" ", strip=True) if caption else ""
        lines = lines_of(grid, said or str(before or ""))
        table.replace_with("\n" + "\n".join(filter(None, [said, *lines])) + "\n")


def _pieces(root: Tag) -> Iterator[str]:
    """The text of an element, each of its blocks on lines of its own."""
    waiting: list[PageElement | str] = [root]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Tag):
            ends = "\n" if one.name in _BLOCKS or one.name == "br" else ""
            yield ends
            waiting += [ends, *reversed(one.contents)]
        elif not isinstance(one, PreformattedString):
            yield str(one)


def _span(cell: Tag, name: str) -> int:
    value = str(cell.get(name) or "1").strip()
    return min(max(int(value), 1), 500) if value.isascii() and value.isdigit() and len(value) < 6 else 1
