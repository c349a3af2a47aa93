"""PDF files: the letters of their text layer with their places; pages without one are pictures to recognise letters on."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from pypdfium2 import PdfiumError

from retrieval.errors import DamagedFile, EncryptedFile, OcrNotInstalled, TooManyPages
from retrieval.language.folding import ordinary
from retrieval.reading.layout import running_text
from retrieval.reading.limits import IMAGE_PIXELS, PDF_PAGES, SCANNED_PAGES
from retrieval.reading.pdf_letters import seen_lines, without_watermarks
from retrieval.reading.plain import frequent_share
from retrieval.reading.printed import Line, PrintedPage
from retrieval.reading.raw import Progress, RawText

_PASSWORD_ERRORS = (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
_LEAST_LETTERS = 20  # a page with fewer and a picture on it is a scan with a stamp or a page number on top
_UNREADABLE = 0.2  # of its letters: the fonts of some programs do not tell which characters they show
DPI = 220  # what the recogniser sees: letters of 10 point are 30 pixels high
_FEW_LETTERS = 150  # a page with fewer on a picture that fills it is a scan that a program has stamped
_FILLS = 0.6  # of a page's area
_LEAST_FREQUENT = 0.2  # of the Chinese characters of a page those that are frequent: of any text more than a third


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
    pages: list[PrintedPage] = []
    scanned: list[int] = []
    for index in range(len(document)):
        page = document[index]
        lines, left = seen_lines(page)
        pages.append(PrintedPage(index + 1, lines, left_out=left))
        if _is_picture(page, lines):
            scanned.append(index)
        page.close()
    if scanned:
        try:
            _recognise(document, pages, scanned, name, progress)
        except OcrNotInstalled:
            if len(scanned) == len(pages):
                raise
            for index in scanned:
                unread = ("unread_page", str(index + 1))
                lines = () if _unusable(pages[index].lines) else pages[index].lines
                pages[index] = replace(pages[index], lines=lines, left_out=(*pages[index].left_out, unread))
    return running_text(without_watermarks(pages))


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
        overlaid = "" if _unusable(pages[index].lines) else "".join(line.text for line in pages[index].lines)
        lines = tuple(line for line in recogniser.lines(picture) if not _is_of(line.text, overlaid))
        stamp = (("stamp", overlaid),) if overlaid else ()
        pages[index] = PrintedPage(index + 1, lines, recognised=True, left_out=(*pages[index].left_out, *stamp))
        page.close()
        progress("recognising", done, len(scanned))
    if len(scanned) == len(pages):
        require_letters(pages, name)


def _is_of(text: str, overlaid: str) -> bool:
    """Whether a recognised line is what a program printed over the picture."""
    bare = re.sub(r"\W", "", text)
    return len(bare) > 3 and bare in re.sub(r"\W", "", overlaid)


def _is_picture(page: Any, lines: tuple[Line, ...]) -> bool:
    """Whether a page is to be recognised: its letters are no use, or few beside a picture that fills it."""
    letters = sum(len(line.text) for line in lines)
    if letters and _unusable(lines):
        return True
    if letters >= _FEW_LETTERS:
        return False
    pictures = list(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3))
    if letters < _LEAST_LETTERS:
        return bool(pictures)
    width, height = page.get_size()
    return any(_area(picture) > _FILLS * width * height for picture in pictures)


def _area(picture: Any) -> float:
    try:
        left, bottom, right, top = picture.get_bounds()
    except PdfiumError:
        return 0.0
    return float(max(right - left, 0.0) * max(top - bottom, 0.0))


def _unusable(lines: tuple[Line, ...]) -> bool:
    """Whether the letters of a page are not those that it shows: fonts of some programs don't tell which they are."""
    letters = "".join(line.text for line in lines)
    unknown = sum(0xE000 <= ord(char) < 0xF900 or char == "\ufffd" for char in letters)
    if unknown > _UNREADABLE * len(letters):
        return True
    foreign = [char for char in ordinary(letters) if ord(char) > 0x2000]
    return len(foreign) >= _LEAST_LETTERS and frequent_share("".join(foreign)) < _LEAST_FREQUENT
