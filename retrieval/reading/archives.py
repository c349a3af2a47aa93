"""Archives (.zip): their files one by one, unpacked in memory and never to a path, whatever they call themselves."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from retrieval.errors import DamagedFile, EmptyArchive, EncryptedFile, ReportBotError, TooManyMembers, UnpacksTooLarge
from retrieval.reading.kinds import accepted_types, kind_of
from retrieval.reading.limits import ARCHIVE_BYTES, ARCHIVE_DEPTH, ARCHIVE_MEMBERS
from retrieval.reading.names import safe_name
from retrieval.reading.packages import DAMAGE

_ENCRYPTED, _UTF8 = 0x1, 0x800
_PIECE = 1 << 20


class _Budget:
    """How much may still be unpacked, of an archive and of those in it together."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._bytes = ARCHIVE_BYTES
        self._members = ARCHIVE_MEMBERS

    def spend_member(self) -> None:
        self._members -= 1
        if self._members < 0:
            raise TooManyMembers(file=self.file, limit=ARCHIVE_MEMBERS, depth=ARCHIVE_DEPTH)

    def spend(self, size: int) -> None:
        self._bytes -= size
        if self._bytes < 0:
            raise UnpacksTooLarge(file=self.file, limit=ARCHIVE_BYTES >> 20)


def members(content: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    """The files of an archive and of the archives in it: the name that may be shown, and the content.

    Raises DamagedFile, EncryptedFile, EmptyArchive, TooManyMembers or UnpacksTooLarge.
    """
    budget = _Budget(name)
    found = False
    for member in _members(content, name, budget, 1):
        found = True
        yield member
    if not found:
        raise EmptyArchive(file=name, accepted=" ".join(accepted_types()))


def _members(content: bytes, name: str, budget: _Budget, depth: int) -> Iterator[tuple[str, bytes]]:
    if depth > ARCHIVE_DEPTH:
        raise TooManyMembers(file=budget.file, limit=ARCHIVE_MEMBERS, depth=ARCHIVE_DEPTH)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except DAMAGE as error:
        raise DamagedFile(file=name) from error
    with archive:
        for info in archive.infolist():
            shown = member_name(info)
            if info.is_dir() or _is_leftover(shown):
                continue
            budget.spend_member()
            held = _unpacked(archive, info, shown, budget)
            if _is_archive(held, shown):
                yield from _members(held, safe_name(shown), budget, depth + 1)
            else:
                yield safe_name(shown), held


def member_name(info: zipfile.ZipInfo) -> str:
    """The name of a member as whoever packed it saw it: Chinese Windows writes GBK and does not say so."""
    if info.flag_bits & _UTF8:
        return info.filename
    try:
        raw = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):  # UTF-8 without its flag is common, too, and is self-checking
        try:
            return raw.decode(encoding).replace("\\", "/")
        except UnicodeDecodeError:
            continue
    return info.filename


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, shown: str, budget: _Budget) -> bytes:
    """A member's content, paid for piece by piece: what its directory declares proves nothing."""
    if info.flag_bits & _ENCRYPTED:
        raise EncryptedFile(file=safe_name(shown))
    pieces = []
    try:
        with archive.open(info) as member:
            while piece := member.read(_PIECE):
                budget.spend(len(piece))
                pieces.append(piece)
    except DAMAGE as error:
        raise DamagedFile(file=safe_name(shown)) from error
    return b"".join(pieces)


def _is_leftover(name: str) -> bool:
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return not parts or parts[0] == "__MACOSX" or parts[-1].startswith((".", "~$")) or parts[-1] in ("Thumbs.db", "desktop.ini")


def _is_archive(content: bytes, name: str) -> bool:
    try:
        return content[:2] == b"PK" and kind_of(content, safe_name(name)) == "zip"
    except ReportBotError:
        return False
