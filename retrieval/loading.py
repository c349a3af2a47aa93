"""From a file's bytes to its raw text, never lossy in silence."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from retrieval.errors import DamagedFile, EmptyFile, MissingPath, UnreadableFile, UnsupportedType

# Characters that make up well over a third of any Chinese official text: the most frequent hanzi, and punctuation.
_FREQUENT = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平"
    "形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党"
    "程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干"
    "府告报镇省市县村委目标增务安推治全加强企持项建设，。、；：！？（）《》“”—…·％0123456789\n"
)
_MINIMUM_FREQUENT = 0.25
_MAXIMUM_CONTROL = 0.01


def load(path: Path) -> str:
    """The raw text of the file at ``path``.

    Raises MissingPath, UnreadableFile, EmptyFile, UnsupportedType or DamagedFile.
    """
    if not path.exists():
        raise MissingPath(path=path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(file=path.name) from error
    return load_bytes(content, path.name)


def load_bytes(content: bytes, name: str) -> str:
    """The raw text of a file's ``content``; ``name`` tells its type.

    Raises UnreadableFile, EmptyFile, UnsupportedType or DamagedFile.
    """
    reader = READERS.get(Path(name).suffix.lower())
    if reader is None:
        raise UnsupportedType(file=name, accepted=" ".join(accepted_types()))
    if not content.strip(b"\x00\t\n\r "):
        raise EmptyFile(file=name)
    text = reader(content, name)
    if not text.strip("\ufeff \t\r\n\u3000\xa0"):
        raise EmptyFile(file=name)
    return text


def accepted_types() -> list[str]:
    """The file name suffixes that are accepted, in the order they are shown in."""
    return list(READERS)


def decode(content: bytes, name: str) -> str:
    """``content`` as text: by its byte order mark, else as the one encoding under which it reads as text.

    UTF-8 is self-checking, so bytes that are valid UTF-8 are UTF-8. GB18030 and UTF-16 accept nearly any bytes, so
    the more plausible reading is taken: the one with the larger share of frequent characters. Raises UnreadableFile
    where none is plausible.
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            text = _decode_strictly(content, encoding)
            if text is None:
                raise UnreadableFile(file=name)
            return text
    text = _decode_strictly(content, "utf-8")
    if text is not None and _control_share(text) <= _MAXIMUM_CONTROL:
        return text
    readings = [_decode_strictly(content, encoding) for encoding in ("gb18030", "utf-16-le", "utf-16-be")]
    best = max((r for r in readings if r is not None), key=_frequent_share, default=None)
    if best is None or _frequent_share(best) < _MINIMUM_FREQUENT or _control_share(best) > _MAXIMUM_CONTROL:
        raise UnreadableFile(file=name)
    return best


def _decode_strictly(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _frequent_share(text: str) -> float:
    sample = text[:20_000]
    return sum(char in _FREQUENT for char in sample) / max(len(sample), 1)


def _control_share(text: str) -> float:
    """The share of control and private-use characters, which no text has and misread bytes have plenty of."""
    sample = text[:20_000]
    bad = sum((ord(char) < 32 and char not in "\t\n\r\f\v") or 0xE000 <= ord(char) < 0xF900 for char in sample)
    return bad / max(len(sample), 1)


def _read_plain(content: bytes, name: str) -> str:
    return decode(content, name)


def _read_docx(content: bytes, name: str) -> str:
    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from lxml import etree

    try:
        document = docx.Document(io.BytesIO(content))
        return "\n".join(_docx_blocks(document.element.body))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError) as error:
        raise DamagedFile(file=name) from error
    except etree.XMLSyntaxError as error:
        raise DamagedFile(file=name) from error


def _docx_blocks(container: Any) -> Iterator[str]:
    """The paragraphs and table rows under an XML element, in document order; a row's cells are parted by tabs."""
    from docx.oxml.ns import qn

    for element in container.iterchildren():
        if element.tag == qn("w:p"):
            yield _docx_paragraph(element)
        elif element.tag == qn("w:tbl"):
            for row in element.iter(qn("w:tr")):
                cells = row.findall(qn("w:tc"))
                yield "\t".join(" ".join(filter(None, _docx_blocks(cell))) for cell in cells)
        elif element.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins")):
            yield from _docx_blocks(element)


def _docx_paragraph(paragraph: Any) -> str:
    """A paragraph's text, tracked insertions and hyperlinks included; python-docx's own ``text`` skips the former."""
    from docx.oxml.ns import qn

    fallback = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
    breaks = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n"}
    pieces = []
    for element in paragraph.iter():
        if element.tag == qn("w:t"):
            if not any(ancestor.tag == fallback for ancestor in element.iterancestors()):
                pieces.append(element.text or "")
        elif element.tag in breaks and element.getparent().tag == qn("w:r"):
            pieces.append(breaks[element.tag])
    return "".join(pieces)


def _read_html(content: bytes, name: str) -> str:
    from bs4 import BeautifulSoup
    from bs4.dammit import EncodingDetector

    declared = EncodingDetector.find_declared_encoding(content, is_html=True)
    text = _decode_strictly(content, "gb18030") if (declared or "").lower() in ("gb2312", "gbk", "gb18030") else None
    soup = BeautifulSoup(text if text is not None else decode(content, name), "lxml")
    for tag in soup.find_all(["script", "style", "noscript", "template", "head"]):
        tag.decompose()
    for tag in soup.find_all(["nav", "header", "footer", "form", "aside"]):
        if not tag.find(["h1", "article"]):
            tag.replace_with(f"\n{FURNITURE_START}{tag.get_text(' ', strip=True)}{FURNITURE_END}\n")
    for line_break in soup.find_all("br"):
        line_break.replace_with("\n")
    for block in soup.find_all(_BLOCKS):
        block.insert_before("\n")
        block.insert_after("\n")
    lines = (line.rstrip() for line in soup.get_text().split("\n"))
    return "\n".join(line for line in lines if line.strip())


# What a page shows around its text is marked for cleaning, which takes it out and records it.
FURNITURE_START, FURNITURE_END = "\x0e", "\x0f"
_BLOCKS = ["p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "tr", "table", "section", "article", "blockquote"]

READERS: dict[str, Callable[[bytes, str], str]] = {
    ".txt": _read_plain,
    ".md": _read_plain,
    ".docx": _read_docx,
    ".html": _read_html,
    ".htm": _read_html,
}
