"""Pictures of the pages of one report as one PDF, so that they are kept, read and shown as the document that they are."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence

import pypdfium2
from PIL import Image, ImageOps
from pypdfium2 import PdfiumError

from retrieval.errors import DamagedFile
from retrieval.reading.pdf import DPI
from retrieval.reading.scans import FORMATS, check_size

_ORIENTATION = 0x0112  # of Exif: 1 is upright
_QUALITY = 95  # of a picture that can't be taken over as it is
_POINTS = 72 / DPI  # of a pixel: the recogniser then sees the very pixels of the picture


def bound(pictures: Sequence[bytes], name: str) -> bytes:
    """A PDF with a page for each picture, in their order. Raises DamagedFile or PictureTooLarge.

    An upright JPEG goes into it byte by byte: encoding it again would blur its letters.
    """
    Image.MAX_IMAGE_PIXELS = None  # check_size is stricter, and tells the size
    try:
        document = pypdfium2.PdfDocument.new()
        for picture in pictures:
            _add_page(document, picture, name)
        written = io.BytesIO()
        document.save(written)
        return written.getvalue()
    except (PdfiumError, OSError, ValueError, SyntaxError, EOFError, TypeError, struct.error) as error:
        raise DamagedFile(file=name) from error


def _add_page(document: pypdfium2.PdfDocument, picture: bytes, name: str) -> None:
    with Image.open(io.BytesIO(picture), formats=FORMATS) as opened:
        check_size(opened, name)
        if opened.format != "JPEG" or opened.mode not in ("L", "RGB") or opened.getexif().get(_ORIENTATION, 1) != 1:
            upright = io.BytesIO()
            ImageOps.exif_transpose(opened).convert("RGB").save(upright, "JPEG", quality=_QUALITY)
            picture = upright.getvalue()
    image = pypdfium2.PdfImage.new(document)
    image.load_jpeg(io.BytesIO(picture), inline=True)
    width, height = (side * _POINTS for side in image.get_px_size())
    image.set_matrix(pypdfium2.PdfMatrix().scale(width, height))
    page = document.new_page(width, height)
    page.insert_obj(image)
    page.gen_content()
    page.close()
