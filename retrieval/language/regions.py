"""Regions by which people name several places at once: 长三角, 西部, 直辖市, 京津冀."""

from __future__ import annotations

from functools import lru_cache

from retrieval.language.data import tables_of
from retrieval.language.places import Division, gazetteer


@lru_cache(maxsize=1)
def regions() -> dict[str, tuple[Division, ...]]:
    """The members of each region, by all of its names."""
    found: dict[str, tuple[Division, ...]] = {}
    for region in tables_of("regions.toml")["region"]:
        members = tuple(next(one for one in gazetteer()[name] if one.name == name) for name in region["members"])
        found |= dict.fromkeys(region["names"], members)
    return found
