"""Fixtures of the tests of the pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import web_kit

from retrieval.library import Library


@pytest.fixture(scope="module")
def pages(small_library: Library) -> Iterator[web_kit.Site]:
    """The pages over 云溪镇 (1), 石渡镇 (2), 松岭区 (3)."""
    with web_kit.site(small_library, WEB_URL="https://reports.example.org/gov") as opened:
        yield opened
