"""The letters of a PDF page that a person sees, as lines: no watermarks, nothing invisible, nothing off the page."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median
from typing import Any

import pypdfium2.raw as pdfium

from retrieval.reading.notes import raised
from retrieval.reading.printed import Line, PrintedPage

_BLANK_WIDTH = 0.2  # of a letter's height: pdfium gives no blank for words that are only set apart
_ASCENT = 0.85  # of a letter's height, above the line it stands on
_SLANT = 0.07  # of a letter's height: lines of text that was scanned askew slant less
_WHITE, _PALE = 0.97, 0.6  # of full brightness
_TINY = 2.0  # points
_TILED = 3  # times that a pale text stands in a file: a watermark
_RAISED_SIZE, _RAISED_BY = 0.78, 0.12  # of the letters beside: the mark of a note
_INVISIBLE = (3, 7)  # modes of rendering text


@dataclass(frozen=True)
class _Letter:
    """A letter with the box that its font gives it: ink would tell a quotation mark from its line."""

    char: str
    left: float
    right: float
    base: float
    size: float
    unseen: str = ""  # the kind of what nobody sees
    pale: bool = False


def seen_lines(page: Any) -> tuple[tuple[Line, ...], tuple[tuple[str, str], ...]]:
    """The pieces of lines on a page (letters that follow each other in the file and stand beside each other), and what
    nobody sees of it, by kind."""
    text_page = page.get_textpage()
    letters = list(_letters(page, text_page))
    text_page.close()
    if letters and all(letter.unseen == "invisible" for letter in letters):
        letters = [replace(letter, unseen="") for letter in letters]  # the text under a scan
    left: list[tuple[str, str]] = []
    lines: list[Line] = []
    for kind, group in groupby(letters, key=lambda letter: letter.unseen):
        if not kind:
            lines += [line for run in _runs(group) for line in (_line(run),) if line.text.strip()]
        elif text := "".join(letter.char for letter in group).strip():
            left.append(("hidden" if kind == "invisible" else kind, text))
    return tuple(lines), tuple(left)


def without_watermarks(pages: Sequence[PrintedPage]) -> list[PrintedPage]:
    """Pages without pale texts that stand in them again and again."""
    counts = Counter(line.text for page in pages for line in page.lines if line.pale)
    done = []
    for page in pages:
        tiled = [line for line in page.lines if line.pale and counts[line.text] >= _TILED]
        kept = tuple(line for line in page.lines if line not in tiled)
        done.append(replace(page, lines=kept, left_out=(*page.left_out, *(("watermark", line.text) for line in tiled))))
    return done


def _letters(page: Any, text_page: Any) -> Iterator[_Letter]:
    """The letters of a page in the order of the file. Blanks that pdfium made up are left out."""
    x, base = ctypes.c_double(), ctypes.c_double()
    box, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    height = page.get_height()
    bounds = page.get_cropbox()
    filled: list[tuple[float, float, float, float]] | None = None
    for index in range(text_page.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text_page, index)
        if code < 32 or code == 0xFFFE or pdfium.FPDFText_IsGenerated(text_page, index) == 1:
            continue
        if not pdfium.FPDFText_GetLooseCharBox(text_page, index, box):
            continue
        if not pdfium.FPDFText_GetCharOrigin(text_page, index, x, base):
            continue
        size, slants = pdfium.FPDFText_GetFontSize(text_page, index), False
        if pdfium.FPDFText_GetMatrix(text_page, index, matrix):
            size *= math.hypot(matrix.c, matrix.d)
            length = math.hypot(matrix.a, matrix.b) or 1.0
            slants = min(abs(matrix.a), abs(matrix.b)) > _SLANT * length
        if not 0.1 < size < 10_000:
            continue
        brightness, alpha = _brightness(text_page, index)
        unseen = _unseen(text_page, index, size, slants, alpha)
        if not unseen and not (bounds[0] - 1 < x.value < bounds[2] + 1 and bounds[1] - 1 < base.value < bounds[3] + 1):
            unseen = "hidden"
        if not unseen and brightness >= _WHITE:
            filled = _filled(page) if filled is None else filled
            if not any(left <= box.left and box.right <= right and low <= base.value <= top for left, low, right, top in filled):
                unseen = "hidden"
        char = chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
        yield _Letter(char, box.left, box.right, height - base.value, size, unseen, brightness > _PALE or alpha < 128)


def _unseen(text_page: Any, index: int, size: float, slants: bool, alpha: int) -> str:
    if slants:
        return "watermark"
    text_object = pdfium.FPDFText_GetTextObject(text_page, index)
    if text_object and pdfium.FPDFTextObj_GetTextRenderMode(text_object) in _INVISIBLE:
        return "invisible"
    return "hidden" if alpha == 0 or size < _TINY else ""


def _brightness(text_page: Any, index: int) -> tuple[float, int]:
    red, green, blue, alpha = ctypes.c_uint(), ctypes.c_uint(), ctypes.c_uint(), ctypes.c_uint()
    if not pdfium.FPDFText_GetFillColor(text_page, index, red, green, blue, alpha):
        return 0.0, 255
    return min(red.value, green.value, blue.value) / 255, alpha.value


def _filled(page: Any) -> list[tuple[float, float, float, float]]:
    """Where a page is filled or has pictures: white letters are seen there."""
    kinds = [pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING]
    return [each.get_bounds() for each in page.get_objects(filter=kinds, max_depth=3)]


def _runs(letters: Iterator[_Letter]) -> Iterator[list[_Letter]]:
    run: list[_Letter] = []
    for letter in letters:
        if run and not _follows(run[-1], letter):
            yield run
            run = []
        run.append(letter)
    if run:
        yield run


def _follows(before: _Letter, after: _Letter) -> bool:
    size = max(before.size, after.size)
    return abs(after.base - before.base) < 0.5 * size and -0.5 * size < after.left - before.right < 1.2 * size


def _line(run: list[_Letter]) -> Line:
    size = median(letter.size for letter in run)
    base = median(letter.base for letter in run)
    text = ""
    before: _Letter | None = None
    for is_raised, group in groupby(
        run, key=lambda letter: letter.size < _RAISED_SIZE * size and letter.base < base - _RAISED_BY * size
    ):
        letters = list(group)
        piece = letters[0].char
        for one, next_one in pairwise(letters):
            piece += f" {next_one.char}" if _apart(one, next_one, size) else next_one.char
        if is_raised and text:
            text += raised(piece, text)
        else:
            text += f" {piece}" if before is not None and _apart(before, letters[0], size) else piece
        before = letters[-1]
    inked = [letter for letter in run if not letter.char.isspace()] or run
    left, right = min(letter.left for letter in inked), max(letter.right for letter in inked)
    pale = sum(letter.pale for letter in run) > len(run) / 2
    return Line(text, left, base - _ASCENT * size, right, base + (1 - _ASCENT) * size, size, pale=pale)


def _apart(before: _Letter, after: _Letter, size: float) -> bool:
    words = before.char.isascii() and before.char.isalnum() and after.char.isascii() and after.char.isalnum()
    return words and after.left - before.right > _BLANK_WIDTH * size
