"""The file of measures: a new one is what holds of it, a pattern for figures and one for questions."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import get_args

import pytest
from edited import ROOT, Edited, told
from invented import library_of, two_chapters

from retrieval.figures import measures as of_figures
from retrieval.language.measures import MEASURES, UNASKED, Lead, Sort, traits_of
from retrieval.question import aims

REPORT = two_chapters(review="2024年，地区生产总值占历史峰值的45.2%；财政收入增长7%。")
TRAITS = """
[traits.of_peak]
answers = ["of_peak"]
fits = ["of_peak"]
more = ["of_peak"]
lead = "share"
whole = true
rate = true

"""
TOLD = """
[told.of_peak]
about = "how much of what it was at its best"
pattern = '占历史峰值的$'
yes = ["总值占历史峰值的", "占历史峰值的"]
no = ["占历史峰值", "占全省的"]

"""
ASKED = TOLD.replace("$", "多少").replace("told", "asked")
OF_PEAK, SHARE, OTHERS = (
    f"松岭市2024年{of}多少" for of in ("地区生产总值占历史峰值的", "地区生产总值占比是", "财政收入占历史峰值的")
)


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    library_of(tmp_path, REPORT).close()
    return tmp_path / "library"


def test_a_new_measure_is_three_tables_of_one_file(tmp_path: Path, stored: Path):
    edited = Edited(tmp_path / "package")
    assert told(edited.ask(stored, SHARE)[1][0], "45.2%")  # it was read as a share
    for tables, before in ((TRAITS, "[traits.rank]"), (TOLD, "[told.completion]"), (ASKED, "[asked.completion]")):
        edited.replace("lexicon/measure.toml", before, f"{tables}{before}")  # before a share, which it is not
    left, (of_peak, share, others) = edited.ask(stored, OF_PEAK, SHARE, OTHERS)
    assert left == []
    assert told(of_peak, "45.2%")
    assert not told(share, "%")
    assert not told(others, "%")


def test_each_pattern_is_of_a_measure():
    assert {*of_figures._BY_WORDS, *aims._MEASURES} <= MEASURES.keys()


def test_what_holds_of_measures_is_said_in_words_that_there_are():
    assert {traits.lead for traits in MEASURES.values()} == {*get_args(Lead)}
    assert {sort for traits in MEASURES.values() for sort in traits.values} <= {*get_args(Sort)}


def test_measures_are_told_of_by_measures_that_there_are():
    told_of = {name for traits in (*MEASURES.values(), UNASKED) for name in (*traits.answers, *traits.fits, *traits.more)}
    assert told_of <= MEASURES.keys()
    assert {name for name, traits in MEASURES.items() if traits.plain} == {"level", "growth", "change"}


def test_a_measure_that_a_later_program_read_has_no_traits():
    assert traits_of("of_peak") == traits_of(None) == UNASKED


def test_code_names_no_other_measure():
    """What is compared with a measure is one: types don't tell."""
    for path in (ROOT / "retrieval").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Compare) and (getattr(node.left, "attr", "") or getattr(node.left, "id", "")) == "measure":
                strings = {one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)}
                assert strings <= MEASURES.keys(), f"{path.name}: {ast.unparse(node)}"
