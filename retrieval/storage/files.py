"""Files that are there for good: written, forced to disk and renamed; and why one could not be written."""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
from contextlib import suppress
from pathlib import Path

OTHERS = 0o077  # the rights of everybody but the owner
_REASONS = {
    errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
    errno.EROFS: "read_only",
    errno.EACCES: "read_only",
    errno.ENOENT: "no_folder",
    errno.EBUSY: "mount_point",
}


def reason_of(error: OSError | sqlite3.Error) -> str:
    """Why something could not be written, as a key of the catalogue's group ``storage``."""
    if isinstance(error, OSError):
        return _REASONS.get(error.errno or 0, "failing")
    text = str(error)
    return "disk_full" if "full" in text else "read_only" if "readonly" in text else "failing"


def force_to_disk(path: Path) -> None:
    """Waits until what was written to a file, or which names a folder holds, survives a power failure."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def keep_private(path: Path) -> None:
    """Takes a file or folder of ours from everybody else; folders that are meant for all, like ``/tmp``, stay as they are."""
    with suppress(OSError):
        found = path.stat()
        mode = stat.S_IMODE(found.st_mode)
        if found.st_uid == os.geteuid() and mode & OTHERS and not mode & stat.S_ISVTX:
            path.chmod(mode & ~OTHERS)


def put_in_place(part: Path, final: Path) -> None:
    """Renames a finished file, forced to disk, over what was there: there is always the one or the other."""
    force_to_disk(part)
    os.replace(part, final)
    force_to_disk(final.parent)
