"""Failures of the database that nobody expected where they arose, as the one sentence for the user."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import Timeout

from retrieval.errors import DamagedLibrary, LibraryBusy, ReadFailed, StorageFailed
from retrieval.messages import message
from retrieval.storage.backup_folder import way_back
from retrieval.storage.files import reason_of


@contextmanager
def failures_named(folder: Path, backups: Path | None = None) -> Iterator[None]:
    """Around whatever a front end does with the library in ``folder``: a page that can't be read is met anywhere.

    Raises LibraryBusy, ReadFailed, or DamagedLibrary, which names the newest of ``backups``.
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise LibraryBusy(library=folder) from error
        raise ReadFailed(folder=folder, reason=message(f"storage.{reason_of(error)}")) from error
    except sqlite3.DatabaseError as error:
        raise DamagedLibrary(library=folder, way=way_back(folder, backups)) from error


@contextmanager
def write_failures_named(folder: Path) -> Iterator[None]:
    """Around what writes the library in ``folder``. Raises LibraryBusy or StorageFailed; a Timeout of a lock passes."""
    try:
        yield
    except Timeout:  # an OSError, too, but of a lock
        raise
    except OSError as error:
        raise StorageFailed(folder=folder, reason=message(f"storage.{reason_of(error)}")) from error
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise LibraryBusy(library=folder) from error
        raise StorageFailed(folder=folder, reason=message(f"storage.{reason_of(error)}")) from error
