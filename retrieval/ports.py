"""What understanding and answering need of a library, whatever keeps it: they know these protocols, not how it is stored."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from retrieval.models import Figure, Page, Period, Report, Section, Span, StoredPassage
from retrieval.reach import ALL, Place, Reach

Kept = TypeVar("Kept")
Progress = Callable[[str, int, int], None]  # a stage (a key of the catalogue's group ``stages``), how much is done, of how much


class Sought(Protocol):
    """What may stand in a text."""

    def found_in(self, text: str) -> list[Span]:
        """Where it does."""


@dataclass(frozen=True)
class StatedFigure:
    """A figure with what its sentence says ``before`` it."""

    figure: Figure
    before: str


class Reports(Protocol):
    """The reports of a library and what was derived from each. What takes a report's id raises UnknownReport."""

    @property
    def generation(self) -> int:
        """A number that grows with every change."""

    def reports(self, reach: Reach = ALL, count: int | None = None) -> list[Report]:
        """The reports that are meant, by the places that name them, then by id; of all of them ``count`` at most, the last first where
        that is negative."""

    def counted(self, reach: Reach = ALL) -> tuple[int, int]:
        """How many reports are meant, and how many passages they have."""

    def years(self, reach: Reach = ALL) -> list[int]:
        """The years that the reports which are meant review or plan, in order."""

    def places(self, names: Collection[str | None] | None = None) -> list[Place]:
        """The places that reports are of, in the order of their first reports; of these ``names`` alone if given."""

    def changed_places(self, since: int) -> list[str | None]:
        """The names of places of which reports were added, changed or removed later than in the generation ``since``."""

    def telling_of(self, year: int, reach: Reach = ALL) -> list[Report]:
        """The reports that are meant of which a figure is of ``year``, where none of their place that is meant reviews or plans it."""

    def spoken_by(self, text: str) -> list[Report]:
        """The reports that somebody gave whose name stands in ``text``."""

    def report(self, report_id: int) -> Report: ...

    def text(self, report_id: int) -> str:
        """A report's canonical text."""

    def mentioning(self, sought: Sequence[Sought], reach: Reach = ALL) -> dict[int, tuple[list[Span], ...]]:
        """Where each of what is ``sought`` stands in the reports that are meant, by their ids; those that hold nothing of it are left out."""

    def outline(self, report_id: int) -> tuple[Section, ...]: ...

    def passages(self, report_id: int) -> tuple[StoredPassage, ...]:
        """The passages of a report, in the order of its text."""

    def figures(self, report_id: int) -> tuple[Figure, ...]:
        """The figures of a report, in the order of its text."""

    def stating(self, indicator: str, years: Sequence[int], reach: Reach = ALL) -> dict[int, list[StatedFigure] | None]:
        """The figures of an indicator, of ``years`` or of no single one, in the reports that are meant, by their ids; those that have none
        are left out, None are those whose figures were read with other language data than today's."""

    def figures_outdated(self, report_id: int) -> bool:
        """Whether the figures of a report were read with other language data than today's: they are being read again."""

    def pages(self, report_id: int) -> tuple[Page, ...]:
        """The pages of a report's file that it has a part of, in order; empty where the file has none."""

    def evidence(self, report_id: int) -> dict[str, Span]:
        """The lines that a report's metadata was read from, by field."""

    def kept(self, key: str, make: Callable[[], Kept]) -> Kept:
        """What ``make`` gives, kept under ``key`` until the library changes."""

    def kept_of(self, report_id: int, key: str, make: Callable[[], Kept]) -> Kept:
        """As :meth:`kept`, of one report; what was read of reports that nobody asks about is let go."""

    def snapshot(self) -> AbstractContextManager[None]:
        """Everything read inside is of one moment."""


@dataclass(frozen=True)
class Candidates:
    """Passages with what they are scored by, all in the same order.

    ``periods`` are those of their sections, ``tokens`` those of body and headings, each parted by blanks; ``vectors`` have the
    shape ``(passages, dimension)``.
    """

    passages: tuple[StoredPassage, ...]
    periods: tuple[Period | None, ...]
    tokens: tuple[tuple[str, str], ...]
    vectors: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.passages)


@dataclass(frozen=True)
class TokenCounts:
    """How many passages hold each of some tokens, rarest first, of how many ``passages`` with how many ``tokens`` in all."""

    holding: Mapping[str, int]
    passages: int
    tokens: int


class PassageIndex(Protocol):
    """The passages of a library as a search finds them. ``reach`` says in which reports to look."""

    def check_model(self) -> None:
        """Raises OtherModel where the vectors were made by another embedding model."""

    def of_reports(self, report_ids: Iterable[int]) -> Candidates:
        """All passages of reports, report by report, in the order of their texts."""

    def by_ids(self, ids: Collection[int]) -> Candidates:
        """The passages of these ids, by id; those that are gone are left out."""

    def token_counts(self, tokens: Iterable[str]) -> TokenCounts:
        """How many passages hold each of ``tokens``, rarest first; those that none holds are left out."""

    def likely(
        self,
        needed: Sequence[str],
        beside: Sequence[str],
        heading_weight: float,
        count: int,
        reach: Reach = ALL,
    ) -> list[int]:
        """The ids of the ``count`` passages with the highest BM25, best first, that hold one of the tokens ``needed``.

        The tokens ``beside`` add to a score; one in a heading counts ``heading_weight`` of one in the body.
        """

    def holding_all(self, tokens: Sequence[str], count: int, reach: Reach = ALL) -> list[int]:
        """The ids of ``count`` passages that hold all of ``tokens``, as they come."""

    @property
    def learned(self) -> bool:
        """Whether the embedding model is the one of whose vectors was learned what people mean."""

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """The vector of a query, of shape ``(dimension,)``."""

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of pieces of reports, of shape ``(texts, dimension)``."""

    def nearest(self, query: NDArray[np.float32], count: int, reach: Reach = ALL) -> list[int]:
        """The ids of (about) the ``count`` passages nearest to ``query`` (shape ``(dimension,)``), best first."""

    def sampled_vectors(self) -> NDArray[np.float32]:
        """Some vectors taken evenly from all passages, of shape ``(vectors, dimension)``."""


class LibraryView(Reports, PassageIndex, Protocol):
    """A library to read and to search, not to change."""
