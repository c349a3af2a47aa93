"""What figures are read with: by its version a library knows which of its reports are to be read again."""

from __future__ import annotations

from functools import lru_cache

from retrieval.language.data import version_of

# Raised wherever code reads the same text otherwise: rules, what a figure holds. Language data, patterns among it, counts by itself.
GRAMMAR = 13
# A test holds that reading opens no other.
DATA = (
    "divisions.toml",
    "figures.toml",
    "indicators.toml",
    "measure.toml",
    "reports.toml",
    "traditional.txt",
    "units.toml",
    "words.txt",
)


@lru_cache(maxsize=1)
def reading_version() -> str:
    """Of grammar and language data together; figures that were read with another one may be others today."""
    return f"{GRAMMAR}-{version_of(DATA)}"
