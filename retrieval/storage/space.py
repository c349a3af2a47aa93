"""How much room a library needs on its disk, and whether there is as much."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

# What a rebuild writes before it lets go of anything is the database again, in its journal, and the index again; a backup,
# where it lies on the same disk, is a copy of the database and the archive. So twice the library; and never less than this.
LEAST = 500_000_000
_TIMES = 2
# A file of 20 MB, the largest a bot is sent, as draft, original, text, in the journal and in the database.
_TOO_LITTLE = 100_000_000


@dataclass(frozen=True)
class Space:
    """Bytes: free on the disk, wanted free, and taken by the library."""

    free: int
    wanted: int
    taken: int

    @property
    def state(self) -> Literal["ok", "warn", "bad"]:
        if self.free < _TOO_LITTLE:
            return "bad"
        return "warn" if self.free < self.wanted else "ok"


def space_of(folder: Path) -> Space:
    """The room on the disk of the library in ``folder``. Raises OSError."""
    taken = sum(_size(path) for path in folder.rglob("*"))
    return Space(shutil.disk_usage(folder).free, max(LEAST, _TIMES * taken), taken)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:  # gone this moment
        return 0
