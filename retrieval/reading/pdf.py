"""PDF files: the letters of their text layer with their places; pages without one are pictures to recognise letters on."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from pypdfium2 import PdfiumError

from retrieval.errors import DamagedFile, EncryptedFile, TooManyPages
from retrieval.reading.layout import Line, PrintedPage, running_text
from retrieval.reading.limits import IMAGE_PIXELS, PDF_PAGES, SCANNED_PAGES
from retrieval.reading.raw import Progress, RawText

_PASSWORD_ERRORS = (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
_LEAST_LETTERS = 20  # a page with fewer and a picture on it is a scan with a stamp or a page number on top
_UNREADABLE = 0.2  # of its letters: the fonts of some programs do not tell which characters they show
_BLANK_WIDTH = 0.2  # of a letter's height: pdfium gives no blank for words that are only set apart
DPI = 220  # what the recogniser sees: letters of 10 point are 30 pixels high
_ASCENT = 0.85  # of a letter's height, above the line it stands on


def read(content: bytes, name: str, progress: Progress) -> RawText:
    """Raises DamagedFile, EncryptedFile, TooManyPages, OcrNotInstalled or NoTextRecognised."""
    try:
        document = pypdfium2.PdfDocument(content)
    except PdfiumError as error:
        if getattr(error, "err_code", None) in _PASSWORD_ERRORS:
            raise EncryptedFile(file=name) from error
        raise DamagedFile(file=name) from error
    try:
        count = len(document)
        if count > PDF_PAGES:
            raise TooManyPages(file=name, pages=count, limit=PDF_PAGES, scanned=SCANNED_PAGES)
        return _text_of(document, name, progress)
    except PdfiumError as error:
        raise DamagedFile(file=name) from error


def _text_of(document: Any, name: str, progress: Progress) -> RawText:
    count = len(document)
    pages: list[PrintedPage] = []
    scanned: list[int] = []
    for index in range(count):
        page = document[index]
        lines = tuple(_lines(page))
        pages.append(PrintedPage(index + 1, lines))
        if _is_picture(page, lines):
            scanned.append(index)
        page.close()
    if scanned and (len(scanned) == count or any(not pages[index].lines for index in scanned)):
        _recognise(document, pages, scanned, name, progress)
    return running_text(pages)


def _recognise(document: Any, pages: list[PrintedPage], scanned: list[int], name: str, progress: Progress) -> None:
    """Puts the letters of pictures in the place of what the pages had. A picture among pages of text may be without any."""
    from retrieval.reading.scans import Recogniser, require_letters

    if len(scanned) > SCANNED_PAGES:
        raise TooManyPages(file=name, pages=len(scanned), limit=PDF_PAGES, scanned=SCANNED_PAGES)
    recogniser = Recogniser(name)
    progress("recognising", 0, len(scanned))
    for done, index in enumerate(scanned, 1):
        page = document[index]
        scale = min(DPI / 72, (IMAGE_PIXELS / max(page.get_width() * page.get_height(), 1)) ** 0.5)
        picture = page.render(scale=scale, grayscale=True).to_pil()
        pages[index] = PrintedPage(index + 1, tuple(recogniser.lines(picture)), recognised=True)
        page.close()
        progress("recognising", done, len(scanned))
    if len(scanned) == len(pages):
        require_letters(pages, name)


def _is_picture(page: Any, lines: tuple[Line, ...]) -> bool:
    letters = "".join(line.text for line in lines)
    unreadable = sum(0xE000 <= ord(char) < 0xF900 or char == "\ufffd" for char in letters)
    if len(letters) >= _LEAST_LETTERS:
        return unreadable > _UNREADABLE * len(letters)
    return any(True for _ in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3))


@dataclass(frozen=True)
class _Letter:
    """A letter with the box that its font gives it: ink would tell a quotation mark from its line."""

    char: str
    left: float
    right: float
    base: float
    size: float


def _lines(page: Any) -> Iterator[Line]:
    """The pieces of lines on a page: letters that follow each other in the file and stand beside each other."""
    text_page = page.get_textpage()
    run: list[_Letter] = []
    for letter in _letters(text_page, page.get_height()):
        if run and not _follows(run[-1], letter):
            yield _line(run)
            run = []
        run.append(letter)
    if run:
        yield _line(run)
    text_page.close()


def _letters(text_page: Any, height: float) -> Iterator[_Letter]:
    """The letters of a page in the order of the file. Blanks that pdfium made up are left out."""
    x, base = ctypes.c_double(), ctypes.c_double()
    box, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    for index in range(text_page.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text_page, index)
        if code < 32 or code == 0xFFFE or pdfium.FPDFText_IsGenerated(text_page, index) == 1:
            continue
        if not pdfium.FPDFText_GetLooseCharBox(text_page, index, box):
            continue
        if not pdfium.FPDFText_GetCharOrigin(text_page, index, x, base):
            continue
        size = pdfium.FPDFText_GetFontSize(text_page, index)
        if pdfium.FPDFText_GetMatrix(text_page, index, matrix):
            size *= math.hypot(matrix.c, matrix.d)
        if not 0.1 < size < 10_000:
            continue
        char = chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
        yield _Letter(char, box.left, box.right, height - base.value, size)


def _follows(before: _Letter, after: _Letter) -> bool:
    size = max(before.size, after.size)
    return abs(after.base - before.base) < 0.4 * size and -0.5 * size < after.left - before.right < 1.2 * size


def _line(run: list[_Letter]) -> Line:
    size = median(letter.size for letter in run)
    base = median(letter.base for letter in run)
    text = run[0].char
    for before, after in pairwise(run):
        words = before.char.isascii() and before.char.isalnum() and after.char.isascii() and after.char.isalnum()
        if words and after.left - before.right > _BLANK_WIDTH * size:
            text += " "
        text += after.char
    inked = [letter for letter in run if not letter.char.isspace()] or run
    left, right = min(letter.left for letter in inked), max(letter.right for letter in inked)
    return Line(text, left, base - _ASCENT * size, right, base + (1 - _ASCENT) * size, size)
