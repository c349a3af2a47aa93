"""The cutter in Rust beside jieba itself, of which it is to cut the same."""

from __future__ import annotations

import sys

import pytest

from retrieval.language import tokens
from retrieval.language.folding import fold
from retrieval.language.tokens import PythonCutter, RustCutter, user_terms


@pytest.fixture(scope="module")
def cutters() -> tuple[RustCutter, PythonCutter]:
    return RustCutter(user_terms()), PythonCutter(user_terms())


@pytest.fixture(scope="module")
def sample_sentences(samples) -> list[str]:
    texts = [fold(path.read_text(encoding="utf-8")).lower() for path in sorted(samples.glob("*.txt"))]
    return [sentence for text in texts for line in text.split("\n") for sentence in line.split("。") if sentence.strip()]


def test_both_cut_the_sample_reports_alike(cutters, sample_sentences):
    rust, python = cutters
    assert len(sample_sentences) > 300
    for sentence in sample_sentences:
        assert rust.words(sentence) == python.words(sentence)
        assert rust.search(sentence) == python.search(sentence)


def test_both_cut_real_reports_alike_but_for_runs_of_letters_and_digits(cutters, raw_reports):
    rust, python = cutters
    lines = [fold(line).lower() for text in raw_reports.values() for line in text.split("\n")]
    different = [line for line in lines if rust.search(line) != python.search(line)]
    assert len(different) < 0.02 * len(lines)


@pytest.mark.parametrize(
    "word, common", [("公园", True), ("发展", True), ("违建", False), ("社零", False), ("不是词的词", False)]
)
def test_both_know_which_words_are_common(cutters, word, common):
    assert [cutter.frequency(word) > 300 for cutter in cutters] == [common, common]


def test_without_a_wheel_jieba_cuts_and_the_dictionary_is_another_one(monkeypatch):
    by_rust = tokens.dictionary_version()
    monkeypatch.setitem(sys.modules, "rjieba", None)
    for cached in (tokens._cutter, tokens.dictionary_version):
        cached.cache_clear()
    try:
        assert tokens.cut("高标准农田1500亩")[-2:] == ["1500", "亩"]
        assert tokens.dictionary_version() != by_rust
    finally:
        for cached in (tokens._cutter, tokens.dictionary_version):
            cached.cache_clear()


def test_asking_does_not_load_jiebas_dictionary():
    import subprocess

    code = "import sys; from retrieval.language.tokens import cut; cut('地区生产总值'); sys.exit('jieba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
