"""Pictures inside of documents: their letters recognised where the extra ``ocr`` is installed, else named as not read."""

from __future__ import annotations

import io
import struct

from PIL import Image, ImageOps

from retrieval.errors import OcrNotInstalled, PictureTooLarge
from retrieval.reading.layout import running_text
from retrieval.reading.limits import PICTURES
from retrieval.reading.printed import PrintedPage
from retrieval.reading.raw import USABLE_CONFIDENCE, Progress, left_out

_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "GIF")
_LEAST_SIDE = 60  # pixels: less is a line or an ornament


class Pictures:
    """The pictures of one document, one after the other. ``recognised`` tells whether any of them gave text."""

    def __init__(self, name: str, progress: Progress) -> None:
        self._name = name
        self._progress = progress
        self._count = 0
        self.recognised = False

    def text_of(self, content: bytes | None) -> str:
        """The lines of a picture, where they can be relied on; else that there is a picture that was not read."""
        if content is None:
            return left_out("picture", "")
        try:
            page = self._page(content)
        except OcrNotInstalled:
            return left_out("picture", "")
        except (OSError, ValueError, SyntaxError, EOFError, TypeError, struct.error, PictureTooLarge):
            return left_out("picture", "")
        if page is None:
            return ""
        text = running_text([page]).text.strip()
        if not text or (page.confidence or 0.0) < USABLE_CONFIDENCE:
            return left_out("picture", text)
        self.recognised = True
        return f"\n{left_out('recognised_picture', '')}{text}\n"

    def _page(self, content: bytes) -> PrintedPage | None:
        """The letters of a picture; None for what is too small to have any."""
        from retrieval.reading.scans import Recogniser, check_size

        with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
            check_size(picture, self._name)
            if min(picture.size) < _LEAST_SIDE:
                return None
            self._count += 1
            if self._count > PICTURES:
                raise ValueError("more pictures than are read")
            recogniser = Recogniser(self._name)
            self._progress("recognising", self._count - 1, self._count)
            return PrintedPage(1, tuple(recogniser.lines(ImageOps.exif_transpose(picture))), recognised=True)
