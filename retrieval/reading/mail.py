"""E-mails (.eml) and web archives (.mht), by the standard library: their text, and the files that an e-mail brings."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage

from retrieval.errors import DamagedFile, EmptyFile, TooManyMembers
from retrieval.reading import web
from retrieval.reading.limits import ARCHIVE_DEPTH, ARCHIVE_MEMBERS
from retrieval.reading.names import safe_name
from retrieval.reading.plain import decode
from retrieval.reading.raw import Progress, RawText, unmarked
from retrieval.reading.wraps import without_wraps

_LETTER = 400  # characters: a shorter text beside attachments says that they are attached
_PICTURES = ("image/", "application/pkcs7", "text/calendar", "application/pgp")


def read(content: bytes, name: str, progress: Progress) -> RawText:
    """The text of an e-mail or a web archive. Raises DamagedFile, EmptyFile, UnreadableFile or NoArticle."""
    text = _body(_parsed(content, name), name)
    if text is None:
        raise EmptyFile(file=name)
    return text


def members(content: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    """The files of an e-mail, or the e-mail itself, where its own text is a report or all that there is.

    Raises DamagedFile or TooManyMembers.
    """
    message = _parsed(content, name)
    attached = list(_attached(message, name))
    text = _body(message, name) if attached else None
    if not attached or (text is not None and len(text.text) > _LETTER):
        yield name, content
    yield from attached


def _parsed(content: bytes, name: str) -> EmailMessage:
    try:
        message = email.message_from_bytes(content.lstrip(b"\xef\xbb\xbf\r\n "), policy=email.policy.default)
        if not isinstance(message, EmailMessage):
            raise DamagedFile(file=name)
        return message
    except (ValueError, LookupError, IndexError, AttributeError, TypeError, RecursionError) as error:
        raise DamagedFile(file=name) from error


def _body(message: EmailMessage, name: str) -> RawText | None:
    """The text of the first part that has one; of the same text as a page and plain the page."""
    try:
        parts = [part for part in message.walk() if not part.is_multipart() and not _is_attached(part)]
        for kind in ("text/html", "application/xhtml+xml", "text/plain"):
            for part in parts:
                said = part.get_payload(decode=True) if part.get_content_type() == kind else None
                if not isinstance(said, bytes) or not said.strip():
                    continue
                source = _decoded(said, part, name)
                if kind != "text/plain":
                    return RawText(web.visible_text(source, name), marked=True)
                return RawText(without_wraps(source))
    except (ValueError, LookupError, IndexError, AttributeError, TypeError, KeyError, RecursionError) as error:
        raise DamagedFile(file=name) from error
    return None


def _decoded(said: bytes, part: EmailMessage, name: str) -> str:
    charset = str(part.get_content_charset() or "").lower()
    if charset in ("gb2312", "gbk", "gb18030", "utf-8", "big5"):
        try:
            return unmarked(said.decode("gb18030" if charset.startswith("gb") else charset))
        except UnicodeDecodeError:
            pass
    return web.decoded(said, name) if part.get_content_type() != "text/plain" else unmarked(decode(said, name))


def _attached(message: EmailMessage, name: str) -> Iterator[tuple[str, bytes]]:
    count = 0
    try:
        for part in message.walk():
            if part.is_multipart() or not _is_attached(part) or part.get_content_type().startswith(_PICTURES):
                continue
            said = part.get_payload(decode=True)
            count += 1
            if count > ARCHIVE_MEMBERS:
                raise TooManyMembers(file=name, limit=ARCHIVE_MEMBERS, depth=ARCHIVE_DEPTH)
            if isinstance(said, bytes) and said:
                yield safe_name(part.get_filename() or f"{count}"), said
    except (ValueError, LookupError, IndexError, AttributeError, TypeError, KeyError, RecursionError) as error:
        raise DamagedFile(file=name) from error


def _is_attached(part: EmailMessage) -> bool:
    return part.get_content_disposition() == "attachment" or bool(part.get_filename())
