"""The zip inside a .docx or .odt: refused before anything of it is unpacked where it would unfold too far."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from retrieval.errors import DamagedFile, EncryptedFile, UnpacksTooLarge
from retrieval.reading.limits import PART_BYTES, PARTS, UNPACKED_BYTES

# What a zip raises that is cut short, overwritten, or packed in a way of its own.
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    ValueError,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    struct.error,
    IndexError,
)
_ENCRYPTED = 0x1
_XML = (".xml", ".rels")


def check_package(content: bytes, name: str) -> None:
    """Raises DamagedFile, EncryptedFile or UnpacksTooLarge.

    The declared sizes can be trusted for this: ``zipfile`` never gives more of a member than its directory declares.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except DAMAGE as error:
        raise DamagedFile(file=name) from error
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise EncryptedFile(file=name)
    too_large = any(member.file_size > PART_BYTES for member in members if member.filename.lower().endswith(_XML))
    if too_large or len(members) > PARTS or sum(member.file_size for member in members) > UNPACKED_BYTES:
        raise UnpacksTooLarge(file=name, limit=UNPACKED_BYTES >> 20)
