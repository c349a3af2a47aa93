"""What a file is: told by its content; its name is a hint for text only, which bears no marks of its own."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Literal

from retrieval.errors import DamagedFile, EncryptedFile, OtherFormat, UnsupportedType
from retrieval.messages import message
from retrieval.reading.limits import PARTS, PLAIN_BYTES
from retrieval.reading.mail_marks import is_mail
from retrieval.reading.names import is_link, suffix_of
from retrieval.reading.packages import DAMAGE
from retrieval.reading.plain import reads_as_text

Kind = Literal[
    "plain", "html", "page", "docx", "wordml", "odt", "rtf", "doc", "pdf", "ofd", "xlsx", "csv", "mail", "image", "zip"
]

# The suffixes that are accepted, in the order they are shown in.
SUFFIXES: dict[str, Kind] = {
    ".txt": "plain",
    ".md": "plain",
    ".docx": "docx",
    ".docm": "docx",
    ".doc": "doc",
    ".wps": "doc",
    ".rtf": "rtf",
    ".odt": "odt",
    ".pdf": "pdf",
    ".ofd": "ofd",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".csv": "csv",
    ".html": "html",
    ".htm": "html",
    ".mht": "mail",
    ".mhtml": "mail",
    ".eml": "mail",
    ".png": "image",
    ".jpg": "image",
    ".jpeg": "image",
    ".tif": "image",
    ".tiff": "image",
    ".zip": "zip",
}
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html)\b", re.I | re.S
)
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
# Formats with marks of their own that are not accepted, whatever they call themselves, by what is to be done with them.
_OTHERS = {
    b"Rar!\x1a\x07": "archive",
    b"7z\xbc\xaf\x27\x1c": "archive",
    b"\x1f\x8b\x08": "archive",
    b"BZh": "archive",
    b"\xfd7zXZ": "archive",
    b"CAJ\x00": "caj",
    b"HN\x00": "caj",
    b"HN\xc8": "caj",
    b"KDH ": "caj",
    b"\x7fELF": "program",
    b"MZ\x90": "program",
    b"GIF8": "picture",
    b"RIFF": "picture",
    b"OggS": "sound",
    b"ID3": "sound",
}
# Members of a zip by which formats are known that are not accepted.
_OTHER_MEMBERS = (
    (("ppt/",), "slides"),
    (("AndroidManifest.xml", "classes.dex"), "program"),
    (("Index/Document.iwa", "Index/", "index.apxl", "index.xml.gz"), "pages"),
    (("META-INF/MANIFEST.MF", "META-INF/container.xml"), "program"),
    (("xl/workbook.bin",), "sheets"),
)
_OTHER_SUFFIXES = {
    ".rar": "archive",
    ".7z": "archive",
    ".gz": "archive",
    ".tar": "archive",
    ".caj": "caj",
    ".kdh": "caj",
    ".nh": "caj",
    ".ppt": "slides",
    ".pptx": "slides",
    ".dps": "slides",
    ".xls": "sheets",
    ".et": "sheets",
    ".pages": "pages",
    ".numbers": "sheets",
    ".key": "slides",
    ".apk": "program",
    ".exe": "program",
    ".mp3": "sound",
    ".mp4": "sound",
    ".heic": "picture",
    ".webp": "picture",
    ".bmp": "picture",
    ".gif": "picture",
    ".epub": "book",
    ".mobi": "book",
}
_WORD_XML = re.compile(rb"<(?:w:wordDocument|pkg:package)\b")


def other_format(name: str, what: str) -> OtherFormat:
    """The refusal of a known format, with what is to be done with a file of it."""
    return OtherFormat(file=name, hint=message(f"formats.{what}"))


def accepted_types() -> list[str]:
    """The file name suffixes that are accepted, in the order they are shown in."""
    return list(SUFFIXES)


def kind_of(content: bytes, name: str) -> Kind:
    """What ``content`` is; of a package its members tell, so that only the child process may ask.

    Raises UnsupportedType, DamagedFile or EncryptedFile where it is nothing that can be read.
    """
    kind = outer_kind(content, name)
    return _zip_kind(content, name, SUFFIXES.get(suffix_of(name))) if kind == "package" else kind


def outer_kind(content: bytes, name: str) -> Kind | Literal["package"]:
    """What ``content`` is as far as its marks tell, in time and memory that it can't choose. Raises as :func:`kind_of` does."""
    named = SUFFIXES.get(suffix_of(name))
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if content.startswith(_ZIP):
        return "package"
    if content.startswith(_OLE):
        return _ole_kind(content, name)
    if content.startswith(b"{\\rtf"):
        return "rtf"
    if content.startswith(_PICTURES):
        return "image"
    if other := next((what for mark, what in _OTHERS.items() if content.startswith(mark)), None):
        raise other_format(name, other)
    if _WORD_XML.search(content[:4000]):
        return "wordml"
    if _HTML.match(content):
        return "page" if is_link(name) else "html"
    return _text_kind(content, name, named)


def _text_kind(content: bytes, name: str, named: Kind | None) -> Kind:
    if is_link(name):
        return "plain" if named == "plain" else "page"
    if named in (None, "mail", "doc") and is_mail(content):
        return "mail"
    if named in ("plain", "html", "csv"):
        return named
    if named is None:
        if other := _OTHER_SUFFIXES.get(suffix_of(name)):
            raise other_format(name, other)
        raise UnsupportedType(file=name, accepted=" ".join(accepted_types()))
    if len(content) <= PLAIN_BYTES and reads_as_text(content):  # an old program's .doc that is plain text
        return "plain"
    raise DamagedFile(file=name)


def _zip_kind(content: bytes, name: str, named: Kind | None) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.namelist()[: PARTS + 1]
            # Other ways of packing unfold whole, however little is asked for.
            plain = "mimetype" in members and archive.getinfo("mimetype").compress_type in (
                zipfile.ZIP_STORED,
                zipfile.ZIP_DEFLATED,
            )
            typed = archive.open("mimetype").read(100) if plain else b""
    except DAMAGE as error:
        raise DamagedFile(file=name) from error
    if any(member.startswith("word/") for member in members):
        return "docx"
    if typed.startswith(b"application/vnd.oasis.opendocument.text"):
        return "odt"
    if "OFD.xml" in members:
        return "ofd"
    if "xl/workbook.xml" in members:
        return "xlsx"
    for marks, what in _OTHER_MEMBERS:
        if any(member.startswith(marks) for member in members):
            raise other_format(name, what)
    if typed:
        raise other_format(name, "book" if b"epub" in typed else "sheets" if b"spreadsheet" in typed else "slides")
    if named in ("docx", "odt", "doc", "xlsx", "ofd"):
        raise DamagedFile(file=name)
    if other := _OTHER_SUFFIXES.get(suffix_of(name)):
        raise other_format(name, other)
    return "zip"


def _ole_kind(content: bytes, name: str) -> Kind:
    """A compound file says what it is by the names of its streams, which it holds in UTF-16."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise EncryptedFile(file=name)
    if "WordDocument".encode("utf-16-le") in content:
        return "doc"
    for streams, what in ((("Workbook", "Book\0"), "sheets"), (("PowerPoint Document",), "slides")):
        if any(stream.encode("utf-16-le") in content for stream in streams):
            raise other_format(name, what)
    raise DamagedFile(file=name)
