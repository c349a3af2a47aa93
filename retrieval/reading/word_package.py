"""The parts of a Word file (.docx, .docm, strict or not): XML trees whose names are those of the transitional format."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from retrieval.errors import DamagedFile
from retrieval.reading.packages import DAMAGE, check_package

_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    (b"http://purl.oclc.org/ooxml/drawingml/main", b"http://schemas.openxmlformats.org/drawingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/drawingml/diagram", b"http://schemas.openxmlformats.org/drawingml/2006/diagram"),
    (b"http://purl.oclc.org/ooxml/drawingml/chart", b"http://schemas.openxmlformats.org/drawingml/2006/chart"),
)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
V = "{urn:schemas-microsoft-com:vml}"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def parser() -> Any:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True)


def unpacked(content: bytes, name: str) -> Mapping[str, bytes]:
    """The members of a package, each unpacked when it is asked for. Raises DamagedFile, UnpacksTooLarge or EncryptedFile."""
    check_package(content, name)
    try:
        return _Zipped(zipfile.ZipFile(io.BytesIO(content)))
    except DAMAGE as error:
        raise DamagedFile(file=name) from error


class _Zipped(Mapping[str, bytes]):
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def __getitem__(self, member: str) -> bytes:
        return self._archive.read(member)

    def __iter__(self) -> Iterator[str]:
        return iter(self._archive.namelist())

    def __len__(self) -> int:
        return len(self._archive.namelist())


class Package:
    """The parts of a Word file, by what the document calls them. Raises DamagedFile."""

    def __init__(self, parts: Mapping[str, bytes], name: str) -> None:
        self._name = name
        self._parts = parts
        self._members = {member.lower(): member for member in parts}
        package = self._relations("_rels/.rels", "")
        self._main = next((target for kind, target in package.values() if kind == "officeDocument"), "word/document.xml")
        folder, file = posixpath.split(self._main)
        self._of_main = self._relations(f"{folder}/_rels/{file}.rels", folder)

    def document(self) -> Any:
        """The tree of the document itself."""
        root = self._tree(self._main)
        if root is None or root.tag != f"{W}document":
            raise DamagedFile(file=self._name)
        return root

    def part(self, kind: str) -> Any:
        """The tree of the part that stands in a relation of ``kind`` (footnotes, styles, numbering) to the document, or None."""
        return next((self._tree(target) for named, target in self._of_main.values() if named == kind), None)

    def related(self, number: str | None) -> bytes | None:
        """The content of the part that the document calls ``number`` (rId7), or None where it is not in the file."""
        _, target = self._of_main.get(number or "", ("", ""))
        return self._bytes(target)

    def tree_of(self, number: str | None) -> Any:
        """The tree of the part that the document calls ``number``, or None."""
        _, target = self._of_main.get(number or "", ("", ""))
        return self._tree(target)

    def _bytes(self, member: str) -> bytes | None:
        known = self._members.get(member.lower())
        if known is None:
            return None
        try:
            return self._parts[known]
        except DAMAGE as error:
            raise DamagedFile(file=self._name) from error

    def _tree(self, member: str) -> Any:
        content = self._bytes(member)
        if content is None:
            return None
        if b"http://purl.oclc.org/ooxml/" in content:
            for strict, usual in _STRICT:
                content = content.replace(strict, usual)
        try:
            return etree.fromstring(content, parser())
        except (etree.XMLSyntaxError, ValueError) as error:
            raise DamagedFile(file=self._name) from error

    def _relations(self, member: str, folder: str) -> dict[str, tuple[str, str]]:
        """By number: the kind of a relation, and the member that it leads to."""
        root = self._tree(member)
        found = {}
        for one in root.iter(_RELATION) if root is not None else ():
            target = one.get("Target", "")
            if one.get("TargetMode") != "External":
                path = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
                found[one.get("Id", "")] = (one.get("Type", "").rsplit("/", 1)[-1], path)
        return found
