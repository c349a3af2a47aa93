"""Word files (.docx): the paragraphs and tables of the document part, in order. Macros are not looked at."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from lxml import etree

from retrieval.errors import DamagedFile
from retrieval.reading.packages import DAMAGE, check_package
from retrieval.reading.raw import Progress, RawText

_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"

_WRAPPERS = tuple(map(qn, ("w:sdt", "w:sdtContent", "w:ins", "w:customXml")))  # around what they add nothing to


def read(content: bytes, name: str, progress: Progress) -> RawText:
    """Raises DamagedFile, UnpacksTooLarge or EncryptedFile."""
    check_package(content, name)
    try:
        document = docx.Document(io.BytesIO(content))
        return RawText("\n".join(_blocks(document.element.body)))
    except (PackageNotFoundError, *DAMAGE, AttributeError, etree.XMLSyntaxError) as error:
        raise DamagedFile(file=name) from error


def _blocks(container: Any) -> Iterator[str]:
    """The paragraphs and table rows under an XML element, in document order; a row's cells are parted by tabs."""
    for element in container.iterchildren():
        if element.tag == qn("w:p"):
            yield _paragraph(element)
        elif element.tag == qn("w:tbl"):
            for row in _rows(element):
                cells = row.findall(qn("w:tc"))
                yield "\t".join(" ".join(filter(None, _blocks(cell))) for cell in cells)
        elif element.tag in _WRAPPERS:
            yield from _blocks(element)


def _rows(table: Any) -> Iterator[Any]:
    """The rows of a table, and none of the tables in it, which belong to their cells."""
    for element in table.iterchildren():
        if element.tag == qn("w:tr"):
            yield element
        elif element.tag in _WRAPPERS:
            yield from _rows(element)


def _paragraph(paragraph: Any) -> str:
    """A paragraph's text, tracked insertions and hyperlinks included; python-docx's own ``text`` skips the former."""
    breaks = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n"}
    pieces = []
    for element in paragraph.iter():
        if element.tag == qn("w:t"):
            if not any(ancestor.tag == _FALLBACK for ancestor in element.iterancestors()):
                pieces.append(element.text or "")
        elif element.tag in breaks and element.getparent().tag == qn("w:r"):
            pieces.append(breaks[element.tag])
    return "".join(pieces)
