"""OpenDocument texts (.odt): headings, paragraphs and tables in order. Macros, notes and deleted text are not looked at."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree

from retrieval.errors import DamagedFile, EncryptedFile
from retrieval.reading.packages import DAMAGE, check_package
from retrieval.reading.raw import Progress, RawText

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_LEFT_OUT = (f"{_TEXT}tracked-changes", f"{_TEXT}note", f"{_OFFICE}annotation", f"{_OFFICE}forms")
_LONGEST_BLANK = 100


def read(content: bytes, name: str, progress: Progress) -> RawText:
    """Raises DamagedFile, UnpacksTooLarge or EncryptedFile."""
    check_package(content, name)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if b"encryption-data" in package.read("META-INF/manifest.xml"):
                raise EncryptedFile(file=name)
            root = etree.fromstring(package.read("content.xml"), parser)
    except (*DAMAGE, etree.XMLSyntaxError) as error:
        raise DamagedFile(file=name) from error
    body = root.find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise DamagedFile(file=name)
    return RawText("\n".join(_blocks(body)))


def _blocks(container: Any) -> Iterator[str]:
    """The paragraphs and table rows under an element, in order; a row's cells are parted by tabs."""
    for element in container.iterchildren(tag=etree.Element):
        if element.tag in (f"{_TEXT}p", f"{_TEXT}h"):
            yield "".join(_pieces(element))
        elif element.tag == f"{_TABLE}table-row":
            cells = [cell for cell in element.iterchildren(tag=etree.Element) if cell.tag == f"{_TABLE}table-cell"]
            yield "\t".join(" ".join(filter(None, _blocks(cell))) for cell in cells)
        elif element.tag not in _LEFT_OUT:
            yield from _blocks(element)


def _pieces(element: Any) -> Iterator[str]:
    yield element.text or ""
    for child in element.iterchildren():
        if isinstance(child.tag, str) and child.tag not in _LEFT_OUT:
            if child.tag == f"{_TEXT}s":
                count = child.get(f"{_TEXT}c", "1")
                yield " " * min(int(count) if count.isdecimal() else 1, _LONGEST_BLANK)
            elif child.tag == f"{_TEXT}tab":
                yield "\t"
            elif child.tag == f"{_TEXT}line-break":
                yield "\n"
            else:
                yield from _pieces(child)
        yield child.tail or ""
