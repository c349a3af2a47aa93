"""Pictures of pages, and the recogniser of their letters (the extra ``ocr``): its models come inside its package."""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any

from PIL import Image, ImageOps, ImageSequence

from retrieval.errors import DamagedFile, NoTextRecognised, OcrNotInstalled, PictureTooLarge, TooManyPages
from retrieval.reading.layout import running_text
from retrieval.reading.limits import IMAGE_PIXELS, IMAGE_SIDE, PDF_PAGES, SCANNED_PAGES
from retrieval.reading.printed import Line, PrintedPage
from retrieval.reading.raw import Progress, RawText, unmarked
from retrieval.reading.restricting import allow_more

FORMATS = ("PNG", "JPEG", "TIFF")
_LEAST_SCORE = 0.1  # a line that is hardly readable is kept, and pulls the confidence of its page down
_LONG_LINE = 200  # pixels: a shorter one tells nothing about the tilt
_LONGEST_SIDE = 2600  # pixels: an A4 page at 220 dpi; more makes recognising slower and no better


def read(content: bytes, name: str, progress: Progress) -> RawText:
    """Raises DamagedFile, PictureTooLarge, TooManyPages, OcrNotInstalled or NoTextRecognised."""
    Image.MAX_IMAGE_PIXELS = None  # check_size is stricter, and tells the size
    pages = []
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            count = getattr(picture, "n_frames", 1)
            if count > SCANNED_PAGES:
                raise TooManyPages(file=name, pages=count, limit=PDF_PAGES, scanned=SCANNED_PAGES)
            check_size(picture, name)
            recogniser = Recogniser(name)
            progress("recognising", 0, count)
            for number, frame in enumerate(ImageSequence.Iterator(picture), 1):
                check_size(frame, name)
                pages.append(PrintedPage(number, tuple(recogniser.lines(ImageOps.exif_transpose(frame))), recognised=True))
                progress("recognising", number, count)
    except (OSError, ValueError, SyntaxError, EOFError, TypeError, struct.error) as error:
        raise DamagedFile(file=name) from error
    require_letters(pages, name)
    return running_text(pages)


def check_size(picture: Any, name: str) -> None:
    """Raises PictureTooLarge, by the size in its header: nothing is decoded before."""
    width, height = picture.size
    if width * height > IMAGE_PIXELS or max(width, height) > IMAGE_SIDE:
        raise PictureTooLarge(file=name, width=width, height=height)


def require_letters(pages: Sequence[PrintedPage], name: str) -> None:
    """Raises NoTextRecognised where all pages together have no letters."""
    if not any(line.text.strip() for page in pages for line in page.lines):
        raise NoTextRecognised(file=name)


def _slope(boxes: Any) -> float:
    """How far the lines of a page fall for each pixel to the right: a page that lies askew is set straight by it."""
    long = [(right, left) for left, right, *_ in boxes if right[0] - left[0] > _LONG_LINE]
    return median(float((right[1] - left[1]) / (right[0] - left[0])) for right, left in long) if long else 0.0


class Recogniser:
    """Recognises letters on pictures of pages. Raises OcrNotInstalled where the extra is missing."""

    def __init__(self, name: str) -> None:
        allow_more()
        warnings.simplefilter("ignore")
        try:
            import onnxruntime  # noqa: F401 - rapidocr notices only later that it is missing
            from rapidocr import RapidOCR
        except ImportError as error:
            raise OcrNotInstalled(file=name) from error
        # Without telling lines that stand on their head: it takes long lines of a tilted page for such, and loses them.
        self._engine = RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.max_side_len": _LONGEST_SIDE,
                "Global.text_score": _LEAST_SCORE,
                "Global.use_cls": False,
            }
        )

    def lines(self, picture: Any) -> Iterator[Line]:
        """The lines of a page with their confidence."""
        import numpy as np

        shown = picture.convert("RGB")
        shown.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
        found: Any = self._engine(np.asarray(shown)[:, :, ::-1])
        if found.boxes is None or found.txts is None:
            return
        slope = _slope(found.boxes)
        for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True):
            xs = [float(x + slope * y) for x, y in box]
            ys = [float(y - slope * x) for x, y in box]
            height = max(min(abs(ys[3] - ys[0]), max(ys) - min(ys)), 1.0)
            middle = sum(ys) / 4
            yield Line(unmarked(text), min(xs), middle - height / 2, max(xs), middle + height / 2, height, float(score))
