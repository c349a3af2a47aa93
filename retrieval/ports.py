"""What understanding and answering need of a library, whatever keeps it: they know these protocols, not how it is stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from retrieval.models import Figure, Page, Report, Section, Span, StoredPassage


class Reports(Protocol):
    """The reports of a library and what was derived from each. What takes a report's id raises UnknownReport."""

    @property
    def generation(self) -> int:
        """A number that grows with every change."""
        ...

    def reports(self) -> list[Report]:
        """All reports, by id."""
        ...

    def report(self, report_id: int) -> Report: ...

    def text(self, report_id: int) -> str:
        """A report's canonical text."""
        ...

    def outline(self, report_id: int) -> tuple[Section, ...]: ...

    def passages(self, report_id: int) -> tuple[StoredPassage, ...]:
        """The passages of a report, in the order of its text."""
        ...

    def figures(self, report_id: int) -> tuple[Figure, ...]:
        """The figures of a report, in the order of its text."""
        ...

    def pages(self, report_id: int) -> tuple[Page, ...]:
        """The pages of a report's file that it has a part of, in order; empty where the file has none."""
        ...

    def evidence(self, report_id: int) -> dict[str, Span]:
        """The lines that a report's metadata was read from, by field."""
        ...

    def kept(self, key: str, make: Callable[[], Any]) -> Any:
        """What ``make`` gives, kept under ``key`` until the library changes."""
        ...

    def kept_of(self, report_id: int, key: str, make: Callable[[], Any]) -> Any:
        """As :meth:`kept`, of one report; what was read of reports that nobody asks about is let go."""
        ...

    def snapshot(self) -> AbstractContextManager[None]:
        """Everything read inside is of one moment."""
        ...


class QueryEmbedder(Protocol):
    """Turns a query into a vector of shape ``(dimension,)``."""

    def embed_query(self, text: str) -> NDArray[np.float32]: ...


class PassageIndex(Protocol):
    """The passages of a library as a search finds them."""

    @property
    def db(self) -> Database: ...

    @property
    def embedder(self) -> QueryEmbedder: ...

    def check_model(self) -> None:
        """Raises OtherModel where the vectors were made by another embedding model."""
        ...

    def nearest(self, query: NDArray[np.float32], count: int, report_ids: Sequence[int] | None = None) -> list[int]:
        """The ids of (about) the ``count`` passages nearest to ``query`` (shape ``(dimension,)``), best first."""
        ...

    def sampled_vectors(self) -> NDArray[np.float32]:
        """Some vectors taken evenly from all passages, of shape ``(vectors, dimension)``."""
        ...


class LibraryView(Reports, PassageIndex, Protocol):
    """A library to read and to search, not to change."""
