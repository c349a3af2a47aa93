"""OFD, the national format of fixed pages (GB/T 33190): the text objects of its pages with their places, as of a PDF."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree

from retrieval.errors import DamagedFile, NoTextInPages, TooManyPages
from retrieval.reading.layout import running_text
from retrieval.reading.limits import PDF_PAGES, SCANNED_PAGES
from retrieval.reading.packages import DAMAGE, check_package
from retrieval.reading.printed import Line, PrintedPage
from retrieval.reading.raw import Progress, RawText, left_out, unmarked

_DELTAS = 10_000
_REPEAT = re.compile(r"g\s+(\d{1,5})\s+(-?\d[\d.]*)")


def read(content: bytes, name: str, progress: Progress) -> RawText:
    """Raises DamagedFile, UnpacksTooLarge, EncryptedFile, TooManyPages or NoTextInPages."""
    check_package(content, name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _Document(archive, name).read()
    except (*DAMAGE, etree.XMLSyntaxError, AttributeError) as error:
        raise DamagedFile(file=name) from error


class _Document:
    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self.archive = archive
        self.name = name
        self.members = {member.lower().lstrip("/"): member for member in archive.namelist()}
        self.pictures = 0

    def read(self) -> RawText:
        pages = list(self._pages())
        if not any(line.text.strip() for page in pages for line in page.lines):
            raise NoTextInPages(file=self.name)
        raw = running_text(pages)
        skipped = "".join(f"\n{left_out('picture', '')}" for _ in range(self.pictures))
        return RawText(raw.text + skipped, raw.pages, marked=True)

    def _pages(self) -> Iterator[PrintedPage]:
        root = self._tree("OFD.xml", "")
        number = 0
        for body in _all(root, "DocRoot"):
            folder, document = self._opened((body.text or "").strip(), "")
            templates = {one.get("ID"): self._opened(one.get("BaseLoc", ""), folder)[1] for one in _all(document, "TemplatePage")}
            pages = [one for one in _all(document, "Page") if one.get("BaseLoc")]
            if number + len(pages) > PDF_PAGES:
                raise TooManyPages(file=self.name, pages=len(pages), limit=PDF_PAGES, scanned=SCANNED_PAGES)
            for page in pages:
                number += 1
                _, tree = self._opened(page.get("BaseLoc", ""), folder)
                used = [templates[one.get("TemplateID")] for one in _all(tree, "Template") if one.get("TemplateID") in templates]
                lines = [line for each in [*used, tree] if each is not None for line in self._lines(each)]
                yield PrintedPage(number, tuple(lines))

    def _lines(self, page: Any) -> Iterator[Line]:
        self.pictures += sum(1 for _ in _all(page, "ImageObject"))
        for text in _all(page, "TextObject"):
            if text.get("Visible", "true").lower() == "false" or text.get("Alpha") == "0":
                continue
            left, top, _, _ = _numbers(text.get("Boundary", ""), 4)
            size = min(max(_number(text.get("Size")), 0.5), 1_000.0)
            matrix = _numbers(text.get("CTM", ""), 6) if text.get("CTM") else [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]
            if abs(matrix[1]) > 0.05 and abs(matrix[0]) > 0.05:
                continue  # slanting: a watermark
            scale = abs(matrix[0]) or 1.0
            for code in _all(text, "TextCode"):
                said = unmarked(code.text or "")
                if not said.strip():
                    continue
                x, y = _number(code.get("X")), _number(code.get("Y"))
                width = sum(_deltas(code.get("DeltaX", ""))[: len(said)]) + size if code.get("DeltaX") else size * len(said)
                base = top + y * abs(matrix[3] or 1.0)
                start = left + x * scale
                yield Line(said, start, base - size * 0.85, start + width * scale, base + size * 0.15, size * scale)

    def _opened(self, path: str, folder: str) -> tuple[str, Any]:
        """The folder of a part, and its tree."""
        member = path.lstrip("/") if path.startswith("/") else posixpath.normpath(posixpath.join(folder, path))
        return posixpath.dirname(member), self._tree(member, folder)

    def _tree(self, member: str, folder: str) -> Any:
        known = self.members.get(member.lower())
        if known is None:
            return None
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True)
        return etree.fromstring(self.archive.read(known), parser)


def _all(root: Any, name: str) -> Iterator[Any]:
    """The elements of that name, in whatever namespace."""
    return iter(()) if root is None else root.iter(f"{{*}}{name}")


def _number(text: str | None) -> float:
    try:
        value = float(text or 0)
    except ValueError:
        return 0.0
    return value if abs(value) < 100_000 else 0.0


def _numbers(text: str, count: int) -> list[float]:
    found = [_number(one) for one in text.split()[:count]]
    return [*found, *[0.0] * (count - len(found))]


def _deltas(text: str) -> list[float]:
    """Steps from letter to letter; ``g 3 5.2`` is three times the same."""
    spread = _REPEAT.sub(lambda match: " ".join([match.group(2)] * min(int(match.group(1)), 1_000)), text[:_DELTAS])
    return [_number(one) for one in spread.split()[:_DELTAS]]
