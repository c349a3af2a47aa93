"""From a file's bytes to its raw text, never lossy in silence: what every accepted type has in common."""

from __future__ import annotations

from pathlib import Path

from retrieval.errors import EmptyFile, FileTooLarge, MissingPath, PicturesOnly, TextTooLong, UnreadableFile
from retrieval.reading import limits
from retrieval.reading.kinds import outer_kind
from retrieval.reading.names import safe_name, suffix_of
from retrieval.reading.plain import decode
from retrieval.reading.raw import Progress, RawText, holds_skipped, without_left_out
from retrieval.reading.sandbox import read_in_child, unpack_in_child
from retrieval.reading.typed import typed

_BLANKS = "\ufeff \t\r\n\u3000\xa0"


def load(path: Path) -> str:
    """The raw text of the file at ``path``. Raises MissingPath and what :func:`read_path` and :func:`read_file` raise."""
    if not path.exists():
        raise MissingPath(path=path)
    return read_file(read_path(path), path.name).text


def source_named(text: str) -> Path | str:
    """What a person names to add: the path of a file or folder, or the address of a web page as a ``str``."""
    return text if "://" in text else Path(text).expanduser()


def read_path(path: Path) -> bytes:
    """The content of a file. Raises UnreadableFile or FileTooLarge."""
    try:
        if path.stat().st_size > limits.FILE_BYTES:
            raise FileTooLarge(file=safe_name(path.name), limit=limits.FILE_BYTES >> 20)
        if not path.is_file():  # a pipe or a device, which may never end
            raise UnreadableFile(file=safe_name(path.name))
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(file=safe_name(path.name)) from error


def read_file(content: bytes, name: str, progress: Progress = lambda stage, done, total: None) -> RawText:
    """The raw text of a file's ``content``, whatever its type; see :func:`retrieval.reading.kinds.kind_of` for ``name``.

    Raises EmptyFile, UnsupportedType, UnreadableFile, DamagedFile, EncryptedFile, FileTooLarge, TextTooLong,
    UnpacksTooLarge, TooManyPages, PictureTooLarge, ReadingTooSlow, ReaderFailed, OcrNotInstalled, OfficeNotInstalled or
    NoTextRecognised.
    """
    name = safe_name(name)
    if len(content) > limits.FILE_BYTES:
        raise FileTooLarge(file=name, limit=limits.FILE_BYTES >> 20)
    kind = outer_kind(content, name)
    if not content.strip(b"\x00\t\n\r "):
        raise EmptyFile(file=name)
    raw = _plain(content, name) if kind == "plain" else read_in_child(content, name, kind, progress)
    if not without_left_out(raw.text).strip(_BLANKS):
        raise PicturesOnly(file=name) if holds_skipped(raw.text) else EmptyFile(file=name)
    return raw


def unpacked(content: bytes, name: str) -> list[tuple[str, bytes]]:
    """The files of an archive or an e-mail by their names, or the one file that ``content`` is.

    Raises EmptyArchive, DamagedFile, EncryptedFile, UnpacksTooLarge, TooManyMembers, ReadingTooSlow or ReaderFailed.
    """
    name = safe_name(name)
    if len(content) > limits.FILE_BYTES:
        raise FileTooLarge(file=name, limit=limits.FILE_BYTES >> 20)
    if outer_kind(content, name) not in ("package", "mail"):
        return [(name, content)]
    return unpack_in_child(content, name) or [(name, content)]


def _plain(content: bytes, name: str) -> RawText:
    if len(content) > limits.PLAIN_BYTES:
        raise FileTooLarge(file=name, limit=limits.PLAIN_BYTES >> 20)
    text = decode(content, name)
    if len(text) > limits.TEXT_CHARACTERS:
        raise TextTooLong(file=name, limit=limits.TEXT_CHARACTERS // 10_000)
    return typed(text, suffix_of(name) == ".md")
