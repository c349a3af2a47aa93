"""Fixtures of the tests of front ends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.conversation.state import open_state


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """The database of a front end, empty."""
    opened = open_state(tmp_path / "1.db")
    yield opened
    opened.close()
