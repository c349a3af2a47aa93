"""Word files of one XML part: those of Word 2003, and today's flat packages. What they hold is read as a .docx is."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from lxml import etree

from retrieval.errors import DamagedFile
from retrieval.reading.limits import PARTS
from retrieval.reading.packages import DAMAGE
from retrieval.reading.raw import Progress, RawText
from retrieval.reading.word import read_parts
from retrieval.reading.word_package import W, parser

_OLD = "{http://schemas.microsoft.com/office/word/2003/wordml}"
_FLAT = "{http://schemas.microsoft.com/office/2006/xmlPackage}"
_ANNOTATION = "{http://schemas.microsoft.com/aml/2001/core}annotation"
_TRACKED = {"Word.Deletion": "del", "Word.Insertion": "ins"}
_MAIN = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"


def read(content: bytes, name: str, progress: Progress) -> RawText:
    """Raises DamagedFile."""
    try:
        root = etree.fromstring(content, parser())
        if root.tag == f"{_FLAT}package":
            return read_parts(_flat(root), name, progress)
        if root.tag == f"{_OLD}wordDocument":
            return read_parts(_modern(root), name, progress)
    except (*DAMAGE, AttributeError, etree.XMLSyntaxError, binascii.Error) as error:
        raise DamagedFile(file=name) from error
    raise DamagedFile(file=name)


def _flat(root: Any) -> dict[str, bytes]:
    """The parts of a flat package, by their names."""
    parts = {}
    for part in list(root.iterchildren(f"{_FLAT}part"))[:PARTS]:
        tree, data = part.find(f"{_FLAT}xmlData"), part.find(f"{_FLAT}binaryData")
        if tree is not None and len(tree):
            parts[part.get(f"{_FLAT}name", "").lstrip("/")] = etree.tostring(tree[0])
        elif data is not None:
            parts[part.get(f"{_FLAT}name", "").lstrip("/")] = base64.b64decode(data.text or "")
    return parts


def _modern(root: Any) -> dict[str, bytes]:
    """A document of Word 2003 as the parts that one of today would have: its elements bear other names, and mean the same."""
    for element in root.iter(etree.Element):
        if element.tag == _ANNOTATION and element.get(f"{_OLD}type") in _TRACKED:
            element.tag = f"{W}{_TRACKED[element.get(f'{_OLD}type')]}"
        elif element.tag.startswith(_OLD):
            element.tag = f"{W}{element.tag.removeprefix(_OLD)}"
        for key, value in list(element.attrib.items()):
            if key.startswith(_OLD):
                element.set(f"{W}{key.removeprefix(_OLD)}", value)
    root.tag = f"{W}document"
    styles = root.find(f"{W}styles")
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="{id}" Type="{kind}" Target="{target}"/></Relationships>'
    )
    parts = {"_rels/.rels": relations.format(id="r1", kind=_MAIN, target="word/document.xml").encode()}
    if styles is not None:
        parts["word/styles.xml"] = etree.tostring(styles)
        kind = _MAIN.replace("officeDocument/2006/relationships/officeDocument", "officeDocument/2006/relationships/styles")
        parts["word/_rels/document.xml.rels"] = relations.format(id="r1", kind=kind, target="styles.xml").encode()
    parts["word/document.xml"] = etree.tostring(root)
    return parts
