"""A library's database, of whatever schema, as ``reportbot doctor`` looks at it: nothing is changed, nothing is upgraded."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlite_utils import Database

from retrieval.storage import database
from retrieval.storage.indexing import IndexState, index_state


class Health:
    """What can be told of the database behind ``connection``. Every method raises sqlite3.Error where it can't be read."""

    def __init__(self, folder: Path, connection: sqlite3.Connection) -> None:
        self._folder = folder
        self._connection = connection

    def schema(self) -> str:
        """The newest migration that was applied to it."""
        return database.schema_of(self._connection)

    def model(self) -> str | None:
        """The fingerprint of the model that made the vectors; None before the first report."""
        return database.setting(Database(self._connection), "model")

    def is_whole(self) -> bool:
        """Whether SQLite's quick check finds nothing and the reports can be counted."""
        try:
            (line,) = self._connection.execute("pragma quick_check(1)").fetchone()
            self.reports()
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            return False
        return bool(line == "ok")

    def reports(self) -> int:
        """How many reports there are."""
        return int(self._connection.execute("select count(*) from reports").fetchone()[0])

    def originals(self) -> list[tuple[str, str, str]]:
        """The name that each file had, the one it is stored under, and its SHA-256."""
        return self._connection.execute("select file, stored_as, sha256 from documents").fetchall()

    def index(self) -> IndexState:
        """How the index stands to the database; lagging where the schema is not the newest."""
        return index_state(self._folder, self._connection) if self.schema() == database.newest_schema() else "lagging"


@contextmanager
def looked_at(folder: Path) -> Iterator[Health | None]:
    """The database of the library in ``folder``; None where there is none. Raises sqlite3.DatabaseError."""
    path = folder / "library.db"
    if not path.exists():
        yield None
        return
    if not path.stat().st_size:
        raise sqlite3.DatabaseError("the database is empty")
    with closing(database.connect_as_permitted(path)) as connection:
        connection.execute("pragma query_only = on")
        yield Health(folder, connection)
