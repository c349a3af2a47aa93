"""OpenDocument texts (.odt): what a person sees of headings, paragraphs, tables and notes, in order. Macros are not looked at."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree

from retrieval.errors import DamagedFile, EncryptedFile
from retrieval.reading.notes import raised
from retrieval.reading.packages import DAMAGE, check_package
from retrieval.reading.pictures import Pictures
from retrieval.reading.raw import Progress, RawText, left_out, unmarked
from retrieval.reading.tables import COLUMNS, Cell, lines_of, spread
from retrieval.reading.word_package import parser

_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_TEXT = f"{{{_ODF}:text:1.0}}"
_TABLE = f"{{{_ODF}:table:1.0}}"
_OFFICE = f"{{{_ODF}:office:1.0}}"
_STYLE = f"{{{_ODF}:style:1.0}}"
_DRAW = f"{{{_ODF}:drawing:1.0}}"
_FO = f"{{{_ODF}:xsl-fo-compatible:1.0}}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_LEFT_OUT = (f"{_TEXT}tracked-changes", f"{_OFFICE}annotation", f"{_OFFICE}forms", f"{_TEXT}ruby-text", f"{_TEXT}note-citation")
_HIDDEN = (f"{_TEXT}hidden-text", f"{_TEXT}hidden-paragraph")
_CONTENTS = (f"{_TEXT}table-of-content", f"{_TEXT}illustration-index", f"{_TEXT}table-index")
_LONGEST_BLANK = 100
_WHITE = re.compile(r"#f[0-9a-f]f[0-9a-f]f[0-9a-f]", re.I)


def read(content: bytes, name: str, progress: Progress) -> RawText:
    """Raises DamagedFile, UnpacksTooLarge or EncryptedFile."""
    check_package(content, name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if b"encryption-data" in package.read("META-INF/manifest.xml"):
                raise EncryptedFile(file=name)
            return _Document(package, Pictures(name, progress), name).read()
    except (*DAMAGE, etree.XMLSyntaxError) as error:
        raise DamagedFile(file=name) from error


class _Document:
    def __init__(self, package: zipfile.ZipFile, pictures: Pictures, name: str) -> None:
        self.package = package
        self.pictures = pictures
        root = etree.fromstring(package.read("content.xml"), parser())
        body = root.find(f"{_OFFICE}body/{_OFFICE}text")
        if body is None:
            raise DamagedFile(file=name)
        self.body = body
        roots = [
            root,
            *(etree.fromstring(package.read(part), parser()) for part in ("styles.xml",) if part in package.namelist()),
        ]
        self.styles = {style.get(f"{_STYLE}name"): style for each in reversed(roots) for style in each.iter(f"{_STYLE}style")}
        self.notes: list[str] = []

    def read(self) -> RawText:
        lines = list(self._blocks(self.body))
        if self.notes:
            lines += ["注释：", *self.notes]
        return RawText("\n".join(lines), marked=True, kept=self.pictures.recognised)

    def _blocks(self, container: Any) -> Iterator[str]:
        """The paragraphs and rows of tables under an element, in order."""
        above = ""
        for element in container.iterchildren(tag=etree.Element):
            if element.tag in (f"{_TEXT}p", f"{_TEXT}h"):
                text = "".join(self._pieces(element, ""))
                yield self._left(element, text) or text
                above = text if text.strip() else above
            elif element.tag == f"{_TABLE}table":
                yield from lines_of(spread(self._rows(element)), above)
            elif element.tag in _CONTENTS:
                yield left_out("contents", "".join(element.itertext()))
            elif element.get(f"{_TEXT}display") in ("none", "condition"):
                yield left_out("hidden", "".join(element.itertext()))
            elif element.tag not in _LEFT_OUT:
                yield from self._blocks(element)

    def _rows(self, table: Any) -> list[list[Cell]]:
        rows = []
        for row in table.iter(f"{_TABLE}table-row"):
            if next(row.iterancestors(f"{_TABLE}table"), None) is not table or row.get(f"{_TABLE}visibility") in (
                "collapse",
                "filter",
            ):
                continue
            cells: list[Cell] = []
            for cell in row.iterchildren(f"{_TABLE}table-cell"):
                text = "\n".join(filter(None, self._blocks(cell)))
                one = Cell(text, _number(cell, "number-columns-spanned"), _number(cell, "number-rows-spanned"))
                cells += [one] * min(_number(cell, "number-columns-repeated"), COLUMNS)
            rows.append(cells)
        return rows

    def _left(self, element: Any, text: str) -> str:
        """A piece as what is left out, where its style hides it or strikes it out."""
        kind = self._unseen(element.get(f"{_TEXT}style-name")) if text.strip() else None
        return left_out(kind, text) if kind else ""

    def _pieces(self, element: Any, said: str) -> Iterator[str]:
        yield unmarked(element.text or "")
        said += element.text or ""
        for child in element.iterchildren():
            piece = "".join(self._piece(child, said)) if isinstance(child.tag, str) else ""
            yield piece
            yield unmarked(child.tail or "")
            said += piece + (child.tail or "")

    def _piece(self, child: Any, said: str) -> Iterator[str]:
        if child.tag in _LEFT_OUT:
            return
        if child.tag == f"{_TEXT}s":
            count = child.get(f"{_TEXT}c", "1")
            yield " " * min(int(count) if count.isdecimal() else 1, _LONGEST_BLANK)
        elif child.tag == f"{_TEXT}tab":
            yield "\t"
        elif child.tag == f"{_TEXT}line-break":
            yield "\n"
        elif child.tag in _HIDDEN:
            yield left_out("hidden", "".join(child.itertext()) or child.get(f"{_TEXT}string-value", ""))
        elif child.tag == f"{_TEXT}note":
            yield self._note(child)
        elif child.tag == f"{_DRAW}text-box":
            yield "\n" + "\n".join(self._blocks(child)) + "\n"
        elif child.tag == f"{_DRAW}image":
            yield self._picture(child.get(_HREF, ""))
        elif child.tag in (f"{_DRAW}object", f"{_DRAW}object-ole", f"{_DRAW}plugin"):
            yield left_out("embedded", "")
        else:
            text = "".join(self._pieces(child, said))
            if child.tag == f"{_TEXT}span":
                left = self._left(child, text)
                yield left or (raised(text, said) if self._is_raised(child) else text)
            else:
                yield text

    def _note(self, note: Any) -> str:
        body = note.find(f"{_TEXT}note-body")
        mark = f"注{len(self.notes) + 1}"
        self.notes.append(mark)
        text = " ".join(filter(str.strip, self._blocks(body))) if body is not None else ""
        self.notes[self.notes.index(mark)] = f"{mark}：{text.strip()}"
        return left_out("note_mark", mark)

    def _picture(self, path: str) -> str:
        if path.removeprefix("./") not in self.package.namelist() or path.startswith("ObjectReplacements"):
            return ""
        return self.pictures.text_of(self.package.read(path.removeprefix("./")))

    def _properties(self, named: str | None) -> Iterator[Any]:
        for _ in range(12):
            style = self.styles.get(named) if named else None
            if style is None:
                return
            found = style.find(f"{_STYLE}text-properties")
            if found is not None:
                yield found
            named = style.get(f"{_STYLE}parent-style-name")

    def _said(self, named: str | None, key: str) -> str:
        return next((value for one in self._properties(named) if (value := one.get(key))), "")

    def _unseen(self, named: str | None) -> str | None:
        if self._said(named, f"{_TEXT}display") in ("none", "condition"):
            return "hidden"
        if self._said(named, f"{_STYLE}text-line-through-style") not in ("", "none"):
            return "struck_out"
        if re.fullmatch(r"[0-2](?:\.\d+)?pt", self._said(named, f"{_FO}font-size")):
            return "hidden"
        white = _WHITE.fullmatch(self._said(named, f"{_FO}color"))
        return "hidden" if white and self._said(named, f"{_FO}background-color") in ("", "transparent", "#ffffff") else None

    def _is_raised(self, span: Any) -> bool:
        position = self._said(span.get(f"{_TEXT}style-name"), f"{_STYLE}text-position")
        return position.startswith("super") or bool(re.match(r"[1-9]\d?%", position))


def _number(cell: Any, name: str) -> int:
    value = cell.get(f"{_TABLE}{name}", "1")
    return min(max(int(value), 1), 1_000) if value.isdecimal() and len(value) < 6 else 1
