"""Folding: what looks or means the same is one character, so that offsets stay valid."""

from __future__ import annotations

import pytest

from retrieval.language.folding import fold
from retrieval.language.places import split_chain


@pytest.mark.parametrize(
    "written, meant",
    [
        ("⼯⻓⺠⽣", "工长民生"),
        ("⽯渡镇⼈⺠政府", "石渡镇人民政府"),
        ("豈\uf900", "岂岂"),
        ("６．５％", "6.5%"),
        ("5‐7‑8−9", "5-7-8-9"),
    ],
)
def test_radicals_compatibility_forms_widths_and_dashes_are_folded_one_for_one(written: str, meant: str):
    assert fold(written) == meant
    assert len(fold(written)) == len(written)


@pytest.mark.parametrize("name", ["㵲阳镇", "𫭟头乡", "云泽县㵲阳镇"])
def test_rare_characters_are_characters_of_names(name: str):
    assert "".join(split_chain(name)) == name
