"""Word files (.docx, .docm): what a person sees of the document part, in order, and its notes. Macros are not looked at.

What nobody sees (hidden, struck out, deleted) is left out with its kind, and what can't be read (a picture, a chart) is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from retrieval.errors import DamagedFile
from retrieval.reading.notes import raised
from retrieval.reading.packages import DAMAGE
from retrieval.reading.pictures import Pictures
from retrieval.reading.raw import Progress, RawText, left_out, unmarked
from retrieval.reading.tables import Cell, lines_of, spread
from retrieval.reading.word_numbers import Numbers
from retrieval.reading.word_package import MC, A, M, Package, R, V, W, unpacked
from retrieval.reading.word_styles import Styles

_BREAKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}
_UNSEEN = {"del": "deleted", "moveFrom": "moved", "rt": "ruby"}
_NOT_TEXT = (
    "pPr",
    "rPr",
    "sectPr",
    "instrText",
    "delText",
    "delInstrText",
    "proofErr",
    "tblPr",
    "tblGrid",
    "trPr",
    "tcPr",
    "sdtPr",
)
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_CHART_2014 = "{http://schemas.microsoft.com/office/drawing/2014/chartex}"
_NOTES = (("footnotes", "footnote"), ("endnotes", "endnote"))


def read(content: bytes, name: str, progress: Progress) -> RawText:
    """Raises DamagedFile, UnpacksTooLarge or EncryptedFile."""
    return read_parts(unpacked(content, name), name, progress)


def read_parts(parts: Mapping[str, bytes], name: str, progress: Progress) -> RawText:
    """The text of a Word file whose parts are at hand. Raises DamagedFile."""
    try:
        package = Package(parts, name)
        return _Document(package, Pictures(name, progress)).read()
    except (*DAMAGE, AttributeError, etree.XMLSyntaxError) as error:
        raise DamagedFile(file=name) from error


class _Document:
    def __init__(self, package: Package, pictures: Pictures) -> None:
        self.package = package
        self.pictures = pictures
        self.styles = Styles(package.part("styles"))
        self.numbers = Numbers(package.part("numbering"), self.styles)
        self.notes: list[str] = []

    def read(self) -> RawText:
        body = self.package.document().find(f"{W}body")
        lines = list(self._blocks(body)) if body is not None else []
        if self.notes:
            lines += ["注释：", *self.notes]
        return RawText("\n".join(lines), marked=True, kept=self.pictures.recognised)

    # -- paragraphs and tables --------------------------------------------------------------------------------

    def _blocks(self, container: Any) -> Iterator[str]:
        """The paragraphs and rows of tables under an element, in order."""
        joined = ""  # a paragraph whose mark was deleted goes on in the next
        before = ""
        for element in container.iterchildren(tag=etree.Element):
            if element.tag == f"{W}p":
                text = joined + self._paragraph(element)
                joined = ""
                if element.find(f"{W}pPr/{W}rPr/{W}del") is not None or element.find(f"{W}pPr/{W}rPr/{W}moveFrom") is not None:
                    joined = text
                    continue
                yield from (lines := text.split("\n"))
                before = next((line for line in reversed(lines) if line.strip()), before)
            elif element.tag == f"{W}tbl":
                yield from self._table(element, before)
            elif element.tag == f"{W}altChunk":
                yield left_out("alt_chunk", "")
            elif element.tag == f"{MC}AlternateContent":
                yield from self._blocks(_choice(element))
            elif element.tag not in (f"{W}sdtPr", f"{W}sectPr", f"{W}del", f"{W}moveFrom"):
                yield from self._blocks(element)
        if joined:
            yield joined

    def _table(self, table: Any, before: str) -> Iterator[str]:
        rows: list[list[Cell]] = []
        merged: dict[int, int] = {}  # by column: the row whose cell goes on
        for row in _children(table, "tr"):
            if row.find(f"{W}trPr/{W}del") is not None or row.find(f"{W}trPr/{W}hidden") is not None:
                yield left_out("deleted", "".join(row.itertext(f"{W}t", f"{W}delText")))
                continue
            cells: list[Cell] = []
            column = _number(row.find(f"{W}trPr/{W}gridBefore"), 0)
            cells += [Cell("")] * column
            for cell in _children(row, "tc"):
                properties = cell.find(f"{W}tcPr")
                if properties is not None and properties.find(f"{W}cellDel") is not None:
                    yield left_out("deleted", "".join(cell.itertext(f"{W}t", f"{W}delText")))
                    continue
                span = _number(properties.find(f"{W}gridSpan"), 1) if properties is not None else 1
                merge = properties.find(f"{W}vMerge") if properties is not None else None
                text = "\n".join(filter(None, self._blocks(cell)))
                if merge is not None and merge.get(f"{W}val") != "restart" and column in merged:
                    text = rows[merged[column]][_at(rows[merged[column]], column)].text
                elif merge is not None:
                    merged[column] = len(rows)
                else:
                    merged.pop(column, None)
                cells.append(Cell(text, span))
                column += span
            rows.append(cells)
        yield from lines_of(spread(rows), before)

    def _paragraph(self, paragraph: Any) -> str:
        number = self.numbers.of(paragraph)
        text = self._inline(paragraph, paragraph)
        if self.styles.is_contents(paragraph):
            return left_out("contents", text) if text.strip() else ""
        if number and text.strip():
            return f"{left_out('automatic_number', number)}{number}{text}"
        return text

    # -- inside a paragraph -----------------------------------------------------------------------------------

    def _inline(self, element: Any, paragraph: Any) -> str:
        said = ""
        for child in element.iterchildren(tag=etree.Element):
            said += self._piece(child, paragraph, said)
        return said

    def _piece(self, element: Any, paragraph: Any, before: str) -> str:
        space, _, tag = element.tag.rpartition("}")
        space += "}"
        if space == W and tag in _UNSEEN:
            return _left(_UNSEEN[tag], "".join(element.itertext(f"{W}t", f"{W}delText")))
        if space == W and tag == "r":
            return self._run(element, paragraph, before)
        if space == W and tag == "t":
            return unmarked(element.text or "")
        if space == W and tag in _BREAKS:
            return _BREAKS[tag]
        if space == W and tag == "sym":
            return _symbol(element.get(f"{W}char", ""))
        if space == W and tag in ("footnoteReference", "endnoteReference"):
            return self._note(tag.removesuffix("Reference"), element.get(f"{W}id"))
        if space == W and tag in ("drawing", "pict", "object"):
            return self._drawn(element)
        if space == W and tag == "txbxContent":
            return "\n" + "\n".join(self._blocks(element)) + "\n"
        if space == W and tag == "sdt" and element.find(f"{W}sdtPr/{W}showingPlcHdr") is not None:
            return _left("placeholder", "".join(element.itertext(f"{W}t")))
        if space == M and tag in ("oMath", "oMathPara"):
            return _equation(element)
        if element.tag == f"{MC}AlternateContent":
            return self._inline(_choice(element), paragraph)
        if space == W and tag in _NOT_TEXT:
            return ""
        return self._inline(element, paragraph)

    def _run(self, run: Any, paragraph: Any, before: str) -> str:
        text = self._inline(run, paragraph)
        if not text:
            return ""
        unseen = self.styles.unseen(run, paragraph)
        if unseen and text.strip():
            return left_out(unseen, text)
        align = run.find(f"{W}rPr/{W}vertAlign")
        return raised(text, before) if align is not None and align.get(f"{W}val") == "superscript" else text

    def _note(self, kind: str, number: str | None) -> str:
        """The mark of a note; its text goes to the end, under the same number."""
        root = self.package.part(f"{kind}s")
        notes = root.iter(f"{W}{kind}") if root is not None else ()
        note = next((one for one in notes if one.get(f"{W}id") == number), None)
        if note is None:
            return ""
        mark = f"注{len(self.notes) + 1}"
        self.notes.append(mark)  # before its text is read, which might name itself
        self.notes[self.notes.index(mark)] = f"{mark}：{' '.join(filter(str.strip, self._blocks(note))).strip()}"
        return left_out("note_mark", mark)

    def _drawn(self, element: Any) -> str:
        """What is drawn: its text boxes as text, its pictures recognised or named, the rest named."""
        said = ""
        for box in element.iter(f"{W}txbxContent"):
            if not any(one.tag == f"{MC}Fallback" for one in box.iterancestors()):
                said += self._piece(box, None, said)
        for diagram in element.iter(f"{_DIAGRAM}relIds"):
            said += self._diagram(diagram.get(f"{R}dm"))
        for kind, tags in (("chart", (f"{_CHART}chart", f"{_CHART_2014}chart")), ("embedded", (_OLE,))):
            said += "".join(left_out(kind, one.get("ProgID") or "") for one in element.iter(*tags))
        if next(element.iter(_OLE), None) is None:
            for picture in element.iter(f"{A}blip", f"{V}imagedata"):
                said += self.pictures.text_of(self.package.related(picture.get(f"{R}embed") or picture.get(f"{R}id")))
        return said

    def _diagram(self, number: str | None) -> str:
        root = self.package.tree_of(number)
        points = root.iter(f"{_DIAGRAM}pt") if root is not None else ()
        texts = [text for point in points if (text := "".join(point.itertext(f"{A}t")).strip())]
        return "\n" + "\n".join(map(unmarked, texts)) + "\n" if texts else left_out("smart_art", "")


_OLE = "{urn:schemas-microsoft-com:office:office}OLEObject"


def _left(kind: str, text: str) -> str:
    return left_out(kind, text) if text.strip() else ""


def _choice(element: Any) -> Any:
    """Of two ways to show the same thing the newer one."""
    found = element.find(f"{MC}Choice")
    return found if found is not None else element.find(f"{MC}Fallback") if element.find(f"{MC}Fallback") is not None else element


def _children(element: Any, name: str) -> Iterator[Any]:
    """The rows of a table or the cells of a row, also those in content controls and tracked changes."""
    for child in element.iterchildren(tag=etree.Element):
        if child.tag == f"{W}{name}":
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml", f"{W}smartTag", f"{W}moveTo"):
            yield from _children(child, name)


def _number(element: Any, otherwise: int) -> int:
    value = element.get(f"{W}val", "") if element is not None else ""
    return min(int(value), 60) if value.isdigit() else otherwise


def _at(cells: list[Cell], column: int) -> int:
    """The cell of a row that stands in a column."""
    at = 0
    for index, cell in enumerate(cells):
        at += cell.columns
        if column < at:
            return index
    return len(cells) - 1


def _symbol(code: str) -> str:
    """A character of a symbol font: those of private use show a sign that no text has."""
    try:
        char = chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""
    return "" if 0xE000 <= ord(char) < 0xF900 or 0xD800 <= ord(char) < 0xE000 else unmarked(char)


def _equation(element: Any) -> str:
    """An equation on one line: a fraction with a stroke, what is raised behind ^."""
    tag = etree.QName(element).localname
    if tag == "t":
        return unmarked(element.text or "")
    parts = [_equation(child) for child in element.iterchildren(tag=etree.Element) if child.tag.startswith(M)]
    if tag == "f":
        return "/".join(filter(None, parts))
    if tag == "sSup":
        return "^".join(filter(None, parts))
    return "".join(parts)
