"""From raw text to understood reports: everything that is derived from a text, before anything is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from retrieval.embedding.embedder import Embedder
from retrieval.embedding.vectors import Vectors
from retrieval.errors import CorrectionTooLong, EmptyCorrection, InvalidYear
from retrieval.figures.extraction import read_figures
from retrieval.figures.times import year_said_now
from retrieval.language.places import level_of, split_chain
from retrieval.messages import message
from retrieval.models import Metadata
from retrieval.ports import Progress
from retrieval.reading.raw import RawText
from retrieval.report.chapters import KnownYears
from retrieval.report.cleaning import Cleaned, clean, source_of
from retrieval.report.metadata import understand
from retrieval.report.outline import read_outline
from retrieval.report.passages import cut_passages
from retrieval.report.splitting import split_reports
from retrieval.report.understood import Understood

CORRECTABLE = ("place", "plan_year", "review_year", "title")
LONGEST = {"place": 60, "title": 200}  # characters; they stand in every answer


def read_reports(raw: RawText) -> list[Cleaned]:
    """The canonical texts of the reports in a file, from its raw text."""
    return split_reports(clean(raw))


def understand_report(cleaned: Cleaned, corrections: Mapping[str, Any]) -> Understood:
    """All that can be derived from a canonical text; ``corrections`` override what it says of itself."""
    outline = read_outline(cleaned.text, KnownYears(corrections.get("review_year"), corrections.get("plan_year")))
    source = source_of(cleaned.removals) or _site_of(cleaned.url)
    metadata = corrected(understand(cleaned.text, outline, source, cleaned.removals, cleaned.published), corrections)
    return Understood(
        cleaned,
        metadata,
        year_said_now(cleaned.text, outline, metadata),
        outline,
        cut_passages(cleaned.text, outline),
        read_figures(cleaned.text, outline, metadata),
    )


def embedded(understood: Understood, embedder: Embedder, progress: Progress | None) -> Vectors:
    """The vectors of a report's passages, in their order; shape ``(passages, dimension)``."""
    texts = understood.embedded_texts()
    if not progress:
        return embedder.embed_passages(texts)
    progress("embedding", 0, len(texts))
    return embedder.embed_passages(texts, lambda done: progress("embedding", done, len(texts)))


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
