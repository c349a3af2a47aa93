"""A report that is understood: its text with all that was derived from it, before anything is stored."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from retrieval.language.folding import squeeze
from retrieval.models import Figure, Metadata, Passage, Section
from retrieval.report.cleaning import Cleaned
from retrieval.report.outline import section_path

_HEADING_SHOWN = 40


@dataclass(frozen=True)
class Understood:
    """A report's canonical text with all that was derived from it."""

    cleaned: Cleaned
    metadata: Metadata
    year_said_now: int | None
    outline: tuple[Section, ...]
    passages: tuple[Passage, ...]
    figures: tuple[Figure, ...]

    @property
    def text(self) -> str:
        return self.cleaned.text

    @property
    def text_sha256(self) -> str:
        """The same for the same words, whatever their blanks, line ends and character widths."""
        return hashlib.sha256(squeeze(self.text).encode()).hexdigest()

    def embedded_texts(self) -> list[str]:
        """What is embedded of each passage: place, year, heading and sentence together."""
        return [self._embedded(passage) for passage in self.passages]

    def headings(self) -> list[str]:
        """The section path of each passage, as one string."""
        return [" ".join(section_path(self.outline, passage.section)) for passage in self.passages]

    def _embedded(self, passage: Passage) -> str:
        section = self.outline[passage.section]
        year = self.metadata.plan_year if section.ahead else self.metadata.review_year
        path = [h for h in section_path(self.outline, passage.section) if not self._opens_with(passage, h)]
        heading = path[-1][:_HEADING_SHOWN] if path else ""
        where = f"{self.metadata.place or ''}{f'{year}年' if year else ''} {heading}".strip()
        return f"{where}：{self.text[passage.start : passage.end]}"

    def _opens_with(self, passage: Passage, heading: str) -> bool:
        return self.text.startswith(heading, passage.start)
