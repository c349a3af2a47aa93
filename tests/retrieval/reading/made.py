"""Files made here, with what a person sees of them and what not: Word by ``python-docx`` and by hand, PDF by ``pypdfium2``."""

from __future__ import annotations

import ctypes
import io
import math
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import docx
import pypdfium2
import pypdfium2.raw as pdfium

from retrieval.reading.loading import read_file
from retrieval.report.cleaning import Cleaned, clean

_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
)
_RELATION = '<Relationship Id="{id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"/>'


def seen(content: bytes, name: str) -> Cleaned:
    """What is read of a file, cleaned."""
    return clean(read_file(content, name))


def kinds(cleaned: Cleaned) -> dict[str, str]:
    """What was left out, by its kind."""
    return {removal.kind: removal.text for removal in cleaned.removals}


def word(body: str, **parts: str) -> bytes:
    """A Word file whose body is XML with the usual prefixes; ``parts`` are the bodies of its styles, numbering and notes."""
    made = io.BytesIO()
    docx.Document().save(made)
    stream = io.BytesIO()
    roots = {"styles": "styles", "numbering": "numbering", "footnotes": "footnotes", "endnotes": "endnotes"}
    relations = "".join(_RELATION.format(id=f"rId{n}", kind=part, target=f"{part}.xml") for n, part in enumerate(parts, 50))
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(stream, "w") as new:
        for member in old.namelist():
            if member == "word/document.xml":
                new.writestr(member, f"<w:document {_NAMESPACES}><w:body>{body}</w:body></w:document>")
            elif member == "word/_rels/document.xml.rels":
                new.writestr(
                    member,
                    f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>',
                )
            elif member not in {f"word/{part}.xml" for part in roots}:
                new.writestr(member, old.read(member))
        for part, inside in parts.items():
            new.writestr(f"word/{part}.xml", f"<w:{roots[part]} {_NAMESPACES}>{inside}</w:{roots[part]}>")
    return stream.getvalue()


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(one if one.startswith('<') else run(one) for one in runs)}</w:p>"


def page(body: str, style: str = "", title: str = "云溪镇2025年政府工作报告") -> bytes:
    """A web page that was saved."""
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{title}</title><style>{style}</style></head><body>{body}</body></html>'
    ).encode()


@dataclass(frozen=True)
class Printed:
    """A line of a PDF page; ``x`` and ``y`` in points from the upper left corner."""

    text: str
    x: float = 70
    y: float = 70
    size: float = 14
    grey: int = 0
    angle: float = 0
    mode: int = 0


@lru_cache(maxsize=1)
def _font() -> bytes:
    import zhplot

    return next(Path(zhplot.__file__).parent.rglob("*.[to]tf")).read_bytes()


def pdf(*pages: list[Printed], filled: tuple[float, float, float, float] | None = None) -> bytes:
    """A PDF of lines at their places. ``filled`` is a dark rectangle behind those of each page: left, top, width, height."""
    document = pypdfium2.PdfDocument.new()
    data = (ctypes.c_uint8 * len(_font())).from_buffer_copy(_font())
    font = pdfium.FPDFText_LoadFont(document.raw, data, len(_font()), pdfium.FPDF_FONT_TRUETYPE, 1)
    for lines in pages:
        made = document.new_page(595, 842)
        if filled:
            left, top, width, height = filled
            shape = pdfium.FPDFPageObj_CreateNewRect(left, 842 - top - height, width, height)
            pdfium.FPDFPageObj_SetFillColor(shape, 0, 0, 120, 255)
            pdfium.FPDFPath_SetDrawMode(shape, pdfium.FPDF_FILLMODE_ALTERNATE, 0)
            pdfium.FPDFPage_InsertObject(made.raw, shape)
        for line in lines:
            text = pdfium.FPDFPageObj_CreateTextObj(document.raw, font, line.size)
            encoded = (line.text + "\x00").encode("utf-16-le")
            pdfium.FPDFText_SetText(text, ctypes.cast(ctypes.create_string_buffer(encoded), ctypes.POINTER(ctypes.c_ushort)))
            pdfium.FPDFPageObj_SetFillColor(text, line.grey, line.grey, line.grey, 255)
            pdfium.FPDFTextObj_SetTextRenderMode(text, line.mode)
            turn = math.radians(line.angle)
            pdfium.FPDFPageObj_Transform(
                text, math.cos(turn), math.sin(turn), -math.sin(turn), math.cos(turn), line.x, 842 - line.y
            )
            pdfium.FPDFPage_InsertObject(made.raw, text)
        made.gen_content()
        made.close()
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()
