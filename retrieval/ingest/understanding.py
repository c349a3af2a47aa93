"""From a file's bytes to understood reports: everything that is derived from a text, before anything is stored."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from retrieval.errors import CorrectionTooLong, EmptyCorrection, InvalidYear
from retrieval.figures.extraction import read_figures
from retrieval.figures.times import year_said_now
from retrieval.language.folding import squeeze
from retrieval.language.places import level_of, split_chain
from retrieval.messages import message
from retrieval.models import Figure, Metadata, Passage, Section
from retrieval.reading.raw import RawText
from retrieval.report.chapters import KnownYears
from retrieval.report.cleaning import Cleaned, clean, source_of
from retrieval.report.metadata import understand
from retrieval.report.outline import read_outline, section_path
from retrieval.report.passages import cut_passages
from retrieval.report.splitting import split_reports

CORRECTABLE = ("place", "plan_year", "review_year", "title")
LONGEST = {"place": 60, "title": 200}  # characters; they stand in every answer
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


def read_reports(raw: RawText) -> list[Cleaned]:
    """The canonical texts of the reports in a file, from its raw text."""
    return split_reports(clean(raw))


def understand_report(cleaned: Cleaned, corrections: Mapping[str, Any]) -> Understood:
    """All that can be derived from a canonical text; ``corrections`` override what it says of itself."""
    outline = read_outline(cleaned.text, KnownYears(corrections.get("review_year"), corrections.get("plan_year")))
    metadata = corrected(understand(cleaned.text, outline, source_of(cleaned.removals) or _site_of(cleaned.url)), corrections)
    return Understood(
        cleaned,
        metadata,
        year_said_now(cleaned.text, outline, metadata),
        outline,
        cut_passages(cleaned.text, outline),
        read_figures(cleaned.text, outline, metadata),
    )


def _site_of(url: str | None) -> str | None:
    """The site that a web page is from."""
    return urlsplit(url).hostname if url else None


def checked(corrections: Mapping[str, Any]) -> dict[str, Any]:
    """``corrections`` without the fields that were not given. Raises InvalidYear or EmptyCorrection."""
    given = {field: value for field, value in corrections.items() if field in CORRECTABLE and value is not None}
    for field in ("plan_year", "review_year"):
        if field in given and not 1949 <= int(given[field]) <= 2100:
            raise InvalidYear(field=message(f"fields.{field}"), value=given[field])
    for field in ("place", "title"):
        if field in given and not str(given[field]).strip():
            raise EmptyCorrection(field=message(f"fields.{field}"))
        if field in given and (len(str(given[field])) > LONGEST[field] or "\n" in str(given[field]).strip()):
            raise CorrectionTooLong(field=message(f"fields.{field}"), limit=LONGEST[field])
    return given


def corrected(metadata: Metadata, corrections: Mapping[str, Any]) -> Metadata:
    """``metadata`` with an administrator's corrections; a corrected place brings its level and what it lies in."""
    if not corrections:
        return metadata
    values = dict(corrections)
    if "place" in values:
        chain = split_chain(values["place"]) or (values["place"],)
        same = chain[-1] == metadata.place
        values["place"] = chain[-1]
        values["level"] = level_of(chain[-1])
        values["within"] = chain[:-1] or (metadata.within if same else ())
    return replace(metadata, **values)
