"""Web pages that were saved as files: their visible blocks as lines, menus and footers marked as what they are."""

from __future__ import annotations

from bs4 import BeautifulSoup
from bs4.dammit import EncodingDetector

from retrieval.reading.plain import decode, decode_strictly
from retrieval.reading.raw import FURNITURE_END, FURNITURE_START, MARKS, Progress, RawText, unmarked

_BLOCKS = ["p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "tr", "table", "section", "article", "blockquote"]


def read(content: bytes, name: str, progress: Progress) -> RawText:
    """Raises UnreadableFile."""
    return RawText(visible_text(decoded(content, name)), marked=True)


def decoded(content: bytes, name: str) -> str:
    """The source of a page, in the encoding that it declares or else shows. Raises UnreadableFile."""
    declared = EncodingDetector.find_declared_encoding(content, is_html=True)
    text = decode_strictly(content, "gb18030") if (declared or "").lower() in ("gb2312", "gbk", "gb18030") else None
    return unmarked(text if text is not None else decode(content, name))


def visible_text(source: str) -> str:
    """The text of a page, a line a block."""
    soup = BeautifulSoup(source, "lxml")
    for tag in soup.find_all(["script", "style", "noscript", "template", "head"]):
        tag.decompose()
    for node in soup.find_all(string=MARKS):  # what character references spelled out
        node.replace_with(unmarked(str(node)))
    for tag in soup.find_all(["nav", "header", "footer", "form", "aside"]):
        if not tag.find(["h1", "article"]):
            shown = tag.get_text(" ", strip=True)
            tag.replace_with(f"\n{FURNITURE_START}{shown}{FURNITURE_END}\n" if shown else "\n")
    for line_break in soup.find_all("br"):
        line_break.replace_with("\n")
    for block in soup.find_all(_BLOCKS):
        block.insert_before("\n")
        block.insert_after("\n")
    lines = (line.rstrip() for line in soup.get_text().split("\n"))
    return "\n".join(line for line in lines if line.strip())
