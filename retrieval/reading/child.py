"""The child process that reads one file: ``python child.py KIND NAME``, the file on standard input, frames on standard output.

A frame is a letter, the length of its body (four bytes, big-endian), and the body: ``p`` progress, ``m`` the name of an
archive's member (what follows is its content, ``b``), ``r`` the text, ``e`` an error as its class and values; all but
``b`` in JSON. Whatever happens to this process is one sentence to a user of the bot.
"""

from __future__ import annotations

import ctypes
import io
import json
import os
import signal
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from retrieval.errors import ReaderFailed, ReportBotError, TextTooLong, UnpacksTooLarge
from retrieval.reading import limits
from retrieval.reading.isolation import isolate
from retrieval.reading.kinds import kind_of
from retrieval.reading.raw import RawText
from retrieval.reading.readers import WITH_PROGRAMS, reader_of
from retrieval.reading.restricting import restrict

_PR_SET_PDEATHSIG = 1


def main(kind: str, name: str) -> int:
    """Reads standard input as a file of ``kind``; always 0, since failures are frames, too."""
    frames = os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 1)  # libraries that print would break the frames
    end_with_the_parent()
    restrict()
    isolate(Path.cwd(), programs=kind in WITH_PROGRAMS)
    try:
        content = _standard_input()
        if kind in ("archive", "pictures"):
            for member, held in _files(kind, content, name):
                _send(frames, b"m", member)
                _send_bytes(frames, b"b", held)
            _send(frames, b"r", None)
        else:
            _send(frames, b"r", _read(kind, content, name, frames).as_json())
    except ReportBotError as error:
        _send(frames, b"e", [type(error).__name__, {key: str(value) for key, value in error.values.items()}])
    except (MemoryError, RecursionError):
        _send(frames, b"e", [UnpacksTooLarge.__name__, {"file": name, "limit": limits.UNPACKED_BYTES >> 20}])
    except Exception:  # a library that came to grief in a way of its own: no more is known, and no more is needed
        _send(frames, b"e", [ReaderFailed.__name__, {"file": name}])
    return 0


def _files(kind: str, content: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    """The files in an archive or an e-mail, none of another package; of pictures of pages the one file that they are bound to."""
    if kind == "archive":
        held_as = kind_of(content, name)
        if held_as == "zip":
            from retrieval.reading.archives import members

            yield from members(content, name)
        elif held_as == "mail":
            from retrieval.reading.mail import members as attachments

            yield from attachments(content, name)
    else:
        from retrieval.reading.binding import bound

        with zipfile.ZipFile(io.BytesIO(content)) as pages:
            yield name, bound([pages.read(page) for page in pages.namelist()], name)


def _read(kind: str, content: bytes, name: str, frames: int) -> RawText:
    read = reader_of(kind_of(content, name) if kind == "package" else kind)
    raw = read(content, name, lambda stage, done, total: _send(frames, b"p", [stage, done, total]))
    if len(raw.text) > limits.TEXT_CHARACTERS:
        raise TextTooLong(file=name, limit=limits.TEXT_CHARACTERS // 10_000)
    return raw


def _standard_input() -> bytes:
    with os.fdopen(os.dup(0), "rb") as file:
        return file.read()


def _send(frames: int, letter: bytes, value: Any) -> None:
    _send_bytes(frames, letter, json.dumps(value, ensure_ascii=True).encode())


def _send_bytes(frames: int, letter: bytes, body: bytes) -> None:
    rest = memoryview(letter + len(body).to_bytes(4, "big") + body)
    while rest:
        rest = rest[os.write(frames, rest) :]


def end_with_the_parent() -> None:
    """Linux kills this process when the bot ends, however that ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
