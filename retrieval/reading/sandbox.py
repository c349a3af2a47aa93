"""Reading in a child process with limits: whatever a file does to its reader, here it is one clear error."""

from __future__ import annotations

import io
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from retrieval import errors
from retrieval.errors import ReaderFailed, ReadingTooSlow, ReportBotError, UnpacksTooLarge
from retrieval.reading import limits
from retrieval.reading.raw import Progress, RawText

_CHILD = Path(__file__).with_name("child.py")
# What programs need to run at all; nothing else of the environment, which may hold the bot's token.
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR")
_PREFIX, _YOUNG_SECONDS = "reportbot-reading-", 60.0
_PIECE = 1 << 16
_HEAD = 5


def read_in_child(content: bytes, name: str, kind: str, progress: Progress) -> RawText:
    """The text of a file that is no plain text; ``kind`` is its outer one. Raises what its reader raises, ReaderFailed or ReadingTooSlow."""
    for letter, body in _frames(content, name, kind, limits.RESULT_BYTES):
        if letter == b"p":
            stage, done, total = json.loads(body)
            progress(str(stage), int(done), int(total))
        elif letter == b"r":
            return RawText.from_json(json.loads(body))
    raise ReaderFailed(file=name)


def unpack_in_child(content: bytes, name: str) -> list[tuple[str, bytes]]:
    """The files of an archive or an e-mail, by name; none of a package that is a file of its own.

    Raises what reading an archive raises, ReaderFailed or ReadingTooSlow.
    """
    return _members(content, name, "archive")


def bind_in_child(pictures: Sequence[bytes], name: str) -> bytes:
    """Pictures of pages as one PDF called ``name``, in their order.

    Raises what :func:`retrieval.reading.binding.bound` raises, ReaderFailed or ReadingTooSlow.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number, picture in enumerate(pictures, 1):
            archive.writestr(str(number), picture)
    ((_, content),) = _members(packed.getvalue(), name, "pictures")
    return content


def _members(content: bytes, name: str, kind: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    member = ""
    for letter, body in _frames(content, name, kind, limits.ARCHIVE_BYTES + limits.RESULT_BYTES):
        if letter == b"m":
            member = json.loads(body)
        elif letter == b"b":
            found.append((member, body))
        elif letter == b"r":
            return found
    raise ReaderFailed(file=name)


def _frames(content: bytes, name: str, kind: str, budget: int) -> Iterator[tuple[bytes, bytes]]:
    """What a child says of a file, frame by frame; errors it reports are raised. It is gone when this ends."""
    with _own_folder() as home, tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        environment = {key: os.environ[key] for key in _PASSED_ON if key in os.environ} | {"HOME": home, "TMPDIR": home}
        child = subprocess.Popen(
            [sys.executable, "-I", str(_CHILD), kind, name],
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd=home,
            start_new_session=True,  # so that what it starts ends with it
        )
        try:
            yield from _received(child, name, budget)
        finally:
            _end(child)


@contextmanager
def _own_folder() -> Iterator[str]:
    """A folder for one child, which is held by a lock while it lives: those that killed processes left are swept."""
    _sweep()
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as home:
        held = os.open(home, os.O_RDONLY)
        try:
            _locked(held)
            yield home
        finally:
            os.close(held)


@lru_cache(maxsize=1)  # once a process
def _sweep() -> None:
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime < _YOUNG_SECONDS:
                continue  # made this moment, and not locked yet
            descriptor = os.open(left, os.O_RDONLY | os.O_NOFOLLOW)
            try:
                if _locked(descriptor):
                    shutil.rmtree(left, ignore_errors=True)
            finally:
                os.close(descriptor)


def _locked(descriptor: int) -> bool:
    """Takes the lock of a folder, which ends with the process; False where another one has it, or the system has none."""
    try:
        import fcntl
    except ImportError:  # Windows
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _received(child: subprocess.Popen[bytes], name: str, budget: int) -> Iterator[tuple[bytes, bytes]]:
    assert child.stdout is not None
    pipe = child.stdout.fileno()
    ends = time.monotonic() + limits.WHOLE_SECONDS
    held = bytearray()
    total = 0
    while True:
        waited = min(limits.SILENT_SECONDS, ends - time.monotonic())
        if waited <= 0 or not select.select([pipe], [], [], waited)[0]:
            raise ReadingTooSlow(file=name)
        piece = os.read(pipe, _PIECE)
        total += len(piece)
        if total > budget:
            raise UnpacksTooLarge(file=name, limit=budget >> 20)
        if not piece:
            raise _failure(child, name)
        held += piece
        while len(held) >= _HEAD and len(held) >= _HEAD + (length := int.from_bytes(held[1:_HEAD], "big")):
            letter, body = bytes(held[:1]), bytes(held[_HEAD : _HEAD + length])
            del held[: _HEAD + length]
            if letter == b"e":
                raise _reported(json.loads(body), name)
            yield letter, body


def _reported(said: Any, name: str) -> ReportBotError:
    kind = getattr(errors, str(said[0]), None)
    if isinstance(kind, type) and issubclass(kind, ReportBotError) and kind.key:
        return kind(**said[1])
    return ReaderFailed(file=name)


def _failure(child: subprocess.Popen[bytes], name: str) -> ReportBotError:
    """What a child died of."""
    status = child.wait()
    if status in (-signal.SIGXCPU, -signal.SIGKILL):  # its processor time; the system took it for its memory
        return ReadingTooSlow(file=name) if status == -signal.SIGXCPU else UnpacksTooLarge(file=name, limit=limits.MEMORY >> 20)
    return ReaderFailed(file=name)


def _end(child: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        child.kill()
    child.wait()
    if child.stdout is not None:
        child.stdout.close()
